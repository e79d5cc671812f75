"""A ticket rests until a day that its client chose: reminded once, also after a downtime, and ended by any word."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import schedule
from core.followups import held_now
from core.models import Dialog, Participant
from tests.desk import Mails, Read, TestDesk

TROUBLE = "My site shows an error since this morning and visitors complain."
FIXED = "The plugin was broken; it is repaired. Please test your shop."


def answered(desk: TestDesk, who: str = "alice", subject: str = "Site broken") -> tuple[str, Read]:
    """A ticket that staff have answered: its number, and their letter."""
    desk.clock.advance(minutes=1)
    mails = desk.says(who, TROUBLE, subject=subject)
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    return number, desk.says("sam", FIXED, reply_to=mails.to("sam")).to(who)


def asks(desk: TestDesk, text: str, who: str = "alice", **how: Any) -> Read:
    desk.clock.advance(minutes=1)
    return desk.says(who, text, **how).to(who)


def passes(desk: TestDesk, **step: float) -> Mails:
    """Time goes by and the clock rings; the reminders that leave."""
    before = {mail.message_id for mail in desk.letters()}
    desk.clock.advance(**step)
    desk.rings()
    new = [mail for mail in desk.letters() if mail.message_id not in before]
    return Mails([mail for mail in new if mail.kind == "reminder"])


def status(desk: TestDesk, number: str) -> str:
    return str(desk.ticket(number)["status"])


def test_a_ticket_that_is_named_rests_and_its_client_is_reminded_in_its_thread_on_the_day(desk: TestDesk) -> None:
    number, _ = answered(desk)
    set_ = asks(desk, f"Remind me of ticket #{number} on Monday")
    assert f"Ticket #{number} (Site broken) rests until 30 November 2026" in set_.text.replace("\n", " ")
    assert status(desk, number) == "On Hold"
    assert not passes(desk, days=4).mails
    reminder = passes(desk, days=1).to("alice")
    assert f"[#{number}]" in reminder.subject and "Site broken" in reminder.subject
    assert "You asked us on 25 November 2026" in reminder.text.replace("\n", " ")
    assert status(desk, number) == "Answered"
    assert desk.says("alice", "It still shows the error.", reply_to=reminder).to("sam")
    assert status(desk, number) == "Customer-Reply"


def test_who_writes_on_the_ticket_need_not_name_it(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, letter = answered(desk)
    answered(desk, subject="Another thing")
    assert f"#{number}" in asks(desk, "I'll test next week, remind me on Monday", reply_to=letter)
    assert f"[#{number}]" in passes(desk, days=5).to("alice").subject


def test_a_reminder_goes_once_however_long_the_desk_was_down_and_however_many_ring(desk: TestDesk) -> None:
    number, _ = answered(desk)
    asks(desk, f"Remind me of ticket #{number} tomorrow")
    desk.clock.advance(days=40)
    together = Barrier(2)

    def ring() -> None:
        clock = schedule(desk.app)
        together.wait()
        clock.ring()

    rings = [Thread(target=ring) for _ in range(2)]
    for thread in rings:
        thread.start()
    for thread in rings:
        thread.join()
    desk.walks()
    assert len(desk.letters().of_kind("reminder")) == 1
    assert not passes(desk, days=1).mails


def test_nobody_is_reminded_at_night(desk_on_sqlite: TestDesk) -> None:
    """Alice lives in Paris; the desk's own clock does not matter."""
    desk = desk_on_sqlite
    number, _ = answered(desk)
    asks(desk, f"Remind me of ticket #{number} tomorrow")
    desk.clock.now = datetime.fromisoformat("2026-11-26T07:30:00+00:00")
    assert not passes(desk, minutes=1).mails
    assert passes(desk, minutes=45).to("alice")


@pytest.mark.parametrize("word", ["It still shows the error.", "The checkout page is white since your repair."])
def test_a_reply_before_the_day_ends_the_reminder(desk_on_sqlite: TestDesk, word: str) -> None:
    desk = desk_on_sqlite
    number, letter = answered(desk)
    asks(desk, f"Remind me of ticket #{number} on Monday")
    desk.clock.advance(hours=1)
    desk.says("alice", word, reply_to=letter)
    assert status(desk, number) == "Customer-Reply"
    assert not passes(desk, days=6).mails
    assert status(desk, number) == "Customer-Reply"


