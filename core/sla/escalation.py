"""What happens when a clock runs on: staff are told; later steps raise the priority, move the ticket, or tell more.

It may be rung as often as one likes, in any number of processes, after any pause. The rows of the clock and of the
step are written with the letters, in one commit: whoever comes second writes nothing, and a clock that was stopped
meanwhile has another version. What came due together on a ticket is one letter.
What comes due while nobody works waits for the business day, and is one letter then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import colleagues
from core.desk import Desk
from core.messages import EMAIL, Address, say
from core.models import ClockStep, Ticket, TicketClock
from core.people import StaffMember
from core.post import Post
from core.sla import clocks, deadlines
from core.sla.calendars import is_open, opening
from core.sla.deadlines import Due
from core.sla.policies import ASSIGNEE, AUDIENCES, DEPARTMENT, LEADS, PRIORITIES, Policy, Step
from core.surroundings import Surroundings
from core.tickets import CLOSED, Tickets

log = logging.getLogger("helpdesk.clocks")

AT_ONCE = 100
"""So many clocks are seen to in one round; the next round goes on."""
SHOWN = 600
"""Characters of what the client wrote last."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A clock whose step was taken. `waits` is what the client wrote last; the rest is what the step has changed."""

    ticket: Ticket
    due: Due
    waits: str
    assignee: str
    """Their name, "" for nobody."""
    raised: str
    moved: str


def escalate(around: Surroundings) -> int:
    """Take the steps that are due; how many letters that were."""
    if not around.desk.policies.rules:
        return 0
    now = around.clock()
    catch_up(around, now)
    alone, together = _due(around, now)
    sent = sum(_in_one_commit(around, clocks_of_one, now, digest=False) for clocks_of_one in alone)
    return sent + (_in_one_commit(around, together, now, digest=True) if together else 0)


def catch_up(around: Surroundings, now: datetime) -> int:
    """Compute again what other rules hold for: the configuration was edited, or a ticket changed without being walked.

    Returns how many tickets that were, `AT_ONCE` at most.
    """
    outdated = or_(
        TicketClock.edition != around.desk.policies.edition,
        TicketClock.department != Ticket.department,
        TicketClock.priority != Ticket.priority,
    )
    statement = (
        select(TicketClock.ticket_id)
        .join(Ticket, Ticket.id == TicketClock.ticket_id)
        .where(TicketClock.stopped_at.is_(None), outdated)
        .distinct()
        .limit(AT_ONCE)
    )
    with around.sessions() as session:
        waiting = session.scalars(statement).all()
        for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(waiting))).all():
            clocks.settle(session, around.desk, ticket, now)
        try:
            session.commit()
        except StaleDataError:
            log.info("the clocks of some tickets were changed meanwhile; computed in the next round")
    return len(waiting)


def _due(around: Surroundings, now: datetime) -> tuple[list[list[int]], list[int]]:
    """The clocks whose step is told of at once, by ticket, and those that are told of together."""
    policies = around.desk.policies
    at_night = [rule.name for rule in policies.rules if rule.at_night]
    statement = (
        select(TicketClock.id, TicketClock.ticket_id, TicketClock.next_at, TicketClock.policy)
        .where(TicketClock.next_at <= now, TicketClock.state == clocks.RUNNING)
        .order_by(TicketClock.next_at)
        .limit(AT_ONCE)
    )
    if not is_open(policies.business, now):
        statement = statement.where(TicketClock.policy.in_(at_night))
    began = opening(policies.business, now)
    alone: dict[int, list[int]] = {}
    together: list[int] = []
    with around.sessions() as session:
        for clock_id, ticket_id, next_at, policy in session.execute(statement):
            overnight = began is not None and (next_at or now) < began and policy not in at_night
            (together if overnight else alone.setdefault(ticket_id, [])).append(clock_id)
    return list(alone.values()), together


def _in_one_commit(around: Surroundings, waiting: Sequence[int], now: datetime, *, digest: bool) -> int:
    with around.sessions() as session:
        round_ = _Round(around, session, now)
        sent = round_.take(waiting, digest=digest)
        try:
            session.commit()
        except (IntegrityError, StaleDataError):
            return 0  # Somebody was faster: another process, or an answer.
    return sent


