"""A day in all chats at once, by chance: each question of a client is answered, and once.

`make day` (`HELPDESK_DAY=long`) takes many days, the last one of them a new one; the seed is printed, and
`HELPDESK_DAY=<seed>` plays that day alone.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import random
from pathlib import Path

import pytest

from tests.chat.day import PEOPLE, Day
from tests.chat.whole import whole

WANTED = os.environ.get("HELPDESK_DAY", "")
QUESTIONS = 150 if WANTED else 24
SEEDS = [int(WANTED)] if WANTED.isdigit() else [1, 2]
if WANTED == "long":
    SEEDS = [*range(1, 21), random.SystemRandom().randrange(10**9)]


@pytest.fixture
def quick_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day passes in seconds: what is repeated an hour later by the desk's clock is only just made by ours."""
    monkeypatch.setattr(importlib.import_module("bot.channels.slack.sender"), "FRESH_SECONDS", -1.0)
    monkeypatch.setattr("bot.channels.slack.writing.LOOK_AFTER_SECONDS", 0.01)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("quick_slack")
def test_every_question_is_answered_once(seed: int, tmp_path: Path, sqlite_filled: Path) -> None:
    print(f"HELPDESK_DAY={seed}")

    async def act() -> None:
        async with asyncio.timeout(240), whole(tmp_path, sqlite_filled) as stage:
            day = Day(stage, random.Random(seed))
            await day.begins()
            await day.goes_on(QUESTIONS)
            await day.ends()
            print(dict(day.happened))
            each_is_answered_once(day)
            each_stranger_is_answered_as_often_as_they_asked(day)
            none_overtakes_another(day)

    asyncio.run(act())


def each_is_answered_once(day: Day) -> None:
    """In the chat, or by mail when the chat was gone. Telegram's may be there again for each time it could not be
    known that it had come; it has no mark by which that could be seen."""
    for name, person in [(name, person) for name, person in day.asked if person.client]:
        in_chat, by_mail = day.answers(name, person), day.by_mail(name, person)
        again = day.unheard(name) if person.channel == "telegram" else 0
        assert 1 <= in_chat + by_mail <= 1 + again, (name, person, in_chat, by_mail, again)
        assert not by_mail or person in day.was_gone, (name, person)


def each_stranger_is_answered_as_often_as_they_asked(day: Day) -> None:
    for person in [person for person in PEOPLE if not person.client]:
        asked = sum(who == person for _, who in day.asked)
        assert asked <= len(day.read(person)) <= asked + day.unheard_by(person), person


def none_overtakes_another(day: Day) -> None:
    for person in PEOPLE:
        answered = day.in_order(person)
        assert answered == [name for name, who in day.asked if who == person and name in answered], person
