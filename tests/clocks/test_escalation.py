"""What happens when a clock runs on: who is told, once, and when; what later steps do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.settings import StaffSettings
from bot.settings.clocks import PolicySettings, StepSettings
from core.models import ClockStep, Letter, StaffAbsence, Ticket, TicketClock
from core.sla import clocks, escalation
from core.sla.escalation import escalate
from tests import desk as desks
from tests.clocks.test_clocks import BROKEN, at, opens
from tests.desk import Mails, TestDesk

Make = Callable[..., TestDesk]
SAM = StaffSettings("Sam Lee", "sam@desk.example", (), ("Support", "Billing"), "agent")
DANA = StaffSettings("Dana Cole", "dana@desk.example", (), ("Sales", "Security"), "admin")
LEAD = replace(DANA, departments=("Support",), role="lead")
ANSWER_ONLY = PolicySettings("Answers", first_response="8h", next_response="8h")


@pytest.fixture
def make(tmp_path: Path, filled_database_url: str) -> Make:
    return lambda **changes: desks.make(tmp_path, filled_database_url, **changes)


def rings(desk: TestDesk) -> Mails:
    """A round of the clock; what left the desk because of it."""
    before = desk._letter_ids()
    told = escalate(desk.app.around)
    letters = desk._letters_after(before)
    assert told == len(letters)
    return letters


def policy(*steps: StepSettings, **changes: Any) -> dict[str, Any]:
    return {"policies": (replace(ANSWER_ONLY, steps=steps, **changes),)}


def test_at_three_quarters_the_department_is_told_where_nobody_has_the_ticket(make: Make) -> None:
    desk = make(policies=(ANSWER_ONLY,), staff=(SAM, LEAD))
    opens(desk)
    at(desk, "2026-11-25 14:59")
    assert not rings(desk).mails
    at(desk, "2026-11-25 15:00")
    told = rings(desk)
    assert told.kinds() == [("dana@desk.example", "clock"), ("sam@desk.example", "clock")]
    assert "The first answer is due by 25 Nov 2026, 5:00" in told.to("sam").text
    assert BROKEN[:40] in told.to("sam").text and "nobody" in told.to("sam").text


def test_at_three_quarters_the_assignee_alone_is_told_and_at_the_deadline_the_lead_as_well(make: Make) -> None:
    desk = make(policies=(ANSWER_ONLY,), staff=(SAM, LEAD))
    desk.clock.advance(hours=1)
    desk.says("sam", "#take", reply_to=opens(desk))
    at(desk, "2026-11-25 16:30")
    assert rings(desk).kinds() == [("sam@desk.example", "clock")]
    at(desk, "2026-11-26 10:05")
    late = rings(desk)
    assert late.kinds() == [("dana@desk.example", "clock"), ("sam@desk.example", "clock")]
    assert "The first answer was due by 26 Nov 2026" in late.to("dana").text and "Sam Lee" in late.to("dana").text


def test_an_answer_to_the_warning_goes_to_the_client_and_stops_the_clock(desk: TestDesk) -> None:
    opens(desk)
    at(desk, "2026-11-25 15:00")
    warned = rings(desk).to("sam")
    answered = desk.says("sam", "It works again.", reply_to=warned)
    assert [mail.kind for mail in answered.all_to("alice")] == ["reply"]
    first = next(one for one in desk.ticket()["clocks"] if one["kind"] == "first")
    assert first["state"] == "met" and first["steps"]


def test_a_step_happens_once_however_often_the_clock_rings(desk: TestDesk) -> None:
    opens(desk)
    at(desk, "2026-11-25 15:00")
    assert len(rings(desk)) == 1
    for _ in range(3):
        desk.clock.advance(minutes=1)
        assert not rings(desk).mails
    again = desks.make(desk.app.folder, str(desk.app.engine.url.render_as_string(hide_password=False)))
    again.clock.now = desk.clock.now
    assert escalate(again.app.around) == 0, "a restart has forgotten nothing"


def test_two_processes_that_ring_at_the_same_moment_tell_once(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    opens(desk)
    at(desk, "2026-11-25 15:00")
    look, rounds = escalation._due, iter((1,))

    def meanwhile(*arguments: Any) -> Any:
        found = look(*arguments)
        if next(rounds, 0):
            assert escalate(desk.app.around) == 1, "the other process"
        return found

    monkeypatch.setattr(escalation, "_due", meanwhile)
    assert escalate(desk.app.around) == 0
    with desk.app.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Letter).where(Letter.kind == "clock")) == 1
        assert session.scalar(select(func.count()).select_from(ClockStep)) == 1


def test_an_answer_in_the_same_moment_wins_over_the_warning(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    told = opens(desk)
    at(desk, "2026-11-25 15:00")
    tell = escalation._Round._tell

    def meanwhile(self: Any, *arguments: Any) -> int:
        sent = tell(self, *arguments)
        desk.says("sam", "It works again.", reply_to=told)
        return sent

    monkeypatch.setattr(escalation._Round, "_tell", meanwhile)
    assert escalate(desk.app.around) == 0
    assert not [mail for mail in desk.letters() if mail.kind == "clock"]


def test_a_clock_that_stopped_or_stands_is_not_told_of(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    told = opens(desk)
    desk.says("sam", "#hold", reply_to=told)
    at(desk, "2026-12-04 12:00")
    assert not rings(desk).mails
    desk.says("sam", "It works again.\n#close", reply_to=told)
    at(desk, "2026-12-11 12:00")
    assert not rings(desk).mails


def test_what_came_due_together_is_told_once_by_the_last_of_it(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    at(desk, "2026-11-25 09:30")
    opens(desk)
    at(desk, "2026-11-26 12:00")
    told = rings(desk)
    assert sorted(told.kinds()) == [("dana@desk.example", "clock"), ("sam@desk.example", "clock")]
    assert not rings(desk).mails


def test_at_night_nobody_is_told_and_in_the_morning_one_letter_tells_of_all(make: Make) -> None:
    desk = make(policies=(replace(ANSWER_ONLY, calendar="always", first_response="2h"),), staff=(SAM, DANA))
    at(desk, "2026-11-25 20:00")
    opens(desk)
    desk.clock.advance(minutes=10)
    opens(desk, "Another page of mine is empty as well, what is going on there?")
    at(desk, "2026-11-25 23:30")
    assert not rings(desk).mails
    at(desk, "2026-11-26 08:59")
    assert not rings(desk).mails
    at(desk, "2026-11-26 09:00")
    morning = rings(desk)
    assert morning.kinds() == [("dana@desk.example", "clock"), ("sam@desk.example", "clock")]
    assert morning.to("sam").subject == "2 tickets wait for the desk"
    assert morning.to("sam").text.count("overdue since 25 Nov 2026") == 2
    desk.clock.advance(minutes=1)
    assert not rings(desk).mails


def test_a_policy_may_tell_at_night(desk: TestDesk) -> None:
    at(desk, "2026-11-25 15:00")
    told = opens(desk)
    at(desk, "2026-11-25 22:00")
    desk.says("sam", "#urgent", reply_to=told)
    at(desk, "2026-11-25 22:30")
    late = rings(desk)
    assert late.to("dana").kind == "clock" and "The first answer" in late.to("sam").text


def test_a_later_step_raises_the_priority_and_moves_the_ticket_and_tells_further_addresses(make: Make) -> None:
    late = StepSettings(
        at=100, after="1h", tell=("department", "pager@desk.example"), priority="High", department="Security"
    )
    desk = make(**policy(StepSettings(at=100, tell=("assignee",)), late), staff=(SAM, DANA))
    at(desk, "2026-11-25 08:00")
    opens(desk)
    at(desk, "2026-11-26 09:00")
    assert rings(desk).kinds() == [("sam@desk.example", "clock")]
    at(desk, "2026-11-26 10:00")
    told = rings(desk)
    assert told.kinds() == [("dana@desk.example", "clock"), ("pager@desk.example", "clock")]
    ticket = desk.ticket()
    assert (ticket["priority"], ticket["department"]) == ("High", "Security")
    assert "raised its priority: high" in told.to("dana").text and "Security" in told.to("dana").text
    assert ticket["number"] in told.to("pager@desk.example").text
    assert BROKEN[:20] not in told.to("pager@desk.example").text
    events = [message["text"] for message in ticket["messages"] if message["kind"] == "event"]
    assert events[-1] == "First answer overdue; staff were told, priority raised to High, moved to Security."


def test_a_priority_is_never_lowered(make: Make) -> None:
    desk = make(**policy(StepSettings(at=50, tell=("assignee",), priority="Low")))
    opens(desk)
    at(desk, "2026-11-25 14:00")
    assert len(rings(desk)) == 1 and desk.ticket()["priority"] == "Medium"


def test_the_deadline_of_a_raised_priority_does_not_repeat_the_steps(desk: TestDesk) -> None:
    told = opens(desk)
    at(desk, "2026-11-25 15:00")
    assert len(rings(desk)) == 1
    desk.says("sam", "#high", reply_to=told)
    desk.clock.advance(minutes=1)
    now = rings(desk)
    assert now.kinds() == [("dana@desk.example", "clock"), ("sam@desk.example", "clock")]
    assert "The first answer was due by" in now.to("sam").text and "is to be solved by" in now.to("sam").text
    desk.clock.advance(minutes=1)
    assert not rings(desk).mails


def test_what_is_for_somebody_who_is_away_is_for_their_department(make: Make) -> None:
    desk = make(policies=(ANSWER_ONLY,), staff=(SAM, LEAD))
    desk.says("sam", "#take", reply_to=opens(desk))
    with desk.app.sessions.begin() as session:
        session.add(StaffAbsence(email=SAM.email, since=desk.clock(), until=None))
    at(desk, "2026-11-25 15:30")
    assert rings(desk).kinds() == [("dana@desk.example", "clock")]


def test_the_solution_is_warned_of_as_well(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("sam", "We look for it.", reply_to=opens(desk))
    at(desk, "2026-11-27 11:00")
    assert "This ticket is to be solved by 27 Nov 2026, 5:00" in rings(desk).to("sam").text


def test_one_round_sees_to_so_many_and_the_next_goes_on(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_sqlite
    monkeypatch.setattr(escalation, "AT_ONCE", 2)
    for name in ("shop", "page", "blog"):
        opens(desk, f"My {name} has been empty since this morning and I do not know what to do about it.")
    at(desk, "2026-11-25 15:00")
    assert [len(rings(desk)) for _ in range(3)] == [2, 1, 0]


def test_an_unsent_letter_takes_its_step_with_it(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    opens(desk)
    at(desk, "2026-11-25 15:00")

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the template is broken")

    with monkeypatch.context() as patch:
        patch.setattr(escalation._Round, "_tell", broken)
        with pytest.raises(RuntimeError):
            escalate(desk.app.around)
    assert len(rings(desk)) == 1


def test_an_answer_in_the_same_moment_wins_over_a_new_deadline(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    told = opens(desk)
    with desk.app.sessions.begin() as session:
        session.execute(update(Ticket).values(priority="High"))
    settle, once = clocks.settle, iter((1,))

    def meanwhile(*arguments: Any, **named: Any) -> None:
        settle(*arguments, **named)
        if next(once, 0):
            desk.says("sam", "It works again.", reply_to=told)

    monkeypatch.setattr(clocks, "settle", meanwhile)
    escalate(desk.app.around)
    with desk.app.sessions() as session:
        first = session.scalars(select(TicketClock).where(TicketClock.kind == "first")).one()
    assert (first.state, first.next_at) == ("met", None)
