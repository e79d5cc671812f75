"""Domains: as billing has them, as their registrar reports them, and what the registry knows of other names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from core.ports.zones import Zones


@dataclass(frozen=True, slots=True)
class DomainContact:
    name: str = ""
    email: str = ""
    organisation: str = ""
    phone: str = ""
    address: str = ""
    """Street, place and country in several lines."""


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
    transfer_requested: dt.date | None = None
    """The day on which the transfer to us began; kept when it failed."""
    transferred: dt.date | None = None
    """The day on which it came to us from another registrar."""

    @property
    def transfer_failed(self) -> bool:
        """Did a transfer to us begin, and end without the domain?"""
        return self.status == "Cancelled" and self.transfer_requested is not None

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
    verification_open: bool = False
    """The registrant has not yet confirmed their address to the registrar (IRTP, WHOIS accuracy)."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the registry says of any name. Without `registered` nothing else means anything; None is not known.

    `name` is the ASCII form of an international name. `registrar` is the company's own name for a name that is here.
    """

    name: str
    registered: bool
    registrar: str = ""
    locked: bool | None = None
    created: dt.date | None = None
    transferred: dt.date | None = None
    expires: dt.date | None = None


class Registrar(Protocol):
    """Where the domains are registered."""

    @property
    def zones(self) -> Zones:
        """What stands in the DNS about its domains. Raises Unsupported where nothing here keeps that."""

    def registration(self, domain: str) -> Registration:
        """Raises Rejected when the registrar does not have the domain."""

    def auth_code(self, domain: str) -> str:
        """The EPP (transfer) code; a secret, never logged, never stored but in the one letter that carries it."""

    def set_lock(self, domain: str, *, locked: bool) -> None:
        """The registrar lock (clientTransferProhibited)."""

    def set_nameservers(self, domain: str, hosts: Sequence[str]) -> None:
        """Replaces all of them: two to thirteen different host names. Raises Rejected, having changed nothing."""

    def set_id_protection(self, domain: str, *, on: bool) -> None:
        """Whether WHOIS hides the holder's own details; that it is paid for is billing's affair. Twice is once."""

    def set_contact(self, domain: str, role: str, contact: DomainContact) -> None:
        """All fields; `role` is registrant or admin. Raises Rejected without a name or an address that can be mailed.

        Another name, organisation or e-mail address is a change of registrant (ICANN): the domain may then not leave
        for the lock days of its ending, and a new address has to be verified.
        """

    def lookup(self, domain: str) -> Lookup:
        """Any name, ours or not; an international one is given in either form.

        Raises Unsupported for an ending that is not looked up here, Rejected for what no registry would register.
        """

    def resend_verification(self, domain: str) -> str:
        """Mails the registrant's verification again; the address it goes to. Raises Rejected if none is open."""
