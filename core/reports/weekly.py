"""The report of the week by mail: to leads and admins of their departments, once.

It may ring as often as it likes, in any number of processes, after any pause: the letter and the note that it was sent
are one commit, and the note's key is unique. A report that was missed by two days is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from core import addresses
from core.messages import EMAIL, Address, Attachment, Reply, say
from core.models import SentNotice
from core.post import Post
from core.reports.stories import Period
from core.reports.whole import Report, departments_of, report
from core.surroundings import Surroundings

LATE = timedelta(days=2)
Departments = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Rules:
    """`weekday` is 0 for Monday; `hour` is of the desk's own day. `recipients` get the figures of all departments."""

    weekday: int = 0
    hour: int = 7
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    address: str
    name: str
    departments: Departments


@dataclass(slots=True)
class WeeklyReport:
    """`draw` makes the pictures of a report. `quiet` only saves work: reports in which there is nothing to read."""

    rules: Rules
    draw: Callable[[Report], Sequence[Attachment]]
    quiet: set[tuple[str, Departments]] = field(default_factory=set)

    def ring(self, around: Surroundings) -> int:
        """Send what is due; how many letters that were."""
        day = due(self.rules, around.clock().astimezone(around.desk.time_zone))
        if day is None:
            return 0
        key, made, sent = f"report/{day.date().isoformat()}", dict[Departments, Reply | None](), 0
        for reader in self._readers(around):
            if (key, reader.departments) in self.quiet or _has(around, key, reader):
                continue
            if reader.departments not in made:
                made[reader.departments] = self._made(around, day, reader.departments)
            reply = made[reader.departments]
            if reply is None:
                self.quiet.add((key, reader.departments))
            else:
                sent += _send(around, key, reader, reply)
        return sent

    def _readers(self, around: Surroundings) -> Iterator[Reader]:
        seen = set()
        for member in around.desk.staff():
            if member.role in ("lead", "admin"):
                seen.add(member.email.lower())
                yield Reader(member.email, member.name, departments_of(around.desk, member))
        for address in self.rules.recipients:
            if address.lower() not in seen:
                yield Reader(address, "", None)

    def _made(self, around: Surroundings, day: datetime, departments: Departments) -> Reply | None:
        until = day.replace(hour=0)
        period = Period(until - timedelta(days=7), until, around.desk.time_zone)
        with around.sessions() as session:
            figures = report(session, around.desk, period, departments)
        if figures.empty:
            return None
        reply = say("weekly_report", report=figures, departments=departments)
        return Reply(reply.template, reply.context, tuple(self.draw(figures)))


def due(rules: Rules, now: datetime) -> datetime | None:
    """The moment of this week's report in the zone of `now`, None before it and when it was missed for too long."""
    today = now.replace(hour=rules.hour, minute=0, second=0, microsecond=0)
    last = today - timedelta(days=(now.weekday() - rules.weekday) % 7)
    return last if timedelta() <= now - last < LATE else None


def _has(around: Surroundings, key: str, reader: Reader) -> bool:
    """Was it sent, or can nothing be sent there?"""
    with around.sessions() as session:
        known = addresses.known(session, reader.address.lower())
        return session.get(SentNotice, (key, reader.address)) is not None or bool(known and known.undeliverable)


def _send(around: Surroundings, key: str, reader: Reader, reply: Reply) -> int:
    with around.sessions() as session:
        session.add(SentNotice(key=key, address=reader.address, client_id="", at=around.clock()))
        post = Post(session, around.desk, around.tokens, around.composers, around.clock)
        to = Address(EMAIL, reader.address, reader.name)
        post.alone(to, reply, kind="report", language=around.desk.language)
        try:
            session.commit()
        except IntegrityError:
            return 0  # Another process was faster.
    return 1
