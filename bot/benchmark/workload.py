"""The standard workload: mails as clients of a hosting provider send them, the same ones for the same seed.

45 % plain text of 2.5 KB, 40 % text with 20 KB of HTML (26 KB), 15 % with a 100 KB attachment (143 KB); 30 % are
replies to tickets that are there, half of them to our reply address and half known only by their own Message-ID; 5 %
are strangers' first mails. Every second domain signs (DKIM, RSA-2048), all send from where their SPF record says.
Only the dates and the signatures differ from run to run: old mail would not be believed.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from bot.benchmark.population import (
    DEPARTMENTS,
    DESK_DOMAIN,
    GENERAL,
    SECRET,
    SELECTOR,
    OldTicket,
    Person,
    client,
    stranger,
)
from bot.channels.dkimsign import signer
from core.tokens import Tokens

SHAPES = (("plain", 0.45), ("html", 0.40), ("attachment", 0.15))
REPLIES = 0.30
STRANGERS = 0.05
PLAIN_BYTES = 1_500
HTML_BYTES = 22_500
ATTACHMENT_BYTES = 100 * 1024
_WORDS = (
    "website server page shop order visitor since morning evening folder plugin version theme browser slow picture "
    "menu contact form customer address archive calendar office colleague meeting screen button letter number list "
    "shows looks seems appears stays opens loads keeps needs brings different second third large small main other"
).split()


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in CRLF lines. `acknowledged`: it opens a ticket, and its sender shall be told so."""

    message_id: str
    sender: str
    recipient: str
    shape: str
    raw: bytes
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Mix:
    """How many mails, of which `automatic` (a share) are robots' that nobody answers."""

    count: int
    tickets: int
    seed: int = 1
    automatic: float = 0.0


def mails(mix: Mix, key: Path) -> list[Mail]:
    """`key` is the PEM file of population.signing_key."""
    dice = random.Random(mix.seed)  # noqa: S311
    writer = _Writer(dice, mix, key, Tokens(SECRET))
    return [writer.mail(number) for number in range(mix.count)]


