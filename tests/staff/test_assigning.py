"""New tickets are claimed, dealt out in turn or by load; who is away gets none, and others read what is theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import demo
from bot.settings import SettingsError, StaffSettings
from tests import desk as desks
from tests.desk import TestDesk

THREE = (
    StaffSettings("Sam Lee", "sam@desk.example", (), ("Support", "Billing")),
    StaffSettings("Dana Cole", "dana@desk.example", (), ("Support", "Security"), "admin"),
)


def made(folder: Path, template: Path, way: str, staff: tuple[StaffSettings, ...] = THREE) -> TestDesk:
    (folder / "desk.db").write_bytes(template.read_bytes())
    departments = tuple(
        replace(one, assignment=way) if one.name == "Support" else one
        for one in demo.settings(folder, port=0, sink_port=1).departments
    )
    return desks.make(folder, f"sqlite:///{folder / 'desk.db'}", departments=departments, staff=staff)


def asks(desk: TestDesk, times: int) -> list[str]:
    """Whose the next tickets are, in order."""
    whose = []
    for number in range(times):
        desk.clock.advance(minutes=20)
        desk.says("victor", f"My site shows error number {number} since noon.", subject=f"Error {number}")
        whose.append(str(desk.ticket()["assignee"]).partition("@")[0])
    return whose


def test_round_robin_deals_in_turn_and_only_the_one_who_got_it_is_told(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, "round-robin")
    assert asks(desk, 4) == ["dana", "sam", "dana", "sam"]
    mails = desk.says("alice", "And mine is down as well.", subject="Down")
    assert [to for to, kind in mails.kinds() if kind == "notification"] == ["dana@desk.example"]


def test_load_deals_to_whoever_has_least_at_work(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, "load")
    assert asks(desk, 2) == ["dana", "sam"]
    notice = desk.letters().all_to("sam")[-1]
    desk.says("sam", "It works again.", reply_to=notice)
    assert asks(desk, 1) == ["sam"]


def test_nobody_is_dealt_more_than_their_capacity(tmp_path: Path, sqlite_filled: Path) -> None:
    staff = tuple(replace(one, capacity=1) for one in THREE)
    desk = made(tmp_path, sqlite_filled, "round-robin", staff)
    assert asks(desk, 3) == ["dana", "sam", "None"]


def test_who_is_away_is_dealt_nothing_until_they_are_back(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, "round-robin")
    asks(desk, 1)
    dana = desk.letters().all_to("dana")[-1]
    assert len(desk.says("dana", "#away 2d", reply_to=dana)) == 0
    assert asks(desk, 3) == ["sam", "sam", "sam"]
    desk.clock.advance(days=2)
    assert asks(desk, 1) == ["dana"]


def test_what_belongs_to_somebody_away_is_read_by_the_department(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, "claim")
    mails = desk.says("alice", "My site shows an error.", subject="Site broken")
    answer = desk.says("sam", "Which page?\n\n#away", reply_to=mails.to("sam")).to("alice")
    assert desk.says("alice", "The first.", reply_to=answer).kinds() == [("dana@desk.example", "notification")]
    desk.says("sam", "#back", reply_to=mails.to("sam"))
    assert desk.says("alice", "And the last.", reply_to=answer).kinds() == [("sam@desk.example", "notification")]


def test_when_everybody_is_away_everybody_is_told(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, "claim")
    mails = desk.says("alice", "My site shows an error.", subject="Site broken")
    for who in ("sam", "dana"):
        desk.says(who, "#away", reply_to=mails.to(who))
    desk.clock.advance(hours=1)
    told = desk.says("victor", "Mine shows an error too.", subject="Site broken")
    assert [to for to, kind in told.kinds() if kind == "notification"] == ["dana@desk.example", "sam@desk.example"]


def test_a_way_that_is_none_stops_the_start(tmp_path: Path, sqlite_filled: Path) -> None:
    with pytest.raises(SettingsError, match="departments.assignment"):
        made(tmp_path, sqlite_filled, "lottery")
