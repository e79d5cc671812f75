"""The embedded registrar: the domains of the embedded client area, answered as a registrar would.

What is registered elsewhere it knows from the list of names that the operator imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import idna
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.backends.local import tables
from core.database import Sessions
from core.errors import Rejected, Unsupported
from core.ports import DomainContact, Lookup, Registration, Zones
from core.registrars.zones import LocalZones

DEFAULT_LOCK_DAYS = 60
"""For endings without a row of their own: what the transfer policy lets a registrar refuse by."""
MOST_NAMESERVERS = 13
"""As many as fit into one answer of the DNS (RFC 1035, section 4.2.1)."""
_HOST = re.compile(r"(?=.{4,253}\Z)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
_EMAIL = re.compile(r"[^\s@<>\"(),;:]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")


@dataclass(frozen=True, slots=True)
class LocalRegistrar:
    """`clock` gives the present moment in UTC, whose day decides whether a transfer lock is over."""

    sessions: Sessions
    clock: Callable[[], datetime]

    @property
    def zones(self) -> Zones:
        return LocalZones(self.sessions)

    def registration(self, domain: str) -> Registration:
        with self.sessions() as session:
            row = _held(session, domain)
            locked_until = _transfer_lock_until(row, _lock_days(session, row.name))
        return Registration(
            name=row.name,
            locked=row.locked,
            admin=DomainContact(row.admin_name, row.admin_email),
            registrant=_registrant(row),
            transfer_lock_until=locked_until if locked_until and locked_until > self.clock().date() else None,
            expires=row.expires,
            nameservers=tuple(row.nameservers),
            verification_open=row.verification_open,
        )

    def auth_code(self, domain: str) -> str:
        with self.sessions() as session:
            row = _held(session, domain)
        if not row.auth_code:
            raise Rejected(f"there is no auth code on record for {row.name}")
        return row.auth_code

    def set_lock(self, domain: str, *, locked: bool) -> None:
        with self.sessions.begin() as session:
            _held(session, domain).locked = locked

    def set_nameservers(self, domain: str, hosts: Sequence[str]) -> None:
        wanted = [host.lower().rstrip(".") for host in hosts]
        wrong = [host for host in wanted if not _HOST.fullmatch(host)]
        if wrong:
            raise Rejected(f"{wrong[0]} is not the name of a host")
        if not 2 <= len(wanted) <= MOST_NAMESERVERS or len(set(wanted)) != len(wanted):
            raise Rejected(f"a domain has 2 to {MOST_NAMESERVERS} different nameservers")
        with self.sessions.begin() as session:
            _held(session, domain).nameservers = wanted

    def set_id_protection(self, domain: str, *, on: bool) -> None:
        with self.sessions.begin() as session:
            _held(session, domain).id_protection = on

    def set_contact(self, domain: str, role: str, contact: DomainContact) -> None:
        if not (contact.name or contact.organisation) or not _EMAIL.fullmatch(contact.email):
            raise Rejected("a contact needs a name and an e-mail address")
        with self.sessions.begin() as session:
            row = _held(session, domain)
            if role == "admin":
                if contact.organisation or contact.phone or contact.address:
                    raise Rejected("of an admin contact only name and e-mail address are kept here")
                row.admin_name, row.admin_email = contact.name, contact.email
            elif role == "registrant":
                _set_registrant(row, contact, self.clock().date())
            else:
                raise Rejected(f"a domain has no {role} contact here")

    def lookup(self, domain: str) -> Lookup:
        name = _ascii(domain)
        with self.sessions() as session:
            _insist_on_ending(session, name)
            ours = session.scalars(_of_name(name)).one_or_none()
            if ours is not None:
                company = session.scalar(select(tables.Company.name)) or ""
                return Lookup(name, True, company, ours.locked, ours.registered, ours.transferred, ours.expires)
            row = session.get(tables.RegistryEntry, name)
        if row is None:
            return Lookup(name, registered=False)
        return Lookup(name, True, row.registrar, row.locked, row.created, row.transferred, row.expires)

    def resend_verification(self, domain: str) -> str:
        with self.sessions() as session:
            row = _held(session, domain)
        if not row.verification_open:
            raise Rejected(f"the registrant of {row.name} is verified")
        raise Unsupported("resend_verification")  # The embedded registrar has no registry that would mail it.


def _registrant(row: tables.Domain) -> DomainContact:
    return DomainContact(
        name=row.registrant_name,
        email=row.registrant_email,
        organisation=row.registrant_organisation,
        phone=row.registrant_phone,
        address=row.registrant_address,
    )


def _set_registrant(row: tables.Domain, contact: DomainContact, today: date) -> None:
    before = _registrant(row)
    if (before.name, before.organisation, before.email) != (contact.name, contact.organisation, contact.email):
        row.registrant_changed = today
    if before.email != contact.email:
        row.verification_open = True
    row.registrant_name, row.registrant_email = contact.name, contact.email
    row.registrant_organisation, row.registrant_phone = contact.organisation, contact.phone
    row.registrant_address = contact.address


def _ascii(domain: str) -> str:
    """The form in which registries keep a name. Raises Rejected."""
    try:
        return idna.encode(domain.strip().rstrip("."), uts46=True, std3_rules=True).decode("ascii").lower()
    except idna.IDNAError:
        raise Rejected(f"{domain} is not a valid domain name") from None


def _of_name(name: str) -> Select[tables.Domain]:
    """Of the rows of one name, that which is held now; those of earlier holders stay in billing only."""
    return select(tables.Domain).where(tables.Domain.name == name, tables.Domain.status.in_(tables.HELD_STATUSES))


def _held(session: Session, domain: str) -> tables.Domain:
    name = domain.lower().rstrip(".")
    row = session.scalars(_of_name(name)).one_or_none()
    if row is None:
        raise Rejected(f"{name} is not registered with us")
    return row


def _ending(session: Session, name: str) -> tables.Tld | None:
    """The longest ending of ours that the name has: co.uk before uk."""
    labels = name.split(".")
    endings = [".".join(labels[start:]) for start in range(1, len(labels))]
    longest_first = select(tables.Tld).where(tables.Tld.tld.in_(endings)).order_by(func.length(tables.Tld.tld).desc())
    return session.scalars(longest_first).first()


def _insist_on_ending(session: Session, name: str) -> None:
    ending = _ending(session, name)
    if ending is None:
        raise Unsupported(f"looking {name} up")
    if "." in name.removesuffix(f".{ending.tld}"):
        raise Rejected(f"{name} is part of another domain: nobody can register it by itself")


def _lock_days(session: Session, name: str) -> int:
    ending = _ending(session, name)
    return DEFAULT_LOCK_DAYS if ending is None else ending.lock_days_after_transfer


def _transfer_lock_until(row: tables.Domain, days: int) -> date | None:
    starts = [day for day in (row.registered, row.transferred, row.registrant_changed) if day is not None]
    return max(starts) + timedelta(days=days) if starts else None
