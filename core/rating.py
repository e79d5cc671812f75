"""What comes to the question how content somebody is: a rating, a message on its ticket, or both in one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core import dialogs, satisfaction
from core.conversation import Match
from core.courtesies import only_thanks
from core.identify import Sender
from core.messages import EMAIL, Address, say
from core.models import Dialog, Ticket
from core.people import Assurance
from core.post import ANSWER
from core.ratings import BAD, Said, read
from core.surroundings import Step, listening
from core.tokens import TokenKind


@dataclass(frozen=True, slots=True)
class Rest:
    """What a person or the desk still has to see to: the step that says it, on which ticket; no match where nothing."""

    step: Step
    ticket: Ticket | None
    match: Match | None = None


def answered(step: Step, sender: Sender, dialog: Dialog) -> Rest:
    """Take the rating of it; what is none, or asks for something besides, goes on as a message."""
    ticket = satisfaction.asked_about(step.tickets, dialog)
    assert ticket is not None, "a rating is asked for on a ticket"
    asker = step.tickets.participant(ticket, Address(sender.address.channel, sender.address.value), "cc")
    match = Match(ticket, "the answer to our question", asker, TokenKind.CLIENT)
    said = read(step.message.text)
    if said is None:
        return Rest(step, ticket, match)
    result = satisfaction.rate(step.tickets, step.post, ticket, said.score, said.comment)
    dialogs.use(dialog, "used", step.around.clock())
    if result == satisfaction.LATE and said.comment:
        return Rest(step, ticket, match)
    _tell(step, sender, dialog, ticket, said, result)
    if said.score != BAD and _asks_something(step, said):
        comment = replace(step.message, text=said.comment, full_text="", html="")
        return Rest(listening(replace(step, message=comment)), ticket, match)
    kind = "public" if said.score == BAD and said.comment else "event"
    text = said.comment if kind == "public" else step.message.text
    step.tickets.add(ticket, step.message, kind=kind, text=text, assurance=Assurance.POSSESSION, wakes=False)
    return Rest(step, ticket)


def _asks_something(step: Step, said: Said) -> bool:
    """A bad one is read by staff anyway; a good one may bring the next question along."""
    if step.message.attachments or "?" in said.comment:
        return True
    if not said.comment or only_thanks(said.comment):
        return False
    heard = step.around.understanding.of(said.comment)
    return bool(heard.requests) or heard.urgent


def _tell(step: Step, sender: Sender, dialog: Dialog, ticket: Ticket, said: Said, result: str) -> None:
    """That it was taken, in the language of the ticket; a reply to that is a reply to the question."""
    person = step.tickets.participant(ticket, sender.address, "cc")
    if not step.message.may_answer or not step.post.may_say(ANSWER, person.address, channel=person.channel):
        return
    step.post.to_participant(
        ticket,
        person,
        (
            say(
                "satisfaction_answer",
                ticket=ticket,
                result=result,
                bad=said.score == BAD,
                by_mail=person.channel == EMAIL,
            ),
        ),
        kind=ANSWER,
        automatic=True,
        language=ticket.language,
        in_reply_to=step.message.id,
        reply_token=dialogs.reply_token(dialog),
    )
