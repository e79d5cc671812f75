"""Letters to Slack: in order and at Slack's pace for each chat, and not twice where that can be known.

A message carries the letter's id in its metadata. When a call's end is not known, or the letter may have been in the
hands of a sender before this one, the chat is looked through for that id before anything is said again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.ports import Outbound, SendError
from bot.channels.slack import limits, place, web
from bot.channels.slack.chats import Chats
from bot.channels.slack.composer import Call
from bot.channels.slack.home import HomeTab
from bot.channels.slack.pace import Pace
from bot.channels.slack.place import Place
from bot.channels.slack.web import Failed, Trouble
from bot.channels.slack.writing import Writing
from bot.settings import Slack
from core.ids import new_id

log = logging.getLogger("helpdesk.slack")

FRESH_SECONDS, REPEAT_SECONDS = 4.0, 5.0
"""A letter is sent at once and repeated after the latter: one older than the former may have been tried before."""
STOPPED_SECONDS, SCOPE_SECONDS = 300.0, 600.0


class SlackSender:
    """The Sender of Slack. `unclear` counts calls whose end was not known, `found` those that had happened."""

    def __init__(
        self, settings: Slack, *, pace: Pace | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.unclear = 0
        self.found = 0
        self.home: HomeTab | None = None
        """Brought up to date after each letter to its person."""
        self._settings = settings
        self._clock = clock
        self._pace = pace or Pace(limits.A_SECOND_PER_MESSAGE, limits.BURST)
        self._since = new_id()
        self._chats = Chats()
        self._rests_until: dict[str, float] = {}
        self._stopped = Trouble("stopped", "")
        self._stopped_until = 0.0
        self._session: aiohttp.ClientSession | None = None

    async def send(self, letters: Sequence[Outbound]) -> Sequence[SendError | None]:
        """Chats at the same time, the letters of one chat one after the other; none overtakes one that failed."""
        lanes: dict[str, list[Outbound]] = {}
        for letter in letters:
            # What is said on a ticket stands below its card, which comes first.
            lanes.setdefault(letter.recipient.removesuffix(place.CARD), []).append(letter)
        done = await asyncio.gather(*(self._lane(lane) for lane in lanes.values()))
        answers = {id(letter): answer for lane in done for letter, answer in lane}
        return [answers[id(letter)] for letter in letters]

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _lane(self, letters: Sequence[Outbound]) -> list[tuple[Outbound, SendError | None]]:
        answers: list[tuple[Outbound, SendError | None]] = []
        waiting: SendError | None = None
        for letter in letters:
            if waiting is not None:
                answers.append((letter, SendError("waits for an earlier one", permanent=False, after=waiting.after)))
                continue
            answer = await self._try(letter)
            answers.append((letter, answer))
            if answer is not None and not answer.permanent:
                waiting = answer
        return answers

    async def _try(self, letter: Outbound) -> SendError | None:
        try:
            goes_to, calls = place.read(letter.recipient), json.loads(letter.payload)
        except ValueError as error:
            return SendError(f"can't be sent: {error}", permanent=True)
        now = self._clock()
        if self._stopped_until > now:
            return SendError(self._stopped.reason, permanent=False, after=self._stopped_until - now)
        if self._rests_until.get(goes_to.chat, 0.0) > now:
            return SendError("Slack asks to wait", permanent=False, after=self._rests_until[goes_to.chat] - now)
        try:
            await self._write(letter, goes_to, calls)
        except Failed as failed:
            return self._answer(goes_to.chat, failed.trouble)
        except Exception as error:  # a mistake of ours must not take the answers of the other letters with it
            log.exception("letter=%d could not be written", letter.id)
            return SendError(f"can't be sent: {type(error).__name__}", permanent=False)
        return None

    async def _write(self, letter: Outbound, goes_to: Place, calls: Sequence[Call]) -> None:
        """Raises web.Failed."""
        writing = Writing(
            client=self._client(),
            chats=self._chats,
            place=goes_to,
            letter=letter.id,
            age=_age(letter),
            tried=self._tried(letter),
            turn=self._pace.turn,
        )
        try:
            await writing.write(calls)
        finally:
            self.unclear += writing.unclear
            self.found += writing.found
        if self.home is not None and goes_to.direct:
            await self.home.bring_up_to_date(self._client(), str(goes_to))

    def _tried(self, letter: Outbound) -> bool:
        """May it have been sent before: by this sender or another, or by anyone some time ago?"""
        return letter.attempts > 1 or letter.id < self._since or _age(letter) > FRESH_SECONDS

    def _answer(self, chat: str, trouble: Trouble) -> SendError:
        match trouble.kind:
            case "gone":
                return SendError(trouble.reason, permanent=True, gone=True)
            case "ours":
                return SendError(trouble.reason, permanent=True)
            case "ratelimited":
                after = max((trouble.after or 1.0) + 0.5, REPEAT_SECONDS)
                now = self._clock()
                self._rests_until = {known: at for known, at in self._rests_until.items() if at > now}
                self._rests_until[chat] = now + after
                return SendError(trouble.reason, permanent=False, after=after)
            case "stopped":
                log.error(
                    "Slack shuts the app out (%s); letters are kept until slack.bot_token is a valid one",
                    trouble.reason,
                )
                self._stopped, self._stopped_until = trouble, self._clock() + STOPPED_SECONDS
                return SendError(trouble.reason, permanent=False, after=STOPPED_SECONDS)
            case "scope":
                log.error("%s", trouble.reason)
                return SendError(trouble.reason, permanent=False, after=SCOPE_SECONDS)
            case _:
                return SendError(trouble.reason, permanent=False, after=REPEAT_SECONDS)

    def _client(self) -> AsyncWebClient:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=web.TIMEOUT))
        return web.client(self._settings, self._settings.bot_token, self._session)


def _age(letter: Outbound) -> float:
    """Seconds since the letter was made: its id begins with the time (core.ids)."""
    return ((new_id() >> 22) - (letter.id >> 22)) / 1000
