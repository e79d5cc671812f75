"""The staff that the import document names."""

from __future__ import annotations

from sqlalchemy import select

from core.backends.local.tables import Staff
from core.database import Sessions
from core.people import StaffMember


def staff(sessions: Sessions) -> tuple[StaffMember, ...]:
    with sessions() as session:
        rows = session.scalars(select(Staff).order_by(Staff.email_key)).all()
    return tuple(StaffMember(row.name, row.email, frozenset(row.departments), row.role) for row in rows)
