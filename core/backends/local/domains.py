"""Orders for domains: register, transfer in, renew, restore, hide the holder.

Each makes an invoice and an order that waits for it. Nothing happens to the domain before `paid`, which whoever books
a payment calls. What costs nothing (a transfer of some endings) is done at once, without an invoice.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import ports
from core.backends.local import tables, values
from core.backends.local.domainrecords import (
    PENDING,
    PENDING_TRANSFER,
    ending_of,
    insist_on_transferable,
    insist_on_years,
    is_registered,
    later,
    new_domain,
    owned,
    price_of,
    unpaid,
)
from core.backends.local.invoicing import PAYMENT_DAYS, new_invoice, new_order
from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected

REGISTER, TRANSFER, RENEW, RESTORE = "DomainRegister", "DomainTransfer", "Domain", "DomainRestore"
ID_PROTECTION = "DomainAddonIDP"


@dataclass(frozen=True, slots=True)
class _Line:
    """What is ordered: one line of an invoice and of an order."""

    type: str
    product: str
    years: int
    amount: Decimal

    def description(self, name: str) -> str:
        return f"{self.product}: {name}, {self.years} {'year' if self.years == 1 else 'years'}"


def register_domain(sessions: Sessions, clock: Clock, client_id: str, name: str, years: int) -> ports.Order:
    """`name` as the registry's lookup gave it. Raises Rejected for one that is taken, or for too many years."""
    with sessions.begin() as session:
        ending = ending_of(session, name)
        price = price_of(
            ports.registration_price(ending.register, ending.renew, years),
            f".{ending.tld} names are not registered here",
        )
        if not 1 <= years <= ending.years_max:
            raise Rejected(f"{name} can be registered for 1 to {ending.years_max} years")
        if is_registered(session, name):
            raise Rejected(f"{name} is registered already")
        row = new_domain(session, client_id, name, PENDING, ending)
        line = _Line(REGISTER, "Domain registration", years, price)
        return _order(session, clock, row, line)


def transfer_domain(sessions: Sessions, clock: Clock, client_id: str, name: str, auth_code: str) -> ports.Order:
    """The code stays with the ordered domain until the transfer begins, and goes then. Raises Rejected."""
    today = clock().date()
    with sessions.begin() as session:
        ending = ending_of(session, name)
        price = price_of(ending.transfer, f".{ending.tld} names are not transferred to us")
        insist_on_transferable(session, name, ending, today)
        if not auth_code.strip():
            raise Rejected("a transfer needs the transfer code of the present registrar")
        row = new_domain(session, client_id, name, PENDING_TRANSFER, ending)
        row.auth_code = auth_code.strip()
        return _order(session, clock, row, _Line(TRANSFER, "Domain transfer", 1, price))


def renew_domain(sessions: Sessions, clock: Clock, domain: ports.Domain, years: int) -> ports.Invoice:
    """Raises Rejected in redemption, while a renewal is unpaid, and beyond the longest registration."""
    today = clock().date()
    with sessions.begin() as session:
        row = owned(session, domain)
        if row.status.startswith("Redemption"):
            raise Rejected(f"{row.name} is in redemption: it has to be restored first")
        ending = ending_of(session, row.name)
        price = price_of(ending.renew, f".{ending.tld} names are not renewed here")
        insist_on_years(row, ending, years, today)
        return _bill(session, clock, row, _Line(RENEW, "Domain renewal", years, price * years))


def restore_domain(sessions: Sessions, clock: Clock, domain: ports.Domain) -> ports.Invoice:
    """The fee and a year of renewal. Raises Rejected for a domain that is not in redemption."""
    with sessions.begin() as session:
        row = owned(session, domain)
        if not row.status.startswith("Redemption"):
            raise Rejected(f"{row.name} is not in redemption")
        ending = ending_of(session, row.name)
        fee = price_of(ending.redemption_fee, f".{ending.tld} names cannot be restored here")
        line = _Line(RESTORE, "Domain restoration and renewal", 1, fee + (ending.renew or Decimal(0)))
        return _bill(session, clock, row, line)


def order_id_protection(sessions: Sessions, clock: Clock, domain: ports.Domain) -> ports.Invoice:
    """A year of it. Raises Rejected when the ending has none, and when it is on already."""
    with sessions.begin() as session:
        row = owned(session, domain)
        if row.id_protection:
            raise Rejected(f"ID protection of {row.name} is on already")
        ending = ending_of(session, row.name)
        price = price_of(ending.id_protection, f"there is no ID protection for .{ending.tld} names")
        return _bill(session, clock, row, _Line(ID_PROTECTION, "ID protection", 1, price))


def paid(session: Session, invoice_id: str, today: dt.date) -> None:
    """Do what the paid invoice was for; called once, by whoever books the payment.

    What cannot be done any more (the name was taken, the domain has left) stays as it is, and its order Pending: that
    is for a person. Lines of other kinds are left alone.
    """
    orders = session.scalars(select(tables.Order).where(tables.Order.invoice_id == invoice_id)).all()
    lines = session.scalars(select(tables.InvoiceItem).where(tables.InvoiceItem.invoice_id == invoice_id)).all()
    for line in lines:
        row = session.get(tables.Domain, line.relid) if line.type in _DONE and line.relid else None
        if row is None:
            continue
        order = next((it for it in orders if any(item.get("domain") == row.name for item in it.items)), None)
        if order is None and line.type != RENEW or order is not None and order.status != PENDING:
            continue
        if _can_be_done(session, row, line.type):
            _DONE[line.type](row, _years(order, row.name) if order else 1, today)
            if order is not None:
                order.status = "Active"


