"""Another plan or billing cycle for a service: what there is, what it costs from now on, and what is due today."""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Missing, named_in
from core.context import Context
from core.errors import Refusal
from core.forms import Cycle
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import CYCLES, Invoice, Product, Service, UpgradeOption


@intent(
    "service.upgrade_options",
    says=(
        "upgrade options for {service}",
        "which plans can {service} move to",
        "which bigger plans are there for {service}",
        "smaller plans for {service}",
        "other plans for {service}",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    department="Sales",
    rows=("F68",),
)
def show_options(ctx: Context, service: Service) -> Reply:
    """The plans and billing cycles that a service can move to, with the price of each and what is due now."""
    options = _options(ctx, service)
    return say("upgrade_options", service=service, options=options, currency=ctx.client().currency)


@intent(
    "service.upgrade",
    says=(
        "upgrade {service}",
        "upgrade {service} to another plan",
        "move {service} to another plan",
        "downgrade {service}",
        "downgrade {service} to a smaller plan",
        "switch {service} to a bigger plan",
        "change the plan of {service}",
        "switch the hosting of {service} to yearly billing",
        "pay the hosting of {service} yearly",
        "switch {service} to monthly billing",
        "change the billing cycle of {service}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_PRODUCTS,
    department="Sales",
    rows=("F67", "X22"),
)
def upgrade(
    ctx: Context, service: Service, plan: Product | None = None, cycle: Cycle | None = None
) -> Reply | Proposal:
    """Move a service to another plan or billing cycle; the price comes first."""
    options = _options(ctx, service)
    option = _chosen(ctx, service, options, plan, cycle)
    made: list[Invoice] = []

    def act() -> str:
        invoice_id = ctx.hosting.upgrade(service, option)
        made.extend(one for one in ctx.billing.invoices(service.client_id) if one.id == invoice_id)
        return invoice_id

    about = {"service": service, "option": option, "currency": ctx.client().currency}
    invoiced = _next_period(ctx, service)
    return Proposal(
        question=say("upgrade_question", smaller=_smaller(service, option), invoiced=invoiced, **about),
        done=say("upgrade_done", made=made, **about),
        act=act,
        facts={
            "from": f"{service.product_id} {service.billing_cycle} {service.recurring_amount}",
            "to": f"{option.product_id} {option.billing_cycle} {option.recurring_amount}",
            "due": f"{option.due_now} {service.next_due_date} {invoiced.number if invoiced else ''}",
        },
        undo=_way_back(service, option),
    )


def _options(ctx: Context, service: Service) -> Sequence[UpgradeOption]:
    """Raises Refusal, and what the port raises."""
    if service.status != "Active":
        raise Refusal("service_not_active", service=service)
    for invoice in ctx.billing.invoices(ctx.who.client_id):
        if invoice.balance > 0 and any(i.type == "Upgrade" and i.about == service.id for i in invoice.items):
            raise Refusal("upgrade_open", service=service, invoice=invoice)
    return ctx.hosting.upgrade_options(service)


def _chosen(
    ctx: Context, service: Service, options: Sequence[UpgradeOption], plan: Product | None, cycle: str | None
) -> UpgradeOption:
    """The one that they mean; the cycle stays as it is unless they name another. Raises Refusal and Missing."""
    others = dict.fromkeys(option.product for option in options if option.product_id != service.product_id)
    if plan is None or plan.id == service.product_id:
        plan = _other_plan(ctx, service)
    if plan is None and cycle is None and others:
        raise Missing("plan", tuple(others)[:9])
    wanted = plan.id if plan is not None else service.product_id
    name = CYCLES.get(cycle or "", service.billing_cycle)
    for option in options:
        if (option.product_id, option.billing_cycle) == (wanted, name):
            return option
    invoiced = _next_period(ctx, service)
    if invoiced is not None and name != service.billing_cycle:
        raise Refusal("cycle_invoiced", service=service, invoice=invoiced)
    raise Refusal(
        "plan_not_offered",
        service=service,
        plan=plan.name if plan else service.product,
        cycle=name,
        same=wanted == service.product_id and name == service.billing_cycle,
        options=options,
        currency=ctx.client().currency,
    )


def _other_plan(ctx: Context, service: Service) -> Product | None:
    """ "From Business to Pro" names the present plan as well."""
    plans = [one for one in ctx.shop.products() if not one.addon and one.id != service.product_id]
    found = named_in(ctx.text, plans)
    return found[0] if len(found) == 1 else None


def _next_period(ctx: Context, service: Service) -> Invoice | None:
    """The open invoice for it, which was made at the present price."""
    return next(
        (
            invoice
            for invoice in ctx.billing.invoices(ctx.who.client_id)
            if invoice.balance > 0 and any(i.type == "Hosting" and i.about == service.id for i in invoice.items)
        ),
        None,
    )


def _smaller(service: Service, option: UpgradeOption) -> bool:
    cheaper = option.billing_cycle == service.billing_cycle and option.recurring_amount < service.recurring_amount
    return option.product_id != service.product_id and (cheaper or option.due_now < 0)


def _way_back(service: Service, option: UpgradeOption) -> Request | None:
    """A change of cycle is taken back for nothing; one of the plan has its price both ways, and a person looks."""
    key = next((key for key, name in CYCLES.items() if name == service.billing_cycle), "")
    if option.product_id != service.product_id or not key:
        return None
    return Request("service.upgrade", {"service": (service.domain or service.product,), "cycle": (key,)})
