"""The life of a ticket by the clock: what was put off comes back, and what waits for its client in vain is closed.

A snoozed ticket wakes, a pending one opens again on its day, and whoever works on it is told. A ticket that staff have
answered, and that waits for its client's answer, gets one reminder and is closed days later, with a word on how to open
it again; never one on which the client spoke last, nor one that the desk alone answered: nobody owes it a word there.

It may ring as often as it likes, in any number of processes, after any pause: a ticket, its letters and its line in the
audit trail are one commit, and the ticket's version lets only one of two that meet through. Days are days by the clock
on the desk's own wall, of one zone from the question to the answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import StaleDataError

from core import addresses, colleagues
from core.messages import EMAIL, Address, Reply, say
from core.models import Audit, Participant, Ticket, TicketMessage
from core.people import StaffMember
from core.post import Post
from core.schedule import Hours
from core.surroundings import Surroundings
from core.tickets import ANSWERED, CLOSED, OPEN, PENDING, Tickets

log = logging.getLogger("helpdesk.life")

AT_ONCE = 100
"""So many tickets are seen to in one round; the next round goes on."""
LATEST = timedelta(days=30)
"""What has waited for longer than that on top is left alone: switched on today, nobody is reminded of last year."""
SHOWN = 600
"""Characters of what was said last."""
WAITING = "waiting"
SNOOZED = "ticket.snoozed"


@dataclass(frozen=True, slots=True)
class Patience:
    """Days until a client is reminded, and from the reminder until the ticket is closed; 0 is never."""

    remind_after: int = 0
    close_after: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """How long tickets wait for their clients, and which wait for ever."""

    usual: Patience = Patience()
    departments: Mapping[str, Patience] = field(default_factory=dict)
    except_priorities: frozenset[str] = frozenset()
    except_tags: frozenset[str] = frozenset()
    hours: Hours = Hours()

    def of(self, department: str) -> Patience:
        return self.departments.get(department, self.usual)

    def groups(self) -> Iterator[tuple[ColumnElement[bool], Patience]]:
        """Every department is in one of them."""
        yield Ticket.department.not_in(list(self.departments)), self.usual
        for name, patience in self.departments.items():
            yield Ticket.department == name, patience


def ring(around: Surroundings, rules: Rules) -> int:
    """See to what is due; how many letters that were."""
    now = around.clock()
    sent = _each(around, _asleep(now), _wake)
    if not rules.hours.open(now.astimezone(around.desk.time_zone)):
        return sent
    zone = around.desk.time_zone
    sent += _each(around, _to_be_reminded(rules, now, zone), lambda one, ticket: _remind(one, ticket, rules))
    return sent + _each(around, _to_be_closed(rules, now, zone), _close)


@dataclass(frozen=True, slots=True)
class Round:
    """One ticket in a session of its own, with no message that is walked."""

    around: Surroundings
    session: Session

    @property
    def tickets(self) -> Tickets:
        return Tickets(self.session, self.around.desk, self.around.clock)

    @property
    def post(self) -> Post:
        around = self.around
        return Post(self.session, around.desk, around.tokens, around.composers, around.clock)

    def reader(self, ticket: Ticket) -> Participant | None:
        """Who gets what the desk says to the client by itself: who asked, if they can be reached."""
        people = [one for one in self.tickets.participants(ticket) if one.role in ("requester", "cc")]
        for person in sorted(people, key=lambda one: one.role != "requester"):
            if self.reaches(person):
                return person
        return None

    def reaches(self, person: Participant) -> bool:
        """Not where mail does not arrive, nor our own people."""
        desk, known = self.around.desk, addresses.known(self.session, person.address)
        ours = desk.owns(person.address) or desk.staff_member(person.address) is not None
        undeliverable = known is not None and bool(known.undeliverable)
        return person.channel in self.around.composers and not (ours or undeliverable)


def _each(around: Surroundings, due: Select[Ticket], act: Callable[[Round, Ticket], int]) -> int:
    """Each in its own commit: one that fails, or that somebody else changes now, leaves the others alone."""
    with around.sessions() as session:
        ids = session.scalars(due.with_only_columns(Ticket.id).order_by(Ticket.updated_at).limit(AT_ONCE)).all()
    sent = 0
    for ticket_id in ids:
        try:
            with around.sessions() as session:
                ticket = session.scalar(due.where(Ticket.id == ticket_id))
                written = act(Round(around, session), ticket) if ticket is not None else 0
                session.commit()
            sent += written
        except (IntegrityError, StaleDataError):
            log.info("ticket=%d was changed meanwhile; looked at again in the next round", ticket_id)
        except Exception:
            log.exception("ticket=%d could not be seen to; trying again", ticket_id)
    return sent


def _asleep(now: datetime) -> Select[Ticket]:
    return select(Ticket).where(Ticket.wakes_at <= now, Ticket.status != CLOSED, Ticket.merged_into.is_(None))


def _wake(one: Round, ticket: Ticket) -> int:
    """Its day has come: whoever works on it is told, by whose word it slept, and what the client wrote last."""
    pending, who = ticket.status == PENDING, _put_off_by(one, ticket)
    name = who.name if who is not None else ""
    if pending:
        one.tickets.set_status(ticket, OPEN, one.around.desk.address)
    ticket.wakes_at = None
    by = f" by {name}" if name else ""
    told = "It was pending until now, and nothing came." if pending else f"It was snoozed{by} until now."
    one.tickets.add_own(ticket, told, kind="event")
    one.tickets.audit(ticket, one.around.desk.address, "ticket.woken")
    last = one.tickets.last_from_client(ticket)
    reply = say(
        "ticket_woken",
        ticket=ticket,
        pending=pending,
        by=name,
        waits=last.text[:SHOWN].strip() if last is not None else "",
        department=ticket.department,
    )
    working = colleagues.at_work(one.session, one.around.desk, ticket, one.around.clock())
    members = [member for member in working if "woken" in member.events]
    for member in members:
        person = one.tickets.participant(ticket, Address(EMAIL, member.email, member.name), "staff")
        one.post.to_staff(ticket, person, (reply,), kind="notification", may_wait=True)
    return len(members)


def _put_off_by(one: Round, ticket: Ticket) -> StaffMember | None:
    statement = (
        select(Audit.who)
        .where(Audit.ticket_id == ticket.id, Audit.action == SNOOZED)
        .order_by(Audit.id.desc())
        .limit(1)
    )
    who = one.session.scalar(statement)
    return one.around.desk.staff_member(who) if who else None


def _waiting(rules: Rules) -> Select[Ticket]:
    """What may be reminded of and closed. All of it in the statement: what is no case must not fill the round."""
    tagged = cast(Ticket.tags, String)
    return select(Ticket).where(
        Ticket.status.in_((ANSWERED, PENDING)),
        Ticket.wakes_at.is_(None),
        Ticket.merged_into.is_(None),
        Ticket.spam.is_(False),
        Ticket.flooded.is_(False),
        Ticket.priority.not_in(sorted(rules.except_priorities)),
        *(~tagged.contains(json.dumps(tag), autoescape=True) for tag in sorted(rules.except_tags)),
    )


def _staff_spoke_last(after: datetime | None = None) -> ColumnElement[bool]:
    """Did somebody of the staff answer (since then), and the client say nothing after that? The desk does not count."""
    theirs, ours = aliased(TicketMessage), aliased(TicketMessage)
    later = exists().where(
        theirs.ticket_id == ours.ticket_id,
        theirs.id > ours.id,
        theirs.kind == "public",
        theirs.by_staff.is_(False),
        theirs.by_desk.is_(False),
    )
    spoke = exists().where(ours.ticket_id == Ticket.id, ours.kind == "public", ours.by_staff, ~later)
    return spoke.where(ours.created_at > after) if after is not None else spoke


def _quiet_since(moment: datetime) -> ColumnElement[bool]:
    """Has nobody said or noted anything after that, nor given the ticket another status? The desk is nobody."""
    said = exists().where(
        TicketMessage.ticket_id == Ticket.id, TicketMessage.created_at > moment, TicketMessage.by_desk.is_(False)
    )
    changed = exists().where(Audit.ticket_id == Ticket.id, Audit.action == "ticket.status", Audit.at > moment)
    return and_(~said, ~changed)


def cutoff(now: datetime, zone: ZoneInfo, days: int) -> datetime:
    """The moment so many days ago at the same time by the clocks of that zone, in UTC."""
    return (now.astimezone(zone) - timedelta(days=days)).astimezone(UTC)


def _to_be_reminded(rules: Rules, now: datetime, zone: ZoneInfo) -> Select[Ticket]:
    def quiet(days: int) -> ColumnElement[bool]:
        since = cutoff(now, zone, days)
        # The first of these says nothing new, and is all that most tickets are asked.
        return and_(Ticket.updated_at > since - LATEST, _staff_spoke_last(since - LATEST), _quiet_since(since))

    due = [and_(mine, quiet(wait.remind_after)) for mine, wait in rules.groups() if wait.remind_after]
    return _waiting(rules).where(Ticket.reminded_at.is_(None), or_(false(), *due))


def _to_be_closed(rules: Rules, now: datetime, zone: ZoneInfo) -> Select[Ticket]:
    due = [
        and_(mine, Ticket.reminded_at <= cutoff(now, zone, wait.close_after))
        for mine, wait in rules.groups()
        if wait.close_after
    ]
    return _waiting(rules).where(_staff_spoke_last(), or_(false(), *due))


def _remind(one: Round, ticket: Ticket, rules: Rules) -> int:
    now, zone = one.around.clock(), one.around.desk.time_zone
    days = rules.of(ticket.department).close_after
    closes: date | None = now.astimezone(zone).date() + timedelta(days=days) if days else None
    ticket.reminded_at = now
    one.tickets.audit(ticket, one.around.desk.address, "ticket.reminded")
    return _write(one, ticket, say("ticket_reminder", ticket=ticket, closes=closes, said=_said_last(one, ticket)))


def _close(one: Round, ticket: Ticket) -> int:
    one.tickets.add_own(ticket, "Closed by the desk: the client was reminded, and nothing came.", kind="event")
    one.tickets.set_status(ticket, CLOSED, one.around.desk.address)
    return _write(one, ticket, say("ticket_closed_unanswered", ticket=ticket, days=one.around.desk.rules.reopen_days))


def _write(one: Round, ticket: Ticket, reply: Reply) -> int:
    """A letter to the client in the ticket's thread; 0 where nobody can be reached, which the ticket then says."""
    person = one.reader(ticket)
    if person is None:
        one.tickets.add_own(ticket, "Nobody could be written to about this.", kind="event")
        return 0
    composed = one.post.to_participant(
        ticket,
        person,
        (reply,),
        kind=WAITING,
        automatic=True,
        language=ticket.language,
        in_reply_to=one.tickets.last_message_id(ticket, person.address),
    )
    one.tickets.add_own(ticket, composed.text)
    return 1


def _said_last(one: Round, ticket: Ticket) -> str:
    statement = (
        select(TicketMessage.text)
        .where(TicketMessage.ticket_id == ticket.id, TicketMessage.kind == "public", TicketMessage.by_staff)
        .order_by(TicketMessage.id.desc())
        .limit(1)
    )
    text = (one.session.scalar(statement) or "").strip()
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"
