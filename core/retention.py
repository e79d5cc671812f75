"""What is thrown away, and when; one job, in small steps, so that it never holds the desk up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from core.database import Sessions
from core.models import Arrival, Audit, Dialog, JournalEntry, Letter, Ticket, TicketAttachment, TicketMessage
from core.privacy import drop_orphans

STEP = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """Days; 0 keeps for ever."""

    raw_messages: int = 30
    quarantine: int = 90
    letters: int = 365
    dialogs: int = 90
    attachments: int = 365
    ticket_text: int = 1095
    audit: int = 1095


def purge(sessions: Sessions, keep: Retention, now: datetime) -> dict[str, int]:
    """Returns how many of each went."""

    def before(days: int) -> datetime | None:
        return now - timedelta(days=days) if days else None

    counts = {
        "raw_messages": _each(sessions, before(keep.raw_messages), _arrivals("done"), Arrival),
        "quarantine": _each(sessions, before(keep.quarantine), _arrivals("shelved"), Arrival),
        "letters": _each(sessions, before(keep.letters), _letters, Letter),
        "dialogs": _each(sessions, before(keep.dialogs), _dialogs, Dialog),
        "attachments": _each(sessions, before(keep.attachments), _attachments, TicketAttachment),
        "ticket_text": _forget_text(sessions, before(keep.ticket_text)),
        "audit": _each(sessions, before(keep.audit), _audit, Audit),
    }
    with sessions.begin() as session:
        if keep.raw_messages:
            session.execute(delete(JournalEntry).where(JournalEntry.at < now - timedelta(days=keep.raw_messages)))
        counts["blobs"] = drop_orphans(session, now - timedelta(days=1))
    return counts


def _each(sessions: Sessions, moment: datetime | None, which: Any, table: Any) -> int:
    """Delete what `which` selects, a step at a time."""
    if moment is None:
        return 0
    gone = 0
    while True:
        with sessions.begin() as session:
            ids: Sequence[int] = session.scalars(which(moment).limit(STEP)).all()
            if not ids:
                return gone
            session.execute(delete(table).where(table.id.in_(ids)))
            gone += len(ids)


def _arrivals(state: str) -> Any:
    return lambda moment: select(Arrival.id).where(Arrival.state == state, Arrival.received_at < moment)


def _letters(moment: datetime) -> Any:
    return select(Letter.id).where(Letter.state.in_(("sent", "failed", "dropped")), Letter.created_at < moment)


def _dialogs(moment: datetime) -> Any:
    return select(Dialog.id).where(Dialog.expires_at < moment)


def _attachments(moment: datetime) -> Any:
    old = select(TicketMessage.id).where(TicketMessage.created_at < moment)
    return select(TicketAttachment.id).where(TicketAttachment.message_id.in_(old))


def _audit(moment: datetime) -> Any:
    return select(Audit.id).where(Audit.at < moment)


def _forget_text(sessions: Sessions, moment: datetime | None) -> int:
    """The text of tickets closed long ago; that there was one stays."""
    if moment is None:
        return 0
    gone = 0
    while True:
        with sessions.begin() as session:
            old = select(Ticket.id).where(Ticket.closed_at < moment)
            ids = session.scalars(
                select(TicketMessage.id).where(TicketMessage.ticket_id.in_(old), TicketMessage.text != "").limit(STEP)
            ).all()
            if not ids:
                return gone
            session.execute(
                update(TicketMessage).where(TicketMessage.id.in_(ids)).values(text="", full_text="", html="")
            )
            gone += len(ids)
