"""Messages from the inbox, walked and committed: the bulkhead between them.

A batch shares one session and one commit; nothing of it is flushed before every walk is over, so that no write lock is
held while a mail is parsed, a template rendered or a registrar asked. Whatever goes wrong in a batch, it is rolled
back and each message is walked by itself: one message's failure is that message's alone.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import blobs, inbox, journal, replays
from core.errors import Unavailable, Uncertain
from core.ids import new_id
from core.inbox import ATTEMPTS, RETRY_AFTER, Claimed, TakenAway
from core.messages import Address, InboundMessage, say
from core.models import Ticket
from core.people import Principal
from core.post import Post
from core.staff import rooms, triggers
from core.surroundings import Outcome, Surroundings, step_of, translated
from core.tickets import Tickets
from core.walk import walk

log = logging.getLogger("helpdesk.walk")

BATCH_BYTES = 8 * 1024 * 1024
UNAVAILABLE_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30))


@dataclass(frozen=True, slots=True)
class Pipeline:
    around: Surroundings
    worker: str
    """Who claims: `host/process/number`, so that a dead worker's messages can be told from a living one's."""

    def work(self, limit: int = 16) -> int:
        """Walk what is due, at most `limit` messages; returns how many were taken."""
        claimed = inbox.claim(self.around.sessions, self.worker, self.around.clock(), limit)
        for batch in _by_size(claimed):
            self._walk_batch(batch)
        return len(claimed)

    def _walk_batch(self, batch: Sequence[Claimed]) -> None:
        if len(batch) == 1:
            self._walk_alone(batch[0])
            return
        try:
            with self.around.sessions() as session:
                for claimed in batch:
                    self._walk_one(session, claimed)
                self._commit(session)
        except Exception as error:  # the bulkhead: whoever it was, each is walked alone now
            log.info("batch=%d walked one by one: %s", len(batch), type(error).__name__)
            for claimed in batch:
                self._walk_alone(claimed)

    def _walk_alone(self, claimed: Claimed) -> None:
        try:
            with self.around.sessions() as session:
                self._walk_one(session, claimed)
                self._commit(session)
        except TakenAway:
            log.warning("message=%d taken over by another worker; this walk is dropped", claimed.id)
        except StaleDataError:
            self._again(claimed, "somebody changed the ticket at the same moment", ATTEMPTS + 2)
        except Unavailable as error:
            self._again(claimed, f"unavailable: {error}", len(UNAVAILABLE_AFTER) + 1, UNAVAILABLE_AFTER)
        except Uncertain as error:
            self._shelve(claimed, f"uncertain: {error}")
        except Exception as error:
            log.exception("message=%d attempt=%d failed", claimed.id, claimed.attempts)
            self._again(claimed, "".join(traceback.format_exception_only(error)).strip(), ATTEMPTS)

    def _walk_one(self, session: Session, claimed: Claimed) -> None:
        started = time.perf_counter()
        message = translated(self.around, session, claimed)
        message = replays.without_borrowed_proof(session, claimed, message, self.around.clock())
        step = step_of(self.around, session, claimed, message)
        outcome = walk(step)
        triggers.run(step, outcome)
        rooms.follow(step, outcome)
        self._finish_later(session, claimed, outcome, acted=bool(step.journal.asked))
        took = (time.perf_counter() - started) * 1000
        log.info(
            "message=%d channel=%s kind=%s result=%s took=%.1fms",
            claimed.id,
            claimed.channel,
            message.kind,
            outcome.result,
            took,
        )

    @staticmethod
    def _finish_later(session: Session, claimed: Claimed, outcome: Outcome, *, acted: bool) -> None:
        session.info.setdefault("finished", []).append((claimed, outcome, acted))

    @staticmethod
    def _commit(session: Session) -> None:
        """The one write: files, tickets, letters, and "done" for every message of the batch."""
        blobs.write(session)
        session.flush()
        for claimed, outcome, acted in session.info.pop("finished", []):
            inbox.finish(session, claimed, outcome.result, outcome.ticket.id if outcome.ticket else None)
            if acted:
                journal.forget(session, claimed.id)
        session.commit()

    def _again(self, claimed: Claimed, error: str, attempts: int, pauses: Sequence[timedelta] = RETRY_AFTER) -> None:
        if claimed.attempts >= attempts:
            self._shelve(claimed, error)
            return
        pause = pauses[min(claimed.attempts, len(pauses)) - 1]
        try:
            with self.around.sessions() as session:
                inbox.again(session, claimed, error, self.around.clock() + pause)
                session.commit()
        except TakenAway:
            log.warning("message=%d taken over by another worker", claimed.id)

    def _shelve(self, claimed: Claimed, error: str) -> None:
        """Quarantine: the raw bytes stay, a ticket tells staff, `helpdesk queue retry` walks it again."""
        try:
            with self.around.sessions() as session:
                ticket = _ticket_about(self.around, session, claimed, error)
                session.flush()
                inbox.shelve(session, claimed, error, ticket.id)
                session.commit()
        except TakenAway:
            log.warning("message=%d taken over by another worker", claimed.id)
        except Exception:
            # Not even the ticket can be written (a broken template): the message must not be lost for that.
            log.exception("message=%d shelved without a ticket", claimed.id)
            with self.around.sessions() as session:
                inbox.shelve(session, claimed, error)
                session.commit()


def _by_size(claimed: Sequence[Claimed]) -> list[list[Claimed]]:
    """Batches that do not hold too many bytes in memory at once."""
    batches: list[list[Claimed]] = []
    size = 0
    for message in claimed:
        if not batches or size + message.size > BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(message)
        size += message.size
    return batches


def _ticket_about(around: Surroundings, session: Session, claimed: Claimed, error: str) -> Ticket:
    desk = around.desk
    sender = Address(claimed.channel, str(claimed.envelope.get("mail_from") or claimed.conversation))
    message = InboundMessage(
        id=f"{new_id()}@{desk.domain}",
        sender=Address("email", desk.address, desk.name),
        recipient=claimed.recipient,
        text=f"A message from {sender.value} to {claimed.recipient} could not be processed: {error[:500]}\n\n"
        f"Nothing is lost: `helpdesk queue show {claimed.id}` shows it, "
        f"`helpdesk queue retry {claimed.id}` tries again.",
        received=around.clock(),
        subject="A message could not be processed",
    )
    tickets = Tickets(session, desk, around.clock, claimed.id)
    ticket, _ = tickets.open(
        message, Principal(desk.name, language=desk.language), department=desk.default.name, requester=sender
    )
    tickets.add(ticket, message)
    post = Post(session, desk, around.tokens, around.composers, around.clock)
    for member in desk.staff_of(ticket.department):
        participant = tickets.participant(ticket, Address("email", member.email, member.name), "staff")
        post.to_staff(
            ticket,
            participant,
            (say("staff_quarantine", ticket=ticket, text=message.text),),
            kind="quarantine",
            note=True,
        )
    return ticket
