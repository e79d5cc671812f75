"""A desk whose rules are on, and tickets on it that wait for their clients."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.settings.life import LifeSettings, SatisfactionSettings
from tests import desk as desks
from tests.desk import Mails, Read, TestDesk

TROUBLE = "My site shows an error since this morning and visitors complain."
FIXED = "The plugin was broken; it is repaired. Please test your shop."
LIFE = LifeSettings(remind_after_days=3, close_after_days=5, reopen_days=10)
ASKED = SatisfactionSettings(enabled=True)
Making = Callable[..., TestDesk]


@pytest.fixture
def made(tmp_path: Path, sqlite_filled: Path) -> Iterator[Making]:
    """Makes a desk on SQLite with these tables of the configuration."""
    desks_made: list[TestDesk] = []

    def make(**changes: Any) -> TestDesk:
        shutil.copyfile(sqlite_filled, tmp_path / "desk.db")
        desks_made.append(desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", **changes))
        return desks_made[-1]

    yield make
    for one in desks_made:
        one.app.engine.dispose()


def configured(desk: TestDesk, **changes: Any) -> TestDesk:
    """The same desk with other settings."""
    desk.app.settings = replace(desk.app.settings, **changes)
    return desk


def answered(
    desk: TestDesk, words: str = FIXED, *, who: str = "alice", subject: str = "Site broken"
) -> tuple[str, Read]:
    """A ticket that Sam has answered: its number, and his letter to the client."""
    desk.clock.advance(minutes=1)
    mails = desk.says(who, TROUBLE, subject=subject)
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    return number, desk.says("sam", words, reply_to=mails.to("sam")).to(who)


def passes(desk: TestDesk, kind: str = "", **step: float) -> Mails:
    """Time goes by and the clock rings: what leaves but for notices and deadlines, of one kind if it is named."""
    before = {mail.message_id for mail in desk.letters()}
    desk.clock.advance(**step)
    desk.rings()
    new = [mail for mail in desk.letters() if mail.message_id not in before]
    others = () if kind else ("notice", "clock")
    return Mails([mail for mail in new if kind in ("", mail.kind) and mail.kind not in others])


def status(desk: TestDesk, number: str) -> str:
    return str(desk.ticket(number)["status"])


def flat(mail: Read) -> str:
    """Its text without line breaks."""
    return " ".join(mail.text.split())
