"""The Sender of Telegram: each chat's letters in their order and at their pace, chats beside each other.

Telegram has no key by which a repeated message would be known as one. Where an answer was lost on the way, a letter
that somebody waits for is sent again, a few times at most, and might come twice; any other is taken as sent.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.ports import Outbound, SendError
from bot.channels.telegram import refusals
from bot.channels.telegram.connection import bot_of, pool
from bot.channels.telegram.pacing import Pacing
from bot.channels.telegram.polling import doubled
from bot.channels.telegram.refusals import Refused, Remedy
from bot.channels.telegram.working import Working
from bot.settings import Telegram

log = logging.getLogger("helpdesk.telegram")

PATIENCE = 5.0
"""Seconds that the letters handed over together may wait for their turn; longer waits go back to the outbox."""
UNCLEAR_SECONDS = (15.0, 60.0, 300.0)
"""Before each further try of a letter whose answer was lost: most connections that end had not brought it yet."""
TOKEN_SECONDS = 900.0
TROUBLE = (1.0, 300.0)
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One call, and in which form it is made."""

    chat_id: int
    call: dict[str, Any]
    patience: float
    """Until when it may wait for its turn."""
    form: bool = True
    photo: bool = True
    buttons: bool = True


class TelegramSender:
    """For one event loop. What it remembers of letters under way is lost with the process: a letter of several
    messages that is half sent then begins anew."""

    def __init__(
        self,
        settings: Telegram,
        working: Working | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._working = working or Working()
        self._working.has_sender = True
        self._clock = clock
        self._sleep = sleep
        self._pacing = Pacing()
        self._request: HTTPXRequest | None = None
        self._bot: Bot | None = None
        self._done: dict[int, int] = {}
        """Letter: how many of its calls Telegram took."""
        self._unclear: dict[int, int] = {}
        """Letter: how often it was not known whether Telegram took it."""
        self._failures: dict[int, int] = {}
        self._rests_until: dict[int, float] = {}
        self._moved: dict[int, int] = {}
        self._all_until = 0.0
        self._last_limited: int | None = None

    async def send(self, letters: Sequence[Outbound]) -> Sequence[SendError | None]:
        answers: list[SendError | None] = [None] * len(letters)
        lanes: dict[str, list[int]] = {}
        for index, letter in sorted(enumerate(letters), key=lambda entry: entry[1].id):
            lanes.setdefault(letter.recipient, []).append(index)
        patience = self._clock() + PATIENCE
        await asyncio.gather(*(self._lane(letters, answers, lane, patience) for lane in lanes.values()))
        return answers

    async def close(self) -> None:
        if self._request is not None:
            await self._request.shutdown()
            self._request = self._bot = None

    async def _lane(
        self, letters: Sequence[Outbound], answers: list[SendError | None], lane: Sequence[int], patience: float
    ) -> None:
        """The letters of one chat. What is behind a letter that waits, waits; behind one that found nobody, too."""
        before: SendError | None = None
        for index in lane:
            if before is not None and (before.gone or not before.permanent):
                reason = before.args[0] if before.gone else "an earlier letter to this chat waits"
                answers[index] = SendError(reason, permanent=before.gone, after=before.after, gone=before.gone)
                continue
            before = answers[index] = await self._letter(letters[index], patience)

    async def _letter(self, letter: Outbound, patience: float) -> SendError | None:
        try:
            chat_id, calls = int(letter.recipient), json.loads(letter.payload)
        except ValueError as error:
            return SendError(f"can't be sent: {error}", permanent=True)
        if wait := self._rests(chat_id):
            return SendError("this chat has to wait", permanent=False, after=wait)
        self._working.answered(chat_id)
        done = self._done.get(letter.id, 0)
        for number, call in enumerate(calls[done:], done + 1):
            refused = await self._call(letter, _Attempt(self._moved.get(chat_id, chat_id), call, patience))
            if refused is not None:
                self._note(chat_id, letter.id, refused)
                return refused
            self._done[letter.id] = number
        self._forget(chat_id, letter.id)
        return None

    def _rests(self, chat_id: int) -> float:
        """Seconds until this chat is written to again."""
        return max(0.0, max(self._all_until, self._rests_until.get(chat_id, 0.0)) - self._clock())

    def _note(self, chat_id: int, letter: int, error: SendError) -> None:
        if error.permanent:
            self._forget(chat_id, letter)
        elif error.after is not None:
            self._rests_until[chat_id] = self._clock() + error.after

    def _forget(self, chat_id: int, letter: int) -> None:
        self._done.pop(letter, None)
        self._unclear.pop(letter, None)
        self._failures.pop(chat_id, None)
        self._rests_until.pop(chat_id, None)
        if len(self._done) > REMEMBERED:  # letters that another process finished
            self._done.clear()

    async def _call(self, letter: Outbound, attempt: _Attempt) -> SendError | None:
        """One call until Telegram took it, or the error that the outbox is told."""
        for _ in range(5):
            wait = self._pacing.wait(attempt.chat_id, self._clock())
            if self._clock() + wait > attempt.patience:
                return SendError("this chat has had enough for now", permanent=False, after=wait)
            self._pacing.take(attempt.chat_id, self._clock())
            if wait:
                await self._sleep(wait)
            try:
                await self._ask(attempt)
            except TelegramError as error:
                refused = refusals.read(error)
            else:
                self._last_limited = None
                return None
            other = self._in_another_form(attempt, refused)
            if other is None:
                return self._verdict(letter, attempt, refused)
            attempt = other
        return SendError("Telegram takes it in no form", permanent=True)

    def _in_another_form(self, attempt: _Attempt, refused: Refused) -> _Attempt | None:
        """The same call as Telegram may take it; None where that would not help."""
        match refused.remedy:
            case Remedy.MOVED:
                self._moved[attempt.chat_id] = refused.chat_id
                return replace(attempt, chat_id=refused.chat_id)
            case Remedy.PLAIN if attempt.form:
                log.error("Telegram does not read what we wrote, which is a mistake of ours: %s", refused.reason)
                return replace(attempt, form=False)
            case Remedy.AS_FILE if attempt.photo and attempt.call["method"] == "sendPhoto":
                return replace(attempt, photo=False)
            case Remedy.NO_BUTTONS if attempt.buttons:
                log.error("Telegram does not take our buttons, which is a mistake of ours: %s", refused.reason)
                return replace(attempt, buttons=False)
        return None

    def _verdict(self, letter: Outbound, attempt: _Attempt, refused: Refused) -> SendError | None:
        chat_id = attempt.chat_id
        match refused.remedy:
            case Remedy.NOTHING:
                return None
            case Remedy.WAIT:
                self._limited(chat_id, refused.seconds)
                return SendError(refused.reason, permanent=False, after=refused.seconds)
            case Remedy.LATER:
                self._failures[chat_id] = self._failures.get(chat_id, 0) + 1
                return SendError(refused.reason, permanent=False, after=doubled(TROUBLE, self._failures[chat_id]))
            case Remedy.UNCLEAR:
                return self._unclear_verdict(letter, attempt, refused)
            case Remedy.TOKEN:
                log.error("Telegram refuses the bot's token; letters wait until [telegram] token is right")
                return SendError(refused.reason, permanent=False, after=TOKEN_SECONDS)
            case Remedy.GONE:
                return SendError(refused.reason, permanent=True, gone=True)
            case _:
                log.error("letter=%d is refused by Telegram: %s", letter.id, refused.reason)
                return SendError(refused.reason, permanent=True)

    def _unclear_verdict(self, letter: Outbound, attempt: _Attempt, refused: Refused) -> SendError | None:
        times = self._unclear.get(letter.id, 0)
        if attempt.call.get("again") and times < len(UNCLEAR_SECONDS):
            self._unclear[letter.id] = times + 1
            return SendError(refused.reason, permanent=False, after=UNCLEAR_SECONDS[times])
        log.warning("letter=%d: %s; taken as sent", letter.id, refused.reason)
        return None

    def _limited(self, chat_id: int, seconds: float) -> None:
        """One chat that is told to wait is that chat's matter; a second one right after it is the bot's."""
        if self._last_limited not in (None, chat_id):
            self._all_until = self._clock() + seconds
        self._last_limited = chat_id
        if seconds > 60:
            log.warning("Telegram asks for a pause of %.0f s", seconds)

    async def _ask(self, attempt: _Attempt) -> None:
        """Raises TelegramError."""
        if self._request is None or self._bot is None:
            self._request = pool(8)
            self._bot = bot_of(self._settings, self._request)
        call = attempt.call
        mode = ParseMode.HTML if attempt.form else None
        text = call["text"] if attempt.form else call["plain"]
        keyboard = _markup(call["keyboard"]) if attempt.buttons else None
        protect = bool(call.get("protect"))
        if call["method"] == "sendMessage":
            await self._bot.send_message(
                attempt.chat_id,
                text,
                parse_mode=mode,
                reply_markup=keyboard,
                protect_content=protect,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            return
        file = InputFile(base64.b64decode(call["content"]), filename=call["filename"])
        caption = text or None
        if call["method"] == "sendPhoto" and attempt.photo:
            await self._bot.send_photo(
                attempt.chat_id,
                file,
                caption=caption,
                parse_mode=mode,
                reply_markup=keyboard,
                protect_content=protect,
                filename=call["filename"],
            )
            return
        await self._bot.send_document(
            attempt.chat_id,
            file,
            caption=caption,
            parse_mode=mode,
            reply_markup=keyboard,
            protect_content=protect,
            filename=call["filename"],
            disable_content_type_detection=True,
        )


def _markup(rows: Sequence[Sequence[tuple[str, str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    buttons = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    return InlineKeyboardMarkup(buttons)
