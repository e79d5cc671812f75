"""What a chat's own page shows of an account: a few figures, for whoever the chat speaks for and nobody else.

It is read when the page is opened and after each letter to the chat; opening a page is no question, and leaves no
trace. Who may see which figure is what it is for the overview that they can ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from core.identify import identify
from core.messages import Address, InboundMessage, Reply, say
from core.owntickets import OwnTickets
from core.people import Assurance, Permission, Principal, Proof
from core.surroundings import Surroundings
from core.tickets import Tickets

_OPENED = Proof(verified=True, reasons=("the platform vouches for the account",))


@dataclass(frozen=True, slots=True)
class Home:
    """What the page says, and in which language."""

    reply: Reply
    language: str


def home(around: Surroundings, chat: Address) -> Home | None:
    """For a private chat as its platform named it; None for whoever is not linked."""
    now = around.clock()
    opened = InboundMessage("", chat, around.desk.address, "", now, proof=_OPENED)
    with around.sessions() as session:
        who = identify(session, around.billing, opened, around.desk.language).who
        if not who.known or who.assurance < Assurance.CONVERSATION:
            return None
        return Home(_figures(around, who, _open_tickets(around, session, who, opened)), who.language)


def _figures(around: Surroundings, who: Principal, tickets: int) -> Reply:
    """None where they may not see it."""
    billing, may = around.billing, who.permissions
    unpaid = [it for it in billing.invoices(who.client_id) if it.balance > 0] if Permission.INVOICES in may else []
    services = billing.services(who.client_id) if Permission.PRODUCTS in may else ()
    domains = billing.domains(who.client_id) if Permission.DOMAINS in may else ()
    return say(
        "chat_home",
        client=billing.client(who.client_id),
        services=sum(it.status == "Active" for it in services) if Permission.PRODUCTS in may else None,
        domains=sum(it.status == "Active" for it in domains) if Permission.DOMAINS in may else None,
        invoices=len(unpaid) if Permission.INVOICES in may else None,
        owed=sum((it.balance for it in unpaid), Decimal(0)),
        tickets=tickets,
    )


def _open_tickets(around: Surroundings, session: Session, who: Principal, opened: InboundMessage) -> int:
    tickets = Tickets(session, around.desk, around.clock)
    own = OwnTickets(tickets, who, opened, around.desk.rules.reopen_days, lambda ticket, entry: None)
    return sum(not ticket.over for ticket in own.all())
