"""One run of each kind, as figures: a sink, the door alone, the whole desk, the desk at a fixed rate, the reader."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bot.benchmark import child, driver, limits, service
from bot.benchmark.child import Running, Used
from bot.benchmark.driver import Delivered
from bot.benchmark.workload import Mail
from bot.channels.reading import mail as reading
from bot.commands.problem import Problem

IDLE_LOOK_SECONDS = 0.05
WALK_SECONDS_PER_MAIL = 1.0
"""A desk slower than this is taken for stuck."""


@dataclass(frozen=True, slots=True)
class Accepting:
    """A door, with nothing behind it but durable storage (or less); times in milliseconds."""

    mails_per_second: float
    cpu_ms_per_mail: float
    syncs_per_mail: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Walking:
    """The whole desk under as much mail as it takes; `accepted_per_second` and the times are its door's meanwhile.

    `walked_per_second`: from the first mail begun to the last letter handed over. `acknowledged` is to be equal to
    `expected`.
    """

    accepted_per_second: float
    walked_per_second: float
    cpu_ms_per_mail: float
    peak_mb: float
    statements_per_mail: float
    syncs_per_mail: float
    letters_per_mail: float
    p50_ms: float
    p99_ms: float
    acknowledged: int
    expected: int


@dataclass(frozen=True, slots=True)
class Steady:
    """The whole desk at a rate below its limit: how long a mail waits for its 250, and its sender for word."""

    offered_per_second: float
    p50_ms: float
    p99_ms: float
    acknowledged_p50_ms: float
    acknowledged_p95_ms: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What `helpdesk parse` does with the workload, beside the standard library's parser alone (compat32)."""

    mails_per_second: float
    library_per_second: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """`helpdesk understand` as a process of its own, its start included; seconds are those of the processor."""

    messages_per_second: float
    first_message_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What all runs share; `sync_delay` is in seconds."""

    folder: Path
    connections: int
    sync_delay: float = 0.0

    async def dropping(self, mails: Sequence[Mail]) -> Accepting:
        with child.running(limits.dropping) as sink:
            return await self._accepting(sink, mails)

    async def syncing(self, mails: Sequence[Mail]) -> Accepting:
        with child.running(limits.syncing, self.folder / "synced", self.sync_delay) as sink:
            return await self._accepting(sink, mails)

    async def door(self, database: str, mails: Sequence[Mail]) -> Accepting:
        settings = service.settings(database, letters_port=1)
        with child.running(service.desk, settings, self.folder, service.DOOR_ONLY, self.sync_delay) as desk:
            return await self._accepting(desk, mails)

    async def _accepting(self, door: Running, mails: Sequence[Mail]) -> Accepting:
        before = door.used()
        delivered = await driver.deliver(door.port, mails, self.connections)
        after = door.used()
        took = [one.took * 1000 for one in delivered]
        return Accepting(
            mails_per_second=len(mails) / _seconds(delivered),
            cpu_ms_per_mail=_cpu(before, after, len(mails)),
            syncs_per_mail=(after.syncs - before.syncs) / len(mails),
            p50_ms=percentile(took, 50),
            p99_ms=percentile(took, 99),
        )

    async def whole(self, database: str, mails: Sequence[Mail]) -> Walking:
        async with driver.letters() as letters:
            settings = service.settings(database, letters.port)
            with child.running(service.desk, settings, self.folder, service.WHOLE, self.sync_delay) as desk:
                before = desk.used()
                delivered = await driver.deliver(desk.port, mails, self.connections)
                after = await _until_idle(desk, len(mails))
        took = [one.took * 1000 for one in delivered]
        first, count = min(one.begun for one in delivered), len(mails)
        return Walking(
            accepted_per_second=count / _seconds(delivered),
            walked_per_second=count / (letters.last - first),
            cpu_ms_per_mail=_cpu(before, after, count),
            peak_mb=after.peak_bytes / 1_000_000,
            statements_per_mail=(after.statements - before.statements) / count,
            syncs_per_mail=(after.syncs - before.syncs) / count,
            letters_per_mail=letters.count / count,
            p50_ms=percentile(took, 50),
            p99_ms=percentile(took, 99),
            acknowledged=len(letters.acknowledged),
            expected=sum(mail.acknowledged for mail in mails),
        )

    async def steady(self, database: str, mails: Sequence[Mail], per_second: float) -> Steady:
        async with driver.letters() as letters:
            settings = service.settings(database, letters.port)
            with child.running(service.desk, settings, self.folder, service.WHOLE, self.sync_delay) as desk:
                delivered = await driver.deliver(desk.port, mails, self.connections, per_second)
                await _until_idle(desk, len(mails))
        took = [one.took * 1000 for one in delivered]
        waited = [
            (letters.acknowledged[one.message_id] - one.begun) * 1000
            for one in delivered
            if one.message_id in letters.acknowledged
        ]
        return Steady(
            offered_per_second=per_second,
            p50_ms=percentile(took, 50),
            p99_ms=percentile(took, 99),
            acknowledged_p50_ms=percentile(waited, 50),
            acknowledged_p95_ms=percentile(waited, 95),
        )


async def _until_idle(desk: Running, mails: int) -> Used:
    """Wait until everything is walked and sent. Raises Problem."""
    deadline = time.monotonic() + 30 + mails * WALK_SECONDS_PER_MAIL
    while not (found := await asyncio.to_thread(desk.used)).idle:
        if time.monotonic() > deadline:
            raise Problem("the desk did not finish its mails in time")
        await asyncio.sleep(IDLE_LOOK_SECONDS)
    return found


def _seconds(delivered: Sequence[Delivered]) -> float:
    return max(one.accepted for one in delivered) - min(one.begun for one in delivered)


def _cpu(before: Used, after: Used, mails: int) -> float:
    return (after.cpu_seconds - before.cpu_seconds) * 1000 / mails


def percentile(values: Sequence[float], wanted: int) -> float:
    """0 where there is nothing to speak of."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[wanted - 1]


def read_all(mails: Sequence[Mail]) -> Reading:
    ours = time.process_time()
    for mail in mails:
        reading.read(mail.raw, mail.sender, with_html=False)
    ours = time.process_time() - ours
    library = time.process_time()
    for mail in mails:
        _library_reads(mail.raw)
    library = time.process_time() - library
    return Reading(len(mails) / ours, len(mails) / library)


def understand_all(mails: Sequence[Mail], folder: Path) -> Understanding:
    """What the workload asks for, and what the first answer costs."""
    read = [reading.read(mail.raw, mail.sender, with_html=False) for mail in mails]
    lines = [json.dumps({"id": n, "subject": mail.subject, "text": mail.text}) for n, mail in enumerate(read)]
    first, _ = _understand(lines[:1], folder)
    seconds, peak_mb = _understand(lines, folder)
    return Understanding(len(lines) / seconds, first, peak_mb)


def _understand(lines: Sequence[str], folder: Path) -> tuple[float, float]:
    """Seconds of the processor, and megabytes at most."""
    texts = folder / "texts.jsonl"
    texts.write_text("\n".join(lines), encoding="utf-8")
    with texts.open("rb") as source:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "bot", "understand", "--jsonl", "-"], stdin=source, stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise Problem("helpdesk understand failed on the workload")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def _library_reads(raw: bytes) -> None:
    for part in email.message_from_bytes(raw, policy=email.policy.compat32).walk():
        part.get_payload(decode=True)
