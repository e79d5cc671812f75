"""The inbox: what was accepted and must be walked, exactly once.

A row is one message for one recipient of ours. `accept` is the commit that a door's "250" stands on. `claim` takes
rows in one statement; the partial unique index `inbox_one_at_a_time` guarantees that no conversation is walked twice
at the same time, whatever the workers believe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from core import blobs
from core.database import Sessions
from core.ids import new_id
from core.models import Arrival

LEASE = timedelta(seconds=90)
"""A worker that has not finished by then is taken for dead, and its messages are walked by another."""

ATTEMPTS = 3
RETRY_AFTER = (timedelta(0), timedelta(seconds=20))


@dataclass(frozen=True, slots=True)
class Received:
    """What a door hands over. `fingerprint` is the same for a redelivery and different for any other message."""

    channel: str
    raw: bytes
    recipients: tuple[str, ...]
    conversation: str
    fingerprint: str
    envelope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in a worker's hands; `attempts` counts this one."""

    id: int
    channel: str
    recipient: str
    conversation: str
    fingerprint: str
    raw_sha256: str
    size: int
    envelope: Mapping[str, Any]
    received_at: datetime
    attempts: int
    taken_by: str


class TakenAway(Exception):
    """Another worker took the message over after our lease ran out: nothing of this walk may be committed."""


def accept(session: Session, received: Sequence[Received], now: datetime) -> int:
    """Add what is new (one row per recipient); returns how many rows were. The caller commits."""
    rows = []
    for message in received:
        raw_sha256 = blobs.later(session, message.raw, now)
        # A signed reply address says more than a plain one: it is walked first, the copy then only refers to it.
        for recipient in sorted(message.recipients, key=lambda address: "+" not in address):
            rows.append(
                {
                    "id": new_id(),
                    "channel": message.channel,
                    "fingerprint": message.fingerprint,
                    "recipient": recipient.lower()[:320],
                    "conversation": message.conversation[:320],
                    "raw_sha256": raw_sha256,
                    "size": len(message.raw),
                    "envelope": dict(message.envelope),
                    "received_at": now,
                    "state": "new",
                    "due_at": now,
                    "attempts": 0,
                    "taken_by": "",
                    "result": "",
                    "error": "",
                }
            )
    if not rows:
        return 0
    blobs.write(session)
    dialect = session.get_bind().dialect.name
    statement = (
        postgresql.insert(Arrival) if dialect == "postgresql" else sqlite.insert(Arrival)
    ).on_conflict_do_nothing()
    return len(session.scalars(statement.returning(Arrival.id), rows).all())


def claim(sessions: Sessions, worker: str, now: datetime, limit: int = 16) -> list[Claimed]:
    """Take up to `limit` messages that are due, oldest first, one per conversation."""
    earlier = aliased(Arrival)
    in_order = ~(
        select(earlier.id)
        .where(
            earlier.conversation == Arrival.conversation,
            or_(earlier.state == "taken", and_(earlier.state == "new", earlier.id < Arrival.id)),
        )
        .exists()
    )
    due = (
        select(Arrival.id)
        .where(Arrival.state == "new", Arrival.due_at <= now, in_order)
        .order_by(Arrival.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # PostgreSQL may run a plain subquery once for each row that it looks at, and then takes far more than `limit`.
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    take = (
        update(Arrival)
        .where(Arrival.id.in_(select(due.c.id)), Arrival.state == "new")
        .values(state="taken", taken_by=worker, taken_until=now + LEASE, attempts=Arrival.attempts + 1)
        .returning(
            Arrival.id,
            Arrival.channel,
            Arrival.recipient,
            Arrival.conversation,
            Arrival.fingerprint,
            Arrival.raw_sha256,
            Arrival.size,
            Arrival.envelope,
            Arrival.received_at,
            Arrival.attempts,
            Arrival.taken_by,
        )
    )
    try:
        with sessions() as session:
            if session.scalar(select(Arrival.id).where(Arrival.state == "new").limit(1)) is None:
                return []
            rows = session.execute(take, execution_options={"synchronize_session": False}).all()
            session.commit()
    except IntegrityError:
        return []  # Two workers met on one conversation; the index decided, the next look finds the rest.
    return sorted((Claimed(*row) for row in rows), key=lambda claimed: claimed.id)


def stored(session: Session, arrival_id: int) -> Claimed:
    """A message that was walked before, as it was handed to the walk. Raises LookupError."""
    row = session.get(Arrival, arrival_id)
    if row is None:
        raise LookupError(f"message {arrival_id} is gone")
    return Claimed(
        id=row.id,
        channel=row.channel,
        recipient=row.recipient,
        conversation=row.conversation,
        fingerprint=row.fingerprint,
        raw_sha256=row.raw_sha256,
        size=row.size,
        envelope=row.envelope,
        received_at=row.received_at,
        attempts=row.attempts,
        taken_by=row.taken_by,
    )


def finish(session: Session, claimed: Claimed, result: str, ticket_id: int | None = None) -> None:
    """Mark it done, in the transaction that holds its effects. Raises TakenAway."""
    _move(session, claimed, state="done", result=result, ticket_id=ticket_id, taken_by="", taken_until=None, error="")


def again(session: Session, claimed: Claimed, error: str, due_at: datetime) -> None:
    """Walk it once more at `due_at`; the messages of its conversation wait behind it."""
    _move(session, claimed, state="new", due_at=due_at, error=error, taken_by="", taken_until=None)


def shelve(session: Session, claimed: Claimed, error: str, ticket_id: int | None = None) -> None:
    """Quarantine: it waits for a person, who sees it in `helpdesk queue`."""
    _move(session, claimed, state="shelved", error=error, ticket_id=ticket_id, taken_by="", taken_until=None)


def _move(session: Session, claimed: Claimed, **values: object) -> None:
    moved = session.execute(
        update(Arrival)
        .where(
            Arrival.id == claimed.id,
            Arrival.state == "taken",
            Arrival.taken_by == claimed.taken_by,
            Arrival.attempts == claimed.attempts,
        )
        .values(**values),
        execution_options={"synchronize_session": False},
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise TakenAway(f"message {claimed.id}")


def put_back(sessions: Sessions, is_dead: Sequence[str] | None, now: datetime) -> int:
    """Give back what dead workers hold: those named, and everybody whose lease ran out."""
    lost = Arrival.taken_until < now
    if is_dead:
        lost = or_(lost, Arrival.taken_by.in_(is_dead))
    with sessions() as session:
        if session.scalar(select(Arrival.id).where(Arrival.state == "taken", lost).limit(1)) is None:
            return 0
        result = session.execute(
            update(Arrival).where(Arrival.state == "taken", lost).values(state="new", taken_by="", taken_until=None),
            execution_options={"synchronize_session": False},
        )
        session.commit()
        return int(result.rowcount)  # type: ignore[attr-defined]


def holders(sessions: Sessions) -> list[str]:
    """The workers that hold a message right now."""
    with sessions() as session:
        return list(session.scalars(select(Arrival.taken_by).where(Arrival.state == "taken").distinct()))


def waiting(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Arrival).where(Arrival.state == "new")) or 0
