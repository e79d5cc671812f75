"""What happened on the tickets of a period: who spoke when, without what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.models import Ticket, TicketMessage

CLIENT, STAFF, BOT = "client", "staff", "bot"


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to before `until`; hours and days are those of `zone`."""

    since: datetime
    until: datetime
    zone: ZoneInfo

    def __contains__(self, moment: datetime | None) -> bool:
        return moment is not None and self.since <= moment < self.until

    @property
    def before(self) -> Period:
        """One as long that ended where this one begins."""
        return Period(self.since - (self.until - self.since), self.since, self.zone)

    @property
    def days(self) -> list[datetime]:
        """The beginning of each of its days; the first may be cut."""
        day = self.since.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        found = []
        while day < self.until:
            found.append(day)
            day = (day + timedelta(days=1)).replace(tzinfo=self.zone)
        return found


@dataclass(frozen=True, slots=True)
class Said:
    """One public message; `by` is client, staff or bot, `author` an address."""

    at: datetime
    by: str
    author: str


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket, and what was said to be read by its client, the oldest first."""

    id: int
    number: str
    department: str
    status: str
    opened: datetime
    closed: datetime | None
    said: list[Said] = field(default_factory=list)

    @property
    def by_us(self) -> bool:
        """Did the desk's people begin it?"""
        return bool(self.said) and self.said[0].by == STAFF

    def spoke(self, by: str) -> bool:
        return any(one.by == by for one in self.said)


def counted(departments: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """The tickets that figures are about: no spam, none that went into another one. None: of all departments."""
    conditions: list[ColumnElement[bool]] = [Ticket.spam.is_(False), Ticket.merged_into.is_(None)]
    return conditions if departments is None else [*conditions, Ticket.department.in_(departments)]


def stories(session: Session, period: Period, departments: Sequence[str] | None = None) -> list[Story]:
    """The tickets that were opened or closed in the period, or on which something was said in it."""
    spoken = select(TicketMessage.ticket_id).where(
        TicketMessage.created_at >= period.since, TicketMessage.created_at < period.until
    )
    touched = or_(
        Ticket.id.in_(spoken),
        (Ticket.created_at >= period.since) & (Ticket.created_at < period.until),
        (Ticket.closed_at >= period.since) & (Ticket.closed_at < period.until),
    )
    of_period = [*counted(departments), Ticket.created_at < period.until, touched]
    rows = select(
        Ticket.id, Ticket.number, Ticket.department, Ticket.status, Ticket.created_at, Ticket.closed_at
    ).where(*of_period)
    found = {row.id: Story(*row) for row in session.execute(rows.order_by(Ticket.id))}
    said = (
        select(
            TicketMessage.ticket_id,
            TicketMessage.created_at,
            TicketMessage.by_staff,
            TicketMessage.by_desk,
            TicketMessage.author,
        )
        .join(Ticket, Ticket.id == TicketMessage.ticket_id)
        .where(*of_period, TicketMessage.kind == "public", TicketMessage.created_at < period.until)
        .order_by(TicketMessage.id)
    )
    for ticket_id, at, by_staff, by_desk, author in session.execute(said):
        if ticket_id in found:
            by = STAFF if by_staff else BOT if by_desk else CLIENT
            found[ticket_id].said.append(Said(at, by, author))
    return list(found.values())
