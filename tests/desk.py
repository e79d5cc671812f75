"""The desk and the cast: a real pipeline on a real database, to which people write and from which they read.

`desk.says("alice", "which domains do I have?")` walks a mail and returns what left the desk because of it. Proof of
sender is real too: every domain of the cast has an SPF record for 192.0.2.1, and Mallory sends from elsewhere.
"""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot import demo
from bot.app import App, build, by_the_clock, schedule
from bot.channels.ports import Delivery
from bot.demodata import WRITTEN_FOR
from bot.intake import received
from bot.settings import Notices, Settings
from core import inbox, outbox, records
from core.models import Arrival, Letter

CAST = {
    "alice": ("Alice Martin", "alice@bakery.example"),
    "bob": ("Bob Roux", "bob@bakery.example"),
    "victor": ("Victor Hale", "victor@hale.example"),
    "nina": ("Nina Stone", "nina@stone.example"),
    "mallory": ("Mallory", "mallory@evil.example"),
    "sam": ("Sam Lee", "sam@desk.example"),
    "dana": ("Dana Cole", "dana@desk.example"),
}
HOME = "192.0.2.1"
"""Where the cast's own mail servers send from."""
ELSEWHERE = "203.0.113.66"

_SPF = {"TXT": [f"v=spf1 ip4:{HOME} -all"]}
ZONE = dict.fromkeys(("bakery.example", "hale.example", "stone.example", "desk.example", "evil.example"), _SPF)


@dataclass(slots=True)
class FakeClock:
    """The desk's time; moves only when told."""

    now: datetime = field(
        default_factory=lambda: datetime.combine(WRITTEN_FOR, datetime.min.time(), UTC) + timedelta(hours=9)
    )

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> None:
        self.now += timedelta(**step)


@dataclass(frozen=True, slots=True)
class Read:
    """A mail of the desk as its recipient reads it."""

    to: str
    subject: str
    text: str
    html: str
    reply_to: str
    message_id: str
    kind: str
    message: EmailMessage

    def __contains__(self, words: str) -> bool:
        return words in self.text or words in self.subject


@dataclass(slots=True)
class Mails:
    """What left the desk because of one message."""

    mails: list[Read]

    def __iter__(self) -> Any:
        return iter(self.mails)

    def __len__(self) -> int:
        return len(self.mails)

    def to(self, who: str) -> Read:
        """The one mail to this person of the cast (or address); anything else fails the test."""
        found = self.all_to(who)
        assert len(found) == 1, f"{len(found)} mails to {who}: {[(m.to, m.kind, m.subject) for m in self.mails]}"
        return found[0]

    def all_to(self, who: str) -> list[Read]:
        address = CAST[who][1] if who in CAST else who
        return [mail for mail in self.mails if mail.to == address]

    def of_kind(self, kind: str) -> list[Read]:
        return [mail for mail in self.mails if mail.kind == kind]

    def kinds(self) -> list[tuple[str, str]]:
        return sorted((mail.to, mail.kind) for mail in self.mails)


