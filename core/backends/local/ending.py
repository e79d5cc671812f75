"""The end of a service: its row, its extras, and the invoice for a time that it will not see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import tables, values
from core.backends.local.ledger import read_invoice
from core.backends.local.settling import addon_of
from core.database import Sessions

ENDABLE = ("Active", "Suspended", "Pending")


def end(session: Session, row: tables.Service) -> None:
    """With its extras; its domain is another thing, and goes on."""
    row.status = "Cancelled"
    extras = update(tables.ServiceAddon).where(
        tables.ServiceAddon.service_id == row.id, tables.ServiceAddon.status.in_(ENDABLE)
    )
    session.execute(extras.values(status="Cancelled"), execution_options={"synchronize_session": False})


def end_due(sessions: Sessions, today: dt.date) -> list[ports.Service]:
    """What is due by that day ends, each service in a transaction of its own."""
    due = (
        select(tables.Service.id)
        .join(tables.Cancellation, tables.Cancellation.service_id == tables.Service.id)
        .where(tables.Cancellation.effective <= today, tables.Service.status.in_(ENDABLE))
        .order_by(tables.Service.id)
    )
    with sessions() as session:
        keys = session.scalars(due).all()
    return [ended for key in keys if (ended := _end_one(sessions, key, today)) is not None]


def endings(sessions: Sessions, client_id: str) -> Sequence[tables.Cancellation]:
    """The cancellations that have taken effect."""
    query = (
        select(tables.Cancellation)
        .join(tables.Service, tables.Service.id == tables.Cancellation.service_id)
        .where(tables.Service.client_id == client_id, tables.Service.status.not_in(ENDABLE))
        .order_by(tables.Cancellation.effective.desc(), tables.Cancellation.service_id)
    )
    with sessions() as session:
        return session.scalars(query).all()


def _end_one(sessions: Sessions, service_id: str, today: dt.date) -> ports.Service | None:
    """None when another clock was faster, or its client withdrew at this very moment."""
    with sessions.begin() as session:
        mine = update(tables.Service).where(tables.Service.id == service_id).values(status=tables.Service.status)
        session.execute(mine, execution_options={"synchronize_session": False})
        row, request = session.get(tables.Service, service_id), session.get(tables.Cancellation, service_id)
        if row is None or request is None or row.status not in ENDABLE or request.effective > today:
            return None
        end(session, row)
        for invoice in _renewals(session, row, request.effective):
            invoice.status = "Cancelled"
        return _value(session, row)


def _renewals(session: Session, row: tables.Service, ends: dt.date) -> list[tables.Invoice]:
    """The open invoices for the time after its end and for nothing else, on which nothing was paid.

    What was due before is still owed; one with other things on it is for a person, who knows its tax.
    """
    query = (
        select(tables.Invoice)
        .join(tables.InvoiceItem, tables.InvoiceItem.invoice_id == tables.Invoice.id)
        .where(
            tables.Invoice.client_id == row.client_id,
            tables.Invoice.status == "Unpaid",
            tables.Invoice.due_date >= ends,
            tables.InvoiceItem.type == "Hosting",
            tables.InvoiceItem.relid == row.id,
        )
        .distinct()
    )
    return [invoice for invoice in session.scalars(query) if _is_only_for(session, invoice, row)]


def _is_only_for(session: Session, invoice: tables.Invoice, row: tables.Service) -> bool:
    read = read_invoice(session, invoice.id)
    if read.transactions or read.credit:
        return False
    return all(_is_for(session, read, item, row) for item in read.items)


def _is_for(session: Session, invoice: ports.Invoice, item: ports.InvoiceItem, row: tables.Service) -> bool:
    if item.type == "Addon":
        addon = addon_of(session, invoice, item)
        return addon is not None and addon.service_id == row.id
    return item.about == row.id


def _value(session: Session, row: tables.Service) -> ports.Service | None:
    product = session.get(tables.Product, row.product_id)
    server = session.get(tables.Server, row.server_id) if row.server_id else None
    return values.service(row, product, server) if product is not None else None
