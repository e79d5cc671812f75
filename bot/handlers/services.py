"""The services a client has: what they are and cost, why one rests, and paying for one ahead of time."""

from __future__ import annotations

from collections.abc import Sequence

from core.context import Context
from core.errors import Refusal, Unsupported
from core.intents import intent
from core.messages import Proposal, Reply, say
from core.people import Permission, Risk
from core.ports import Cancellation, Domain, Invoice, InvoiceItem, Service

PAST = ("Cancelled", "Terminated", "Fraud", "Completed")


def cancellation_of(ctx: Context, service: Service) -> Cancellation | None:
    """None as well where the systems behind us cannot tell."""
    try:
        return ctx.hosting.cancellation(service)
    except Unsupported:
        return None


def unpaid_for(ctx: Context, service: Service) -> Sequence[Invoice]:
    """The open invoices with something of this service on them, and the one that its suspension names; oldest first."""
    return [
        invoice
        for invoice in reversed(ctx.billing.invoices(ctx.who.client_id))
        if invoice.balance > 0
        and (any(_is_for(item, service) for item in invoice.items) or invoice.number in service.suspension_reason)
    ]


def _is_for(item: InvoiceItem, service: Service) -> bool:
    """Add-ons are numbered within their service: of them only the words tell whose they are."""
    if item.type == "Addon":
        return bool(service.domain) and service.domain in item.description
    return item.type in ("Hosting", "Upgrade") and item.about == service.id


@intent(
    "services.list",
    says=(
        "which services do i have",
        "list my services",
        "what am i paying for",
        "my products",
        "my hosting packages",
        "all our services",
        "services we had in the past",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    rows=("F43",),
)
def list_services(ctx: Context) -> Reply:
    """Your services, present and past, with price, billing cycle, next due date and status."""
    services = ctx.billing.services(ctx.who.client_id)
    return say(
        "services",
        services=[service for service in services if service.status not in PAST],
        past=[service for service in services if service.status in PAST],
        currency=ctx.client().currency,
    )


@intent(
    "service.show",
    says=(
        "details of the hosting for {service}",
        "show the hosting of {service}",
        "which plan is {service} on",
        "on which server is {service}",
        "ip address of {service}",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    rows=("F44",),
)
def show_service(ctx: Context, service: Service) -> Reply:
    """One service: its plan, server, addresses, use, extras, price and next due date."""
    return say(
        "service",
        service=service,
        past=service.status in PAST,
        ending=cancellation_of(ctx, service),
        currency=ctx.client().currency,
    )


@intent(
    "service.billing",
    says=(
        "billing of the hosting for {service}",
        "when is the hosting for {service} due",
        "how much does the hosting of {service} cost",
        "price of the hosting for {service}",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    department="Billing",
    rows=("F70",),
)
def show_billing(ctx: Context, service: Service) -> Reply:
    """What a service and its extras cost, when they are due, and how they are paid."""
    if service.status in PAST:
        raise Refusal("service_ended", service=service)
    client = ctx.client()
    running = [addon for addon in service.addons if addon.status == "Active" and addon.recurring_amount]
    return say(
        "service_billing",
        service=service,
        addons=running,
        unpaid=unpaid_for(ctx, service),
        ending=cancellation_of(ctx, service),
        pays_by=service.payment_method or client.payment_method,
        currency=client.currency,
        today=ctx.today,
    )


@intent(
    "service.suspended",
    says=(
        "reason for the suspension of {service}",
        "is {service} suspended",
        "{service} is suspended",
        "the hosting of {service} was switched off",
        "switch {service} on again",
        "unsuspend {service}",
        "why is {service} suspended",
        "why is {service} switched off",
        "warum ist {service} gesperrt",
        "pourquoi {service} est suspendu",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    department="Billing",
    rows=("X19",),
)
def why_suspended(ctx: Context, service: Service) -> Reply:
    """Why a service is suspended, and what switches it on again."""
    if service.status != "Suspended":
        return say("service_not_suspended", service=service, past=service.status in PAST)
    unpaid = unpaid_for(ctx, service)
    if not unpaid:
        raise Unsupported("unsuspend")  # Nothing is owed for it: a person looks, and switches it on.
    return say("service_suspended", service=service, invoices=unpaid, today=ctx.today)


@intent(
    "service.renew",
    says=(
        "renew the hosting of {service} early",
        "renew the hosting for {service} now",
        "pay the hosting of {service} in advance",
        "extend the hosting of {service}",
        "pay the hosting of {service} for another year",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.ORDERS,
    department="Billing",
    rows=("X17",),
)
def renew(ctx: Context, service: Service) -> Reply | Proposal:
    """Pay for one more period of a service ahead of time."""
    if service.status != "Active":
        raise Refusal("service_not_active", service=service)
    waiting = [one for one in unpaid_for(ctx, service) if any(item.about == service.id for item in one.items)]
    if waiting:
        raise Refusal("service_renew_open", service=service, invoice=waiting[0])
    made: list[Invoice] = []
    about = {"service": service, "currency": ctx.client().currency}
    return Proposal(
        question=say("service_renew_question", ending=cancellation_of(ctx, service), **about),
        done=say("service_renew_done", made=made, **about),
        act=lambda: made.append(ctx.shop.renew_service(service)),
        facts={"price": str(service.recurring_amount), "due": str(service.next_due_date)},
    )


@intent(
    "service.change_domain",
    says=(
        "change the main domain of {service}",
        "rename the hosting of {service}",
        "change the cpanel username of {service}",
        "another main domain for the hosting of {service}",
    ),
    risk=Risk.HUMAN,
    permission=Permission.MANAGE_PRODUCTS,
    rows=("X20",),
)
def change_domain(ctx: Context, service: Service, domain: Domain | None = None) -> Reply:
    """Change the main domain or the user name of a hosting; our Support does it with you."""
    raise Unsupported("change_domain")