@dataclass(slots=True)
class _Round:
    """The steps of some clocks, in one session."""

    around: Surroundings
    session: Session
    now: datetime

    @property
    def desk(self) -> Desk:
        return self.around.desk

    @property
    def tickets(self) -> Tickets:
        return Tickets(self.session, self.desk, self.around.clock)

    @property
    def post(self) -> Post:
        around = self.around
        return Post(self.session, around.desk, around.tokens, around.composers, around.clock)

    def take(self, waiting: Sequence[int], *, digest: bool) -> int:
        letters: dict[str, list[Passed]] = {}
        members: dict[str, StaffMember] = {}
        for clock_id in waiting:
            taken = self._take(clock_id)
            if taken is None:
                continue
            passed, colleagues, others = taken
            members |= {member.email: member for member in colleagues}
            for address in (*(member.email for member in colleagues), *others):
                letters.setdefault(address, []).append(passed)
        for address, news in letters.items():
            member = members.get(address)
            if member is not None and not digest:
                self._tell(member, news)
            else:
                self._tell_together(Address(EMAIL, address, member.name if member else ""), news)
        return len(letters)

    def _take(self, clock_id: int) -> tuple[Passed, list[StaffMember], list[str]] | None:
        """Note its steps as done and do them; what is to be told to whom. None when it has stopped meanwhile."""
        clock = self.session.get(TicketClock, clock_id)
        ticket = self.session.get(Ticket, clock.ticket_id) if clock is not None else None
        policy = self.desk.policies.named(clock.policy) if clock is not None else None
        if clock is None or ticket is None or policy is None or ticket.status == CLOSED:
            return None
        if clock.state != clocks.RUNNING or clock.next_at is None or clock.next_at > self.now:
            return None
        steps = self._steps(clock, policy)
        due = deadlines.due_of(self.desk, clock, self.now)
        if due is None or not steps:
            return None
        was = (ticket.priority, ticket.department)
        for step in steps:
            self._change(ticket, step)
        passed = self._passed(ticket, due, was)
        told = tuple(audience for step in steps for audience in step.tell)
        return passed, self._colleagues(ticket, told), [one for one in dict.fromkeys(told) if one not in AUDIENCES]

    def _steps(self, clock: TicketClock, policy: Policy) -> list[Step]:
        """Those that are due now; they are noted."""
        target, worked = timedelta(seconds=clock.target or 0), clocks.worked(self.desk, clock, self.now)
        coming = policy.steps_of(clock.kind)[clock.steps_done :]
        due = [step for step in coming if step.offset(target) <= worked]
        for position in range(clock.steps_done, clock.steps_done + len(due)):
            self.session.add(ClockStep(clock_id=clock.id, step=position, at=self.now))
        clock.steps_done += len(due)
        clocks.schedule(clock, policy)
        return due

    def _change(self, ticket: Ticket, step: Step) -> None:
        tickets, desk = self.tickets, self.desk.address
        if step.department and step.department != ticket.department:
            tickets.place(ticket, step.department, "")
        if step.priority and _rank(step.priority) > _rank(ticket.priority):
            tickets.set_priority(ticket, step.priority, desk)

    def _passed(self, ticket: Ticket, due: Due, was: tuple[str, str]) -> Passed:
        entry = self.tickets.last_from_client(ticket)
        member = self.desk.staff_member(ticket.assignee) if ticket.assignee else None
        priority, department = was
        raised = ticket.priority if ticket.priority != priority else ""
        moved = ticket.department if ticket.department != department else ""
        name = member.name if member else ticket.assignee
        passed = Passed(ticket, due, entry.text[:SHOWN].strip() if entry else "", name, raised, moved)
        self.tickets.add_own(ticket, _in_the_record(passed), kind="event")
        return passed

    def _colleagues(self, ticket: Ticket, told: Iterable[str]) -> list[StaffMember]:
        """Who of the desk is told; what would be for somebody who is away is for the department."""
        away = colleagues.away(self.session, self.now)
        found: dict[str, StaffMember] = {}
        for audience in told:
            for member in self._of(audience, ticket, away):
                found.setdefault(member.email, member)
        return list(found.values())

    def _of(self, audience: str, ticket: Ticket, away: frozenset[str]) -> list[StaffMember]:
        here = [member for member in self.desk.staff_of(ticket.department) if member.email.lower() not in away]
        if audience == ASSIGNEE:
            member = self.desk.staff_member(ticket.assignee) if ticket.assignee else None
            return [member] if member is not None and member.email.lower() not in away else here
        if audience == LEADS:
            leads = [member for member in here if member.role == "lead"]
            return leads or [member for member in self.desk.staff() if member.role == "admin"]
        return here if audience == DEPARTMENT else []

    def _tell(self, member: StaffMember, news: Sequence[Passed]) -> None:
        """What came due on one ticket, to somebody who may answer on it."""
        ticket = news[0].ticket
        person = self.tickets.participant(ticket, Address(EMAIL, member.email, member.name), "staff")
        reply = say("staff_clock", news=news, ticket=ticket, department=ticket.department)
        self.post.to_staff(ticket, person, (reply,), kind="clock")

    def _tell_together(self, to: Address, news: Sequence[Passed]) -> None:
        self.post.alone(to, say("staff_clocks", news=news), kind="clock", language=self.desk.language)


def _rank(priority: str) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else -1


def _in_the_record(passed: Passed) -> str:
    """For the ticket, in the desk's own English like every event."""
    kind = {"first": "First answer", "next": "Next answer", "resolution": "Solution"}[passed.due.kind]
    done = [f"priority raised to {passed.raised}"] if passed.raised else []
    done += [f"moved to {passed.moved}"] if passed.moved else []
    what = f"{kind} {'overdue' if passed.due.overdue else 'due soon'}; staff were told"
    return f"{', '.join([what, *done])}."
