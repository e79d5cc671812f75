"""Mails of staff that were not let out: kept on their ticket, told to their writer, and sent or dropped by a word.

`#send` lets out what was held as it was written: its good commands run, its doubtful lines are text. It is walked again
like a new message, so that nothing that is refused today is let out because it was written yesterday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.messages import InboundMessage, say
from core.models import Letter, Ticket, TicketMessage
from core.notices import shown
from core.people import StaffMember
from core.post import HELD
from core.staff.telling import tell
from core.staff.verbs import Deed, Unusable, Work, verb
from core.surroundings import Outcome, Step, parked_message

HELD_DRAFT, REFUSED, DROPPED = "held", "refused", "dropped"
"""Kinds of ticket messages: waits for `#send` · of doubtful origin, which no word lets out · no longer waits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a message is held: `line` is the one that is wrong, "" for the whole; `why` is a word of staff_held.html."""

    why: str
    line: str = ""
    about: dict[str, Any] = field(default_factory=dict)


def hold(
    step: Step,
    ticket: Ticket,
    member: StaffMember,
    problems: Sequence[Problem],
    *,
    inside: bool,
    kind: str = HELD_DRAFT,
    draft: TicketMessage | None = None,
) -> Outcome:
    """Nothing of it is done, and `member` is told at the address on file.

    `inside`: it would have stayed inside, and so does what answers the letter. `draft`: it was held once already.
    """
    if draft is not None:
        draft.kind = HELD_DRAFT
    else:
        entry = step.tickets.add(ticket, step.message, kind=kind, by_staff=True)
        if kind == HELD_DRAFT:
            entry.author = member.email.lower()
    why = [f"{problem.why}: {problem.line}".removesuffix(": ") for problem in problems]
    step.tickets.audit(ticket, member.email, "staff.held", problems=why)
    if step.message.may_answer:
        text, sendable = shown(step.message.text), kind == HELD_DRAFT
        answer = say("staff_held", ticket=ticket, problems=problems, text=text, sendable=sendable)
        tell(step, ticket, member, answer, kind=HELD, inside=inside)
    return Outcome("held", ticket)


def last(step: Step, ticket: Ticket, who: str, *, answers: Sequence[str] = ()) -> TicketMessage | None:
    """What waits of this member on this ticket; a newer one replaces the older ones.

    `answers` are the ids of the letter that is answered: if it told of an older one, that one is meant.
    """
    statement = select(TicketMessage).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.kind == HELD_DRAFT, TicketMessage.author == who.lower()
    )
    told = _told_in(step, who, answers)
    if told is not None:
        statement = statement.where(TicketMessage.id < told)
    return step.session.scalar(statement.order_by(TicketMessage.id.desc()).limit(1))


def _told_in(step: Step, who: str, answers: Sequence[str]) -> int | None:
    """The key of that letter, if it tells of something that was held: it was written right after what it tells of."""
    letter = select(Letter.id).where(
        Letter.recipient == who.lower(), Letter.kind == HELD, Letter.message_id.in_(answers)
    )
    return step.session.scalar(letter.limit(1)) if answers else None


def words_of(step: Step, entry: TicketMessage | None) -> InboundMessage | None:
    """The held message as it came; None when nothing waits or its bytes were purged."""
    try:
        return parked_message(step, entry.arrival_id) if entry is not None and entry.arrival_id else None
    except LookupError:
        return None


@verb("send")
def send(work: Work, argument: str) -> Deed:
    """Send what was held, as you wrote it."""
    raise Unusable("nothing_held" if last(work.step, work.ticket, work.who) is None else "send_stands_alone")


@verb("cancel")
def cancel(work: Work, argument: str) -> Deed:
    """Drop what was held."""
    entry = last(work.step, work.ticket, work.who)
    if entry is None:
        raise Unusable("nothing_held")

    def drop() -> None:
        entry.kind = DROPPED
        work.step.tickets.audit(work.ticket, work.who, "staff.dropped")

    return drop
