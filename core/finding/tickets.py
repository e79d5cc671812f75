"""Finding tickets by words and filters, within the departments of whoever asks.

A ticket is found when every word is somewhere on it: in its number or subject, in what was said, in the name or
address of who takes part (staff apart), or in the names and domains of its client. Revision 0009 has the indexes.
Each word costs one look into each of the four indexes and what it finds there, however large the desk is, and of a
word that is nearly everywhere only the newest places count. So an old ticket on which such a word and another one stand
in different messages may be missed; one on which they stand in the same message never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    column,
    func,
    insert,
    intersect,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import tickets
from core.database import Sessions
from core.desk import Desk
from core.finding.words import STATUSES, Piece, Term, Wanted, snippet, term, wanted
from core.models import Participant, Ticket, TicketMessage
from core.models.finding import ClientWords
from core.people import StaffMember

MOST = 10
MERGED_PAGES = 500
MOST_PLACES = 20_000
"""Of one word in one index, the newest."""
_INDEXED = {
    "find_message": "ticket_message.text",
    "find_ticket": "ticket.number || ' ' || ticket.subject",
    "find_person": "participant.name || ' ' || participant.address",
    "find_client": "client_words.words",
}
"""Word for word as the indexes on PostgreSQL have it; a parameter in it would keep them from being used."""
_WAITING = (tickets.OPEN, tickets.CUSTOMER_REPLY, "In Progress")
_BY_STATUS = {"new": "Open", "answered": "Answered", "pending": "Pending", "hold": "On Hold", "closed": "Closed"}


@dataclass(frozen=True, slots=True)
class Hit:
    """`assignee` and `requester` are as people read them, "" for nobody."""

    number: str
    subject: str
    status: str
    department: str
    assignee: str
    requester: str
    updated: datetime
    sleeps_until: datetime | None
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A filter that cannot be followed: its name, what was written, and what could be."""

    filter: str
    written: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The best of `total`; with mistakes nothing was looked for."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    mistakes: tuple[Mistake, ...] = ()


def find(session: Session, desk: Desk, member: StaffMember, written: str, now: datetime) -> Found:
    """At most `MOST` tickets: first those whose subject or people say it, and of these the newest."""
    looked_for = wanted(written)
    if not (looked_for.terms or looked_for.filters):
        return Found(mistakes=(Mistake("", written),))
    search = _Search(session, desk, member, now)
    conditions, mistakes = search.filters(looked_for)
    if mistakes:
        return Found(mistakes=tuple(mistakes))
    rows = session.execute(search.statement(looked_for.terms, conditions)).all()
    ids = [row.id for row in rows]
    by_id = {ticket.id: ticket for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(ids)))}
    snippets, requesters = search.snippets(ids, looked_for.terms), search.requesters(ids)
    hits = [search.hit(by_id[id_], requesters.get(id_, ""), snippets.get(id_, ())) for id_ in ids]
    return Found(tuple(hits), rows[0].total if rows else 0)


def forget_clients(session: Session) -> None:
    """At the end of an erasure: what is kept of clients who have no ticket any more."""
    session.flush()
    session.execute(
        text("DELETE FROM client_words WHERE client_id NOT IN (SELECT client_id FROM ticket WHERE client_id <> '')")
    )


def compact(sessions: Sessions) -> None:
    """After texts were erased or thrown away: FTS5 keeps their words, marked as gone, until its parts are merged.

    That is a pass over the index, in steps, so that the desk need not wait for it.
    """
    with sessions() as session:
        if session.get_bind().dialect.name != "sqlite":
            return
    for index in _INDEXED:
        pages = -MERGED_PAGES  # The first step begins a merge of all parts, the others go on with it.
        while _merge(sessions, index, pages):
            pages = MERGED_PAGES


