"""The one accept path behind all doors: what waits at the same moment shares one commit.

A door hands its delivery over and waits; one thread takes all that waits, commits it, and wakes the doors. There is
no timer: a batch is whatever came while the last commit ran. fsync is the limit of a mail server, and this divides it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from bot.channels import envelope
from bot.channels.ports import Delivery, NotAccepted
from core import inbox
from core.clock import Clock
from core.database import Sessions
from core.inbox import Received

log = logging.getLogger("helpdesk.intake")

BATCH = 64
BATCH_BYTES = 32 * 1024 * 1024
BACKLOG_LOOK_SECONDS = 1.0
ROOM_LOOK_SECONDS = 2.0


@dataclass(slots=True)
class _Waiting:
    received: Received
    done: concurrent.futures.Future[None]


class Intake:
    """Commits deliveries; `arrived` is called after each commit that brought something new."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        arrived: Callable[[], None],
        most_queued: int,
        room: Callable[[int], bool] = lambda _coming: True,
    ) -> None:
        """`room` says whether the disk takes so many more octets."""
        self._sessions = sessions
        self._clock = clock
        self._arrived = arrived
        self._most_queued = most_queued
        self.room = room
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._looked_at = 0.0
        self._backlog = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What was handed over is committed first."""
        self._queue.put(None)
        self._thread.join()

    async def accept(self, delivery: Delivery) -> None:
        """Returns when the message is on disk. Raises NotAccepted."""
        await asyncio.wrap_future(self._hand_over(delivery))

    async def accept_when_there_is_room(self, delivery: Delivery) -> None:
        """The same for a door that has nobody to tell "try again later": it waits instead."""
        while not self.room(len(delivery.raw)):
            await asyncio.sleep(ROOM_LOOK_SECONDS)
        await self.accept(delivery)

    def ready(self) -> bool:
        """Is there room, or has the walk fallen so far behind that senders should try again later?"""
        now = time.monotonic()
        if now - self._looked_at > BACKLOG_LOOK_SECONDS:
            self._looked_at = now
            try:
                self._backlog = inbox.waiting(self._sessions)
            except Exception:
                log.exception("the inbox cannot be counted")
                return False
        return self._backlog < self._most_queued

    def _hand_over(self, delivery: Delivery) -> concurrent.futures.Future[None]:
        waiting = _Waiting(received(delivery), concurrent.futures.Future())
        # From here on it cannot be cancelled: who no longer waits must not make the thread's answer an error.
        waiting.done.set_running_or_notify_cancel()
        self._queue.put(waiting)
        return waiting.done

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, stop = self._what_waits(first)
            self._commit(batch)
            if stop:
                return

    def _what_waits(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        batch, size = [first], len(first.received.raw)
        while len(batch) < BATCH and size < BATCH_BYTES:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
            if waiting is None:
                return batch, True
            batch.append(waiting)
            size += len(waiting.received.raw)
        return batch, False

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with self._sessions() as session:
                new = inbox.accept(session, [waiting.received for waiting in batch], self._clock())
                session.commit()
        except Exception as error:
            # A database that can't be used now is nobody's fault here: trying each would only be as many waits more.
            if len(batch) > 1 and not isinstance(error, OperationalError):
                for waiting in batch:
                    self._commit([waiting])
                return
            log.exception("%d messages could not be stored; their senders are told to try again", len(batch))
            for waiting in batch:
                waiting.done.set_exception(NotAccepted(type(error).__name__))
            return
        for waiting in batch:
            waiting.done.set_result(None)
        if new:
            self._arrived()


def received(delivery: Delivery) -> Received:
    """What the inbox wants to know of a delivery, read from the bytes without parsing them."""
    mail = delivery.channel == "email"
    chat = f"{delivery.channel}:{delivery.mail_from or ''}"
    return Received(
        channel=delivery.channel,
        raw=delivery.raw,
        recipients=tuple(dict.fromkeys(address.lower() for address in delivery.recipients)),
        conversation=envelope.sender_address(delivery.raw, delivery.mail_from or "") if mail else chat,
        fingerprint=_fingerprint(delivery),
        envelope={**delivery.details, "mail_from": delivery.mail_from},
    )


def _fingerprint(delivery: Delivery) -> str:
    if not delivery.key:
        return envelope.fingerprint(delivery.raw)
    return hashlib.sha256(f"{delivery.channel}\n{delivery.key}".encode()).hexdigest()
