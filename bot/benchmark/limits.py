"""What the machine does at most: plain aiosmtpd that drops each mail, and one that writes and syncs it first.

The second does what durable acceptance asks for in the simplest way, a file of its own for each mail, with the file
and its directory synced before the 250. All ratios are taken against these two, in the same run.
"""

from __future__ import annotations

import asyncio
import os
import time
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from bot.benchmark import child
from bot.benchmark.child import Used
from bot.channels.smtp import bind

HOST = "127.0.0.1"


def dropping(pipe: Connection) -> None:
    asyncio.run(_serve(pipe, _Dropping()))


def syncing(pipe: Connection, folder: Path, sync_delay: float) -> None:
    """`sync_delay` is in seconds, added to each sync."""
    asyncio.run(_serve(pipe, _Syncing(folder, sync_delay)))


class _Dropping:
    def used(self) -> Used:
        return child.used()

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        return "250 OK"


class _Syncing:
    def __init__(self, folder: Path, delay: float) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._delay = delay
        self._numbers = count()
        self._syncs = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        path = self._folder / f"{os.getpid()}-{next(self._numbers)}"
        with path.open("wb") as file:
            file.write(envelope.content)
            file.flush()
            self._sync(file.fileno())
        directory = os.open(self._folder, os.O_RDONLY)
        try:
            self._sync(directory)
        finally:
            os.close(directory)
        return "250 OK"

    def _sync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        time.sleep(self._delay)
        self._syncs += 1

    def used(self) -> Used:
        return child.used(syncs=self._syncs)


async def _serve(pipe: Connection, handler: _Dropping | _Syncing) -> None:
    loop, until = asyncio.get_running_loop(), asyncio.Event()
    (socket,) = bind(f"{HOST}:0")
    server = await loop.create_server(lambda: SMTP(handler, hostname="sink"), sock=socket)
    child.answer(pipe, handler.used, loop, until)
    pipe.send(socket.getsockname()[1])
    await until.wait()
    server.close()
