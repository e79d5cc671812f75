"""The demo: an invented provider on this machine, a short real conversation over SMTP, then the visitor's own mails.

Everything is the product itself: the listener, the walk, the sender. Only what leaves is caught, by a mail server of
the demo's own, and the DNS of the invented domains is a file.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import smtplib
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from bot.app import App, build, run
from bot.channels.smtp import SmtpListener
from bot.demodata import demo_document
from bot.importing import load
from bot.settings import (
    Authentication,
    DepartmentSettings,
    Desk,
    Email,
    Listener,
    Notices,
    Outgoing,
    Settings,
    StaffSettings,
    Web,
)
from core.onetime import KINDS

HOST = "127.0.0.1"
WAIT_SECONDS = 20.0

DEPARTMENTS = ("Sales", "Billing", "Support", "Security")
STAFF = (
    StaffSettings("Sam Lee", "sam@desk.example", (), ("Support", "Billing"), "agent"),
    StaffSettings("Dana Cole", "dana@desk.example", (), ("Sales", "Security"), "admin"),
)
_SENDS_FROM_HERE = {"TXT": [f"v=spf1 ip4:{HOST} -all"]}
ZONE = {
    "bakery.example": _SENDS_FROM_HERE,
    "hale.example": _SENDS_FROM_HERE,
    "stone.example": _SENDS_FROM_HERE,
    "desk.example": _SENDS_FROM_HERE,
    "evil.example": _SENDS_FROM_HERE,
}
"""Whose mail may come from this machine: everybody's of the cast."""


@dataclass(frozen=True, slots=True)
class Caught:
    """A mail that left the desk, as its reader sees it."""

    sender: str
    recipient: str
    subject: str
    text: str
    reply_to: str
    message_id: str
    raw: bytes


class Sink:
    """The mail server where everything that leaves the desk ends; `caught` grows, `notify` is told of each."""

    def __init__(self, notify: Callable[[Caught], None] = lambda _: None) -> None:
        self.caught: list[Caught] = []
        self._notify = notify
        self._came = threading.Condition()
        self._controller = Controller(self, hostname=HOST, port=0, enable_SMTPUTF8=True)

    def start(self) -> int:
        """Returns the port."""
        self._controller.port = _free_port()
        self._controller.start()
        return int(self._controller.port)

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        mail = read(envelope.content, envelope.rcpt_tos[0])
        with self._came:
            self.caught.append(mail)
            self._came.notify_all()
        self._notify(mail)
        return "250 OK"

    def wait_for(self, wanted: Callable[[Caught], bool], seconds: float = WAIT_SECONDS) -> Caught:
        """The first mail that fits. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        with self._came:
            while True:
                found = next((mail for mail in self.caught if wanted(mail)), None)
                if found is not None:
                    return found
                if not self._came.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError("the mail did not come")


def read(raw: bytes, recipient: str) -> Caught:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return Caught(
        sender=str(message["From"] or ""),
        recipient=recipient,
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body is not None else "",
        reply_to=parseaddr(str(message["Reply-To"] or ""))[1],
        message_id=str(message["Message-ID"] or ""),
        raw=raw,
    )


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def settings(folder: Path, *, port: int, sink_port: int, pages_port: int = 8081) -> Settings:
    (folder / "zone.json").write_text(json.dumps(ZONE), encoding="utf-8")
    return Settings(
        desk=Desk(
            name="Example Hosting",
            address="help@desk.example",
            database="sqlite:///demo.db",
            url=f"http://{HOST}:{pages_port}",
            secret="the demo signs with this, and nobody else may",  # noqa: S106
        ),
        departments=tuple(DepartmentSettings(name, f"{name.lower()}@desk.example") for name in DEPARTMENTS),
        staff=STAFF,
        notices=Notices(kinds=()),  # What is due would stand between the visitor's own mails.
        web=Web(listen=f"{HOST}:{pages_port}", opens=KINDS),
        email=Email(
            listener=Listener(listen=f"{HOST}:{port}"),
            authentication=Authentication(dns={"zone": "zone.json"}),
            outgoing=Outgoing(host=HOST, port=sink_port, from_domain="desk.example"),
        ),
    )


def desk(folder: Path, *, port: int, sink_port: int) -> App:
    """The demo's desk with its clients, ready to run."""
    app = build(settings(folder, port=port, sink_port=sink_port, pages_port=_free_port()), folder)
    load(app.sessions, demo_document(datetime.now(UTC).date()))
    return app


