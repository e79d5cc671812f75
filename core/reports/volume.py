"""How much came in and when, how much went out, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import tickets
from core.models import Ticket
from core.reports.stories import Period, Story, counted

AGES = (1, 3, 7, 14, 30)
"""Days."""
OURS = (tickets.OPEN, tickets.CUSTOMER_REPLY, "In Progress")
"""The states in which somebody waits for us."""


@dataclass(frozen=True, slots=True)
class Volume:
    """`week` has a row of 24 hours for each weekday, Monday first; departments are those with the most first."""

    opened: int
    closed: int
    days: tuple[date, ...]
    opened_by_day: tuple[int, ...]
    closed_by_day: tuple[int, ...]
    week: tuple[tuple[int, ...], ...]
    by_department: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is open now, by age since it was opened: `ages` has up to each of `AGES` days, and older last."""

    open: int
    waiting_for_us: int
    unassigned: int
    oldest_days: int
    ages: tuple[int, ...]
    ages_ours: tuple[int, ...]
    """The same of those that wait for us alone."""


def volume(stories: Sequence[Story], period: Period) -> Volume:
    """A ticket closed, opened again and closed counts as closed once, at the end."""
    opened = [story for story in stories if story.opened in period]
    moments = [story.opened.astimezone(period.zone) for story in opened]
    closed = [story.closed.astimezone(period.zone) for story in stories if story.closed and story.closed in period]
    days = tuple(day.date() for day in period.days)
    on_day, ended = Counter(moment.date() for moment in moments), Counter(moment.date() for moment in closed)
    hours = Counter((moment.weekday(), moment.hour) for moment in moments)
    return Volume(
        opened=len(opened),
        closed=len(closed),
        days=days,
        opened_by_day=tuple(on_day[day] for day in days),
        closed_by_day=tuple(ended[day] for day in days),
        week=tuple(tuple(hours[weekday, hour] for hour in range(24)) for weekday in range(7)),
        by_department=tuple(Counter(story.department for story in opened).most_common()),
    )


def backlog(session: Session, period: Period, departments: Sequence[str] | None) -> Backlog:
    """As it is now, which for a period that is over is later than its end."""
    rows = session.execute(
        select(Ticket.created_at, Ticket.status, Ticket.assignee).where(
            *counted(departments), Ticket.status != tickets.CLOSED
        )
    ).all()
    now = max([period.until, *(row.created_at for row in rows)])
    ages = [(now - row.created_at, row.status in OURS) for row in rows]
    return Backlog(
        open=len(rows),
        waiting_for_us=sum(1 for _, ours in ages if ours),
        unassigned=sum(1 for row in rows if not row.assignee),
        oldest_days=max((age.days for age, _ in ages), default=0),
        ages=_by_age([age for age, _ in ages]),
        ages_ours=_by_age([age for age, ours in ages if ours]),
    )


def _by_age(ages: Sequence[timedelta]) -> tuple[int, ...]:
    counts = [0] * (len(AGES) + 1)
    for age in ages:
        counts[next((place for place, most in enumerate(AGES) if age <= timedelta(days=most)), len(AGES))] += 1
    return tuple(counts)
