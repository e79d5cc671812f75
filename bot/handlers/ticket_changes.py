"""What its people do to a ticket: add to it, close and reopen it, make it urgent, copy somebody in.

These acts are the desk's own and happen in the walk's session, so a handler does them itself and answers with what it
did: they are committed with the answer, or not at all.
"""

from __future__ import annotations

import re

from core.access import Missing
from core.context import Context
from core.errors import Refusal
from core.forms import Email, Priority, Text
from core.intents import intent
from core.messages import Proposal, Reply, say
from core.owntickets import PRIORITIES, OwnTicket
from core.people import Assurance, Risk

_INSTRUCTION = re.compile(
    r"(?:[^\n:]*\b\d{8}\b|\W*(?:please |could you |can you )?(?:add|reply|answer|update)\b[^\n:]*\bticket\b)"
    r"[^\n:]*(?::|\n|$)[ \t]*",
    re.IGNORECASE,
)
"""What says to which ticket the rest belongs: "Please add to ticket 46057485: …"."""


@intent(
    "ticket.reply",
    says=("add to {ticket}", "reply to {ticket}", "answer {ticket}", "add to the ticket", "update {ticket}"),
    risk=Risk.CHANGE,
    rows=("F99",),
)
def reply_to_ticket(ctx: Context, ticket: OwnTicket, text: Text) -> Reply:
    """Add what you write to one of your tickets, by its number."""
    instruction = _INSTRUCTION.match(text.strip())
    said = text.strip()[instruction.end() if instruction else 0 :].strip()
    if not said:
        raise Missing("text", (), kind="text")
    _insist_not_too_old(ctx, ticket)
    ctx.tickets.reply(ticket, said)
    return say("ticket_replied", ticket=ticket, said=said)


@intent(
    "ticket.close",
    says=(
        "close {ticket}",
        "close the ticket",
        "close this ticket",
        "you can close it",
        "it is solved you can close the ticket",
        "close this please",
    ),
    risk=Risk.CHANGE,
    rows=("F101",),
)
def close_ticket(ctx: Context, ticket: OwnTicket) -> Reply:
    """Close one of your tickets that needs no answer any more."""
    _insist_on_deciding(ticket)
    if not ticket.over:
        ctx.tickets.close(ticket)
    return say("ticket_closed", ticket=ticket, before=ticket.over)


@intent(
    "ticket.reopen",
    says=("reopen {ticket}", "reopen the ticket", "open {ticket} again", "reopen my ticket"),
    risk=Risk.CHANGE,
    rows=("X37",),
)
def reopen_ticket(ctx: Context, ticket: OwnTicket) -> Reply:
    """Open a closed ticket again, so that a person looks at it."""
    _insist_on_deciding(ticket)
    _insist_not_too_old(ctx, ticket)
    if ticket.over:
        ctx.tickets.reopen(ticket)
    return say("ticket_reopened", ticket=ticket, before=not ticket.over)


@intent(
    "ticket.priority",
    says=(
        "set the priority of {ticket} to high",
        "priority of {ticket}",
        "this ticket is urgent",
        "{ticket} is urgent",
        "make {ticket} urgent",
        "set the ticket to low priority",
    ),
    risk=Risk.CHANGE,
    rows=("F100",),
)
def set_priority(ctx: Context, ticket: OwnTicket, priority: Priority) -> Reply | Proposal:
    """Say how urgent one of your tickets is: low, medium or high."""
    _insist_on_deciding(ticket)
    if ticket.over:
        raise Refusal("ticket_is_closed", ticket=ticket, too_old=ctx.tickets.too_old(ticket))
    level = next((one for one in PRIORITIES if one.lower() == priority.lower()), PRIORITIES[1])
    if level == ticket.priority:
        return say("ticket_priority_done", ticket=ticket, priority=level, before=True)
    done = say("ticket_priority_done", ticket=ticket, priority=level, before=False)
    if ctx.who.assurance < Assurance.POSSESSION:
        question = say("ticket_priority_question", ticket=ticket, priority=level)
        facts = {"ticket": ticket.number, "priority": level}
        return Proposal(question, done, lambda: ctx.tickets.set_priority(ticket, level), facts)
    # It is confirmed now, and done here instead of by the proposal: the journal notes an act as done before the walk
    # is committed. Were the commit lost, the ticket would be as before, and the journal would say that it is not.
    ctx.tickets.set_priority(ticket, level)
    return done


@intent(
    "ticket.copy",
    says=(
        "copy {email} on {ticket}",
        "copy {email} in on {ticket}",
        "cc {email} on {ticket}",
        "add {email} to {ticket}",
        "keep {email} in the loop on {ticket}",
        "put {email} in copy of {ticket}",
    ),
    risk=Risk.CHANGE,
    rows=("X33",),
)
def copy_in(ctx: Context, email: Email, ticket: OwnTicket) -> Reply:
    """Have somebody get a copy of what we answer on a ticket."""
    _insist_on_deciding(ticket)
    if email.lower() in ctx.tickets.people(ticket):
        return say("ticket_copied", ticket=ticket, email=email, before=True)
    if not ctx.tickets.copy_in(ticket, email):
        raise Refusal("ticket_not_copied", ticket=ticket, email=email)
    return say("ticket_copied", ticket=ticket, email=email, before=False)


@intent(
    "ticket.uncopy",
    says=("remove {email} from {ticket}", "take {email} off {ticket}", "remove {email} from the ticket"),
    risk=Risk.CHANGE,
    rows=("X33",),
)
def remove_copy(ctx: Context, email: Email, ticket: OwnTicket) -> Reply:
    """Stop copies of a ticket to somebody; whoever was copied in can leave by themselves."""
    if email.lower() != ctx.who.email.lower():
        _insist_on_deciding(ticket)
    removed = ctx.tickets.remove(ticket, email)
    return say("ticket_uncopied", ticket=ticket, email=email, removed=removed, people=ctx.tickets.people(ticket))


def _insist_on_deciding(ticket: OwnTicket) -> None:
    if not ticket.may_decide:
        raise Refusal("ticket_only_copied", ticket=ticket)


def _insist_not_too_old(ctx: Context, ticket: OwnTicket) -> None:
    if ticket.over and ctx.tickets.too_old(ticket):
        raise Refusal("ticket_too_old", ticket=ticket, days=ctx.tickets.reopen_days)
