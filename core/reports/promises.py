"""Which deadlines were kept, by the clocks of the tickets (core/sla/clocks.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Ticket
from core.models.clocks import TicketClock
from core.reports.stories import Period, counted

KINDS = ("first", "next", "resolution")


@dataclass(frozen=True, slots=True)
class Promise:
    """`kind` is first or next (response), or resolution. `late` are past their deadline and still run."""

    kind: str
    met: int
    missed: int
    late: int

    @property
    def share(self) -> float:
        return self.met / (self.met + self.missed) if self.met + self.missed else 0.0


def promises(session: Session, period: Period, departments: Sequence[str] | None) -> list[Promise]:
    """Of the clocks that had a target and ended in the period; [] where no policy sets any."""
    ended = _counts(session, departments, TicketClock.stopped_at >= period.since, TicketClock.stopped_at < period.until)
    running = _counts(session, departments, TicketClock.stopped_at.is_(None), TicketClock.due_at < period.until)
    found = [
        Promise(kind, ended.get((kind, "met"), 0), ended.get((kind, "missed"), 0), running.get((kind, "running"), 0))
        for kind in KINDS
    ]
    return [one for one in found if one.met or one.missed or one.late]


def _counts(session: Session, departments: Sequence[str] | None, *which: object) -> dict[tuple[str, str], int]:
    statement = (
        select(TicketClock.kind, TicketClock.state, func.count())
        .join(Ticket, Ticket.id == TicketClock.ticket_id)
        .where(TicketClock.target.is_not(None), *counted(departments), *which)  # type: ignore[arg-type]
        .group_by(TicketClock.kind, TicketClock.state)
    )
    return {(kind, state): count for kind, state, count in session.execute(statement)}
