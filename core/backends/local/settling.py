"""What follows when an invoice is paid: services run on, add-ons begin, upgrades and domains are done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import domains, tables
from core.backends.local.pricing import MONTHS, add_months

_RUNNING = ("Active", "Suspended", "Pending")
_KEY_OF = {name: key for key, name in ports.CYCLES.items()}


class _Paid(NamedTuple):
    session: Session
    invoice: ports.Invoice
    item: ports.InvoiceItem
    today: dt.date


def settle(session: Session, invoice: ports.Invoice, today: dt.date) -> None:
    """Called in the transaction that books the last of the payment."""
    domains.paid(session, invoice.id, today)
    for item in invoice.items:
        follow = _FOLLOWS.get(item.type)
        if follow is not None and item.about:
            follow(_Paid(session, invoice, item, today))


def give_up(session: Session, invoice: ports.Invoice) -> None:
    """The plans and add-ons that a cancelled invoice would have brought are not coming."""
    for item in invoice.items:
        row: tables.Service | tables.ServiceAddon | None = None
        if item.type == "Addon":
            row = addon_of(session, invoice, item)
        elif item.type == "Hosting":
            row = session.get(tables.Service, item.about)
        if row is not None and row.status == "Pending":
            row.status = "Cancelled"


def _service_runs_on(paid: _Paid) -> None:
    row = paid.session.get(tables.Service, paid.item.about)
    if row is None or row.client_id != paid.invoice.client_id or row.status not in _RUNNING:
        return  # What was paid for something that has ended is for a person.
    if row.status == "Pending":
        row.status, row.registered = "Active", paid.today
        row.next_due_date = paid.today if row.billing_cycle in MONTHS else None
        _order_is_done(paid)
    if row.next_due_date is not None and row.billing_cycle in MONTHS:
        row.next_due_date = add_months(row.next_due_date, MONTHS[row.billing_cycle])
    if row.status == "Suspended" and paid.invoice.number in row.suspension_reason:
        row.status, row.suspension_reason = "Active", ""


def _addon_runs_on(paid: _Paid) -> None:
    row = addon_of(paid.session, paid.invoice, paid.item)
    if row is None or row.status not in _RUNNING:
        return
    if row.billing_cycle in MONTHS:
        row.next_due_date = add_months(row.next_due_date or paid.today, MONTHS[row.billing_cycle])
    if row.status == "Pending":
        row.status, row.registered = "Active", paid.today
        _order_is_done(paid)


def _order_is_done(paid: _Paid) -> None:
    orders = update(tables.Order).where(tables.Order.invoice_id == paid.invoice.id, tables.Order.status == "Pending")
    paid.session.execute(orders.values(status="Active"))


def addon_of(session: Session, invoice: ports.Invoice, item: ports.InvoiceItem) -> tables.ServiceAddon | None:
    """Add-ons are numbered within their service, so the words of the line tell which one it is."""
    query = (
        select(tables.ServiceAddon, tables.Product.name, tables.Service.domain)
        .join(tables.Service, tables.Service.id == tables.ServiceAddon.service_id)
        .join(tables.Product, tables.Product.id == tables.ServiceAddon.product_id)
        .where(tables.Service.client_id == invoice.client_id, tables.ServiceAddon.id == item.about)
    )
    rows = [(row, domain) for row, name, domain in session.execute(query) if name in item.description]
    rows = [found for found in rows if found[1] and found[1] in item.description] or rows
    return rows[0][0] if len(rows) == 1 else None


def _service_is_upgraded(paid: _Paid) -> None:
    row = paid.session.get(tables.Service, paid.item.about)
    order = paid.session.scalar(
        select(tables.Order).where(tables.Order.invoice_id == paid.invoice.id, tables.Order.status == "Pending")
    )
    if row is None or order is None or not order.items:
        return
    wanted = order.items[0]
    product = paid.session.scalar(select(tables.Product).where(tables.Product.name == wanted["product"]))
    key = _KEY_OF.get(str(wanted["billing_cycle"]), "")
    price = paid.session.get(tables.ProductPrice, (product.id, key)) if product else None
    if product is None or price is None:
        return
    row.product_id, row.billing_cycle, row.recurring_amount = product.id, ports.CYCLES[key], price.amount
    order.status = "Active"


_FOLLOWS: dict[str, Callable[[_Paid], None]] = {
    "Hosting": _service_runs_on,
    "Addon": _addon_runs_on,
    "Upgrade": _service_is_upgraded,
}
