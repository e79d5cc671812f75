"""Both queues as an operator sees them: what waits, what failed, and how to run it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from core import blobs, journal
from core.database import Sessions
from core.models import Arrival, Letter


@dataclass(frozen=True, slots=True)
class Entry:
    """One row; `queue` is inbox, quarantine or outbox."""

    id: int
    queue: str
    state: str
    attempts: int
    since: datetime
    address: str
    error: str
    result: str = ""


def counts(sessions: Sessions) -> dict[str, int]:
    """How many stand in each state; what is done, sent or dropped is counted too, so that the books balance."""
    with sessions() as session:
        inbox = dict(session.execute(select(Arrival.state, func.count()).group_by(Arrival.state)).all())
        outbox = dict(session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all())
    return {
        "inbox": inbox.get("new", 0) + inbox.get("taken", 0),
        "quarantine": inbox.get("shelved", 0),
        "done": inbox.get("done", 0),
        "outbox": outbox.get("new", 0) + outbox.get("taken", 0),
        "failed": outbox.get("failed", 0),
        "sent": outbox.get("sent", 0),
        "dropped": outbox.get("dropped", 0),
    }


def entries(sessions: Sessions, limit: int = 200) -> list[Entry]:
    """What waits or failed, oldest first."""
    with sessions() as session:
        arrivals = session.scalars(
            select(Arrival).where(Arrival.state != "done").order_by(Arrival.id).limit(limit)
        ).all()
        letters = session.scalars(
            select(Letter).where(Letter.state.not_in(("sent", "dropped"))).order_by(Letter.id).limit(limit)
        ).all()
        return [*map(_arrival, arrivals), *map(_letter, letters)]


def show(sessions: Sessions, number: int) -> tuple[Entry, bytes] | None:
    """The entry and its raw bytes (empty for a letter that holds, or held, a secret)."""
    with sessions() as session:
        arrival = session.get(Arrival, number)
        if arrival is not None:
            return _arrival(arrival), blobs.fetch(session, arrival.raw_sha256)
        letter = session.get(Letter, number)
        return (_letter(letter), b"" if letter.secret else letter.payload) if letter is not None else None


def retry(sessions: Sessions, number: int, now: datetime) -> bool:
    """Walk a quarantined message, or send a failed letter, again from now on. False when there is none."""
    with sessions() as session:
        arrival = session.execute(
            update(Arrival)
            .where(Arrival.id == number, Arrival.state.in_(("shelved", "new")))
            .values(state="new", attempts=0, due_at=now, error="")
        )
        # A letter whose payload was emptied (a secret that could not be delivered) has nothing left to send.
        letter = session.execute(
            update(Letter)
            .where(Letter.id == number, Letter.state.in_(("failed", "new")), func.length(Letter.payload) > 0)
            .values(state="new", attempts=0, due_at=now, created_at=now, error="")
        )
        session.commit()
        return arrival.rowcount + letter.rowcount > 0  # type: ignore[attr-defined, no-any-return]


def drop(sessions: Sessions, number: int, now: datetime) -> bool:
    """A person decided that nothing is to be done with it: it counts as done, its bytes stay, secrets do not."""
    del now
    with sessions() as session:
        arrival = session.execute(
            update(Arrival)
            .where(Arrival.id == number, Arrival.state.in_(("shelved", "new")))
            .values(state="done", result="dropped")
        )
        undelivered = (Letter.id == number, Letter.state.in_(("failed", "new")))
        session.execute(update(Letter).where(*undelivered, Letter.secret.is_(True)).values(payload=b""))
        letter = session.execute(update(Letter).where(*undelivered).values(state="dropped"))
        if arrival.rowcount:  # type: ignore[attr-defined]
            journal.forget(session, number)
        session.commit()
        return arrival.rowcount + letter.rowcount > 0  # type: ignore[attr-defined, no-any-return]


def _arrival(row: Arrival) -> Entry:
    queue = "quarantine" if row.state == "shelved" else "inbox"
    return Entry(row.id, queue, row.state, row.attempts, row.received_at, row.conversation, row.error, row.result)


def _letter(row: Letter) -> Entry:
    return Entry(row.id, "outbox", row.state, row.attempts, row.created_at, row.recipient, row.error or row.bounced)
