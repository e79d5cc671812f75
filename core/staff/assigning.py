"""Whose a new ticket is: nobody's until somebody takes it, or dealt out in turn or by load; and who is away.

A department says how (`assignment`): claim, round-robin or load. Dealt to are the people who work there, are not away,
and have fewer tickets at work than their `capacity`; when there is nobody, the whole department is told as with claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from core import colleagues
from core.models import StaffAbsence, Ticket
from core.people import StaffMember
from core.staff import when
from core.staff.grammar import Argument
from core.staff.verbs import Deed, Unusable, Work, verb
from core.surroundings import Step

CLAIM, IN_TURN, BY_LOAD = "claim", "round-robin", "load"
WAYS = (CLAIM, IN_TURN, BY_LOAD)
AT_WORK = ("Open", "Customer-Reply", "In Progress")
LATELY = 500
"""So many of a department's last tickets tell whose turn it is."""


def deal(step: Step, ticket: Ticket) -> None:
    """Give a ticket that is nobody's to whoever is next, where the department wants that."""
    department = step.desk.department(ticket.department)
    if ticket.assignee or department.assignment == CLAIM:
        return
    members = _free(step, [one for one in step.desk.staff() if department.name in one.departments])
    if not members:
        return
    order = _turns if department.assignment == IN_TURN else _loads
    last = order(step, department.name, members)
    chosen = min(members, key=lambda member: (last.get(member.email, 0), member.email))
    ticket.assignee = chosen.email
    step.tickets.audit(ticket, step.desk.address, "ticket.assigned", to=chosen.email, by=department.assignment)


def _free(step: Step, members: Sequence[StaffMember]) -> list[StaffMember]:
    absent = colleagues.away(step.session, step.around.clock())
    here = [one for one in members if one.email.lower() not in absent]
    if not any(one.capacity for one in here):
        return here
    at_work = _at_work(step, [one.email for one in here])
    return [one for one in here if not one.capacity or at_work[one.email] < one.capacity]


def _at_work(step: Step, emails: Sequence[str]) -> Counter[str]:
    """How many tickets each has to see to; those of this batch that are not written yet included."""
    counted = (
        select(Ticket.assignee, func.count())
        .where(Ticket.status.in_(AT_WORK), Ticket.assignee.in_(emails), Ticket.wakes_at.is_(None))
        .group_by(Ticket.assignee)
    )
    found: Counter[str] = Counter(dict(step.session.execute(counted).all()))
    return found + Counter(row.assignee for row in step.session.new if isinstance(row, Ticket) and row.assignee)


def _loads(step: Step, department: str, members: Sequence[StaffMember]) -> Counter[str]:
    return _at_work(step, [one.email for one in members])


def _turns(step: Step, department: str, members: Sequence[StaffMember]) -> dict[str, int]:
    """The last ticket that each got: who got one longest ago is next."""
    recent = select(Ticket.id, Ticket.assignee).where(Ticket.department == department, Ticket.assignee != "")
    last: dict[str, int] = {}
    waiting = [
        (row.id, row.assignee) for row in step.session.new if isinstance(row, Ticket) and row.department == department
    ]
    for id_, assignee in (*waiting, *step.session.execute(recent.order_by(Ticket.id.desc()).limit(LATELY))):
        last[assignee] = max(last.get(assignee, 0), id_)
    return last


@verb("away", Argument.OPTIONAL, words=("absent", "vacation"))
def go_away(work: Work, argument: str) -> Deed:
    """You are away, until a day if you name one: nothing is given to you, and what is yours goes to your department."""
    step = work.step
    until = when.moment(argument, step.around.clock(), step.desk.time_zone) if argument else None
    if argument and until is None:
        raise Unusable("no_moment", written=argument)

    def note() -> None:
        step.session.merge(StaffAbsence(email=work.who, since=step.around.clock(), until=until))
        step.tickets.audit(None, work.who, "staff.away", until=until.isoformat() if until else "")

    return note


@verb("back", words=("present",))
def come_back(work: Work, argument: str) -> Deed:
    """You are back."""

    def note() -> None:
        row = work.step.session.get(StaffAbsence, work.who)
        if row is not None:
            work.step.session.delete(row)
        work.step.tickets.audit(None, work.who, "staff.back")

    return note
