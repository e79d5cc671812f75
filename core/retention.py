"""What is thrown away, and when; one job, in small steps, so that it never holds the desk up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import forgetting, journal, replays, sealing
from core.database import Sessions
from core.finding import tickets as find
from core.models import (
    AccountHold,
    AddressChange,
    Arrival,
    Blob,
    ChatLink,
    Dialog,
    Letter,
    OneTimeLink,
    SentNotice,
    Ticket,
    TicketAttachment,
    TicketMessage,
)
from core.privacy import drop_orphans
from core.sealing import Sign

STEP = 500
TICKETS_AT_ONCE = 100
LINKS_KEPT = timedelta(days=7)
LINKS_OF_CHATS_KEPT = timedelta(days=30)
"""After they ended."""
NOTICES_KEPT = timedelta(days=400)
CHANGES_KEPT = timedelta(days=90)
"""Of addresses; the former one is told of what happens for thirty (core/addresschange.py)."""
SECRETS_KEPT = timedelta(days=1)
"""How long the raw bytes are kept of a message that a card number or the like was taken out of."""


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


def forget_soon(sessions: Sessions, now: datetime) -> dict[str, int]:
    """What must not wait for the daily purge: secrets of acts that were not finished, and mails that held some."""
    with sessions.begin() as session:
        return {
            "secrets": journal.forget_old(session, now),
            "raw_with_secrets": _drop_raw_with_secrets(session, now - SECRETS_KEPT),
        }


def _drop_raw_with_secrets(session: Session, moment: datetime) -> int:
    """Only the bytes: the row stays, so that a redelivery is still known. None of a mail that is yet to be walked.

    What a door stores again at this moment was touched by it, and stays (see core/blobs.py).
    """
    redacted = (
        select(Arrival.raw_sha256)
        .join(TicketMessage, TicketMessage.arrival_id == Arrival.id)
        .where(TicketMessage.redacted, TicketMessage.created_at < moment)
    )
    wanted = select(Arrival.raw_sha256).where(Arrival.state != "done").union(select(TicketAttachment.sha256))
    gone = session.execute(
        delete(Blob).where(Blob.sha256.in_(redacted), Blob.sha256.not_in(wanted), Blob.stored_at < moment),
        execution_options={"synchronize_session": False},
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def purge(sessions: Sessions, keep: Retention, now: datetime, sign: Sign) -> dict[str, int]:
    """Returns how many of each went. `sign` is for the audit trail (core/sealing.py)."""

    def before(days: int) -> datetime | None:
        return now - timedelta(days=days) if days else None

    counts = {
        **forget_soon(sessions, now),
        "raw_messages": _each(sessions, before(keep.raw_messages), _arrivals("done"), Arrival),
        "quarantine": _each(sessions, before(keep.quarantine), _arrivals("shelved"), Arrival),
        "letters": _each(sessions, before(keep.letters), _letters, Letter),
        "dialogs": _each(sessions, before(keep.dialogs), _dialogs, Dialog),
        "attachments": _each(sessions, before(keep.attachments), _attachments, TicketAttachment),
        "ticket_text": _forget_tickets(sessions, before(keep.ticket_text)),
        "audit": sealing.purge(sessions, sign, now - timedelta(days=keep.audit), now) if keep.audit else 0,
    }
    with sessions.begin() as session:
        if keep.raw_messages:
            journal.drop_old(session, now - timedelta(days=keep.raw_messages))
        replays.forget(session, now)
        _drop_spent(session, now)
        counts["blobs"] = drop_orphans(session, now - timedelta(days=1))
    if counts["ticket_text"]:
        find.compact(sessions)
    return counts


def _drop_spent(session: Session, now: datetime) -> None:
    """Links that open nothing any more, stops that have ended by themselves, and notes of notices and of changed
    addresses that are too old to have any effect.
    """
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - LINKS_KEPT))
    session.execute(delete(ChatLink).where(ChatLink.ended_at < now - LINKS_OF_CHATS_KEPT))
    session.execute(delete(SentNotice).where(SentNotice.at < now - NOTICES_KEPT))
    session.execute(delete(AddressChange).where(AddressChange.at < now - CHANGES_KEPT))
    session.execute(delete(AccountHold).where(AccountHold.until < now))


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


def _forget_tickets(sessions: Sessions, moment: datetime | None) -> int:
    """The words and the people of tickets closed long ago, a hundred at a time; that there was one stays."""
    if moment is None:
        return 0
    gone = 0
    while True:
        with sessions.begin() as session:
            old = select(Ticket.id).where(Ticket.closed_at < moment, forgetting.has_people())
            ids = session.scalars(old.limit(TICKETS_AT_ONCE)).all()
            if not ids:
                return gone
            gone += forgetting.tickets(session, ids)
