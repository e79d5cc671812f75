"""A client's or a stranger's message: the ticket that it continues or begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core import (
    confirming,
    conversation,
    departments,
    dialogs,
    enclosed,
    joining,
    questions,
    rating,
    satisfaction,
    selfservice,
    tickets,
)
from core.acknowledge import acknowledge, tell_of_left_out, tell_of_ticket
from core.conversation import BY_SUBJECT, THIS_CHAT, Match
from core.courtesies import only_thanks
from core.identify import Sender
from core.messages import Address
from core.models import Dialog, Participant, Ticket, TicketLink
from core.notices import hand_to_staff, unproved_participant
from core.people import Assurance, Principal
from core.selfservice import answer_on
from core.surroundings import Outcome, Step
from core.understanding import for_staff

MAX_FOREIGN_COPIES = 20
_ABOUT_CHATS = ("link", "word")
_OUTSIDE = ("unverified", "former")
"""Roles of those who take no part: a stranger with somebody's reply address, and who was taken off the ticket."""


def begin(step: Step, sender: Sender, hint: Ticket | None, *, continues: Ticket | None = None) -> Outcome:
    """A new ticket, answered at once or by staff; `hint` is one that it may belong to, `continues` one that it does."""
    who = sender.who
    an_hour_ago = step.around.clock() - timedelta(hours=1)
    proved = who.known and who.assurance >= Assurance.ADDRESS
    flood = step.tickets.opened_lately(sender.address.key, an_hour_ago, proved=proved)
    if len(flood) >= step.desk.rules.tickets_per_address_hour:
        return _dam(step, flood[0], who)
    ticket, requester = opened(step, who, sender.address, continues.subject if continues else "")
    entry = step.tickets.add(ticket, step.message, assurance=who.assurance)
    if sender.linked_by:
        entry.evidence = [f"{sender.linked_by} said that this is an address of {who.name}", *entry.evidence]
    if hint is not None:
        step.tickets.add_own(ticket, f"May belong to ticket #{hint.number}.", kind="event")
    _join_copies(step, ticket, who)
    answered = answer_on(step, ticket, requester, who, entry)
    if answered is not None:
        return answered
    facts = _facts(step, ticket, who)
    facts = [f"It goes on with ticket #{continues.number}, which was closed.", *facts] if continues else facts
    hand_to_staff(step, ticket, entry, who, event="new", hint=hint, facts=facts)
    acknowledge(step, ticket, requester, who, who.assurance, continues=continues)
    return Outcome("ticket", ticket)


def _facts(step: Step, ticket: Ticket, who: Principal) -> list[str]:
    """What the desk found out for whoever reads it next; a proof of payment is put before Billing."""
    found = enclosed.facts_of(step.message, who, step.around.billing)
    if found is None:
        return for_staff(step.heard)
    step.tickets.place(ticket, found.department, step.message.recipient)
    return [*found.facts, *for_staff(step.heard)]


def _dam(step: Step, ticket: Ticket, who: Principal) -> Outcome:
    """One more of a flood: kept on the address's last ticket, answered never; staff are told of it once."""
    entry = step.tickets.add(ticket, step.message, assurance=who.assurance)
    if not ticket.flooded:
        ticket.flooded = True
        note = "Many mails within an hour came from this address; further ones are kept here without a notice."
        entry = step.tickets.add_own(ticket, note, kind="event")
        hand_to_staff(step, ticket, entry, who, event="reply")
    return Outcome("flood", ticket)


def go_on(step: Step, sender: Sender, match: Match) -> Outcome:
    """One more message on a ticket, or a new ticket that refers to one closed long ago."""
    ticket, now = match.ticket, step.around.clock()
    thanks = only_thanks(step.message.text) and not (step.message.attachments or step.heard.requests)
    if conversation.too_old(ticket, now, step.desk.rules.reopen_days):
        if not _takes_part(match, sender):
            return begin(step, sender, ticket)
        if not thanks:
            return _begin_where_it_ended(step, sender, ticket)
    author, level = _author(step, sender, match)
    who = replace(_goes_on_in(step, sender.who, ticket), assurance=level)
    takes_part = author.role not in _OUTSIDE
    thanks = thanks and takes_part and not _awaited(step, ticket, author)
    entry = step.tickets.add(ticket, step.message, assurance=level, wakes=not thanks)
    entry.evidence = _evidence(step, sender, match, author)
    if takes_part:
        _join_copies(step, ticket, who)
        if thanks:
            return Outcome("reply", ticket)
        answered = answer_on(step, ticket, author, who, entry)
        if answered is not None:
            return answered
        tell_of_left_out(step, ticket, author, who)
    facts = _facts(step, ticket, who)
    if match.how == THIS_CHAT and ticket.status in (tickets.ANSWERED, tickets.ON_HOLD) and step.heard.department:
        step.tickets.place(ticket, step.heard.department, step.message.recipient)
        ticket.subject = conversation.subject_of(step.message) or ticket.subject
    hand_to_staff(step, ticket, entry, who, event="reply", facts=facts)
    if takes_part:
        tell_of_ticket(step, ticket, who)
    return Outcome("reply", ticket)


def _takes_part(match: Match, sender: Sender) -> bool:
    """Does whoever writes belong to the ticket? Then what they write goes on with it, however old it is."""
    own = match.participant
    if own is not None:
        return match.given_to(sender.address.key) and own.role not in _OUTSIDE
    return match.how in (BY_SUBJECT, THIS_CHAT)


