"""All figures of a period in one value, with the main ones of the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.desk import Desk
from core.people import StaffMember
from core.reports.bot import Bot, bot
from core.reports.people import Person, Satisfaction, people, satisfaction
from core.reports.promises import Promise, promises
from core.reports.stories import Period, stories
from core.reports.times import Distribution, distribution, resolutions, waits
from core.reports.volume import Backlog, Volume, backlog, volume


@dataclass(frozen=True, slots=True)
class Headline:
    """What a period is compared by; times in seconds, None where nothing was measured."""

    opened: int
    closed: int
    first_response: float | None
    bot_share: float | None
    good_share: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """`departments` are those that it is about, None for all."""

    period: Period
    departments: tuple[str, ...] | None
    volume: Volume
    first_response: Distribution
    next_response: Distribution
    resolution: Distribution
    bot: Bot
    promises: tuple[Promise, ...]
    satisfaction: Satisfaction
    backlog: Backlog
    people: tuple[Person, ...]
    minutes: int
    now: Headline
    before: Headline

    @property
    def empty(self) -> bool:
        """Nothing happened, and nothing is open."""
        return not (self.volume.opened or self.volume.closed or self.backlog.open or self.people)


def report(session: Session, desk: Desk, period: Period, departments: Sequence[str] | None = None) -> Report:
    """Reads only. Costs a pass over the messages of the tickets that the period and the one before touched."""
    told = stories(session, period, departments)
    waited = [wait for story in told for wait in waits(story, period)]
    staff = people(session, desk, told, waited, period, departments)
    return Report(
        period=period,
        departments=None if departments is None else tuple(departments),
        volume=volume(told, period),
        first_response=distribution(wait.seconds for wait in waited if wait.first),
        next_response=distribution(wait.seconds for wait in waited if not wait.first),
        resolution=resolutions(told, period),
        bot=bot(session, told, period, departments),
        promises=tuple(promises(session, period, departments)),
        satisfaction=satisfaction(session, period, departments),
        backlog=backlog(session, period, departments),
        people=tuple(staff),
        minutes=sum(person.minutes for person in staff),
        now=headline(session, period, departments),
        before=headline(session, period.before, departments),
    )


def headline(session: Session, period: Period, departments: Sequence[str] | None) -> Headline:
    told = stories(session, period, departments)
    first = distribution(wait.seconds for story in told for wait in waits(story, period) if wait.first)
    answered, rated = bot(session, told, period, departments), satisfaction(session, period, departments)
    counts = volume(told, period)
    return Headline(
        opened=counts.opened,
        closed=counts.closed,
        first_response=first.median if first.count else None,
        bot_share=answered.share if answered.tickets else None,
        good_share=rated.share if rated.good + rated.bad else None,
    )


def departments_of(desk: Desk, member: StaffMember) -> tuple[str, ...] | None:
    """What a member's figures are about: their departments, None (all) for an admin."""
    if member.role == "admin":
        return None
    return tuple(one.name for one in desk.departments if member.works_in(one.name))
