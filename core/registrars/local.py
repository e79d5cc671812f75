"""The embedded registrar: the domains of the embedded client area, answered as a registrar would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.backends.local import tables
from core.database import Sessions
from core.errors import Rejected, Unsupported
from core.ports import DomainContact, Lookup, Registration

DEFAULT_LOCK_DAYS = 60
"""For endings without a row of their own: what the transfer policy lets a registrar refuse by."""


@dataclass(frozen=True, slots=True)
class LocalRegistrar:
    """`clock` gives the present moment in UTC, whose day decides whether a transfer lock is over."""

    sessions: Sessions
    clock: Callable[[], datetime]

    def registration(self, domain: str) -> Registration:
        with self.sessions() as session:
            row = _held(session, domain)
            locked_until = _transfer_lock_until(row, _lock_days(session, row.name))
        return Registration(
            name=row.name,
            locked=row.locked,
            admin=DomainContact(row.admin_name, row.admin_email),
            registrant=DomainContact(row.registrant_name, row.registrant_email),
            transfer_lock_until=locked_until if locked_until and locked_until > self.clock().date() else None,
            expires=row.expires,
            nameservers=tuple(row.nameservers),
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
        with self.sessions.begin() as session:
            _held(session, domain).nameservers = list(hosts)

    def set_id_protection(self, domain: str, *, on: bool) -> None:
        raise Unsupported("set_id_protection")

    def set_contact(self, domain: str, role: str, contact: DomainContact) -> None:
        raise Unsupported("set_contact")

    def lookup(self, domain: str) -> Lookup:
        raise Unsupported("lookup")

    def resend_verification(self, domain: str) -> str:
        raise Unsupported("resend_verification")


def _held(session: Session, domain: str) -> tables.Domain:
    """The one row under which we hold the name now; those of earlier holders stay in billing only."""
    name = domain.lower().rstrip(".")
    row = session.scalars(
        select(tables.Domain).where(tables.Domain.name == name, tables.Domain.status.in_(tables.HELD_STATUSES))
    ).one_or_none()
    if row is None:
        raise Rejected(f"{name} is not registered with us")
    return row


def _lock_days(session: Session, name: str) -> int:
    """The rule of the longest ending of ours that the name has: co.uk before uk."""
    labels = name.split(".")
    endings = [".".join(labels[start:]) for start in range(1, len(labels))]
    longest_first = select(tables.Tld).where(tables.Tld.tld.in_(endings)).order_by(func.length(tables.Tld.tld).desc())
    tld = session.scalars(longest_first).first()
    return DEFAULT_LOCK_DAYS if tld is None else tld.lock_days_after_transfer


def _transfer_lock_until(row: tables.Domain, days: int) -> date | None:
    starts = [day for day in (row.registered, row.transferred) if day is not None]
    return max(starts) + timedelta(days=days) if starts else None
