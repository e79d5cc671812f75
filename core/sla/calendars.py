"""Working time: how much of it lies between two moments, and when so much of it will have passed.

Pure arithmetic. A calendar is read in its own time zone, so an office that opens at nine opens at nine in summer and
in winter; every moment that comes in or goes out is aware, and what goes out is UTC. An hour that the clocks skip is
no working time, one that they repeat counts twice: that is how long people sit there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Interval = tuple[int, int]
"""From and to, in minutes since midnight by the clock on the wall; 1440 is the end of the day."""
DAY_MINUTES = 24 * 60
ALL_DAY: tuple[Interval, ...] = ((0, DAY_MINUTES),)
LONGEST_DAYS = 3660
"""So far ahead a deadline is looked for: a calendar that has no working time in ten years has none."""


def no_holidays(year: int) -> frozenset[date]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week` has the intervals of Monday to Sunday, in order and apart; `yearly` are (month, day)."""

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...]
    dated: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    national: Callable[[int], frozenset[date]] = field(default=no_holidays, compare=False)
    """The holidays of a year."""

    def holiday(self, day: date) -> bool:
        return day in self.dated or (day.month, day.day) in self.yearly or day in self.national(day.year)

    def hours(self, day: date) -> tuple[Interval, ...]:
        return () if self.holiday(day) else self.week[day.weekday()]


def round_the_clock(name: str, zone: ZoneInfo) -> Calendar:
    return Calendar(name, zone, (ALL_DAY,) * 7)


def worktime(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between them; none if `end` comes first."""
    total = timedelta()
    for opens, closes in _windows(calendar, start):
        if opens >= end:
            break
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return total


def moment_after(calendar: Calendar, start: datetime, work: timedelta) -> datetime:
    """The first moment by which so much has been worked since `start`, in UTC. Raises ValueError where nobody works."""
    left = work
    if left <= timedelta():
        return start.astimezone(UTC)
    for opens, closes in _windows(calendar, start):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= max(timedelta(), closes - begins)
    raise ValueError(f"the calendar {calendar.name} has too little working time")


def is_open(calendar: Calendar, moment: datetime) -> bool:
    return any(opens <= moment < closes for opens, closes in _of_day(calendar, _local_day(calendar, moment)))


def opening(calendar: Calendar, moment: datetime) -> datetime | None:
    """When the day of that moment begins to be worked, in UTC; None on a day off."""
    return next((opens for opens, _ in _of_day(calendar, _local_day(calendar, moment))), None)


def _local_day(calendar: Calendar, moment: datetime) -> date:
    return moment.astimezone(calendar.zone).date()


def _windows(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working hours from that day on, in order and in UTC; those before `start` on that day as well."""
    first = _local_day(calendar, start)
    for ahead in range(LONGEST_DAYS):
        yield from _of_day(calendar, first + timedelta(days=ahead))


def _of_day(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for start, end in calendar.hours(day):
        opens, closes = _wall(day, start, calendar.zone), _wall(day, end, calendar.zone)
        # Where the clocks skip an hour, a time in it stands for the one behind: what is before is not counted twice.
        opens = max(opens, found[-1][1]) if found else opens
        if opens < closes:
            found.append((opens, closes))
    return found


def _wall(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    midnight = day + timedelta(days=minutes // DAY_MINUTES)
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    return datetime.combine(midnight, time(hour, minute), zone).astimezone(UTC)
