"""From an address and its proof to a person, and to how far we believe that they wrote it.

A contradiction never averages: the reply address of one person under the From of another is the lowest of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core import addresses, chatlinks, entities
from core.messages import EMAIL, Address, InboundMessage
from core.people import ALL_PERMISSIONS, Assurance, Principal
from core.ports import AccountHolder, Billing
from core.understanding import Heard

_ACCOUNT = re.compile(r"(?:\baccount\s*#?|\[|\bclient\s*#?)(\d{1,10})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the desk sees it. `linked_by` names the staff member who said whose this unproved address is."""

    address: Address
    who: Principal
    linked_by: str = ""


def identify(
    session: Session, billing: Billing, message: InboundMessage, language: str, *, client_id: str = ""
) -> Sender:
    """The person whose address on file this is. Their assurance is L1 at most here; a reply address raises it.

    An address can stand for several accounts: `client_id` is the one that the ticket or question is about.
    """
    if message.sender.channel != EMAIL:
        return _in_chat(session, billing, message, language, client_id)
    holders = billing.holders(message.sender.value)
    level = Assurance.ADDRESS if message.proof.verified and not message.proof.ambiguous else Assurance.NONE
    known = addresses.known(session, message.sender.key)
    if holders:
        usual = known.client_id if known is not None else ""
        holder = holders[0] if len(holders) == 1 else _meant(billing, holders, message, client_id, usual)
        return Sender(message.sender, principal(holder, level, language))
    if known is not None and known.client_id:
        # Somebody else's word about an address is a hint for staff, never an identity.
        holder = AccountHolder(billing.client(known.client_id))
        who = principal(holder, Assurance.NONE, language)
        return Sender(message.sender, who, linked_by=known.linked_by)
    return Sender(message.sender, Principal(name=message.sender.name or message.sender.value, language=language))


def in_their_language(sender: Sender, heard: Heard, desk_language: str) -> Sender:
    """Whoever writes in another language that we speak is answered in it, whatever is on file.

    The desk's own language says little of its writer: whoever has German on file and writes English there gets German.
    """
    if not heard.sure_of_language or heard.foreign or heard.language == desk_language.partition("-")[0]:
        return sender
    return replace(sender, who=replace(sender.who, language=heard.language))


def _in_chat(session: Session, billing: Billing, message: InboundMessage, language: str, client_id: str) -> Sender:
    """Whom the chat is linked to: L2 in private, L1 where others read it too. Everybody else is a stranger."""
    stranger = Principal(name=message.sender.name or message.sender.value, language=language)
    if not message.proof.verified or message.proof.ambiguous:
        return Sender(message.sender, stranger)
    holders = chatlinks.holders(session, billing, message.sender, message.received)
    if not holders:
        return Sender(message.sender, stranger)
    usual = chatlinks.chosen(session, message.sender, message.received)
    holder = holders[0] if len(holders) == 1 else _meant(billing, holders, message, client_id, usual)
    level = Assurance.ADDRESS if message.shared else Assurance.CONVERSATION
    return Sender(message.sender, replace(principal(holder, level, language), in_chat=True))


def _meant(
    billing: Billing, holders: Sequence[AccountHolder], message: InboundMessage, client_id: str, usual: str
) -> AccountHolder:
    """Which of several accounts: that of the ticket, the one named, the one whose domain is named, the usual one."""
    text = f"{message.subject}\n{message.text}"
    named = _ACCOUNT.findall(text)
    for wanted in (client_id, *named):
        for holder in holders:
            if wanted and holder.client.id == wanted:
                return holder
    names = set(entities.domains(text))
    for holder in holders:
        if names and names & {domain.name for domain in billing.domains(holder.client.id) if domain.held}:
            return holder
    return next((holder for holder in holders if holder.client.id == usual), holders[0])


def principal(holder: AccountHolder, level: Assurance, language: str) -> Principal:
    client, contact = holder.client, holder.contact
    return Principal(
        name=contact.name if contact else client.name,
        client_id=client.id,
        contact_id=contact.id if contact else "",
        email=contact.email if contact else client.email,
        permissions=contact.permissions if contact else ALL_PERMISSIONS,
        assurance=level,
        language=client.language or language,
    )
