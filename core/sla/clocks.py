"""The clocks of a ticket: the first answer, the next answer, the solution.

The first runs from the opening to the first public answer of a person; what the desk says by itself never stops it,
unless the client takes that for the answer and closes the ticket. The next runs from the oldest message of the client
that nobody has answered. The third runs until the ticket is closed and goes on where it stopped if it is opened again.
They stand while the ticket waits for somebody else, and on a ticket that the desk alone has answered: nobody waits.

A clock is a row that says how much working time has passed and since when it runs; its deadline is computed from that
whenever something happens (`settle`), never by counting. A walk reads the rows of its ticket once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from core.desk import Desk
from core.ids import new_id
from core.messages import InboundMessage, Kind
from core.models import Ticket, TicketClock, TicketMessage
from core.sla.calendars import moment_after, worktime
from core.sla.policies import FIRST, NEXT, RESOLUTION, Policy

RUNNING, PAUSED, MET, MISSED, VOID = "running", "paused", "met", "missed", "void"
_ANSWERS = (FIRST, NEXT)
_ANSWERED, _CLOSED, _CUSTOMER_REPLY = "Answered", "Closed", "Customer-Reply"
_WORKING = ("Open", _CUSTOMER_REPLY, "In Progress")
_CLIENT, _STAFF = "client", "staff"
_KEPT = "clocks"

# Made once: building a statement costs more than the database takes to answer it.
_OF = select(TicketClock).where(TicketClock.ticket_id == bindparam("ticket")).order_by(TicketClock.id)


def begin(session: Session, desk: Desk, ticket: Ticket, message: InboundMessage | None = None) -> None:
    """The clocks of a new ticket, if a person waits for it: robots and the desk's own notes wait for nothing."""
    if not desk.policies.rules:
        return
    if message is not None and (message.kind not in (Kind.PERSON, Kind.LIST) or desk.owns(message.sender.value)):
        return
    policy = _policy(desk, ticket)
    started = [_new(session, desk, ticket, policy, kind, ticket.created_at) for kind in (FIRST, RESOLUTION)]
    if ticket.status in desk.policies.pauses:
        for clock in started:
            _pause(desk, clock, ticket.created_at)
    _kept(session)[ticket.id] = started


def settle(session: Session, desk: Desk, ticket: Ticket, now: datetime, *, was: str = "", who: str = "") -> None:
    """Bring the ticket's clocks up to date with what has just happened to it: something said, moved, or changed.

    After a change of its status, `was` is the former one and `who` (an address) made it. Safe to call again.
    """
    clocks = of(session, ticket)
    if not clocks:
        return
    said = _said_last(session, ticket)
    for clock in clocks:
        if clock.stopped_at is None and _outdated(desk, clock, ticket):
            _rearrange(desk, clock, ticket, now)
        if clock.stopped_at is None and clock.kind in _ANSWERS and said == _STAFF:
            _stop(desk, clock, now)
    if ticket.status == _CLOSED:
        _end(desk, ticket, clocks, now, accepted=was == _ANSWERED and _is_client(desk, who))
        return
    if who:
        _reopen(desk, clocks, now, answered=said == _STAFF)
    came_back = bool(was) and ticket.status == _CUSTOMER_REPLY
    waits = came_back or (said == _CLIENT and ticket.status in _WORKING)
    if waits and not any(clock.stopped_at is None and clock.kind in _ANSWERS for clock in clocks):
        clocks.append(_new(session, desk, ticket, _policy(desk, ticket), NEXT, now))
    if who:
        _stand_or_run(desk, ticket, clocks, now, who)


def of(session: Session, ticket: Ticket) -> list[TicketClock]:
    """Every clock that the ticket has or had, the oldest first; those of this walk included."""
    kept = _kept(session)
    if ticket.id not in kept:
        new = inspect(ticket).pending
        kept[ticket.id] = [] if new else list(session.scalars(_OF, {"ticket": ticket.id}))
    return kept[ticket.id]


def worked(desk: Desk, clock: TicketClock, now: datetime) -> timedelta:
    """The working time that has passed on it until now."""
    passed = timedelta(seconds=clock.worked)
    policy = desk.policies.named(clock.policy)
    if clock.resumed_at is None or policy is None:
        return passed
    return passed + worktime(policy.calendar, clock.resumed_at, now)


def schedule(clock: TicketClock, policy: Policy | None) -> None:
    """Compute the deadline and the next step of a clock that runs; one that stands has neither."""
    clock.due_at = clock.next_at = None
    if policy is None or clock.resumed_at is None or clock.target is None:
        return
    target, passed = timedelta(seconds=clock.target), timedelta(seconds=clock.worked)
    clock.due_at = moment_after(policy.calendar, clock.resumed_at, target - passed)
    steps = policy.steps_of(clock.kind)[clock.steps_done :]
    if steps:
        clock.next_at = moment_after(policy.calendar, clock.resumed_at, steps[0].offset(target) - passed)


def _kept(session: Session) -> dict[int, list[TicketClock]]:
    """The clocks that this session has read or made: a walk asks several times."""
    kept: dict[int, list[TicketClock]] = session.info.setdefault(_KEPT, {})
    return kept


