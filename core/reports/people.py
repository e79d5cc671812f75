"""What each of the staff did, and what clients thought of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.desk import Desk
from core.models import Rating, Ticket, TimeSpent
from core.reports.stories import STAFF, Period, Story, counted
from core.reports.times import Wait

GOOD = 2


@dataclass(frozen=True, slots=True)
class Person:
    """`answers` are messages to clients, `tickets` those that they were on; `median` is of the waits they ended."""

    name: str
    answers: int
    tickets: int
    median: float | None
    """Seconds."""
    minutes: int


@dataclass(frozen=True, slots=True)
class Comment:
    number: str
    good: bool
    text: str


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`asked` in the period; `good` and `bad` were said in it, of whatever was asked when. Newest comments first."""

    asked: int
    good: int
    bad: int
    comments: tuple[Comment, ...] = ()

    @property
    def share(self) -> float:
        rated = self.good + self.bad
        return self.good / rated if rated else 0.0


def people(
    session: Session,
    desk: Desk,
    stories: Sequence[Story],
    waits: Sequence[Wait],
    period: Period,
    departments: Sequence[str] | None,
) -> list[Person]:
    """Whoever answered or logged time, the busiest first; somebody who has left by their address."""
    said = [(one.author, story.id) for story in stories for one in story.said if one.by == STAFF and one.at in period]
    answers, on = Counter(author for author, _ in said), Counter(author for author, _ in set(said))
    minutes = _minutes(session, period, departments)
    names = {member.email.lower(): member.name for member in desk.staff()}
    found = []
    for address in {*answers, *minutes}:
        seconds = [wait.seconds for wait in waits if wait.by == address]
        name = names.get(address.lower(), address)
        half = median(seconds) if seconds else None
        found.append(Person(name, answers[address], on[address], half, minutes.get(address, 0)))
    return sorted(found, key=lambda person: (-person.answers, -person.minutes, person.name))


def _minutes(session: Session, period: Period, departments: Sequence[str] | None) -> dict[str, int]:
    statement = (
        select(TimeSpent.who, func.sum(TimeSpent.minutes))
        .join(Ticket, Ticket.id == TimeSpent.ticket_id)
        .where(TimeSpent.at >= period.since, TimeSpent.at < period.until, *counted(departments))
        .group_by(TimeSpent.who)
    )
    return {who: int(minutes) for who, minutes in session.execute(statement)}


def satisfaction(session: Session, period: Period, departments: Sequence[str] | None) -> Satisfaction:
    of_ours = select(Rating, Ticket.number).join(Ticket, Ticket.id == Rating.ticket_id).where(*counted(departments))
    asked = of_ours.where(Rating.asked_at >= period.since, Rating.asked_at < period.until)
    rated = of_ours.where(Rating.rated_at >= period.since, Rating.rated_at < period.until, Rating.score.is_not(None))
    rows = session.execute(rated.order_by(Rating.rated_at.desc())).all()
    good = sum(1 for rating, _ in rows if rating.score == GOOD)
    return Satisfaction(
        asked=session.scalar(select(func.count()).select_from(asked.subquery())) or 0,
        good=good,
        bad=len(rows) - good,
        comments=tuple(
            Comment(number, rating.score == GOOD, rating.comment) for rating, number in rows if rating.comment.strip()
        ),
    )
