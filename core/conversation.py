"""Which ticket a message belongs to: the one function that decides it, step by step; the first match wins.

1 the signed reply address it was sent to · 2 In-Reply-To, then References from the right: our signed ids, then every
id we have stored · 3 the signed line "Ref: …" in the text · 4 the number in the subject, only for somebody who is
proved to take part in that ticket · else it is a new one. A stranger who knows a number opens a new ticket, with a
hint for staff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.messages import EMAIL, Address, InboundMessage
from core.models import ChatLink, KnownMessageId, Participant, Ticket
from core.redaction import without_secrets
from core.tokens import Token, TokenKind, Tokens

SUBJECT_TAG = re.compile(r"\[#(\d{8})\]")
MAX_REFERENCES = 50
SUBJECT_CHARACTERS = 70
BY_SUBJECT = "subject"
THIS_CHAT = "this chat"
"""How a ticket was found that a line typed into a chat goes on with (core/chatlines.py)."""


@dataclass(frozen=True, slots=True)
class Match:
    """`participant` is whose reply address or letter it answers, None when only a stored id matched."""

    ticket: Ticket
    how: str
    participant: Participant | None = None
    kind: TokenKind | None = None

    @property
    def signed(self) -> bool:
        """Something that only we could have made came back."""
        return self.participant is not None

    def given_to(self, address: str) -> bool:
        """Is it the reply address or letter of the person who now writes?"""
        return self.participant is not None and self.participant.address == address


@dataclass(frozen=True, slots=True)
class Found:
    """`match` is the ticket to continue; else `hint` is one it may belong to, for staff to decide."""

    match: Match | None = None
    hint: Ticket | None = None


def find(session: Session, tokens: Tokens, message: InboundMessage) -> Found:
    for match in _signed_or_stored(session, tokens, message):
        return Found(_follow_merges(session, match))
    ticket = _by_subject(session, message.subject)
    if ticket is None:
        return Found()
    participant = session.scalar(
        select(Participant).where(Participant.ticket_id == ticket.id, Participant.address == message.sender.key)
    )
    known = participant is not None and participant.role != "unverified"
    if not message.proof.verified or not (known or _writes_there_in_a_chat(session, ticket, message.sender)):
        return Found(hint=ticket)
    return Found(_follow_merges(session, Match(ticket, BY_SUBJECT)))


def _signed_or_stored(session: Session, tokens: Tokens, message: InboundMessage) -> Iterator[Match]:
    addresses = (message.recipient, *(address.value for address in (*message.to, *message.cc)))
    for address in addresses:
        yield from _by_token(session, tokens.read_address(address), "reply address")
    for message_id in (*message.in_reply_to, *reversed(message.references[-MAX_REFERENCES:])):
        yield from _by_token(session, tokens.read_message_id(message_id), "signed message id")
        yield from _by_stored_id(session, message_id)
    yield from _by_token(session, tokens.read(message.marker), "reference line")


def _by_token(session: Session, token: Token | None, how: str) -> Iterator[Match]:
    if token is None or token.kind not in (
        TokenKind.CLIENT,
        TokenKind.STAFF_PUBLIC,
        TokenKind.STAFF_NOTE,
        TokenKind.MESSAGE,
    ):
        return
    participant = session.get(Participant, token.id)
    if participant is None or (token.kind is not TokenKind.MESSAGE and participant.generation != token.generation):
        return
    ticket = session.get(Ticket, participant.ticket_id)
    if ticket is not None:
        yield Match(ticket, how, participant, token.kind)


def _by_stored_id(session: Session, message_id: str) -> Iterator[Match]:
    statement = (
        select(Ticket)
        .join(KnownMessageId, KnownMessageId.ticket_id == Ticket.id)
        .where(KnownMessageId.message_id == message_id[:255])
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    ticket = session.scalar(statement)
    if ticket is not None:
        yield Match(ticket, "message id")


def _by_subject(session: Session, subject: str) -> Ticket | None:
    for number in SUBJECT_TAG.findall(subject)[:3]:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number))
        if ticket is not None:
            return ticket
    return None


def _writes_there_in_a_chat(session: Session, ticket: Ticket, sender: Address) -> bool:
    """Is it the address on file of somebody who takes part from a chat? Then it is the same person by mail."""
    if sender.channel != EMAIL or not ticket.client_id:
        return False
    statement = (
        select(Participant)
        .join(ChatLink, (ChatLink.channel == Participant.channel) & (ChatLink.chat == Participant.address))
        .where(
            Participant.ticket_id == ticket.id,
            Participant.role.in_(("requester", "cc")),
            ChatLink.client_id == ticket.client_id,
            ChatLink.email == sender.key,
            ChatLink.ended_at.is_(None),
        )
    )
    return session.scalar(statement.limit(1)) is not None


def _follow_merges(session: Session, match: Match) -> Match:
    """A merged ticket leads to the one it went into; a cycle ends where it began."""
    ticket, seen = match.ticket, {match.ticket.id}
    while ticket.merged_into is not None and ticket.merged_into not in seen:
        following = session.get(Ticket, ticket.merged_into)
        if following is None:
            break
        ticket = following
        seen.add(ticket.id)
    return replace(match, ticket=ticket)


def subject_of(message: InboundMessage) -> str:
    """A line typed into a chat has no subject: its words are. "" for what has one."""
    if message.sender.channel == EMAIL or message.subject:
        return ""
    line = " ".join(next((line for line in message.text.splitlines() if line.strip()), "").split())
    return without_secrets(line if len(line) <= SUBJECT_CHARACTERS else f"{line[: SUBJECT_CHARACTERS - 1].rstrip()}…")


def too_old(ticket: Ticket, now: datetime, reopen_days: int) -> bool:
    """Closed for longer than it may be reopened: a new message opens a new ticket that refers to it."""
    return ticket.closed_at is not None and now - ticket.closed_at > timedelta(days=reopen_days)
