"""The outbox: every letter is delivered at least once, always under the same Message-ID.

A letter is committed together with what caused it; sending is dumb and repeatable. The gap that no sender can close,
a peer that took the mail and whose "250" was lost, repeats the letter with the id it had.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from core.database import Sessions
from core.messages import EMAIL
from core.models import Letter

LEASE = timedelta(minutes=10)
FIRST_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter in a sender's hands."""

    id: int
    channel: str
    recipient: str
    envelope_from: str
    payload: bytes
    secret: bool
    attempts: int
    created_at: datetime
    ticket_id: int | None


def claim(
    sessions: Sessions, sender: str, channel: str, now: datetime, limit: int = 20, *, recipient: str = ""
) -> list[Taken]:
    """Letters of that channel that are due. Of a chat only the oldest: what is said there stays in order.

    `recipient` takes only those to that address.
    """
    due = (
        select(Letter.id)
        .where(Letter.state == "new", Letter.due_at <= now, Letter.channel == channel)
        .order_by(Letter.due_at, Letter.id)
        .limit(limit)
    )
    if recipient:
        due = due.where(Letter.recipient == recipient)
    if channel != EMAIL:
        earlier = aliased(Letter)
        waits = select(earlier.id).where(
            earlier.recipient == Letter.recipient,
            earlier.channel == channel,
            earlier.state.in_(("new", "taken")),
            earlier.id < Letter.id,
        )
        due = due.where(~waits.exists())
    columns = (
        Letter.id,
        Letter.channel,
        Letter.recipient,
        Letter.envelope_from,
        Letter.payload,
        Letter.secret,
        Letter.attempts,
        Letter.created_at,
        Letter.ticket_id,
    )
    with sessions() as session:
        if session.scalar(due.limit(1)) is None:
            return []
        # As in the inbox: a plain subquery may run more than once, and then takes more than `limit`.
        once = due.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
        rows = session.execute(
            update(Letter)
            .where(Letter.id.in_(select(once.c.id)), Letter.state == "new")
            .values(state="taken", taken_by=sender, taken_until=now + LEASE, attempts=Letter.attempts + 1)
            .returning(*columns),
            execution_options={"synchronize_session": False},
        ).all()
        session.commit()
    return sorted((Taken(*row) for row in rows), key=lambda letter: letter.id)


def sent(session: Session, sender: str, letters: Sequence[Taken], now: datetime) -> None:
    """Mark them sent; what was secret in them is emptied in the same commit."""
    done = {"state": "sent", "sent_at": now, "taken_by": "", "taken_until": None, "error": "", "text": ""}
    open_letters = [letter.id for letter in letters if not letter.secret]
    secret = [letter.id for letter in letters if letter.secret]
    _mark(session, sender, open_letters, done)
    _mark(session, sender, secret, {**done, "payload": b""})


def again(
    session: Session, sender: str, letter: Taken, error: str, now: datetime, after: timedelta | None = None
) -> None:
    """Once more, after as long as the peer asked for, or as long as is usual."""
    usual = pause(letter.attempts) if letter.channel == EMAIL else pause_in_chat(letter.attempts)
    values = {
        "state": "new",
        "due_at": now + (usual if after is None else after),
        "error": error,
        "taken_by": "",
        "taken_until": None,
    }
    _mark(session, sender, [letter.id], values)


def give_up(session: Session, sender: str, letter: Taken, error: str) -> None:
    values: dict[str, object] = {"state": "failed", "error": error, "taken_by": "", "taken_until": None, "text": ""}
    if letter.secret:
        values["payload"] = b""
    _mark(session, sender, [letter.id], values)


def pause(attempts: int) -> timedelta:
    """1, 5, 15, 30, 60 minutes, then hourly, give or take a fifth."""
    step = FIRST_RETRIES[min(attempts, len(FIRST_RETRIES)) - 1]
    return step * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311


def pause_in_chat(attempts: int) -> timedelta:
    """1, 2, 4 … 300 seconds: somebody looks at the screen."""
    return timedelta(seconds=min(2 ** min(attempts - 1, 9), 300))


def _mark(session: Session, sender: str, ids: Sequence[int], values: dict[str, object]) -> None:
    if ids:
        session.execute(
            update(Letter)
            .where(Letter.id.in_(ids), Letter.taken_by == sender, Letter.state == "taken")
            .values(**values),
            execution_options={"synchronize_session": False},
        )


def put_back(sessions: Sessions, is_dead: Sequence[str] | None, now: datetime) -> int:
    """Give back what dead senders hold: it is sent again under the same Message-ID."""
    lost = Letter.taken_until < now
    if is_dead:
        lost = or_(lost, Letter.taken_by.in_(is_dead))
    with sessions() as session:
        if session.scalar(select(Letter.id).where(Letter.state == "taken", lost).limit(1)) is None:
            return 0
        result = session.execute(
            update(Letter).where(Letter.state == "taken", lost).values(state="new", taken_by="", taken_until=None),
            execution_options={"synchronize_session": False},
        )
        session.commit()
        return int(result.rowcount)  # type: ignore[attr-defined]


def holders(sessions: Sessions) -> list[str]:
    """The senders that hold a letter right now."""
    with sessions() as session:
        return list(session.scalars(select(Letter.taken_by).where(Letter.state == "taken").distinct()))


@dataclass(frozen=True, slots=True)
class Said:
    """An automatic letter that an address was sent."""

    at: datetime
    kind: str
    ticket_id: int | None


def said_to(session: Session, recipient: str, since: datetime, limit: int = 200) -> list[Said]:
    """The automatic letters that the address was sent since then, newest first."""
    asked = {"recipient": recipient, "since": since, "limit": limit}
    return [Said(*row) for row in session.execute(_SAID_TO, asked)]


_SAID_TO = (
    select(Letter.created_at, Letter.kind, Letter.ticket_id)
    .where(
        Letter.recipient == bindparam("recipient"),
        Letter.automatic.is_(True),
        Letter.created_at >= bindparam("since"),
    )
    .order_by(Letter.created_at.desc())
    .limit(bindparam("limit"))
)
"""Made once: building a statement costs more than the database takes to answer it."""