def test_thanks_end_no_reminder(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, letter = answered(desk)
    asks(desk, f"Remind me of ticket #{number} on Monday")
    desk.clock.advance(hours=1)
    desk.says("alice", "Thank you very much!", reply_to=letter)
    assert passes(desk, days=6).to("alice")


def test_what_staff_say_and_a_closed_ticket_end_it(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", TROUBLE)
    number = desk.ticket()["number"]
    asks(desk, f"Remind me of ticket #{number} on Monday")
    desk.says("sam", "We found more: please renew the plugin.", reply_to=mails.to("sam"))
    other, _ = answered(desk, subject="Other")
    asks(desk, f"Remind me of ticket #{other} on Monday")
    asks(desk, f"Close ticket #{other}")
    assert not passes(desk, days=6).mails


def test_an_open_ticket_waits_for_staff_again_when_the_day_has_come(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", TROUBLE)
    number = desk.ticket()["number"]
    asks(desk, f"Remind me of ticket #{number} on Monday")
    asks(desk, f"Remind me of ticket #{number} on Tuesday")
    assert status(desk, number) == "On Hold"
    assert not passes(desk, days=5).mails
    assert passes(desk, days=1).to("alice")
    assert status(desk, number) == "Open"


def test_a_reminder_is_taken_back(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = answered(desk)
    asks(desk, f"Remind me of ticket #{number} on Monday")
    assert f"We do not remind you of ticket #{number}" in asks(desk, "Cancel the reminder").text.replace("\n", " ")
    assert status(desk, number) == "Answered"
    assert not passes(desk, days=6).mails
    assert "no reminder waiting" in asks(desk, "Cancel the reminder")


def test_of_several_reminders_the_desk_asks_which(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    first, _ = answered(desk, subject="First")
    second, _ = answered(desk, subject="Second thing")
    for number in (first, second):
        asks(desk, f"Remind me of ticket #{number} on Monday")
    which = asks(desk, "Cancel the reminder")
    assert first in which and second in which
    assert f"#{second}" in asks(desk, "2", reply_to=which)
    assert [mail.subject for mail in passes(desk, days=6)] == [f"Re: First [#{first}]"]


def test_without_a_day_the_desk_asks_for_it_and_a_bare_day_answers(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = answered(desk)
    question = asks(desk, f"Remind me of ticket #{number}")
    assert "On which day" in question and status(desk, number) == "Answered"
    assert "9 December 2026" in asks(desk, "In two weeks, please", reply_to=question)
    assert status(desk, number) == "On Hold"


@pytest.mark.parametrize("day", ["2026-11-01", "2028-01-01"])
def test_a_day_that_is_past_or_too_far_is_refused(desk_on_sqlite: TestDesk, day: str) -> None:
    number, _ = answered(desk_on_sqlite)
    answer = asks(desk_on_sqlite, f"Remind me of ticket #{number} on {day}")
    assert "from tomorrow until 24 May 2027" in answer.text.replace("\n", " ")
    assert status(desk_on_sqlite, number) == "Answered"


def test_nobody_else_s_ticket_rests_and_a_forged_mail_sets_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = answered(desk)
    desk.says("victor", f"Remind me of ticket #{number} on Monday")
    desk.says("alice", f"Remind me of ticket #{number} on Monday", proved=False)
    assert status(desk, number) == "Answered"
    assert not passes(desk, days=6).mails


def test_who_was_taken_off_the_ticket_is_not_reminded(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = answered(desk)
    asks(desk, f"Remind me of ticket #{number} on Monday")
    with desk.app.sessions.begin() as session:
        alice = session.scalar(select(Participant).where(Participant.address == "alice@bakery.example"))
        assert alice is not None
        for part in session.scalars(select(Participant).where(Participant.address == "alice@bakery.example")):
            part.role = "unverified"
    assert not passes(desk, days=6).mails


def test_the_answer_to_a_reminder_that_was_just_set_is_told_that_the_ticket_rests(desk_on_sqlite: TestDesk) -> None:
    """What core/selfservice.py asks before it calls the ticket answered."""
    desk = desk_on_sqlite
    now = desk.clock()
    with desk.app.sessions() as session:
        session.add(Dialog(id=1, kind="remind", ticket_id=1, state="pending", expires_at=now + timedelta(days=1)))
        assert held_now(session, 1) and not held_now(session, 2)
        session.rollback()
