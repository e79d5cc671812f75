"""Rooms of a chat where staff see the tickets: a card and a thread for each, and work from there.

What is written in a ticket's thread is an internal note; what goes to the client says `#reply`, or is written in the
form behind the card's button. Who may do it is decided by who they are on the staff, by the platform's own id of their
account: whoever else is a member of the room reads there, and does nothing.

Everything said on a ticket, by mail as well, is told in its thread; the card is edited when what it says has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from core import tickets
from core.conversation import BY_SUBJECT, Found, Match
from core.messages import Address, StaffRoom, say
from core.models import Participant, Ticket, TicketCard, TicketMessage
from core.notices import shown
from core.post import ANSWER
from core.staff import cards, desk, held
from core.surroundings import Outcome, Step
from core.tokens import TokenKind

STAFF_TOKENS = (TokenKind.STAFF_PUBLIC, TokenKind.STAFF_NOTE)
AT_WORK = (tickets.OPEN, tickets.CUSTOMER_REPLY, "In Progress")
"""A ticket comes into the room when a person has to see to it, and stays there."""
TOLD = ("public", "note")


def concerns(step: Step, found: Found) -> bool:
    """Was it said in a room of staff, or to a message that only staff get?"""
    given_to_staff = found.match is not None and found.match.kind in STAFF_TOKENS
    return given_to_staff or _room(step) is not None


def line(step: Step, found: Found) -> Outcome:
    """Something written or pressed there. What stands below no ticket of ours is between the people of the room."""
    match = found.match or (Match(found.hint, BY_SUBJECT) if found.hint is not None else None)
    if match is None or (match.kind not in STAFF_TOKENS and match.how != BY_SUBJECT):
        return Outcome("room")
    ticket, member = match.ticket, step.desk.staff_in_chat(step.message.sender)
    if member is None or not desk.works_here(ticket, member):
        return _refused(step, ticket, known=member is not None)
    if step.message.edited:
        entry = step.tickets.add(ticket, step.message, kind="note", by_staff=True)
        entry.author, entry.author_name = member.email, member.name
        return Outcome("edited", ticket)
    return desk.work_on(step, ticket, member, inside=True)


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
    us = step.tickets.participant(ticket, Address(room.channel, room.address, step.desk.name), "staff")
    show(step, room, ticket, us, known)
    for entry in step.tickets.said:
        if entry.ticket_id == ticket.id and entry.kind in TOLD and not _said_here(step, room, entry):
            _say(step, room, ticket, us, entry)


def show(step: Step, room: StaffRoom, ticket: Ticket, us: Participant, known: TicketCard | None) -> None:
    """The card as the ticket stands now, unless it says so already. A room without cards shows it once."""
    card = cards.card(step, ticket)
    words = hashlib.sha256(repr(replace(card, latest=(), updated=card.opened)).encode()).hexdigest()
    now = step.around.clock()
    if known is None:
        step.session.add(TicketCard(ticket_id=ticket.id, place=room.place, shown=words, shown_at=now))
    elif known.shown == words or not room.card:
        return
    else:
        known.shown, known.shown_at = words, now
    to = Address(room.channel, (room.card or room.thread).format(number=ticket.number))
    reply = say("staff_card", card=card, open=ticket.status != tickets.CLOSED, form=bool(room.card))
    step.post.to_staff(ticket, us, (reply,), kind="card", note=True, to=to)


def _say(step: Step, room: StaffRoom, ticket: Ticket, us: Participant, entry: TicketMessage) -> None:
    to = Address(room.channel, room.thread.format(number=ticket.number))
    by = entry.author_name or entry.author
    reply = say("staff_thread", entry=entry, by=by, text=shown(entry.text), to_client=entry.by_staff)
    files = step.message.attachments if entry.arrival_id == step.claimed.id else ()
    step.post.to_staff(ticket, us, (reply,), kind="thread", note=True, to=to, attachments=files)


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
    step.tickets.add(ticket, step.message, kind=held.REFUSED)
    sender = step.message.sender
    if step.post.may_say(ANSWER, sender.key, channel=sender.channel):
        reply = say("staff_not_yours", known=known, ticket=ticket, account=f"{sender.channel}: {sender.value}")
        step.post.alone(sender, reply, kind=ANSWER, language=step.desk.language)
    return Outcome("held", ticket)

