"""Other systems are told what happens to tickets: a letter of the outbox for each, in the commit of what happened.

Whatever changes a ticket leaves a line in the audit trail or a message on the ticket, so these two are watched, in the
session that writes them: no act has to remember to tell, and nothing is told that was not committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Sessions
from core.ids import new_id
from core.models import Audit, Letter, Ticket, TicketMessage

CHANNEL = "webhook"
BY_ACTION = {
    "ticket.opened": "ticket.opened",
    "ticket.status": "ticket.status",
    "ticket.assigned": "ticket.assigned",
    "ticket.priority": "ticket.priority",
    "ticket.moved": "ticket.moved",
    "staff.moved": "ticket.moved",
    "ticket.tags": "ticket.tagged",
    "ticket.merged": "ticket.merged",
    "ticket.rated": "ticket.rated",
}
BY_KIND = {"public": "message.public", "note": "message.note"}
EVENTS = tuple(dict.fromkeys((*BY_ACTION.values(), *BY_KIND.values())))


@dataclass(frozen=True, slots=True)
class Hook:
    """Somebody who is told. `name` is what letters are addressed to; `events` () are all."""

    name: str
    events: tuple[str, ...] = ()
    texts: bool = False
    """Does it get what was said, or only that something was?"""

    def wants(self, name: str) -> bool:
        return not self.events or name in self.events


def watch(sessions: Sessions, hooks: Sequence[Hook], clock: Clock) -> None:
    """From now on whatever these sessions write is told."""

    @event.listens_for(sessions, "before_flush")
    def tell(session: Session, _context: object, _instances: object) -> None:
        for row in list(session.new):
            for name in _happened(row):
                _write(session, hooks, name, row, clock)


def _happened(row: object) -> Iterator[str]:
    if isinstance(row, Audit) and row.ticket_id and row.action in BY_ACTION:
        yield BY_ACTION[row.action]
    if isinstance(row, TicketMessage) and row.kind in BY_KIND:
        yield BY_KIND[row.kind]


def _write(session: Session, hooks: Sequence[Hook], name: str, row: Any, clock: Clock) -> None:
    with session.no_autoflush:
        ticket = session.get(Ticket, row.ticket_id) or _unwritten(session, row.ticket_id)
    if ticket is None:
        return
    now = clock()
    for hook in (one for one in hooks if one.wants(name)):
        data: dict[str, Any] = {"ticket": _ticket(ticket)}
        if isinstance(row, TicketMessage):
            data["message"] = _message(row, texts=hook.texts)
        payload = {"type": name, "timestamp": now.isoformat(), "data": data}
        id_ = new_id()
        session.add(
            Letter(
                id=id_,
                channel=CHANNEL,
                recipient=hook.name,
                message_id=f"{id_}",
                payload=json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(),
                kind=CHANNEL,
                ticket_id=ticket.id,
                created_at=now,
                due_at=now,
                state="new",
            )
        )


def _unwritten(session: Session, id_: int) -> Ticket | None:
    return next((row for row in session.new if isinstance(row, Ticket) and row.id == id_), None)


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "department": ticket.department,
        "assignee": ticket.assignee or None,
        "client": ticket.client_id or None,
        "tags": ticket.tags,
        "fields": ticket.fields,
        "created": ticket.created_at.isoformat(),
        "updated": ticket.updated_at.isoformat(),
    }


def _message(row: TicketMessage, *, texts: bool) -> dict[str, Any]:
    by = "staff" if row.by_staff else "desk" if row.by_desk else "client"
    return {"id": str(row.id), "by": by, "author": row.author, **({"text": row.text} if texts else {})}
