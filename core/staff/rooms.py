"""Rooms of a chat where staff see the tickets: a card and a thread for each, and work from there.

What is written in a ticket's thread is an internal note; what goes to the client says `#reply`, or is written in the
form behind the card's button. Who may do it is decided by who they are on the staff, by the platform's own id of their
account: whoever else is a member of the room reads there, and does nothing.

Everything said on a ticket, by mail as well, is told in its thread; the card is edited when what it says has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from core import tickets
from core.conversation import BY_SUBJECT, Found, Match
from core.messages import Address, StaffRoom, say
from core.models import Participant, Ticket, TicketCard, TicketClock, TicketMessage
from core.notices import shown
from core.ports import Billing
from core.post import ANSWER, MailOnly, Post
from core.staff import cards, desk, held
from core.staff.cards import Card
from core.surroundings import Outcome, Step, Surroundings
from core.tickets import Tickets
from core.tokens import TokenKind

STAFF_TOKENS = (TokenKind.STAFF_PUBLIC, TokenKind.STAFF_NOTE)
AT_WORK = (tickets.OPEN, tickets.CUSTOMER_REPLY, "In Progress")
"""A ticket comes into the room when a person has to see to it, and stays there."""
TOLD = ("public", "note")
MOST_AT_ONCE = 50
MOST_BUTTONS = 6
"""Colleagues that a card has buttons for; in a larger department a ticket is given by `#assign name`."""


def concerns(step: Step, found: Found) -> bool:
    """Was it said in a room of staff, or to a message that only staff get?"""
    given_to_staff = found.match is not None and found.match.kind in STAFF_TOKENS
    return given_to_staff or _room(step) is not None


def line(step: Step, found: Found) -> Outcome:
    """Something written or pressed there. What stands below no ticket of ours is between the people of the room."""
    match = found.match or (Match(found.hint, BY_SUBJECT) if found.hint is not None else None)
    if match is None or (match.kind not in STAFF_TOKENS and match.how != BY_SUBJECT):
        return Outcome("room")
    ticket, member = _went_into(step, match.ticket), step.desk.staff_in_chat(step.message.sender)
    if member is None or not desk.works_here(ticket, member):
        return _refused(step, ticket, known=member is not None)
    if step.message.edited:
        entry = step.tickets.add(ticket, step.message, kind="note", by_staff=True)
        entry.author, entry.author_name = member.email, member.name
        return Outcome("edited", ticket)
    return desk.work_on(step, ticket, member, inside=True)


def _went_into(step: Step, ticket: Ticket) -> Ticket:
    """The thread of a merged ticket goes on with the one that it was put into."""
    return step.tickets.numbered(ticket.number) or ticket if ticket.merged_into is not None else ticket


def follow(step: Step, outcome: Outcome) -> None:
    """After a message was walked: what it said and changed is told in the rooms."""
    for room in step.desk.rooms:
        if room.channel in step.post.composers:
            for ticket in _touched(step, outcome):
                _tell(step, room, ticket)


def _touched(step: Step, outcome: Outcome) -> Iterable[Ticket]:
    changed = [row for row in (*step.session.new, *step.session.dirty) if isinstance(row, Ticket)]
    if outcome.ticket is not None:
        changed.append(outcome.ticket)
    return {ticket.id: ticket for ticket in changed}.values()


def _tell(step: Step, room: StaffRoom, ticket: Ticket) -> None:
    known = step.session.get(TicketCard, (ticket.id, room.place))
    if known is None and (ticket.status not in AT_WORK or ticket.spam or ticket.flooded):
        return
    us = _participant(step.tickets, room, ticket)
    _show(step.post, step.tickets, step.around.billing, room, ticket, known)
    for entry in step.tickets.said:
        if entry.ticket_id == ticket.id and entry.kind in TOLD and not _said_here(step, room, entry):
            _say(step, room, ticket, us, entry)


def refresh(around: Surroundings) -> int:
    """By the clock: the cards of tickets that changed without anybody's message, a few at a time."""
    rooms = {room.place: room for room in around.desk.rooms if room.channel in around.composers}
    if not rooms:
        return 0
    stale = (
        select(TicketCard, Ticket)
        .join(Ticket, Ticket.id == TicketCard.ticket_id)
        .where(TicketCard.place.in_(rooms), or_(Ticket.updated_at > TicketCard.shown_at, _fell_due(around.clock())))
        .limit(MOST_AT_ONCE)
    )
    with around.sessions.begin() as session:
        post = Post(session, around.desk, around.tokens, around.composers, around.clock)
        at = Tickets(session, around.desk, around.clock)
        for known, ticket in session.execute(stale).all():
            _show(post, at, around.billing, rooms[known.place], ticket, known)
        return len(post.written)


