"""Which question or ticket a line typed into a private chat belongs to; a mail says that by itself.

A pressed button names its letter, and a reply its message (core/conversation.py). Anything else: a yes, a no or a code
answers the newest question that is open in this chat and fits; a choice the newest "which one?"; what a person has to
read goes on with the last ticket of this chat in twelve hours; a request that the desk can answer by itself leaves
alone what staff work on. "New ticket: …" always begins one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, select

from core import dialogs, entities, ratings
from core.conversation import THIS_CHAT, Match
from core.messages import place_of
from core.models import Dialog, Participant, Ticket, TicketMessage
from core.people import Principal
from core.surroundings import Step
from core.tickets import ANSWERED, CLOSED, ON_HOLD
from core.tokens import CODE_LETTERS, TokenKind, plain_code

GOES_ON_FOR = timedelta(hours=12)
_NEW = re.compile(
    r"\s*(?:new ticket|neues ticket|neue anfrage|nouveau ticket|nuevo ticket|nuovo ticket|nieuw ticket|nowe zgłoszenie"
    r"|novo ticket|new)\s*[:\n]\s*",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?:code\s+)?([0-9a-z]{4}[- ]?[0-9a-z]{4})", re.IGNORECASE)
_WITH_CODE = ("code", "link")
_WITH_WORD = ("confirm", "code", "linkyes")
_WORDS = ("yes", "no", "stop")
_FEW = 4
"""Words that such an answer has at most: "no need to tell me" is none."""


def question(step: Step) -> Dialog | None:
    """The question that this line answers by a word or a code."""
    line = dialogs.first_line(step.message.text)
    kinds = _WITH_CODE if code_in(line) else _WITH_WORD if _word_in(line) in _WORDS else ()
    waiting = _open(step)
    found = next((one for one in waiting if one.kind in kinds), None)
    if found is None and ratings.read(line) is not None:
        found = next((one for one in waiting if one.kind == "rating"), None)
    return found


def code_in(line: str) -> str:
    """The code that a line is, "" when it is none: "K7MQ-29TX", "k7mq29tx", "code K7MQ 29TX"."""
    found = _CODE.fullmatch(line.strip().strip("/"))
    code = plain_code(found[1]) if found else ""
    # A word of eight letters may well be a word: codes have figures, or the dash.
    marked = found is not None and ("-" in found[1] or line.lower().lstrip("/").startswith("code"))
    return code if set(code) <= set(CODE_LETTERS) and (marked or any(one.isdigit() for one in code)) else ""


def _word_in(line: str) -> str:
    return dialogs.first_word(line) if len(line.split()) <= _FEW else ""


def answers_nothing(step: Step) -> bool:
    """A yes, a no or a code where nothing is asked (any more)."""
    line = dialogs.first_line(step.message.text)
    return choice(step) is None and (bool(code_in(line)) or _word_in(line) in ("yes", "no"))


def new_ticket(text: str) -> str | None:
    """The text of a ticket that is to be begun in so many words; None where it does not say so."""
    found = _NEW.match(text)
    return text[found.end() :].strip() or None if found else None


def last(step: Step, who: Principal) -> Match | None:
    """The ticket of this chat that the line goes on with."""
    chosen = choice(step)
    tickets = _tickets(step, who)
    alone = step.heard.requests and not step.heard.person
    for ticket, part in tickets:
        by_desk = _by_desk_alone(step, ticket)
        if ticket.id == chosen or (chosen is None and (by_desk or not alone)):
            return Match(ticket, THIS_CHAT, part, TokenKind.CLIENT)
    return None


def with_staff(step: Step, match: Match | None) -> bool:
    """Does a person work on it?"""
    return match is not None and not _by_desk_alone(step, match.ticket)


def choice(step: Step) -> int | None:
    """The ticket of the "which one?" that this line answers."""
    if step.heard.requests:
        return None
    newest = next((one for one in _open(step) if one.kind == "ask"), None)
    if newest is None:
        return None
    text, kind = step.message.text, newest.learnt.get("kind", "")
    fits = entities.named(text).get(kind) if kind else dialogs.chosen(text, list(newest.learnt.get("options", ())))
    return newest.ticket_id if fits else None


def _open(step: Step) -> Sequence[Dialog]:
    return dialogs.put_in(step.session, place_of(step.message.sender), step.around.clock())


def _tickets(step: Step, who: Principal) -> Sequence[tuple[Ticket, Participant]]:
    """Those in which this chat takes part, for the account it speaks for now, the last one first."""
    sender = step.message.sender
    rows = step.session.execute(
        select(Ticket, Participant)
        .join(Participant, Participant.ticket_id == Ticket.id)
        .where(
            Participant.address == sender.key,
            Participant.channel == sender.channel,
            Participant.role.in_(("requester", "cc")),
            Ticket.client_id == who.client_id,
            Ticket.status != CLOSED,
            Ticket.merged_into.is_(None),
            Ticket.updated_at > step.around.clock() - GOES_ON_FOR,
        )
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(10)
    )
    return [(ticket, part) for ticket, part in rows]


def _by_desk_alone(step: Step, ticket: Ticket) -> bool:
    """Has only the desk had to do with it so far?"""
    if ticket.status not in (ANSWERED, ON_HOLD) or ticket.assignee or ticket.acknowledged:
        return False
    by_staff = exists().where(TicketMessage.ticket_id == ticket.id, TicketMessage.by_staff)
    return not step.session.scalar(select(by_staff))