@dataclass(slots=True)
class Demo:
    """The running demo; `show` prints a mail, `say` a remark between mails."""

    port: int
    sink: Sink
    show: Callable[[str, str, str, str], None]
    say: Callable[[str], None]
    shown: set[int] = field(default_factory=set)

    def play(self) -> None:
        """The conversation. Raises TimeoutError when an answer does not come."""
        self.say("A client asks for a transfer code, in her own words.")
        self._send(
            "alice@bakery.example",
            "Alice Martin",
            "support@desk.example",
            "Moving our shop",
            "Hello,\n\nwe are moving our shop to another provider.\n"
            "Could you send me the EPP code for bakery-shop.example, please?\n\nThanks\nAlice",
        )
        self._expect("Alice reads, at once:", lambda m: "bakery-shop" in m.text and "#" in m.subject)
        self._expect(
            "The domain's admin contact, and nobody else, reads:", lambda m: m.subject.startswith("Transfer code")
        )

        self.say("Somebody unknown asks before buying.")
        self._send(
            "nina@stone.example",
            "Nina Stone",
            "help@desk.example",
            "Which plan for a small shop?",
            "Hi,\n\nwhich of your plans would you suggest for a small web shop, and is there a discount\n"
            "if I pay for two years?\n\nNina Stone",
        )
        self._expect("Nina reads:", lambda m: m.recipient == "nina@stone.example")
        notification = self._expect("Dana of Sales reads:", lambda m: m.recipient == "dana@desk.example")

        self.say("Dana answers from her own mail program.")
        self._send(
            "dana@desk.example",
            "Dana Cole",
            notification.reply_to,
            f"Re: {notification.subject}",
            "Hello Nina,\n\nBusiness is right for a small shop. Paid for two years it is 10 % less.\n\n#close\n"
            f"\nOn {datetime.now():%a, %d %b %Y at %H:%M}, Example Hosting Sales wrote:\n"
            f"> {notification.text.splitlines()[0]}",
            in_reply_to=notification.message_id,
        )
        self._expect("Nina reads:", lambda m: m.recipient == "nina@stone.example" and "Business" in m.text)

        self.say("A thief writes in Alice's name. His mail server may not send for bakery.example.")
        self._send(
            "alice@bakery.example",
            "Alice Martin",
            "support@desk.example",
            "urgent",
            "Which domains do I have?",
            helo="mx.evil.example",
            mail_from="mallory@evil.example",
        )
        self._expect(
            "Alice, at her address on file, is asked (the thief reads nothing):", lambda m: "Did you write" in m.subject
        )

    def _send(
        self,
        sender: str,
        name: str,
        recipient: str,
        subject: str,
        text: str,
        *,
        in_reply_to: str = "",
        helo: str = "localhost",
        mail_from: str = "",
    ) -> None:
        mail = EmailMessage()
        mail["From"] = f"{name} <{sender}>"
        mail["To"] = recipient
        mail["Subject"] = subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
        mail.set_content(text)
        self.show(f"{name} <{sender}>", recipient, subject, text)
        with smtplib.SMTP(HOST, self.port, local_hostname=helo) as smtp:
            smtp.send_message(mail, mail_from or sender, [recipient])

    def _expect(self, remark: str, wanted: Callable[[Caught], bool]) -> Caught:
        found = self.sink.wait_for(lambda mail: id(mail) not in self.shown and wanted(mail))
        self.shown.add(id(found))
        self.say(remark)
        self.show(found.sender, found.recipient, found.subject, found.text)
        return found


async def serve(app: App, until: asyncio.Event, started: Callable[[SmtpListener | None], None]) -> None:
    await run(app, ("smtp", "web", "worker", "sender", "scheduler"), until=until, started=started)


def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="helpdesk-demo-", ignore_cleanup_errors=True)
