"""What the desk answers by itself.

An answer goes to the address on file. A mail that does not prove its sender is parked with a question to that address;
"yes" from there walks it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core import conversation, dialogs, entities, followups, places, questions, tickets
from core.acknowledge import acknowledge, removed_secret, tell_of_ticket
from core.answers import Answers, answer
from core.identify import Sender
from core.messages import EMAIL, Address, say
from core.models import Dialog, Participant, Ticket, TicketMessage
from core.notices import hand_to_staff
from core.people import Assurance, Principal
from core.post import ANSWER, ASK_BACK
from core.surroundings import Outcome, Step, listening, parked_message
from core.understanding import Understood, for_staff


def answer_on(step: Step, ticket: Ticket, person: Participant, who: Principal, entry: TicketMessage) -> Outcome | None:
    """Answer what the desk can answer by itself; None when a person must read the message."""
    if not step.message.may_answer or step.message.attachments:
        return None
    requests = _requests(step, ticket, person)
    if not requests:
        return None
    found = answer(step, who, requests)
    if found.prove:
        return _ask_whether_they_wrote(step, ticket, person, who)
    if found.passed_on or _says_more(step, requests):
        return _answer_in_part(step, ticket, person, who, entry, found, requests)
    if not (found.replies or found.asked):
        return None
    if found.replies and not _say(step, ticket, person, who, found, requests):
        return None
    for asked in found.asked:
        questions.put(step, ticket, who, asked)
    return Outcome("answer" if found.replies else "asked", ticket)


def _answer_in_part(
    step: Step,
    ticket: Ticket,
    person: Participant,
    who: Principal,
    entry: TicketMessage,
    found: Answers,
    requests: Sequence[Understood],
) -> Outcome:
    """What the desk can answer is answered; the rest goes to the department it belongs to, with what is known of it."""
    if step.message.sender.channel != EMAIL and ticket.status in (tickets.ANSWERED, tickets.ON_HOLD):
        ticket.subject = conversation.subject_of(step.message) or ticket.subject
    if not _says_more(step, requests):
        step.tickets.place(ticket, found.passed_on[0].intent.department, step.message.recipient)
    if found.replies:
        rest = [passed.intent.help for passed in found.passed_on]
        found.replies.append(say("rest_for_person", rest=rest, department=ticket.department))
        _say(step, ticket, person, who, found, requests)
    for asked in found.asked:
        questions.put(step, ticket, who, asked)
    step.tickets.set_status(ticket, tickets.OPEN, step.desk.address)
    answered = [one.intent.help for one in requests if one.intent not in [passed.intent for passed in found.passed_on]]
    facts = [passed.in_words for passed in found.passed_on] + for_staff(step.heard)
    facts += [f"Answered already: {told}" for told in dict.fromkeys(answered)] if found.replies or found.asked else []
    step.tickets.add_own(ticket, "\n".join(["Left to a person:", *facts]), kind="event")
    hand_to_staff(step, ticket, entry, who, event="new" if tickets.opened_now(ticket) else "reply", facts=facts)
    if not found.replies and tickets.opened_now(ticket):
        acknowledge(step, ticket, person, who, who.assurance)
    elif not found.replies:
        tell_of_ticket(step, ticket, who)
    return Outcome("ticket", ticket)


def _says_more(step: Step, requests: Sequence[Understood]) -> bool:
    """Whether the text that the requests were read in has something for a person besides."""
    return bool(step.heard.person) and tuple(requests) == step.heard.requests


def _requests(step: Step, ticket: Ticket, person: Participant) -> Sequence[Understood]:
    """What is asked: the answer to our own "which one?" first, else what the text says."""
    open_question = None
    # In a chat a new request simply follows; by mail a reply to a question is an answer first.
    instead = step.message.sender.channel != EMAIL and bool(step.heard.requests)
    if not (instead or tickets.opened_now(ticket)):
        open_question = dialogs.asked_on(step.session, ticket.id, person.address, step.around.clock())
    if open_question is not None:
        choice = _choice(step.message.text, open_question)
        if choice and dialogs.use(open_question, "used", step.around.clock()):
            intent = step.around.registry[open_question.learnt["intent"]]
            known = {slot: tuple(words) for slot, words in open_question.learnt.get("words", {}).items()}
            words = {**known, open_question.learnt["slot"]: choice}
            return [Understood(intent, words, "the answer to our question")]
    return _from_notice(step) or step.heard.requests


def _from_notice(step: Step) -> list[Understood]:
    """What the notice that this answers offered, if its word is the answer; else its words fill what the text lacks."""
    if step.answers is None:
        return []
    wanted = dialogs.taken_up(step.answers, step.message.text)
    if wanted is not None and wanted.intent in step.around.registry.intents:
        return [Understood(step.around.registry[wanted.intent], wanted.words, "the answer to our notice")]
    about = {slot: tuple(words) for slot, words in step.answers.learnt.get("about", {}).items()}
    return [replace(one, words={**about, **{k: v for k, v in one.words.items() if v}}) for one in step.heard.requests]


def _choice(text: str, question: Dialog) -> tuple[str, ...]:
    """The option that they chose, or the value that they name; () when it is no answer to this question."""
    kind = question.learnt.get("kind", "")
    if kind:
        return entities.named(text).get(kind, ())
    chosen = dialogs.chosen(text, list(question.learnt["options"]))
    return (chosen,) if chosen else ()


def _say(
    step: Step, ticket: Ticket, person: Participant, who: Principal, found: Answers, requests: Sequence[Understood]
) -> bool:
    """The answer, to where they are answered. False when the limits forbid it, and a person has to."""
    place = places.address_of(step, who)
    if not step.post.may_say(ANSWER, place.key, channel=place.channel):
        return False
    home = person if (person.channel, person.address) == (place.channel, place.key) else places.home(step, ticket, who)
    composed = places.tell(
        step,
        ticket,
        home,
        who,
        (*found.replies, *removed_secret(step, ticket, who), *places.closing(step, who)),
        kind=ANSWER,
        automatic=True,
        language=who.language,
        echo=who.assurance >= Assurance.ADDRESS,
        in_reply_to=step.message.id,
    )
    step.tickets.add_own(ticket, composed.text or "(a secret was sent)")
    if not (tickets.closed_now(ticket) or followups.held_now(step.session, ticket.id)):
        step.tickets.set_status(ticket, tickets.ANSWERED, step.desk.address)
    questions.send_asides(step, ticket, who, found.asides)
    if found.question is not None:
        _remember_question(step, ticket, home, who, found, requests)
    return True


def _remember_question(
    step: Step, ticket: Ticket, person: Participant, who: Principal, found: Answers, requests: Sequence[Understood]
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
        place=places.chat_of(step, who),
        arrival_id=step.claimed.id,
        ticket_id=ticket.id,
        now=step.around.clock(),
        learnt={
            "intent": asking.intent.name,
            "slot": question.slot,
            "options": list(question.options),
            "kind": question.kind,
            "words": {slot: list(words) for slot, words in asking.words.items() if words and slot != question.slot},
        },
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


def proved(step: Step, ticket: Ticket, dialog: Dialog, sender: Sender) -> Outcome:
    """The parked message again, now from somebody who showed that they hold the mailbox on file.

    They know that they wrote; what exactly a change would do they have not read yet: those are still asked.
    """
    parked = parked_message(step, dialog.arrival_id)
    who = replace(sender.who, assurance=Assurance.CONVERSATION)
    person = step.tickets.participant(ticket, Address("email", who.email, who.name), "cc")
    again = listening(replace(step, message=replace(parked, id=step.message.id, may_answer=True, attachments=())))
    confirmed = step.tickets.add_own(ticket, f"{who.name} confirmed having written this.", kind="event")
    entry = step.tickets.said_in(ticket, dialog.arrival_id) or confirmed
    outcome = answer_on(again, ticket, person, who, entry)
    if outcome is not None:
        return outcome
    hand_to_staff(step, ticket, entry, who, event="reply", facts=for_staff(again.heard))
    return Outcome("reply", ticket)