@dataclass(slots=True)
class TestDesk:
    """A desk under test."""

    __test__ = False
    app: App
    clock: FakeClock
    numbers: Any = field(default_factory=lambda: count(1))
    last_id: dict[str, str] = field(default_factory=dict)

    def says(
        self,
        who: str,
        text: str,
        *,
        to: str | Sequence[str] = "support@desk.example",
        subject: str = "A question",
        cc: str = "",
        reply_to: Read | None = None,
        headers: dict[str, str] | None = None,
        attach: Sequence[tuple[str, str, bytes]] = (),
        proved: bool = True,
        mail_from: str | None = None,
    ) -> Mails:
        """Somebody of the cast writes a mail; it is walked; what left the desk comes back."""
        raw = self.mail(
            who, text, to=to, subject=subject, cc=cc, reply_to=reply_to, headers=headers or {}, attach=attach
        )
        recipients = [reply_to.reply_to] if reply_to is not None else [to] if isinstance(to, str) else list(to)
        sender = CAST[who][1] if mail_from is None else mail_from
        return self.receives(raw, recipients, mail_from=sender, peer=HOME if proved else ELSEWHERE)

    def mail(
        self,
        who: str,
        text: str,
        *,
        to: str | Sequence[str],
        subject: str,
        cc: str,
        reply_to: Read | None,
        headers: dict[str, str],
        attach: Sequence[tuple[str, str, bytes]],
    ) -> bytes:
        name, address = CAST[who]
        message = EmailMessage()
        message["From"] = f"{name} <{address}>"
        message["To"] = reply_to.reply_to if reply_to else to if isinstance(to, str) else ", ".join(to)
        if cc:
            message["Cc"] = cc
        message["Subject"] = f"Re: {reply_to.subject}" if reply_to else subject
        message["Date"] = format_datetime(self.clock())
        message["Message-ID"] = f"<m{next(self.numbers)}@{address.partition('@')[2]}>"
        if reply_to is not None:
            message["In-Reply-To"] = reply_to.message_id
            message["References"] = reply_to.message_id
        for name, value in headers.items():
            del message[name]
            if value:
                message[name] = value
        message.set_content(text)
        for filename, media_type, content in attach:
            main, _, sub = media_type.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=filename)
        self.last_id[who] = str(message["Message-ID"])
        return message.as_bytes(policy=email.policy.SMTP)

    def receives(self, raw: bytes, recipients: Sequence[str], *, mail_from: str = "", peer: str = HOME) -> Mails:
        """Bytes come in by a door and are walked."""
        before = self._letter_ids()
        self.accepts(raw, recipients, mail_from=mail_from, peer=peer)
        self.walks()
        return self._letters_after(before)

    def accepts(self, raw: bytes, recipients: Sequence[str], *, mail_from: str = "", peer: str = HOME) -> None:
        delivery = Delivery("email", raw, tuple(recipients), mail_from, {"peer": peer, "helo": "mx.test"})
        with self.app.sessions() as session:
            inbox.accept(session, [received(delivery)], self.clock())
            session.commit()

    def walks(self) -> None:
        pipeline = self.app.pipeline()
        while pipeline.work():
            pass

    def rings(self) -> None:
        """What is due by the clock happens."""
        schedule(self.app).ring()
        for ring in by_the_clock(self.app):
            ring(self.app.around)
        self.walks()

    def sends(self) -> None:
        """Every letter that waits is taken by the smarthost."""
        now = self.clock()
        while letters := outbox.claim(self.app.sessions, "host/1/sender", "email", now):
            with self.app.sessions() as session:
                outbox.sent(session, "host/1/sender", letters, now)
                session.commit()

    def ticket(self, number: str | None = None) -> dict[str, Any]:
        """That ticket as stored; without a number the one that was opened last."""
        if number is None:
            number = max(records.tickets(self.app.sessions), key=lambda ticket: ticket["created"])["number"]
        found = records.ticket(self.app.sessions, number)
        assert found is not None, number
        return found

    def tickets(self) -> list[dict[str, Any]]:
        return records.tickets(self.app.sessions)

    def results(self) -> list[str]:
        """What became of each message, in the order of arrival."""
        with self.app.sessions() as session:
            rows = session.execute(select(Arrival.state, Arrival.result).order_by(Arrival.id)).all()
            return [row.result or row.state for row in rows]

    def letters(self) -> Mails:
        """Everything that ever left the desk."""
        return self._letters_after(set())

    def envelope_from(self, mail: Read) -> str:
        """The return path that a letter went out with."""
        with self.app.sessions() as session:
            wanted = mail.message_id.strip("<>")
            return str(session.scalar(select(Letter.envelope_from).where(Letter.message_id == wanted)))

    def person(self, address: str) -> dict[str, Any]:
        """What `helpdesk client show` knows of an address."""
        found = records.client(self.app.sessions, self.app.around.billing, address)
        assert found is not None, address
        return found

    def _letter_ids(self) -> set[int]:
        with self.app.sessions() as session:
            return set(session.scalars(select(Letter.id)))

    def _letters_after(self, before: set[int]) -> Mails:
        with self.app.sessions() as session:
            letters = session.scalars(select(Letter).order_by(Letter.id)).all()
            mails = [letter for letter in letters if letter.channel == "email" and letter.id not in before]
            return Mails([read(letter) for letter in mails])


def read(letter: Letter) -> Read:
    message: Any = email.message_from_bytes(letter.payload, policy=email.policy.default)
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    return Read(
        to=letter.recipient,
        subject=str(message["Subject"]),
        text=plain.get_content().replace("\r\n", "\n") if plain else "",
        html=page.get_content() if page else "",
        reply_to=parseaddr(str(message["Reply-To"] or ""))[1],
        message_id=str(message["Message-ID"]),
        kind=letter.kind,
        message=message,
    )


def make(folder: Path, database_url: str, *, secret: str = "", canned: str = "", **changes: Any) -> TestDesk:
    """A desk on a database that has the schema and the demo's clients (tests.database)."""
    settings: Settings = demo.settings(folder, port=0, sink_port=1)
    (folder / "zone.json").write_text(json.dumps(ZONE), encoding="utf-8")
    own = replace(
        settings.desk,
        database=database_url,
        secret=secret or settings.desk.secret,
        url="https://desk.example",
        canned=canned,
    )
    settings = replace(settings, desk=own, **{"notices": Notices(), **changes})
    clock = FakeClock()
    return TestDesk(build(settings, folder, clock=clock, migrate=False), clock)