@dataclass(slots=True)
class _Writer:
    dice: random.Random
    mix: Mix
    key: Path
    tokens: Tokens

    def mail(self, number: int) -> Mail:
        drawn = self.dice.random()
        automatic = self.dice.random() < self.mix.automatic
        if drawn < REPLIES and self.mix.tickets:
            ticket = OldTicket(self.dice.randrange(self.mix.tickets))
            who, recipient, subject, extra = self._reply(ticket)
        elif drawn > 1 - STRANGERS:
            ticket = None
            who, recipient, subject, extra = stranger(number), GENERAL, self._words(6), []
        else:
            ticket = None
            who, recipient, subject, extra = client(self.dice.randrange(100_000)), self._recipient(), self._words(6), []
        if automatic:
            extra = [*extra, "Auto-Submitted: auto-replied"]
        shape = self._shape()
        message_id = f"bench-{self.mix.seed}-{number}@{who.domain}"
        head = _head(who, recipient, subject, message_id, extra)
        raw = head + self._body(shape, quoted=ticket is not None)
        if who.signs:
            raw = _signer(self.key, who.domain)(raw)
        return Mail(message_id, who.address, recipient, shape, raw, acknowledged=ticket is None and not automatic)

    def _reply(self, ticket: OldTicket) -> tuple[Person, str, str, list[str]]:
        subject = f"Re: {ticket.subject}"
        if self.dice.random() < 0.5:
            ours = ticket.our_message_id(self.tokens)
            extra = [f"In-Reply-To: <{ours}>", f"References: <{ticket.their_message_id}>\r\n <{ours}>"]
            return ticket.requester, ticket.reply_address(self.tokens), subject, extra
        extra = [f"In-Reply-To: <{ticket.their_message_id}>", f"References: <{ticket.their_message_id}>"]
        return ticket.requester, f"{ticket.department.lower()}@{DESK_DOMAIN}", subject, extra

    def _recipient(self) -> str:
        """A third writes to the general address, and what they say decides about the department."""
        if self.dice.random() < 0.33:
            return GENERAL
        return f"{self.dice.choice(DEPARTMENTS).lower()}@{DESK_DOMAIN}"

    def _shape(self) -> str:
        return self.dice.choices([name for name, _ in SHAPES], [share for _, share in SHAPES])[0]

    def _words(self, count: int) -> str:
        return " ".join(self.dice.choices(_WORDS, k=count)).capitalize()

    def _text(self, size: int) -> str:
        paragraphs = ["Hello,"]
        while sum(map(len, paragraphs)) < size:
            sentences = (f"{self._words(self.dice.randint(6, 14))}." for _ in range(4))
            paragraphs.append("\r\n".join(sentences))
        return "\r\n\r\n".join([*paragraphs, "Regards"]) + "\r\n"

    def _body(self, shape: str, *, quoted: bool) -> bytes:
        text = self._text(PLAIN_BYTES // 2 if quoted else PLAIN_BYTES)
        if quoted:
            old = "\r\n".join(f"> {line}" for line in self._text(PLAIN_BYTES // 2).split("\r\n"))
            text += f"\r\nOn Mon, 2 Nov 2026 at 10:00, Example Hosting <support@{DESK_DOMAIN}> wrote:\r\n{old}\r\n"
        plain = _part("text/plain; charset=utf-8", "7bit", text.encode())
        if shape == "plain":
            return plain
        if shape == "html":
            html = _part("text/html; charset=utf-8", "7bit", self._html(text).encode())
            return _multipart("alternative", [plain, html])
        content = base64.encodebytes(self.dice.randbytes(ATTACHMENT_BYTES)).replace(b"\n", b"\r\n")
        disposition = 'Content-Disposition: attachment; filename="screen.png"'
        return _multipart("mixed", [plain, _part("image/png", "base64", content, disposition)])

    def _html(self, text: str) -> str:
        """The text as mail programs write it: far more markup than words."""
        style = 'style="margin:0;font-family:Arial,sans-serif;font-size:10.5pt;line-height:1.4;color:#222222"'
        lines = [f"<p {style}><span {style}>{line}</span></p>" for line in text.split("\r\n")]
        while sum(map(len, lines)) < HTML_BYTES - 300:
            lines.append(f"<table {style}><tr><td {style}>{self._words(8)}</td></tr></table>")
        return "<html><head><meta charset=utf-8></head><body>\r\n" + "\r\n".join(lines) + "\r\n</body></html>\r\n"


@cache
def _signer(key: Path, domain: str) -> Callable[[bytes], bytes]:
    """Reading a key takes a hundred times as long as signing with it."""
    return signer(key, SELECTOR, domain)


def _head(who: Person, recipient: str, subject: str, message_id: str, extra: Sequence[str]) -> bytes:
    date = format_datetime(datetime.now(UTC))
    lines = [
        f"Received: from mx.{who.domain} ([192.0.2.7])\r\n by out.{who.domain} with ESMTPS; {date}",
        f"Received: from desktop.{who.domain} ([192.0.2.8])\r\n by mx.{who.domain} with ESMTPSA; {date}",
        f"From: {who.name} <{who.address}>",
        f"To: {recipient}",
        f"Subject: {subject}",
        f"Date: {date}",
        f"Message-ID: <{message_id}>",
        *extra,
        "MIME-Version: 1.0",
        "User-Agent: Mail/1.0",
    ]
    return "\r\n".join(lines).encode() + b"\r\n"


def _part(content_type: str, encoding: str, body: bytes, *more: str) -> bytes:
    head = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    boundary = b"----=_the_bench"
    inner = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + boundary + b'"\r\n\r\n'
        + inner + b"--" + boundary + b"--\r\n"
    )  # fmt: skip
