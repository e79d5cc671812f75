"""The acknowledgement of a new ticket: once, in the client's language, never to robots, never an echo to strangers."""

from __future__ import annotations

from core.messages import say
from core.models import Participant, Ticket
from core.people import Assurance, Principal
from core.post import ACKNOWLEDGEMENT, STRANGER
from core.surroundings import Step


def acknowledge(step: Step, ticket: Ticket, requester: Participant, who: Principal, assurance: Assurance) -> bool:
    """Write the acknowledgement if one may be written (RFC 3834, our limits). True if it was."""
    if ticket.acknowledged or not step.message.may_answer:
        return False
    proved = who.known and assurance >= Assurance.ADDRESS
    kind = ACKNOWLEDGEMENT if who.known else STRANGER
    if not step.post.may_say(kind, requester.address, ticket):
        return False
    if not proved and not step.post.once_a_day(kind, requester.address):
        return False
    ticket.acknowledged = True
    template = "acknowledgement" if who.known else "acknowledgement_stranger"
    refused = (say("files_refused", files=step.message.refused),) if step.message.refused and proved else ()
    step.post.to_participant(
        ticket,
        requester,
        (say(template, ticket=ticket, name=who.name if proved else "", department=ticket.department), *refused),
        kind=kind,
        automatic=True,
        language=ticket.language,
        echo=proved,
        in_reply_to=step.message.id,
    )
    return True


def tell_of_refused_files(step: Step, ticket: Ticket, person: Participant, who: Principal) -> None:
    """What was not kept of a further message; strangers are not told, a robot could be one."""
    proved = who.known and who.assurance >= Assurance.ADDRESS
    if not step.message.refused or not proved or not step.post.may_say(ACKNOWLEDGEMENT, person.address, ticket):
        return
    step.post.to_participant(
        ticket,
        person,
        (say("files_refused", files=step.message.refused),),
        kind=ACKNOWLEDGEMENT,
        automatic=True,
        language=ticket.language,
        in_reply_to=step.message.id,
    )
