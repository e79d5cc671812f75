"""Verbs that say what a ticket is: whose, where, by whom, how urgent, and what it is called."""

from __future__ import annotations

import re

from core import addresses, confirming, lessons, tickets
from core.desk import Department
from core.ids import new_id
from core.models import SenderRule, TimeSpent
from core.notices import tell_staff
from core.people import Principal, StaffMember
from core.staff.grammar import Argument
from core.staff.verbs import Deed, Unusable, Work, verb

ADDRESS = r"<?[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+>?"
PRIORITIES = {"low": "Low", "normal": "Medium", "medium": "Medium", "high": "High", "urgent": "Urgent"}
LONGEST_SUBJECT = 255
FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.fr hotmail.it hotmail.es live.com msn.com yahoo.com
    yahoo.co.uk yahoo.fr yahoo.de icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de
    freenet.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it wp.pl o2.pl onet.pl
    interia.pl sapo.pt uol.com.br bol.com.br ziggo.nl kpnmail.nl proton.me protonmail.com mail.com zoho.com fastmail.com
    """.split()
)
"""Where anybody may have an address: such a domain says nothing of its people."""
MOST_TAGS = 20
LONGEST_TAG = 40

_SPAN = re.compile(r"(?:(\d{1,3})\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*m(?:in(?:utes?)?)?)?", re.IGNORECASE)
_TAG = re.compile(r"([+-]?)#?([\w.:-]+),?")


@verb("client", Argument.VALUE, shape=ADDRESS)
def client(work: Work, argument: str) -> Deed:
    """Say whose ticket it is: the client's address on file."""
    step, wanted = work.step, argument.strip("<> ")
    holders = step.around.billing.holders(wanted)
    if not holders:
        raise Unusable("no_client", address=wanted)
    if len(accounts := sorted({one.client.id for one in holders})) > 1:
        raise Unusable("several_clients", address=wanted, accounts=[f"#{one}" for one in accounts])

    def set_owner() -> None:
        holder, ticket = holders[0], work.ticket
        ticket.client_id = holder.client.id
        ticket.contact_id = holder.contact.id if holder.contact else ""
        requester = next((p for p in step.tickets.participants(ticket) if p.role == "requester"), None)
        if requester is not None:
            known = addresses.noted(step.session, requester.address)
            known.client_id, known.contact_id, known.linked_by = ticket.client_id, ticket.contact_id, work.who
        step.tickets.audit(ticket, work.who, "ticket.client", client=ticket.client_id)

    return set_owner


@verb("dept", Argument.VALUE, words=("department", "move"))
def dept(work: Work, argument: str) -> Deed:
    """Move the ticket to this department."""
    department = _department(work, argument)
    if department is None:
        raise Unusable("no_department", name=argument, departments=[one.name for one in work.step.desk.departments])
    return lambda: move(work, department)


def move(work: Work, department: Department) -> None:
    """To the department it belongs to; its people are told. The move is a lesson (core/lessons.py)."""
    step, ticket = work.step, work.ticket
    if department.name == ticket.department:
        return
    step.tickets.audit(ticket, work.who, lessons.MOVED, was=ticket.department, now=department.name)
    ticket.department, ticket.assignee = department.name, ""
    entry = step.tickets.last_from_client(ticket) or step.tickets.add_own(ticket, "Moved.", kind="event")
    tell_staff(step, ticket, entry, Principal(work.member.name), event="referred", but=work.who)


@verb(
    "assign",
    Argument.VALUE,
    words={"owner": "", "take": "me", "claim": "me", "mine": "me", "unassign": "none"},
    shape=rf"me|none|{ADDRESS}",
)
def assign(work: Work, argument: str) -> Deed:
    """Give the ticket to somebody: me, none, a name, an address or a department."""
    department = _department(work, argument)
    if department is not None:
        return lambda: move(work, department)
    member = None if argument.lower() in ("none", "nobody") else _colleague(work, argument)
    return lambda: give(work, member)


def give(work: Work, member: StaffMember | None) -> None:
    """To a colleague, who is told of it unless they took it themselves, or to nobody."""
    ticket, now = work.ticket, member.email if member else ""
    if ticket.assignee == now:
        return
    ticket.assignee = now
    work.step.tickets.audit(ticket, work.who, "ticket.assigned", to=now)
    work.given_to = member if member is not None and member.email != work.member.email else None


@verb("priority", Argument.VALUE, words={"prio": "", **{word: word for word in PRIORITIES}}, shape="|".join(PRIORITIES))
def priority(work: Work, argument: str) -> Deed:
    """How urgent it is: low, normal, high or urgent."""
    wanted = PRIORITIES.get(argument.lower())
    if wanted is None:
        raise Unusable("no_priority", name=argument, priorities=[*PRIORITIES])
    return lambda: work.step.tickets.set_priority(work.ticket, wanted, work.who)


@verb("tag", Argument.VALUE, words=("tags",), shape=r"(?:[+-][\w.:-]+[\s,]*)+")
def tag(work: Work, argument: str) -> Deed:
    """Put labels on it or take them off: +refund -waiting."""
    found = [_TAG.fullmatch(word) for word in argument.split()]
    if not all(found) or any(one and len(one[2]) > LONGEST_TAG for one in found):
        raise Unusable("no_tags", written=argument)
    wanted = [(one[1] or "+", one[2].lower()) for one in found if one]

    def put() -> None:
        tags = dict.fromkeys(work.ticket.tags)
        for sign, name in wanted:
            if sign == "-":
                tags.pop(name, None)
            else:
                tags[name] = None
        work.ticket.tags = [*tags][:MOST_TAGS]
        work.step.tickets.audit(work.ticket, work.who, "ticket.tags", tags=work.ticket.tags)

    return put


