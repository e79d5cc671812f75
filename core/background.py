"""What spares staff a look elsewhere: who the client is, what they have, what they wrote before, what may be answered.

It is for people of the staff alone; none of it is ever in a letter to a client.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from core.models import Participant, Ticket
from core.people import Assurance, Principal
from core.ports import Client
from core.staff import canned
from core.surroundings import Step

EARLIER, SERVICES, CANNED = 3, 5, 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """A ticket of before, as staff read it."""

    number: str
    subject: str
    status: str


@dataclass(frozen=True, slots=True)
class Background:
    client: Client | None = None
    services: Sequence[str] = ()
    earlier: Sequence[Earlier] = ()
    canned: Sequence[str] = ()
    """The names of canned replies that may be used on this ticket."""


def whole(step: Step, ticket: Ticket, who: Principal) -> Background:
    """For somebody who sees the ticket for the first time."""
    return Background(
        client=_client(step, who),
        services=_services(step, who),
        earlier=_earlier(step, ticket),
        canned=[one.name for one in canned.usable(step.desk.canned(), ticket)][:CANNED],
    )


def brief(step: Step, who: Principal) -> Background:
    """For somebody who knows it."""
    return Background(client=_client(step, who))


def _client(step: Step, who: Principal) -> Client | None:
    return step.around.billing.client(who.client_id) if who.client_id else None


def _services(step: Step, who: Principal) -> list[str]:
    """Asked of the billing system only where it is proved whose account it is: nothing is looked up for a forger."""
    if not who.client_id or who.assurance < Assurance.ADDRESS:
        return []
    active = [one for one in step.around.billing.services(who.client_id) if one.status == "Active"]
    return [f"{one.product} {one.domain}".strip() for one in active[:SERVICES]]


def _earlier(step: Step, ticket: Ticket) -> list[Earlier]:
    """The last tickets of the same client; where it is nobody's, those of the same address that were nobody's either.

    A chat account may have spoken for another client before.
    """
    asked = next((one.address for one in step.tickets.participants(ticket) if one.role == "requester"), "")
    theirs = Ticket.id.in_(
        select(Participant.ticket_id).where(Participant.address == asked, Participant.role == "requester")
    )
    owned = Ticket.client_id == ticket.client_id if ticket.client_id else and_(theirs, Ticket.client_id == "")
    statement = (
        select(Ticket.number, Ticket.subject, Ticket.status)
        .where(owned, Ticket.id != ticket.id, Ticket.merged_into.is_(None), Ticket.spam.is_(False))
        .order_by(Ticket.id.desc())
        .limit(EARLIER)
    )
    return [Earlier(*row) for row in step.session.execute(statement)]