def _fell_due(now: datetime) -> ColumnElement[bool]:
    """Has a deadline passed since the card was shown?"""
    return exists().where(
        TicketClock.ticket_id == TicketCard.ticket_id,
        TicketClock.stopped_at.is_(None),
        TicketClock.due_at <= now,
        TicketClock.due_at > TicketCard.shown_at,
    )


def _participant(at: Tickets, room: StaffRoom, ticket: Ticket) -> Participant:
    return at.participant(ticket, Address(room.channel, room.address, at.desk.name), "staff")


def _show(post: Post, at: Tickets, billing: Billing, room: StaffRoom, ticket: Ticket, known: TicketCard | None) -> None:
    """The card as the ticket stands now, unless it says so already. A room without cards shows it once."""
    card = cards.card(at, billing, ticket)
    words, now = _digest(card), at.clock()
    if known is None:
        at.session.add(TicketCard(ticket_id=ticket.id, place=room.place, shown=words, shown_at=now))
    else:
        same, known.shown, known.shown_at = known.shown == words, words, now
        if same or not room.card:
            return
    to = Address(room.channel, (room.card or room.thread).format(number=ticket.number))
    us, is_open = _participant(at, room, ticket), ticket.status != tickets.CLOSED
    others = [one for one in at.desk.staff() if desk.works_here(ticket, one) and one.email != ticket.assignee]
    colleagues = others if len(others) <= MOST_BUTTONS else []
    for shown_ in (card, replace(card, subject="–", requester="", fields=(), tags=())):
        reply = say("staff_card", card=shown_, open=is_open, form=bool(room.card), colleagues=colleagues)
        with suppress(MailOnly):  # Words of strangers may look like the address of a page that opens once.
            post.to_staff(ticket, us, (reply,), kind="card", note=True, to=to)
            return


def _digest(card: Card) -> str:
    """Of what the card shows; the time that is left changes all the time and is not on it."""
    due = (card.due.at, card.due.overdue) if card.due else ()
    return hashlib.sha256(repr((replace(card, latest=(), updated=card.opened, due=None), due)).encode()).hexdigest()


def _say(step: Step, room: StaffRoom, ticket: Ticket, us: Participant, entry: TicketMessage) -> None:
    to = Address(room.channel, room.thread.format(number=ticket.number))
    files = step.message.attachments if entry.arrival_id == step.claimed.id else ()
    for by, text in ((entry.author_name or entry.author, shown(entry.text)), (entry.author, "")):
        reply = say("staff_thread", entry=entry, by=by, text=text, to_client=entry.by_staff)
        with suppress(MailOnly):  # As for the card; the ticket has the words.
            step.post.to_staff(ticket, us, (reply,), kind="thread", note=True, to=to, attachments=files)
            return


def _said_here(step: Step, room: StaffRoom, entry: TicketMessage) -> bool:
    """Was it written in this very room? Then it stands there already; an answer to the client is told all the same."""
    here = step.message.sender.channel == room.channel and room.holds(step.message.room)
    return here and entry.kind == "note" and entry.arrival_id == step.claimed.id


def _room(step: Step) -> StaffRoom | None:
    message = step.message
    rooms = (room for room in step.desk.rooms if room.channel == message.sender.channel)
    return next((room for room in rooms if message.shared and room.holds(message.room)), None)


def _refused(step: Step, ticket: Ticket, *, known: bool) -> Outcome:
    """It is kept, nothing of it is done, and its writer is told so in private."""
    step.tickets.add(ticket, step.message, kind=held.REFUSED, by_staff=True)  # No words of the client's.
    sender = step.message.sender
    if step.post.may_say(ANSWER, sender.key, channel=sender.channel):
        reply = say("staff_not_yours", known=known, ticket=ticket, account=f"{sender.channel}: {sender.value}")
        step.post.alone(sender, reply, kind=ANSWER, language=step.desk.language)
    return Outcome("held", ticket)
