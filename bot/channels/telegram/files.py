"""Files that people sent: fetched by the worker when it reads the message, within a time limit.

Storing comes first, so a file that Telegram does not hand out now costs a second look and not the message.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from telegram.error import TelegramError

from bot.channels.telegram.connection import bot_of, pool
from bot.settings import Telegram

SECONDS = 25.0
"""For one file; a worker holds a message for 90 seconds before another takes it over."""


class NotFetched(Exception):
    """Telegram did not hand the file out; trying again may help."""


class Files(Protocol):
    def fetch(self, file_id: str, limit: int) -> bytes:
        """The file, of at most `limit` bytes. Raises NotFetched."""


@dataclass(frozen=True, slots=True)
class TelegramFiles:
    settings: Telegram
    seconds: float = SECONDS

    def fetch(self, file_id: str, limit: int) -> bytes:
        """Blocks; for threads that run no event loop."""
        try:
            return asyncio.run(asyncio.wait_for(self._fetch(file_id, limit), self.seconds))
        except (TelegramError, TimeoutError, OSError) as error:
            # The reason only: an address in it would hold the token.
            raise NotFetched(type(error).__name__) from None

    async def _fetch(self, file_id: str, limit: int) -> bytes:
        async with pool(1) as request:
            file = await bot_of(self.settings, request).get_file(file_id)
            if (file.file_size or 0) > limit:
                raise NotFetched("it is larger than was said")
            return bytes(await file.download_as_bytearray())
