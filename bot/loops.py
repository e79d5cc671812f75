"""What runs all the time: walk the inbox, send the outbox, look after what was left behind.

Workers are threads with plain synchronous code; they are woken when something arrives and look twice a second for
what another process accepted. A crash leaves rows "taken": those of a process that is gone are given back at once,
those of another machine when their lease runs out.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channels.ports import Outbound, Sender, SendError
from core import bounces, chatgone, inbox, outbox, sealing
from core.messages import EMAIL
from core.outbox import Taken
from core.pipeline import Pipeline
from core.retention import Retention, forget_soon, purge
from core.schedule import Schedule
from core.surroundings import Surroundings

log = logging.getLogger("helpdesk.loops")

LOOK_SECONDS = 0.5
TIDY_SECONDS = 10.0
SEAL_SECONDS = 600.0
RING_SECONDS = 60.0
PURGE_AFTER_SECONDS = 600.0
DAY_SECONDS = 86_400.0
SEND_BATCH = 20
PAUSE_AFTER_ERROR = 1.0
CHAT_HOURS = 24.0
"""What a chat has not taken by then goes by mail."""


def process_name() -> str:
    """`host/pid/random`: enough to tell a process that is gone from one that lives."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


def gone(holders: Sequence[str], me: str) -> list[str]:
    """Which of these were processes of this machine that no longer run."""
    return [holder for holder in holders if _is_gone(holder, me)]


def _is_gone(holder: str, me: str) -> bool:
    host, _, rest = holder.partition("/")
    pid, _, _ = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit() or holder.startswith(me):
        return False
    if int(pid) == os.getpid():
        return True  # In a container every process is number 1: the number is ours, the name is not.
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@dataclass(slots=True)
class Worker(threading.Thread):
    """Walks messages until told to stop; finishes what is in hand."""

    pipeline: Pipeline
    arrived: threading.Event
    written: threading.Event
    stopping: threading.Event
    failed: int = 0

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, name=self.pipeline.worker, daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                taken = self.pipeline.work()
            except Exception:
                self.failed += 1
                log.exception("the inbox could not be worked; trying again")
                self.stopping.wait(PAUSE_AFTER_ERROR)
                continue
            if taken:
                self.written.set()
            else:
                self.arrived.wait(LOOK_SECONDS)
                self.arrived.clear()


def tidy(around: Surroundings, me: str) -> None:
    """Give back what the dead hold, in both queues."""
    now = around.clock()
    back = inbox.put_back(around.sessions, gone(inbox.holders(around.sessions), me), now)
    back += outbox.put_back(around.sessions, gone(outbox.holders(around.sessions), me), now)
    if back:
        log.warning("%d messages of a worker that is gone are walked or sent again", back)


async def purge_every_day(around: Surroundings, keep: Retention) -> None:
    """Throw away what is old; after the start, then once a day."""
    while True:
        await asyncio.sleep(PURGE_AFTER_SECONDS)
        try:
            counts = await asyncio.to_thread(purge, around.sessions, keep, around.clock(), around.tokens.mark)
            log.info("purged: %s", " ".join(f"{name}={count}" for name, count in counts.items()))
        except Exception:
            log.exception("nothing could be purged; trying again tomorrow")
        await asyncio.sleep(DAY_SECONDS - PURGE_AFTER_SECONDS)


async def seal_and_forget(around: Surroundings) -> None:
    """What must not wait for the daily purge: the audit trail is sealed, and secrets that are not needed go."""
    while True:
        await asyncio.sleep(SEAL_SECONDS)
        try:
            await asyncio.to_thread(seal_and_forget_once, around)
        except Exception:
            log.exception("the audit trail could not be sealed; trying again")


def seal_and_forget_once(around: Surroundings) -> None:
    """The newest seal goes into the log: whoever cuts the trail's end off would have to change that as well."""
    lines = sealing.seal(around.sessions, around.tokens.mark, around.clock())
    if lines:
        log.info("audit sealed: lines=%d seal=%s", lines, sealing.newest(around.sessions))
    forgotten = forget_soon(around.sessions, around.clock())
    if any(forgotten.values()):
        log.info("forgotten: %s", " ".join(f"{name}={count}" for name, count in forgotten.items()))


