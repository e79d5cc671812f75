"""Paying: where to, from credit, and credit itself."""

from __future__ import annotations

import re
from decimal import Decimal

from core.access import Missing
from core.context import Context
from core.errors import Refusal
from core.forms import Amount
from core.intents import intent
from core.messages import Proposal, Reply, say
from core.people import Permission, Risk
from core.ports import Invoice

SHOWN = 20
"""Movements of credit: the newest."""
_CARD = re.compile(r"\b(?:card|karte|carte|tarjeta|carta|kaart|kart[aąęy]|cartão|debit|charge)\b", re.IGNORECASE)


def open_invoices(ctx: Context) -> list[Invoice]:
    """The one that is due first comes first."""
    invoices = ctx.billing.invoices(ctx.who.client_id)
    return sorted((one for one in invoices if one.balance > 0), key=lambda one: (one.due_date, one.number))


@intent(
    "invoice.pay",
    says=(
        "pay {invoice}",
        "pay",
        "i want to pay invoice {invoice}",
        "pay everything open",
        "pay all my invoices",
        "payment link for {invoice}",
        "pay link",
        "charge my card for {invoice}",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F9", "F86", "X6"),
)
def pay(ctx: Context, invoice: Invoice | None = None) -> Reply:
    """Where to pay an invoice, or everything that is open at once."""
    if invoice is not None and invoice.balance <= 0:
        return say("invoice", invoice=invoice, today=ctx.today)
    wanted = [invoice] if invoice is not None else open_invoices(ctx)
    if not wanted:
        return say("pay_nothing")
    client, company = ctx.client(), ctx.billing.company()
    return say(
        "pay",
        invoices=wanted,
        owed=sum((one.balance for one in wanted), Decimal(0)),
        url=wanted[0].pay_url if len(wanted) == 1 else ctx.ledger.pay_page(wanted),
        company=company,
        client=client,
        card=bool(_CARD.search(ctx.text)),
        today=ctx.today,
    )


@intent(
    "invoice.apply_credit",
    says=(
        "use my credit for {invoice}",
        "pay {invoice} with my credit",
        "apply my credit to {invoice}",
        "use {amount} of my credit for {invoice}",
        "use my credit",
        "take my credit for {invoice}",
    ),
    risk=Risk.CHANGE,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F86", "X3"),
)
def apply_credit(ctx: Context, invoice: Invoice | None = None, amount: Amount | None = None) -> Reply | Proposal:
    """Pay an invoice from your credit, all of it or an amount you name."""
    client = ctx.client()
    invoice = invoice or _the_open_one(ctx)
    if invoice.balance <= 0:
        raise Refusal("credit_not_needed", invoice=invoice)
    if client.credit <= 0:
        raise Refusal("credit_none", invoice=invoice)
    used = min(client.credit, invoice.balance, amount if amount is not None and amount > 0 else client.credit)
    about = {
        "invoice": invoice,
        "used": used,
        "left": client.credit - used,
        "owed": invoice.balance - used,
        "currency": client.currency,
    }
    return Proposal(
        question=say("credit_question", **about),
        done=say("credit_done", **about),
        act=lambda: ctx.ledger.apply_credit(invoice, used),
        facts={"invoice": invoice.number, "credit": str(client.credit), "owed": str(invoice.balance)},
    )


def _the_open_one(ctx: Context) -> Invoice:
    """Raises Missing, and Refusal when nothing is open."""
    unpaid = open_invoices(ctx)
    if not unpaid:
        raise Refusal("pay_nothing")
    if len(unpaid) > 1:
        raise Missing("invoice", tuple(one.number for one in unpaid[:9]))
    return unpaid[0]


@intent(
    "credit.show",
    says=("how much credit do i have", "my credit balance", "credit log", "what is my balance", "account credit"),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("X4",),
)
def show_credit(ctx: Context) -> Reply:
    """Your credit, and what moved it last."""
    client = ctx.client()
    entries = ctx.ledger.credit_log(client.id)[:SHOWN]
    return say("credit", client=client, entries=entries, unpaid=open_invoices(ctx))


@intent(
    "credit.add_funds",
    says=(
        "add {amount} to my account",
        "put {amount} on my account",
        "top up my credit by {amount}",
        "add funds",
        "top up my account",
        "add {amount} of credit",
    ),
    risk=Risk.CHANGE,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F23",),
)
def add_funds(ctx: Context, amount: Amount) -> Reply | Proposal:
    """Add credit to your account: you get an invoice, and its payment becomes credit."""
    company, client = ctx.billing.company(), ctx.client()
    least, most = company.funds_minimum, company.funds_maximum
    if amount <= 0 or amount < least or (most is not None and amount > most):
        raise Refusal("funds_limits", least=least, most=most, currency=client.currency)
    made: list[Invoice] = []
    return Proposal(
        question=say("funds_question", amount=amount, currency=client.currency),
        done=say("funds_done", made=made, amount=amount, currency=client.currency),
        act=lambda: made.append(ctx.ledger.add_funds(client.id, amount)),
        facts={"amount": str(amount)},
    )
