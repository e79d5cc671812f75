"""How a ticket stands, at a glance: for `#status` by mail, and for the card that stands for it in a chat of staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.models import Participant, Ticket, TicketLink, TicketMessage, TimeSpent
from core.ports import Billing, Client
from core.sla import deadlines
from core.sla.deadlines import Due
from core.tickets import Tickets

LATEST = 3
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    by: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """`sleeps_until`: when a snoozed or pending ticket wakes. `links`: the numbers of tickets that belong to it."""

    number: str
    subject: str
    status: str
    department: str
    priority: str
    assignee: str
    """Their name, "" for nobody."""
    client: Client | None
    requester: str
    opened: datetime
    updated: datetime
    sleeps_until: datetime | None
    due: Due | None
    """What is owed to the client first."""
    tags: Sequence[str]
    fields: Sequence[tuple[str, str]]
    readers: Sequence[str]
    links: Sequence[str]
    minutes: int
    latest: Sequence[Said]


def card(tickets: Tickets, billing: Billing, ticket: Ticket) -> Card:
    session, people = tickets.session, tickets.participants(ticket)
    member = tickets.desk.staff_member(ticket.assignee) if ticket.assignee else None
    return Card(
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status,
        department=ticket.department,
        priority=ticket.priority,
        assignee=member.name if member else ticket.assignee,
        client=billing.client(ticket.client_id) if ticket.client_id else None,
        requester=next((_shown(one) for one in people if one.role == "requester"), ""),
        opened=ticket.created_at,
        updated=ticket.updated_at,
        sleeps_until=ticket.wakes_at,
        due=deadlines.next_due(session, tickets.desk, ticket, tickets.clock()),
        tags=tuple(ticket.tags),
        fields=tuple(ticket.fields.items()),
        readers=[_shown(one) for one in people if one.role in ("requester", "cc")],
        links=_links(session, ticket),
        minutes=session.scalar(select(func.sum(TimeSpent.minutes)).where(TimeSpent.ticket_id == ticket.id)) or 0,
        latest=_latest(session, ticket),
    )


def _shown(person: Participant) -> str:
    return f"{person.address} ({person.name})" if person.name else person.address


def _links(session: Session, ticket: Ticket) -> list[str]:
    pairs = select(TicketLink).where(or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id))
    ids = {one.other_id if one.ticket_id == ticket.id else one.ticket_id for one in session.scalars(pairs)}
    return list(session.scalars(select(Ticket.number).where(Ticket.id.in_(ids)).order_by(Ticket.number)))


def _latest(session: Session, ticket: Ticket) -> list[Said]:
    """The last things that people said on it, the oldest of them first."""
    statement = (
        select(TicketMessage)
        .where(TicketMessage.ticket_id == ticket.id, TicketMessage.kind.in_(("public", "note")))
        .order_by(TicketMessage.id.desc())
        .limit(LATEST)
    )
    said = list(session.scalars(statement))
    return [Said(one.created_at, one.author_name or one.author, one.kind, one.text[:SHOWN]) for one in reversed(said)]
