"""The verb that puts a canned reply into a message: its text below what is written, its commands among the others."""

from __future__ import annotations

from dataclasses import replace

from core.desk import Desk
from core.models import Ticket
from core.people import StaffMember
from core.staff import canned
from core.staff.grammar import Argument, Directives, Words
from core.staff.verbs import Deed, Unusable, Work, nothing, verb


@verb("macro", Argument.VALUE, words=("canned", "insert"))
def macro(work: Work, argument: str) -> Deed:
    """Add a canned reply by its name, and do what belongs to it."""
    return nothing


def expanded(
    read: Directives, words: Words, desk: Desk, ticket: Ticket, member: StaffMember, client: str
) -> Directives:
    """The message with its canned replies in it. `client` is how the client is called. Raises Unusable."""
    for command in [one for one in read.commands if one.verb == "macro"]:
        shelf = canned.usable(desk.canned(), ticket)
        found = next((one for one in shelf if one.name.lower() == command.argument.strip().lower()), None)
        if found is None:
            raise Unusable("no_canned", name=command.argument, names=sorted(one.name for one in shelf))
        fields = {
            "client": client,
            "first_name": client.partition(" ")[0],
            "ticket": ticket.number,
            "subject": ticket.subject,
            "staff": member.name,
            "desk": desk.name,
            "department": ticket.department,
        }
        text, commands = canned.opened(found.in_language(ticket.language, desk.language), words, fields)
        said = "\n\n".join(part for part in (read.text, text) if part)
        read = replace(read, text=said, commands=(*read.commands, *commands))
    return read
