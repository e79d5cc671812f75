""" "Typing…" while an answer takes longer than a second.

The door says that something was stored, the sender that something is on its way. Where they are two processes nobody
could end the sign in time, so it is not shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from telegram.error import TelegramError

FIRST_SECONDS = 1.0
AGAIN_SECONDS = 4.5
"""Telegram shows the sign for five."""
TIMES = 3

Show = Callable[[int], Awaitable[object]]


class Working:
    """Which chats wait for an answer. For one event loop."""

    def __init__(self, first: float = FIRST_SECONDS, again: float = AGAIN_SECONDS) -> None:
        self.has_sender = False
        self._first = first
        self._again = again
        self._waiting: dict[int, asyncio.Task[None]] = {}

    def began(self, chat_id: int, show: Show) -> None:
        if self.has_sender and chat_id not in self._waiting:
            task = asyncio.create_task(self._go_on(chat_id, show))
            self._waiting[chat_id] = task
            task.add_done_callback(lambda _: self._waiting.pop(chat_id, None))

    def answered(self, chat_id: int) -> None:
        if task := self._waiting.get(chat_id):
            task.cancel()

    async def _go_on(self, chat_id: int, show: Show) -> None:
        pause = self._first
        for _ in range(TIMES):
            await asyncio.sleep(pause)
            try:
                await show(chat_id)
            except TelegramError:
                return  # It is a courtesy.
            pause = self._again
