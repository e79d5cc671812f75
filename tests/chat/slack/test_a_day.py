"""A day in Slack with all that goes wrong there, by chance: each message of a client is answered, and once."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import random
from collections import Counter
from pathlib import Path

import pytest

from bot.loops import Posting
from tests.chat.slack.running import ALICE, BOB, MALLORY, SAM, until
from tests.chat.slack.running import sender as new_sender
from tests.chat.slack.test_whole import House, house

PEOPLE = (ALICE, BOB, MALLORY, SAM)
FAULTS = ("cut before", "cut after", "ratelimited", "http 500", "html", "internal_error")
ASKED = 24


async def _works_off(stage: House, seconds: float) -> None:
    """What is due is walked and sent; then time passes, so that what failed is due again."""
    await stage.answered()
    stage.desk.clock.advance(seconds=seconds)
    stage.slack.seconds_per_message = 0.0


@pytest.mark.parametrize("seed", [1, 2])
def test_every_message_is_answered_once(
    seed: int, tmp_path: Path, sqlite_filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    # The day passes in seconds: what is repeated a minute later by the desk's clock is only just made by ours.
    monkeypatch.setattr(importlib.import_module("bot.channels.slack.sender"), "FRESH_SECONDS", -1.0)
    monkeypatch.setattr("bot.channels.slack.writing.LOOK_AFTER_SECONDS", 0.01)

    async def act() -> None:
        async with asyncio.timeout(90), house(tmp_path, sqlite_filled) as stage:
            asked: Counter[str] = Counter()
            for number in range(ASKED):
                user = chance.choice(PEOPLE)
                asked[user] += 1
                if chance.random() < 0.5:
                    stage.slack.fails("chat.postMessage", chance.choice(FAULTS))
                if chance.random() < 0.2:
                    stage.slack.fails("conversations.open", chance.choice(FAULTS[2:]))
                if chance.random() < 0.15:
                    await stage.slack.disconnect("refresh_requested")
                event = {"type": "message", "user": user, "text": "help", "channel_type": "im"}
                event |= {"channel": stage.slack.dm(user).id, "ts": stage.slack.ts()}
                for _ in range(chance.choice((1, 1, 2, 4))):
                    await stage.people.event(event, event_id=f"Ev{number}", times=20)
                if chance.random() < 0.3:
                    await _works_off(stage, 10)
                if chance.random() < 0.1:
                    await stage.posting.senders["slack"].close()  # type: ignore[attr-defined]
                    fresh = new_sender(stage.desk.app.settings)
                    stage.posting = Posting(stage.desk.app.around, {"slack": fresh}, "t", stage.desk.app.written, 9.0)
            for _ in range(40):
                await _works_off(stage, 310)
                with contextlib.suppress(AttributeError):
                    stage.posting.senders["slack"]._rests_until.clear()  # type: ignore[attr-defined]
            await until(lambda: stage.slack.sockets)
            assert {user: len(stage.slack.said_to(user)) for user in asked} == dict(asked)
            await stage.posting.senders["slack"].close()  # type: ignore[attr-defined]

    asyncio.run(act())