def _can_be_done(session: Session, row: tables.Domain, kind: str) -> bool:
    if kind == REGISTER:
        return row.status == PENDING and not is_registered(session, row.name)
    if kind == TRANSFER:
        return row.status == PENDING_TRANSFER and row.transfer_requested is None
    return row.status in tables.HELD_STATUSES


def cancelled(session: Session, order: tables.Order) -> None:
    """The domains that an order would have brought are not coming; a code that waited with them goes."""
    names = [str(item.get("domain", "")) for item in order.items]
    waiting = select(tables.Domain).where(
        tables.Domain.client_id == order.client_id,
        tables.Domain.name.in_(names),
        tables.Domain.status.in_((PENDING, PENDING_TRANSFER)),
        tables.Domain.transfer_requested.is_(None),
    )
    for row in session.scalars(waiting):
        row.status, row.auth_code = "Cancelled", ""


def _registered(row: tables.Domain, years: int, today: dt.date) -> None:
    row.status, row.registered, row.locked = "Active", today, True
    row.expires = row.next_due_date = later(today, years)
    row.auth_code = secrets.token_urlsafe(12)


def _transfer_begins(row: tables.Domain, _: int, today: dt.date) -> None:
    """The registrar has the code now; we don't keep it."""
    row.transfer_requested, row.auth_code = today, ""


def _renewed(row: tables.Domain, years: int, today: dt.date) -> None:
    row.expires = row.next_due_date = later(row.expires or today, years)
    row.status = "Active"


def _protected(row: tables.Domain, _: int, __: dt.date) -> None:
    row.id_protection = True


_DONE: dict[str, Callable[[tables.Domain, int, dt.date], None]] = {
    REGISTER: _registered,
    TRANSFER: _transfer_begins,
    RENEW: _renewed,
    RESTORE: _renewed,
    ID_PROTECTION: _protected,
}


def _years(order: tables.Order, name: str) -> int:
    cycle = next((str(item["billing_cycle"]) for item in order.items if item.get("domain") == name), "")
    return int(cycle.split()[0]) if cycle[:1].isdigit() else 1


def _order(session: Session, clock: Clock, row: tables.Domain, line: _Line) -> ports.Order:
    """The order of a new domain, with its invoice if it costs anything."""
    invoice = _invoice(session, clock, row, line) if line.amount else None
    order = _wait_for(session, clock, row, line, invoice)
    if invoice is None:
        _DONE[line.type](row, line.years, clock().date())
        order.status = "Active"
    return ports.Order(
        id=order.id,
        client_id=order.client_id,
        number=order.number,
        date=order.date,
        status=order.status,
        amount=order.amount,
        payment_method=order.payment_method,
        invoice_id=order.invoice_id or "",
        items=(ports.OrderItem(line.product, row.name, _cycle(line.years), line.amount),),
    )


def _bill(session: Session, clock: Clock, row: tables.Domain, line: _Line) -> ports.Invoice:
    """The invoice for something about a domain that is there. Raises Rejected while the same waits for payment."""
    waiting = unpaid(session, row, line.type)
    if waiting is not None:
        raise Rejected(f"invoice {waiting} for this is open: pay that one")
    invoice = _invoice(session, clock, row, line)
    _wait_for(session, clock, row, line, invoice)
    query = select(tables.Invoice, tables.Client.currency).join(
        tables.Client, tables.Client.id == tables.Invoice.client_id
    )
    loaded = query.options(selectinload(tables.Invoice.items), selectinload(tables.Invoice.transactions))
    fresh, currency = session.execute(
        loaded.where(tables.Invoice.id == invoice.id).execution_options(populate_existing=True)
    ).one()
    return values.invoice(fresh, currency, session.scalar(select(tables.Company.portal_url)) or "")


def _invoice(session: Session, clock: Clock, row: tables.Domain, line: _Line) -> tables.Invoice:
    today = clock().date()
    items = [(line.type, row.id, line.description(row.name), line.amount)]
    return new_invoice(session, row.client_id, items, today=today, due=today + dt.timedelta(days=PAYMENT_DAYS))


def _wait_for(
    session: Session, clock: Clock, row: tables.Domain, line: _Line, invoice: tables.Invoice | None
) -> tables.Order:
    item = {
        "product": line.product,
        "domain": row.name,
        "billing_cycle": _cycle(line.years),
        "amount": f"{line.amount:.2f}",
    }
    return new_order(
        session,
        row.client_id,
        [item],
        today=clock().date(),
        invoice_id=invoice.id if invoice else None,
        amount=line.amount,
        payment_method=invoice.payment_method if invoice else "",
    )


def _cycle(years: int) -> str:
    return "1 Year" if years == 1 else f"{years} Years"
