"""The clocks as people read them: when something is due, for notices and records; what was kept, for reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.desk import Desk
from core.models import ClockStep, Ticket, TicketClock
from core.sla import clocks
from core.sla.calendars import worktime
from core.sla.policies import RESOLUTION

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that runs: first, next or resolution. `at` is UTC; `left` is working time, from or to it."""

    kind: str
    at: datetime
    left: timedelta
    overdue: bool
    zone: ZoneInfo

    @property
    def minutes(self) -> int:
        """What is left, where it is less than an hour; else 0."""
        return max(1, round(self.left / timedelta(minutes=1))) if self.left < HOUR else 0

    @property
    def hours(self) -> int:
        return round(self.left / HOUR)


def due_of(desk: Desk, clock: TicketClock, now: datetime) -> Due | None:
    """None for one that stands, has ended, or has no deadline."""
    policy = desk.policies.named(clock.policy)
    if clock.state != clocks.RUNNING or clock.due_at is None or policy is None:
        return None
    first, last = sorted((now, clock.due_at))
    return Due(
        kind=clock.kind,
        at=clock.due_at,
        left=worktime(policy.calendar, first, last),
        overdue=clock.due_at < now,
        zone=policy.calendar.zone,
    )


def next_due(session: Session, desk: Desk, ticket: Ticket, now: datetime) -> Due | None:
    """What is owed to the client first: the answer, else the solution; by what is on the ticket now."""
    clocks.settle(session, desk, ticket, now)
    found = [due for clock in clocks.of(session, ticket) if (due := due_of(desk, clock, now)) is not None]
    return min(found, key=lambda due: (due.kind == RESOLUTION, due.at), default=None)


def documents(session: Session, ticket: Ticket) -> list[dict[str, Any]]:
    """The clocks of a stored ticket as `helpdesk ticket show` prints them; times are ISO 8601, in UTC."""
    rows = session.scalars(select(TicketClock).where(TicketClock.ticket_id == ticket.id).order_by(TicketClock.id)).all()
    steps = session.scalars(
        select(ClockStep).where(ClockStep.clock_id.in_([row.id for row in rows])).order_by(ClockStep.step)
    ).all()
    return [
        {
            "kind": row.kind,
            "state": row.state,
            "policy": row.policy or None,
            "target_minutes": row.target // 60 if row.target is not None else None,
            "worked_minutes": row.worked // 60,
            "started": row.started_at.isoformat(),
            "due": row.due_at.isoformat() if row.due_at else None,
            "stopped": row.stopped_at.isoformat() if row.stopped_at else None,
            "steps": [step.at.isoformat() for step in steps if step.clock_id == row.id],
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Kept:
    """How one clock of a ticket ended, or how it stands: its `state` is that of `TicketClock`.

    `worked` is the working time it took; of one that still runs, until the report. `late`: missed, or overdue.
    """

    number: str
    department: str
    priority: str
    assignee: str
    kind: str
    policy: str
    state: str
    started: datetime
    stopped: datetime | None
    target: timedelta | None
    worked: timedelta
    late: bool


def kept(session: Session, desk: Desk, since: datetime, until: datetime, now: datetime) -> Sequence[Kept]:
    """Every clock that was started in [since, until), the oldest first; those that ended in nothing are left out."""
    statement = (
        select(TicketClock, Ticket.number, Ticket.assignee)
        .join(Ticket, Ticket.id == TicketClock.ticket_id)
        .where(TicketClock.started_at >= since, TicketClock.started_at < until, TicketClock.state != clocks.VOID)
        .order_by(TicketClock.started_at, TicketClock.id)
    )
    return [_kept(desk, clock, number, assignee, now) for clock, number, assignee in session.execute(statement)]


def _kept(desk: Desk, clock: TicketClock, number: str, assignee: str, now: datetime) -> Kept:
    took = clocks.worked(desk, clock, now)
    target = timedelta(seconds=clock.target) if clock.target is not None else None
    open_and_late = clock.stopped_at is None and target is not None and took > target
    return Kept(
        number=number,
        department=clock.department,
        priority=clock.priority,
        assignee=assignee,
        kind=clock.kind,
        policy=clock.policy,
        state=clock.state,
        started=clock.started_at,
        stopped=clock.stopped_at,
        target=target,
        worked=took,
        late=clock.state == clocks.MISSED or open_and_late,
    )
