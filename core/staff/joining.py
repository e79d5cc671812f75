"""Verbs that join tickets, part them, and say who takes part.

Who reads what is said next is always computed from the people of the ticket that results, and tickets of two clients
are never joined: one of them would read what is the other's.
"""

from __future__ import annotations

import re

from sqlalchemy import select, update

from core import tickets
from core.messages import EMAIL, Address
from core.models import Participant, Ticket, TicketLink, TicketMessage
from core.staff.classify import ADDRESS
from core.staff.grammar import Argument
from core.staff.verbs import Deed, Unusable, Work, verb

NUMBER = r"#?\d{8}"
FORMER = "former"
"""Somebody who was taken off: reads nothing any more."""


@verb("merge", Argument.VALUE, shape=NUMBER)
def merge(work: Work, argument: str) -> Deed:
    """Put this ticket into another one, by its number; it is closed, and whoever answers here is led there."""
    target = _other(work, argument)
    if target.client_id and work.ticket.client_id and target.client_id != work.ticket.client_id:
        raise Unusable("other_client", number=target.number)
    if work.read.has("close") or work.read.has("spam"):
        raise Unusable("merge_closes_itself", number=target.number)
    return lambda: _merge(work, target)


def _merge(work: Work, target: Ticket) -> None:
    step, source = work.step, work.ticket
    waits = source.status in (tickets.OPEN, tickets.CUSTOMER_REPLY)
    strangers = bool(target.client_id) and not source.client_id
    for person in step.tickets.participants(source):
        role = _role_there(person, strangers=strangers)
        joined = step.tickets.participant(target, Address(person.channel, person.address, person.name), role)
        joined.role = "cc" if joined.role == "unverified" and role == "cc" else joined.role
    said = update(TicketMessage).where(TicketMessage.ticket_id == source.id)
    step.session.flush()
    step.session.execute(said.values(ticket_id=target.id))
    source.merged_into = target.id
    target.client_id, target.contact_id = target.client_id or source.client_id, target.contact_id or source.contact_id
    target.tags = [*dict.fromkeys((*target.tags, *source.tags))]
    step.tickets.set_status(source, tickets.CLOSED, work.who)
    if waits:
        target.wakes_at = None
        if target.status not in (tickets.OPEN, "In Progress"):
            step.tickets.set_status(target, tickets.CUSTOMER_REPLY, work.who)
    step.tickets.audit(source, work.who, "ticket.merged", into=target.number)
    step.tickets.audit(target, work.who, "ticket.took_in", number=source.number)
    step.tickets.add_own(target, f"Ticket #{source.number} ({source.subject}) was put into this one.", kind="event")
    work.move_to(target)


def _role_there(person: Participant, *, strangers: bool) -> str:
    """Whoever asked reads on. A stranger whose ticket goes into a client's does not, until somebody writes #cc:
    that they are who they say they are is what nobody has proved.
    """
    if person.role not in ("requester", "cc"):
        return person.role
    return "unverified" if strangers else "cc"


@verb("link", Argument.VALUE, shape=NUMBER)
def link(work: Work, argument: str) -> Deed:
    """Note that another ticket belongs to this one, by its number."""
    other = _other(work, argument)

    def note() -> None:
        step, pair = work.step, (work.ticket.id, other.id)
        if step.session.get(TicketLink, pair) or step.session.get(TicketLink, pair[::-1]):
            return
        step.session.add(TicketLink(ticket_id=pair[0], other_id=pair[1], kind="related", at=step.around.clock()))
        step.tickets.audit(work.ticket, work.who, "ticket.linked", number=other.number)
        step.tickets.audit(other, work.who, "ticket.linked", number=work.ticket.number)

    return note


@verb("split", Argument.OPTIONAL)
def split(work: Work, argument: str) -> Deed:
    """Move the client's last message into a ticket of its own (#split its new subject); what you say goes there."""
    entry = work.step.tickets.last_from_client(work.ticket)
    others = select(TicketMessage.id).where(
        TicketMessage.ticket_id == work.ticket.id, TicketMessage.by_staff.is_(False), TicketMessage.by_desk.is_(False)
    )
    if entry is None or len(list(work.step.session.scalars(others.limit(2)))) < 2:
        raise Unusable("nothing_to_split")

    def part() -> None:
        step, old = work.step, work.ticket
        new = step.tickets.part(old, argument or old.subject, work.who)
        people = step.tickets.participants(old)
        if any(one.address == entry.author and one.role == "unverified" for one in people):
            # Somebody's who is not known to be one of them: theirs alone, and no client's.
            new.client_id = new.contact_id = ""
            people = [one for one in people if one.address == entry.author or one.role == "staff"]
        for person in people:
            asked = person.address == entry.author
            role = "requester" if asked else "cc" if person.role == "requester" else person.role
            step.tickets.participant(new, Address(person.channel, person.address, person.name), role)
        step.session.flush()
        entry.ticket_id = new.id
        step.session.add(TicketLink(ticket_id=new.id, other_id=old.id, kind="related", at=step.around.clock()))
        step.tickets.add_own(old, f"A message was moved into ticket #{new.number}.", kind="event")
        step.tickets.audit(old, work.who, "ticket.split", number=new.number)
        work.move_to(new)

    return part


@verb("cc", Argument.VALUE, shape=ADDRESS)
def cc(work: Work, argument: str) -> Deed:
    """Let somebody read what is said to the client from now on, by their address."""
    address = _address(argument)
    step = work.step
    if step.desk.owns(address) or step.desk.staff_member(address):
        raise Unusable("no_reader", address=address)

    def join() -> None:
        person = step.tickets.participant(work.ticket, Address(EMAIL, address), "cc")
        if person.role in (FORMER, "unverified"):
            person.role = "cc"
        step.tickets.audit(work.ticket, work.who, "ticket.cc", address=address)

    return join


@verb("uncc", Argument.VALUE, words=("remove",), shape=ADDRESS)
def uncc(work: Work, argument: str) -> Deed:
    """Take somebody off who was in copy; their reply address is void from then on."""
    address = _address(argument)
    if not _in_copy(work, address):
        raise Unusable("not_in_copy", address=address)

    def part() -> None:
        for person in _in_copy(work, address):  # A merge may have come before.
            person.role, person.generation = FORMER, person.generation + 1
        work.step.tickets.audit(work.ticket, work.who, "ticket.uncc", address=address)

    return part


def _in_copy(work: Work, address: str) -> list[Participant]:
    people = work.step.tickets.participants(work.ticket)
    return [one for one in people if one.address == address and one.role in ("cc", "unverified")]


def _other(work: Work, written: str) -> Ticket:
    """The ticket of that number, which this member may work on. A merged one is the one that it went into."""
    number = re.sub(r"\D", "", written)
    found = work.step.tickets.numbered(number)
    departments = (found.department, *found.also_departments) if found else ()
    if found is None or not any(work.member.works_in(one) for one in departments):
        raise Unusable("no_ticket", number=written)
    if found.id == work.ticket.id:
        raise Unusable("same_ticket", number=number)
    return found


def _address(written: str) -> str:
    address = written.strip("<> ").lower()
    if not re.fullmatch(ADDRESS, address):
        raise Unusable("no_address", written=written)
    return address
