"""Desks made by hand, so that each figure can be counted on the fingers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from core.database import Sessions
from core.desk import Department, Desk
from core.ids import new_id
from core.models import Audit, Participant, Rating, Ticket, TicketMessage, TimeSpent
from core.models.clocks import TicketClock
from core.people import StaffMember
from core.reports.stories import Period
from core.reports.whole import Report, report

SAM = StaffMember("Sam Lee", "sam@desk.example", frozenset({"Support", "Billing"}))
DANA = StaffMember("Dana Cole", "dana@desk.example", frozenset({"Sales", "Security"}), "admin")
ZONE = ZoneInfo("Europe/Berlin")
DESK = Desk(
    name="Example Hosting",
    address="help@desk.example",
    domain="desk.example",
    departments=tuple(Department(name, f"{name.lower()}@desk.example") for name in ("Support", "Billing", "Sales")),
    staff=lambda: (SAM, DANA),
    time_zone=ZONE,
)
MONDAY = datetime(2026, 11, 16, tzinfo=ZONE).astimezone(UTC)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7), ZONE)
_numbers = count(10_000_000)


@dataclass(frozen=True, slots=True)
class MadeDesk:
    sessions: Sessions

    def ticket(self, opened: timedelta, *said: tuple[str, timedelta], **own: Any) -> Ticket:
        """Opened so long after Monday; of each message its author (client, bot, or a staff address) and when, from the
        opening on.
        """
        at = MONDAY + opened
        own = {"department": "Support", "status": "Open", "closed_at": None, **own}
        with self.sessions.begin() as session:
            ticket = Ticket(
                id=new_id(),
                number=str(next(_numbers)),
                subject="A matter",
                also_departments=[],
                channel="email",
                created_at=at,
                updated_at=at,
                tags=[],
                fields={},
                **own,
            )
            session.add(ticket)
            session.add(
                Participant(
                    id=new_id(), ticket_id=ticket.id, address="alice@bakery.example", role="requester", joined_at=at
                )
            )
            for who, after in said:
                session.add(_message(ticket, who, at + after))
        return ticket

    def note(self, ticket: Ticket, row: type[Rating] | type[TimeSpent] | type[TicketClock], **values: Any) -> None:
        with self.sessions.begin() as session:
            keyed = {} if row is Rating else {"id": new_id()}
            session.add(row(ticket_id=ticket.id, **keyed, **values))

    def moved(self, ticket: Ticket, at: timedelta) -> None:
        with self.sessions.begin() as session:
            detail = {"was": "Sales", "now": "Support"}
            session.add(
                Audit(
                    id=new_id(), at=MONDAY + at, who=SAM.email, action="staff.moved", ticket_id=ticket.id, detail=detail
                )
            )

    def report(self, period: Period = WEEK, departments: tuple[str, ...] | None = None) -> Report:
        with self.sessions() as session:
            return report(session, DESK, period, departments)


def _message(ticket: Ticket, who: str, at: datetime) -> TicketMessage:
    kind, _, author = who.rpartition(" ")
    staff = "@" in author
    return TicketMessage(
        id=new_id(),
        ticket_id=ticket.id,
        kind=kind or "public",
        by_staff=staff,
        by_desk=author == "bot",
        author=author if staff else f"{author}@x.example",
        text="Words",
        created_at=at,
    )
