"""The IMAP door: mail is fetched, committed, and only then moved to the done folder.

imapclient blocks, so one thread holds the connection and asks the event loop to `accept`. A crash between the commit
and the move brings the same mail again, which `accept` takes without storing it twice; so nothing has to be
remembered but where the desk's own mail begins.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.channels.imapwatch import MailboxMemory, Pace, Watch
from bot.channels.mailbox import Listed
from bot.channels.ports import Accept, Delivery
from bot.settings import Imap

__all__ = ["ImapListener", "MailboxMemory", "Pace"]

GRACE = 10.0
"""Seconds that a running commit gets when the listener is stopped."""


class ImapListener:
    """`recipient_of` names the addresses of ours that a message is for (`envelope.recipients`); never none.

    Messages over `max_message_size` octets are put away unread, with a line in the log.
    """

    def __init__(
        self,
        settings: Imap,
        recipient_of: Callable[[bytes], tuple[str, ...]],
        memory: MailboxMemory,
        *,
        max_message_size: int = 26_214_400,
        pace: Pace | None = None,
    ) -> None:
        self._settings = settings
        self._recipient_of = recipient_of
        self._memory = memory
        self._max_message_size = max_message_size
        self._pace = pace or Pace()

    async def listen(self, accept: Accept) -> None:
        """Fetch until cancelled; a commit that runs then is waited for."""
        loop = asyncio.get_running_loop()
        intake = _Intake(self._settings, self._recipient_of, accept, loop)
        watch = Watch(self._settings, self._memory, self._pace, self._max_message_size, intake.take)
        ended = asyncio.Event()

        def run() -> None:
            try:
                watch.run()
            finally:
                with suppress(RuntimeError):  # The loop is closed already.
                    loop.call_soon_threadsafe(ended.set)

        # A daemon, because a connect that hangs must not hold the process at its end.
        threading.Thread(target=run, name=f"imap {self._settings.host}", daemon=True).start()
        try:
            await ended.wait()
        finally:
            if watch.stop():
                try:
                    await asyncio.wait_for(ended.wait(), GRACE)
                except TimeoutError:
                    intake.give_up()


class _Intake:
    """The way from the thread to `accept` and back."""

    def __init__(
        self,
        settings: Imap,
        recipient_of: Callable[[bytes], tuple[str, ...]],
        accept: Accept,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._settings = settings
        self._recipient_of = recipient_of
        self._accept = accept
        self._loop = loop
        self._running: concurrent.futures.Future[list[BaseException | None]] | None = None

    def take(self, messages: Sequence[tuple[Listed, bytes]], uidvalidity: int) -> list[BaseException | None]:
        """Commit each; the answers stand in the same order, None for "committed"."""
        self._running = asyncio.run_coroutine_threadsafe(self._take(messages, uidvalidity), self._loop)
        return self._running.result()

    def give_up(self) -> None:
        if self._running:
            self._running.cancel()

    async def _take(self, messages: Sequence[tuple[Listed, bytes]], uidvalidity: int) -> list[BaseException | None]:
        # All at once, so that they share one commit.
        each = (self._one(listed, raw, uidvalidity) for listed, raw in messages)
        return list(await asyncio.gather(*each, return_exceptions=True))

    async def _one(self, listed: Listed, raw: bytes, uidvalidity: int) -> None:
        details = {
            "protocol": "imap",
            "host": self._settings.host,
            "folder": self._settings.folder,
            "uidvalidity": uidvalidity,
            "uid": listed.uid,
            "received": listed.received.isoformat(),
        }
        await self._accept(Delivery("email", raw, self._recipient_of(raw), None, details))
