"""A ticket without its people: what is left of it when a person is erased, or when it was closed years ago.

That there was one stays: when, in which department, how many messages it had and which of the staff worked on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from core.models import KnownMessageId, Participant, Rating, Ticket, TicketAttachment, TicketMessage
from core.sealing import ERASED, NOBODY

STAFF = "staff"


def tickets(session: Session, ids: Sequence[int]) -> int:
    """Empty these and take away whose they were; returns how many messages they had. Their letters are not touched."""
    messages = blank(session, TicketMessage.ticket_id.in_(ids))
    clients = TicketMessage.ticket_id.in_(ids), TicketMessage.by_staff.is_(False), TicketMessage.by_desk.is_(False)
    _at_once(session, update(TicketMessage).where(*clients).values(author=NOBODY, author_name=ERASED))
    emptied = {"subject": ERASED, "client_id": "", "contact_id": "", "tags": [], "fields": {}}
    _at_once(session, update(Ticket).where(Ticket.id.in_(ids)).values(**emptied))
    _at_once(session, update(Rating).where(Rating.ticket_id.in_(ids)).values(address=NOBODY, comment=""))
    _at_once(session, delete(KnownMessageId).where(KnownMessageId.ticket_id.in_(ids)))
    rename(session, Participant.ticket_id.in_(ids), Participant.role != STAFF)
    return messages


def blank(session: Session, which: ColumnElement[bool]) -> int:
    """Take the words and files out of messages; returns how many those were."""
    ids = select(TicketMessage.id).where(which)
    _at_once(session, delete(TicketAttachment).where(TicketAttachment.message_id.in_(ids)))
    emptied = {"text": ERASED, "full_text": "", "html": "", "message_id": "", "evidence": []}
    return _at_once(session, update(TicketMessage).where(which).values(**emptied))


def rename(session: Session, *which: ColumnElement[bool]) -> None:
    """Participants without name and address; their reply addresses are void."""
    for participant in session.scalars(select(Participant).where(*which)):
        participant.address = f"{participant.id}.{NOBODY}"
        participant.name = ERASED
        participant.generation = (participant.generation + 1) % 256


def has_people() -> ColumnElement[bool]:
    """Tickets that were not emptied yet."""
    said = select(TicketMessage.id).where(TicketMessage.ticket_id == Ticket.id, TicketMessage.text.not_in(("", ERASED)))
    return or_(Ticket.subject != ERASED, said.exists())


def _at_once(session: Session, statement: Any) -> int:
    return int(session.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]
