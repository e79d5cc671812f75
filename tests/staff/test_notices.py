"""What staff are told of, when, and with what beside it that saves them a look elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import demo
from bot.settings import SettingsError, StaffSettings
from core.models import Letter
from core.people import Quiet
from tests import desk as desks
from tests.desk import TestDesk

SAM, DANA = demo.STAFF
BERLIN = ZoneInfo("Europe/Berlin")


def made(folder: Path, template: Path, *staff: StaffSettings) -> TestDesk:
    (folder / "desk.db").write_bytes(template.read_bytes())
    return desks.make(folder, f"sqlite:///{folder / 'desk.db'}", staff=staff)


def due(desk: TestDesk, address: str) -> list[datetime]:
    with desk.app.sessions() as session:
        return list(session.scalars(select(Letter.due_at).where(Letter.recipient == address)))


def test_a_new_ticket_tells_what_the_client_has_and_what_they_wrote_before(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "The mail is slow today, please look.", subject="Slow mail")
    before = desk.ticket()["number"]
    desk.clock.advance(hours=1)
    mails = desk.says("alice", "Now my site shows an error.", subject="Site broken")
    notice = " ".join(mails.to("sam").text.split())
    assert f"Earlier tickets: #{before} Slow mail, Open" in notice and "bakery.example" in notice.partition("Has:")[2]
    assert not any("Slow mail" in mail.text for mail in mails.all_to("alice"))


def test_who_is_named_in_a_note_reads_it_whoever_the_ticket_belongs_to(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notice = desk.says("alice", "My site shows an error.", subject="Site broken").to("sam")
    desk.says("sam", "#take", reply_to=notice)
    mails = desk.says("sam", "#note\n@dana is this the disk again? (bob@bakery.example knows)", reply_to=notice)
    assert mails.kinds() == [("dana@desk.example", "notification")]
    assert "Sam Lee names you in an internal note" in mails.to("dana")


def test_who_wants_only_some_events_gets_no_others(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(
        tmp_path, sqlite_filled, replace(SAM, events=("assigned", "reply")), replace(DANA, departments=("Support",))
    )
    mails = desk.says("alice", "My site shows an error.", subject="Site broken")
    assert not mails.all_to("sam")
    given = desk.says("dana", "#assign sam", reply_to=mails.to("dana"))
    assert given.kinds() == [("sam@desk.example", "notification")]


def test_in_quiet_hours_notices_wait_and_urgent_ones_do_not(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, replace(SAM, quiet="08:00-12:30"), DANA)
    desk.says("alice", "My site shows an error.", subject="Site broken")
    assert [moment.timetz() for moment in due(desk, "sam@desk.example")] == [time(12, 30, tzinfo=UTC)]
    desk.clock.advance(hours=4)
    desk.says("victor", "Mine shows an error as well.", subject="Site broken")
    assert due(desk, "sam@desk.example")[-1] == desk.clock()


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-11-25 21:00", "2026-11-26 07:00"),
        ("2026-11-25 06:59", "2026-11-25 07:00"),
        ("2026-11-25 07:00", None),
        ("2026-11-25 12:00", None),
        ("2026-11-27 21:00", "2026-11-30 07:00"),
        ("2026-11-28 12:00", "2026-11-30 07:00"),
        ("2026-10-24 23:00", "2026-10-26 07:00"),
    ],
)
def test_a_night_and_a_weekend_are_over_when_the_next_working_morning_begins(now: str, over: str | None) -> None:
    quiet = Quiet(time(20), time(7), frozenset({5, 6}))
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN).astimezone(UTC)
    found = quiet.over(moment, BERLIN)
    assert (found and f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M}") == over


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"quiet": "night"}, "staff.quiet"),
        ({"quiet_days": ("caturday",)}, "staff.quiet_days"),
        ({"events": ("everything",)}, "staff.events"),
    ],
)
def test_what_cannot_be_read_stops_the_start(
    tmp_path: Path, sqlite_filled: Path, wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        made(tmp_path, sqlite_filled, replace(SAM, **wrong))  # type: ignore[arg-type]


def woken(desk: TestDesk) -> None:
    """A ticket that Sam snoozed for an hour has come back."""
    notice = desk.says("alice", "My site shows an error.", subject="Site broken").to("sam")
    desk.says("sam", "#take\n#snooze 1h", reply_to=notice)
    desk.clock.advance(hours=1)
    desk.rings()


def test_what_the_clock_brings_up_is_told_to_those_who_want_it(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, replace(SAM, events=("new",)), DANA)
    woken(desk)
    assert len(due(desk, "sam@desk.example")) == 1 and desk.ticket()["wakes"] is None


def test_what_the_clock_brings_up_waits_for_the_end_of_quiet_hours_too(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, replace(SAM, quiet="09:30-12:30"), DANA)
    woken(desk)
    assert [moment.timetz() for moment in due(desk, "sam@desk.example")][-1] == time(12, 30, tzinfo=UTC)
