"""The three clocks of a ticket, from the mails that start, hold, stop and resume them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot import clocks as configured
from bot.settings.clocks import CalendarSettings, ClocksSettings, PolicySettings
from core.models import Ticket
from core.sla import deadlines
from core.sla.escalation import escalate
from core.tickets import PENDING, Tickets
from tests import desk as desks
from tests.desk import Read, TestDesk

BROKEN = "My shop page has been empty since this morning and I do not know what to do about it."
STILL = "It is still empty, would you please look at it once more?"
DOMAINS = "Which domains do I have?"
Make = Callable[..., TestDesk]


@pytest.fixture
def make(tmp_path: Path, sqlite_filled_url: str) -> Make:
    return lambda **changes: desks.make(tmp_path, sqlite_filled_url, **changes)


@pytest.fixture
def sqlite_filled_url(tmp_path: Path, sqlite_filled: Path) -> str:
    (tmp_path / "own.db").write_bytes(sqlite_filled.read_bytes())
    return f"sqlite:///{tmp_path / 'own.db'}"


def at(desk: TestDesk, text: str) -> None:
    desk.clock.now = datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock(desk: TestDesk, kind: str) -> dict[str, Any]:
    """The newest clock of that kind on the newest ticket."""
    found: dict[str, Any] = [one for one in desk.ticket()["clocks"] if one["kind"] == kind][-1]
    return found


def due(desk: TestDesk, kind: str = "first") -> str:
    return str(clock(desk, kind)["due"])[:16].replace("T", " ")


def state(desk: TestDesk, kind: str) -> str:
    return str(clock(desk, kind)["state"])


def kinds(desk: TestDesk) -> list[str]:
    return [one["kind"] for one in desk.ticket()["clocks"]]


def opens(desk: TestDesk, text: str = BROKEN) -> Read:
    """Alice opens a ticket; the notification that Sam gets."""
    return desk.says("alice", text).all_to("sam")[0]


def with_holiday(*days: str) -> dict[str, Any]:
    return {"calendars": (CalendarSettings("office", holidays=days),)}


@pytest.mark.parametrize(
    ("opened", "answer_due", "solution_due"),
    [
        ("2026-11-25 10:00", "2026-11-26 10:00", "2026-11-30 10:00"),  # inside working hours
        ("2026-11-25 06:30", "2026-11-25 17:00", "2026-11-27 17:00"),  # before them
        ("2026-11-25 21:00", "2026-11-26 17:00", "2026-11-30 17:00"),  # after them
        ("2026-11-28 12:00", "2026-11-30 17:00", "2026-12-02 17:00"),  # on a day nobody works
        ("2026-11-27 16:00", "2026-11-30 16:00", "2026-12-02 16:00"),  # on Friday evening
    ],
)
def test_deadlines_are_working_time_away(
    desk_on_sqlite: TestDesk, opened: str, answer_due: str, solution_due: str
) -> None:
    at(desk_on_sqlite, opened)
    opens(desk_on_sqlite)
    assert (due(desk_on_sqlite), due(desk_on_sqlite, "resolution")) == (answer_due, solution_due)


def test_a_holiday_is_no_working_day(make: Make) -> None:
    desk = make(**with_holiday("11-26"))
    at(desk, "2026-11-25 16:00")
    opens(desk)
    assert due(desk) == "2026-11-27 16:00"


def test_staff_read_in_the_notification_when_the_answer_is_due(desk: TestDesk) -> None:
    at(desk, "2026-11-27 10:00")
    told = opens(desk)
    assert "Answer due:  by 30 Nov 2026, 10:00" in told.text and "in 8 working hours" in " ".join(told.text.split())
    at(desk, "2026-11-30 09:40")
    again = desk.says("alice", STILL).to("sam")
    assert "in 8 working hours" in " ".join(again.text.split()), "a new ticket has its own deadline"


def test_a_deadline_that_has_passed_is_shown_as_overdue(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    opens(desk)
    at(desk, "2026-11-26 12:00")
    acknowledged = desk.letters().of_kind("acknowledgement")[0]
    told = desk.says("alice", STILL, reply_to=acknowledged).to("sam")
    assert "overdue since 25 Nov 2026" in told.text


def test_an_acknowledgement_stops_nothing_and_a_public_answer_of_staff_is_the_first_answer(desk: TestDesk) -> None:
    told = opens(desk)
    assert state(desk, "first") == "running"
    desk.clock.advance(hours=3)
    desk.says("sam", "#note\nI look into it.", reply_to=told)
    assert state(desk, "first") == "running", "a note is no answer"
    desk.says("sam", "It works again.", reply_to=told)
    first = clock(desk, "first")
    assert (first["state"], first["worked_minutes"]) == ("met", 180)
    assert state(desk, "resolution") == "running"


def test_an_answer_after_the_deadline_has_missed_it(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    told = opens(desk)
    at(desk, "2026-11-26 10:00")
    desk.says("sam", "It works again.", reply_to=told)
    first = clock(desk, "first")
    assert (first["state"], first["worked_minutes"], first["target_minutes"]) == ("missed", 9 * 60, 8 * 60)


def test_the_next_answer_is_owed_from_the_oldest_message_that_nobody_answered(desk: TestDesk) -> None:
    told = opens(desk)
    answer = desk.says("sam", "Please try again.", reply_to=told).to("alice")
    assert kinds(desk) == ["first", "resolution"]
    desk.clock.advance(hours=1)
    desk.says("alice", STILL, reply_to=answer)
    waiting = clock(desk, "next")
    desk.clock.advance(hours=2)
    desk.says("alice", "Are you there? The page is still empty.", reply_to=answer)
    assert clock(desk, "next") == waiting, "who writes twice does not wait less long"
    desk.says("sam", "We found it.", reply_to=told)
    assert (state(desk, "next"), clock(desk, "next")["worked_minutes"]) == ("met", 120)


def test_thanks_for_an_answer_owe_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    answer = desk.says("sam", "It works again.", reply_to=opens(desk)).to("alice")
    desk.says("alice", "Thank you!", reply_to=answer)
    assert kinds(desk) == ["first", "resolution"]


def test_what_the_desk_answers_alone_waits_for_nobody_until_the_client_writes_again(desk: TestDesk) -> None:
    answer = desk.says("alice", DOMAINS).to("alice")
    assert (state(desk, "first"), state(desk, "resolution")) == ("paused", "paused")
    desk.clock.advance(days=1)
    told = desk.says("alice", BROKEN, reply_to=answer).to("sam")
    assert (state(desk, "first"), due(desk)) == ("running", "2026-11-26 17:00")
    assert "Answer due" in told
    desk.clock.advance(hours=1)
    desk.says("sam", "It works again.", reply_to=told)
    assert (state(desk, "first"), clock(desk, "first")["worked_minutes"]) == ("met", 60)


def test_an_answer_of_the_desk_does_not_stop_the_clock_of_somebody_who_waits(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    opens(desk)
    acknowledged = desk.letters().of_kind("acknowledgement")[0]
    answered = desk.says("alice", DOMAINS, reply_to=acknowledged)
    assert [mail.kind for mail in answered.all_to("alice")] == ["answer"]
    assert state(desk, "first") == "running"


def test_an_answer_of_the_desk_that_the_client_accepts_by_closing_is_the_first_answer(desk: TestDesk) -> None:
    answer = desk.says("alice", DOMAINS).to("alice")
    number = desk.ticket()["number"]
    desk.clock.advance(days=3)
    desk.says("alice", f"Please close ticket {number}.", reply_to=answer)
    assert desk.ticket(number)["status"] == "Closed"
    ended = {one["kind"]: (one["state"], one["worked_minutes"]) for one in desk.ticket(number)["clocks"]}
    assert ended == {"first": ("met", 0), "resolution": ("met", 0)}


def test_a_ticket_that_is_closed_before_anybody_answered_owes_nothing_unless_it_was_late(desk: TestDesk) -> None:
    desk.says("sam", "#close", reply_to=opens(desk))
    assert (state(desk, "first"), state(desk, "resolution")) == ("void", "met")
    told = opens(desk, "Another page of mine is empty as well, what is going on there?")
    at(desk, "2026-11-27 12:00")
    desk.says("sam", "#close", reply_to=told)
    assert (state(desk, "first"), state(desk, "resolution")) == ("missed", "met")


def test_hold_time_does_not_count(desk: TestDesk) -> None:
    told = opens(desk)
    desk.clock.advance(hours=2)
    desk.says("sam", "#hold", reply_to=told)
    first = clock(desk, "first")
    assert (first["state"], first["due"], first["worked_minutes"]) == ("paused", None, 120)
    desk.clock.advance(hours=4)
    desk.says("sam", "#open", reply_to=told)
    assert (state(desk, "first"), due(desk)) == ("running", "2026-11-26 13:00")


def test_hold_over_a_holiday_does_not_count_the_holiday_either(make: Make) -> None:
    desk = make(**with_holiday("2026-11-26"))
    at(desk, "2026-11-25 15:00")
    told = opens(desk)
    desk.says("sam", "Which page is it?\n#pending", reply_to=told)
    assert state(desk, "resolution") == "paused"
    at(desk, "2026-11-27 10:00")
    desk.says("sam", "#open", reply_to=told)
    assert (clock(desk, "resolution")["worked_minutes"], due(desk, "resolution")) == (0, "2026-12-02 10:00")


def test_a_client_who_answers_a_pending_ticket_resumes_it(desk: TestDesk) -> None:
    told = opens(desk)
    asked = desk.says("sam", "Which page is it?\n#pending", reply_to=told).to("alice")
    desk.clock.advance(days=1)
    desk.says("alice", "It is the page with the cakes, the one with the large pictures.", reply_to=asked)
    assert (state(desk, "resolution"), due(desk, "resolution")) == ("running", "2026-11-30 17:00")
    assert (state(desk, "next"), due(desk, "next")) == ("running", "2026-11-26 17:00")


def test_a_ticket_that_wakes_by_itself_owes_no_answer(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("sam", "Which page is it?\n#pending", reply_to=opens(desk))
    with desk.app.sessions.begin() as session:
        ticket = session.query(Ticket).filter_by(status=PENDING).one()
        Tickets(session, desk.app.around.desk, desk.clock).set_status(ticket, "Open", desk.app.around.desk.address)
    assert kinds(desk) == ["first", "resolution"] and state(desk, "resolution") == "running"


def test_a_ticket_that_takes_in_the_message_of_somebody_who_waits_owes_an_answer(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("sam", "It works again.", reply_to=opens(desk))
    with desk.app.sessions.begin() as session:
        ticket = session.query(Ticket).one()
        Tickets(session, desk.app.around.desk, desk.clock).set_status(ticket, "Customer-Reply", "sam@desk.example")
    assert kinds(desk) == ["first", "resolution", "next"]


def test_a_status_of_the_operators_choice_is_a_pause(make: Make) -> None:
    desk = make(clocks=ClocksSettings(pauses=("Pending", "On Hold", "Answered")))
    desk.says("sam", "It works again.", reply_to=opens(desk))
    assert state(desk, "resolution") == "paused"


def test_reopening_resumes_the_solution_where_it_stopped(desk: TestDesk) -> None:
    told = opens(desk)
    desk.clock.advance(hours=4)
    closing = desk.says("sam", "It works again.\n#close", reply_to=told).to("alice")
    assert (state(desk, "resolution"), clock(desk, "resolution")["worked_minutes"]) == ("met", 240)
    at(desk, "2026-12-01 09:00")
    desk.says("alice", STILL, reply_to=closing)
    assert (state(desk, "resolution"), due(desk, "resolution")) == ("running", "2026-12-03 13:00")
    assert kinds(desk) == ["first", "resolution", "next"]


def test_a_first_answer_that_was_never_given_goes_on_when_it_is_opened_again(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    told = opens(desk)
    desk.says("sam", "#close", reply_to=told)
    desk.clock.advance(hours=1)
    acknowledged = desk.letters().of_kind("acknowledgement")[0]
    desk.says("alice", STILL, reply_to=acknowledged)
    assert (state(desk, "first"), due(desk)) == ("running", "2026-11-26 10:00")
    assert "next" not in kinds(desk)


def test_another_priority_is_another_deadline(desk: TestDesk) -> None:
    told = opens(desk)
    desk.clock.advance(hours=1)
    desk.says("sam", "#high", reply_to=told)
    assert (due(desk), clock(desk, "first")["policy"]) == ("2026-11-25 11:00", "High")
    desk.says("sam", "#low", reply_to=told)
    assert due(desk) == "2026-11-27 17:00"


def test_what_was_worked_by_another_calendar_stays_and_the_rest_runs_by_the_new_one(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    at(desk, "2026-11-27 16:45")
    told = opens(desk)
    at(desk, "2026-11-28 12:00")
    desk.says("sam", "#urgent", reply_to=told)
    assert due(desk) == "2026-11-28 12:15", "15 minutes of Friday, and 15 of Saturday"


def test_another_department_is_another_deadline(make: Make) -> None:
    slow = PolicySettings("Slow", departments=("Billing",), first_response="16h")
    desk = make(policies=(slow, PolicySettings("Others", first_response="8h")))
    told = opens(desk)
    assert due(desk) == "2026-11-25 17:00"
    desk.says("sam", "#dept Billing", reply_to=told)
    assert due(desk) == "2026-11-26 17:00"
    assert [one["due"] for one in desk.ticket()["clocks"] if one["kind"] == "resolution"] == [None], "no target"


def test_an_edit_of_the_calendar_moves_the_deadlines_of_what_is_open(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    at(desk, "2026-11-25 16:00")
    opens(desk)
    desk.says("nina", "I would like to speak with somebody about reselling your servers.", to="sales@desk.example")
    edited = replace(desk.app.settings, **with_holiday("2026-11-26"))
    around = desk.app.around
    now_closed = replace(around.desk, policies=configured.policies(edited, around.billing))
    escalate(replace(around, desk=now_closed))
    assert {one["due"][:10] for ticket in desk.tickets() for one in desk.ticket(ticket["number"])["clocks"]} == {
        "2026-11-27",
        "2026-12-01",
    }


def test_a_change_that_was_no_walk_is_noticed_within_the_next_round(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    opens(desk)
    with desk.app.sessions.begin() as session:
        session.query(Ticket).update({"priority": "High"})
    escalate(desk.app.around)
    assert due(desk) == "2026-11-25 11:00"


def test_robots_and_the_desks_own_tickets_have_no_clocks(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("nina", "I am away until Monday.", headers={"Auto-Submitted": "auto-replied"})
    assert desk.ticket()["clocks"] == []


def test_spam_and_what_was_merged_count_for_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    told = desk.says("nina", "We sell you a place on the first page of every search engine.").to("sam")
    at(desk, "2026-12-01 09:00")
    desk.says("sam", "#spam", reply_to=told)
    assert {one["state"] for one in desk.ticket()["clocks"]} == {"void"}


def test_without_policies_there_are_no_clocks(make: Make) -> None:
    desk = make(clocks=ClocksSettings(enabled=False))
    told = opens(desk)
    assert desk.ticket()["clocks"] == [] and "due" not in told.text.lower()


def test_a_report_gets_what_was_kept_and_what_was_missed(desk: TestDesk) -> None:
    desk.says("sam", "It works again.", reply_to=opens(desk))
    late = opens(desk, "Another page of mine is empty as well, what is going on there?")
    at(desk, "2026-11-27 10:00")
    desk.says("sam", "It works again.", reply_to=late)
    opens(desk, "And now a third page of mine is empty, please do something about it.")
    at(desk, "2026-11-30 12:00")
    with desk.app.sessions() as session:
        since = desk.clock() - timedelta(days=30)
        kept = deadlines.kept(session, desk.app.around.desk, since, desk.clock(), desk.clock())
    firsts = [(one.state, one.late, one.worked / timedelta(hours=1)) for one in kept if one.kind == "first"]
    assert firsts == [("met", False, 0), ("missed", True, 17), ("running", True, 10)]
    assert {one.department for one in kept} == {"Support"} and len(kept) == 6


def test_a_walk_asks_the_database_at_most_once_for_its_clocks(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    asked: list[str] = []

    @event.listens_for(desk.app.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "clock" in statement:
            asked.append(statement.split()[0])

    told = opens(desk)
    assert asked == ["INSERT"]
    asked.clear()
    answer = desk.says("sam", "Please try again.", reply_to=told).to("alice")
    assert asked == ["SELECT", "UPDATE"]
    asked.clear()
    desk.says("alice", STILL, reply_to=answer)
    assert asked == ["SELECT", "INSERT"]
    asked.clear()
    desk.says("alice", STILL, reply_to=answer)
    assert asked == ["SELECT"]
