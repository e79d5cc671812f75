"""Telegram without a wire: the library's Bot makes its calls, the stand-in carries them out in the same process."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any
from urllib.parse import urlsplit

from aiohttp.web import FileField
from multidict import CIMultiDict, CIMultiDictProxy
from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.channels.ports import Accept
from bot.channels.telegram import addressing
from bot.channels.telegram.door import _Desk
from bot.channels.telegram.events import event_of
from bot.channels.telegram.sender import TelegramSender
from bot.settings import Settings
from tests.chat.telegram.standin import BOT_ID, BOT_NAME, TOKEN, FakeTelegram, Refusal


class NearRequest(BaseRequest):
    """The library's connection: a call is made by calling."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        name = urlsplit(url).path.rpartition("/")[2]
        given: dict[str, Any] = dict(request_data.json_parameters) if request_data else {}
        if request_data and request_data.contains_files:
            given |= {part: _upload(part, *upload) for part, upload in request_data.multipart_data.items()}
        self._fake.calls.append((name, given))
        try:
            result = await self._fake._carry_out(name, given)
        except Refusal as refusal:
            self._fake.refusals.append(f"{name}: {refusal.description}")
            document: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            document |= {"parameters": refusal.parameters} if refusal.parameters else {}
            return refusal.code, json.dumps(document).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()


def _upload(part: str, filename: str, content: Any, media_type: str) -> FileField:
    headers: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
    octets = content if isinstance(content, bytes) else content.read()
    return FileField(part, filename, io.BufferedReader(io.BytesIO(octets)), media_type, headers)  # type: ignore[arg-type]


def near_bot(fake: FakeTelegram) -> tuple[Bot, NearRequest]:
    request = NearRequest(fake)
    return Bot(TOKEN, base_url="https://telegram.test/bot", request=request, get_updates_request=request), request


def near_sender(fake: FakeTelegram, settings: Settings) -> TelegramSender:
    """Its clock stands still but for its own pauses."""
    now = [1000.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        await asyncio.sleep(0)

    def clock() -> float:
        now[0] += 0.5  # Between two calls half a second passes: a person reads, and writes again.
        return now[0]

    fake.clock = lambda: now[0]
    sender = TelegramSender(settings.telegram, clock=clock, sleep=sleep)
    sender._bot, request = near_bot(fake)
    sender._request = request  # type: ignore[assignment]
    return sender


class NearDoor:
    """Every update that waits at the stand-in, stored as the door stores it, the keyboards taken away as it does."""

    def __init__(self, fake: FakeTelegram, accept: Accept, settings: Settings) -> None:
        self._fake = fake
        self._desk = _Desk(near_bot(fake)[0], addressing.Bot(BOT_ID, BOT_NAME), accept, settings.telegram)

    async def takes(self) -> None:
        for update in self._fake.pending:
            event = event_of(update)
            if await self._desk.store([event], json.dumps(update).encode()) and event.kind == "button":
                await self._desk.take_button_away(event)
        self._fake.pending.clear()
