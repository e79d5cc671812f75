"""Invoices: which there are, one of them in full, as a file to keep, and what a person must decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.access import Missing
from core.context import Context
from core.errors import Refusal, Unsupported
from core.intents import intent
from core.messages import Attachment, Reply, say
from core.people import Permission, Risk
from core.periods import Period, period_in
from core.ports import Invoice, Letterhead

MOST_IN_A_FILE = 200
"""Invoices of one PDF; more would be too heavy for a mail."""


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
        "my invoices since january",
        "all invoices of last year",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F84",),
)
def list_invoices(ctx: Context) -> Reply:
    """Your open invoices with amounts, due dates and pay links, and the last paid ones; or those of a time you name."""
    invoices = ctx.billing.invoices(ctx.who.client_id)
    period = period_in(ctx.text, ctx.today)
    if period is not None:
        return _of_period(ctx, invoices, period)
    unpaid = [invoice for invoice in invoices if invoice.status == "Unpaid"]
    return say(
        "invoices",
        unpaid=unpaid,
        paid=[invoice for invoice in invoices if invoice.status == "Paid"][:5],
        owed=sum((invoice.balance for invoice in unpaid), Decimal(0)),
        currency=ctx.client().currency,
        today=ctx.today,
    )


def _of_period(ctx: Context, invoices: Sequence[Invoice], period: Period) -> Reply:
    within = [invoice for invoice in invoices if invoice.date in period]
    return say(
        "invoices_period",
        invoices=within,
        period=period,
        owed=sum((invoice.balance for invoice in within), Decimal(0)),
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
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F85",),
)
def show_invoice(ctx: Context, invoice: Invoice) -> Reply:
    """One invoice: its lines, what was paid and what is owed."""
    return say("invoice", invoice=invoice, today=ctx.today)


@intent(
    "invoice.pdf",
    says=(
        "{invoice} as pdf",
        "pdf of {invoice}",
        "download {invoice}",
        "print {invoice}",
        "copy of {invoice}",
        "all my invoices in one file",
        "all in one file",
        "all invoices as pdf",
        "pdf",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F88", "F89"),
)
def send_pdf(ctx: Context, invoice: Invoice | None = None) -> Reply:
    """An invoice as PDF, to keep or print; or all of a year in one file."""
    wanted = [invoice] if invoice is not None else _wanted(ctx)
    file = _file(ctx, wanted)
    told = say("invoice_pdf" if invoice is not None else "invoices_pdf", invoice=invoice, invoices=wanted)
    return replace(told, attachments=(file,))


def _wanted(ctx: Context) -> list[Invoice]:
    """Those of the time that the text names, oldest first; else it is asked which. Raises Missing and Refusal."""
    invoices = ctx.billing.invoices(ctx.who.client_id)
    period = period_in(ctx.text, ctx.today)
    if period is None and " all " not in f" {ctx.text.lower()} ":
        raise Missing("invoice", tuple(one.number for one in invoices[:9]))
    within = [one for one in invoices if period is None or one.date in period]
    if not within:
        raise Refusal("invoices_none", period=period)
    if len(within) > MOST_IN_A_FILE:
        raise Refusal("invoices_too_many", count=len(within), most=MOST_IN_A_FILE)
    return within[::-1]


def _file(ctx: Context, invoices: Sequence[Invoice]) -> Attachment:
    head = Letterhead(ctx.billing.company(), ctx.client(), ctx.who.language)
    content = ctx.documents.invoices(invoices, head)
    name = invoices[0].number if len(invoices) == 1 else f"{invoices[0].number} - {invoices[-1].number}"
    return Attachment(f"{name}.pdf", "application/pdf", content)


@intent(
    "invoice.refund",
    says=(
        "money back for {invoice}",
        "i want my money back for {invoice}",
        "give me my money back",
        "reimburse {invoice}",
        "refund {invoice}",
        "please refund {invoice}",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("X7",),
)
def refund(ctx: Context, invoice: Invoice | None = None) -> Reply:
    """Ask for a refund; our Billing team decides."""
    raise Unsupported(f"refund; {_facts(invoice)}")


@intent(
    "invoice.proof",
    says=(
        "proof of payment for {invoice}",
        "transfer receipt for {invoice}",
        "bank transfer made for {invoice}",
        "the money for {invoice} is on its way",
        "attached is the bank receipt for {invoice}",
        "attached is the proof that i paid {invoice}",
        "proof that i paid {invoice} by bank transfer",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("X8",),
)
def proof_of_payment(ctx: Context, invoice: Invoice | None = None) -> Reply:
    """Tell us that you have paid by bank transfer; our Billing team books it."""
    raise Unsupported(f"proof of payment; {_facts(invoice)}")


def _facts(invoice: Invoice | None) -> str:
    """What staff would look up first."""
    if invoice is None:
        return "no invoice was named"
    paid = [f"{one.amount} on {one.date} {one.gateway} {one.reference}".strip() for one in invoice.transactions]
    return (
        f"{invoice.number} of {invoice.date}, {invoice.status}, total {invoice.total} {invoice.currency}, "
        f"owed {invoice.balance}, payments: {'; '.join(paid) or 'none'}"
    )
