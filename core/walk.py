"""The walk of a message: one function, from top to bottom, that decides what becomes of it.

Each step hands a value to the next, none calls back, and nothing is written before the walk is over (see pipeline.py).
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from core import bounces, conversation, departments, dialogs, staffdesk, tickets
from core.acknowledge import acknowledge
from core.answers import Answers, answer
from core.conversation import Match
from core.desk import Department
from core.identify import Sender, identify
from core.messages import Address, Kind, say
from core.models import Arrival, Dialog, Participant, Ticket, TicketMessage
from core.notices import tell_staff, unproved_participant
from core.people import Assurance, Principal
from core.post import ANSWER, ASK_BACK, LOOP_MARK
from core.surroundings import Outcome, Step, parked_message
from core.tokens import TokenKind
from core.understanding import Understood, only_thanks

MAX_FOREIGN_COPIES = 20


def walk(step: Step) -> Outcome:
    message = step.message
    if _is_our_own(step):
        return Outcome("own")
    copy = _earlier_copy(step)
    if copy is not None:
        return _refer(step, copy)
    if message.kind is Kind.BOUNCE or _came_to_a_return_path(step):
        return bounces.record(step)
    sender = identify(step.session, step.around.billing, message, step.desk.language)
    found = conversation.find(step.session, step.around.tokens, message)
    if message.kind in (Kind.AUTO_REPLY, Kind.RECEIPT, Kind.REPORT):
        return _automatic(step, sender, found.match)
    bounces.alive(step.session, message.sender.key)
    member = step.desk.staff_member(message.sender.value)
    if member is not None and found.match is not None:
        return staffdesk.reply(step, found.match, member)
    dialog = dialogs.answered(step.session, step.around.tokens, message)
    if dialog is not None:
        return _answer_to_question(step, sender, dialog)
    if found.match is not None:
        return _continue(step, sender, found.match)
    return _begin(step, sender, found.hint)


# --- What never becomes a conversation ---------------------------------------------------------------------------


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


def _earlier_copy(step: Step) -> Arrival | None:
    """The same mail, delivered to another address of ours and walked already."""
    return step.session.scalar(
        select(Arrival)
        .where(
            Arrival.fingerprint == step.claimed.fingerprint,
            Arrival.id != step.claimed.id,
            Arrival.state == "done",
            Arrival.result != "dropped",
        )
        .limit(1)
    )


def _refer(step: Step, copy: Arrival) -> Outcome:
    """One mail to two departments is one ticket; the second department is told."""
    ticket = step.session.get(Ticket, copy.ticket_id) if copy.ticket_id else None
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
    ticket, _ = _open(step, sender.who, sender.address)
    entry = step.tickets.add(ticket, step.message)
    tell_staff(step, ticket, entry, sender.who, event="new")
    return Outcome("ticket", ticket)


# --- A ticket that goes on ---------------------------------------------------------------------------------------


def _continue(step: Step, sender: Sender, match: Match) -> Outcome:
    ticket, now = match.ticket, step.around.clock()
    if conversation.too_old(ticket, now, step.desk.rules.reopen_days):
        return _begin(step, sender, ticket)
    author, level = _author(step, sender, match)
    who = replace(sender.who, assurance=level)
    entry = step.tickets.add(ticket, step.message, assurance=level)
    entry.evidence = _evidence(step, sender, match, author)
    if author.role != "unverified":
        _join_copies(step, ticket, who)
        if only_thanks(step.message.text) and not step.message.attachments:
            return Outcome("reply", ticket)
        answered = _answer_on(step, ticket, author, who)
        if answered is not None:
            return answered
    _to_a_person(step, ticket, entry, who, event="reply")
    return Outcome("reply", ticket)


def _author(step: Step, sender: Sender, match: Match) -> tuple[Participant, Assurance]:
    """Who wrote, as a participant, and how far it is proved. Another's reply address never makes anybody that other."""
    if match.how == "message id" or (match.signed and not match.given_to(sender.address.key)):
        author = step.tickets.participant(match.ticket, sender.address, "unverified")
        if author.role == "unverified":
            return author, Assurance.TOKEN if match.signed else Assurance.NONE
        return author, sender.who.assurance
    author = step.tickets.participant(match.ticket, sender.address, "unverified")
    if sender.who.assurance >= Assurance.ADDRESS:
        return author, Assurance.CONVERSATION if match.signed else sender.who.assurance
    return author, Assurance.TOKEN if match.signed else Assurance.NONE


