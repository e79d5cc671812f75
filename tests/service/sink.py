"""The mail server where everything that leaves a desk under test ends; what it answers is the test's to decide."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.demo import Caught

OK = "250 OK"
CUT_BEFORE = "cut before it was taken"
CUT_AFTER = "cut after it was taken"

Copy = TypeVar("Copy")
Answer = Callable[[Copy], str]
"""OK, one of the two cuts, or a refusal like "451 4.7.1 Greylisted"; asked for each mail."""


class Sink(Generic[Copy]):
    """`keep` makes of (bytes, recipient) what is kept of a mail; `taken` holds each mail that a peer may believe taken.

    Runs in a thread of its own; `answer` may be exchanged at any time.
    """

    def __init__(self, keep: Callable[[bytes, str], Copy], answer: Answer[Copy] = lambda _: OK) -> None:
        self.taken: list[Copy] = []
        self.answer = answer
        self.port = 0
        self._keep = keep
        self._came = threading.Condition()
        self._loop = asyncio.new_event_loop()
        opened = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(opened,), daemon=True)
        self._thread.start()
        assert opened.wait(60)

    def _run(self, opened: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        session = lambda: SMTP(self, loop=self._loop, hostname="sink.test", enable_SMTPUTF8=True)  # noqa: E731
        server = self._loop.run_until_complete(self._loop.create_server(session, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        opened.set()
        self._loop.run_forever()
        server.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = self._keep(envelope.content, envelope.rcpt_tos[0])
        answer = self.answer(mail)
        if answer in (OK, CUT_AFTER):
            with self._came:
                self.taken.append(mail)
                self._came.notify_all()
        if answer in (CUT_BEFORE, CUT_AFTER):
            transport: Any = server.transport
            transport.abort()
            return "421 4.4.2 Bye"
        return answer

    def wait_for(self, wanted: Callable[[Copy], bool], seconds: float = 90.0) -> Copy:
        """The first mail that fits. Fails the test when none comes."""
        deadline = time.monotonic() + seconds
        with self._came:
            while True:
                for mail in self.taken:
                    if wanted(mail):
                        return mail
                left = deadline - time.monotonic()
                assert left > 0, f"the mail did not come; there were {self.taken!r:.2000}"
                self._came.wait(left)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)


MailSink = Sink[Caught]