def _begin_where_it_ended(step: Step, sender: Sender, old: Ticket) -> Outcome:
    """A new ticket for what comes too late to open the old one, and a link between the two."""
    outcome = begin(step, sender, None, continues=old)
    new, now = outcome.ticket, step.around.clock()
    if new is not None and tickets.opened_now(new):
        step.tickets.add_own(new, f"Goes on with ticket #{old.number} ({old.subject}).", kind="event")
        step.tickets.add_own(old, f"Goes on in ticket #{new.number}.", kind="event")
        step.tickets.audit(new, sender.address.key, "ticket.continues", number=old.number)
        step.session.flush()  # The link needs the row of the ticket; whatever is outside of us was done before.
        step.session.add(TicketLink(ticket_id=new.id, other_id=old.id, kind="continues", at=now))
    return outcome


def _awaited(step: Step, ticket: Ticket, author: Participant) -> bool:
    """Whether the desk asked something that these thanks answer: "Did this help?" """
    return dialogs.awaited(step.session, ticket.id, author.address, step.message.text, step.around.clock())


def _author(step: Step, sender: Sender, match: Match) -> tuple[Participant, Assurance]:
    """Who wrote, as a participant, and how far it is proved. Another's reply address never makes anybody that other."""
    if match.how == "message id" or (match.signed and not match.given_to(sender.address.key)):
        author = step.tickets.participant(match.ticket, sender.address, "unverified")
        if author.role == "unverified":
            return author, Assurance.TOKEN if match.signed else Assurance.NONE
        return author, sender.who.assurance
    # Who is found by a number was known to take part, by mail or from a chat of theirs.
    role = "cc" if match.how == BY_SUBJECT else "unverified"
    author = step.tickets.participant(match.ticket, sender.address, role)
    if sender.who.assurance >= Assurance.ADDRESS:
        return author, Assurance.CONVERSATION if match.signed else sender.who.assurance
    return author, Assurance.TOKEN if match.signed else Assurance.NONE


def _evidence(step: Step, sender: Sender, match: Match, author: Participant) -> list[str]:
    reasons = [f"found by {match.how}", *step.message.proof.reasons]
    if match.signed and author.role == "unverified":
        reasons.insert(0, unproved_participant(match, sender.address))
    return reasons


def _goes_on_in(step: Step, who: Principal, ticket: Ticket) -> Principal:
    """ "Yes" is no language: what was begun in German goes on in German."""
    heard = step.heard
    return who if heard.sure_of_language and not heard.foreign else replace(who, language=ticket.language)


def answer_question(step: Step, sender: Sender, dialog: Dialog) -> Outcome:
    """An answer does what it was asked for; anything else that comes to that address is a message on its ticket."""
    if dialog.kind in _ABOUT_CHATS:
        return _not_them(step, sender, dialog)
    if dialog.kind == "notice":
        return begin(replace(step, answers=dialog), sender, None)
    if dialog.kind == satisfaction.KIND:
        rest = rating.answered(step, sender, dialog)
        return Outcome("reply", rest.ticket) if rest.match is None else go_on(rest.step, sender, rest.match)
    ticket = step.session.get(Ticket, dialog.ticket_id)
    assert ticket is not None, "a question is always asked on a ticket"
    if ticket.merged_into is not None:
        ticket = step.tickets.numbered(ticket.number) or ticket
    sender = replace(sender, who=_goes_on_in(step, sender.who, ticket))
    entry = step.tickets.add(ticket, step.message, assurance=Assurance.POSSESSION)
    yes = dialogs.first_word(step.message.text) == "yes"
    if dialog.kind == "prove" and yes and dialogs.use(dialog, "used", step.around.clock()):
        return selfservice.proved(step, ticket, dialog, sender)
    outcome = questions.answered(step, sender, dialog, ticket)
    if outcome is None:
        hand_to_staff(step, ticket, entry, replace(sender.who, assurance=Assurance.POSSESSION), event="reply")
        tell_of_ticket(step, ticket, sender.who)
        outcome = Outcome("reply", ticket)
    return outcome


def _not_them(step: Step, sender: Sender, dialog: Dialog) -> Outcome:
    """A reply to the letter with the code or word that links a chat: it links nothing any more, and STOP stops."""
    dialogs.use(dialog, "refused", step.around.clock())
    if dialogs.first_word(step.message.text) in ("stop", "undo"):
        confirming.hold(step.tickets, dialog.client_id, "the owner did not ask for linking a chat")
    return begin(step, sender, None)


def opened(step: Step, who: Principal, requester: Address, subject: str = "") -> tuple[Ticket, Participant]:
    """A new ticket in the department that the message belongs to."""
    return step.tickets.open(
        step.message,
        who,
        department=departments.route(step.desk, step.message, step.heard.department).name,
        requester=replace(requester, name=requester.name or who.name),
        subject=subject or conversation.subject_of(step.message),
    )


def _join_copies(step: Step, ticket: Ticket, who: Principal) -> None:
    """Proved senders and strangers copy in whoever they like; in a client's name nobody adds readers unproved."""
    others = _others(step)
    if not who.known or who.assurance >= Assurance.ADDRESS:
        joining.tell_requester(step, ticket, step.tickets.copy_in(ticket, others))
    elif others:
        names = ", ".join(address.value for address in others)
        step.tickets.add_own(ticket, f"In copy, but not joined because the sender is not proved: {names}", kind="event")


def _others(step: Step) -> list[Address]:
    """Everybody else in To and Cc; a crowd is a mailing, and nobody of it joins."""
    message = step.message
    others = [
        a for a in (*message.to, *message.cc) if a.key != message.sender.key and a.channel == message.sender.channel
    ]
    others = [a for a in others if not step.desk.owns(a.value)]
    return others if len(others) <= MAX_FOREIGN_COPIES else []
