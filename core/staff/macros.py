"""The verb that puts a canned reply into a message: its text below what is written, its commands among the others."""

from __future__ import annotations

import re
from dataclasses import replace

from core.desk import Desk
from core.models import CannedReply, Ticket
from core.people import StaffMember
from core.staff import canned
from core.staff.grammar import Argument, Directives, Words
from core.staff.verbs import Deed, Unusable, Work, nothing, verb

_NAME = re.compile(r"([\w-]{1,40})(?:\s+([a-z]{2}))?")


@verb("macro", Argument.VALUE, words=("canned", "insert"))
def macro(work: Work, argument: str) -> Deed:
    """Add a canned reply by its name, and do what belongs to it."""
    return nothing


@verb("learn", Argument.VALUE, words=("keep",), keeps=True)
def learn(work: Work, argument: str) -> Deed:
    """Keep your text as a canned reply of this department, for leads: #learn refund, #learn refund de."""
    name, language = _named(work, argument)
    if not work.text:
        raise Unusable("nothing_to_learn", name=name)
    if wrong := canned.wrong_fields(work.text):
        raise Unusable("no_field", names=wrong, fields=canned.FIELDS)
    step, department = work.step, work.ticket.department

    def keep() -> None:
        kept = CannedReply(
            name=name,
            department=department,
            language=language,
            text=work.text,
            by=work.who,
            at=step.around.clock(),
        )
        step.session.merge(kept)
        step.tickets.audit(work.ticket, work.who, "canned.kept", name=name, language=language)

    return keep


@verb("unlearn", Argument.VALUE)
def unlearn(work: Work, argument: str) -> Deed:
    """Drop a canned reply that was kept by mail."""
    name, language = _named(work, argument)
    kept = work.step.session.get(CannedReply, (name, work.ticket.department, language))
    if kept is None:
        shelf = canned.usable(work.step.desk.canned(), work.ticket)
        raise Unusable("no_canned", name=name, names=sorted(one.name for one in shelf))

    def drop() -> None:
        work.step.session.delete(kept)
        work.step.tickets.audit(work.ticket, work.who, "canned.dropped", name=name, language=language)

    return drop


def _named(work: Work, argument: str) -> tuple[str, str]:
    """The name and the language that an argument names; without a language, the ticket's."""
    if work.member.role not in ("lead", "admin"):
        raise Unusable("leads_only")
    found = _NAME.fullmatch(argument.strip().lower())
    if found is None:
        raise Unusable("no_name", name=argument)
    return found[1], found[2] or work.ticket.language.partition("-")[0]


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
