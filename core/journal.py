"""Acts on outside systems, at most once per message.

"Started" is committed before the act and its result after it. A retry after `Unavailable` (nothing happened) acts
again; a crash half way leaves "started", and the next walk raises `Uncertain`: a person looks, nothing is repeated.
A result may be a secret. It is emptied in the commit that finishes its message, and after a day at the latest; a walk
that comes later is refused it, and is not handed an empty one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected, Unavailable, Uncertain, Unsupported
from core.models import Arrival, Dialog, JournalEntry

KEPT = timedelta(days=1)
"""How long a message that was shelved can be walked again with the results that it had."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one message (or of one confirmed question). Its commits outlive a walk that is rolled back."""

    sessions: Sessions
    arrival_id: int
    clock: Clock
    asked: list[str] = field(default_factory=list)
    """The steps whose results this walk has seen; they are emptied when it is over, however it ends."""

    def done(self, step: str) -> bool:
        """Was it done on an earlier walk, whose commit did not come to pass?"""
        with self.sessions() as session:
            entry = session.get(JournalEntry, (self.arrival_id, step))
            return entry is not None and entry.state in ("done", "emptied")

    def once(self, step: str, act: Callable[[], str]) -> str:
        """The result of `act`, from now or from an earlier walk of the same message. Raises Uncertain."""
        self.asked.append(step)
        with self.sessions() as session:
            entry = session.get(JournalEntry, (self.arrival_id, step))
            if entry is not None:
                if entry.state == "done":
                    return entry.result
                if entry.state == "emptied":
                    raise Uncertain(f"{step}: done earlier, and its result is no longer kept")
                raise Uncertain(f"{step}: started earlier and never finished")
            session.add(JournalEntry(arrival_id=self.arrival_id, step=step, state="started", at=self.clock()))
            try:
                session.commit()
            except IntegrityError:
                raise Unavailable(f"{step}: somebody else is at it this moment") from None
        try:
            result = act()
        except (Unavailable, Rejected, Unsupported):
            with self.sessions() as session:
                session.execute(delete(JournalEntry).where(self._this(step)))
                session.commit()
            raise
        with self.sessions() as session:
            session.execute(update(JournalEntry).where(self._this(step)).values(state="done", result=result))
            session.commit()
        return result

    def _this(self, step: str) -> ColumnElement[bool]:
        return and_(JournalEntry.arrival_id == self.arrival_id, JournalEntry.step == step)


def forget(session: Session, arrival_id: int) -> None:
    """Empty the results in the commit that finishes the message; that it was done stays."""
    _empty(session, JournalEntry.arrival_id == arrival_id)


def forget_old(session: Session, now: datetime) -> int:
    """Empty the results that were kept for a message which was never finished; returns how many."""
    return _empty(session, JournalEntry.at < now - KEPT)


def drop_old(session: Session, before: datetime) -> None:
    """Drop what nothing can ask for any more. While it may be walked again, what was done must be known."""
    open_messages = select(Arrival.id).where(Arrival.state != "done")
    open_questions = select(Dialog.id).where(Dialog.state == "pending")
    session.execute(
        delete(JournalEntry).where(
            JournalEntry.at < before,
            JournalEntry.arrival_id.not_in(open_messages),
            JournalEntry.arrival_id.not_in(open_questions),
        ),
        execution_options={"synchronize_session": False},
    )


def _empty(session: Session, which: ColumnElement[bool]) -> int:
    """An act that returned nothing needs no emptying: "" is what it gave."""
    emptied = session.execute(
        update(JournalEntry).where(which, JournalEntry.result != "").values(result="", state="emptied"),
        execution_options={"synchronize_session": False},
    )
    return int(emptied.rowcount)  # type: ignore[attr-defined]
