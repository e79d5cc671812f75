"""Triggers: when something happens on a ticket and it is such and such, what staff could do by command is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import SettingsError
from bot.settings.work import ConditionSettings, TriggerSettings
from tests import desk as desks
from tests.desk import TestDesk


def made(folder: Path, template: Path, *triggers: TriggerSettings, **own: Any) -> TestDesk:
    (folder / "desk.db").write_bytes(template.read_bytes())
    return desks.make(folder, f"sqlite:///{folder / 'desk.db'}", triggers=triggers, **own)


def on(when: str, *then: str, **condition: Any) -> TriggerSettings:
    return TriggerSettings("t", when, ConditionSettings(**condition), then)


def done(desk: TestDesk) -> list[str]:
    return [line["action"] for line in desk.ticket()["audit"] if line["action"].startswith("trigger.")]


def test_a_new_ticket_that_fits_is_tagged_and_given_away(tmp_path: Path, sqlite_filled: Path) -> None:
    trigger = on("opened", "#tag +down", "#urgent", "#assign dana", departments=("Support",), subject="down|broken")
    desk = made(tmp_path, sqlite_filled, trigger)
    mails = desk.says("alice", "It shows an error.", subject="Site broken")
    ticket = desk.ticket()
    assert (ticket["tags"], ticket["priority"], ticket["assignee"]) == (["down"], "Urgent", "dana@desk.example")
    assert mails.all_to("dana") and done(desk) == ["trigger.done"]


@pytest.mark.parametrize(
    "condition",
    [
        {"departments": ("Sales",)},
        {"subject": "invoice"},
        {"text": "refund"},
        {"sender": "@hale.example"},
        {"priority": "high"},
        {"tag": "vip"},
        {"client": "no"},
    ],
)
def test_one_condition_that_does_not_hold_is_enough(
    tmp_path: Path, sqlite_filled: Path, condition: dict[str, Any]
) -> None:
    desk = made(tmp_path, sqlite_filled, on("opened", "#tag +x", **condition))
    desk.says("alice", "It shows an error.", subject="Site broken")
    assert desk.ticket()["tags"] == [] and done(desk) == []


def test_each_event_has_its_moment(tmp_path: Path, sqlite_filled: Path) -> None:
    triggers = [on(when, f"#tag +{when}") for when in ("opened", "client", "staff", "closed")]
    desk = made(tmp_path, sqlite_filled, *triggers)
    mails = desk.says("alice", "It shows an error.", subject="Site broken")
    assert desk.ticket()["tags"] == ["opened", "client"]
    answer = desk.says("sam", "Which page?", reply_to=mails.to("sam")).to("alice")
    assert desk.ticket()["tags"] == ["opened", "client", "staff"]
    desk.says("alice", "The first.", reply_to=answer)
    desk.says("sam", "#close", reply_to=mails.to("sam"))
    assert desk.ticket()["tags"] == ["opened", "client", "staff", "closed"]


def test_what_a_trigger_says_stays_inside_even_through_a_canned_reply(tmp_path: Path, sqlite_filled: Path) -> None:
    (tmp_path / "canned").mkdir()
    (tmp_path / "canned" / "hello.txt").write_text("#reply\nWe are on it, {client}.")
    triggers = (on("opened", "#macro hello"), on("opened", "#note", "Look at the disk first."))
    desk = made(tmp_path, sqlite_filled, *triggers, canned="canned")
    mails = desk.says("alice", "It shows an error.", subject="Site broken")
    assert not any("We are on it" in mail or "disk" in mail for mail in mails.all_to("alice"))
    assert [message["kind"] for message in desk.ticket()["messages"]] == ["public", "note", "note"]


def test_what_a_trigger_cannot_do_is_held_and_troubles_nobody(tmp_path: Path, sqlite_filled: Path) -> None:
    desk = made(tmp_path, sqlite_filled, on("opened", "#assign nobodyknows"), on("opened", "#tag +x"))
    mails = desk.says("alice", "It shows an error.", subject="Site broken")
    assert done(desk) == ["trigger.held", "trigger.done"] and desk.ticket()["tags"] == ["x"]
    assert [kind for _, kind in mails.kinds()] == ["acknowledgement", "notification"]


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        (on("sometimes", "#tag +x"), "when"),
        (on("opened"), "no command"),
        (on("opened", "#clsoe"), "unknown"),
        (on("opened", "#reply", "Hello"), "#reply is for people"),
        (on("opened", "#status"), "#status is for people"),
        (on("opened", "#tag +x", "Hello"), "text needs #note"),
        (on("opened", "#tag +x", subject="("), "subject"),
        (on("opened", "#tag +x", departments=("Nowhere",)), "Nowhere"),
        (on("opened", "#tag +x", client="maybe"), "client"),
    ],
)
def test_a_trigger_that_cannot_be_stops_the_start(
    tmp_path: Path, sqlite_filled: Path, trigger: TriggerSettings, told: str
) -> None:
    with pytest.raises(SettingsError, match=rf"triggers\[0\].*{told}"):
        made(tmp_path, sqlite_filled, trigger)
