"""The adapter against the stand-in: settings, a door that keeps what it is handed, and one scenario at a time."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bot.channels.ports import Delivery, NotAccepted, Outbound
from bot.channels.slack import translator
from bot.channels.slack.door import PATH, SlackListener
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.settings import DepartmentSettings, Desk, Settings
from bot.settings import Slack as SlackSettings
from core.ids import new_id
from core.messages import InboundMessage
from tests.chat.slack.people import People
from tests.chat.slack.standin import APP_TOKEN, BOT_TOKEN, SECRET, Slack

ALICE, BOB, MALLORY, SAM = "U0ALICE", "U0BOB", "U0MALLORY", "U0SAM"
BAKERY, TRIAGE = "C0BAKERY", "G0TRIAGE"


def settings_for(slack: Slack, **keys: Any) -> Settings:
    given = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "signing_secret": SECRET, "api_url": slack.api_url}
    return Settings(
        desk=Desk(name="Example Hosting", address="help@desk.example", secret="0123456789abcdef"),
        departments=(
            DepartmentSettings(name="Support", address="support@desk.example"),
            DepartmentSettings(name="Billing", address="billing@desk.example"),
        ),
        slack=SlackSettings(**{**given, "listen": "127.0.0.1:0", **keys}),
    )


@dataclass
class Kept:
    """An accept that keeps deliveries by their key, as the inbox does; `refuses` says no that many times first."""

    deliveries: list[Delivery] = field(default_factory=list)
    asked: int = 0
    refuses: int = 0
    slow: float = 0.0

    async def __call__(self, delivery: Delivery) -> None:
        self.asked += 1
        if self.refuses:
            self.refuses -= 1
            raise NotAccepted("the disk is full")
        await asyncio.sleep(self.slow)
        if delivery.key not in {one.key for one in self.deliveries}:
            self.deliveries.append(delivery)


@dataclass
class Scene:
    slack: Slack
    people: People
    kept: Kept
    settings: Settings

    async def messages(self) -> list[InboundMessage]:
        """Everything that was stored, translated as the walk does it: in a thread."""
        return [await asyncio.to_thread(self._translated, delivery, 1) for delivery in self.kept.deliveries]

    async def message(self, *, attempts: int = 1) -> InboundMessage:
        assert len(self.kept.deliveries) == 1
        return await asyncio.to_thread(self._translated, self.kept.deliveries[0], attempts)

    def _translated(self, delivery: Delivery, attempts: int) -> InboundMessage:
        claimed = SimpleNamespace(
            id=1,
            recipient=delivery.recipients[0].lower(),
            envelope={**delivery.details, "mail_from": delivery.mail_from},
            received_at=datetime(2026, 11, 25, tzinfo=UTC),
            attempts=attempts,
        )
        return translator(self.settings).translate(delivery.raw, claimed)


def workspace(slack: Slack | None = None) -> Slack:
    slack = slack or Slack()
    for user, name in ((ALICE, "Alice Martin"), (BOB, "Bob Roux"), (MALLORY, "Mallory"), (SAM, "Sam Lee")):
        slack.person(user, name)
        slack.dm(user)
    slack.channel(BAKERY, ALICE, BOB, MALLORY)
    slack.channel(TRIAGE, SAM, private=True)
    return slack


@contextlib.asynccontextmanager
async def scene(*, listening: bool = True, kept: Kept | None = None, **keys: Any) -> AsyncIterator[Scene]:
    """A workspace with the door of the desk open in it."""
    slack, kept = workspace(), kept or Kept()
    async with slack.running():
        settings = settings_for(slack, **keys)
        people = People(slack)
        listener = SlackListener(settings, again_seconds=0.2)
        task = asyncio.create_task(listener.listen(kept)) if listening else None
        if task:
            await until(lambda: listener.started.is_set() or task.done())
        if settings.slack.mode == "http":
            people.door = f"http://127.0.0.1:{listener.port}{PATH}"
        try:
            yield Scene(slack, people, kept, settings)
        finally:
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
    assert not slack.problems, slack.problems


def play(act: Callable[[Scene], Awaitable[None]], **keys: Any) -> None:
    """One scenario, from an open door to a closed one."""

    async def played() -> None:
        async with asyncio.timeout(30), scene(**keys) as stage:
            await act(stage)

    asyncio.run(played())


async def until(true: Callable[[], object], seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


def sender(settings: Settings, clock: Callable[[], float] = time.monotonic) -> SlackSender:
    """One that does not make a test wait for its turn."""
    return SlackSender(settings.slack, pace=Pace(0.0, 1), clock=clock)


def letter(recipient: str, payload: bytes, *, age: float = 0.0) -> Outbound:
    made = new_id()
    return dataclasses.replace(
        Outbound(made, recipient, "bounce@desk.example", payload), id=made - (int(age * 1000) << 22)
    )
