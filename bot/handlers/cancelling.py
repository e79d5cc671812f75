"""The end of a service: at once or at the end of the paid period, and the way back as long as there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Proposal, Refer, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Invoice, Order, Service, When

ENDED = ("Cancelled", "Terminated", "Fraud", "Completed")


@intent(
    "service.cancel",
    says=(
        "terminate the hosting of {service}",
        "end the hosting of {service}",
        "terminate the hosting of {service} at the end of the billing period",
        "close the hosting for {service} at the end of the period",
        "terminate {service}",
        "terminate {service} immediately",
        "terminate {service} at the end of the period",
        "quit the hosting of {service}",
        "cancel the hosting of {service}",
        "cancel the hosting of {service} at the end of the period",
        "cancel the hosting of {service} immediately",
        "cancel my hosting plan for {service}",
        "delete the hosting of {service} right away",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_PRODUCTS,
    department="Billing",
    rows=("F52",),
)
def cancel(ctx: Context, service: Service, when: When) -> Reply | Proposal:
    """End a service, immediately or at the end of its billing period."""
    if service.status in ENDED:
        raise Refusal("service_ended", service=service)
    if service.status == "Pending" and (order := _order_of(ctx, service)):
        raise Refusal("cancel_ordered", service=service, order=order)
    open_one = ctx.hosting.cancellation(service)
    if open_one is not None and when is When.END_OF_PERIOD:
        return say("cancel_already", service=service, cancellation=open_one)
    ends = max(service.next_due_date or ctx.today, ctx.today) if when is When.END_OF_PERIOD else ctx.today
    about = {"service": service, "immediate": when is When.IMMEDIATE, "ends": ends}
    unpaid = _unpaid(ctx, service)

    def act() -> None:
        ctx.hosting.cancel(service, when, f"asked for by e-mail, {ctx.who.name}")

    return Proposal(
        question=say(
            "cancel_question",
            domain=_domain_that_stays(ctx, service),
            unpaid=[invoice.number for invoice in unpaid],
            **about,
        ),
        done=say("cancel_done", **about),
        act=act,
        facts={"when": when.value, "ends": str(ends), "status": service.status},
        undo=_keep(service) if when is When.END_OF_PERIOD else None,
        refer=_left_to_billing(service, unpaid, ends) if unpaid else None,
    )


@intent(
    "service.withdraw_cancellation",
    says=(
        "withdraw the cancellation of {service}",
        "stop the cancellation of {service}",
        "keep the hosting of {service}",
        "keep {service} after all",
        "take back the cancellation of {service}",
        "undo the cancellation of {service}",
        "i changed my mind, keep {service}",
        "don't cancel {service} after all",
        "do not cancel {service} after all",
    ),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_PRODUCTS,
    safe=True,
    department="Billing",
    rows=("X15",),
)
def withdraw(ctx: Context, service: Service | None = None) -> Reply | Proposal:
    """Keep a service after all, as long as its cancellation has not taken effect."""
    ending = [one for one in ctx.billing.services(ctx.who.client_id) if ctx.hosting.cancellation(one)]
    if service is None and len(ending) == 1:
        service = ending[0]
    if service is None or service.id not in {one.id for one in ending}:
        return say("not_cancelled", service=service, ended=service is not None and service.status in ENDED)
    kept = service
    return Proposal(
        question=say("withdraw_question", service=kept),
        done=say("withdraw_done", service=kept),
        act=lambda: ctx.hosting.withdraw_cancellation(kept),
        facts={"status": kept.status},
    )


def _keep(service: Service) -> Request:
    return Request("service.withdraw_cancellation", {"service": (service.domain or service.product,)})


def _domain_that_stays(ctx: Context, service: Service) -> str:
    """The domain of that name is another thing, and goes on."""
    held = [one.name for one in ctx.billing.domains(ctx.who.client_id) if one.held]
    return service.domain if service.domain in held else ""


def _order_of(ctx: Context, service: Service) -> Order | None:
    """The order that a service which is not set up yet waits for."""
    wanted = (service.product, service.domain)
    return next(
        (
            order
            for order in ctx.shop.orders(ctx.who.client_id)
            if order.status == "Pending" and wanted in [(item.product, item.domain) for item in order.items]
        ),
        None,
    )


def _left_to_billing(service: Service, unpaid: Sequence[Invoice], ends: date) -> Refer:
    """What is open for it was promised to be looked at (cancel_question)."""
    name = service.domain or service.product
    wanted = f"{name} (service {service.id}) is cancelled and ends on {ends:%Y-%m-%d}: see to its invoices."
    owed = [f"Open: {one.number}, {one.balance} {one.currency}, due on {one.due_date:%Y-%m-%d}." for one in unpaid]
    return Refer("Billing", [wanted, *owed])


def _unpaid(ctx: Context, service: Service) -> list[Invoice]:
    """Open invoices with something of the service on them: ending it does not pay them."""
    return [
        invoice
        for invoice in ctx.billing.invoices(ctx.who.client_id)
        if invoice.balance > 0 and any(i.about == service.id and i.type == "Hosting" for i in invoice.items)
    ]
