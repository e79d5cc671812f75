"""One's own tickets: which there are, what was said, and how they stand."""

from __future__ import annotations

import re

from core.context import Context
from core.errors import Unsupported
from core.intents import intent
from core.messages import Reply, say
from core.owntickets import OwnTicket
from core.people import Assurance, Permission, Risk

SHOWN = 10
LONG = 1500
"""Characters of one message that an answer quotes; the mail of that day has the rest."""
_BRIEF = 12
"""A question about departments has at most so many words; with more it tells what is the matter."""
_WORD = re.compile(r"\w+")


@intent(
    "departments.list",
    says=(
        "which departments are there",
        "open a ticket",
        "open a new support ticket",
        "submit a ticket",
        "your departments",
        "write to billing",
        "write to sales",
        "write to security",
    ),
    risk=Risk.PUBLIC,
    rows=("F91", "F92", "F93", "F94", "F95"),
)
def list_departments(ctx: Context) -> Reply:
    """Who answers what here, and at which address."""
    if len(_WORD.findall(ctx.text)) > _BRIEF:
        raise Unsupported("a ticket was asked for, and what it is about is written already")
    return say("departments", departments=ctx.tickets.departments())


@intent(
    "tickets.list",
    says=(
        "my tickets",
        "list my tickets",
        "my open tickets",
        "my closed tickets",
        "which tickets are open",
        "our support tickets",
        "my older tickets",
    ),
    risk=Risk.READ,
    rows=("F98", "X35"),
)
def list_tickets(ctx: Context) -> Reply:
    """Your tickets, open and closed; with the tickets permission those of your colleagues too."""
    tickets = ctx.tickets.all()
    closed = [one for one in tickets if one.over]
    return say(
        "tickets",
        open=[one for one in tickets if not one.over][: SHOWN * 2],
        closed=closed[:SHOWN],
        left_out=max(0, len(closed) - SHOWN),
        colleagues=ctx.who.owner or Permission.TICKETS in ctx.who.permissions,
    )


@intent(
    "ticket.show",
    says=(
        "show {ticket}",
        "show my ticket",
        "read {ticket}",
        "last reply on {ticket}",
        "last answer on {ticket}",
        "what did we agree in {ticket}",
        "what did they say on {ticket}",
        "{ticket}",
    ),
    risk=Risk.READ,
    rows=("F98", "X35"),
)
def show_ticket(ctx: Context, ticket: OwnTicket) -> Reply:
    """One ticket: how it stands, and what was said last."""
    words = [(one, one.text.strip()[:LONG], len(one.text.strip()) > LONG) for one in ctx.tickets.last_words(ticket)]
    return say("ticket", ticket=ticket, words=words, people=ctx.tickets.people(ticket), too_old=_too_old(ctx, ticket))


@intent(
    "ticket.track",
    says=("status of {ticket}", "track {ticket}", "any news on {ticket}", "status of my ticket", "track my ticket"),
    risk=Risk.PUBLIC,
    rows=("X38",),
)
def track_ticket(ctx: Context, ticket: OwnTicket) -> Reply:
    """How a ticket stands, also for whoever wrote it without being a client."""
    if ctx.who.known and ctx.who.assurance >= Assurance.ADDRESS:
        return show_ticket(ctx, ticket)
    return say("ticket_state", ticket=ticket)


def _too_old(ctx: Context, ticket: OwnTicket) -> bool:
    return ticket.over and ctx.tickets.too_old(ticket)
