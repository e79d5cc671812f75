"""Money: invoices, what was paid, credit, and quotes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    description: str
    amount: Decimal
    type: str = ""
    about: str = ""
    """The id of the service, domain or add-on that it is for."""


@dataclass(frozen=True, slots=True)
class Transaction:
    date: dt.date
    gateway: str
    amount: Decimal
    reference: str = ""
    invoice_number: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """`total` includes tax; `balance` is what is still owed. `status` is the field's word (Unpaid, Paid, …)."""

    id: str
    client_id: str
    number: str
    date: dt.date
    due_date: dt.date
    status: str
    currency: str
    total: Decimal
    balance: Decimal
    tax: Decimal = Decimal(0)
    payment_method: str = ""
    items: tuple[InvoiceItem, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    pay_url: str = ""
    credit: Decimal = Decimal(0)
    """What was paid from the client's credit."""

    def overdue(self, today: dt.date) -> bool:
        return self.status == "Unpaid" and self.due_date < today


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """A movement of the client's credit; `amount` is negative when it was used."""

    date: dt.date
    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class QuoteItem:
    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer; `stage` is Delivered, On Hold, Accepted, Lost or Dead."""

    id: str
    client_id: str
    subject: str
    stage: str
    currency: str
    total: Decimal
    valid_until: dt.date | None = None
    notes: str = ""
    items: tuple[QuoteItem, ...] = ()

    def open(self, today: dt.date) -> bool:
        return self.stage in ("Delivered", "On Hold") and (self.valid_until is None or self.valid_until >= today)


class Ledger(Protocol):
    """What a client does with money; the invoices themselves are read from `Billing`."""

    def apply_credit(self, invoice: Invoice, amount: Decimal) -> None:
        """Raises Rejected for more than is owed or than there is."""

    def add_funds(self, client_id: str, amount: Decimal) -> Invoice:
        """An unpaid invoice whose payment becomes credit. Raises Rejected outside the provider's limits."""

    def credit_log(self, client_id: str) -> Sequence[CreditEntry]:
        """Newest first."""

    def transactions(self, client_id: str) -> Sequence[Transaction]:
        """Newest first; refunds are negative."""

    def pay_page(self, invoices: Sequence[Invoice]) -> str:
        """The public page on which these are paid together; "" where there is none."""

    def quotes(self, client_id: str) -> Sequence[Quote]:
        """All but drafts, newest first."""

    def accept_quote(self, quote: Quote) -> Invoice: ...

    def decline_quote(self, quote: Quote) -> None: ...
