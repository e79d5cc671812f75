"""What a person may see of their own tickets, and do with them, by writing: the tickets as handlers get them.

A ticket is somebody's when they take part in it (who asked, or who was copied in), or when it is their client's and
they are its owner, opened it, or have the tickets permission. Anybody else's does not exist here. A person who was
only copied in reads what was said since, and adds to it; they decide nothing.

Everything happens in the session of the walk and is committed with the message, so it needs no journal: a walk that is
lost has done nothing, and the next one does it again from the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from core import conversation, dialogs
from core.desk import Department
from core.messages import EMAIL, Address, InboundMessage, Request, place_of
from core.models import Participant, Ticket, TicketMessage
from core.people import Assurance, Permission, Principal
from core.tickets import ANSWERED, CLOSED, CUSTOMER_REPLY, ON_HOLD, OPEN, PENDING, Tickets, opened_now

PRIORITIES = ("Low", "Medium", "High")
MOST = 200
"""So many tickets are looked through where no number is named; a number finds any."""
WORKING = (OPEN, CUSTOMER_REPLY, "In Progress")
"""A person has to see to it."""
WAITING = (ANSWERED, ON_HOLD, PENDING)
"""For the client."""
_TAKING_PART = ("requester", "cc")
_NUMBER = re.compile(r"(?<![\w-])#?(\d{8})(?![\w-])")


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A ticket as one of its people may see it. `subject` is "" for somebody who is not proved: then only its state."""

    number: str
    subject: str
    department: str
    status: str
    priority: str
    opened: datetime
    updated: datetime
    closed: datetime | None
    opened_by: str
    """The name of who asked, or their address."""
    mine: bool
    """Did this person ask?"""
    may_decide: bool
    """Close, reopen, set its priority, copy somebody in."""

    @property
    def id(self) -> str:
        return self.number

    @property
    def over(self) -> bool:
        return self.status == CLOSED


