"""The staff that the import document names."""

from __future__ import annotations

from sqlalchemy import select

from core.backends.local.tables import Staff
from core.database import Sessions
from core.people import StaffMember


def staff(sessions: Sessions) -> tuple[StaffMember, ...]:
    with sessions() as session:
        rows = session.scalars(select(Staff).order_by(Staff.email_key)).all()
    return tuple(
        StaffMember(
            row.name,
            row.email,
            frozenset(row.departments),
            row.role,
            chats=chats(slack=row.slack_id or "", telegram=row.telegram_id or ""),
        )
        for row in rows
    )


def chats(**ids: str) -> tuple[str, ...]:
    """The accounts of a member, of those channels where there is one."""
    return tuple(f"{channel}:{account}" for channel, account in ids.items() if account)
