"""One letter in one chat: its calls made one after the other, and not again when they have happened."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import history, web
from bot.channels.slack.chats import Chats
from bot.channels.slack.composer import POST, UPLOAD, Call
from bot.channels.slack.history import EVENT_TYPE, TICKET, Said
from bot.channels.slack.place import Place
from bot.channels.slack.web import Failed, Trouble

log = logging.getLogger("helpdesk.slack")

LOOK_AFTER_SECONDS = 1.0
"""What Slack has taken shows in the chat soon after."""
CARD_SECONDS = 60.0
"""How long a message waits for the card that it belongs below."""


@dataclass(slots=True)
class Writing:
    """`age` is in seconds; `tried`: it may have been sent before. `unclear` and `found` count as the sender's do."""

    client: AsyncWebClient
    chats: Chats
    place: Place
    letter: int
    age: float
    tried: bool
    turn: Callable[[str], Awaitable[None]]
    chat: str = ""
    thread: str = ""
    unclear: int = 0
    found: int = 0

    async def write(self, calls: Sequence[Call]) -> None:
        """All calls but those that have happened. Raises web.Failed."""
        await self._find()
        said = await self._said() if self.tried else Said()
        for number, call in enumerate(calls):
            if said.has(number, call):
                self.found += 1
                continue
            await self.turn(self.chat)
            try:
                await self._make(number, call)
            except web.CALL_ERRORS as error:
                await self._or_it_happened(number, call, web.trouble(error))

    async def _find(self) -> None:
        """The channel and the thread. Raises web.Failed."""
        try:
            self.chat = await self.chats.channel(self.client, self.place)
            self.thread = self.place.thread
            if self.place.ticket and not self.place.card:
                self.thread = await self.chats.card(self.client, self.chat, self.place.ticket)
        except web.CALL_ERRORS as error:
            trouble = web.trouble(error)
            # Nothing was said yet: this is harmless to repeat.
            raise Failed(Trouble("unreached", trouble.reason) if trouble.unclear else trouble) from error
        if self.place.ticket and not self.place.card and not self.thread and self.age < CARD_SECONDS:
            raise Failed(Trouble("unreached", "its card is not there yet"))

    async def _or_it_happened(self, number: int, call: Call, trouble: Trouble) -> None:
        """Returns when the call has happened all the same. Raises web.Failed."""
        if not trouble.unclear:
            raise Failed(trouble)
        self.unclear += 1
        await asyncio.sleep(LOOK_AFTER_SECONDS)
        if not (await self._said()).has(number, call):
            raise Failed(trouble)
        self.found += 1

    async def _said(self) -> Said:
        """What of this letter stands in the chat. Raises web.Failed when it can't be seen now."""
        try:
            return await history.said(self.client, self.chat, self.thread, self.letter, self.age)
        except web.CALL_ERRORS as error:
            trouble = web.trouble(error)
            if trouble.kind != "scope":
                raise Failed(trouble) from error
            log.error("a repeat can't be told from a first time: %s", trouble.reason)
            return Said()

    async def _make(self, number: int, call: Call) -> None:
        arguments, method = dict(call["arguments"]), call["method"]
        if method == POST and self.place.card:
            await self._card(number, arguments)
        elif method == POST:
            await self._post(number, arguments)
        elif method == UPLOAD:
            content = base64.b64decode(arguments.pop("content"))
            await self.client.files_upload_v2(
                channel=self.chat, thread_ts=self.thread or None, file=content, **arguments
            )

    async def _card(self, number: int, arguments: dict[str, Any]) -> None:
        """Edited where it stands; where there is none (any more) it is posted."""
        ts = await self.chats.card(self.client, self.chat, self.place.ticket)
        if ts:
            try:
                await self.client.chat_update(ts=ts, **self._addressed(number, arguments))
                return
            except web.CALL_ERRORS as error:
                if web.trouble(error).kind != "lost":
                    raise
        ts = await self._post(number, arguments)
        self.chats.keep(self.chat, self.place.ticket, ts)

    async def _post(self, number: int, arguments: dict[str, Any]) -> str:
        """With blocks; when Slack finds them wrong, that is our mistake and its reader gets the words alone."""
        arguments = {**self._addressed(number, arguments), "thread_ts": self.thread or None}
        arguments |= {"unfurl_links": False, "unfurl_media": False}
        try:
            answer = await self.client.chat_postMessage(**arguments)
        except web.CALL_ERRORS as error:
            trouble = web.trouble(error)
            if trouble.kind != "ours":
                raise
            log.error("letter=%d part=%d: %s; sent as text without blocks", self.letter, number, trouble.reason)
            del arguments["blocks"]
            answer = await self.client.chat_postMessage(**arguments)
        return str(answer["ts"])

    def _addressed(self, number: int, arguments: dict[str, Any]) -> dict[str, Any]:
        """With its channel and the mark by which it is found again."""
        payload = {**arguments.get("metadata", {}).get("event_payload", {}), "id": str(self.letter), "part": number}
        if self.place.card:
            payload[TICKET] = self.place.ticket
        return {
            **arguments,
            "channel": self.chat,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": payload},
        }
