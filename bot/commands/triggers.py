"""helpdesk triggers: what the triggers of the configuration would do with a ticket, without doing it."""

from __future__ import annotations

import argparse

from sqlalchemy import select

from bot.commands import configured
from bot.commands.problem import Problem
from core.models import Participant, Ticket, TicketMessage
from core.staff.triggers import Case, would_do

EXAMPLE = "helpdesk triggers -c helpdesk.toml 48213077"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("number", metavar="N", help="the ticket's number")


def run(options: argparse.Namespace) -> int:
    app = configured.desk(options)
    triggers = app.around.desk.triggers
    with app.sessions() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == options.number.lstrip("#")))
        if ticket is None:
            raise Problem(f"there is no ticket {options.number}; `helpdesk ticket list` has them")
        asked = select(Participant.address).where(Participant.ticket_id == ticket.id, Participant.role == "requester")
        wrote = (
            select(TicketMessage.text)
            .where(TicketMessage.ticket_id == ticket.id, TicketMessage.by_staff.is_(False))
            .order_by(TicketMessage.id.desc())
            .limit(1)
        )
        case = Case(ticket, session.scalar(asked) or "", session.scalar(wrote) or "")
        found = would_do(triggers, case)
    if not triggers:
        print("there are no triggers; docs/staff.md tells how to write one")
    elif not found:
        print(f"none of the {len(triggers)} triggers fits ticket {options.number} as it is now")
    for trigger in found:
        print(f"{trigger.name}, when {trigger.when}:")
        print("\n".join(f"    {line}" for line in trigger.do.splitlines()))
    return 0
