"""Working time, across weekends, holidays and changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sla.calendars import Calendar, Interval, is_open, moment_after, opening, round_the_clock, worktime

PARIS = ZoneInfo("Europe/Paris")
OFFICE_DAY: tuple[Interval, ...] = ((9 * 60, 17 * 60),)
OFFICE = Calendar("office", PARIS, (OFFICE_DAY,) * 5 + ((), ()))
CHRISTMAS = Calendar("office", PARIS, OFFICE.week, frozenset({date(2026, 12, 28)}), frozenset({(12, 25)}))
HOUR = timedelta(hours=1)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-25 10:00", 2, "2026-11-25 12:00"),  # inside the hours
        ("2026-11-25 06:00", 2, "2026-11-25 11:00"),  # before them
        ("2026-11-25 19:00", 2, "2026-11-26 11:00"),  # after them
        ("2026-11-28 12:00", 2, "2026-11-30 11:00"),  # on a day off
        ("2026-11-27 16:00", 2, "2026-11-30 10:00"),  # on Friday evening
        ("2026-11-27 09:00", 8, "2026-11-27 17:00"),  # until the last minute of a day
        ("2026-11-25 09:00", 24, "2026-11-27 17:00"),
    ],
)
def test_two_hours_are_two_hours_of_the_office(start: str, hours: int, due: str) -> None:
    assert moment_after(OFFICE, paris(start), hours * HOUR) == paris(due)
    assert worktime(OFFICE, paris(start), paris(due)) == hours * HOUR


def test_holidays_of_one_year_and_of_every_year_are_days_off() -> None:
    eve = paris("2026-12-24 16:00")
    assert moment_after(CHRISTMAS, eve, 2 * HOUR) == paris("2026-12-29 10:00")
    assert moment_after(CHRISTMAS, paris("2028-12-24 16:00"), HOUR) == paris("2028-12-26 10:00")
    assert opening(CHRISTMAS, paris("2026-12-25 12:00")) is None
    assert not is_open(CHRISTMAS, paris("2026-12-25 12:00"))


def test_the_office_opens_at_nine_in_summer_and_in_winter() -> None:
    friday_before_summer_time, friday_before_winter_time = paris("2026-03-27 16:00"), paris("2026-10-23 16:00")
    assert moment_after(OFFICE, friday_before_summer_time, 2 * HOUR) == datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    assert moment_after(OFFICE, friday_before_winter_time, 2 * HOUR) == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_an_hour_that_is_skipped_is_no_working_time_and_one_that_is_repeated_counts_twice() -> None:
    nights = Calendar("nights", PARIS, (((60, 240),),) * 7)
    skipped, repeated = date(2026, 3, 29), date(2026, 10, 25)
    for day, hours in ((skipped, 2), (repeated, 4), (date(2026, 6, 1), 3)):
        midnight = datetime.combine(day, datetime.min.time(), PARIS)
        assert worktime(nights, midnight, midnight + timedelta(hours=12)) == hours * HOUR, day


def test_intervals_around_an_hour_that_is_skipped_are_not_counted_twice() -> None:
    shifts = Calendar("shifts", PARIS, (((60, 150), (180, 240)),) * 7)
    assert worktime(shifts, paris("2026-03-29 00:00"), paris("2026-03-29 12:00")) == 2 * HOUR


def test_a_calendar_in_which_nobody_works_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="never"):
        moment_after(Calendar("never", PARIS, ((),) * 7), paris("2026-11-25 10:00"), HOUR)


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata")


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week that has some working time, with holidays in the weeks around both changes of the clocks."""
    week = []
    for _ in range(7):
        marks = sorted(draw(st.lists(st.integers(0, 1440), max_size=4, unique=True)))
        week.append(tuple(zip(marks[::2], marks[1::2], strict=False)))
    if not any(week):
        week[2] = ((540, 1020),)
    off = draw(st.frozensets(st.sampled_from([date(2026, month, day) for month in (3, 4, 10) for day in range(1, 31)])))
    yearly = draw(st.frozensets(st.sampled_from([(1, 1), (3, 29), (10, 25)])))
    return Calendar("any", ZoneInfo(draw(st.sampled_from(ZONES))), tuple(week), off, yearly)


changes = st.sampled_from([datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 4, 3), datetime(2026, 10, 23, tzinfo=UTC)])
moments = st.builds(
    lambda near, minutes: near.replace(tzinfo=UTC) + timedelta(minutes=minutes), changes, st.integers(0, 6 * 1440)
)
spans = st.integers(0, 5 * 1440).map(lambda minutes: timedelta(minutes=minutes))


@given(calendars(), moments, spans, spans)
def test_working_time_adds_up(calendar: Calendar, start: datetime, first: timedelta, second: timedelta) -> None:
    between, end = start + first, start + first + second
    whole = worktime(calendar, start, end)
    assert whole == worktime(calendar, start, between) + worktime(calendar, between, end)
    assert timedelta() <= whole <= end - start
    assert worktime(calendar, end, start) == timedelta()


@given(calendars(), moments, spans)
def test_the_deadline_is_the_first_moment_by_which_so_much_was_worked(
    calendar: Calendar, start: datetime, work: timedelta
) -> None:
    due = moment_after(calendar, start, work)
    assert worktime(calendar, start, due) == work
    if work:
        assert worktime(calendar, start, due - timedelta(seconds=1)) < work


@given(calendars(), moments, st.integers(0, 2 * 1440))
def test_working_time_is_the_minutes_in_which_it_is_open(calendar: Calendar, start: datetime, minutes: int) -> None:
    open_minutes = sum(is_open(calendar, start + timedelta(minutes=one)) for one in range(minutes))
    assert worktime(calendar, start, start + timedelta(minutes=minutes)) == timedelta(minutes=open_minutes)


@given(st.sampled_from(ZONES), moments, spans)
def test_round_the_clock_is_the_time_that_passes(zone: str, start: datetime, span: timedelta) -> None:
    assert worktime(round_the_clock("always", ZoneInfo(zone)), start, start + span) == span
