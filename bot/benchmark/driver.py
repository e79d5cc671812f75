"""The mail servers around the desk: clients that deliver the workload, and the one that our letters go to."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.benchmark.population import STAFF
from bot.benchmark.workload import Mail
from bot.channels.ports import Delivery
from bot.channels.smtp import SmtpListener
from bot.commands.problem import Problem
from bot.settings import Listener

HOST = "127.0.0.1"
_IN_REPLY_TO = re.compile(rb"^In-Reply-To:\s*<([^>]+)>", re.MULTILINE | re.IGNORECASE)
_STAFF = {address for _, address, _ in STAFF}


@dataclass(frozen=True, slots=True)
class Delivered:
    """When a mail was begun and when the 250 after its end came (time.monotonic, seconds)."""

    message_id: str
    begun: float
    accepted: float

    @property
    def took(self) -> float:
        return self.accepted - self.begun


@dataclass(slots=True)
class Letters:
    """What the desk sent, as it came in: how many, the last one's time, and when each mail was acknowledged."""

    port: int = 0
    count: int = 0
    last: float = 0.0
    acknowledged: dict[str, float] = field(default_factory=dict)
    """By the Message-ID of the mail; only what goes to clients counts."""

    async def accept(self, delivery: Delivery) -> None:
        self.count += 1
        self.last = time.monotonic()
        answered = _IN_REPLY_TO.search(delivery.raw, 0, 4096)
        if answered and _STAFF.isdisjoint(delivery.recipients):
            self.acknowledged.setdefault(answered.group(1).decode(), self.last)


@asynccontextmanager
async def letters() -> AsyncIterator[Letters]:
    """A mail server that takes everything; it is the desk's own door, for it costs the least."""
    caught = Letters()
    listener = SmtpListener(Listener(listen=f"{HOST}:0"), lambda _: True, lambda: True)
    task = asyncio.create_task(listener.listen(caught.accept))
    await listener.started.wait()
    caught.port = listener.port
    try:
        yield caught
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def deliver(port: int, mails: Sequence[Mail], connections: int, per_second: float = 0.0) -> list[Delivered]:
    """Deliver all over some connections; as fast as they are taken, or `per_second`. Raises Problem."""
    turns = _turns(mails, per_second)
    done: list[Delivered] = []
    await asyncio.gather(*(_client(port, turns, done) for _ in range(connections)))
    return done


def _turns(mails: Sequence[Mail], per_second: float) -> Iterator[tuple[float, Mail]]:
    """Each mail with the moment when it is due, once for all connections."""
    start = time.monotonic()
    return iter([(start + number / per_second if per_second else start, mail) for number, mail in enumerate(mails)])


async def _client(port: int, turns: Iterator[tuple[float, Mail]], done: list[Delivered]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        await _said(reader, b"220")
        await _ask(reader, writer, b"EHLO localhost\r\n", b"250")
        for due, mail in turns:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            begun = time.monotonic()
            await _ask(reader, writer, b"MAIL FROM:<%s>\r\n" % mail.sender.encode(), b"250")
            await _ask(reader, writer, b"RCPT TO:<%s>\r\n" % mail.recipient.encode(), b"250")
            await _ask(reader, writer, b"DATA\r\n", b"354")
            await _ask(reader, writer, mail.raw.replace(b"\r\n.", b"\r\n..") + b".\r\n", b"250")
            done.append(Delivered(mail.message_id, begun, time.monotonic()))
        writer.write(b"QUIT\r\n")
    except (OSError, asyncio.IncompleteReadError) as error:
        raise Problem(f"the connection to the measured door broke: {error!r}") from error
    finally:
        writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes, wanted: bytes) -> None:
    writer.write(line)
    await writer.drain()
    await _said(reader, wanted)


async def _said(reader: asyncio.StreamReader, wanted: bytes) -> None:
    while True:
        line = await reader.readuntil(b"\n")
        if not line.startswith(wanted):
            raise Problem(f"the measured door said {line.decode(errors='replace').strip()}")
        if line[3:4] != b"-":
            return