def _evidence(step: Step, sender: Sender, match: Match, author: Participant) -> list[str]:
    reasons = [f"found by {match.how}", *step.message.proof.reasons]
    if match.signed and author.role == "unverified":
        reasons.insert(0, unproved_participant(match, sender.address))
    return reasons


def _to_a_person(
    step: Step, ticket: Ticket, entry: TicketMessage, who: Principal, *, event: str, hint: Ticket | None = None
) -> None:
    if ticket.status != tickets.OPEN:
        step.tickets.set_status(ticket, tickets.CUSTOMER_REPLY, step.message.sender.value)
    tell_staff(step, ticket, entry, who, event=event, hint=hint)


# --- A ticket that begins ----------------------------------------------------------------------------------------


def _begin(step: Step, sender: Sender, hint: Ticket | None) -> Outcome:
    who = sender.who
    ticket, requester = _open(step, who, sender.address)
    entry = step.tickets.add(ticket, step.message, assurance=who.assurance)
    if sender.linked_by:
        entry.evidence = [f"{sender.linked_by} said that this is an address of {who.name}", *entry.evidence]
    if hint is not None:
        step.tickets.add_own(ticket, f"May belong to ticket #{hint.number}.", kind="event")
    _join_copies(step, ticket, who)
    answered = _answer_on(step, ticket, requester, who)
    if answered is not None:
        return answered
    _to_a_person(step, ticket, entry, who, event="new", hint=hint)
    acknowledge(step, ticket, requester, who, who.assurance)
    return Outcome("ticket", ticket)


def _open(step: Step, who: Principal, requester: Address) -> tuple[Ticket, Participant]:
    return step.tickets.open(
        step.message,
        who,
        department=_department(step).name,
        requester=replace(requester, name=requester.name or who.name),
    )


def _department(step: Step) -> Department:
    return departments.route(step.desk, step.message)


def _join_copies(step: Step, ticket: Ticket, who: Principal) -> None:
    """Whoever a proved sender (or a stranger) copies in reads the next answers; in a client's name nobody adds readers."""
    others = _others(step)
    if not who.known or who.assurance >= Assurance.ADDRESS:
        step.tickets.copy_in(ticket, others)
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


# --- Answers from the client area --------------------------------------------------------------------------------


def _answer_on(step: Step, ticket: Ticket, person: Participant, who: Principal) -> Outcome | None:
    """Answer what the desk can answer by itself; None when a person must read the message."""
    if not step.message.may_answer or step.message.attachments:
        return None
    requests, step = _requests(step, ticket, person, who)
    if not requests:
        return None
    found = answer(step, who, requests)
    if found.prove:
        return _ask_whether_they_wrote(step, ticket, person, who)
    if not found.replies or found.person:
        return None
    return _say(step, ticket, person, who, found, requests)


def _requests(step: Step, ticket: Ticket, person: Participant, who: Principal) -> tuple[list[Understood], Step]:
    """What is asked: the answer to our own "which one?" first, else what the text says."""
    open_question = dialogs.asked_on(step.session, ticket.id, person.address, step.around.clock())
    if open_question is not None:
        choice = dialogs.chosen(step.message.text, list(open_question.learnt["options"]))
        if choice and dialogs.use(open_question, "used", step.around.clock()):
            intent = step.around.registry[open_question.learnt["intent"]]
            slot = open_question.learnt["slot"]
            return [Understood(intent, {slot: (choice,)}, "the answer to our question")], step
    return step.around.understanding.of(step.message.text, step.message.subject), step


def _say(
    step: Step, ticket: Ticket, person: Participant, who: Principal, found: Answers, requests: list[Understood]
) -> Outcome | None:
    address = who.email.lower() or person.address
    if not step.post.may_say(ANSWER, address):
        return None
    home = (
        person
        if person.address == address
        else step.tickets.participant(ticket, Address("email", who.email, who.name), "cc")
    )
    composed = step.post.to_participant(
        ticket,
        home,
        (*found.replies, say("any_questions")),
        kind=ANSWER,
        automatic=True,
        language=who.language,
        echo=who.assurance >= Assurance.ADDRESS,
        in_reply_to=step.message.id,
    )
    step.tickets.add_own(ticket, composed.text or "(a secret was sent)")
    step.tickets.set_status(ticket, tickets.ANSWERED, step.desk.address)
    for aside in found.asides:
        step.post.alone(aside.to, aside.reply, kind=aside.kind, language=who.language, ticket=ticket)
    if found.question is not None:
        _remember_question(step, ticket, home, who, found, requests)
    return Outcome("answer", ticket)


