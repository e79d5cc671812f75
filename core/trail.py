"""The audit trail as documents: what `helpdesk audit show` prints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.database import Sessions
from core.models import Audit, Ticket


def lines(
    sessions: Sessions, *, client: str = "", ticket: str = "", since: datetime | None = None, limit: int = 1000
) -> list[dict[str, Any]]:
    """The newest `limit` lines of that client and ticket number since then, oldest first."""
    statement = select(Audit, Ticket.number).outerjoin(Ticket, Ticket.id == Audit.ticket_id)
    if client:
        statement = statement.where(Audit.client_id == client)
    if ticket:
        statement = statement.where(Ticket.number == ticket)
    if since is not None:
        statement = statement.where(Audit.at >= since)
    with sessions() as session:
        found = session.execute(statement.order_by(Audit.id.desc()).limit(limit)).all()
        return [_line(line, number) for line, number in reversed(found)]


def _line(line: Audit, number: str | None) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": line.at.isoformat(),
        "who": line.who,
        "action": line.action,
        "about": line.about,
        "ticket": number,
        "client": line.client_id or None,
        "detail": line.detail,
        "seal": line.seal,
    }
