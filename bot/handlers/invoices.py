"""Invoices: what is owed, and one of them in full."""

from __future__ import annotations

from decimal import Decimal

from core.context import Context
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import Invoice


@intent(
    "invoices.list",
    says=(
        "which invoices are open",
        "unpaid invoices",
        "list my invoices",
        "what do i owe you",
        "do i owe you anything",
        "is anything overdue",
        "my bills",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
)
def list_invoices(ctx: Context) -> Reply:
    """Your open invoices with amounts, due dates and pay links, and the last paid ones."""
    invoices = ctx.billing.invoices(ctx.who.client_id)
    unpaid = [invoice for invoice in invoices if invoice.status == "Unpaid"]
    return say(
        "invoices",
        unpaid=unpaid,
        paid=[invoice for invoice in invoices if invoice.status == "Paid"][:5],
        owed=sum((invoice.balance for invoice in unpaid), Decimal(0)),
        currency=ctx.client().currency,
        today=ctx.today,
    )


@intent(
    "invoice.show",
    says=(
        "show invoice {invoice}",
        "{invoice}",
        "what is invoice {invoice} for",
        "is invoice {invoice} paid",
        "details of invoice {invoice}",
        "how much is invoice {invoice}",
        "copy of invoice {invoice}",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
)
def show_invoice(ctx: Context, invoice: Invoice) -> Reply:
    """One invoice: its lines, what was paid and what is owed."""
    return say("invoice", invoice=invoice, today=ctx.today)
