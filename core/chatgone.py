"""A letter that no chat takes any more: the same goes by mail to the address on file, and the link is marked."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core import chatlinks
from core.messages import EMAIL, Address, say
from core.models import ChatLink, Letter, Participant, Ticket
from core.outbox import Taken
from core.post import Post
from core.surroundings import Surroundings
from core.tickets import Tickets


def by_mail(session: Session, around: Surroundings, taken: Taken, reason: str, *, gone: bool) -> None:
    """`gone`: the chat can't be written to at all, until its person writes from there again."""
    letter = session.get(Letter, taken.id)
    if letter is None:
        return
    tickets = Tickets(session, around.desk, around.clock)
    links = chatlinks.links_of(session, Address(letter.channel, letter.recipient))
    if gone:
        for link in links:
            link.unreachable = reason[:2000]
    ticket = session.get(Ticket, letter.ticket_id) if letter.ticket_id else None
    whose = _whose(links, ticket)
    if ticket is not None:
        where = f"; sent to {whose.email} instead" if whose and letter.text else ""
        words = f"A message ({letter.kind}) could not be delivered in {letter.channel}: {reason[:500]}{where}"
        tickets.add_own(ticket, words, kind="event")
        tickets.audit(ticket, around.desk.address, "letter.chat_gone", letter=str(letter.id), gone=gone)
    if whose is not None and letter.text:
        post = Post(session, around.desk, around.tokens, around.composers, around.clock)
        _again(post, tickets, letter, whose, ticket)


def _whose(links: list[ChatLink], ticket: Ticket | None) -> ChatLink | None:
    """The link that the letter was written for; without a ticket any, for then it is about the chat itself."""
    if ticket is None:
        return links[0] if links else None
    return next((link for link in links if link.client_id == ticket.client_id), None)


def _again(post: Post, tickets: Tickets, letter: Letter, link: ChatLink, ticket: Ticket | None) -> None:
    language = ticket.language if ticket is not None else post.desk.language
    reply = say("chat_gone", text=letter.text, channel=letter.channel)
    if ticket is None:
        post.alone(Address(EMAIL, link.email), reply, kind=letter.kind, language=language)
        return
    part = post.session.get(Participant, letter.participant_id) if letter.participant_id else None
    mailbox = tickets.participant(ticket, Address(EMAIL, link.email, part.name if part else ""), "cc")
    post.to_participant(ticket, mailbox, (reply,), kind=letter.kind, automatic=letter.automatic, language=language)
