"""Tickets and people as documents: what `helpdesk ticket` and `helpdesk client` print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.database import Sessions
from core.ids import new_id
from core.models import Audit, KnownAddress, Letter, Participant, Ticket, TicketMessage
from core.ports import Billing
from core.sla import deadlines


def viewed(sessions: Sessions, who: str, what: str, now: datetime) -> None:
    """Leave in the audit trail that somebody looked at a person or a ticket."""
    with sessions.begin() as session:
        session.add(
            Audit(id=new_id(), at=now, who=who[:320], action="viewed", about=what[:200], client_id="", detail={})
        )


def tickets(sessions: Sessions, limit: int = 100) -> list[dict[str, Any]]:
    """The tickets that changed last."""
    with sessions() as session:
        rows = session.scalars(select(Ticket).order_by(Ticket.updated_at.desc()).limit(limit)).all()
        return [_summary(session, row) for row in rows]


def ticket(sessions: Sessions, number: str) -> dict[str, Any] | None:
    """Everything of one ticket: participants, messages, letters and audit trail, in order."""
    with sessions() as session:
        row = session.scalar(select(Ticket).where(Ticket.number == number))
        if row is None:
            return None
        messages = session.scalars(
            select(TicketMessage)
            .where(TicketMessage.ticket_id == row.id)
            .options(selectinload(TicketMessage.attachments))
            .order_by(TicketMessage.id)
        ).all()
        return {
            **_summary(session, row),
            "merged_into": _merged_into(session, row),
            "clocks": deadlines.documents(session, row),
            "participants": [
                {"role": p.role, "name": p.name, "address": p.address, "joined": p.joined_at.isoformat()}
                for p in _participants(session, row)
            ],
            "messages": [_message(message) for message in messages],
            "letters": [_letter(letter) for letter in _letters(session, row)],
            "audit": [
                {"at": entry.at.isoformat(), "who": entry.who, "action": entry.action, "detail": entry.detail}
                for entry in session.scalars(select(Audit).where(Audit.ticket_id == row.id).order_by(Audit.id))
            ],
        }


def client(sessions: Sessions, billing: Billing, address: str) -> dict[str, Any] | None:
    """What is known of a person: their account, how mail to them fares, their tickets. None for an unknown address."""
    holders = billing.holders(address)
    key = address.lower()
    with sessions() as session:
        known = session.get(KnownAddress, key)
        owned = (
            select(Ticket)
            .join(Participant, Participant.ticket_id == Ticket.id)
            .where(Participant.address == key, Participant.role.in_(("requester", "cc")))
        )
        rows = session.scalars(owned.order_by(Ticket.updated_at.desc()).limit(100)).all()
        if not holders and known is None and not rows:
            return None
        return {
            "address": address,
            "accounts": [
                _account(billing, holder.client.id, holder.contact.id if holder.contact else "") for holder in holders
            ],
            "linked_to": {"client": known.client_id, "by": known.linked_by} if known and known.client_id else None,
            "undeliverable": known.undeliverable if known and known.undeliverable else None,
            "tickets": [_summary(session, row) for row in rows],
        }


def _account(billing: Billing, client_id: str, contact_id: str) -> dict[str, Any]:
    owner = billing.client(client_id)
    contact = next((c for c in billing.contacts(client_id) if c.id == contact_id), None)
    return {
        "client": owner.id,
        "name": owner.name,
        "company": owner.company,
        "status": owner.status,
        "email": owner.email,
        "as": "owner" if contact is None else "contact",
        "permissions": sorted(contact.permissions) if contact else ["all"],
        "services": [f"{s.product} {s.domain}".strip() for s in billing.services(client_id)],
        "domains": [domain.name for domain in billing.domains(client_id)],
        "unpaid_invoices": [i.number for i in billing.invoices(client_id) if i.status == "Unpaid"],
    }


def _summary(session: Session, row: Ticket) -> dict[str, Any]:
    requester = next((p for p in _participants(session, row) if p.role == "requester"), None)
    return {
        "number": row.number,
        "subject": row.subject,
        "status": row.status,
        "priority": row.priority,
        "department": row.department,
        "also_departments": row.also_departments,
        "client": row.client_id or None,
        "contact": row.contact_id or None,
        "assignee": row.assignee or None,
        "requester": requester.address if requester else "",
        "language": row.language,
        "created": row.created_at.isoformat(),
        "updated": row.updated_at.isoformat(),
        "closed": row.closed_at.isoformat() if row.closed_at else None,
        "wakes": row.wakes_at.isoformat() if row.wakes_at else None,
        "tags": row.tags,
        "fields": row.fields,
        "spam": row.spam,
    }


def _participants(session: Session, row: Ticket) -> list[Participant]:
    return list(session.scalars(select(Participant).where(Participant.ticket_id == row.id).order_by(Participant.id)))


def _merged_into(session: Session, row: Ticket) -> str | None:
    return session.scalar(select(Ticket.number).where(Ticket.id == row.merged_into)) if row.merged_into else None


def _letters(session: Session, row: Ticket) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.ticket_id == row.id).order_by(Letter.id)))


def _message(message: TicketMessage) -> dict[str, Any]:
    return {
        "at": message.created_at.isoformat(),
        "kind": message.kind,
        "by": "staff" if message.by_staff else "desk" if message.by_desk else "client",
        "author": message.author,
        "author_name": message.author_name,
        "text": message.text,
        "full_text": message.full_text,
        "assurance": message.assurance,
        "evidence": message.evidence,
        "message_id": message.message_id,
        "attachments": [
            {"filename": a.filename, "content_type": a.media_type, "size": a.size, "sha256": a.sha256}
            for a in message.attachments
        ],
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "kind": letter.kind,
        "to": letter.recipient,
        "state": letter.state,
        "attempts": letter.attempts,
        "sent": letter.sent_at.isoformat() if letter.sent_at else None,
        "error": letter.error or None,
        "bounced": letter.bounced or None,
    }
