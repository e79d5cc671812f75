"""Papers to keep or print: invoices, quotes and statements as PDF files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.ports.clients import Client, Company
from core.ports.invoices import Invoice, Quote


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Between whom a paper is, and in which language its reader reads."""

    company: Company
    client: Client
    language: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """Something that changed what is owed: `amount` is what it added, less than zero for payments.

    `kind` is invoice, payment, refund, credit (used for the invoice) or adjustment (an invoice that was given up, or
    paid too much). `balance` is what was owed afterwards.
    """

    date: dt.date
    kind: str
    invoice_number: str
    amount: Decimal
    balance: Decimal
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """An account between two days, both included. `opening` was owed before, `closing` afterwards."""

    start: dt.date
    end: dt.date
    opening: Decimal
    lines: tuple[StatementLine, ...]

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((line.amount for line in self.lines), Decimal(0))

    @property
    def charged(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount > 0), Decimal(0))

    @property
    def paid(self) -> Decimal:
        return -sum((line.amount for line in self.lines if line.amount < 0), Decimal(0))


class Documents(Protocol):
    """Makes PDF files. The same values give the same bytes, whenever they are asked for."""

    def invoices(self, invoices: Sequence[Invoice], head: Letterhead) -> bytes:
        """One or more, each from a page of its own, in one file."""

    def quote(self, quote: Quote, head: Letterhead) -> bytes: ...

    def statement(self, statement: Statement, head: Letterhead) -> bytes: ...
