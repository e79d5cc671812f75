"""An address on file is changed with the word of two mailboxes, and for a while after it less is believed.

The code goes to the address on file, the question whether mails may come there to the new one; only that mailbox can
say yes. The old address is told, and for `BACK` it undoes the change with one word. Whoever took over a mailbox, or an
account, gains little: for `COOLING` secrets and unlocks wait for a person, and for `WATCHING` what the owner is warned
of is written to the old address as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ids import new_id
from core.intents import Intent
from core.messages import Request
from core.models import AddressChange, Dialog, Participant, Ticket
from core.people import ALL_PERMISSIONS, Assurance, Principal, Risk
from core.ports import Client, Contact, Systems

COOLING = timedelta(days=7)
BACK = timedelta(days=7)
WATCHING = timedelta(days=30)

OWN, CONTACT_S = "account.change_email", "contacts.change_email"
"""What asks for it: of one's own address, and the owner of a contact's."""
BY_TWO_MAILBOXES = frozenset([OWN, CONTACT_S])
COOLED = BY_TWO_MAILBOXES | {"domain.unlock", "domain.contact_update"}
"""What waits for a person beside every secret."""
WHY = "their e-mail address was changed within the last days, so make sure first that it is them"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose address it is: the owner's (`contact` is None) or that contact's."""

    client: Client
    contact: Contact | None = None

    @property
    def email(self) -> str:
        return self.contact.email if self.contact else self.client.email

    @property
    def contact_id(self) -> str:
        return self.contact.id if self.contact else ""

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else self.client.name


def new_mailbox(request: Request) -> str:
    """The address that has to agree to a request, "" for every other request."""
    return next(iter(request.words.get("email", ())), "") if request.intent in BY_TWO_MAILBOXES else ""


def new_ones(systems: Systems, who: Principal, named: tuple[str, ...]) -> tuple[str, ...]:
    """Of the addresses that a request names, those that the account has not got: "from a@… to b@…" means b@…."""
    known = {systems.billing.client(who.client_id).email.lower()}
    known |= {contact.email.lower() for contact in systems.billing.contacts(who.client_id)}
    return tuple(email for email in named if email.lower() not in known) or named


def waits_for_a_person(session: Session, who: Principal, intent: Intent, now: datetime) -> bool:
    """Is it too soon after a change of their address, or of the owner's, for this?"""
    if intent.safe or not (intent.risk is Risk.SECRET or intent.name in COOLED):
        return False
    return any(change.contact_id in ("", who.contact_id) for change in since(session, who.client_id, now - COOLING))


def since(session: Session, client_id: str, moment: datetime) -> Sequence[AddressChange]:
    return session.scalars(
        select(AddressChange).where(AddressChange.client_id == client_id, AddressChange.at > moment)
    ).all()


def warned_as_well(session: Session, client_id: str, address: str, now: datetime) -> list[str]:
    """Earlier addresses of the same person, to whom a warning to `address` goes too."""
    changes = since(session, client_id, now - WATCHING)
    return [change.before for change in changes if change.after == address.lower() and change.before != change.after]


def former(session: Session, client_id: str, address: str, systems: Systems, now: datetime) -> Principal | None:
    """The person whose address this was until lately; good for taking something back, and for nothing else."""
    change = next((it for it in since(session, client_id, now - WATCHING) if it.before == address.lower()), None)
    if change is None:
        return None
    client = systems.billing.client(client_id)
    contact = next((one for one in systems.billing.contacts(client_id) if one.id == change.contact_id), None)
    return Principal(
        name=contact.name if contact else client.name,
        client_id=client.id,
        contact_id=change.contact_id,
        email=address,
        permissions=contact.permissions if contact else ALL_PERMISSIONS,
        assurance=Assurance.POSSESSION,
        language=client.language or "en",
    )


def holder_of(systems: Systems, who: Principal, request: Request) -> Holder:
    """Whose address a request changes, as the records stand now, before it or after. Raises LookupError."""
    client = systems.billing.client(who.client_id)
    if request.intent == OWN and not who.contact_id:
        return Holder(client)
    named = {word.lower() for slot in ("contact", "email") for word in request.words.get(slot, ())}
    for contact in systems.billing.contacts(client.id):
        if contact.id == who.contact_id if request.intent == OWN else contact.email.lower() in named:
            return Holder(client, contact)
    raise LookupError("this contact is not on the account any more")


def way_back(holder: Holder, before: str, after: str) -> Request:
    """What restores the address of before."""
    if holder.contact is None:
        return Request(OWN, {"email": (before,)})
    return Request(CONTACT_S, {"contact": (after,), "email": (before,)})


def changed(session: Session, holder: Holder, before: str, after: str, now: datetime) -> None:
    """Note it, and let tickets follow: what is said there from now on goes to the new address only."""
    session.add(
        AddressChange(
            id=new_id(),
            client_id=holder.client.id,
            contact_id=holder.contact_id,
            before=before.lower(),
            after=after.lower(),
            at=now,
        )
    )
    _move(session, holder.client.id, before.lower(), after.lower())


def taken_back(session: Session, client_id: str, before: str, after: str) -> None:
    """As if it had never been: warnings go to `before` alone again."""
    for change in session.scalars(
        select(AddressChange).where(
            AddressChange.client_id == client_id,
            AddressChange.before == before.lower(),
            AddressChange.after == after.lower(),
        )
    ):
        session.delete(change)
    _move(session, client_id, after.lower(), before.lower())


def _move(session: Session, client_id: str, old: str, new: str) -> None:
    """The person's places on their tickets, and an end to the questions that the old address could still answer.

    It writes, so it comes after every outside act.
    """
    session.flush()
    own = select(Ticket.id).where(Ticket.client_id == client_id)
    places = select(Participant).where(Participant.ticket_id.in_(own))
    there = {place.ticket_id: place for place in session.scalars(places.where(Participant.address == new))}
    for place in session.scalars(places.where(Participant.address == old)).all():
        if place.ticket_id in there:  # Both wrote there: the new one takes over, the old one is written to no more.
            there[place.ticket_id].role, place.role = place.role, "unverified"
        else:
            place.address = new
    open_questions = select(Dialog).where(
        Dialog.client_id == client_id, Dialog.address == old, Dialog.state == "pending", Dialog.kind != "undo"
    )
    for dialog in session.scalars(open_questions):
        dialog.state = "superseded"
    session.flush()
