"""What staff teach by moving tickets: the text, the department it was read for, and the one where it belongs.

Nothing is learned from it silently. An operator reads the lessons, and puts what is right into the words of a
department (`departments.words`) or tells the makers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.database import Sessions
from core.models import Audit, Ticket, TicketMessage

MOVED = "staff.moved"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One move. `text` is the ticket's first message as it is stored, secrets cut out."""

    at: datetime
    by: str
    ticket: str
    subject: str
    text: str
    language: str
    was: str
    belongs: str


def lessons(sessions: Sessions, since: datetime | None = None) -> Iterator[Lesson]:
    """The oldest first; of a ticket that was moved on and on only the last move counts."""
    statement = select(Audit, Ticket).join(Ticket, Ticket.id == Audit.ticket_id).where(Audit.action == MOVED)
    if since is not None:
        statement = statement.where(Audit.at >= since)
    with sessions() as session:
        last = {ticket.id: (line, ticket) for line, ticket in session.execute(statement.order_by(Audit.id))}
        for line, ticket in last.values():
            first = session.scalar(
                select(TicketMessage)
                .where(TicketMessage.ticket_id == ticket.id, TicketMessage.by_staff.is_(False))
                .order_by(TicketMessage.id)
                .limit(1)
            )
            yield Lesson(
                at=line.at,
                by=line.who,
                ticket=ticket.number,
                subject=ticket.subject,
                text=first.text if first else "",
                language=ticket.language,
                was=line.detail["was"],
                belongs=ticket.department,
            )
