"""Follow-ups: "I'll test next week, remind me on Monday". The ticket rests until that day, then its client is reminded.

A follow-up is a row among the dialogs, of kind `remind`: one per ticket, a newer one supersedes it, and it expires on
its day. What somebody says on the ticket before that ends it; thanks do not. The letter and the note that it was sent
are one commit, so it goes once, by whatever process rings first, and after a downtime when the desk is back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import addresses, dialogs
from core.courtesies import only_thanks
from core.messages import Address, say
from core.models import Dialog, Participant, Ticket, TicketMessage
from core.owntickets import OwnTicket, OwnTickets
from core.people import Principal
from core.post import Post
from core.surroundings import Surroundings
from core.tickets import ANSWERED, CLOSED, ON_HOLD, PARTICIPANT, Tickets

KIND = "remind"
LONGEST = timedelta(days=180)
"""Further ahead nobody remembers what it was about."""
_EAST = timedelta(hours=14)
"""So much earlier than in UTC a day begins at the most eastern clocks."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One that waits: the ticket's number and subject, and the day."""

    number: str
    subject: str
    day: date


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What one person has scheduled, in the session of the walk."""

    tickets: Tickets
    who: Principal

    def schedule(self, ticket: OwnTicket, day: date, time_zone: str) -> None:
        """The ticket rests until that day, by the clock of `time_zone` (IANA, "" for the desk's)."""
        row = self._row(ticket)
        now = self.tickets.clock()
        before = _waiting(self.tickets.session, row.id)
        was = before.learnt["was"] if before is not None and row.status == ON_HOLD else row.status
        dialogs.ask(
            self.tickets.session,
            kind=KIND,
            subject_key=f"{KIND}/{row.id}",
            client_id=self.who.client_id,
            address=self.who.email.lower(),
            arrival_id=self.tickets.arrival_id or 0,
            ticket_id=row.id,
            now=now,
            lifetime=datetime.combine(day, time(), UTC) - now,
            learnt={"day": day.isoformat(), "zone": time_zone, "language": self.who.language, "was": was},
        )
        self.tickets.participant(row, Address("email", self.who.email, self.who.name), "cc")
        self.tickets.set_status(row, ON_HOLD, self.who.email)
        self.tickets.add_own(row, f"{self.who.name} wants to be reminded on {day}.", kind="event")

    def waiting(self) -> Sequence[FollowUp]:
        """Theirs that nothing has ended yet, the next one first."""
        return [FollowUp(row.number, row.subject, _day_of(dialog)) for dialog, row in self._open()]

    def cancel(self, number: str) -> None:
        """The ticket is what it was before."""
        for dialog, row in self._open():
            if row.number == number:
                dialog.state = "refused"
                _wake(self.tickets, row, dialog, self.who.email)
                self.tickets.add_own(row, f"{self.who.name} does not want to be reminded any more.", kind="event")

    def _open(self) -> list[tuple[Dialog, Ticket]]:
        statement = (
            select(Dialog, Ticket)
            .join(Ticket, Ticket.id == Dialog.ticket_id)
            .where(
                Dialog.client_id == self.who.client_id,
                Dialog.subject_key.startswith(f"{KIND}/"),
                Dialog.address == self.who.email.lower(),
                Dialog.kind == KIND,
                Dialog.state == "pending",
            )
            .order_by(Dialog.expires_at, Dialog.id)
        )
        session = self.tickets.session
        this = self.tickets.arrival_id or 0
        return [(dialog, row) for dialog, row in session.execute(statement) if not _ended(session, dialog, row, this)]

    def _row(self, ticket: OwnTicket) -> Ticket:
        row = self.tickets.session.scalar(select(Ticket).where(Ticket.number == ticket.number))
        assert row is not None, "the ticket was found in this walk"
        return row


def follow_ups(own: OwnTickets) -> FollowUps:
    return FollowUps(own.tickets, own.who)


def held_now(session: Session, ticket_id: int) -> bool:
    """Was the ticket put on hold by a follow-up in this walk? Then the answer to it does not change that."""
    new = (row for row in session.new if isinstance(row, Dialog))
    return any(row.kind == KIND and row.ticket_id == ticket_id and row.state == "pending" for row in new)


def remind(around: Surroundings, clock_in: Callable[[str], datetime], is_open: Callable[[datetime], bool]) -> int:
    """Send what is due; how many letters that were.

    `clock_in` gives the moment in a time zone; `is_open`: are letters sent at that hour of the reader's day?
    """
    with around.sessions() as session:
        due = select(Dialog.id).where(
            Dialog.kind == KIND, Dialog.state == "pending", Dialog.expires_at <= around.clock() + _EAST
        )
        waiting = session.scalars(due.order_by(Dialog.expires_at)).all()
    return sum(_remind(around, one, clock_in, is_open) for one in waiting)


def _remind(
    around: Surroundings, dialog_id: int, clock_in: Callable[[str], datetime], is_open: Callable[[datetime], bool]
) -> int:
    with around.sessions() as session:
        dialog = session.get(Dialog, dialog_id)
        if dialog is None or dialog.state != "pending":
            return 0
        local = clock_in(dialog.learnt["zone"])
        if local.date() < _day_of(dialog) or not is_open(local):
            return 0
        sent = _settle(session, around, dialog)
        try:
            session.commit()
        except (IntegrityError, StaleDataError):
            return 0  # Another process was faster.
    return sent


def _settle(session: Session, around: Surroundings, dialog: Dialog) -> int:
    """Its day has come: the letter, unless it was ended before or its reader has left."""
    ticket = session.get(Ticket, dialog.ticket_id)
    dialog.state = "expired"
    if ticket is None or _ended(session, dialog, ticket):
        return 0
    own = Tickets(session, around.desk, around.clock)
    _wake(own, ticket, dialog, around.desk.address)
    reader = session.scalar(PARTICIPANT, {"ticket": ticket.id, "address": dialog.address})
    if reader is None or reader.role not in ("requester", "cc") or _undeliverable(session, dialog.address):
        own.add_own(ticket, f"{dialog.address} was to be reminded, and gets no mail on this ticket.", kind="event")
        return 0
    dialog.state = "used"
    _write(around, own, ticket, reader, dialog)
    return 1


def _write(around: Surroundings, own: Tickets, ticket: Ticket, reader: Participant, dialog: Dialog) -> None:
    post = Post(own.session, around.desk, around.tokens, around.composers, around.clock)
    composed = post.to_participant(
        ticket,
        reader,
        (say("follow_up_due", ticket=ticket, asked=dialog.created_at.astimezone(around.desk.time_zone).date()),),
        kind="reminder",
        automatic=True,
        language=dialog.learnt["language"],
        in_reply_to=own.last_message_id(ticket, dialog.address),
    )
    own.add_own(ticket, composed.text)


def _wake(own: Tickets, ticket: Ticket, dialog: Dialog, who: str) -> None:
    if ticket.status == ON_HOLD:
        own.set_status(ticket, dialog.learnt["was"] if dialog.learnt["was"] != ON_HOLD else ANSWERED, who)


def _waiting(session: Session, ticket_id: int) -> Dialog | None:
    return session.scalar(
        select(Dialog).where(Dialog.ticket_id == ticket_id, Dialog.kind == KIND, Dialog.state == "pending")
    )


def _ended(session: Session, dialog: Dialog, ticket: Ticket, but: int = 0) -> bool:
    """Was the ticket closed, or has somebody said something on it since? `but` is the message that is walked."""
    if ticket.status == CLOSED:
        return True
    since = select(TicketMessage.text, TicketMessage.arrival_id).where(
        TicketMessage.ticket_id == ticket.id,
        TicketMessage.id > dialog.id,
        TicketMessage.kind == "public",
        TicketMessage.by_desk.is_(False),
    )
    return any(arrival != but and not only_thanks(text) for text, arrival in session.execute(since))


def _undeliverable(session: Session, address: str) -> bool:
    known = addresses.known(session, address)
    return known is not None and bool(known.undeliverable)


def _day_of(dialog: Dialog) -> date:
    return date.fromisoformat(dialog.learnt["day"])
