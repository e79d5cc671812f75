"""Bytes in, what a mail says out: who wrote, what they wrote now, whether a person wrote it, and the files.

`read` takes anything and raises nothing; what could not be read is a remark in `defects`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime

from bot.channels.reading import addresses, headers, limits, reports, robots
from bot.channels.reading.addresses import Mailbox
from bot.channels.reading.attachments import Part
from bot.channels.reading.body import Body, body_of
from bot.channels.reading.structure import Entity, take_apart
from core.messages import DeliveryReport, Kind

__all__ = ["Mail", "Mailbox", "Part", "read"]

_log = logging.getLogger(__name__)
_MARKER = re.compile(r"(?:^|[\s>|*])Ref:[ \t\xa0]{0,3}([a-z2-7]{20,60})(?![a-zA-Z0-9])")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as read. Ids are without angle brackets; texts have `\\n` line ends and no NUL."""

    sender: Mailbox | None
    """The From; None when there is no address in it."""
    sender_unambiguous: bool
    """Every reader of RFC 5322 sees this sender; False must never be taken as verified."""
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    kind: Kind
    auto_submitted: bool
    """An automatic answer could loop or annoy a crowd, and the mail itself says so."""
    may_answer: bool
    """False also for what only forbids an answer: null return path, list headers, no-reply senders."""
    report: DeliveryReport | None
    text: str
    reply: str
    html: str
    attachments: tuple[Part, ...]
    marker: str
    """The token of a line "Ref: …" anywhere in the text, "" if there is none."""
    desk_loop: str
    defects: tuple[str, ...]


def read(raw: bytes, return_path: str | None = None, *, with_html: bool = True) -> Mail:
    """Never raises. `return_path` is the SMTP MAIL FROM: "" the null sender, None unknown (the header then counts).

    `with_html=False` leaves `html` empty, which nearly halves the time for HTML mail.
    """
    defects: list[str] = []
    try:
        return _read(bytes(raw), return_path, defects, with_html=with_html)
    except (Exception, RecursionError) as error:
        _log.exception("a mail of %d bytes could not be read", len(raw))
        return _unread(bytes(raw), [*defects, f"could not be read: {type(error).__name__}"])


def _read(raw: bytes, return_path: str | None, defects: list[str], *, with_html: bool) -> Mail:
    mail = take_apart(raw, defects)
    body = body_of(mail, defects)
    return _mail(mail, body, body.html() if with_html else "", return_path, defects)


def _mail(mail: Entity, body: Body, html: str, return_path: str | None, defects: list[str]) -> Mail:
    sender = addresses.sender(mail)
    subject = headers.subject(mail)
    report = reports.delivery_report(mail, sender, subject, body.text, return_path)
    verdict = robots.verdict(mail, sender, subject, report, return_path)
    if sender is None:
        defects.append("no sender")
    marker = _MARKER.search(body.text) if "Ref:" in body.text else None
    return Mail(
        sender=sender,
        sender_unambiguous=addresses.unambiguous(mail),
        reply_to=addresses.mailboxes(mail, "reply-to"),
        to=addresses.mailboxes(mail, "to"),
        cc=addresses.mailboxes(mail, "cc"),
        subject=subject,
        message_id=headers.message_id(mail),
        in_reply_to=headers.message_ids(mail, "in-reply-to"),
        references=headers.message_ids(mail, "references"),
        date=headers.date(mail),
        kind=verdict.kind,
        auto_submitted=verdict.auto_submitted,
        may_answer=verdict.may_answer,
        report=report if verdict.kind is Kind.BOUNCE else None,
        text=body.text,
        reply=body.reply,
        html=html,
        attachments=tuple(body.attachments),
        marker=marker[1] if marker else "",
        desk_loop=headers.clean(mail.get("x-desk-loop"))[:200],
        defects=tuple(defects[:100]),
    )


def _unread(raw: bytes, defects: list[str]) -> Mail:
    """A mail of which only the beginning could be shown."""
    beginning = raw[: limits.HEADER_BYTES].decode("utf-8", "replace").replace("\0", "")
    return Mail(
        None, False, (), (), (), "", "", (), (), None, Kind.PERSON, False, False, None,
        beginning, beginning, "", (), "", "", tuple(defects),
    )  # fmt: skip
