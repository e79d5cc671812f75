"""What the desk answers by itself, and what it asks before it does.

An answer goes to the address on file. A mail that does not prove its sender is parked with a question to that address;
"yes" from there walks it again.
"""

from __future__ import annotations

from dataclasses import replace

from core import dialogs, tickets
from core.answers import Answers, answer
from core.identify import Sender
from core.messages import Address, say
from core.models import Dialog, Participant, Ticket
from core.notices import hand_to_staff
from core.people import Assurance, Principal
from core.post import ANSWER, ASK_BACK
from core.surroundings import Outcome, Step, parked_message
from core.understanding import Understood


def answer_on(step: Step, ticket: Ticket, person: Participant, who: Principal) -> Outcome | None:
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


def answered(step: Step, sender: Sender, dialog: Dialog) -> Outcome:
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
    hand_to_staff(step, ticket, entry, replace(sender.who, assurance=Assurance.POSSESSION), event="reply")
    return Outcome("reply", ticket)


def _proved(step: Step, ticket: Ticket, dialog: Dialog, sender: Sender) -> Outcome:
    """The parked message again, now from somebody who showed that they hold the mailbox on file."""
    parked = parked_message(step, dialog.arrival_id)
    who = replace(sender.who, assurance=Assurance.POSSESSION)
    person = step.tickets.participant(ticket, Address("email", who.email, who.name), "cc")
    again = replace(step, message=replace(parked, id=step.message.id, may_answer=True, attachments=()))
    outcome = answer_on(again, ticket, person, who)
    if outcome is not None:
        return outcome
    entry = step.tickets.add_own(ticket, f"{who.name} confirmed having written this.", kind="event")
    hand_to_staff(step, ticket, entry, who, event="reply")
    return Outcome("reply", ticket)


def _alarm(step: Step, ticket: Ticket) -> None:
    """Somebody wrote in a client's name: Security looks at it."""
    if any(department.name == "Security" for department in step.desk.departments):
        step.tickets.refer(ticket, "Security", step.message.sender.value)
    step.tickets.audit(ticket, step.message.sender.value, "sender.disowned")
    ticket.priority = "High"
