"""New orders, and what became of the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.access import Missing, named_in
from core.context import Context
from core.errors import Refusal, Unsupported
from core.forms import Cycle, DomainName
from core.intents import intent
from core.messages import Proposal, Refer, Reply, say
from core.people import Permission, Risk
from core.ports import CYCLES, Invoice, Order, Product
from core.promotions import promotion_in

NEEDS_DOMAIN = ("hosting", "reseller")
"""Types of products that carry a domain name. A panel sets them up by itself; servers and the rest a person does."""


@dataclass(frozen=True, slots=True)
class _New:
    """What an order became: filled when it is made, read by the answer that is written afterwards."""

    orders: list[Order] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    """For the staff who set it up, where nothing does so by itself."""


@intent(
    "order.new",
    says=(
        "order the {product} plan for {domain}, {cycle}",
        "i'd like the {product} plan for {domain}",
        "order new hosting",
        "i want to order the {product} plan",
        "buy web hosting for {domain}",
        "order {product} for {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.ORDERS,
    department="Sales",
    rows=("F21",),
)
def order_product(
    ctx: Context, product: Product, cycle: Cycle | None = None, domain: DomainName | None = None
) -> Reply | Proposal:
    """Order a new plan, after you have seen its price and terms."""
    if promotion := promotion_in(ctx.text, ctx.shop):
        raise Unsupported(f"an order with the promotion code {promotion.code}: {promotion.terms}")
    if product.addon:
        raise Refusal("order_is_addon", product=product, service=_service_named(ctx))
    cycle = _cycle(product, cycle)
    name = _domain(ctx, product, domain)
    price, fee = product.prices[cycle], product.setup_fees.get(cycle, Decimal(0))
    about = {
        "product": product,
        "cycle": CYCLES[cycle],
        "domain": name,
        "price": price,
        "fee": fee,
        "currency": ctx.client().currency,
    }
    new = _New(facts=[f"Set up {product.name}{f' for {name}' if name else ''} ({CYCLES[cycle]})."])
    return Proposal(
        question=say("order_question", **about),
        done=say("order_done", orders=new.orders, invoices=new.invoices, **about),
        act=lambda: _order(ctx, product, cycle, name, new),
        facts={"price": str(price), "fee": str(fee)},
        refer=None if product.type in NEEDS_DOMAIN else Refer("Support", new.facts),
    )


def _cycle(product: Product, cycle: Cycle | None) -> Cycle:
    """Raises Missing when there is a choice, and Refusal for a cycle in which it is not sold."""
    if cycle is not None and cycle not in product.prices:
        raise Refusal("order_cycle", product=product, cycles=[CYCLES[key] for key in product.prices])
    if cycle is not None:
        return cycle
    if len(product.prices) != 1:
        raise Missing("cycle", tuple(product.prices))
    return Cycle(next(iter(product.prices)))


def _domain(ctx: Context, product: Product, domain: DomainName | None) -> str:
    """Raises Missing for a plan that needs a name, and Refusal for a name that has hosting."""
    if product.type not in NEEDS_DOMAIN:
        return domain or ""
    if domain is None:
        raise Missing("domain", (), kind="domain")
    for service in ctx.billing.services(ctx.who.client_id):
        if service.domain == domain and service.status in ("Active", "Suspended", "Pending"):
            raise Refusal("order_domain_taken", service=service)
    return domain


def _service_named(ctx: Context) -> str:
    """The one service that they wrote of, by its domain; "" when it is not clear."""
    live = [one for one in ctx.billing.services(ctx.who.client_id) if one.status == "Active" and one.domain]
    found = named_in(ctx.text, live)
    return found[0].domain if len(found) == 1 else ""


def _order(ctx: Context, product: Product, cycle: str, domain: str, new: _New) -> None:
    order = ctx.shop.order_product(ctx.who.client_id, product, cycle, domain)
    new.orders.append(order)
    invoices = ctx.billing.invoices(ctx.who.client_id)
    new.invoices.extend(invoice for invoice in invoices if invoice.id == order.invoice_id)
    new.facts.append(f"It is order {order.number}.")
    new.facts.extend(f"It waits until {one.number} over {one.balance} {one.currency} is paid." for one in new.invoices)


@intent(
    "orders.list",
    says=(
        "my orders",
        "where is my order {order}",
        "status of order {order}",
        "order history",
        "what did i order",
        "show order {order}",
        "welche bestellungen habe ich",
        "welche bestellungen habe ich gemacht",
        "mes commandes",
        "mis pedidos",
        "i miei ordini",
        "mijn bestellingen",
        "moje zamówienia",
    ),
    risk=Risk.READ,
    permission=Permission.ORDERS,
    department="Sales",
    rows=("X12",),
)
def list_orders(ctx: Context, order: Order | None = None) -> Reply:
    """Your orders and how far they are."""
    if order is None:
        return say("orders", orders=ctx.shop.orders(ctx.who.client_id), currency=ctx.client().currency)
    invoices = ctx.billing.invoices(ctx.who.client_id)
    invoice = next((one for one in invoices if one.id == order.invoice_id), None)
    return say("order", order=order, invoice=invoice, currency=ctx.client().currency, today=ctx.today)


@intent(
    "order.cancel",
    says=(
        "withdraw order {order}",
        "cancel order {order}",
        "cancel my order {order}",
        "take back order {order}",
        "drop order {order}",
        "withdraw my order",
    ),
    risk=Risk.CHANGE,
    permission=Permission.ORDERS,
    department="Sales",
    rows=("X13",),
)
def cancel_order(ctx: Context, order: Order | None = None) -> Reply | Proposal:
    """Cancel an order that is still pending."""
    order = order or _the_pending_one(ctx)
    if order.status != "Pending":
        raise Refusal("order_not_pending", order=order)
    chosen = order
    return Proposal(
        question=say("order_cancel_question", order=order, currency=ctx.client().currency),
        done=say("order_cancel_done", order=order),
        act=lambda: ctx.shop.cancel_order(chosen),
        facts={"order": order.number, "status": order.status, "amount": str(order.amount)},
    )


def _the_pending_one(ctx: Context) -> Order:
    pending = [one for one in ctx.shop.orders(ctx.who.client_id) if one.status == "Pending"]
    if not pending:
        raise Refusal("orders_none_pending")
    if len(pending) > 1:
        raise Missing("order", tuple(one.number for one in pending[:9]))
    return pending[0]
