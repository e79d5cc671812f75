"""A listener that really runs (own thread, own event loop), and a store that is as strict as the real one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from bot.channels.ports import Accept, Delivery, Listener

OURS = ("help@desk.example", "support@desk.example", "sales@desk.example", "postmaster@desk.example")


def knows(address: str) -> bool:
    """The addresses of the test desk: departments, their sub-addresses, bounce+…; case does not matter."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in (*OURS, "bounce@desk.example")


class Store:
    """What `accept` leads to. `fault` runs before a delivery is kept, and may raise, wait, or refuse it."""

    def __init__(self) -> None:
        self.kept: list[Delivery] = []
        self.asked: list[Delivery] = []
        self.fault: Callable[[Delivery], object] | None = None
        self._seen: set[tuple[bytes, tuple[str, ...]]] = set()

    async def __call__(self, delivery: Delivery) -> None:
        assert type(delivery.raw) is bytes
        assert delivery.recipients
        assert all(type(address) is str for address in delivery.recipients)
        json.dumps(delivery.details).encode("utf-8")  # Raises on what no database could keep.
        json.dumps([delivery.mail_from, *delivery.recipients], ensure_ascii=False).encode("utf-8")
        self.asked.append(delivery)
        if self.fault:
            outcome = self.fault(delivery)
            if asyncio.iscoroutine(outcome):
                await outcome
        key = (delivery.raw, delivery.recipients)
        if key not in self._seen:
            self._seen.add(key)
            self.kept.append(delivery)

    def subjects(self) -> list[str]:
        return [subject(delivery.raw) for delivery in self.kept]


def subject(raw: bytes) -> str:
    lines = (line for line in raw.splitlines() if line.lower().startswith(b"subject:"))
    return next(lines, b"subject:").split(b":", 1)[1].strip().decode()


def mail(name: str = "Question", body: str = "Hello.", **headers: str) -> bytes:
    """A short mail of Alice's with CRLF line ends; `name` is its subject and part of its Message-ID."""
    fields = {
        "From": "Alice Martin <alice@bakery.example>",
        "To": "support@desk.example",
        "Subject": name,
        "Message-ID": f"<{name.replace(' ', '.')}@bakery.example>",
        "Date": "Mon, 2 Mar 2026 10:00:00 +0000",
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    return ("".join(f"{key}: {value}\r\n" for key, value in fields.items()) + f"\r\n{body}\r\n").encode()


class Running:
    """`listener.listen(accept)` in a thread; `stop` cancels it and waits for its end."""

    def __init__(self, make: Callable[[], Listener], accept: Accept) -> None:
        self._make = make
        self._accept = accept
        self._ready = threading.Event()
        self._done = threading.Event()
        self.error: BaseException | None = None
        self.loop_errors: list[str] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(60)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:
            self.error = error
        finally:
            self._done.set()
            self._ready.set()

    async def _main(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(lambda _loop, context: self.loop_errors.append(str(context)))
        self.listener = self._make()
        self._task = asyncio.ensure_future(self.listener.listen(self._accept))
        started = getattr(self.listener, "started", None)
        if started is not None:
            waiting = asyncio.ensure_future(started.wait())
            await asyncio.wait([waiting, self._task], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        if not self._task.done():
            self._ready.set()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def cancel(self) -> None:
        self.loop.call_soon_threadsafe(self._task.cancel)

    def stop(self, timeout: float = 60) -> None:
        if not self._done.is_set():
            self.cancel()
        assert self._done.wait(timeout), "the listener did not stop"


def until(condition: Callable[[], object], timeout: float = 60, what: str = "") -> None:
    """Poll until the condition holds; fail with `what` when it never does."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, what or "it did not happen in time"
        time.sleep(0.01)


class Line:
    """A bare SMTP connection: what is sent goes out as it is, replies come back one by one."""

    def __init__(self, port: int, greet: str = "EHLO client.bakery.example", host: str = "127.0.0.1") -> None:
        self.sock = socket.create_connection((host, port), timeout=60)
        self.file = self.sock.makefile("rb")
        self.greeting = self.reply()
        self.hello = self.say(greet) if greet else ""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reply(self) -> str:
        """One reply, all of its lines; "" when the peer hung up."""
        lines = []
        while True:
            line = self.file.readline().decode()
            lines.append(line)
            if line[3:4] != "-":
                return "".join(lines).rstrip("\r\n")

    def say(self, command: str | bytes) -> str:
        self.send((command.encode() if isinstance(command, str) else command) + b"\r\n")
        return self.reply()

    def envelope(self, *recipients: str, sender: str = "alice@bakery.example") -> list[str]:
        wanted = recipients or ("support@desk.example",)
        return [self.say(f"MAIL FROM:<{sender}>"), *(self.say(f"RCPT TO:<{address}>") for address in wanted)]

    def data(self, raw: bytes) -> str:
        assert self.say("DATA").startswith("354")
        stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
        self.send(stuffed + b".\r\n")
        return self.reply()

    def deliver(self, raw: bytes, *recipients: str) -> str:
        answers = self.envelope(*recipients)
        assert all(answer.startswith("250") for answer in answers), answers
        return self.data(raw)

    def hung_up(self) -> bool:
        try:
            return self.file.read() == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self.file.close()
        self.sock.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Memory:
    """Keeps what an IMAP listener wants to know after a restart, as JSON text."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def get(self, mailbox: str) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self.texts.get(mailbox, "{}"))
        return state

    def set(self, mailbox: str, state: dict[str, Any]) -> None:
        self.texts[mailbox] = json.dumps(state)
