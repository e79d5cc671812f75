"""The desk's own letters to an account that are part of no ticket: which there were, and one of them again.

Those are its notices (an invoice, the end of a domain). What is on a ticket is read there, and what holds a secret is
not kept. A letter that goes out again is the same text under a new Message-ID: mailboxes hide a second one of one id.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from sqlalchemy import ColumnElement, func, select

from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected
from core.ids import new_id
from core.messages import Address
from core.models import Letter
from core.tokens import Token, TokenKind, Tokens

SHOWN = 50
AGAIN = "again"
AGAIN_PER_HOUR = 5
_ID = re.compile(rb"^message-id:.*(?:\r?\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^date:.*(?:\r?\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SentLetter:
    id: str
    at: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class SentLetters:
    """Of the mail channel. Every call is a session of its own."""

    sessions: Sessions
    tokens: Tokens
    domain: str
    clock: Clock

    def to(self, address: str) -> Sequence[SentLetter]:
        """Newest first, the last fifty."""
        query = select(Letter).where(*_kept(address)).order_by(Letter.created_at.desc(), Letter.id.desc()).limit(SHOWN)
        with self.sessions() as session:
            return [SentLetter(str(row.id), row.created_at, _subject(row.payload)) for row in session.scalars(query)]

    def again(self, letter_id: str, address: str) -> None:
        """The same letter to the same address. Raises Rejected for one that is not kept, and beyond five an hour."""
        now = self.clock()
        lately = select(func.count()).where(
            Letter.recipient == Address("email", address).key,
            Letter.kind == AGAIN,
            Letter.created_at > now - timedelta(hours=1),
        )
        with self.sessions.begin() as session:
            row = session.scalar(select(Letter).where(Letter.id == int(letter_id), *_kept(address)))
            if row is None:
                raise Rejected("this mail is not kept any more")
            if (session.scalar(lately) or 0) >= AGAIN_PER_HOUR:
                raise Rejected("five mails were sent again within the last hour")
            session.add(self._copy(row, now))

    def _copy(self, row: Letter, now: datetime) -> Letter:
        copy_id = new_id()
        message_id = self.tokens.message_id(copy_id, 0, self.domain)
        return Letter(
            id=copy_id,
            channel=row.channel,
            recipient=row.recipient,
            envelope_from=self.tokens.address(f"bounce@{self.domain}", Token(TokenKind.BOUNCE, copy_id)),
            message_id=message_id,
            payload=_renewed(row.payload, message_id, now),
            kind=AGAIN,
            secret=False,
            automatic=True,
            created_at=now,
            state="new",
            due_at=now,
        )


def _kept(address: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Letter.recipient == Address("email", address).key,
        Letter.automatic.is_(True),
        Letter.channel == "email",
        Letter.kind == "notice",
        Letter.secret.is_(False),
        Letter.ticket_id.is_(None),
        Letter.payload != b"",
    )


def _subject(payload: bytes) -> str:
    return str(email.message_from_bytes(payload, policy=email.policy.default)["Subject"] or "")


def _renewed(payload: bytes, message_id: str, now: datetime) -> bytes:
    """The same bytes but for the two lines that make it another mail."""
    head, blank, body = payload.partition(b"\r\n\r\n")
    head = _ID.sub(lambda _: f"Message-ID: <{message_id}>".encode(), head, count=1)
    head = _DATE.sub(lambda _: f"Date: {format_datetime(now)}".encode(), head, count=1)
    return head + blank + body
