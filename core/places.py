"""Where what the desk says goes: into the private chat it was asked in, to the address on file, or into a room.

A secret, and the address of a page that opens once, never stand in a chat: such a letter goes to the address on file,
and the chat is told so. One person gets one letter, at the place where they wrote last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from core import chatlinks
from core.messages import EMAIL, TERMINAL, Address, Reply, place_of, say
from core.models import ChatLink, Participant, Ticket, TicketMessage
from core.people import Principal
from core.post import Composed, MailOnly
from core.surroundings import Step


def address_of(step: Step, who: Principal) -> Address:
    """Where this person is answered: the private chat that they write from if it is theirs, else the address on file.

    A stranger has only the one they wrote from.
    """
    sender = step.message.sender
    if not who.email or (sender.channel != EMAIL and who.in_chat):
        return sender
    return Address(EMAIL, who.email, who.name)


def home(step: Step, ticket: Ticket, who: Principal) -> Participant:
    """The same as a participant of the ticket, to which it joins them."""
    return step.tickets.participant(ticket, address_of(step, who), "cc")


def chat_of(step: Step, who: Principal) -> str:
    """The private chat in which a question is put and may be answered, "" when it is put by mail."""
    address = address_of(step, who)
    return place_of(address) if address.channel != EMAIL else ""


def closing(step: Step, who: Principal) -> tuple[Reply, ...]:
    """What stands below an answer by mail; in a chat one just goes on writing."""
    return () if chat_of(step, who) else (say("any_questions"),)


def tell(
    step: Step, ticket: Ticket, person: Participant, who: Principal, replies: Sequence[Reply], **how: Any
) -> Composed:
    """A letter (`how` as in Post.to_participant); what must not stand in a chat goes to the address on file."""
    if step.in_room and step.message.room:
        room = Address(step.message.sender.channel, step.message.room)
        return step.post.alone(room, *replies, kind=how["kind"], language=how["language"], ticket=ticket)
    try:
        return step.post.to_participant(ticket, person, (*_speaking_for(step, person, who), *replies), **how)
    except MailOnly:
        if not who.email:
            raise
    mailbox = Address(EMAIL, who.email, who.name)
    composed = step.post.alone(mailbox, *replies, kind=how["kind"], language=how["language"], ticket=ticket)
    step.post.to_participant(ticket, person, (say("chat_sent_by_mail", sent_to=who.email),), **how)
    return composed


def _speaking_for(step: Step, person: Participant, who: Principal) -> tuple[Reply, ...]:
    """Whoever has several accounts in one chat reads which one this is about."""
    if person.channel in (EMAIL, TERMINAL) or not who.in_chat:
        return ()
    chat = Address(person.channel, person.address)
    if len({link.client_id for link in chatlinks.links_of(step.session, chat)}) < 2:
        return ()
    return (say("chat_account", client=step.around.billing.client(who.client_id)),)


def readers(step: Step, ticket: Ticket) -> list[Participant]:
    """Who reads what staff say: each person once, where they wrote last, and by mail where a chat can't be reached."""
    people = [part for part in step.tickets.participants(ticket) if part.role in ("requester", "cc")]
    links = _links(step, ticket, people)
    if not links:
        return [part for part in people if part.channel in step.post.composers]
    chosen: list[Participant] = []
    for part in people:
        link = links.get(part.id)
        if link is None:
            mailboxes = {one.email for one in links.values()}
            if part.channel != EMAIL or part.address not in mailboxes:
                chosen.append(part)
            continue
        mailbox = next((one for one in people if one.channel == EMAIL and one.address == link.email), None)
        if _by_mail(step, ticket, part, link, mailbox):
            part = mailbox or step.tickets.participant(ticket, Address(EMAIL, link.email, part.name), "cc")
        if part not in chosen:
            chosen.append(part)
    return chosen


def _links(step: Step, ticket: Ticket, people: Sequence[Participant]) -> dict[int, ChatLink]:
    """The link of each participant who is in a chat for the ticket's account."""
    if not ticket.client_id or all(part.channel == EMAIL for part in people):
        return {}
    links = {(link.channel, link.chat): link for link in chatlinks.of_account(step.session, ticket.client_id)}
    return {part.id: links[part.channel, part.address] for part in people if (part.channel, part.address) in links}


def _by_mail(step: Step, ticket: Ticket, chat: Participant, link: ChatLink, mailbox: Participant | None) -> bool:
    if link.unreachable or chat.channel not in step.post.composers:
        return True
    return mailbox is not None and _last_word(step, ticket, mailbox) > _last_word(step, ticket, chat)


def _last_word(step: Step, ticket: Ticket, part: Participant) -> int:
    """The key of the last thing that they said on it, 0 if nothing."""
    said = select(func.max(TicketMessage.id)).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.author == part.address
    )
    return step.session.scalar(said) or 0
