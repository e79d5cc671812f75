"""Extras of a service: what there is, what is on it already, ordering one, and the hours of maintenance left."""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Missing, named_in
from core.context import Context
from core.errors import Refusal, Unsupported
from core.forms import Cycle
from core.intents import intent
from core.messages import Proposal, Refer, Reply, say
from core.people import Permission, Risk
from core.ports import CYCLES, Invoice, Product, Service, ServiceAddon


@intent(
    "service.addons_list",
    says=(
        "which extras can i add",
        "which add-ons are there",
        "addons for {service}",
        "extras for {service}",
        "price list of the extras",
        "which maintenance plans do you offer",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    department="Sales",
    rows=("F45",),
)
def list_addons(ctx: Context, service: Service | None = None) -> Reply:
    """The extras that can be ordered for a service, with their prices, and those that you have."""
    services = [service] if service is not None else ctx.billing.services(ctx.who.client_id)
    bought = [(one, addon) for one in services for addon in one.addons if addon.status in ("Active", "Pending")]
    return say(
        "addons",
        products=_addons(ctx),
        bought=bought,
        service=service or _first_active(services),
        cycles=CYCLES,
        currency=ctx.client().currency,
    )


@intent(
    "service.addon_order",
    says=(
        "order an extra for {service}",
        "add an extra to {service}",
        "add silver maintenance to {service}",
        "add maintenance to {service}",
        "order maintenance for {service}",
        "book maintenance for {service}",
        "install wordpress on {service}",
        "order wordpress installation for {service}",
        "add wordpress to {service}",
        "add a dedicated ip to {service}",
        "order a dedicated ip for {service}",
        "add daily backup to {service}",
        "order an ssl certificate for {service}",
        "add extra disk space to {service}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.ORDERS,
    department="Sales",
    rows=("F46", "F47", "F48", "F49"),
)
def order_addon(
    ctx: Context, service: Service, addon: Product | None = None, cycle: Cycle | None = None
) -> Reply | Proposal:
    """Order an extra for a service, such as a maintenance plan or the installation of WordPress."""
    if service.status != "Active":
        raise Refusal("service_not_active", service=service)
    product = _chosen(ctx, addon)
    key = _cycle(product, cycle, service)
    price, setup = product.prices[key], product.setup_fees.get(key)
    about = {"service": service, "product": product, "currency": ctx.client().currency}
    made: list[Invoice] = []
    facts = [f"Set up {product.name} for {service.domain or service.product} (service {service.id}, {CYCLES[key]})."]

    def act() -> str:
        order = ctx.shop.order_addon(service, product, key)
        made.extend(one for one in ctx.billing.invoices(service.client_id) if one.id == order.invoice_id)
        facts.append(f"It is order {order.number}.")
        facts.extend(f"It waits until {one.number} over {one.balance} {one.currency} is paid." for one in made)
        return order.id

    has = _alike(ctx, service, product)
    return Proposal(
        question=say("addon_question", price=price, setup=setup, cycle=CYCLES[key], has=has, **about),
        done=say("addon_ordered", made=made, **about),
        act=act,
        facts={"product": product.id, "cycle": key, "price": f"{price} {setup}", "has": str([one.id for one in has])},
        refer=Refer("Support", facts),  # No billing system does an add-on's work by itself.
    )


@intent(
    "service.maintenance_hours",
    says=(
        "how many maintenance hours are left",
        "hours of maintenance left",
        "maintenance hours of {service}",
        "how much maintenance time do i have left",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    rows=("F46", "F47", "F48"),
)
def show_hours(ctx: Context, service: Service | None = None) -> Reply:
    """How many hours of your maintenance plan are left this month."""
    services = [service] if service is not None else ctx.billing.services(ctx.who.client_id)
    plans = [
        (one, addon)
        for one in services
        for addon in one.addons
        if addon.status == "Active" and addon.hours_included is not None
    ]
    return say("maintenance_hours", plans=plans)


@intent(
    "service.maintenance_work",
    says=(
        "update my wordpress",
        "update the wordpress of {service}",
        "update the plugins of {service}",
        "do some maintenance on {service}",
    ),
    risk=Risk.HUMAN,
    permission=Permission.PRODUCTS,
    rows=("F69",),
)
def ask_for_work(ctx: Context, service: Service | None = None) -> Reply:
    """Work on your website by our Support, such as updates of WordPress; a maintenance plan covers it."""
    raise Unsupported("maintenance_work")


def _addons(ctx: Context) -> Sequence[Product]:
    return [product for product in ctx.shop.products() if product.addon and product.prices]


def _first_active(services: Sequence[Service]) -> Service | None:
    return next((service for service in services if service.status == "Active"), None)


def _chosen(ctx: Context, addon: Product | None) -> Product:
    """Raises Missing, with those that they may have meant."""
    offered = _addons(ctx)
    if addon is not None and addon.id in {product.id for product in offered}:
        return addon
    meant = named_in(ctx.text, offered)
    if len(meant) == 1:
        return meant[0]
    raise Missing("addon", tuple(product.name for product in meant or offered)[:9])


def _alike(ctx: Context, service: Service, product: Product) -> list[ServiceAddon]:
    """What the service has of it already, or instead of it: the other maintenance plans."""
    group_of = {one.id: one.group for one in ctx.shop.products()}
    return [
        one
        for one in service.addons
        if one.status in ("Active", "Pending")
        and (
            one.product_id == product.id
            or (one.hours_included is not None and group_of.get(one.product_id) == product.group)
        )
    ]


def _cycle(product: Product, cycle: str | None, service: Service) -> str:
    """The one that they name, else the service's own, else the first: the question says which."""
    own = next((key for key, name in CYCLES.items() if name == service.billing_cycle), None)
    return next((key for key in (cycle, own) if key and key in product.prices), None) or next(iter(product.prices))
