"""Every figure of the report, against desks made by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.database import Sessions
from core.models import Rating, TimeSpent
from core.models.clocks import TicketClock
from core.reports.stories import Period
from core.reports.times import Distribution, distribution
from core.reports.whole import departments_of
from tests.reports.desks import DANA, DESK, MONDAY, SAM, WEEK, ZONE, MadeDesk


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


D = timedelta(days=1)
NOW = timedelta()


@pytest.fixture
def desk(database_sessions: Sessions) -> MadeDesk:
    return MadeDesk(database_sessions)


def test_an_empty_desk_has_an_empty_report(desk: MadeDesk) -> None:
    figures = desk.report()
    assert figures.empty and figures.volume.opened == 0 and figures.first_response == Distribution()
    assert figures.before.first_response is None and figures.bot.share == 0.0


def test_volume_by_day_hour_of_the_week_and_department_in_the_desk_s_own_time(desk: MadeDesk) -> None:
    desk.ticket(h(0))  # Monday at midnight in Berlin, Sunday in UTC
    desk.ticket(h(9.5), department="Sales")
    desk.ticket(2 * D + h(9), closed_at=MONDAY + 3 * D, status="Closed")
    desk.ticket(6 * D + h(23.9))
    desk.ticket(-h(1))  # the week before
    desk.ticket(7 * D)  # the week after
    figures = desk.report().volume
    assert (figures.opened, figures.closed) == (4, 1)
    assert figures.days[0] == date(2026, 11, 16) and len(figures.days) == 7
    assert figures.opened_by_day == (2, 0, 1, 0, 0, 0, 1) and figures.closed_by_day == (0, 0, 0, 1, 0, 0, 0)
    assert [(day, hour) for day in range(7) for hour in range(24) if figures.week[day][hour]] == [
        (0, 0),
        (0, 9),
        (2, 9),
        (6, 23),
    ]
    assert figures.by_department == (("Support", 3), ("Sales", 1))


def test_a_week_with_the_end_of_summer_time_has_seven_days() -> None:
    start = datetime(2026, 10, 19, tzinfo=ZONE)
    period = Period(start, datetime(2026, 10, 26, tzinfo=ZONE), ZONE)
    assert [day.date().day for day in period.days] == [19, 20, 21, 22, 23, 24, 25]


def test_median_and_ninetieth_percentile_by_nearest_rank() -> None:
    made = distribution([60.0 * minute for minute in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)])
    assert (made.count, made.median, made.ninetieth) == (10, 5.5 * 60, 9 * 60)
    assert made.steps == (9, 0, 1, 0, 0, 0, 0)
    assert distribution([900, 901, 3 * 86400, 3 * 86400 + 1]).steps == (1, 1, 0, 0, 0, 1, 1)


def test_first_and_next_response(desk: MadeDesk) -> None:
    desk.ticket(
        NOW,
        ("client", NOW),
        ("client", h(1)),  # does not start the wait anew
        ("note sam@desk.example", h(1.5)),  # is no answer
        ("sam@desk.example", h(2)),
        ("sam@desk.example", h(3)),
        ("client", h(4)),
        ("sam@desk.example", h(4.5)),
        ("client", h(6)),  # still waits
    )
    figures = desk.report()
    assert (figures.first_response.count, figures.first_response.median) == (1, 2 * 3600)
    assert (figures.next_response.count, figures.next_response.median) == (1, 1800)


def test_what_staff_begin_has_no_first_response(desk: MadeDesk) -> None:
    desk.ticket(NOW, ("sam@desk.example", NOW), ("client", h(1)), ("sam@desk.example", h(2)))
    figures = desk.report()
    assert figures.first_response.count == 0 and figures.next_response.median == 3600 and figures.bot.tickets == 0


def test_a_wait_belongs_to_the_period_in_which_it_began(desk: MadeDesk) -> None:
    desk.ticket(-h(2), ("client", NOW), ("sam@desk.example", h(3)), ("client", h(4)), ("sam@desk.example", h(5)))
    figures = desk.report()
    assert figures.first_response.count == 0 and figures.next_response.count == 1


def test_the_bot_ends_a_wait_only_until_the_client_writes_again(desk: MadeDesk) -> None:
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), ("sam@desk.example", h(3)))  # a part was left to Sam
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), ("client", h(5)), ("sam@desk.example", h(6)))
    assert sorted([desk.report().first_response.median * 2]) == [4 * 3600]
    assert desk.report().first_response.steps == (0, 1, 1, 0, 0, 0, 0)


def test_share_of_the_bot_and_what_it_got_wrong(desk: MadeDesk) -> None:
    answered = {"status": "Answered"}
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), **answered)
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), ("client", h(1)), ("bot", h(1.1)), status="Closed")
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), ("client", h(1)), ("sam@desk.example", h(2)), **answered)
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), ("client", h(1)), status="Customer-Reply")
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), ("sam@desk.example", h(2)), **answered)
    moved = desk.ticket(NOW, ("client", NOW), ("sam@desk.example", h(2)), **answered)
    desk.moved(moved, h(1))
    desk.moved(moved, h(2))
    desk.ticket(-D, ("client", NOW), ("bot", h(0.1)), ("client", D + h(1)), **answered)  # of the week before
    desk.ticket(NOW, ("client", NOW), ("bot", h(0.1)), spam=True)
    figures = desk.report().bot
    assert (figures.tickets, figures.alone, figures.taken_over, figures.people) == (6, 2, 3, 1)
    assert (figures.came_back, figures.moved) == (2, 1) and figures.share == pytest.approx(2 / 6)


def test_deadlines_met_missed_and_running_late(desk: MadeDesk) -> None:
    ticket = desk.ticket(NOW, ("client", NOW))
    made = {"policy": "All", "department": "Support", "priority": "Medium", "edition": "1", "target": 60}
    made |= {"worked": 0, "started_at": MONDAY, "due_at": MONDAY + h(1), "steps_done": 0}

    def clock(kind: str, state: str, stopped: timedelta | None, **other: object) -> None:
        stopped_at = MONDAY + stopped if stopped is not None else None
        desk.note(ticket, TicketClock, kind=kind, state=state, stopped_at=stopped_at, **{**made, **other})

    for state in ("met", "met", "met", "missed", "void"):
        clock("first", state, h(2))
    clock("first", "met", 8 * D)
    clock("next", "running", None)
    clock("next", "running", None, due_at=MONDAY + 8 * D)
    clock("resolution", "met", h(2), target=None)
    first, following = desk.report().promises
    assert (first.kind, first.met, first.missed, first.late, first.share) == ("first", 3, 1, 0, 0.75)
    assert (following.kind, following.met, following.missed, following.late) == ("next", 0, 0, 1)


def test_satisfaction_counts_what_was_said_in_the_period(desk: MadeDesk) -> None:
    def rated(score: int | None, asked: timedelta, at: timedelta | None, comment: str = "") -> None:
        ticket = desk.ticket(NOW, status="Closed")
        rated_at = MONDAY + at if at is not None else None
        desk.note(
            ticket, Rating, address="alice@bakery.example", asked_at=MONDAY + asked, rated_at=rated_at, score=score,
            comment=comment,
        )  # fmt: skip

    rated(2, h(1), h(2), "Quick!")
    rated(2, -D, h(3))
    rated(1, h(1), h(4), "Too slow")
    rated(None, h(1), None)
    rated(1, h(1), 8 * D, "later")
    figures = desk.report().satisfaction
    assert (figures.asked, figures.good, figures.bad, figures.share) == (4, 2, 1, pytest.approx(2 / 3))
    assert [(one.good, one.text) for one in figures.comments] == [(False, "Too slow"), (True, "Quick!")]


def test_backlog_by_age(desk: MadeDesk) -> None:
    for age in (0.5, 1, 2, 6, 20, 45):
        desk.ticket(7 * D - age * D, ("client", NOW), assignee="sam@desk.example" if age == 2 else "")
    desk.ticket(7 * D - 40 * D, status="Pending")
    desk.ticket(NOW, status="Closed")
    desk.ticket(NOW, spam=True)
    desk.ticket(NOW, merged_into=1)
    figures = desk.report().backlog
    assert (figures.open, figures.waiting_for_us, figures.unassigned, figures.oldest_days) == (7, 6, 6, 45)
    assert figures.ages == (2, 1, 1, 0, 1, 2) and figures.ages_ours == (2, 1, 1, 0, 1, 1)


def test_each_person_s_answers_tickets_waits_and_time(desk: MadeDesk) -> None:
    first = desk.ticket(
        NOW, ("client", NOW), ("sam@desk.example", h(1)), ("sam@desk.example", h(2)), ("note dana@desk.example", h(3))
    )
    desk.ticket(NOW, ("client", NOW), ("sam@desk.example", h(3)), ("client", h(4)), ("gone@desk.example", h(5)))
    desk.ticket(-9 * D, ("client", NOW), ("dana@desk.example", h(3)))
    desk.note(first, TimeSpent, who="dana@desk.example", minutes=30, at=MONDAY)
    desk.note(first, TimeSpent, who="dana@desk.example", minutes=15, at=MONDAY + D)
    desk.note(first, TimeSpent, who="sam@desk.example", minutes=99, at=MONDAY + 9 * D)
    figures = desk.report()
    assert [(one.name, one.answers, one.tickets, one.median, one.minutes) for one in figures.people] == [
        ("Sam Lee", 3, 2, 2 * 3600, 0),
        ("gone@desk.example", 1, 1, 3600, 0),
        ("Dana Cole", 0, 0, None, 45),
    ]
    assert figures.minutes == 45


def test_resolution_is_from_the_opening_to_the_end(desk: MadeDesk) -> None:
    desk.ticket(-10 * D, status="Closed", closed_at=MONDAY + D)
    desk.ticket(NOW, status="Closed", closed_at=MONDAY + h(1))
    desk.ticket(-10 * D, status="Closed", closed_at=MONDAY - D)
    figures = desk.report().resolution
    assert figures.count == 2 and figures.median == (11 * 86400 + 3600) / 2


def test_a_department_s_report_is_about_nothing_else(desk: MadeDesk) -> None:
    for department in ("Support", "Sales"):
        ticket = desk.ticket(NOW, ("client", NOW), ("sam@desk.example", h(1)), department=department)
        desk.note(ticket, TimeSpent, who="sam@desk.example", minutes=10, at=MONDAY)
        desk.note(ticket, Rating, address="a@x.example", asked_at=MONDAY, rated_at=MONDAY, score=2)
        desk.moved(ticket, h(1))
    figures = desk.report(departments=("Sales",))
    assert figures.volume.by_department == (("Sales", 1),) and figures.backlog.open == 1 and figures.minutes == 10
    assert figures.satisfaction.good == 1 and figures.bot.moved == 1 and figures.first_response.count == 1


def test_the_period_before_is_as_long(desk: MadeDesk) -> None:
    desk.ticket(-D, ("client", NOW), ("sam@desk.example", h(2)))
    desk.ticket(-8 * D, ("client", NOW), ("sam@desk.example", h(9)))
    desk.ticket(NOW, ("client", NOW), ("sam@desk.example", h(1)))
    figures = desk.report()
    assert (figures.before.opened, figures.before.first_response, figures.now.first_response) == (1, 7200, 3600)
    assert WEEK.before.until == WEEK.since


def test_an_admin_s_figures_are_of_all_and_an_agent_s_of_their_departments() -> None:
    assert departments_of(DESK, SAM) == ("Support", "Billing") and departments_of(DESK, DANA) is None
    assert ZoneInfo("Europe/Berlin") == ZONE
