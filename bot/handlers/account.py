"""The account itself: who it belongs to, and what is open on it."""

from __future__ import annotations

from decimal import Decimal

from core.context import Context
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk


@intent(
    "account.show",
    says=(
        "account overview",
        "account summary",
        "show my account",
        "my account details",
        "what address do you have for us",
        "what is open on my account",
        "which account do you see me as",
    ),
    risk=Risk.READ,
    permission=Permission.PROFILE,
)
def show_account(ctx: Context) -> Reply:
    """Your account at a glance: name and address on file, and what is open."""
    client = ctx.client()
    invoices = [invoice for invoice in ctx.billing.invoices(client.id) if invoice.status == "Unpaid"]
    domains = ctx.billing.domains(client.id)
    services = ctx.billing.services(client.id)
    return say(
        "account",
        client=client,
        services=[service for service in services if service.status == "Active"],
        domains=[domain for domain in domains if domain.status == "Active"],
        unpaid=invoices,
        owed=sum((invoice.balance for invoice in invoices), Decimal(0)),
    )
