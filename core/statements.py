"""A statement of account, worked out from the invoices and what was paid on them.

Whatever an invoice was reduced by that neither a payment nor credit explains (it was cancelled, or refunded and given
up) is an adjustment, so that the closing balance of all time is always what is owed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from core.periods import Period
from core.ports import CreditEntry, Invoice, Statement, StatementLine, Transaction


class _Entry(NamedTuple):
    date: dt.date
    rank: int
    """Of one day: first what is asked for, then what is paid."""
    kind: str
    invoice_number: str
    amount: Decimal
    gateway: str = ""


def statement(
    invoices: Sequence[Invoice], transactions: Sequence[Transaction], credit: Sequence[CreditEntry], period: Period
) -> Statement:
    """Of one client; all that there are, of any time."""
    entries = sorted(
        entry
        for invoice in invoices
        for entry in _entries(invoice, [paid for paid in transactions if paid.invoice_number == invoice.number], credit)
    )
    opening = sum((entry.amount for entry in entries if entry.date < period.start), Decimal(0))
    within = [entry for entry in entries if entry.date in period]
    balances = list(accumulate((entry.amount for entry in within), initial=opening))[1:]
    lines = tuple(
        StatementLine(entry.date, entry.kind, entry.invoice_number, entry.amount, balance, entry.gateway)
        for entry, balance in zip(within, balances, strict=True)
    )
    return Statement(period.start, period.end, opening, lines)


def _entries(invoice: Invoice, paid: Sequence[Transaction], credit: Sequence[CreditEntry]) -> Iterator[_Entry]:
    if invoice.status == "Cancelled" and not paid and not invoice.credit:
        return
    number = invoice.number
    yield _Entry(invoice.date, 0, "invoice", number, invoice.total)
    for entry in paid:
        yield _Entry(entry.date, 1, "refund" if entry.amount < 0 else "payment", number, -entry.amount, entry.gateway)
    last = max((entry.date for entry in paid), default=invoice.date)
    if invoice.credit:
        named = re.compile(rf"(?<![\w-]){re.escape(number)}(?![\w-])")
        used = [entry.date for entry in credit if entry.amount < 0 and named.search(entry.description)]
        yield _Entry(max(used, default=last), 1, "credit", number, -invoice.credit)
    left = invoice.total - invoice.credit - sum((entry.amount for entry in paid), Decimal(0)) - invoice.balance
    if left:
        yield _Entry(last, 2, "adjustment", number, -left)
