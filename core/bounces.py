"""Mail of ours that did not arrive: a delivery report, or our own smarthost's no.

Reports are as easy to forge as any mail: one counts only with the return path or the Message-ID that we signed for
that letter, and for two weeks. It never opens a ticket, never reopens one, and is never answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import addresses
from core.clock import Clock
from core.desk import Desk
from core.messages import FailedDelivery, InboundMessage
from core.models import Letter, Ticket
from core.surroundings import Outcome, Step
from core.tickets import Tickets
from core.tokens import TokenKind, Tokens

MAX_AGE = timedelta(days=14)


def record(step: Step) -> Outcome:
    """Note the failures of a report on its letter, its ticket and its address."""
    letter = _letter(step.session, step.around.tokens, step.message)
    now = step.around.clock()
    if letter is None or now - letter.created_at > MAX_AGE:
        return Outcome("bounce")
    report = step.message.report
    failures = report.failed if report else ()
    for failure in failures or (FailedDelivery(letter.recipient, permanent=False),):
        _note(step.session, step.tickets, letter, failure, now)
    ticket = step.session.get(Ticket, letter.ticket_id) if letter.ticket_id else None
    return Outcome("bounce", ticket)


def refused(session: Session, desk: Desk, clock: Clock, letter_id: int, reason: str) -> None:
    """Our smarthost said no for good: the same marks as a bounce."""
    letter = session.get(Letter, letter_id)
    if letter is not None:
        failure = FailedDelivery(letter.recipient, permanent=True, diagnostic=reason)
        _note(session, Tickets(session, desk, clock), letter, failure, clock())


def _letter(session: Session, tokens: Tokens, message: InboundMessage) -> Letter | None:
    token = tokens.read_address(message.recipient)
    if token is not None and token.kind is TokenKind.BOUNCE:
        return session.get(Letter, token.id)
    original = message.report.original_message_id if message.report else ""
    if original and tokens.read_message_id(original) is not None:
        # The token alone would do for every letter to the same reader: the whole id must be that letter's own.
        letter = session.get(Letter, int(original.partition(".")[0], 36))
        return letter if letter is not None and letter.message_id == original else None
    return None


def _note(session: Session, tickets: Tickets, letter: Letter, failure: FailedDelivery, now: datetime) -> None:
    said = " ".join(part for part in (failure.status, failure.diagnostic) if part) or "no reason was given"
    letter.bounced = said[:2000]
    if failure.permanent:
        _mark_undeliverable(session, letter.recipient, said, now)
    ticket = session.get(Ticket, letter.ticket_id) if letter.ticket_id else None
    if ticket is not None:
        word = "could not be delivered" if failure.permanent else "is delayed"
        tickets.add_own(ticket, f"A mail ({letter.kind}) to {letter.recipient} {word}: {said[:500]}", kind="event")
        tickets.audit(ticket, "delivery report", "letter.bounced", letter=str(letter.id), permanent=failure.permanent)


def _mark_undeliverable(session: Session, address: str, said: str, now: datetime) -> None:
    known = addresses.noted(session, address)
    known.undeliverable = said[:2000]
    known.undeliverable_at = now


def alive(session: Session, address: str) -> None:
    """A person wrote from there: mail may be sent to it again."""
    known = addresses.known(session, address)
    if known is not None and known.undeliverable:
        known.undeliverable = ""
        known.undeliverable_at = None
