"""The acknowledgement of a new ticket: once, in the client's language, never to robots, never an echo to strangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.articles import SURE, fitting
from core.messages import EMAIL, Address, InboundMessage, Reply, say
from core.models import Audit, Participant, Ticket
from core.people import Assurance, Principal
from core.ports import Article
from core.post import ACKNOWLEDGEMENT, STRANGER
from core.redaction import without_secrets
from core.surroundings import Step

REMOVED = "secret.removed"
PAUSE = timedelta(minutes=10)
"""So long a chat may be silent until it is said again where a line goes."""


def acknowledge(
    step: Step,
    ticket: Ticket,
    requester: Participant,
    who: Principal,
    assurance: Assurance,
    *,
    continues: Ticket | None = None,
) -> bool:
    """Write the acknowledgement if one may be written (RFC 3834, our limits). True if it was.

    `continues` is the ticket that they answered, and that was closed too long ago to be opened again.
    """
    if ticket.acknowledged or not step.message.may_answer:
        return False
    proved = who.known and assurance >= Assurance.ADDRESS
    kind = ACKNOWLEDGEMENT if who.known else STRANGER
    if not step.post.may_say(kind, requester.address, ticket, channel=requester.channel):
        return False
    by_mail = requester.channel == EMAIL
    if by_mail and not proved and not step.post.once_a_day(kind, requester.address):
        return False
    ticket.acknowledged = True
    template = "acknowledgement" if who.known else "acknowledgement_stranger"
    if not by_mail:
        template = "chat_ticket" if who.known else "chat_stranger"
    article = _article(step, ticket) if who.known else None
    step.post.to_participant(
        ticket,
        requester,
        (
            say(template, ticket=ticket, name=who.name if proved else "", department=ticket.department),
            *((say("acknowledgement_continues", number=continues.number),) if continues else ()),
            *((say("acknowledgement_article", article=article),) if article else ()),
            *left_out(step, ticket, who),
        ),
        kind=kind,
        automatic=True,
        language=ticket.language,
        echo=proved,
        in_reply_to=step.message.id,
    )
    return True


def tell_of_ticket(step: Step, ticket: Ticket, who: Principal) -> None:
    """Whoever writes in a chat is told that a person reads it now, and on which ticket; not after each line."""
    sender = step.message.sender
    if sender.channel == EMAIL or not step.message.may_answer:
        return
    if not step.post.may_say(ACKNOWLEDGEMENT, sender.key, ticket, channel=sender.channel):
        return
    now = step.around.clock()
    if ticket.acknowledged and step.post.said_lately((ACKNOWLEDGEMENT, STRANGER), sender.key, ticket, now - PAUSE):
        return
    ticket.acknowledged = True
    person = step.tickets.participant(ticket, sender, "unverified")
    if person.role == "unverified":
        return
    step.post.to_participant(
        ticket,
        person,
        (say("chat_ticket", ticket=ticket, department=ticket.department),),
        kind=ACKNOWLEDGEMENT,
        automatic=True,
        language=who.language,
        in_reply_to=step.message.id,
    )


def _article(step: Step, ticket: Ticket) -> Article | None:
    """What may help until a person answers; nothing for somebody in need, and nothing that hardly fits."""
    if step.heard.urgent or step.heard.foreign:
        return None
    articles = step.around.systems.library.articles()
    return next(iter(fitting(articles, step.message.text, ticket.language, share=SURE)), None)


def tell_of_left_out(step: Step, ticket: Ticket, person: Participant, who: Principal) -> None:
    """What was not kept of a message that is not acknowledged; does nothing where its sender was told already."""
    message = step.message
    if not (message.refused or _holds_secret(message)) or not message.may_answer:
        return
    may = step.post.may_say(ACKNOWLEDGEMENT, person.address, ticket, channel=person.channel)
    if may and (told := left_out(step, ticket, who)):
        step.post.to_participant(
            ticket,
            person,
            told,
            kind=ACKNOWLEDGEMENT,
            automatic=True,
            language=ticket.language,
            in_reply_to=message.id,
        )


def tell_of_removed_secret(step: Step, ticket: Ticket, sender: Address, who: Principal) -> None:
    """The same of secrets alone, whatever became of the message, where nothing written to them has said so."""
    if not who.known or not _holds_secret(step.message):
        return
    person = step.tickets.participant(ticket, sender, "unverified")
    if person.role != "unverified":
        tell_of_left_out(replace(step, message=replace(step.message, refused=())), ticket, person, who)


def left_out(step: Step, ticket: Ticket, who: Principal) -> tuple[Reply, ...]:
    """Files and secrets that were not kept; strangers are not told, a robot could be one."""
    if not who.known or who.assurance < Assurance.ADDRESS:
        return ()
    files = (say("files_refused", files=step.message.refused),) if step.message.refused else ()
    return (*files, *removed_secret(step, ticket, who))


def removed_secret(step: Step, ticket: Ticket, who: Principal) -> tuple[Reply, ...]:
    """How to do it right, for a proved client who wrote a secret into a mail; told once a day."""
    if not who.known or who.assurance < Assurance.ADDRESS or not _holds_secret(step.message):
        return ()
    about, since = step.message.sender.key, step.around.clock() - timedelta(days=1)
    if step.tickets.times(REMOVED, ticket.client_id, about, since) or _noted_now(step, about):
        return ()
    step.tickets.audit(ticket, about, REMOVED, about=about)
    return (say("secret_removed"),)


def _holds_secret(message: InboundMessage) -> bool:
    return any(without_secrets(text) != text for text in (message.text, message.subject))


def _noted_now(step: Step, about: str) -> bool:
    """In this walk or another of its batch: not written yet."""
    waiting = (row for row in step.session.new if isinstance(row, Audit))
    return any(row.action == REMOVED and row.about == about for row in waiting)
