"""The services a client has."""

from __future__ import annotations

from core.context import Context
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import Service


@intent(
    "services.list",
    says=("which services do i have", "list my services", "what am i paying for", "my products", "my hosting packages"),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
)
def list_services(ctx: Context) -> Reply:
    """Your services with price, billing cycle, next due date and status."""
    return say("services", services=ctx.billing.services(ctx.who.client_id), currency=ctx.client().currency)


@intent(
    "service.show",
    says=(
        "details of the hosting for {service}",
        "show the hosting of {service}",
        "how much disk space does {service} use",
        "which plan is {service} on",
        "when is the hosting for {service} due",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
)
def show_service(ctx: Context, service: Service) -> Reply:
    """One service: its plan, server, disk use, price and next due date."""
    return say("service", service=service, currency=ctx.client().currency)
