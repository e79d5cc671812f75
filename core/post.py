"""Letters: one message of ours to one address, made ready and committed with what caused it.

The only place that writes to the outbox. What a letter may look like is the composer's; to whom it goes, under which
signed reply address and Message-ID, and whether we may say anything by ourselves at all, is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import addresses, outbox
from core.clock import Clock
from core.desk import Department, Desk
from core.ids import new_id
from core.messages import EMAIL, Address, Attachment, Reply
from core.models import Letter, Participant, Ticket
from core.tokens import Token, TokenKind, Tokens

LOOP_MARK = "loop"

# Kinds of letters that limits speak of. Whoever asks gets an answer each time; what nobody asked for is counted dearer.
ACKNOWLEDGEMENT, STRANGER, ASK_BACK, ANSWER, HELD = "acknowledgement", "stranger", "ask-back", "answer", "held"


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


class MailOnly(Exception):
    """This must not stand in a chat: it holds a secret, or the address of a page that opens once."""


ONE_TIME_PAGE = "/once/"
"""What the address of every such page contains (core/onetime.py)."""


@dataclass(frozen=True, slots=True)
class Post:
    """Writes letters into the session of one message."""

    session: Session
    desk: Desk
    tokens: Tokens
    composers: Mapping[str, Composer]
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
        """A letter on a ticket to somebody of it. `echo`: may it carry the subject and name that the sender chose?

        Raises MailOnly.
        """
        department = self.desk.department(ticket.department)
        token = reply_token or Token(TokenKind.CLIENT, participant.id, participant.generation)
        return self._write(
            replies,
            Address(participant.channel, participant.address, participant.name if echo else ""),
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
        to: Address | None = None,
        may_wait: bool = False,
    ) -> Composed:
        """A notification; a reply to it speaks to the client, or stays inside when `note`.

        `to` is where it goes if not to the participant's mailbox. `may_wait`: nobody asked for it, so that it leaves
        when the member's quiet hours are over, unless the ticket is urgent.
        """
        token = Token(TokenKind.STAFF_NOTE if note else TokenKind.STAFF_PUBLIC, participant.id, participant.generation)
        return self._write(
            replies,
            to or Address(EMAIL, participant.address, participant.name),
            kind=kind,
            language=self.desk.language,
            department=self.desk.department(ticket.department),
            token=token,
            subject=ticket.subject,
            automatic=True,
            ticket=ticket,
            participant=participant,
            attachments=attachments,
            due_at=self._after_quiet(ticket, participant) if may_wait else None,
        )

    def _after_quiet(self, ticket: Ticket, participant: Participant) -> datetime | None:
        """When the member may be disturbed again; None for now."""
        member = self.desk.staff_member(participant.address)
        if member is None or ticket.priority in ("High", "Urgent"):
            return None
        return member.quiet.over(self.clock(), self.desk.time_zone)

    def alone(
        self,
        to: Address,
        *replies: Reply,
        kind: str,
        language: str,
        ticket: Ticket | None = None,
        reply_token: Token | None = None,
    ) -> Composed:
        """A letter that is no part of a conversation (a code, a notice, a public answer in a room).

        Its title is its subject. Raises MailOnly.
        """
        return self._write(
            replies,
            to,
            kind=kind,
            language=language,
            department=self.desk.default,
            subject="",
            automatic=True,
            ticket=ticket,
            token=reply_token,
        )

    def may_say(self, kind: str, address: str, ticket: Ticket | None = None, *, channel: str = EMAIL) -> bool:
        """Are we still within the limits for automatic letters of this kind to this address (and on this ticket)?

        In a chat whoever writes is there and waits, and nobody else can write in their name: there is one limit.
        """
        now, rules = self.clock(), self.desk.rules
        if self.desk.owns(address) or self._undeliverable(address):
            return False
        if channel != EMAIL:
            hour_ago = now - timedelta(hours=1)
            return sum(1 for said in self._said_to(address, now) if said.at >= hour_ago) < rules.per_chat_hour
        if kind == STRANGER and self._strangers_this_hour(now) >= rules.to_strangers_hour:
            return False
        lately = [said for said in self._said_to(address, now) if _counted_with(said.kind) == _counted_with(kind)]
        hour = sum(1 for said in lately if said.at >= now - timedelta(hours=1))
        if _counted_with(kind) != ACKNOWLEDGEMENT:
            return hour < rules.answers_per_hour
        on_ticket = sum(1 for said in lately if ticket is not None and said.ticket_id == ticket.id)
        return (
            hour < rules.per_address_hour and len(lately) < rules.per_address_day and on_ticket < rules.per_ticket_day
        )

    def once_a_day(self, kind: str, address: str) -> bool:
        """Has the address not been sent a letter of this kind for a day?"""
        return all(said.kind != kind for said in self._said_to(address, self.clock()))

    def said_lately(self, kinds: Sequence[str], address: str, ticket: Ticket, since: datetime) -> bool:
        """Has the address been sent a letter of these kinds on the ticket since then (within a day)?"""
        lately = (said for said in self._said_to(address, self.clock()) if said.at >= since)
        return any(said.kind in kinds and said.ticket_id == ticket.id for said in lately)

    def _said_to(self, address: str, now: datetime) -> list[outbox.Said]:
        """What we said by ourselves within a day, this message's own letters included."""
        waiting = [
            outbox.Said(letter.created_at, letter.kind, letter.ticket_id)
            for letter in self.written
            if letter.recipient == address and letter.automatic
        ]
        return [*waiting, *outbox.said_to(self.session, address, now - timedelta(days=1))]

    def _strangers_this_hour(self, now: datetime) -> int:
        """Those of the other messages of a batch included, which are not written yet."""
        since = now - timedelta(hours=1)
        statement = select(func.count()).select_from(Letter).where(Letter.kind == STRANGER, Letter.created_at >= since)
        waiting = sum(1 for row in self.session.new if isinstance(row, Letter) and row.kind == STRANGER)
        return waiting + (self.session.scalar(statement) or 0)

    def _undeliverable(self, address: str) -> bool:
        known = addresses.known(self.session, address)
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
        due_at: datetime | None = None,
    ) -> Composed:
        letter_id, now = new_id(), self.clock()
        message_id = self.tokens.message_id(letter_id, participant.id if participant else 0, self.desk.domain)
        anchor = (f"ticket-{ticket.number}@{self.desk.domain}",) if participant and ticket else ()
        composed = self.composers[to.channel].compose(
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
                attachments=(*attachments, *(file for reply in replies for file in reply.attachments)),
            )
        )
        if to.channel != EMAIL and (composed.secret or ONE_TIME_PAGE in composed.text):
            raise MailOnly(", ".join(reply.template for reply in replies))
        letter = Letter(
            id=letter_id,
            channel=to.channel,
            recipient=to.key,
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
            due_at=due_at or now,
            text=composed.text if to.channel != EMAIL else "",
        )
        self.session.add(letter)
        self.written.append(letter)
        return composed


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _counted_with(kind: str) -> str:
    """Letters that share a limit."""
    return ACKNOWLEDGEMENT if kind in (STRANGER, ASK_BACK) else kind
