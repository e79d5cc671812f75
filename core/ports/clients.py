"""Who the clients are, who may act for them, and how they pay: the values, and the port that changes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.people import Permission

PREFERENCES = ("general", "product", "domain", "invoice", "support", "affiliate")
"""The kinds of mail that a client or contact may have or leave."""
DETAILS = (
    "first_name",
    "last_name",
    "company",
    "email",
    "address1",
    "address2",
    "city",
    "state",
    "postcode",
    "country",
    "phone",
    "tax_id",
    "time_zone",
    "payment_method",
    "billing_contact_id",
)
"""The fields of a `Client` that `Profiles.update` changes."""
SHORTEST_PASSWORD = 12
"""Characters, of the client area's password."""


@dataclass(frozen=True, slots=True)
class Company:
    """The provider itself."""

    name: str
    currency: str
    portal_url: str = ""
    address: str = ""
    """Several lines, as they stand on an invoice."""
    tax_id: str = ""
    payment_instructions: str = ""
    """Where a bank transfer goes, several lines."""
    gateways: tuple[str, ...] = ()
    """The payment methods on offer, by the names that clients see."""
    funds_minimum: Decimal = Decimal(0)
    funds_maximum: Decimal | None = None


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
    tax_id: str = ""
    payment_method: str = ""
    """The gateway of future invoices, "" for the provider's own choice."""
    billing_contact_id: str = ""
    """The contact whom invoices go to, "" for the owner."""
    time_zone: str = ""
    """IANA name; "" is the desk's."""
    allow_sso: bool = True
    since: dt.date | None = None

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
    phone: str = ""
    may_log_in: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """Somebody an address belongs to: the owner (`contact` is None) or one of their contacts."""

    client: Client
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class PayMethod:
    """A card or account on file, as far as it may be shown: `description` has the last four digits at most."""

    id: str
    client_id: str
    type: str
    description: str
    expires: str = ""
    """Year and month, "2027-04"."""
    default: bool = False


@dataclass(frozen=True, slots=True)
class SentEmail:
    """What the billing system mailed; never a body, which may hold secrets."""

    id: str
    client_id: str
    date: dt.datetime
    subject: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Affiliate:
    id: str
    client_id: str
    visitors: int
    referrals: int
    balance: Decimal
    withdrawn: Decimal
    link: str = ""


class Profiles(Protocol):
    """The client's account: details, contacts, ways to pay, correspondence. Only what a client area lets them do."""

    def update(self, client_id: str, changes: Mapping[str, str]) -> None:
        """`DETAILS` by name: all of them or, raising Rejected with what is wrong, none. The same again is no error."""

    def set_email_preferences(self, client_id: str, contact_id: str, preferences: frozenset[str]) -> None:
        """Of the client (`contact_id` "") or of a contact. Raises Rejected when nobody would get domain mails."""

    def allow_sso(self, client_id: str, *, allowed: bool) -> None:
        """Whether links may sign in to the client area at all; `sign_in_url` is rejected while they may not."""

    def add_contact(self, contact: Contact) -> Contact:
        """`id` is ignored and given anew. Raises Rejected when the address is on the account already."""

    def update_contact(self, contact: Contact) -> None:
        """All of it, by its id. Raises Rejected for an unknown one and for an address that the account has already."""

    def remove_contact(self, contact: Contact) -> None:
        """With its login. Raises Rejected for an unknown one, and when nobody would get domain mails any more."""

    def pay_methods(self, client_id: str) -> Sequence[PayMethod]: ...

    def set_default_pay_method(self, method: PayMethod) -> None:
        """It alone is the default then."""

    def remove_pay_method(self, method: PayMethod) -> None:
        """Raises Rejected for the default while there are others: which of them is charged is for the client to say."""

    def pay_method_page(self, client_id: str) -> str:
        """The public address of the page on which a card is added; "" where there is none."""

    def sent_emails(self, client_id: str) -> Sequence[SentEmail]:
        """Newest first."""

    def resend_email(self, email: SentEmail) -> None:
        """To the address on file, and nowhere else. Raises Unsupported for one of which no text is kept."""

    def affiliate(self, client_id: str) -> Affiliate | None: ...

    def join_affiliates(self, client_id: str) -> Affiliate:
        """The affiliate account, made now or already there."""

    def sign_in_url(self, client_id: str) -> str:
        """A page of the client area, signed in, good for one minute: made when its link is opened, never mailed."""

    def set_password(self, client_id: str, contact_id: str, password: str) -> None:
        """The password of the client area. Raises Rejected when it is too weak, with what it lacks."""
