"""Whoever a ticket belongs to is told when somebody else lets others read it."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import say
from core.models import Participant, Ticket
from core.surroundings import Step
from core.tickets import opened_now

JOINED = "joined"


def tell_requester(step: Step, ticket: Ticket, joined: Sequence[Participant]) -> bool:
    """One letter for all that this message brought in, unless the requester is proved to have done it. True if told.

    On a new ticket nobody else can have done it; a forged mail of a stranger joins people to a ticket of its own only.
    """
    if not joined or opened_now(ticket):
        return False
    requester = next((p for p in step.tickets.participants(ticket) if p.role == "requester"), None)
    proof, sender = step.message.proof, step.message.sender
    if requester is None or (sender.key == requester.address and proof.verified and not proof.ambiguous):
        return False
    if not step.post.may_say(JOINED, requester.address, ticket, channel=requester.channel):
        return False
    addresses = [participant.address for participant in joined]
    step.post.to_participant(
        ticket,
        requester,
        (say("joined", ticket=ticket, by=sender.value, joined=addresses),),
        kind=JOINED,
        automatic=True,
        language=ticket.language,
        echo=False,
    )
    return True
