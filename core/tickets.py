"""Tickets: opened, continued, closed; every change leaves its line in the audit trail, in the same commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, exists, inspect, select
from sqlalchemy.orm import Session

from core import blobs
from core.clock import Clock
from core.desk import Desk
from core.ids import new_id, new_ticket_number
from core.messages import Address, Attachment, InboundMessage
from core.models import Audit, KnownMessageId, Participant, Ticket, TicketAttachment, TicketMessage
from core.people import Assurance, Principal
from core.redaction import page_without_secrets, without_secrets
from core.sla import clocks

OPEN, ANSWERED, CUSTOMER_REPLY, ON_HOLD, CLOSED = "Open", "Answered", "Customer-Reply", "On Hold", "Closed"
PENDING = "Pending"
"""It waits for the client; `wakes_at` is when it opens again by itself."""
MAX_PARTICIPANTS = 40

# Made once: building a statement costs more than SQLite takes to answer it.
PARTICIPANT = select(Participant).where(
    Participant.ticket_id == bindparam("ticket"), Participant.address == bindparam("address")
)
_BY_NUMBER = select(Ticket.id).where(Ticket.number == bindparam("number"))


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets, within the session of one message."""

    session: Session
    desk: Desk
    clock: Clock
    arrival_id: int | None = None
    said: list[TicketMessage] = field(default_factory=list)
    """What was put on tickets in this walk."""

    def open(
        self, message: InboundMessage, who: Principal, *, department: str, requester: Address, subject: str = ""
    ) -> tuple[Ticket, Participant]:
        """A new ticket without its first message. The requester's address is where answers go."""
        ticket = self._new(
            subject or message.subject.strip() or "(no subject)",
            department=department,
            channel=message.sender.channel,
            client_id=who.client_id,
            contact_id=who.contact_id,
            language=who.language,
        )
        participant = self._join(ticket, requester, "requester")
        self.audit(ticket, message.sender.value, "ticket.opened", department=department)
        clocks.begin(self.session, self.desk, ticket, message)
        return ticket, participant

    def add(
        self,
        ticket: Ticket,
        message: InboundMessage,
        *,
        kind: str = "public",
        text: str | None = None,
        by_staff: bool = False,
        assurance: Assurance = Assurance.NONE,
        wakes: bool = True,
    ) -> TicketMessage:
        """What somebody wrote, with its files; its Message-ID leads back to this ticket from now on.

        What a client writes ends a snooze, unless it is a courtesy (`wakes`); what anybody writes, a closing to come.
        """
        if kind == "public" and wakes:
            ticket.reminded_at = None
            ticket.wakes_at = ticket.wakes_at if by_staff else None
        said = without_secrets(message.text if text is None else text)
        entry = self._say(ticket, kind, message.sender, said, by_staff=by_staff)
        whole = without_secrets(message.full_text)
        entry.full_text = whole if whole.strip() != said.strip() else ""
        entry.html = page_without_secrets(message.html)
        entry.assurance = int(assurance)
        entry.evidence = list(message.proof.reasons)
        entry.arrival_id = self.arrival_id
        entry.message_id = message.id[:255]
        entry.redacted = _was_redacted(message, entry)
        self._attach(entry, message.attachments)
        if message.refused:
            names = ", ".join(f"{file.filename} ({file.reason.replace('_', ' ')})" for file in message.refused)
            self.add_own(ticket, f"Not kept: {names}. The message as it arrived still holds them.", kind="event")
        self.remember(ticket, message.id)
        clocks.settle(self.session, self.desk, ticket, self.clock())
        return entry

    def add_own(self, ticket: Ticket, text: str, *, kind: str = "public") -> TicketMessage:
        """What the desk itself said, or (kind "event") what happened."""
        entry = self._say(ticket, kind, Address("email", self.desk.address, self.desk.name), text)
        entry.by_desk = True
        return entry

    def add_words(self, ticket: Ticket, author: Address, text: str) -> TicketMessage:
        """What somebody said without writing a message: on a page of ours."""
        return self._say(ticket, "public", author, without_secrets(text))

    def said_in(self, ticket: Ticket, arrival_id: int) -> TicketMessage | None:
        """What an earlier message said on this ticket."""
        return self.session.scalar(
            select(TicketMessage)
            .where(TicketMessage.ticket_id == ticket.id, TicketMessage.arrival_id == arrival_id)
            .order_by(TicketMessage.id)
            .limit(1)
        )

    def participant(self, ticket: Ticket, address: Address, role: str) -> Participant:
        """Who takes part under that address; joins in this role if they did not."""
        found = self._waiting_or_stored(ticket, address.key)
        return found if found is not None else self._join(ticket, address, role)

    def participants(self, ticket: Ticket) -> list[Participant]:
        stored: Sequence[Participant] = ()
        if not opened_now(ticket):
            of_ticket = select(Participant).where(Participant.ticket_id == ticket.id)
            stored = self.session.scalars(of_ticket.order_by(Participant.id)).all()
        waiting = [row for row in self.session.new if isinstance(row, Participant) and row.ticket_id == ticket.id]
        return [*stored, *waiting]

    def opened_lately(self, address: str, since: datetime, *, proved: bool) -> list[Ticket]:
        """The tickets that this address opened since then, newest first; only proved, or only unproved ones.

        Who forges a client's address must not use up what the client may send.
        """
        is_proved = exists().where(
            TicketMessage.ticket_id == Ticket.id,
            TicketMessage.author == address,
            TicketMessage.assurance >= int(Assurance.ADDRESS),
        )
        statement = (
            select(Ticket)
            .join(Participant, Participant.ticket_id == Ticket.id)
            .where(Participant.address == address, Participant.role == "requester", Participant.joined_at >= since)
            .where(is_proved if proved else ~is_proved)
            .order_by(Ticket.id.desc())
            .limit(100)
        )
        return list(self.session.scalars(statement))

    def last_from_client(self, ticket: Ticket) -> TicketMessage | None:
        """The last thing that arrived on the ticket and was not written by staff."""
        statement = (
            select(TicketMessage)
            .where(
                TicketMessage.ticket_id == ticket.id,
                TicketMessage.by_staff.is_(False),
                TicketMessage.kind == "public",
                TicketMessage.arrival_id.is_not(None),
            )
            .order_by(TicketMessage.id.desc())
            .limit(1)
        )
        return self.session.scalar(statement)

    def last_message_id(self, ticket: Ticket, address: str) -> str:
        """The id of the last thing that this address wrote on the ticket, "" if nothing."""
        statement = (
            select(TicketMessage.message_id)
            .where(
                TicketMessage.ticket_id == ticket.id, TicketMessage.author == address, TicketMessage.message_id != ""
            )
            .order_by(TicketMessage.id.desc())
            .limit(1)
        )
        return self.session.scalar(statement) or ""

    def copy_in(self, ticket: Ticket, addresses: Sequence[Address]) -> list[Participant]:
        """People in To and Cc become participants: they get future public replies, never what was before."""
        if not addresses:
            return []
        present = {participant.address for participant in self.participants(ticket)}
        joined = []
        for address in addresses:
            if address.key in present or self.desk.owns(address.value) or self.desk.staff_member(address.value):
                continue
            if len(present) >= MAX_PARTICIPANTS:
                break
            present.add(address.key)
            joined.append(self._join(ticket, address, "cc"))
        return joined

    def set_status(self, ticket: Ticket, status: str, who: str) -> None:
        now = self.clock()
        ticket.updated_at = now
        if ticket.status == status:
            return
        was = ticket.status
        self.audit(ticket, who, "ticket.status", was=was, now=status)
        ticket.status = status
        ticket.closed_at = now if status == CLOSED else None
        ticket.reminded_at = None
        if status == CLOSED or was == PENDING:
            ticket.wakes_at = None
        clocks.settle(self.session, self.desk, ticket, now, was=was, who=who)

    def set_priority(self, ticket: Ticket, priority: str, who: str) -> None:
        """Low, Medium, High or Urgent."""
        if ticket.priority != priority:
            self.audit(ticket, who, "ticket.priority", was=ticket.priority, now=priority)
            ticket.priority = priority
            clocks.settle(self.session, self.desk, ticket, self.clock())

    def numbered(self, number: str) -> Ticket | None:
        """The ticket of that number, or the one that it was merged into."""
        found = self.session.scalar(select(Ticket).where(Ticket.number == number))
        seen: set[int] = set()
        while found is not None and found.merged_into is not None and found.id not in seen:
            seen.add(found.id)
            found = self.session.get(Ticket, found.merged_into)
        return found

    def part(self, ticket: Ticket, subject: str, who: str) -> Ticket:
        """A new ticket of the same client and department, for a part of this one; nothing is on it yet."""
        new = self._new(
            subject,
            department=ticket.department,
            channel=ticket.channel,
            client_id=ticket.client_id,
            contact_id=ticket.contact_id,
            language=ticket.language,
        )
        new.status, new.priority, new.assignee = ticket.status, ticket.priority, ticket.assignee
        new.acknowledged, new.tags = True, list(ticket.tags)
        self.audit(new, who, "ticket.opened", department=new.department)
        clocks.begin(self.session, self.desk, new)
        return new

    def place(self, ticket: Ticket, department: str, recipient: str) -> None:
        """Into the department that sees to such things, unless its writer chose one by its address."""
        chosen = self.desk.department_at(recipient)
        known = any(own.name == department for own in self.desk.departments)
        if department == ticket.department or not known or (chosen is not None and chosen != self.desk.default):
            return
        self.audit(ticket, self.desk.address, "ticket.moved", was=ticket.department, now=department)
        ticket.department = department
        clocks.settle(self.session, self.desk, ticket, self.clock())

    def refer(self, ticket: Ticket, department: str, who: str) -> bool:
        """The same mail reached another department: one ticket, both told. False if they had it already."""
        if department == ticket.department or department in ticket.also_departments:
            return False
        ticket.also_departments = [*ticket.also_departments, department]
        self.audit(ticket, who, "ticket.referred", department=department)
        return True

    def remember(self, ticket: Ticket, message_id: str) -> None:
        key = (message_id[:255], ticket.id)
        stored = not opened_now(ticket) and self.session.get(KnownMessageId, key) is not None
        if not stored and not any(
            isinstance(row, KnownMessageId) and (row.message_id, row.ticket_id) == key for row in self.session.new
        ):
            self.session.add(KnownMessageId(message_id=key[0], ticket_id=key[1]))

    def audit(
        self, ticket: Ticket | None, who: str, action: str, *, client: str = "", about: str = "", **detail: object
    ) -> None:
        """One line of the audit trail. `about` is what `times` looks for."""
        self.session.add(
            Audit(
                id=new_id(),
                at=self.clock(),
                who=who[:320],
                action=action,
                about=about[:200],
                ticket_id=ticket.id if ticket else None,
                client_id=client or (ticket.client_id if ticket else ""),
                arrival_id=self.arrival_id,
                detail=detail,
            )
        )

    def times(self, action: str, client_id: str, about: str, since: datetime) -> list[datetime]:
        """When that was done for this client, by the audit trail."""
        statement = select(Audit.at).where(
            Audit.client_id == client_id, Audit.action == action, Audit.at >= since, Audit.about == about
        )
        return list(self.session.scalars(statement))

    def _new(
        self, subject: str, *, department: str, channel: str, client_id: str, contact_id: str, language: str
    ) -> Ticket:
        """Everything is set here: nobody looks at a row that is not written yet for its defaults."""
        now = self.clock()
        ticket = Ticket(
            id=new_id(),
            number=self._number(),
            subject=without_secrets(subject)[:255],
            department=department,
            also_departments=[],
            status=OPEN,
            priority="Medium",
            client_id=client_id,
            contact_id=contact_id,
            assignee="",
            language=language,
            channel=channel,
            created_at=now,
            updated_at=now,
            acknowledged=False,
            flooded=False,
            tags=[],
            fields={},
            spam=False,
        )
        self.session.add(ticket)
        return ticket

    def _say(self, ticket: Ticket, kind: str, author: Address, text: str, *, by_staff: bool = False) -> TicketMessage:
        ticket.updated_at = self.clock()
        entry = TicketMessage(
            id=new_id(),
            ticket_id=ticket.id,
            kind=kind,
            by_staff=by_staff,
            by_desk=False,
            author=author.key[:320],
            author_name=author.name[:200],
            message_id="",
            text=text,
            full_text="",
            html="",
            assurance=0,
            evidence=[],
            created_at=self.clock(),
        )
        self.session.add(entry)
        self.said.append(entry)
        return entry

    def _attach(self, entry: TicketMessage, attachments: Sequence[Attachment]) -> None:
        for attachment in attachments:
            self.session.add(
                TicketAttachment(
                    id=new_id(),
                    message_id=entry.id,
                    filename=attachment.filename[:255],
                    media_type=attachment.media_type[:120],
                    size=len(attachment.content),
                    sha256=blobs.later(self.session, attachment.content, self.clock()),
                    inline=attachment.inline,
                )
            )

    def _join(self, ticket: Ticket, address: Address, role: str) -> Participant:
        participant = Participant(
            id=new_id(),
            ticket_id=ticket.id,
            channel=address.channel,
            address=address.key[:320],
            name=address.name[:200],
            role=role,
            generation=1,
            joined_at=self.clock(),
        )
        self.session.add(participant)
        return participant

    def _waiting_or_stored(self, ticket: Ticket, address: str) -> Participant | None:
        for row in self.session.new:
            if isinstance(row, Participant) and row.ticket_id == ticket.id and row.address == address:
                return row
        return (
            None if opened_now(ticket) else self.session.scalar(PARTICIPANT, {"ticket": ticket.id, "address": address})
        )

    def _number(self) -> str:
        while True:
            number = new_ticket_number()
            if self.session.scalar(_BY_NUMBER, {"number": number}) is None:
                return number


def _was_redacted(message: InboundMessage, entry: TicketMessage) -> bool:
    """Was something taken out of it that must not be kept, as core/redaction.py marks it?"""
    mark, subject = "[removed: ", message.subject
    texts = ((entry.text, message.text), (entry.full_text, message.full_text), (entry.html, message.html))
    return any(kept.count(mark) > came.count(mark) for kept, came in (*texts, (without_secrets(subject), subject)))


def opened_now(ticket: Ticket) -> bool:
    """Was it opened in this session and not written yet? Then nothing of it is stored, and nobody need look."""
    return bool(inspect(ticket).pending)


def closed_now(ticket: Ticket) -> bool:
    """Was it closed in this walk, by its own people?"""
    return ticket.status == CLOSED and bool(inspect(ticket).attrs.status.history.has_changes())
