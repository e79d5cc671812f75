"""A measured process: started with an order, asked what it used so far, and told to stop.

It is a new interpreter, so its memory and processor time are its own, and the clients that drive it share nothing
with it but the machine.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.commands.problem import Problem

START_SECONDS = 60
STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Used:
    """Since the process started. `idle`: nothing waits in it (always so for a sink)."""

    cpu_seconds: float
    peak_bytes: int
    statements: int = 0
    syncs: int = 0
    idle: bool = True


def used(statements: int = 0, syncs: int = 0, idle: bool = True) -> Used:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return Used(usage.ru_utime + usage.ru_stime, _peak_bytes(usage.ru_maxrss), statements, syncs, idle)


def _peak_bytes(ru_maxrss: int) -> int:
    """getrusage counts what the parent held before exec as well; Linux says it of this program alone."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@dataclass(frozen=True, slots=True)
class Running:
    """The parent's end of a measured process; `port` is where it takes mail."""

    port: int
    pipe: Connection

    def used(self) -> Used:
        """Raises EOFError when the process has died."""
        self.pipe.send("used")
        found: Used = self.pipe.recv()
        return found


@contextmanager
def running(target: Callable[..., None], *order: Any) -> Iterator[Running]:
    """`target(pipe, *order)` in a process of its own, from the moment it takes mail. Raises Problem."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *order), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(START_SECONDS):
            raise Problem("the measured process did not start within a minute")
        yield Running(ours.recv(), ours)
        ours.send("stop")
        process.join(STOP_SECONDS)
    except EOFError:
        raise Problem("the measured process has died; its own words stand above") from None
    finally:
        ours.close()
        if process.is_alive():
            process.terminate()
        process.join()


def answer(pipe: Connection, used: Callable[[], Used], loop: asyncio.AbstractEventLoop, until: asyncio.Event) -> None:
    """The child's end: a thread that answers until it is told to stop, or the parent is gone; then sets `until`."""

    def run() -> None:
        try:
            while pipe.recv() == "used":
                pipe.send(used())
        except EOFError:
            pass
        loop.call_soon_threadsafe(until.set)

    threading.Thread(target=run, name="bench", daemon=True).start()
