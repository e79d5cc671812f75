"""Triggers: when something happens on a ticket and it is such and such, then do what staff could do by command.

What is done is written in the staff's own words (`#tag +vip`, `#assign dana`, `#macro welcome`), so a trigger can do
nothing that a person could not, and is checked at the start like a canned reply. What it says stays inside. Triggers do
not set each other off, and each happens once for a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core import tickets
from core.desk import Desk, Trigger
from core.messages import EMAIL, Address, InboundMessage
from core.models import Participant, Ticket, TicketMessage
from core.people import StaffMember
from core.staff import desk as staff
from core.staff.grammar import parse
from core.staff.vocabulary import VERBS, WORDS
from core.surroundings import Outcome, Step

OPENED, CLIENT_WROTE, STAFF_WROTE, CLOSED = "opened", "client", "staff", "closed"
EVENTS = (OPENED, CLIENT_WROTE, STAFF_WROTE, CLOSED)
NOT_FOR_TRIGGERS = ("reply", "send", "cancel", "learn", "unlearn", "away", "back", "release")
"""A trigger never speaks to a client: what is said there by itself is the desk's own, with its limits against loops."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a trigger looks at."""

    ticket: Ticket
    sender: str
    text: str


def faults(trigger: Trigger) -> list[str]:
    """What is wrong with it, in plain words; [] when it is good."""
    found = [] if trigger.when in EVENTS else [f"when: {trigger.when!r} is none of {', '.join(EVENTS)}"]
    for key in ("sender", "subject", "text"):
        try:
            re.compile(getattr(trigger, key))
        except re.error as error:
            found.append(f"{key}: {error}")
    read = parse(trigger.do, WORDS)
    found += [f"do: {slip.line}: {slip.reason}" for slip in read.slips]
    for command in read.commands:
        verb, to_me = command.verb, command.verb == "assign" and command.argument.lower() in ("me", "myself")
        if verb in NOT_FOR_TRIGGERS or VERBS[verb].asks or to_me:
            found.append(f"do: {command.written if to_me else f'#{verb}'} is for people")
    if not read.commands:
        found.append("do: no command")
    elif read.text and not read.has("note"):
        found.append("do: text needs #note above it")
    return found


def holds(trigger: Trigger, case: Case) -> bool:
    ticket = case.ticket
    return (
        (not trigger.departments or ticket.department in trigger.departments)
        and (not trigger.priority or ticket.priority.lower() == trigger.priority.lower())
        and (not trigger.tag or trigger.tag.lower() in ticket.tags)
        and (trigger.known is None or trigger.known == bool(ticket.client_id))
        and all(
            not pattern or re.search(pattern, words, re.IGNORECASE)
            for pattern, words in (
                (trigger.sender, case.sender),
                (trigger.subject, ticket.subject),
                (trigger.text, case.text),
            )
        )
    )


def run(step: Step, outcome: Outcome) -> None:
    """After a message was walked: what holds now is done, in the order of the configuration."""
    ticket = outcome.ticket
    if not step.desk.triggers or ticket is None or ticket.spam or ticket.flooded:
        return
    happened = set(_events(step, ticket))
    case = _case(step, ticket)
    for trigger in [one for one in step.desk.triggers if one.when in happened and holds(one, case)]:
        order = replace(step, message=_order(step, trigger))
        result = staff.work_on(order, ticket, robot(step.desk), inside=True, aloud=False)
        action = "trigger.held" if result.result == "held" else "trigger.done"
        step.tickets.audit(ticket, step.desk.address, action, about=trigger.name)


def robot(desk: Desk) -> StaffMember:
    """In whose name triggers act: the desk itself, which works everywhere."""
    return StaffMember(desk.name, desk.address, role="admin")


def _order(step: Step, trigger: Trigger) -> InboundMessage:
    """The trigger's words as if the desk had written them; nobody is answered, whatever becomes of it."""
    message, us = step.message, Address(EMAIL, step.desk.address, step.desk.name)
    return InboundMessage(
        id=f"trigger-{trigger.name}:{message.id}",
        sender=us,
        recipient=message.recipient,
        text=trigger.do,
        received=message.received,
        may_answer=False,
    )


def _events(step: Step, ticket: Ticket) -> Iterator[str]:
    said = [entry for entry in step.tickets.said if entry.ticket_id == ticket.id]
    if tickets.opened_now(ticket):
        yield OPENED
    if any(_by_client(entry, step.message) for entry in said):
        yield CLIENT_WROTE
    if any(entry.by_staff and entry.kind == "public" for entry in said):
        yield STAFF_WROTE
    if tickets.closed_now(ticket):
        yield CLOSED


def _by_client(entry: TicketMessage, message: InboundMessage) -> bool:
    return entry.kind == "public" and not (entry.by_staff or entry.by_desk) and entry.author == message.sender.key


def _case(step: Step, ticket: Ticket) -> Case:
    asked: Sequence[Participant] = step.tickets.participants(ticket)
    sender = next((one.address for one in asked if one.role == "requester"), step.message.sender.value)
    return Case(ticket, sender, step.message.text)


def would_do(triggers: Sequence[Trigger], case: Case) -> list[Trigger]:
    """Those whose conditions hold for a ticket as it is, whatever has to happen first: to try a configuration."""
    return [one for one in triggers if holds(one, case)]
