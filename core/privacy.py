"""What privacy law asks for: everything the desk holds of a person, and their erasure.

The erasure keeps what may be kept without the person: that there was a ticket, when, in which department and how many
messages it had. Invoices and accounts belong to the billing system, which keeps them by law; they are not touched.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from core import records, sealing
from core.database import Sessions
from core.ids import new_id
from core.messages import EMAIL, Address, place_of, terminal_of
from core.models import (
    AddressChange,
    Arrival,
    ArticleFeedback,
    Audit,
    Blob,
    ChatLink,
    Dialog,
    KnownAddress,
    KnownMessageId,
    Letter,
    Participant,
    SentNotice,
    Subscription,
    Ticket,
    TicketAttachment,
    TicketMessage,
)
from core.ports import Billing
from core.sealing import ERASED, NOBODY, Sign


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    tickets: int
    messages: int
    letters: int
    arrivals: int


def export(sessions: Sessions, billing: Billing, address: str) -> dict[str, Any] | None:
    """All the desk holds of a person, as one document; None for an unknown address.

    Of a ticket they get what they wrote, what staff said to them, and every letter that went to them. What others wrote
    on it or were answered (another client in copy asks about an account of their own) is counted, not shown, and so are
    internal notes: staff decide about those. Other people's addresses are masked.
    """
    person = records.client(sessions, billing, address)
    if person is None:
        return None
    key = address.lower()
    shareable = _tickets_shared(sessions, person, key)
    for chat in _chats_of(sessions, key):
        there = records.client(sessions, billing, chat.key)
        shareable += _tickets_shared(sessions, there, chat.key) if there is not None else []
    return {**person, "tickets": shareable, "letters": _letters_to(sessions, key), **_kept_beside(sessions, key)}


def _tickets_shared(sessions: Sessions, person: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tickets = [records.ticket(sessions, summary["number"]) for summary in person["tickets"]]
    return [_shareable(ticket, key) for ticket in tickets if ticket is not None]


def _chats_of(sessions: Sessions, key: str) -> list[Address]:
    """The chats in which somebody was linked by this address, ended or not, and the terminal."""
    with sessions() as session:
        links = session.scalars(select(ChatLink).where(ChatLink.email == key))
        return [terminal_of(key), *(Address(link.channel, link.chat) for link in links)]


def _kept_beside(sessions: Sessions, key: str) -> dict[str, list[dict[str, Any]]]:
    """What stands on no ticket: what they follow, what they said of articles, which notices they got, and when their
    address was changed.
    """
    with sessions() as session:
        followed = session.scalars(select(Subscription).where(_is(Subscription.address, key)))
        said = session.scalars(select(ArticleFeedback).where(_is(ArticleFeedback.address, key)))
        notices = session.scalars(select(SentNotice).where(_is(SentNotice.address, key)))
        changes = session.scalars(select(AddressChange).where(_changed(key)))
        links = session.scalars(select(ChatLink).where(ChatLink.email == key))
        return {
            "subscriptions": [{"topic": row.topic, "since": row.since.isoformat()} for row in followed],
            "article_feedback": [
                {"article": row.article_id, "helped": row.helped, "comment": row.comment, "at": row.at.isoformat()}
                for row in said
            ],
            "chat_links": [
                {
                    "chat": f"{row.channel}:{row.chat}",
                    "name": row.name,
                    "since": row.since.isoformat(),
                    "ended": row.ended_at.isoformat() if row.ended_at else None,
                }
                for row in links
            ],
            "notices": [{"about": row.key, "at": row.at.isoformat()} for row in notices],
            "address_changes": [
                {"before": row.before, "after": row.after, "at": row.at.isoformat()} for row in changes
            ],
        }


def _is(column: Any, key: str) -> ColumnElement[bool]:
    """These keep an address as it stands on file."""
    return func.lower(column) == key


def _changed(key: str) -> ColumnElement[bool]:
    return or_(AddressChange.before == key, AddressChange.after == key)


def _letters_to(sessions: Sessions, key: str) -> list[dict[str, Any]]:
    """What the desk sent to them, on a ticket or on its own; of one that held a secret, that it was sent."""
    statement = (
        select(Letter, Ticket.number)
        .outerjoin(Ticket, Ticket.id == Letter.ticket_id)
        .where(Letter.recipient == key)
        .order_by(Letter.id)
    )
    with sessions() as session:
        return [_letter(letter, number) for letter, number in session.execute(statement)]


def _letter(letter: Letter, number: str | None) -> dict[str, Any]:
    by_mail = letter.channel == EMAIL and not letter.secret
    message = email.message_from_bytes(letter.payload if by_mail else b"", policy=email.policy.default)
    body = message.get_body(("plain",))
    return {
        "at": letter.created_at.isoformat(),
        "ticket": number,
        "kind": letter.kind,
        "state": letter.state,
        "subject": str(message["Subject"] or ""),
        "text": str(body.get_content()).replace("\r\n", "\n") if body is not None else "",
    }


def erase(sessions: Sessions, address: str, now: datetime, sign: Sign) -> Erased:
    """Take the person out of everything the desk keeps; all of it or nothing. `sign` is for the audit trail."""
    key = address.lower()
    chats = _chats_of(sessions, key)
    keys, lanes = [key, *(chat.key for chat in chats)], [key, *map(place_of, chats)]
    with sessions.begin() as session:
        owned = _tickets_of(session, keys)
        messages = _blank_messages(session, owned, keys)
        letters = _count(session, delete(Letter).where(Letter.recipient.in_(keys) | Letter.ticket_id.in_(owned)))
        arrivals = _drop_arrivals(session, lanes, owned)
        session.execute(update(Ticket).where(Ticket.id.in_(owned)).values(subject=ERASED, client_id="", contact_id=""))
        _rename_participants(session, keys)
        session.execute(delete(KnownAddress).where(KnownAddress.address.in_(keys)))
        session.execute(delete(Dialog).where(Dialog.address.in_(keys) | Dialog.place.in_(lanes)))
        session.execute(delete(ChatLink).where(ChatLink.email == key))
        for table in (Subscription, ArticleFeedback, SentNotice):
            _count(session, delete(table).where(_is(table.address, key)))
        _count(session, delete(AddressChange).where(_changed(key)))
        session.execute(delete(KnownMessageId).where(KnownMessageId.ticket_id.in_(owned)))
        for one in keys:
            sealing.erase(session, sign, one)
        session.add(
            Audit(
                id=new_id(),
                at=now,
                who="operator",
                action="person.erased",
                detail={"tickets": len(owned)},
                client_id="",
            )
        )
        drop_orphans(session, now)
    return Erased(len(owned), messages, letters, arrivals)


def drop_orphans(session: Session, before: datetime) -> int:
    """Bytes that no message and no attachment uses any more, and nobody stored again since."""
    used = select(Arrival.raw_sha256).union(select(TicketAttachment.sha256))
    return _count(session, delete(Blob).where(Blob.stored_at < before, Blob.sha256.not_in(used)))


def _tickets_of(session: Session, keys: Sequence[str]) -> list[int]:
    """Tickets that this person opened; on others they are only one of several."""
    rows = select(Participant.ticket_id).where(Participant.address.in_(keys), Participant.role == "requester")
    return list(session.scalars(rows))


def _blank_messages(session: Session, owned: Sequence[int], keys: Sequence[str]) -> int:
    theirs = TicketMessage.author.in_(keys) | TicketMessage.ticket_id.in_(owned)
    ids = select(TicketMessage.id).where(theirs)
    session.execute(delete(TicketAttachment).where(TicketAttachment.message_id.in_(ids)))
    session.execute(
        update(TicketMessage).where(TicketMessage.author.in_(keys)).values(author=NOBODY, author_name=ERASED),
        execution_options={"synchronize_session": False},
    )
    blank = {"text": ERASED, "full_text": "", "html": "", "message_id": "", "evidence": []}
    return _count(
        session,
        update(TicketMessage)
        .where((TicketMessage.author == NOBODY) | TicketMessage.ticket_id.in_(owned))
        .values(**blank),
    )


def _drop_arrivals(session: Session, lanes: Sequence[str], owned: Sequence[int]) -> int:
    """What they sent, and what staff sent on their tickets."""
    done = Arrival.state.in_(("done", "shelved"))
    theirs = Arrival.conversation.in_(lanes) | Arrival.ticket_id.in_(owned)
    return _count(session, delete(Arrival).where(theirs, done))


def _rename_participants(session: Session, keys: Sequence[str]) -> None:
    for participant in session.scalars(select(Participant).where(Participant.address.in_(keys))):
        participant.address = f"{participant.id}.{NOBODY}"
        participant.name = ERASED
        participant.generation = (participant.generation + 1) % 256


def _count(session: Session, statement: Any) -> int:
    return int(session.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]


def _shareable(ticket: dict[str, Any], address: str) -> dict[str, Any]:
    own = next(person for person in ticket["participants"] if person["address"] == address)
    others = [p for p in ticket["participants"] if p["role"] != "staff" and p is not own]
    said = [message for message in ticket["messages"] if message["kind"] == "public"]
    shown = [message for message in said if _is_for(message, own, alone=not others)]
    return {
        **ticket,
        "participants": [
            {**person, "name": person["name"] if person is own else "", "address": _masked(person["address"], address)}
            for person in ticket["participants"]
        ],
        "messages": [{**message, "author": _masked(message["author"], address)} for message in shown],
        "to_or_from_others": len(said) - len(shown),
        "assignee": _masked(ticket["assignee"] or "", address),
        "letters": [letter for letter in ticket["letters"] if letter["to"] == address],
        "internal_notes": sum(1 for message in ticket["messages"] if message["kind"] in ("note", "held")),
        "audit": [
            {"at": entry["at"], "who": _masked(entry["who"], address), "action": entry["action"]}
            for entry in ticket["audit"]
        ],
    }


def _is_for(message: dict[str, Any], own: dict[str, Any], *, alone: bool) -> bool:
    """Theirs, or said to them. What the desk answered by itself went to one person: to them, if nobody else is there.

    Where there are others, the answers that they were given are among their letters.
    """
    if message["author"] == own["address"]:
        return True
    if message["by"] == "staff":
        return bool(message["at"] >= own["joined"])
    return alone and bool(message["by"] == "desk")


def _masked(other: str, own: str) -> str:
    """Somebody else's address, so that it can be told from a third one and no more."""
    if other == own or "@" not in other:
        return other
    local, _, domain = other.partition("@")
    return f"{local[:1]}…@{domain}"
