"""What is said to the client: to whom it goes, with which files, and what of ours must not be in it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from email.utils import parseaddr

from sqlalchemy import select

from core import blobs, places
from core.messages import EMAIL, Attachment, say
from core.models import Letter, Participant, Ticket, TicketAttachment, TicketMessage
from core.post import LOOP_MARK
from core.staff.held import Problem
from core.staff.verbs import Work
from core.surroundings import Step
from core.tokens import TokenKind

TO_STAFF = (TokenKind.STAFF_PUBLIC, TokenKind.STAFF_NOTE)
_TOKEN = re.compile(r"[a-z2-7]{20,60}")
_TELLING = 12
"""Letters of a line that say where it is from; a shorter one may be anybody's."""


def problems(step: Step, ticket: Ticket, text: str) -> list[Problem]:
    """Why it cannot go to the client as it is."""
    if _quotes_us(step, text):
        return [Problem("quotes_notice")]
    return [] if places.readers(step, ticket) else [Problem("nobody_reads")]


def _quotes_us(step: Step, text: str) -> bool:
    """Is one of our letters to staff in it, as a quote that was not recognized or as a mail attached whole?

    Such a letter says what the client has, how far they are believed, and what colleagues said.
    """
    tokens, mark = step.around.tokens, step.around.tokens.mark(LOOP_MARK).encode()
    signed = (tokens.read(word) for word in _TOKEN.findall(text))
    whole = (file for file in step.message.attachments if file.media_type.startswith("message/"))
    return (
        any(one is not None and one.kind in TO_STAFF for one in signed)
        or any(mark in one.content for one in whole)
        or _quotes_lines(step, text)
    )


def _quotes_lines(step: Step, text: str) -> bool:
    """Who answers between the lines may leave some of ours standing there."""
    quoted = [_squeezed(line) for line in text.splitlines() if line.lstrip().startswith(">")]
    if not any(len(line) >= _TELLING for line in quoted):
        return False
    letters = select(Letter.payload).where(
        Letter.recipient == step.message.sender.key,
        Letter.channel == EMAIL,
        Letter.message_id.in_(step.message.in_reply_to),
    )
    ours = [_inside_of(step, payload) for payload in step.session.scalars(letters)]
    return any(len(line) >= _TELLING and line in letter for line in quoted for letter in ours)


def _inside_of(step: Step, payload: bytes) -> str:
    """What a letter to staff says beside the words of the client, which it quotes; of a note, all of it."""
    letter = email.message_from_bytes(payload, policy=email.policy.default)
    token = step.around.tokens.read_address(parseaddr(str(letter["Reply-To"]))[1])
    plain = letter.get_body(("plain",))
    lines = str(plain.get_content()).splitlines() if plain is not None else []
    about_note = token is not None and token.kind is TokenKind.STAFF_NOTE
    return "".join(_squeezed(line) for line in lines if about_note or not line.startswith(">"))


def _squeezed(line: str) -> str:
    """Mail programs wrap and indent anew."""
    return "".join(line.replace(">", "").split())


def send(work: Work) -> None:
    """To everybody who reads the ticket, each their own letter."""
    people = places.readers(work.step, work.ticket)
    files = _files(work)
    for person in people:
        others = [other.address for other in people if other is not person and other.channel == EMAIL]
        _send_to(work, person, others, files)


def _send_to(work: Work, person: Participant, others: Sequence[str], files: tuple[Attachment, ...]) -> None:
    step, ticket = work.step, work.ticket
    department = step.desk.department(ticket.department)
    signature = (department.signature or "{staff}\n{desk} {department}").format(
        staff=work.member.name, desk=step.desk.name, department=department.name
    )
    step.post.to_participant(
        ticket,
        person,
        (say("staff_reply", text=work.text, signature=signature, ticket=ticket),),
        kind="reply",
        automatic=False,
        language=ticket.language,
        in_reply_to=step.tickets.last_message_id(ticket, person.address),
        also_sent_to=tuple(others),
        attachments=files,
    )


def _files(work: Work) -> tuple[Attachment, ...]:
    """Mail programs attach the pictures of what they quote once more: those of earlier messages stay here."""
    files = work.step.message.attachments
    sums = {blobs.digest(one.content): one for one in files if one.inline}
    if not sums:
        return files
    earlier = (
        select(TicketAttachment.sha256)
        .join(TicketMessage, TicketMessage.id == TicketAttachment.message_id)
        .where(
            TicketMessage.ticket_id == work.ticket.id,
            TicketMessage.kind.in_(("public", "note")),
            TicketAttachment.sha256.in_(sums),
        )
    )
    quoted = [sums[one] for one in work.step.session.scalars(earlier)]
    return tuple(one for one in files if one not in quoted)
