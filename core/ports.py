"""The systems behind the desk that we do not own, and the values they speak.

Amounts are `Decimal` in the client's currency, dates are calendar dates of the billing system, ids are the
operator's own and opaque to us. Status values are the field's own words ("Active", "Unpaid", …).
Every call may raise `Unavailable`, `Rejected` or `Unsupported` (core.errors).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from core.people import Permission


@dataclass(frozen=True, slots=True)
class Company:
    """The provider itself."""

    name: str
    currency: str
    portal_url: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """An account holder. `status` is Active, Inactive or Closed."""

    id: str
    first_name: str
    last_name: str
    email: str
    company: str = ""
    status: str = "Active"
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    language: str = ""
    currency: str = "EUR"
    credit: Decimal = Decimal(0)
    email_preferences: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.company or self.email


@dataclass(frozen=True, slots=True)
class Contact:
    """A sub-account or mere contact of a client; without permissions it only receives mail."""

    id: str
    client_id: str
    first_name: str
    last_name: str
    email: str
    permissions: frozenset[Permission] = frozenset()
    email_preferences: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """Somebody an address belongs to: the owner (`contact` is None) or one of their contacts."""

    client: Client
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A hosting product a client has; `domain` is its main name, "" where it has none."""

    id: str
    client_id: str
    product: str
    group: str
    domain: str
    status: str
    recurring_amount: Decimal
    billing_cycle: str
    registered: dt.date | None = None
    next_due_date: dt.date | None = None
    server: str = ""
    username: str = ""
    disk_used_mb: int | None = None
    disk_limit_mb: int | None = None


@dataclass(frozen=True, slots=True)
class DomainContact:
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain as billing knows it; what the registry says of it is a `Registration`."""

    id: str
    client_id: str
    name: str
    status: str
    registrar: str = "local"
    registered: dt.date | None = None
    expires: dt.date | None = None
    next_due_date: dt.date | None = None
    recurring_amount: Decimal = Decimal(0)
    auto_renew: bool = False
    id_protection: bool = False
    nameservers: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Is it this client's now? A name that left may be somebody else's, and then is nothing of theirs."""
        return self.status.startswith(("Active", "Grace", "Redemption"))


@dataclass(frozen=True, slots=True)
class Registration:
    """A domain as its registrar reports it at this moment.

    `transfer_lock_until` is the first day on which it may leave (new, transferred or changed owner less than
    the lock days of its ending ago), None when nothing of the kind holds it.
    """

    name: str
    locked: bool
    admin: DomainContact = field(default_factory=DomainContact)
    registrant: DomainContact = field(default_factory=DomainContact)
    transfer_lock_until: dt.date | None = None
    expires: dt.date | None = None
    nameservers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    description: str
    amount: Decimal
    type: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    date: dt.date
    gateway: str
    amount: Decimal
    reference: str = ""


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

    def overdue(self, today: dt.date) -> bool:
        return self.status == "Unpaid" and self.due_date < today


@dataclass(frozen=True, slots=True)
class Article:
    id: str
    category: str
    title: str
    body: str
    language: str = "en"


class Billing(Protocol):
    """The billing system: who the clients are, and what they have. One adapter is one file in core/backends."""

    def company(self) -> Company: ...

    def holders(self, email: str) -> Sequence[AccountHolder]:
        """Everybody whose address on file this is (ASCII case ignored), owners first; closed accounts are left out."""

    def client(self, client_id: str) -> Client: ...

    def contacts(self, client_id: str) -> Sequence[Contact]: ...

    def services(self, client_id: str) -> Sequence[Service]: ...

    def domains(self, client_id: str) -> Sequence[Domain]: ...

    def invoices(self, client_id: str) -> Sequence[Invoice]:
        """All but drafts, newest first."""

    def set_auto_renew(self, domain: Domain, *, on: bool) -> None: ...

    def set_language(self, client_id: str, language: str) -> None:
        """The language of the client area and of our mails, an ISO 639-1 code."""


class Registrar(Protocol):
    """Where the domains are registered."""

    def registration(self, domain: str) -> Registration:
        """Raises Rejected when the registrar does not have the domain."""

    def auth_code(self, domain: str) -> str:
        """The EPP (transfer) code; a secret, never logged, never stored but in the one letter that carries it."""

    def set_lock(self, domain: str, *, locked: bool) -> None:
        """The registrar lock (clientTransferProhibited)."""

    def set_nameservers(self, domain: str, hosts: Sequence[str]) -> None:
        """Replaces all of them; two to thirteen host names."""