@dataclass(frozen=True, slots=True)
class Said:
    author: str
    by_staff: bool
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class OwnTickets:
    """The tickets of the person behind one message. `hand_over` has a person of the desk look at one of them."""

    tickets: Tickets
    who: Principal
    message: InboundMessage
    reopen_days: int
    hand_over: Callable[[Ticket, TicketMessage], None]

    def named(self, words: Sequence[str]) -> Sequence[OwnTicket]:
        """Those of these numbers; without any, those that the text may mean.

        By their numbers, the one it came to, those that our answer was about to which this is the reply, else all.
        """
        if words:
            return self._of_numbers(words)
        numbers = _NUMBER.findall(self.message.text)
        if found := self._of_numbers(numbers):
            return found
        here = self.here()
        near = [here] if here is not None else self._answered_about()
        return near if near and not numbers else self.all()

    def all(self) -> list[OwnTicket]:
        """Those that a person has seen, what is open first, then the newest; the desk's own answers are left out."""
        met_staff = exists().where(Participant.ticket_id == Ticket.id, Participant.role == "staff")
        rows = self.tickets.session.scalars(
            select(Ticket)
            .where(self._theirs(), Ticket.merged_into.is_(None), or_(met_staff, Ticket.status.in_(WORKING)))
            .order_by((Ticket.status == CLOSED), Ticket.updated_at.desc())
            .limit(MOST)
        )
        return self._seen(rows.all())

    def here(self) -> OwnTicket | None:
        """The ticket that this message continues, if a person has seen it and it is theirs."""
        entry = self._own_entry()
        row = self.tickets.session.get(Ticket, entry.ticket_id) if entry is not None else None
        if row is None or not any(one.role == "staff" for one in self.tickets.participants(row)):
            return None
        return next(iter(self._of_numbers([row.number])), None)

    def last_words(self, ticket: OwnTicket, count: int = 3) -> list[Said]:
        """What people said on it last, the newest first; who was copied in reads nothing from before.

        What the desk answered by itself is left out: it was for the one who asked, whatever their colleagues may see.
        """
        row = self._row(ticket)
        statement = (
            select(TicketMessage)
            .where(
                TicketMessage.ticket_id == row.id,
                TicketMessage.kind == "public",
                TicketMessage.by_desk.is_(False),
            )
            .order_by(TicketMessage.id.desc())
            .limit(count)
        )
        if not ticket.may_decide:
            part = self._part(row)
            statement = statement.where(TicketMessage.created_at >= (part.joined_at if part else self.tickets.clock()))
        rows = self.tickets.session.scalars(statement)
        return [Said(one.author_name or one.author, one.by_staff, one.created_at, one.text) for one in rows]

    def people(self, ticket: OwnTicket) -> list[str]:
        """The addresses that get what staff say on it, who asked first."""
        parts = [one for one in self.tickets.participants(self._row(ticket)) if one.role in _TAKING_PART]
        return [one.address for one in sorted(parts, key=lambda one: one.role != "requester")]

    def departments(self) -> Sequence[Department]:
        """Where a mail can go."""
        return self.tickets.desk.departments

    def too_old(self, ticket: OwnTicket) -> bool:
        """Closed for longer than it may be reopened."""
        return conversation.too_old(self._row(ticket), self.tickets.clock(), self.reopen_days)

    def reply(self, ticket: OwnTicket, text: str) -> None:
        """Their words on that ticket, which waits for staff then; they take part in it from now on."""
        row = self._row(ticket)
        self.tickets.participant(row, self._place, "cc")
        bare = replace(self.message, html="", full_text="", attachments=(), refused=())
        entry = self.tickets.add(row, bare, text=text, assurance=self.who.assurance)
        self.hand_over(row, entry)

    def close(self, ticket: OwnTicket) -> None:
        row = self._row(ticket)
        self.tickets.set_status(row, CLOSED, self._home)
        self.tickets.add_own(row, f"{self.who.name} closed the ticket.", kind="event")

    def reopen(self, ticket: OwnTicket) -> None:
        row = self._row(ticket)
        self.hand_over(row, self.tickets.add_own(row, f"{self.who.name} reopened the ticket.", kind="event"))

    def set_priority(self, ticket: OwnTicket, priority: str) -> None:
        """Staff are told of one that is raised to High; the others they see when they look."""
        row = self._row(ticket)
        note = f"{self.who.name} set the priority from {row.priority} to {priority}."
        self.tickets.set_priority(row, priority, self._home)
        entry = self.tickets.add_own(row, note, kind="event")
        if priority == PRIORITIES[-1]:
            self.hand_over(row, entry)

    def copy_in(self, ticket: OwnTicket, email: str) -> bool:
        """Somebody gets what staff say from now on; False when they cannot (one of the desk, or too many)."""
        row = self._row(ticket)
        address = Address("email", email)
        former = next((one for one in self.tickets.participants(row) if one.address == address.key), None)
        if former is not None and former.role == "unverified":
            former.role = "cc"
            former.joined_at = self.tickets.clock()
        elif former is None and not self.tickets.copy_in(row, [address]):
            return False
        self._note(row, "ticket.copied_in", f"{self.who.name} copied {email} in.", email)
        return True

    def remove(self, ticket: OwnTicket, email: str) -> bool:
        """They get nothing more, and their reply address is void. False for who asked, and for who is not on it."""
        row = self._row(ticket)
        key = Address("email", email).key
        part = next((one for one in self.tickets.participants(row) if one.address == key and one.role == "cc"), None)
        if part is None:
            return False
        part.role = "unverified"
        part.generation += 1
        self._note(row, "ticket.removed", f"{self.who.name} removed {email} from the ticket.", email)
        return True

    def show_staff(self) -> None:
        """Staff read this message, although the desk answers it."""
        entry = self._own_entry()
        row = self._walked_on(entry) if entry is not None else None
        if entry is not None and row is not None:
            self.hand_over(row, entry)

    def expect(self, request: Request, slot: str, words: Sequence[str]) -> None:
        """The next message of this person on this ticket may answer with one of these words: `slot` of that request."""
        entry = self._own_entry()
        if entry is None:
            return
        dialogs.ask(
            self.tickets.session,
            kind="ask",
            subject_key=f"{request.intent}/{entry.ticket_id}",
            client_id=self.who.client_id,
            address=self._place.key,
            place=place_of(self._place) if self._place.channel != EMAIL else "",
            arrival_id=self.tickets.arrival_id or 0,
            ticket_id=entry.ticket_id,
            now=self.tickets.clock(),
            learnt={
                "intent": request.intent,
                "slot": slot,
                "options": list(words),
                "words": {name: list(values) for name, values in request.words.items()},
            },
        )

    @property
    def _home(self) -> str:
        """The address on file; a stranger has only the one they wrote from."""
        return Address("email", self.who.email).key or self.message.sender.key

    @property
    def _place(self) -> Address:
        """Where they are answered (core/places.py)."""
        sender = self.message.sender
        by_mail = self.who.email and not self.who.in_chat
        return Address(EMAIL, self._home, self.who.name) if by_mail else sender

    def _theirs(self) -> ColumnElement[bool]:
        takes_part = exists().where(
            Participant.ticket_id == Ticket.id,
            Participant.address == self._home,
            Participant.role.in_(_TAKING_PART),
        )
        return or_(takes_part, self._of_client()) if self.who.known else takes_part

    def _of_client(self) -> ColumnElement[bool]:
        """Of their client, and not only their colleague's affair."""
        of_client = Ticket.client_id == self.who.client_id
        if self.who.owner or Permission.TICKETS in self.who.permissions:
            return of_client
        return and_(of_client, Ticket.contact_id == self.who.contact_id)

    def _of_numbers(self, numbers: Sequence[str]) -> list[OwnTicket]:
        wanted = [number.strip().lstrip("#").partition(":")[0] for number in numbers]
        if not wanted:
            return []
        rows = self.tickets.session.scalars(select(Ticket).where(self._theirs(), Ticket.number.in_(wanted)))
        return self._seen(rows.all())

    def _row(self, ticket: OwnTicket) -> Ticket:
        """The ticket itself, if it still is theirs. Raises LookupError."""
        row = self.tickets.session.scalar(select(Ticket).where(self._theirs(), Ticket.number == ticket.number))
        if row is None:
            raise LookupError(f"ticket {ticket.number} is not theirs")
        return row

    def _seen(self, rows: Sequence[Ticket]) -> list[OwnTicket]:
        taking_part = select(Participant).where(
            Participant.ticket_id.in_([row.id for row in rows]), Participant.role.in_(_TAKING_PART)
        )
        people: dict[int, list[Participant]] = {row.id: [] for row in rows}
        for person in self.tickets.session.scalars(taking_part):
            people[person.ticket_id].append(person)
        return [self._one(row, people[row.id]) for row in rows]

    def _one(self, row: Ticket, people: Sequence[Participant]) -> OwnTicket:
        asked = next((one for one in people if one.role == "requester"), None)
        mine = asked is not None and asked.address == self._home
        return OwnTicket(
            number=row.number,
            subject=row.subject if self.who.assurance >= Assurance.ADDRESS else "",
            department=row.department,
            status=row.status,
            priority=row.priority,
            opened=row.created_at,
            updated=row.updated_at,
            closed=row.closed_at,
            opened_by=(asked.name or asked.address) if asked is not None else "",
            mine=mine,
            may_decide=mine or self._decides(row),
        )

    def _decides(self, row: Ticket) -> bool:
        if not self.who.known or row.client_id != self.who.client_id:
            return False
        rights = self.who.owner or Permission.TICKETS in self.who.permissions
        return rights or row.contact_id == self.who.contact_id

    def _part(self, row: Ticket) -> Participant | None:
        parts = self.tickets.participants(row)
        return next((one for one in parts if one.address == self._home and one.role in _TAKING_PART), None)

    def _note(self, row: Ticket, action: str, note: str, email: str) -> None:
        self.tickets.add_own(row, note, kind="event")
        self.tickets.audit(row, self._home, action, email=email)

    def _own_entry(self) -> TicketMessage | None:
        """What this message said, on the ticket that it is walked on: not written yet."""
        waiting = (row for row in self.tickets.session.new if isinstance(row, TicketMessage))
        return next((row for row in waiting if row.arrival_id == self.tickets.arrival_id), None)

    def _answered_about(self) -> list[OwnTicket]:
        """The tickets that the desk's last answer named, to which this message replies."""
        entry = self._own_entry()
        if entry is None:
            return []
        of_ticket = (TicketMessage.ticket_id == entry.ticket_id, TicketMessage.by_desk, TicketMessage.kind == "public")
        last = select(TicketMessage.text).where(*of_ticket).order_by(TicketMessage.id.desc()).limit(1)
        return self._of_numbers(_NUMBER.findall(self.tickets.session.scalar(last) or ""))

    def _walked_on(self, entry: TicketMessage) -> Ticket | None:
        opened = (row for row in self.tickets.session.new if isinstance(row, Ticket) and opened_now(row))
        pending = next((row for row in opened if row.id == entry.ticket_id), None)
        return pending or self.tickets.session.get(Ticket, entry.ticket_id)
