"""What the tests of Telegram share: settings for the stand-in, a store for the door, and a wait with a deadline."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import DictLoader

from bot.channels import telegram
from bot.channels.ports import Accept, Delivery, NotAccepted, Outbound
from bot.channels.telegram.composer import TelegramComposer
from bot.channels.telegram.door import TelegramDoor
from bot.channels.telegram.polling import Pace
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.working import Working
from bot.settings import Desk, Settings, Telegram
from bot.templating import Templates
from core.messages import Address, InboundMessage, Reply, say
from core.post import Composed, Draft
from tests.chat.telegram.standin import TOKEN, FakeTelegram

ALICE, BOB, GROUP = 1001, 1002, -100500
QUICK = Pace(poll=1, album=0.02, trouble=(0.01, 0.05), conflict=(0.02, 0.05))
MARKER = "a" * 32
SHARED = {
    "desk": SimpleNamespace(name="Example Hosting", address="help@desk.example", time_zone=ZoneInfo("Europe/Paris"))
}


def settings(fake: FakeTelegram, **telegram_settings: Any) -> Settings:
    own = {"token": TOKEN, "api_url": f"{fake.url}/bot", "file_url": f"{fake.url}/file/bot", **telegram_settings}
    return Settings(desk=Desk(secret="x" * 32), telegram=Telegram(**own))


class Store:
    """What `accept` leads to; `refusals` deliveries are refused first, each is kept once by its key."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.kept: dict[str, Delivery] = {}
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, delivery: Delivery) -> None:
        self.asked += 1
        await self.gate.wait()
        if self.refusals:
            self.refusals -= 1
            raise NotAccepted("full")
        assert delivery.key and delivery.mail_from
        json.dumps(delivery.details)
        self.kept.setdefault(delivery.key, delivery)

    def texts(self) -> list[str]:
        return [read(delivery).text for delivery in self.kept.values()]


def read(delivery: Delivery, files: Any = None, **more: Any) -> InboundMessage:
    translator = telegram.translator(Settings(desk=Desk(address="help@desk.example")), files or NoFiles())
    return translator.translate(delivery.raw, claimed(delivery.details, **more))


def claimed(details: dict[str, Any], attempts: int = 1) -> Any:
    return SimpleNamespace(
        envelope=details, attempts=attempts, recipient="123456", received_at=datetime(2026, 11, 25, tzinfo=UTC)
    )


class NoFiles:
    def fetch(self, file_id: str, limit: int) -> bytes:
        return f"{file_id} of at most {limit}".encode()


@asynccontextmanager
async def listening(
    fake: FakeTelegram, accept: Accept, working: Working | None = None, **more: Any
) -> AsyncIterator[TelegramDoor]:
    """A door that hears what happens at the stand-in; in the end it is stopped as the service stops it."""
    door = TelegramDoor(settings(fake, **more).telegram, "secret-token", working, QUICK)
    task = asyncio.create_task(door.listen(accept))
    try:
        yield door
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until it holds. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("it did not come true")
        await asyncio.sleep(0.005)


def played(test: Callable[[FakeTelegram], Awaitable[None]]) -> None:
    """Run a test with a stand-in that is up."""

    async def run() -> None:
        async with FakeTelegram().serving() as fake:
            await test(fake)

    asyncio.run(run())


def draft(*replies: Reply, **more: Any) -> Draft:
    return Draft(
        **{
            "replies": replies,
            "to": Address("telegram", str(ALICE), "Alice Martin"),
            "language": "en",
            "from_name": "Example Hosting",
            "from_address": "help@desk.example",
            "reply_to": f"help+{MARKER}@desk.example",
            "subject": "",
            "tag": "",
            "message_id": "1@desk.example",
            "date": datetime(2026, 11, 25, tzinfo=UTC),
            "automatic": True,
            "desk_loop": "mark",
            "marker": MARKER,
            **more,
        }
    )


def composed(markup: str, **more: Any) -> Composed:
    """The letter that a template of these words becomes."""
    composer = TelegramComposer(Templates(DictLoader({"one.html": markup})), lambda: SHARED)
    return composer.compose(draft(say("one"), **more))


def letter(number: int, markup: str, chat: int = ALICE, **more: Any) -> Outbound:
    return Outbound(number, str(chat), "", composed(markup, **more).payload)


class FakeTime:
    """A clock that a sleep moves, shared by the sender and the stand-in."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds
        await asyncio.sleep(0)


def sending(fake: FakeTelegram, clock: FakeTime | None = None) -> TelegramSender:
    clock = clock or FakeTime()
    fake.clock = clock
    return TelegramSender(settings(fake).telegram, clock=clock, sleep=clock.sleep)
