"""Writes a whole client area: many rows at once, so that 20,000 clients are one short transaction.

Nothing here knows the document. All deletions come before all insertions, because a domain may move from one client
to another. Keys that other clients hold are looked for in between: a `Clash` says more than a database error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.backends.local import tables
from core.database import Base

Row = dict[str, Any]
Progress = Callable[[int, int], None]
T = TypeVar("T")

CHUNK = 500


class Clash(NamedTuple):
    """A key of the new rows that a client outside of them holds."""

    table: type[Base]
    column: str
    key: str
    client_id: str


class Dangling(NamedTuple):
    """A service (or one of its add-ons) whose `column` points at nothing."""

    client_id: str
    service_id: str
    column: str
    key: str


@dataclass(frozen=True, slots=True)
class NewState:
    """What shall be in the tables afterwards.

    `whole`: these tables hold exactly these rows. `clients` are added or updated. `owned`: of these tables, the rows
    of these clients are replaced. `rows` are what to insert, parents before children.
    """

    whole: Sequence[type[Base]]
    clients: Sequence[Row]
    owned: Mapping[type[Base], Sequence[str]]
    rows: Mapping[type[Base], Sequence[Row]]

    @property
    def size(self) -> int:
        return len(self.clients) + sum(len(rows) for rows in self.rows.values())


def clear(session: Session, state: NewState) -> None:
    for table in state.whole:
        session.execute(delete(table))
    for table, client_ids in state.owned.items():
        column: InstrumentedAttribute[str] = table.client_id  # type: ignore[attr-defined]
        for chunk in _chunks(client_ids):
            session.execute(delete(table).where(column.in_(chunk)), execution_options={"synchronize_session": False})


_UNIQUE = (tables.Service, tables.Domain, tables.Invoice, tables.Quote, tables.Order)


def clashes(session: Session, state: NewState) -> Iterator[Clash]:
    for table in _UNIQUE:
        for chunk in _chunks(state.rows.get(table, ())):
            taken = select(table.id, table.client_id).where(table.id.in_([row["id"] for row in chunk]))
            for key, client_id in session.execute(taken):
                yield Clash(table, "id", key, client_id)
    held = [row["name"] for row in state.rows.get(tables.Domain, ()) if row["status"] in tables.HELD_STATUSES]
    for names in _chunks(held):
        taken = select(tables.Domain.name, tables.Domain.client_id).where(
            tables.Domain.name.in_(names), tables.Domain.status.in_(tables.HELD_STATUSES)
        )
        for name, client_id in session.execute(taken):
            yield Clash(tables.Domain, "name", name, client_id)


def fill(session: Session, state: NewState, progress: Progress) -> None:
    done = 0
    progress(done, state.size)
    known = set(session.scalars(select(tables.Client.id)))
    for chunk in _chunks(state.clients):
        new = [row for row in chunk if row["id"] not in known]
        old = [row for row in chunk if row["id"] in known]
        if new:
            session.execute(insert(tables.Client), new)
        if old:
            session.execute(update(tables.Client), old)
        done += len(chunk)
        progress(done, state.size)
    for table, rows in state.rows.items():
        for chunk in _chunks(rows):
            session.execute(insert(table), chunk)
            done += len(chunk)
            progress(done, state.size)


def dangling(session: Session) -> Iterator[Dangling]:
    """What clients would lose whose services were not replaced: their product or server is no longer listed."""
    service, addon = tables.Service, tables.ServiceAddon
    products, servers = select(tables.Product.id), select(tables.Server.id)
    where = select(service.client_id, service.id)
    for row in session.execute(where.add_columns(service.product_id).where(service.product_id.not_in(products))):
        yield Dangling(row[0], row[1], "product_id", row[2])
    for row in session.execute(where.add_columns(service.server_id).where(service.server_id.not_in(servers))):
        yield Dangling(row[0], row[1], "server_id", str(row[2]))
    of_addon = where.add_columns(addon.product_id).join(addon, addon.service_id == service.id)
    for row in session.execute(of_addon.where(addon.product_id.not_in(products))):
        yield Dangling(row[0], row[1], "product_id", row[2])


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
