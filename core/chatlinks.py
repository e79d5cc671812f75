"""Which chat accounts speak for whom: the rows behind linking, and how they end.

A link counts while the contact exists and the address that proved it is still on file. Who is linked is asked at each
line, so that a contact who was removed, or whose address was changed, is a stranger from that moment on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.addresschange import COOLED
from core.ids import new_id
from core.intents import Intent
from core.messages import Address, mailbox_at, place_of
from core.models import ChatLink, Dialog, Letter, Participant, Ticket
from core.people import Principal, Risk
from core.ports import AccountHolder, Billing

COOLING = timedelta(days=7)
"""After a new link, what hands over a domain or a secret waits for a person when it is asked for there."""
WHY = "their chat account was linked within the last days, so make sure first that it is them"
UNUSED = timedelta(days=180)
CHOSEN_FOR = timedelta(hours=12)


def links_of(session: Session, chat: Address) -> list[ChatLink]:
    """Those of a chat account that were not ended, the one chosen or used last first."""
    rows = session.scalars(
        select(ChatLink).where(
            ChatLink.channel == chat.channel, ChatLink.chat == chat.value, ChatLink.ended_at.is_(None)
        )
    )
    return sorted(rows, key=lambda link: link.chosen_at or link.since, reverse=True)


def of_account(session: Session, client_id: str) -> list[ChatLink]:
    statement = select(ChatLink).where(ChatLink.client_id == client_id, ChatLink.ended_at.is_(None))
    return list(session.scalars(statement.order_by(ChatLink.id)))


def holder_of(billing: Billing, link: ChatLink, now: datetime) -> AccountHolder | None:
    """Whom a link speaks for now; None when it counts no more."""
    if link.used_at < now - UNUSED:
        return None
    for holder in billing.holders(link.email):
        if (holder.client.id, holder.contact.id if holder.contact else "") == (link.client_id, link.contact_id):
            return holder
    return None


def holders(session: Session, billing: Billing, chat: Address, now: datetime) -> list[AccountHolder]:
    """Everybody that a private chat speaks for, the one chosen last first."""
    if mailbox := mailbox_at(chat):
        return list(billing.holders(mailbox))
    found = (holder_of(billing, link, now) for link in links_of(session, chat))
    return [holder for holder in found if holder is not None]


def chosen(session: Session, chat: Address, now: datetime) -> str:
    """The account that was picked there within the last hours, "" for none."""
    links = links_of(session, chat)
    lately = [link for link in links if link.chosen_at is not None and link.chosen_at > now - CHOSEN_FOR]
    return lately[0].client_id if lately else ""


def choose(session: Session, chat: Address, client_id: str, now: datetime) -> None:
    for link in links_of(session, chat):
        link.chosen_at = now if link.client_id == client_id else None


def link_to(session: Session, chat: Address, holder: AccountHolder, now: datetime) -> ChatLink:
    """From now on this chat speaks for them."""
    contact_id = holder.contact.id if holder.contact else ""
    email = (holder.contact.email if holder.contact else holder.client.email).lower()
    row = session.scalar(
        select(ChatLink).where(
            ChatLink.channel == chat.channel,
            ChatLink.chat == chat.value,
            ChatLink.client_id == holder.client.id,
            ChatLink.contact_id == contact_id,
        )
    )
    if row is None:
        row = ChatLink(id=new_id(), channel=chat.channel, chat=chat.value, ended_by="")
        row.client_id, row.contact_id = holder.client.id, contact_id
        session.add(row)
    row.name, row.email, row.since, row.used_at = chat.name[:200], email, now, now
    row.ended_at, row.ended_by, row.unreachable, row.chosen_at = None, "", "", now
    return row


def seen(session: Session, chat: Address, now: datetime) -> None:
    """Somebody wrote from there: it can be reached, and the link is in use."""
    for link in links_of(session, chat):
        link.unreachable = ""
        if now - link.used_at > timedelta(hours=1):
            link.used_at = now


def end(session: Session, link: ChatLink, who: str, now: datetime) -> None:
    """It speaks for them no more, and reads nothing of theirs from now on: questions, letters and tickets included."""
    link.ended_at, link.ended_by = now, who[:320]
    place = place_of(Address(link.channel, link.chat))
    own = select(Ticket.id).where(Ticket.client_id == link.client_id)
    for dialog in session.scalars(
        select(Dialog).where(Dialog.place == place, Dialog.client_id == link.client_id, Dialog.state == "pending")
    ):
        dialog.state = "superseded"
    for letter in session.scalars(
        select(Letter).where(
            Letter.recipient == link.chat,
            Letter.channel == link.channel,
            Letter.state == "new",
            Letter.ticket_id.in_(own),
        )
    ):
        letter.state, letter.error, letter.text = "failed", "the chat was unlinked", ""
    for part in session.scalars(
        select(Participant).where(
            Participant.address == link.chat, Participant.channel == link.channel, Participant.ticket_id.in_(own)
        )
    ):
        part.role = "unverified"
        part.generation += 1


def waits_for_a_person(session: Session, chat: Address, who: Principal, intent: Intent, now: datetime) -> bool:
    """Is it too soon after linking this chat for this?"""
    if not who.in_chat or intent.safe or not (intent.risk is Risk.SECRET or intent.name in COOLED):
        return False
    return any(
        link.client_id == who.client_id and link.contact_id == who.contact_id and link.since > now - COOLING
        for link in links_of(session, chat)
    )


@dataclass(frozen=True, slots=True)
class Linked:
    """A linked chat account, as its people see it."""

    key: str
    channel: str
    name: str
    since: datetime
    used: datetime
    person: str
    own: bool
    """Is it their own, not that of a contact of theirs?"""
    here: bool
    """Is it the chat that they write from?"""
    unreachable: bool


def seen_by(session: Session, billing: Billing, who: Principal, chat: Address, now: datetime) -> Sequence[Linked]:
    """The links that they may see and end: the owner all of the account, a contact their own."""
    found = []
    for link in of_account(session, who.client_id):
        holder = holder_of(billing, link, now)
        if holder is None or not (who.owner or link.contact_id == who.contact_id):
            continue
        found.append(
            Linked(
                key=place_of(Address(link.channel, link.chat)),
                channel=link.channel,
                name=link.name,
                since=link.since,
                used=link.used_at,
                person=holder.contact.name if holder.contact else holder.client.name,
                own=link.contact_id == who.contact_id,
                here=(link.channel, link.chat) == (chat.channel, chat.value),
                unreachable=bool(link.unreachable),
            )
        )
    return found
