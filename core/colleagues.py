"""Whom of the staff a ticket concerns, and who of them is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.desk import Desk
from core.models import StaffAbsence, Ticket
from core.people import StaffMember


def at_work(session: Session, desk: Desk, ticket: Ticket, now: datetime) -> list[StaffMember]:
    """The assignee; the departments' staff where there is none, or they are away. Everybody if all are away."""
    absent = away(session, now)
    member = desk.staff_member(ticket.assignee) if ticket.assignee else None
    if member is not None and member.email.lower() not in absent:
        return [member]
    found: dict[str, StaffMember] = {}
    for department in (ticket.department, *ticket.also_departments):
        for one in desk.staff_of(department):
            found.setdefault(one.email.lower(), one)
    return present(list(found.values()), absent)


def present(members: Sequence[StaffMember], absent: frozenset[str]) -> list[StaffMember]:
    """Those who are not away; all of them when everybody is, for somebody must read it."""
    return [one for one in members if one.email.lower() not in absent] or list(members)


def leads(session: Session, desk: Desk, department: str, now: datetime) -> list[StaffMember]:
    """Its leads who are here; the admins where it has none."""
    absent = away(session, now)
    here = [one for one in desk.staff_of(department) if one.email.lower() not in absent]
    return [one for one in here if one.role == "lead"] or [one for one in desk.staff() if one.role == "admin"]


def away(session: Session, now: datetime) -> frozenset[str]:
    """Addresses, in lower case."""
    still = or_(StaffAbsence.until.is_(None), StaffAbsence.until > now)
    rows = session.scalars(select(StaffAbsence.email).where(StaffAbsence.since <= now, still))
    return frozenset(address.lower() for address in rows)
