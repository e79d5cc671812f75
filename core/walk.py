"""The walk of a message: one function, from top to bottom, that decides what becomes of it.

Each step hands a value to the next, none calls back, and nothing is written before the walk is over (see pipeline.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from core import acknowledge, bounces, chatdesk, clientdesk, conversation, dialogs, spam, tickets
from core.conversation import Match
from core.identify import Sender, identify, in_their_language
from core.messages import EMAIL, Kind
from core.models import Arrival, Dialog, Ticket, TicketMessage
from core.notices import tell_staff
from core.people import Assurance
from core.post import LOOP_MARK
from core.staff import desk as staff
from core.staff import onbehalf
from core.surroundings import Outcome, Step, listening
from core.tokens import TokenKind

_SAME_MAIL = select(Arrival.id, Arrival.ticket_id, Arrival.state, Arrival.result).where(
    Arrival.fingerprint == bindparam("fingerprint")
)
"""Made once: building a statement costs more than the database takes to answer it. It asks for nothing but the
fingerprint, or SQLite may look through everything that is done instead."""


def walk(step: Step) -> Outcome:
    message = step.message
    if _is_our_own(step):
        return Outcome("own")
    copy = _earlier_copy(step)
    if copy is not None:
        return _refer(step, copy)
    if message.circling:
        return _keep_quietly(step)
    if message.kind is Kind.BOUNCE or _came_to_a_return_path(step):
        return bounces.record(step)
    if message.sender.channel != EMAIL:
        return chatdesk.line(step)
    found = conversation.find(step.session, step.around.tokens, message)
    dialog = dialogs.answered(step.session, step.around.tokens, message)
    sender = identify(
        step.session, step.around.billing, message, step.desk.language, client_id=_account_of(found.match, dialog)
    )
    step = listening(_silent_to_the_disowned(step, sender))
    sender = in_their_language(sender, step.heard, step.desk.language)
    if message.kind in (Kind.AUTO_REPLY, Kind.RECEIPT, Kind.REPORT):
        return _automatic(step, sender, found.match)
    bounces.alive(step.session, message.sender.key)
    member = step.desk.staff_member(message.sender.value)
    brought = onbehalf.brought(step, found.match, member) if member is not None else None
    if brought is not None:
        return brought
    if member is not None and found.match is not None:
        return staff.reply(step, found.match, member)
    if found.match is not None and found.match.kind in (TokenKind.STAFF_PUBLIC, TokenKind.STAFF_NOTE):
        return staff.foreign(step, found.match)
    if dialog is not None:
        return clientdesk.answer_question(step, sender, dialog)
    if found.match is None and not sender.who.known and spam.unwanted(step.session, sender.address.key):
        return spam.put_aside(step, sender)
    if found.match is not None:
        outcome = clientdesk.go_on(step, sender, found.match)
    else:
        outcome = clientdesk.begin(step, sender, found.hint)
    if outcome.ticket is not None and outcome.result != "flood":
        acknowledge.tell_of_removed_secret(step, outcome.ticket, sender.address, sender.who)
    return outcome


def _account_of(match: Match | None, dialog: Dialog | None) -> str:
    """The account that the conversation is about, for people who have several."""
    if dialog is not None:
        return dialog.client_id
    return match.ticket.client_id if match is not None else ""


def _is_our_own(step: Step) -> bool:
    """Our own mail coming back, by its mark, its Message-ID or its sender."""
    message, tokens = step.message, step.around.tokens
    return (
        message.desk_loop == tokens.mark(LOOP_MARK)
        or tokens.read_message_id(message.id) is not None
        or step.desk.owns(message.sender.value)
    ) and message.kind is not Kind.BOUNCE


def _came_to_a_return_path(step: Step) -> bool:
    token = step.around.tokens.read_address(step.message.recipient)
    return token is not None and token.kind is TokenKind.BOUNCE


def _silent_to_the_disowned(step: Step, sender: Sender) -> Step:
    """An unknown address whose domain asks to refuse this mail gets nothing from us: its owner did not write.

    A person reads the mail all the same, and reads why it is not believed. An address on file is still asked whether
    they wrote, and staff are told what was held.
    """
    if sender.who.known or not step.message.proof.disowned or step.desk.staff_member(step.message.sender.value):
        return step
    step.wait_for_proof()
    return replace(step, message=replace(step.message, may_answer=False))


def _keep_quietly(step: Step) -> Outcome:
    """What goes round in circles is stored and told to nobody: any mail about it could be its next turn.

    It lies on the ticket it belongs to, else on one that its address opened within the hour, else on a new one.
    """
    sender = identify(step.session, step.around.billing, step.message, step.desk.language)
    match = conversation.find(step.session, step.around.tokens, step.message).match
    lately = step.tickets.opened_lately(sender.address.key, step.around.clock() - timedelta(hours=1), proved=False)
    if match is not None or lately:
        ticket = match.ticket if match is not None else lately[0]
    else:
        ticket, _ = clientdesk.opened(step, sender.who, sender.address)
        step.tickets.add_own(ticket, "This mail goes round in circles; nobody was told of it.", kind="event")
    step.tickets.add(ticket, step.message, kind="event")
    return Outcome("circle", ticket)


class _Copy(NamedTuple):
    id: int
    ticket_id: int | None
    state: str
    result: str


def _earlier_copy(step: Step) -> _Copy | None:
    """The same mail, delivered to another address of ours and walked already."""
    copies = (_Copy(*row) for row in step.session.execute(_SAME_MAIL, {"fingerprint": step.claimed.fingerprint}))
    own = step.claimed.id
    return next((one for one in copies if one.id != own and one.state == "done" and one.result != "dropped"), None)


def _refer(step: Step, copy: _Copy) -> Outcome:
    """One mail to two departments is one ticket; the second department is told."""
    known = step.session.get(Ticket, copy.ticket_id) if copy.ticket_id else None
    ticket = step.tickets.numbered(known.number) if known is not None else None
    department = step.desk.department_at(step.message.recipient)
    if (
        ticket is None
        or department is None
        or not step.tickets.refer(ticket, department.name, step.message.sender.value)
    ):
        return Outcome("duplicate", ticket)
    entry = step.session.scalar(
        select(TicketMessage).where(TicketMessage.ticket_id == ticket.id, TicketMessage.arrival_id == copy.id).limit(1)
    )
    if entry is not None and ticket.status in (tickets.OPEN, tickets.CUSTOMER_REPLY):
        sender = identify(step.session, step.around.billing, step.message, step.desk.language)
        tell_staff(step, ticket, entry, sender.who, event="referred", only=department.name)
    return Outcome("duplicate", ticket)


def _automatic(step: Step, sender: Sender, match: Match | None) -> Outcome:
    """Robots are stored where they belong, never answered, and change no ticket's state."""
    if match is not None:
        step.tickets.add(match.ticket, step.message, kind="event", assurance=Assurance.NONE)
        return Outcome("automatic", match.ticket)
    if step.message.kind is not Kind.REPORT and (step.message.in_reply_to or step.message.references):
        return Outcome("automatic")
    ticket, _ = clientdesk.opened(step, sender.who, sender.address)
    entry = step.tickets.add(ticket, step.message)
    tell_staff(step, ticket, entry, sender.who, event="new")
    return Outcome("ticket", ticket)
