"""How fast Telegram wants to be written to: one message a second in a chat, twenty a minute in a group, 25 a second.

Who keeps to this is hardly ever told to wait, and one busy chat does not slow the others down.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """`burst` at once, then `rate` a second; never more than burst + rate·t within t seconds."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def wait(self, now: float) -> float:
        """Seconds until one more may go."""
        self._fill(now)
        return max(0.0, (1 - self.tokens) / self.rate)

    def take(self, now: float) -> None:
        """It may run into debt: several that wait at once each wait for their own."""
        self._fill(now)
        self.tokens -= 1

    def full(self, now: float) -> bool:
        self._fill(now)
        return self.tokens >= self.burst

    def _fill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = max(self.at, now)


MANY_CHATS = 1000


class Pacing:
    """One bucket for each chat and one for the bot; times are those of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._bot = Bucket(25.0, 5.0)
        self._chats: dict[int, Bucket] = {}

    def wait(self, chat_id: int, now: float) -> float:
        return max(self._bot.wait(now), self._of(chat_id, now).wait(now))

    def take(self, chat_id: int, now: float) -> None:
        self._bot.take(now)
        self._of(chat_id, now).take(now)

    def _of(self, chat_id: int, now: float) -> Bucket:
        if len(self._chats) > MANY_CHATS:
            self._chats = {chat: bucket for chat, bucket in self._chats.items() if not bucket.full(now)}
        if chat_id not in self._chats:
            # Groups have negative ids. 3 at once and 17 within the minute are the twenty that Telegram takes.
            self._chats[chat_id] = Bucket(17 / 60, 3.0) if chat_id < 0 else Bucket(1.0, 3.0)
        return self._chats[chat_id]
