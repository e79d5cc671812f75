"""How fast a chat is written to: a message a second, a few more at once after a rest."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field

_REMEMBERED = 10_000
"""Chats; one that is forgotten starts with a full allowance, which it has by then."""


@dataclass(slots=True)
class Pace:
    seconds: float
    burst: int
    _free_at: OrderedDict[str, float] = field(default_factory=OrderedDict)
    """When each chat's allowance is full again, by the monotonic clock."""

    async def turn(self, chat: str) -> None:
        """Returns when the chat may be written to."""
        now = time.monotonic()
        full_at = max(self._free_at.pop(chat, 0.0), now)
        self._free_at[chat] = full_at + self.seconds
        if len(self._free_at) > _REMEMBERED:
            self._free_at.popitem(last=False)
        await asyncio.sleep(max(0.0, full_at - now - self.seconds * (self.burst - 1)))
