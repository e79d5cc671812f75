"""Letters: one message of ours to one address, made ready and committed with what caused it.

The only place that writes to the outbox. What a letter may look like is the composer's; to whom it goes, under which
signed reply address and Message-ID, and whether we may say anything by ourselves at all, is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import outbox
from core.clock import Clock
from core.desk import Department, Desk
from core.ids import new_id
from core.messages import Address, Attachment, Reply
from core.models import KnownAddress, Letter, Participant, Ticket
from core.tokens import Token, TokenKind, Tokens

LOOP_MARK = "loop"


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a composer needs. `subject` is "" where the title of the text is the subject; `tag` follows it."""

    replies: tuple[Reply, ...]
    to: Address
    language: str
    from_name: str
    from_address: str
    reply_to: str
    subject: str
    tag: str
    message_id: str
    date: datetime
    automatic: bool
    desk_loop: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    marker: str = ""
    also_sent_to: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """The exact bytes; `text` is what a person reads in them, for the ticket ("" when it holds a secret)."""

    payload: bytes
    text: str
    secret: bool


class Composer(Protocol):
    def compose(self, draft: Draft) -> Composed:
        """Pure; raises when a template is broken, and then nothing of the message is committed."""


@dataclass(frozen=True, slots=True)
class Post:
    """Writes letters into the session of one message."""

    session: Session
    desk: Desk
    tokens: Tokens
    composer: Composer
    clock: Clock
    written: list[Letter] = field(default_factory=list)

    def to_participant(
        self,
        ticket: Ticket,
        participant: Participant,
        replies: Sequence[Reply],
        *,
        kind: str,
        automatic: bool,
        language: str,
        echo: bool = True,
        in_reply_to: str = "",
        also_sent_to: tuple[str, ...] = (),
        attachments: tuple[Attachment, ...] = (),
        reply_token: Token | None = None,
    ) -> Composed:
        """A letter on a ticket to somebody of it. `echo`: may it carry the subject that the sender chose?"""
        department = self.desk.department(ticket.department)
        token = reply_token or Token(TokenKind.CLIENT, participant.id, participant.generation)
        return self._write(
            replies,
            Address(participant.channel, participant.address, participant.name),
            kind=kind,
            language=language,
            department=department,
            token=token,
            subject=_re(ticket.subject) if echo else "",
            automatic=automatic,
            ticket=ticket,
            participant=participant,
            in_reply_to=in_reply_to,
            also_sent_to=also_sent_to,
            attachments=attachments,
        )

    def to_staff(
        self,
        ticket: Ticket,
        participant: Participant,
        replies: Sequence[Reply],
        *,
        kind: str,
        note: bool = False,
        attachments: tuple[Attachment, ...] = (),
    ) -> Composed:
        """A notification; a reply to it speaks to the client, or stays inside when `note`."""
        token = Token(TokenKind.STAFF_NOTE if note else TokenKind.STAFF_PUBLIC, participant.id, participant.generation)
        return self._write(
            replies,
            Address("email", participant.address, participant.name),
            kind=kind,
            language=self.desk.language,
            department=self.desk.department(ticket.department),
            token=token,
            subject=ticket.subject,
            automatic=True,
            ticket=ticket,
            participant=participant,
            attachments=attachments,
        )

    def alone(self, to: Address, reply: Reply, *, kind: str, language: str, ticket: Ticket | None = None) -> Composed:
        """A letter that is no part of a conversation (a code, a notice): its title is its subject."""
        return self._write(
            (reply,),
            to,
            kind=kind,
            language=language,
            department=self.desk.default,
            subject="",
            automatic=True,
            ticket=ticket,
        )

    def may_answer_by_itself(self, address: str, ticket: Ticket | None, *, stranger: bool) -> bool:
        """Are we still within the limits for automatic letters to this address (and on this ticket)?"""
        now, rules = self.clock(), self.desk.rules
        if self.desk.owns(address) or self._undeliverable(address):
            return False
        count = outbox.automatic_since
        waiting = sum(1 for letter in self.written if letter.recipient == address and letter.automatic)
        if count(self.session, address, now - timedelta(hours=1)) + waiting >= rules.per_address_hour:
            return False
        if count(self.session, address, now - timedelta(days=1)) + waiting >= rules.per_address_day:
            return False
        if (
            ticket is not None
            and count(self.session, address, now - timedelta(days=1), ticket.id) + waiting >= rules.per_ticket_day
        ):
            return False
        return not stranger or self._strangers_this_hour(now) < rules.to_strangers_hour

    def once_a_day(self, address: str, kind: str) -> bool:
        """Has the address not been sent a letter of this kind for a day?"""
        since = self.clock() - timedelta(days=1)
        found = select(Letter.id).where(
            Letter.recipient == address, Letter.automatic.is_(True), Letter.created_at >= since, Letter.kind == kind
        )
        return self.session.scalar(found.limit(1)) is None

    def _strangers_this_hour(self, now: datetime) -> int:
        since = now - timedelta(hours=1)
        statement = (
            select(func.count()).select_from(Letter).where(Letter.kind == "stranger", Letter.created_at >= since)
        )
        return self.session.scalar(statement) or 0

    def _undeliverable(self, address: str) -> bool:
        known = self.session.get(KnownAddress, address)
        return known is not None and bool(known.undeliverable)

    def _write(
        self,
        replies: Sequence[Reply],
        to: Address,
        *,
        kind: str,
        language: str,
        department: Department,
        subject: str,
        automatic: bool,
        token: Token | None = None,
        ticket: Ticket | None = None,
        participant: Participant | None = None,
        in_reply_to: str = "",
        also_sent_to: tuple[str, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> Composed:
        letter_id, now = new_id(), self.clock()
        message_id = self.tokens.message_id(letter_id, participant.id if participant else 0, self.desk.domain)
        anchor = (f"ticket-{ticket.number}@{self.desk.domain}",) if participant and ticket else ()
        composed = self.composer.compose(
            Draft(
                replies=tuple(replies),
                to=to,
                language=language,
                from_name=f"{self.desk.name} {department.name}" if participant else self.desk.name,
                from_address=department.address if participant else self.desk.address,
                reply_to=self.tokens.address(department.address, token) if token else "",
                subject=subject,
                tag=f"[#{ticket.number}]" if participant and ticket else "",
                message_id=message_id,
                date=now,
                automatic=automatic,
                desk_loop=self.tokens.mark(LOOP_MARK),
                in_reply_to=in_reply_to,
                references=(*anchor, *((in_reply_to,) if in_reply_to else ())),
                marker=self.tokens.sign(token) if token else "",
                also_sent_to=also_sent_to,
                attachments=attachments,
            )
        )
        letter = Letter(
            id=letter_id,
            channel=to.channel,
            recipient=to.key if to.channel == "email" else to.value,
            envelope_from=self.tokens.address(f"bounce@{self.desk.domain}", Token(TokenKind.BOUNCE, letter_id)),
            message_id=message_id,
            payload=composed.payload,
            kind=kind,
            secret=composed.secret,
            automatic=automatic,
            ticket_id=ticket.id if ticket else None,
            participant_id=participant.id if participant else None,
            created_at=now,
            state="new",
            due_at=now,
        )
        self.session.add(letter)
        self.written.append(letter)
        return composed


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
