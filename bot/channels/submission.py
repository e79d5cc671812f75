"""Mail out: letters are handed to the smarthost over a few SMTP connections that stay open.

A connection costs a handshake, TLS and a log-in; keeping it doubles what one sender manages. smtplib blocks, so each
connection is used by a thread of a small pool.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.channels.ports import Outbound, SendError
from bot.channels.smtpclient import USUAL_PATIENCE, Envelope, Lost, Patience, Session, connect, one_line, refused
from bot.settings import Outgoing, SettingsError


class Submission:
    """The Sender of mail. `ambiguous_sends` counts letters whose last answer was lost: they may arrive twice."""

    def __init__(
        self, settings: Outgoing, sign: Callable[[bytes], bytes] | None = None, *, patience: Patience = USUAL_PATIENCE
    ) -> None:
        """Raises SettingsError when `ca_file` can't be read."""
        self.ambiguous_sends = 0
        self._settings = settings
        self._sign = sign
        self._patience = patience
        self._tls = _tls_context(settings)
        self._threads = ThreadPoolExecutor(max(1, settings.connections), thread_name_prefix="submission")
        self._idle: list[Session] = []
        self._lock = threading.Lock()
        self._reaper: asyncio.TimerHandle | None = None

    async def send(self, letters: Sequence[Outbound]) -> Sequence[SendError | None]:
        """Send each over whichever connection is free; the answers stand in the order of the letters.

        When it is cancelled, the letters under way are finished and the others stay unsent.
        """
        work = _Work(letters)
        loop = asyncio.get_running_loop()
        workers = min(max(1, self._settings.connections), len(letters))
        try:
            failures = await asyncio.gather(
                *(loop.run_in_executor(self._threads, self._drain, work) for _ in range(workers))
            )
        except asyncio.CancelledError:
            work.waiting.clear()
            raise
        for index, _ in work.waiting:  # no connection was left to take these
            work.answers[index] = next(failure for failure in failures if failure)
        self._close_later(loop)
        return work.answers

    async def close(self) -> None:
        """Say goodbye on the idle connections; what is being sent ends by itself."""
        if self._reaper:
            self._reaper.cancel()
        await asyncio.get_running_loop().run_in_executor(self._threads, self._close_idle, 0.0)
        self._threads.shutdown(wait=False)

    def _close_later(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._reaper:
            self._reaper.cancel()
        idle = self._patience.idle
        self._reaper = loop.call_later(idle, lambda: loop.run_in_executor(self._threads, self._close_idle, idle / 2))

    def _close_idle(self, older_than: float) -> None:
        with self._lock:
            old = [session for session in self._idle if session.idle_for() >= older_than]
            self._idle = [session for session in self._idle if session not in old]
        for session in old:
            session.quit()

    def _drain(self, work: _Work) -> SendError | None:
        """Take letters until none waits. The error returned is that of a connection which could not be made."""
        session = None
        try:
            while work.waiting:
                session = session or self._idle_session() or self._connect()
                try:
                    index, letter = work.waiting.popleft()
                except IndexError:  # another thread had the last one
                    break
                work.answers[index], session = self._deliver(session, letter)
        except SendError as error:
            return error
        finally:
            if session:
                self._keep(session)
        return None

    def _idle_session(self) -> Session | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _keep(self, session: Session) -> None:
        session.last_used = time.monotonic()
        with self._lock:
            self._idle.append(session)

    def _connect(self) -> Session:
        """Raises SendError, never a permanent one: what is wrong here, the operator mends and the letters go then."""
        try:
            return connect(self._settings, self._tls, self._patience)
        except smtplib.SMTPResponseException as error:
            raise refused("the connection", error.smtp_code, error.smtp_error, permanent=False) from error
        except (OSError, ValueError) as error:
            raise SendError(one_line(f"no connection: {error}"), permanent=False) from error

    def _deliver(self, session: Session, letter: Outbound) -> tuple[SendError | None, Session | None]:
        """What became of the letter, and the connection if it can take another."""
        try:
            envelope = Envelope.of(letter, self._sign)
        except ValueError as error:
            return SendError(one_line(f"can't be sent: {error}"), permanent=True), session
        except Exception as error:  # a signature that fails must not take the answers of the whole batch with it
            return SendError(one_line(f"could not be signed: {error!r}"), permanent=False), session
        while True:
            try:
                session.hand_over(envelope)
                return None, session
            except SendError as error:
                with self._lock:
                    self.ambiguous_sends += session.ambiguous
                return error, session if session.open else None
            except Lost as lost:
                session.abandon()
                if not session.proven:
                    return SendError(one_line(f"connection lost: {lost}"), permanent=False), None
            try:  # a connection that had rested: the peer may have closed it meanwhile
                session = self._connect()
            except SendError as error:
                return error, None


class _Work:
    """The letters of one batch, shared by the threads that send them (deque and list are safe for that)."""

    def __init__(self, letters: Sequence[Outbound]) -> None:
        self.waiting = deque(enumerate(letters))
        self.answers: list[SendError | None] = [None] * len(letters)


def _tls_context(settings: Outgoing) -> ssl.SSLContext | None:
    if settings.tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file or None)
    except OSError as error:
        raise SettingsError(f"email.outgoing.ca_file: {settings.ca_file} cannot be used: {error}") from None
