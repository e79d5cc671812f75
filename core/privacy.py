"""What privacy law asks for: everything the desk holds of a person, and their erasure.

The erasure keeps what may be kept without the person: that there was a ticket, when, in which department and how many
messages it had. Invoices and accounts belong to the billing system, which keeps them by law; they are not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from core import forgetting, records, sealing, shareable
from core.database import Sessions
from core.finding import tickets as find
from core.ids import new_id
from core.messages import Address, place_of, terminal_of
from core.models import (
    AccountHold,
    AddressChange,
    Arrival,
    ArticleFeedback,
    Audit,
    Blob,
    ChatLink,
    Dialog,
    JournalEntry,
    KnownAddress,
    Letter,
    OneTimeLink,
    Participant,
    Rating,
    SenderRule,
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
    with sessions() as session:
        numbers = [(number, key) for number in _numbers(session, key, _READS)]
        beside_others = [(number, key) for number in _numbers(session, key, Participant.role.not_in(_HERE))]
        for chat in _chats_of(session, key):
            own = or_(and_(_READS, *chat.theirs), and_(*_left_behind(chat)))
            numbers += [(number, chat.address.key) for number in _numbers(session, chat.address.key, own)]
        letters, kept = _letters_to(session, key), _kept_beside(session, key)
    whole = [(records.ticket(sessions, number), own) for number, own in numbers]
    partly = [(records.ticket(sessions, number), own) for number, own in beside_others]
    tickets = [shareable.ticket(ticket, own) for ticket, own in whole if ticket is not None]
    tickets += [shareable.words_on(ticket, own) for ticket, own in partly if ticket is not None]
    return {**person, "tickets": tickets, "letters": letters, **kept}


@dataclass(frozen=True, slots=True)
class _Chat:
    """A chat that spoke for them; `alone` when it never spoke for anybody else as well."""

    address: Address
    clients: frozenset[str]
    alone: bool

    @property
    def theirs(self) -> Sequence[ColumnElement[bool]]:
        """Which tickets from there are theirs: of a chat that somebody else used too, those of their account alone."""
        return () if self.alone else (Ticket.client_id.in_(self.clients),)


def _chats_of(session: Session, key: str) -> list[_Chat]:
    """The chats in which somebody was linked by this address, ended or not, and the terminal."""
    chats = {terminal_of(key): _Chat(terminal_of(key), frozenset(), alone=True)}
    for link in session.scalars(select(ChatLink).where(ChatLink.email == key)):
        here = select(ChatLink).where(ChatLink.channel == link.channel, ChatLink.chat == link.chat)
        links = session.scalars(here).all()
        own = frozenset(one.client_id for one in links if one.email == key)
        place = Address(link.channel, link.chat)
        chats[place] = _Chat(place, own, alone=all(one.email == key for one in links))
    return list(chats.values())


_READS = Participant.role.in_(("requester", "cc"))
_HERE = ("requester", "cc", forgetting.STAFF)
"""All others wrote there and read nothing: somebody unverified, who was taken off, or whose chat was unlinked."""


def _numbers(session: Session, key: str, which: ColumnElement[bool]) -> list[str]:
    """Of the tickets that an address or chat takes part in."""
    takes_part = select(Ticket.number).join(Participant, Participant.ticket_id == Ticket.id)
    return list(session.scalars(takes_part.where(Participant.address == key, which).order_by(Ticket.updated_at.desc())))


def _kept_beside(session: Session, key: str) -> dict[str, list[dict[str, Any]]]:
    """What stands on no ticket: what they follow and said of us, what we asked and told them, and who looked."""
    followed = _is(Subscription.address, key)
    of_them = Audit.ticket_id.is_(None) & (_is(Audit.who, key) | _is(Audit.about, key))
    links = session.scalars(select(ChatLink).where(ChatLink.email == key))
    return {
        "chat_links": [
            {"chat": place_of(Address(row.channel, row.chat)), **_of(row, "name", "since", "used_at", "ended_at")}
            for row in links
        ],
        "subscriptions": _rows(session, Subscription, followed, "topic", "since"),
        "article_feedback": _rows(
            session, ArticleFeedback, _is(ArticleFeedback.address, key), "article_id", "helped", "comment", "at"
        ),
        "ratings": _rows(session, Rating, _is(Rating.address, key), "asked_at", "score", "comment", "rated_at"),
        "notices": _rows(session, SentNotice, _is(SentNotice.address, key), "key", "at"),
        "address_changes": _rows(session, AddressChange, _changed(key), "before", "after", "at"),
        "questions": _rows(session, Dialog, Dialog.address == key, "kind", "state", "created_at", "expires_at"),
        "mail_put_aside": _rows(session, SenderRule, SenderRule.sender == key, "verdict", "at"),
        "trail": _rows(session, Audit, of_them, "action", "at"),
    }


def _rows(session: Session, table: Any, which: ColumnElement[bool], *columns: str) -> list[dict[str, Any]]:
    return [_of(row, *columns) for row in session.scalars(select(table).where(which))]


def _of(row: object, *columns: str) -> dict[str, Any]:
    values = ((column, getattr(row, column)) for column in columns)
    return {column: value.isoformat() if isinstance(value, datetime) else value for column, value in values}


def _is(column: Any, key: str) -> ColumnElement[bool]:
    """These keep an address as it stands on file."""
    return func.lower(column) == key


def _changed(key: str) -> ColumnElement[bool]:
    return or_(AddressChange.before == key, AddressChange.after == key)


def _letters_to(session: Session, key: str) -> list[dict[str, Any]]:
    """What the desk sent to them, on a ticket or on its own; of one that held a secret, that it was sent."""
    statement = (
        select(Letter, Ticket.number)
        .outerjoin(Ticket, Ticket.id == Letter.ticket_id)
        .where(Letter.recipient == key)
        .order_by(Letter.id)
    )
    return [shareable.letter(letter, number) for letter, number in session.execute(statement)]


def erase(sessions: Sessions, address: str, now: datetime, sign: Sign) -> Erased:
    """Take the person out of everything the desk keeps; all of it or nothing. `sign` is for the audit trail."""
    key = address.lower()
    with sessions.begin() as session:
        chats = _chats_of(session, key)
        owned = _tickets_of(session, key, chats)
        alone = [chat.address for chat in chats if chat.alone]
        keys, lanes = [key, *(chat.key for chat in alone)], [key, *map(place_of, alone)]
        letters = _count(session, delete(Letter).where(Letter.recipient.in_(keys) | Letter.ticket_id.in_(owned)))
        _drop_pages(session, key, owned)
        arrivals = _drop_arrivals(session, lanes, owned)
        messages = forgetting.tickets(session, owned) + _blank_elsewhere(session, keys)
        forgetting.rename(session, Participant.address.in_(keys))
        _drop_beside(session, key, keys, lanes)
        for one in keys:
            sealing.erase(session, sign, one, owned)
        told = {"who": "operator", "action": "person.erased", "detail": {"tickets": len(owned)}, "client_id": ""}
        session.add(Audit(id=new_id(), at=now, **told))
        drop_orphans(session, now)
        find.forget_clients(session)
    find.compact(sessions)
    return Erased(len(owned), messages, letters, arrivals)


def _drop_beside(session: Session, key: str, keys: Sequence[str], lanes: Sequence[str]) -> None:
    """What stands on no ticket of theirs; a stop of their account goes on, without naming who asked for it."""
    session.execute(delete(KnownAddress).where(KnownAddress.address.in_(keys)))
    session.execute(delete(Dialog).where(Dialog.address.in_(keys) | Dialog.place.in_(lanes)))
    session.execute(delete(ChatLink).where(ChatLink.email == key))
    for table in (Subscription, ArticleFeedback, SentNotice):
        _count(session, delete(table).where(_is(table.address, key)))
    _count(session, delete(AddressChange).where(_changed(key)))
    _count(session, delete(SenderRule).where(SenderRule.sender.in_(keys)))
    _count(session, update(Rating).where(_is(Rating.address, key)).values(address=NOBODY, comment=""))
    for held in session.scalars(select(AccountHold)):
        held.reason = ERASED if key in held.reason.lower() else held.reason


def _drop_pages(session: Session, key: str, owned: Sequence[int]) -> None:
    """Pages that open once, of the accounts on whose tickets and chats they were."""
    people = {*session.execute(select(Ticket.client_id, Ticket.contact_id).where(Ticket.id.in_(owned)))}
    links = select(ChatLink.client_id, ChatLink.contact_id).where(ChatLink.email == key)
    for client_id, contact_id in people | {*session.execute(links)}:
        mine = OneTimeLink.client_id == client_id, OneTimeLink.contact_id == contact_id
        session.execute(delete(OneTimeLink).where(OneTimeLink.client_id != "", *mine))


def drop_orphans(session: Session, before: datetime) -> int:
    """Bytes that no message and no attachment uses any more, and nobody stored again since."""
    used = select(Arrival.raw_sha256).union(select(TicketAttachment.sha256))
    return _count(session, delete(Blob).where(Blob.stored_at < before, Blob.sha256.not_in(used)))


def _tickets_of(session: Session, key: str, chats: Sequence[_Chat]) -> list[int]:
    """Tickets that this person opened; on others they are only one of several."""
    with_role = select(Participant.ticket_id).join(Ticket, Ticket.id == Participant.ticket_id)
    asks = Participant.role == "requester"
    found = set(session.scalars(with_role.where(Participant.address == key, asks)))
    for chat in chats:
        here = with_role.where(Participant.address == chat.address.key, Participant.channel == chat.address.channel)
        names_them = (Ticket.client_id == "") & func.lower(Ticket.subject).contains(key, autoescape=True)
        mine = chat.theirs and (or_(*chat.theirs, names_them),)
        found.update(session.scalars(here.where(asks, *mine)))
        found.update(session.scalars(here.where(*_left_behind(chat))))
    return sorted(found)


def _left_behind(chat: _Chat) -> Sequence[ColumnElement[bool]]:
    """Opened from a chat that was unlinked since: it is on them no more than as somebody unverified."""
    other = aliased(Participant)
    asks = select(other.id).where(other.ticket_id == Ticket.id, other.role == "requester")
    theirs = Ticket.channel == chat.address.channel, Ticket.client_id.in_(chat.clients)
    return (*theirs, Participant.role == "unverified", ~asks.exists())


def _blank_elsewhere(session: Session, keys: Sequence[str]) -> int:
    """What they said on other people's tickets."""
    ids = list(session.scalars(select(TicketMessage.id).where(TicketMessage.author.in_(keys))))
    nobody = {"author": NOBODY, "author_name": ERASED}
    _count(session, update(TicketMessage).where(TicketMessage.id.in_(ids)).values(**nobody))
    return forgetting.blank(session, TicketMessage.id.in_(ids))


def _drop_arrivals(session: Session, lanes: Sequence[str], owned: Sequence[int]) -> int:
    """What they sent, what staff sent on their tickets, and what is noted of the acts that came of it."""
    done = Arrival.state.in_(("done", "shelved"))
    theirs = Arrival.conversation.in_(lanes) | Arrival.ticket_id.in_(owned)
    asked = Dialog.address.in_(lanes) | Dialog.place.in_(lanes) | Dialog.ticket_id.in_(owned)
    for ids in (select(Arrival.id).where(theirs, done), select(Dialog.id).where(asked)):
        _count(session, delete(JournalEntry).where(JournalEntry.arrival_id.in_(ids)))
    return _count(session, delete(Arrival).where(theirs, done))


def _count(session: Session, statement: Any) -> int:
    return int(session.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]
