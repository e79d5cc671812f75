"""New invoices, orders and services: one place that numbers them, whoever of the client area makes them.

Ids are the operator's own, so the next one is one more than the highest of those that are numbers. Writers wait for
each other at the company's row until they commit; an import, which does not, is met at the primary key, and the id is
drawn again. There is no tax on these invoices: what is taxed, and how, only the operator knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.backends.local import tables
from core.errors import Unavailable

Item = tuple[str, str | None, str, Decimal]
"""Type ("Hosting", "Addon", "Domain", "Upgrade", "AddFunds", "Item"), id of what it is for, description, amount."""

TRIES = 5
PAYMENT_DAYS = 7
"""How long an invoice for something that was just ordered may wait."""
_NUMERIC = "^[0-9]{1,18}$"


def new_invoice(
    session: Session,
    client_id: str,
    items: Sequence[Item],
    *,
    today: dt.date,
    due: dt.date,
    payment_method: str = "",
) -> tables.Invoice:
    """An unpaid invoice and its items, flushed but not committed. Raises Unavailable when no id could be had.

    `payment_method` "" is the client's own choice.
    """
    if not payment_method:
        query = select(tables.Client.payment_method).where(tables.Client.id == client_id)
        payment_method = session.scalar(query) or ""
    invoice = tables.Invoice(
        client_id=client_id,
        date=today,
        due_date=due,
        status="Unpaid",
        payment_method=payment_method,
        tax=Decimal(0),
        credit=Decimal(0),
    )
    _insert(session, invoice, lambda: _number(session, invoice, tables.Invoice, "INV-"))
    for position, (kind, relid, description, amount) in enumerate(items):
        session.add(
            tables.InvoiceItem(
                invoice_id=invoice.id,
                position=position,
                type=kind,
                relid=relid,
                description=description,
                amount=amount,
            )
        )
    session.flush()
    return invoice


def new_order(
    session: Session,
    client_id: str,
    items: Sequence[dict[str, Any]],
    *,
    today: dt.date,
    invoice_id: str | None,
    amount: Decimal,
    payment_method: str = "",
) -> tables.Order:
    """A pending order, flushed but not committed; `items` as in `tables.Order`. Raises Unavailable.

    It is numbered by its id, with the day before it: order 303 of 25 November 2026 is 20261125303.
    """
    order = tables.Order(
        client_id=client_id,
        date=today,
        status="Pending",
        amount=amount,
        payment_method=payment_method,
        invoice_id=invoice_id,
        items=list(items),
    )
    _insert(session, order, lambda: _number(session, order, tables.Order, f"{today:%Y%m%d}"))
    return order


def new_service(
    session: Session,
    client_id: str,
    product_id: str,
    *,
    domain: str,
    recurring_amount: Decimal,
    billing_cycle: str,
) -> tables.Service:
    """A service that waits for its payment, flushed but not committed; it has no dates yet. Raises Unavailable."""
    service = tables.Service(
        client_id=client_id,
        product_id=product_id,
        domain=domain,
        status="Pending",
        username="",
        recurring_amount=recurring_amount,
        billing_cycle=billing_cycle,
    )

    def draw() -> None:
        service.id = str(_next(session, tables.Service.id))

    _insert(session, service, draw)
    return service


def _insert(session: Session, row: tables.Invoice | tables.Order | tables.Service, draw: Callable[[], None]) -> None:
    """Insert the row under the id that is drawn for it; somebody else may take that id at the same moment."""
    session.flush()  # What is still pending must not fall with a savepoint that another writer undoes.
    _queue(session)
    for _ in range(TRIES):
        draw()
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError:
            continue
        return
    raise Unavailable("no free number for an invoice, order or service")


def _queue(session: Session) -> None:
    """One numbers at a time: an update of the one company that changes nothing is a lock on both databases."""
    session.execute(
        update(tables.Company).values(name=tables.Company.name), execution_options={"synchronize_session": False}
    )


def _number(
    session: Session,
    row: tables.Invoice | tables.Order,
    table: type[tables.Invoice] | type[tables.Order],
    prefix: str,
) -> None:
    """The next id whose number nobody has: imported numbers are free text."""
    number = _next(session, table.id)
    while session.scalar(select(table.number).where(table.number == f"{prefix}{number}").limit(1)):
        number += 1
    row.id, row.number = str(number), f"{prefix}{number}"


def _next(session: Session, ids: InstrumentedAttribute[str]) -> int:
    """One more than the highest id that is a number."""
    query = select(ids).where(ids.regexp_match(_NUMERIC)).order_by(func.length(ids).desc(), ids.desc()).limit(1)
    return int(session.scalar(query) or 0) + 1
