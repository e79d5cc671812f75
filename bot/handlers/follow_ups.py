"""Follow-ups: a ticket rests until a day of its client's choice, and they are reminded of it then.

The hold and the reminder are the desk's own and are committed with the answer (see ticket_changes.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from core import days
from core.access import Missing, name_of
from core.context import Context
from core.errors import Refusal, Unsupported
from core.followups import LONGEST, FollowUp, follow_ups
from core.forms import Text
from core.intents import intent
from core.messages import Reply, Request, say
from core.owntickets import OwnTicket
from core.people import Risk


@intent(
    "ticket.remind_me",
    says=(
        "remind me on monday",
        "remind me of {ticket}",
        "remind me {text}",
        "remind me of {ticket} {text}",
        "i'll test next week remind me {text}",
        "i will test next week remind me {text}",
        "i'll test it remind me of {ticket} {text}",
        "ask me again on {text}",
        "write to me again on {text}",
        "put {ticket} on hold",
        "put {ticket} on hold until {text}",
        "erinnere mich {text}",
        "erinnern sie mich {text}",
        "rappelez-moi {text}",
        "recuérdame {text}",
        "ricordami {text}",
        "herinner me {text}",
        "przypomnij mi {text}",
        "lembre-me {text}",
    ),
    risk=Risk.CHANGE,
    rows=("X52",),
)
def remind_me(ctx: Context, text: Text, ticket: OwnTicket | None = None) -> Reply:
    """Let a ticket rest, and be reminded of it on a day that you choose."""
    day = days.day_in(text, ctx.today)
    if day is None and ticket is None and not _here(ctx):
        raise Unsupported("a reminder without a day")  # "Remind me of my username": who knows what they mean.
    ticket = ticket or _only_one(ctx)
    if not ticket.may_decide:
        raise Refusal("ticket_only_copied", ticket=ticket)
    if ticket.over:
        raise Refusal("follow_up_closed", ticket=ticket)
    if day is None:
        ctx.tickets.expect(Request("ticket.remind_me", {"ticket": (ticket.number,)}), "text", days.WORDS)
        raise Refusal("follow_up_when", ticket=ticket)
    if not ctx.today < day <= ctx.today + LONGEST:
        raise Refusal("follow_up_not_then", ticket=ticket, day=day, latest=ctx.today + LONGEST)
    follow_ups(ctx.tickets).schedule(ticket, day, ctx.client().time_zone)
    return say("follow_up_set", ticket=ticket, day=day)


@intent(
    "ticket.remind_cancel",
    says=(
        "cancel the reminder",
        "cancel my reminder",
        "cancel the reminder of {ticket}",
        "forget the reminder",
        "forget the reminder of {ticket}",
        "drop the reminder",
        "stop the reminder",
    ),
    risk=Risk.CHANGE,
    rows=("X52",),
)
def cancel_reminder(ctx: Context, ticket: OwnTicket | None = None) -> Reply:
    """Take a reminder back that you asked for."""
    own = follow_ups(ctx.tickets)
    meant = _meant(ctx, own.waiting(), ticket)
    for one in meant:
        own.cancel(one.number)
    return say("follow_up_cancelled", reminders=meant, ticket=ticket)


def _meant(ctx: Context, waiting: Sequence[FollowUp], ticket: OwnTicket | None) -> list[FollowUp]:
    """That of the ticket named, or written on, or the only one there is. Raises Missing."""
    number = ticket.number if ticket is not None else _here(ctx)
    meant = [one for one in waiting if one.number == number]
    if meant or ticket is not None:
        return meant
    if len(waiting) > 1:
        raise Missing("ticket", tuple(f"#{one.number}: {one.subject}" for one in waiting[:9]))
    return list(waiting)


def _only_one(ctx: Context) -> OwnTicket:
    """The one that they can mean: the one that they write on, else of those that are open. Raises Missing."""
    near = [one for one in ctx.tickets.named(()) if not one.over]
    if len(near) != 1:
        raise Missing("ticket", tuple(name_of(one) for one in near[:9]))
    return near[0]


def _here(ctx: Context) -> str:
    """The number of the ticket that they write on, "" when it is a new one."""
    here = ctx.tickets.here()
    return here.number if here is not None else ""