def _remember_question(
    step: Step, ticket: Ticket, person: Participant, who: Principal, found: Answers, requests: list[Understood]
) -> None:
    question = found.question
    asking = next((r for r in requests if question and question.slot in {slot.name for slot in r.intent.slots}), None)
    if question is None or asking is None:
        return
    dialogs.ask(
        step.session,
        kind="ask",
        subject_key=f"{asking.intent.name}/{ticket.id}",
        client_id=who.client_id,
        address=person.address,
        arrival_id=step.claimed.id,
        ticket_id=ticket.id,
        now=step.around.clock(),
        learnt={"intent": asking.intent.name, "slot": question.slot, "options": list(question.options)},
    )


# --- Did you write this? -----------------------------------------------------------------------------------------


def _ask_whether_they_wrote(step: Step, ticket: Ticket, person: Participant, who: Principal) -> Outcome | None:
    """Ask the address on file, at most once a day; until it answers nothing is told to anybody."""
    address = who.email.lower()
    step.wait_for_proof()
    if not step.post.once_a_day(ASK_BACK, address):
        return None
    home = step.tickets.participant(ticket, Address("email", who.email, who.name), "cc")
    dialog = dialogs.ask(
        step.session,
        kind="prove",
        subject_key=f"prove/{address}",
        client_id=who.client_id,
        address=address,
        arrival_id=step.claimed.id,
        ticket_id=ticket.id,
        now=step.around.clock(),
    )
    step.post.to_participant(
        ticket,
        home,
        (say("ask_back", ticket=ticket),),
        kind=ASK_BACK,
        automatic=True,
        language=who.language,
        echo=False,
        in_reply_to=step.message.id if step.message.sender.key == address else "",
        reply_token=dialogs.reply_token(dialog),
    )
    step.tickets.set_status(ticket, tickets.ON_HOLD, step.desk.address)
    return Outcome("asked", ticket)


def _answer_to_question(step: Step, sender: Sender, dialog: Dialog) -> Outcome:
    """Yes walks the parked message again, proved; no closes it; stop calls Security; anything else is a message."""
    now = step.around.clock()
    ticket = step.session.get(Ticket, dialog.ticket_id)
    assert ticket is not None, "a question is always asked on a ticket"
    entry = step.tickets.add(ticket, step.message, assurance=Assurance.POSSESSION)
    word = dialogs.first_word(step.message.text)
    if word == "yes" and dialogs.use(dialog, "used", now):
        return _proved(step, ticket, dialog, sender)
    if word == "no" and dialogs.use(dialog, "refused", now):
        step.tickets.set_status(ticket, tickets.CLOSED, step.message.sender.value)
        return Outcome("reply", ticket)
    if word == "stop" and dialogs.use(dialog, "refused", now):
        _alarm(step, ticket)
    _to_a_person(step, ticket, entry, replace(sender.who, assurance=Assurance.POSSESSION), event="reply")
    return Outcome("reply", ticket)


def _proved(step: Step, ticket: Ticket, dialog: Dialog, sender: Sender) -> Outcome:
    """The parked message again, now from somebody who showed that they hold the mailbox on file."""
    parked = parked_message(step, dialog.arrival_id)
    who = replace(sender.who, assurance=Assurance.POSSESSION)
    person = step.tickets.participant(ticket, Address("email", who.email, who.name), "cc")
    again = replace(step, message=replace(parked, id=step.message.id, may_answer=True, attachments=()))
    answered = _answer_on(again, ticket, person, who)
    if answered is not None:
        return answered
    entry = step.tickets.add_own(ticket, f"{who.name} confirmed having written this.", kind="event")
    _to_a_person(step, ticket, entry, who, event="reply")
    return Outcome("reply", ticket)


def _alarm(step: Step, ticket: Ticket) -> None:
    """Somebody wrote in a client's name: Security looks at it."""
    if any(department.name == "Security" for department in step.desk.departments):
        step.tickets.refer(ticket, "Security", step.message.sender.value)
    step.tickets.audit(ticket, step.message.sender.value, "sender.disowned")
    ticket.priority = "High"
