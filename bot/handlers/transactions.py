"""What was paid, and the statement of account."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from core.context import Context
from core.intents import intent
from core.messages import Attachment, Reply, say
from core.people import Permission, Risk
from core.periods import Period, period_in
from core.ports import Invoice, Letterhead
from core.statements import statement

SHOWN = 20
"""Lines of a list without a time: the newest."""


@intent(
    "transactions.list",
    says=(
        "my payments",
        "when was {invoice} paid",
        "payments of {invoice}",
        "how was {invoice} paid",
        "list my transactions",
        "payment history",
        "which payments did you get",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F87", "X5"),
)
def list_transactions(ctx: Context, invoice: Invoice | None = None) -> Reply:
    """What you paid, when and how; of one invoice, of a time you name, or the newest."""
    if invoice is not None:
        return say("invoice_payments", invoice=invoice, today=ctx.today)
    entries = ctx.ledger.transactions(ctx.who.client_id)
    period = period_in(ctx.text, ctx.today)
    shown = [entry for entry in entries if period is None or entry.date in period]
    if period is None:
        shown = shown[:SHOWN]
    total = sum((entry.amount for entry in shown), Decimal(0))
    return say(
        "transactions", entries=shown, period=period, total=total, currency=ctx.client().currency, more=len(entries)
    )


@intent(
    "account.statement",
    says=(
        "statement of account",
        "statement for 2025",
        "account statement of last year",
        "statement as pdf",
        "send my statement",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("X5",),
)
def show_statement(ctx: Context) -> Reply:
    """Your statement of account for a year or another time, as a table and a PDF."""
    client = ctx.client()
    period = period_in(ctx.text, ctx.today) or Period(dt.date(ctx.today.year, 1, 1), ctx.today)
    period = Period(period.start, max(period.start, min(period.end, ctx.today)))
    made = statement(
        ctx.billing.invoices(client.id), ctx.ledger.transactions(client.id), ctx.ledger.credit_log(client.id), period
    )
    content = ctx.documents.statement(made, Letterhead(ctx.billing.company(), client, ctx.who.language))
    name = f"Statement {period.start} - {period.end}.pdf"
    told = say("statement", statement=made, lines=made.lines[-SHOWN:], currency=client.currency)
    return replace(told, attachments=(Attachment(name, "application/pdf", content),))