async def ring_again_and_again(
    schedule: Schedule, written: threading.Event, further: Sequence[Callable[[Surroundings], int]] = ()
) -> None:
    """Tell clients what is due, soon after it is. `further` run by the same clock; each returns how many letters."""
    around = schedule.around
    rounds: list[Callable[[], int]] = [schedule.ring, *(functools.partial(one, around) for one in further)]
    while True:
        for ring in rounds:
            try:
                sent = await asyncio.to_thread(ring)
                if sent:
                    log.info("notices: %d letters", sent)
                    written.set()
            except Exception:
                log.exception("the schedule could not be gone through; trying again")
        await asyncio.sleep(RING_SECONDS)


async def tidy_again_and_again(around: Surroundings, me: str) -> None:
    while True:
        try:
            await asyncio.to_thread(tidy, around, me)
        except Exception:
            log.exception("the queues could not be tidied; trying again")
        await asyncio.sleep(TIDY_SECONDS)


@dataclass(slots=True)
class Posting:
    """Sends what is in the outbox through the channels' senders."""

    around: Surroundings
    senders: Mapping[str, Sender]
    me: str
    written: threading.Event
    give_up_after_hours: float
    stopping: threading.Event = field(default_factory=threading.Event)

    async def run(self) -> None:
        """Each channel for itself: one that has to keep a pace does not hold up the others."""
        await asyncio.gather(*(self._run(channel) for channel in self.senders))

    async def _run(self, channel: str) -> None:
        while not self.stopping.is_set():
            try:
                sent = await self._send_due(channel)
            except Exception:
                log.exception("the outbox could not be worked; trying again")
                await asyncio.sleep(PAUSE_AFTER_ERROR)
                continue
            if not sent:
                await asyncio.to_thread(self.written.wait, LOOK_SECONDS)
                self.written.clear()

    async def send_due(self) -> int:
        """Send one batch of every channel; returns how many letters were in hand."""
        return sum([await self._send_due(channel) for channel in self.senders])

    async def _send_due(self, channel: str) -> int:
        letters = await asyncio.to_thread(
            outbox.claim, self.around.sessions, self.me, channel, self.around.clock(), SEND_BATCH
        )
        if letters:
            outbound = [
                Outbound(letter.id, letter.recipient, letter.envelope_from, letter.payload, letter.attempts)
                for letter in letters
            ]
            answers = await self.senders[channel].send(outbound)
            await asyncio.to_thread(self._record, letters, answers)
        return len(letters)

    def _patience(self, letter: Taken) -> timedelta:
        hours = self.give_up_after_hours if letter.channel == EMAIL else min(self.give_up_after_hours, CHAT_HOURS)
        return timedelta(hours=hours)

    def _record(self, letters: Sequence[Taken], answers: Sequence[SendError | None]) -> None:
        now = self.around.clock()
        with self.around.sessions() as session:
            done = [letter for letter, error in zip(letters, answers, strict=True) if error is None]
            outbox.sent(session, self.me, done, now)
            for letter, error in zip(letters, answers, strict=True):
                if error is None:
                    continue
                after = None if error.after is None else timedelta(seconds=error.after)
                if not (error.permanent or now - letter.created_at >= self._patience(letter)):
                    outbox.again(session, self.me, letter, str(error), now, after)
                elif letter.channel == EMAIL:
                    outbox.give_up(session, self.me, letter, str(error))
                    bounces.refused(session, self.around.desk, self.around.clock, letter.id, str(error))
                else:
                    chatgone.by_mail(session, self.around, letter, str(error), gone=error.gone)
                    outbox.give_up(session, self.me, letter, str(error))
            session.commit()
        for letter, error in zip(letters, answers, strict=True):
            log.info(
                "letter=%d attempt=%d result=%s", letter.id, letter.attempts, "sent" if error is None else "not sent"
            )