@verb("subject", Argument.VALUE, words=("title", "rename"))
def subject(work: Work, argument: str) -> Deed:
    """Give it another subject."""

    def name() -> None:
        was, work.ticket.subject = work.ticket.subject, argument[:LONGEST_SUBJECT]
        work.step.tickets.audit(work.ticket, work.who, "ticket.subject", was=was, now=work.ticket.subject)

    return name


@verb("set", Argument.VALUE, words=("field",))
def set_field(work: Work, argument: str) -> Deed:
    """Fill in a field of the ticket: #set registrar=Acme; with nothing behind the = it is emptied."""
    name, _, value = (part.strip() for part in argument.partition("="))
    fields = work.step.desk.fields
    values = fields.get(name.lower())
    if values is None:
        raise Unusable("no_such_field", name=name, names=sorted(fields))
    chosen = next((one for one in values if one.lower() == value.lower()), None) if values and value else value
    if chosen is None:
        raise Unusable("no_such_value", name=name, values=values)

    def fill() -> None:
        kept = {key: text for key, text in work.ticket.fields.items() if key != name.lower()}
        work.ticket.fields = {**kept, **({name.lower(): chosen[:LONGEST_SUBJECT]} if chosen else {})}
        work.step.tickets.audit(work.ticket, work.who, "ticket.field", name=name.lower(), now=chosen)

    return fill


@verb("time", Argument.VALUE, shape=r"\d{1,4}\s*(?:m|min|h)|\d{1,3}\s*h\s*\d{1,2}\s*m?")
def time(work: Work, argument: str) -> Deed:
    """Log what your work on it took: 15m, 1h 30m."""
    found = _SPAN.fullmatch(argument.strip())
    minutes = 60 * int(found[1] or 0) + int(found[2] or 0) if found else 0
    if not minutes:
        raise Unusable("no_time", written=argument)

    def log() -> None:
        step = work.step
        spent = TimeSpent(id=new_id(), ticket_id=work.ticket.id, who=work.who, minutes=minutes, at=step.around.clock())
        step.session.add(spent)
        step.tickets.audit(work.ticket, work.who, "ticket.time", minutes=minutes)

    return log


@verb("release")
def release(work: Work, argument: str) -> Deed:
    """Allow sensitive changes of this account again: you have spoken with its owner."""
    if not (work.member.role in ("lead", "admin") and work.member.works_in("Security")):
        raise Unusable("not_yours_to_release")
    return lambda: confirming.release(work.step, work.ticket.client_id, work.who)


@verb("spam", Argument.OPTIONAL, words=("junk",), shape="domain", last=True)
def spam(work: Work, argument: str) -> Deed:
    """Close it as spam, and put aside what its sender writes from now on (#spam domain: anybody there)."""
    step, ticket = work.step, work.ticket
    requester = next((p for p in step.tickets.participants(ticket) if p.role == "requester"), None)
    if argument and argument.lower() != "domain":
        raise Unusable("spam_takes_domain", written=argument)
    if ticket.client_id or requester is None:
        raise Unusable("clients_are_no_spam")
    domain = requester.address.rpartition("@")[2]
    if argument and domain in FREE_MAIL:
        raise Unusable("mail_for_all", domain=domain)

    def put_aside() -> None:
        work.ticket.spam = True  # Another one than above where it was split.
        step.tickets.set_status(work.ticket, tickets.CLOSED, work.who)
        judge(work, f"@{domain}" if argument else requester.address, "spam")

    return put_aside


@verb("notspam", words=("ham",), last=True)
def notspam(work: Work, argument: str) -> Deed:
    """It was no spam: open it, and let its sender through from now on."""
    requester = next((p for p in work.step.tickets.participants(work.ticket) if p.role == "requester"), None)

    def let_through() -> None:
        work.ticket.spam = False
        work.step.tickets.set_status(work.ticket, tickets.OPEN, work.who)
        if requester is not None:
            judge(work, requester.address, "wanted")

    return let_through


def judge(work: Work, sender: str, verdict: str) -> None:
    """The rule for this sender, by the word of this member; a newer word replaces an older one."""
    now = work.step.around.clock()
    work.step.session.merge(SenderRule(sender=sender[:320], verdict=verdict, by=work.who, at=now))
    work.step.tickets.audit(work.ticket, work.who, f"sender.{verdict}", about=sender)


def _department(work: Work, name: str) -> Department | None:
    wanted = name.strip().lower()
    return next((one for one in work.step.desk.departments if one.name.lower() == wanted), None)


def _colleague(work: Work, wanted: str) -> StaffMember:
    """The one member who is meant, by address, name or a part of it; they must work in the ticket's department."""
    if wanted.lower() in ("me", "myself"):
        return work.member
    plain = wanted.strip("<>@ ").lower()
    members = list(work.step.desk.staff())
    exact = [one for one in members if plain in (one.email.lower(), one.name.lower())]
    found = exact or [one for one in members if plain in one.name.lower().split() or local(one) == plain]
    if len(found) != 1:
        names = [one.name for one in found or members]
        raise Unusable("several_colleagues" if found else "no_colleague", name=wanted, colleagues=names)
    departments = (work.ticket.department, *work.ticket.also_departments)
    if not any(found[0].works_in(one) for one in departments):
        raise Unusable("not_their_department", name=found[0].name, department=work.ticket.department)
    return found[0]


def local(member: StaffMember) -> str:
    """What stands before the @ of their address."""
    return member.email.lower().partition("@")[0]
