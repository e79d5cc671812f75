"""The records that an order for a domain is about: found, made, and checked as a registry would check them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import tables, values
from core.backends.local.pricing import add_months
from core.errors import Rejected

PENDING, PENDING_TRANSFER = "Pending", "Pending Transfer"
LONGEST = 10
"""Years that a registration may run from today."""


def unpaid(session: Session, row: tables.Domain, kind: str) -> str | None:
    """The number of the open invoice that has such a line for this domain."""
    query = (
        select(tables.Invoice.number)
        .join(tables.InvoiceItem, tables.InvoiceItem.invoice_id == tables.Invoice.id)
        .where(
            tables.Invoice.client_id == row.client_id,
            tables.Invoice.status.in_(values.OWED_STATUSES),
            tables.InvoiceItem.type == kind,
            tables.InvoiceItem.relid == row.id,
        )
    )
    return session.scalars(query.limit(1)).first()


def owned(session: Session, domain: ports.Domain) -> tables.Domain:
    row = session.get(tables.Domain, domain.id)
    if row is None or row.client_id != domain.client_id or row.status not in tables.HELD_STATUSES:
        raise Rejected(f"{domain.name} is not in this account any more")
    return row


def ending_of(session: Session, name: str) -> tables.Tld:
    """The longest ending of the price list that the name has. Raises Rejected."""
    labels = name.split(".")
    endings = [".".join(labels[start:]) for start in range(1, len(labels))]
    longest_first = select(tables.Tld).where(tables.Tld.tld.in_(endings)).order_by(func.length(tables.Tld.tld).desc())
    found = session.scalars(longest_first).first()
    if found is None or "." in name.removesuffix(f".{found.tld}"):
        raise Rejected(f"{name} is not a name that can be ordered here")
    return found


def price_of(amount: Decimal | None, otherwise: str) -> Decimal:
    if amount is None:
        raise Rejected(otherwise)
    return amount


def is_registered(session: Session, name: str) -> bool:
    held = select(tables.Domain.id).where(
        tables.Domain.name == name, tables.Domain.status.in_((*tables.HELD_STATUSES, PENDING_TRANSFER))
    )
    return session.scalar(held.limit(1)) is not None or session.get(tables.RegistryEntry, name) is not None


def insist_on_transferable(session: Session, name: str, ending: tables.Tld, today: dt.date) -> None:
    """What a registry would refuse a transfer for. Raises Rejected."""
    entry = session.get(tables.RegistryEntry, name)
    if entry is None:
        raise Rejected(f"{name} is not registered elsewhere")
    if entry.locked:
        raise Rejected(f"{name} is locked at {entry.registrar}")
    starts = [day for day in (entry.created, entry.transferred) if day is not None]
    if starts and max(starts) + dt.timedelta(days=ending.lock_days_after_transfer) > today:
        raise Rejected(f"{name} was registered or transferred less than {ending.lock_days_after_transfer} days ago")


def insist_on_years(row: tables.Domain, ending: tables.Tld, years: int, today: dt.date) -> None:
    if not 1 <= years <= ending.years_max:
        raise Rejected(f"{row.name} can be renewed for 1 to {ending.years_max} years")
    if later(row.expires or today, years) > later(today, LONGEST):
        raise Rejected(f"{row.name} can't run longer than {LONGEST} years from today")


def later(day: dt.date, years: int) -> dt.date:
    return add_months(day, 12 * years)


def new_domain(session: Session, client_id: str, name: str, status: str, ending: tables.Tld) -> tables.Domain:
    """A row that waits, with the client as holder and the provider's own nameservers. Raises Rejected."""
    client = session.get(tables.Client, client_id)
    if client is None:
        raise Rejected(f"there is no client {client_id}")
    same = select(tables.Domain.id).where(
        tables.Domain.name == name,
        tables.Domain.client_id == client_id,
        tables.Domain.status.in_((PENDING, PENDING_TRANSFER)),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Rejected(f"{name} was ordered already")
    person = f"{client.first_name} {client.last_name}".strip() or client.company
    places = (client.address1, client.address2, f"{client.postcode} {client.city}".strip(), client.country)
    row = tables.Domain(
        id=_next_id(session),
        client_id=client_id,
        name=name,
        status=status,
        registrar="local",
        recurring_amount=ending.renew or Decimal(0),
        auto_renew=True,
        locked=False,
        id_protection=False,
        nameservers=_own_nameservers(session) if status == PENDING else [],
        auth_code="",
        registrant_name=person,
        registrant_email=client.email,
        registrant_organisation=client.company,
        registrant_phone=client.phone,
        registrant_address="\n".join(place for place in places if place),
        admin_name=person,
        admin_email=client.email,
        verification_open=False,
    )
    session.add(row)
    session.flush()
    return row


def _own_nameservers(session: Session) -> list[str]:
    servers = session.scalars(select(tables.Server).order_by(tables.Server.id)).all()
    return next((list(server.nameservers) for server in servers if server.nameservers), [])


def _next_id(session: Session) -> str:
    """One more than the highest that is a number; two who draw the same meet at the primary key."""
    ids = select(tables.Domain.id).where(tables.Domain.id.regexp_match("^[0-9]{1,18}$"))
    highest = session.scalar(ids.order_by(func.length(tables.Domain.id).desc(), tables.Domain.id.desc()).limit(1))
    return str(int(highest or 0) + 1)