def _policy(desk: Desk, ticket: Ticket) -> Policy | None:
    return desk.policies.matching(ticket.department, ticket.priority, ticket.client_id)


def _new(session: Session, desk: Desk, ticket: Ticket, policy: Policy | None, kind: str, now: datetime) -> TicketClock:
    clock = TicketClock(
        id=new_id(),
        ticket_id=ticket.id,
        kind=kind,
        state=RUNNING,
        worked=0,
        started_at=now,
        resumed_at=now,
        steps_done=0,
        due_at=None,
        next_at=None,
        stopped_at=None,
    )
    _put_under(desk, clock, ticket, policy)
    schedule(clock, policy)
    session.add(clock)
    return clock


def _put_under(desk: Desk, clock: TicketClock, ticket: Ticket, policy: Policy | None) -> None:
    target = policy.targets.get(clock.kind) if policy else None
    clock.policy = policy.name if policy else ""
    clock.target = int(target.total_seconds()) if target is not None else None
    clock.department, clock.priority = ticket.department, ticket.priority
    clock.edition = desk.policies.edition


def _outdated(desk: Desk, clock: TicketClock, ticket: Ticket) -> bool:
    computed_for = (clock.department, clock.priority, clock.edition)
    return computed_for != (ticket.department, ticket.priority, desk.policies.edition)


def _rearrange(desk: Desk, clock: TicketClock, ticket: Ticket, now: datetime) -> None:
    """Other rules. What was worked by another calendar stays; the hours of an edited one are counted again."""
    policy = _policy(desk, ticket)
    if clock.resumed_at is not None and clock.policy != (policy.name if policy else ""):
        _bank(desk, clock, now)
        clock.resumed_at = now
    _put_under(desk, clock, ticket, policy)
    schedule(clock, policy)


def _bank(desk: Desk, clock: TicketClock, now: datetime) -> None:
    clock.worked = int(worked(desk, clock, now).total_seconds())
    clock.resumed_at = None


def _pause(desk: Desk, clock: TicketClock, now: datetime) -> None:
    if clock.state == RUNNING:
        _bank(desk, clock, now)
        clock.state = PAUSED
        schedule(clock, None)


def _run(desk: Desk, clock: TicketClock, now: datetime) -> None:
    if clock.state != RUNNING:
        clock.state, clock.resumed_at, clock.stopped_at = RUNNING, now, None
        schedule(clock, desk.policies.named(clock.policy))


def _stop(desk: Desk, clock: TicketClock, now: datetime, state: str = "") -> None:
    """`due_at` stays: it is the deadline that was kept or missed."""
    due = clock.due_at
    _bank(desk, clock, now)
    clock.state = state or _judged(clock)
    clock.stopped_at, clock.next_at, clock.due_at = now, None, due


def _judged(clock: TicketClock) -> str:
    if clock.target is None:
        return VOID
    return MET if clock.worked <= clock.target else MISSED


def _end(desk: Desk, ticket: Ticket, clocks: Sequence[TicketClock], now: datetime, *, accepted: bool) -> None:
    """It is closed. An answer that nobody gave was missed if it was late by then, and is owed no more if not."""
    nobodys = ticket.spam or ticket.merged_into is not None
    for clock in clocks:
        if clock.stopped_at is not None:
            continue
        _stop(desk, clock, now, VOID if nobodys else "")
        if clock.kind in _ANSWERS and clock.state == MET and not accepted:
            clock.state = VOID


def _reopen(desk: Desk, clocks: Sequence[TicketClock], now: datetime, *, answered: bool) -> None:
    """It was closed: the solution goes on, and so does a first answer that was never given."""
    solution = next((clock for clock in clocks if clock.kind == RESOLUTION), None)
    if solution is None or solution.stopped_at is None:
        return
    _run(desk, solution, now)
    for clock in clocks:
        if clock.kind == FIRST and clock.state == VOID and not answered:
            _run(desk, clock, now)


def _stand_or_run(desk: Desk, ticket: Ticket, clocks: Sequence[TicketClock], now: datetime, who: str) -> None:
    """An answer of the desk's own is no pause for somebody who waits already, but nobody waits on a new ticket."""
    by_desk = ticket.status == _ANSWERED and desk.owns(who)
    if by_desk and not inspect(ticket).pending:
        return
    stands = by_desk or ticket.status in desk.policies.pauses
    for clock in clocks:
        if clock.stopped_at is None:
            (_pause if stands else _run)(desk, clock, now)


def _said_last(session: Session, ticket: Ticket) -> str:
    """Who said something in public on it in this walk, "" for nobody. What the desk says has not arrived anywhere."""
    said = [
        row
        for row in session.new
        if isinstance(row, TicketMessage)
        and row.ticket_id == ticket.id
        and row.kind == "public"
        and (row.by_staff or row.arrival_id is not None)
    ]
    if not said:
        return ""
    return _STAFF if max(said, key=lambda row: row.id).by_staff else _CLIENT


def _is_client(desk: Desk, who: str) -> bool:
    return bool(who) and not desk.owns(who) and desk.staff_member(who) is None
