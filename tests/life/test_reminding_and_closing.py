"""Answered and not heard of again: one reminder, then closed, with the way back; never where the client spoke last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.settings import Notices, SettingsError
from bot.settings.life import DepartmentLife, LifeSettings
from core import addresses
from core.life import cutoff
from core.models import Ticket
from tests.desk import TestDesk
from tests.life.waiting import LIFE, TROUBLE, Making, answered, configured, flat, passes, status


def test_a_client_who_says_nothing_is_reminded_once_in_the_ticket_s_thread(desk: TestDesk) -> None:
    number, letter = answered(desk)
    assert not passes(desk, days=2, hours=23, minutes=59).mails
    reminder = passes(desk, minutes=1).to("alice")
    assert reminder.kind == "waiting" and f"[#{number}]" in reminder.subject
    assert str(reminder.message["In-Reply-To"]) and letter.message_id
    words = flat(reminder)
    assert f"We have answered your ticket #{number} (Site broken)" in words
    assert "Please test your shop." in words and "closed on 3 December 2026" in words
    assert status(desk, number) == "Answered"
    assert not passes(desk, hours=30).mails


def test_auto_close_respects_the_inactivity_cutoff_boundary(desk: TestDesk) -> None:
    number, _ = answered(desk)
    passes(desk, days=3)
    assert not passes(desk, days=4, hours=23, minutes=59).mails
    assert status(desk, number) == "Answered"
    closed = passes(desk, minutes=1).to("alice")
    assert status(desk, number) == "Closed"
    assert "Reply within 10 days and it is open again" in flat(closed)
    assert not passes(desk, days=5).mails


def test_a_reply_to_the_closing_opens_it_again(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    number, _ = answered(desk)
    passes(desk, days=3)
    closed = passes(desk, days=5).to("alice")
    assert desk.says("alice", "The error is back since noon.", reply_to=closed).to("sam")
    assert status(desk, number) == "Customer-Reply"


def test_a_word_after_the_reminder_keeps_it_open_and_the_wait_begins_anew(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    number, _ = answered(desk)
    reminder = passes(desk, days=3).to("alice")
    told = desk.says("alice", "I could not try it yet, the shop is closed.", reply_to=reminder).to("sam")
    assert not passes(desk, days=20).mails and status(desk, number) == "Customer-Reply"
    desk.says("sam", "Take your time.", reply_to=told)
    assert not passes(desk, days=2).mails
    assert "Take your time." in passes(desk, days=1).to("alice")


def test_what_staff_say_after_the_reminder_begins_the_wait_anew(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    mails = desk.says("alice", TROUBLE)
    number = desk.ticket()["number"]
    desk.says("sam", "Please test your shop.", reply_to=mails.to("sam"))
    passes(desk, days=3).to("alice")
    desk.says("sam", "We also made it faster.", reply_to=mails.to("sam"))
    assert not passes(desk, days=2).mails
    assert "We also made it faster." in passes(desk, days=1).to("alice")
    assert not passes(desk, days=4).mails and status(desk, number) == "Answered"


@pytest.mark.parametrize("words", ["Thank you very much!", "Which domains do I have?"])
def test_nobody_is_reminded_who_spoke_last(desk_on_sqlite: TestDesk, words: str) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    number, letter = answered(desk)
    desk.clock.advance(minutes=5)
    desk.says("alice", words, reply_to=letter)
    assert status(desk, number) == "Answered"
    assert not passes(desk, days=20).mails


def test_what_the_desk_alone_answered_and_what_waits_for_staff_is_left_alone(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    desk.says("alice", "Which domains do I have?")
    desk.says("alice", TROUBLE)
    assert not passes(desk, days=20).mails


def test_an_absence_note_is_no_answer(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    _, letter = answered(desk)
    desk.says("alice", "I am away until Monday.", reply_to=letter, headers={"Auto-Submitted": "auto-replied"})
    assert passes(desk, days=3).to("alice")


def test_a_pending_ticket_without_a_day_waits_like_an_answered_one_and_a_snoozed_one_does_not(
    desk_on_sqlite: TestDesk,
) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    pending, _ = answered(desk, "Please send us the log.\n\n#pending", subject="Pending")
    answered(desk, "Repaired.\n\n#snooze 20d", subject="Snoozed")
    answered(desk, "We wait until then.\n\n#pending 20d", subject="Dated")
    assert [f"#{pending}" in mail for mail in passes(desk, days=3)] == [True]


def test_a_note_of_staff_counts_as_something_that_happened(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    mails = desk.says("alice", TROUBLE)
    desk.says("sam", "Please test your shop.", reply_to=mails.to("sam"))
    passes(desk, days=2)
    desk.says("sam", "#note\nI called them, they test tomorrow.", reply_to=mails.to("sam"))
    assert not passes(desk, "waiting", days=2).mails
    assert passes(desk, "waiting", days=1).to("alice")


@pytest.mark.parametrize(
    "rules, reminded",
    [
        (replace(LIFE, except_priorities=("High",)), []),
        (replace(LIFE, except_tags=("keep",)), []),
        (replace(LIFE, except_priorities=("Low",), except_tags=("kee", "VIP")), ["alice@bakery.example"]),
        (replace(LIFE, departments=(DepartmentLife("Support", 4, 1),)), []),
        (replace(LIFE, departments=(DepartmentLife("Support"),)), []),
        (replace(LIFE, departments=(DepartmentLife("Billing"),)), ["alice@bakery.example"]),
    ],
)
def test_priorities_tags_and_departments_may_wait_longer_or_for_ever(
    made: Making, rules: LifeSettings, reminded: list[str]
) -> None:
    desk = made(life=rules)
    answered(desk, "Please test your shop.\n\n#priority high\n#tag keep")
    assert [mail.to for mail in passes(desk, days=3)] == reminded


def test_a_department_has_days_of_its_own(made: Making) -> None:
    desk = made(life=LifeSettings(departments=(DepartmentLife("Support", 1, 2),)))
    number, _ = answered(desk)
    assert "closed on 28 November 2026" in flat(passes(desk, days=1).to("alice"))
    assert passes(desk, days=2).to("alice") and status(desk, number) == "Closed"


def test_a_reminder_alone_closes_nothing(made: Making) -> None:
    desk = made(life=LifeSettings(remind_after_days=2))
    number, _ = answered(desk)
    assert "We do not remind you again." in flat(passes(desk, days=2).to("alice"))
    assert not passes(desk, days=90).mails and status(desk, number) == "Answered"


def test_letters_leave_at_the_hours_of_the_desk_s_own_day(made: Making) -> None:
    desk = made(life=LIFE, notices=Notices(from_hour=9, to_hour=20))
    desk.clock.now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    answered(desk)
    assert not passes(desk, days=3, minutes=5).mails
    assert passes(desk, hours=11).to("alice")


@pytest.mark.parametrize(
    "now, zone, since",
    [
        # The clocks in Berlin went back on 25 October 2026: a day of 25 hours is one day all the same.
        ("2026-10-26T09:00:00+00:00", "Europe/Berlin", "2026-10-24T08:00:00+00:00"),
        ("2026-10-26T09:00:00+00:00", "UTC", "2026-10-24T09:00:00+00:00"),
        ("2026-03-30T08:00:00+00:00", "Europe/Berlin", "2026-03-28T09:00:00+00:00"),
        ("2026-11-25T02:00:00+00:00", "Pacific/Auckland", "2026-11-23T02:00:00+00:00"),
    ],
)
def test_days_are_counted_by_the_clocks_of_one_zone(now: str, zone: str, since: str) -> None:
    assert cutoff(datetime.fromisoformat(now), ZoneInfo(zone), 2) == datetime.fromisoformat(since)


def test_what_has_waited_for_long_when_it_is_switched_on_is_left_alone(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    answered(desk, subject="Last year")
    desk.clock.advance(days=34)
    recent, _ = answered(desk, subject="This week")
    configured(desk, life=LIFE)
    assert [f"#{recent}" in mail for mail in passes(desk, days=3)] == [True]


def test_who_cannot_be_reached_is_not_written_to_and_the_ticket_is_closed_all_the_same(
    desk_on_sqlite: TestDesk,
) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    number, _ = answered(desk)
    with desk.app.sessions.begin() as session:
        addresses.noted(session, "alice@bakery.example").undeliverable = "no such user"
    assert not passes(desk, days=3).mails and not passes(desk, days=5).mails
    assert status(desk, number) == "Closed"


def test_spam_floods_and_merged_tickets_are_left_alone(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    into, _ = answered(desk, subject="Into")
    changes: tuple[dict[str, Any], ...] = ({"spam": True}, {"flooded": True}, {"merged_into": 1})
    for change in changes:
        number, _ = answered(desk, subject=f"{change}")
        with desk.app.sessions.begin() as session:
            session.execute(update(Ticket).where(Ticket.number == number).values(**change))
    assert [f"#{into}" in mail for mail in passes(desk, days=3)] == [True]


def test_a_stranger_is_reminded_without_a_button_that_only_clients_may_press(desk_on_sqlite: TestDesk) -> None:
    desk = configured(desk_on_sqlite, life=LIFE)
    answered(desk, who="nina")
    reminder = passes(desk, days=3).to("nina")
    assert "close ticket" not in reminder.text


@pytest.mark.parametrize(
    "rules, told",
    [
        (LifeSettings(close_after_days=3), "life.close_after_days"),
        (LifeSettings(remind_after_days=-1), "life.remind_after_days"),
        (LifeSettings(reopen_days=-1), "life.reopen_days"),
        (LifeSettings(except_priorities=("Normal",)), "life.except_priorities"),
        (LifeSettings(departments=(DepartmentLife("Suport", 1),)), r"life.departments\[0\].name"),
        (LifeSettings(departments=(DepartmentLife("Sales"), DepartmentLife("Sales"))), r"departments\[1\].name"),
    ],
)
def test_a_slip_in_the_configuration_stops_the_start(made: Making, rules: LifeSettings, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        made(life=rules)
