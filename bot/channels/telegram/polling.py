"""The long poll: what Telegram has for us is stored, and only then confirmed.

An update is confirmed by asking for the next one. The library's own loop asks at once and keeps what it got in memory;
a crash would lose it. Here a crash brings it again, and the inbox knows it by its id.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.channels.telegram.connection import POLL_SECONDS
from bot.channels.telegram.events import ALLOWED_UPDATES, Event, Json, event_of

log = logging.getLogger("helpdesk.telegram")

Take = Callable[[Sequence[Json]], Awaitable[None]]
"""Stores one update, or the updates of one album; returns when they are on disk."""

_DEFAULT = BaseRequest.DEFAULT_NONE


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds; pairs are the first pause and the longest, doubling between."""

    poll: int = POLL_SECONDS
    album: float = 1.0
    """So long are the other pictures of an album waited for."""
    trouble: tuple[float, float] = (1.0, 60.0)
    conflict: tuple[float, float] = (5.0, 60.0)
    token: float = 300.0
    """Between two tries with a token that is refused: it may be Telegram's trouble, or a proxy's."""


class KeepingRequest(HTTPXRequest):
    """Keeps the last answer as it came. The library reads updates into classes, and one that it does not know the
    shape of would stop it for good: every poll brings the same one again."""

    payload = b""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        self.payload = b""
        code, self.payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        return code, self.payload


class Poll:
    """`run` until cancelled. Raises InvalidToken."""

    def __init__(self, bot: Bot, request: KeepingRequest, take: Take, pace: Pace) -> None:
        self._bot = bot
        self._request = request
        self._take = take
        self._pace = pace
        self._offset: int | None = None
        self._failures = 0
        self._album_seen = 0
        """How many pictures of the album at the end of the last answer were there."""

    async def run(self) -> None:
        while True:
            try:
                updates = await self._ask()
                self._failures = 0
            except InvalidToken:
                raise
            except TelegramError as error:
                await asyncio.sleep(self._pause_after(error))
                continue
            for group in self._complete(joined(updates)):
                await self._take(group)
                self._offset = event_of(group[-1]).update_id + 1
            if self._album_seen:
                await asyncio.sleep(self._pace.album)

    async def _ask(self) -> list[Json]:
        """The updates that are not confirmed yet; this confirms all before the offset."""
        timeout = 0 if self._album_seen else self._pace.poll
        try:
            await self._bot.get_updates(offset=self._offset, timeout=timeout, allowed_updates=ALLOWED_UPDATES)
        except TelegramError:
            raise
        except Exception as error:
            log.warning("the library cannot read an update (%s); it is stored as it came", type(error).__name__)
        return updates_in(self._request.payload)

    def _complete(self, groups: list[list[Json]]) -> list[list[Json]]:
        """All but an album at the end that may still grow; one that has not grown since the last look is whole."""
        last = groups[-1] if groups else []
        if last and event_of(last[0]).album and len(last) != self._album_seen:
            self._album_seen = len(last)
            return groups[:-1]
        self._album_seen = 0
        return groups

    def _pause_after(self, error: TelegramError) -> float:
        self._failures += 1
        if isinstance(error, RetryAfter):
            return seconds_of(error)
        if isinstance(error, Conflict):
            pause = doubled(self._pace.conflict, self._failures)
            log.error(
                "another program asks Telegram for this bot's updates (%s); only one may. Stop the other, or give it "
                "a bot of its own; looking again in %.0f s",
                error.message,
                pause,
            )
            return pause
        pause = doubled(self._pace.trouble, self._failures)
        log.warning("Telegram cannot be reached (%s); again in %.0f s", error.message or type(error).__name__, pause)
        return pause


def updates_in(payload: bytes) -> list[Json]:
    """The updates of an answer, in order; what has no id could never be confirmed and is left out."""
    try:
        document = json.loads(payload)
    except ValueError:
        return []
    found = document.get("result") if isinstance(document, dict) else None
    updates = [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []
    return sorted((update for update in updates if event_of(update).update_id), key=lambda update: update["update_id"])


def joined(updates: Sequence[Json]) -> list[list[Json]]:
    """One group for each update; the pictures of an album, which come as a message each, share one."""
    groups: list[list[Json]] = []
    for update in updates:
        if groups and _same_album(event_of(groups[-1][0]), event_of(update)):
            groups[-1].append(update)
        else:
            groups.append([update])
    return groups


def _same_album(one: Event, other: Event) -> bool:
    return bool(one.album) and one.album == other.album and one.chat_id == other.chat_id


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait, and a little more."""
    wait = error.retry_after
    return (wait if isinstance(wait, int) else wait.total_seconds()) + 0.5


def doubled(pace: tuple[float, float], failures: int) -> float:
    first, most = pace
    return float(min(most, first * 2 ** min(failures - 1, 16)))