def _merge(sessions: Sessions, index: str, pages: int) -> bool:
    """Is there more to do? The documentation of FTS5's "merge" says how that is seen."""
    with sessions.begin() as session:
        before = session.scalar(text("SELECT total_changes()"))
        order = insert(table(index, column(index), column("rank")))
        session.execute(order.values({index: "merge", "rank": pages}))
        return session.scalar(text("SELECT total_changes()")) - before >= 2  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Search:
    session: Session
    desk: Desk
    member: StaffMember
    now: datetime

    @property
    def sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"

    def statement(self, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]]) -> Any:
        rank: ColumnElement[Any] = literal(0)
        for one in terms:
            rank = rank + case((Ticket.id.in_(_ids(union(*self._headings([one])))), 1), else_=0)
        return (
            select(Ticket.id, func.count().over().label("total"))
            .where(Ticket.merged_into.is_(None), *self._allowed(), *conditions)
            .where(*([Ticket.id.in_(self._candidates(terms))] if terms else []))
            .order_by(rank.desc(), Ticket.updated_at.desc(), Ticket.id.desc())
            .limit(MOST)
        )

    def filters(self, looked_for: Wanted) -> tuple[list[ColumnElement[bool]], list[Mistake]]:
        conditions: list[ColumnElement[bool]] = []
        mistakes: list[Mistake] = []
        for name, value in looked_for.filters:
            made = _FILTERS[name](self, value)
            if isinstance(made, Mistake):
                mistakes.append(made)
            else:
                conditions.append(made)
        if not any(value.lower() == "spam" for name, value in looked_for.filters if name == "status"):
            conditions.append(Ticket.spam.is_(False))
        return conditions, mistakes

    def hit(self, ticket: Ticket, requester: str, pieces: tuple[Piece, ...]) -> Hit:
        member = self.desk.staff_member(ticket.assignee) if ticket.assignee else None
        return Hit(
            number=ticket.number,
            subject=ticket.subject,
            status=ticket.status,
            department=ticket.department,
            assignee=member.name if member else ticket.assignee,
            requester=requester,
            updated=ticket.updated_at,
            sleeps_until=ticket.wakes_at if ticket.wakes_at and ticket.wakes_at > self.now else None,
            snippet=pieces,
        )

    def snippets(self, found: Sequence[int], terms: Sequence[Term]) -> dict[int, tuple[Piece, ...]]:
        """The newest message of each ticket that holds one of the words."""
        if not terms:
            return {}
        newest = (
            select(func.max(TicketMessage.id))
            .where(TicketMessage.ticket_id.in_(found))
            .where(self._holds("find_message", TicketMessage.id, terms, each=False))
            .group_by(TicketMessage.ticket_id)
        )
        statement = select(TicketMessage.ticket_id, TicketMessage.text).where(TicketMessage.id.in_(newest))
        return {ticket: snippet(said, terms) for ticket, said in self.session.execute(statement)}

    def requesters(self, found: Sequence[int]) -> dict[int, str]:
        statement = select(Participant).where(Participant.ticket_id.in_(found), Participant.role == "requester")
        people = self.session.scalars(statement.order_by(Participant.id.desc()))
        return {one.ticket_id: f"{one.name} <{one.address}>" if one.name else one.address for one in people}

    def by_status(self, value: str) -> ColumnElement[bool] | Mistake:
        match value.lower():
            case "open":
                return Ticket.status != tickets.CLOSED
            case "waiting":
                return Ticket.status.in_(_WAITING)
            case "snoozed":
                return Ticket.wakes_at > self.now
            case "spam":
                return Ticket.spam.is_(True)
            case known if known in _BY_STATUS:
                return Ticket.status == _BY_STATUS[known]
            case _:
                return Mistake("status", value, STATUSES)

    def by_person(self, value: str) -> ColumnElement[bool] | Mistake:
        name = term(value)
        return Ticket.id.in_(union(*self._people([name]))) if name.words else Mistake("from", value)

    def by_tag(self, value: str) -> ColumnElement[bool] | Mistake:
        return self._lists(Ticket.tags, [value.lstrip("#").lower()])

    def by_assignee(self, value: str) -> ColumnElement[bool] | Mistake:
        plain = value.strip("<>@").lower()
        if plain in ("me", "mine"):
            return Ticket.assignee == self.member.email
        if plain in ("none", "nobody"):
            return Ticket.assignee == ""
        found = [one for one in self.desk.staff() if plain in (one.email.lower(), one.name.lower())]
        found = found or [one for one in self.desk.staff() if plain in one.name.lower().split()]
        if not found:
            return Mistake("assignee", value, tuple(one.name for one in self.desk.staff()))
        return Ticket.assignee.in_([one.email for one in found])

    def by_department(self, value: str) -> ColumnElement[bool] | Mistake:
        own = [one.name for one in self.desk.departments if self.member.works_in(one.name)]
        wanted_one = next((name for name in own if name.lower() == value.lower()), None)
        return Ticket.department == wanted_one if wanted_one else Mistake("dept", value, tuple(own))

    def _allowed(self) -> list[ColumnElement[bool]]:
        """Rights are those of now; an admin sees departments that were renamed away as well."""
        if self.member.role == "admin":
            return []
        own = sorted(self.member.departments)
        return [or_(Ticket.department.in_(own), self._lists(Ticket.also_departments, own))]

    def _lists(self, column: InstrumentedAttribute[list[str]], values: Sequence[str]) -> ColumnElement[bool]:
        """Is one of the values in that JSON list?"""
        each = func.json_each(column) if self.sqlite else func.json_array_elements_text(column)
        listed = each.table_valued("value").alias()
        return select(literal(1)).select_from(listed).where(listed.c.value.in_(values)).exists()

    def _candidates(self, terms: Sequence[Term]) -> Any:
        """The ids of tickets that have each term somewhere, or all of them in one place."""
        sets = [_ids(union(*self._anywhere([one]))) for one in terms]
        if len(sets) == 1:
            return sets[0]
        return _ids(union(_ids(intersect(*sets)), *self._anywhere(terms)))

    def _anywhere(self, terms: Sequence[Term]) -> list[Select[Any]]:
        said = select(TicketMessage.ticket_id).where(self._holds("find_message", TicketMessage.id, terms))
        return [said, *self._headings(terms)]

    def _headings(self, terms: Sequence[Term]) -> list[Select[Any]]:
        called = select(Ticket.id).where(self._holds("find_ticket", Ticket.id, terms))
        return [called, *self._people(terms)]

    def _people(self, terms: Sequence[Term]) -> list[Select[Any]]:
        person = select(Participant.ticket_id).where(
            Participant.role != "staff", self._holds("find_person", Participant.id, terms)
        )
        clients = select(ClientWords.client_id).where(self._holds("find_client", ClientWords.id, terms))
        return [person, select(Ticket.id).where(Ticket.client_id.in_(clients))]

    def _holds(self, index: str, key: Any, terms: Sequence[Term], *, each: bool = True) -> ColumnElement[bool]:
        """Each of the terms (or any of them) stands in the row of that key."""
        if self.sqlite:
            words = literal((" AND " if each else " OR ").join(map(_for_fts5, terms)))
            row: Any = literal_column("rowid")
            rows: Any = select(row).select_from(text(index)).where(literal_column(index).op("MATCH")(words))
        else:
            row = key
            words = literal((" & " if each else " | ").join(map(_for_postgresql, terms)))
            query = func.to_tsquery(literal_column("'simple'::regconfig"), words)
            rows = select(key).where(func.desk_words(literal_column(_INDEXED[index])).op("@@")(query)).correlate(None)
        return key.in_(rows.order_by(row.desc()).limit(MOST_PLACES))  # type: ignore[no-any-return]


def _ids(found: Any) -> Any:
    """A union as a plain select: SQLite nests no unions in unions."""
    rows = found.subquery()
    return select(*rows.c)


def _for_fts5(one: Term) -> str:
    return f'"{" ".join(one.words)}"{" *" if one.begins else ""}'


def _for_postgresql(one: Term) -> str:
    *before, last = (f"'{word}'" for word in one.words)
    return f"({' <-> '.join([*before, last + (':*' if one.begins else '')])})"


_FILTERS = {
    "status": _Search.by_status,
    "from": _Search.by_person,
    "tag": _Search.by_tag,
    "assignee": _Search.by_assignee,
    "dept": _Search.by_department,
}
