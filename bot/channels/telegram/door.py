"""The Telegram door: updates are stored, then confirmed, then courtesies follow.

Courtesies (the answer to a pressed button, the keyboard that goes, "typing…") may be lost; a message may not.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.channels.ports import Accept, Delivery, NotAccepted
from bot.channels.telegram import addressing, commands
from bot.channels.telegram.connection import bot_of, pool
from bot.channels.telegram.events import ALLOWED_UPDATES, BUTTON, MESSAGE, Event, Json, event_of, number, words
from bot.channels.telegram.polling import KeepingRequest, Pace, Poll, doubled, seconds_of
from bot.channels.telegram.translator import CHANNEL
from bot.channels.telegram.webhook import Webhook
from bot.channels.telegram.working import Working
from bot.settings import Telegram

log = logging.getLogger("helpdesk.telegram")


class TelegramDoor:
    """Polls, or serves the webhook where the settings say so. `webhook` is there once it is served."""

    def __init__(
        self, settings: Telegram, webhook_secret: str, working: Working | None = None, pace: Pace | None = None
    ) -> None:
        self._settings = settings
        self._secret = webhook_secret
        self._working = working or Working()
        self._pace = pace or Pace()
        self._courtesies: set[asyncio.Task[None]] = set()
        self.webhook: Webhook | None = None

    async def listen(self, accept: Accept) -> None:
        """Until cancelled. A token that Telegram refuses is tried again every few minutes; what is waiting stays."""
        while True:
            try:
                await self._hear(accept)
            except InvalidToken:
                log.error(
                    "Telegram refuses the bot's token: nothing is heard there. Put the token that BotFather shows "
                    "into [telegram] token and start again; what is waiting stays where it is. The desk tries this "
                    "one again in %.0f s",
                    self._pace.token,
                )
            await asyncio.sleep(self._pace.token)

    async def _hear(self, accept: Accept) -> None:
        """Raises InvalidToken."""
        polled = KeepingRequest(connection_pool_size=1)
        async with pool() as request, polled:
            bot = bot_of(self._settings, request, polled)
            try:
                me = await self._until_answered(bot.get_me)
                await self._offer_commands(bot)
                desk = _Desk(bot, addressing.Bot(me.id, me.username or ""), accept, self._settings)
                await (self._serve(desk) if self._settings.mode == "webhook" else self._poll(desk, polled))
            except BadRequest as error:
                log.error("Telegram refuses the settings of [telegram], nothing is heard there: %s", error.message)
                await asyncio.Event().wait()
            finally:
                for task in self._courtesies:
                    task.cancel()

    async def _poll(self, desk: _Desk, polled: KeepingRequest) -> None:
        await self._until_answered(desk.bot.delete_webhook)

        async def take(updates: Sequence[Json]) -> None:
            raw = json.dumps(updates[0] if len(updates) == 1 else list(updates), ensure_ascii=True).encode()
            await self._until_stored(desk, updates, raw)

        await Poll(desk.bot, polled, take, self._pace).run()

    async def _serve(self, desk: _Desk) -> None:
        async def take(update: Json, raw: bytes) -> None:
            if await desk.store([event_of(update)], raw):
                self._be_courteous(desk, [event_of(update)])

        settings = self._settings
        self.webhook = Webhook(settings.webhook_listen, settings.webhook_url, self._secret, take)
        serving = asyncio.create_task(self.webhook.serve())
        try:
            opened = asyncio.create_task(self.webhook.started.wait())
            await asyncio.wait({serving, opened}, return_when=asyncio.FIRST_COMPLETED)
            opened.cancel()
            if not serving.done():
                await self._until_answered(
                    lambda: desk.bot.set_webhook(
                        settings.webhook_url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret
                    )
                )
            await serving
        finally:
            serving.cancel()

    async def _until_stored(self, desk: _Desk, updates: Sequence[Json], raw: bytes) -> None:
        """Nobody is there to be told "try again later": it is tried until the desk takes it."""
        events = [event_of(update) for update in updates]
        failures = 0
        while True:
            try:
                if await desk.store(events, raw):
                    self._be_courteous(desk, events)
                return
            except NotAccepted as error:
                failures += 1
                pause = doubled(self._pace.trouble, failures)
                log.warning("update %d is not stored (%s); again in %.0f s", events[0].update_id, error, pause)
                await asyncio.sleep(pause)

    def _be_courteous(self, desk: _Desk, events: Sequence[Event]) -> None:
        for event in events:
            if event.kind == BUTTON:
                task = asyncio.create_task(desk.take_button_away(event))
                self._courtesies.add(task)
                task.add_done_callback(self._courtesies.discard)
        if events[0].kind in (MESSAGE, BUTTON):
            self._working.began(events[0].chat_id, desk.show_typing)

    async def _until_answered(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Raises InvalidToken and BadRequest; anything else passes, sooner or later."""
        failures = 0
        while True:
            try:
                return await ask()
            except (InvalidToken, BadRequest):
                raise
            except TelegramError as error:
                failures += 1
                usual = doubled(self._pace.trouble, failures)
                pause = seconds_of(error) if isinstance(error, RetryAfter) else usual
                log.warning("Telegram cannot be reached (%s); again in %.0f s", type(error).__name__, pause)
                await asyncio.sleep(pause)

    async def _offer_commands(self, bot: Bot) -> None:
        try:
            changed = await commands.register(bot)
            if changed:
                log.info("commands: %d lists were set", changed)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("the commands could not be set (%s); they are at the next start", type(error).__name__)


class _Desk:
    """One bot and the inbox behind it."""

    def __init__(self, bot: Bot, me: addressing.Bot, accept: Accept, settings: Telegram) -> None:
        self.bot = bot
        self._me = me
        self._accept = accept
        self._settings = settings

    async def store(self, events: Sequence[Event], raw: bytes) -> bool:
        """Whether there was anything for us in it; when it returns, that is on disk. Raises NotAccepted."""
        if not any(map(self._concerns, events)):
            return False
        first, last = events[0], events[-1]
        ids = f"{first.update_id}" if first is last else f"{first.update_id}-{last.update_id}"
        details = {
            "bot_id": self._me.id,
            "bot_name": self._me.username,
            "kind": first.kind,
            "chat": str(first.chat_id),
            "chat_type": words(first.chat, "type"),
            "thread": number(first.message, "message_thread_id"),
            "language": words(first.user, "language_code"),
        }
        await self._accept(
            Delivery(
                channel=CHANNEL,
                raw=raw,
                recipients=(str(self._me.id),),
                mail_from=str(first.chat_id),
                details=details,
                key=f"{self._me.id}:{ids}",
            )
        )
        return True

    def _concerns(self, event: Event) -> bool:
        groups, staff = self._settings.groups, self._settings.staff_group
        return addressing.concerns(event, self._me, commands.NAMES, groups=groups, staff=staff)

    async def take_button_away(self, event: Event) -> None:
        """Stop the sign on the pressed button, and, where nobody else could press it, take the keyboard away."""
        try:
            await self.bot.answer_callback_query(words(event.body, "id"))
        except TelegramError as error:
            log.info("a pressed button was not answered: %s", type(error).__name__)
        if not event.private:
            return
        try:
            await self.bot.edit_message_reply_markup(event.chat_id, number(event.message, "message_id"))
        except TelegramError as error:
            log.info("a keyboard stays: %s", type(error).__name__)

    async def show_typing(self, chat_id: int) -> None:
        await self.bot.send_chat_action(chat_id, ChatAction.TYPING)
