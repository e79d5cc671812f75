"""What the walk of a message finds around it: the ports, the desk, and what was compiled at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlalchemy.orm import Session

from core import blobs, inbox
from core.clock import Clock
from core.database import Sessions
from core.desk import Desk
from core.errors import Unavailable
from core.inbox import Claimed
from core.intents import Registry
from core.journal import Journal
from core.messages import InboundMessage
from core.models import Dialog, Ticket
from core.ports import Billing, Documents, Registrar, Systems
from core.post import Composer, Post
from core.tickets import Tickets
from core.tokens import Tokens
from core.understanding import Heard, Understanding

LOOKS_AT_DNS = 3


class Translator(Protocol):
    """A channel's way from what arrived to a message; the first step of the walk."""

    def translate(self, raw: bytes, claimed: Claimed) -> InboundMessage:
        """Any bytes give a message; what can't be read is told in its `defects`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    desk: Desk
    sessions: Sessions
    tokens: Tokens
    systems: Systems
    documents: Documents
    composers: Mapping[str, Composer]
    """By channel; mail's is always there."""
    translators: Mapping[str, Translator]
    registry: Registry
    understanding: Understanding
    clock: Clock
    chat_starts: Mapping[str, str] = field(default_factory=dict)
    """By channel: the address that opens a chat with the bot, to which a word is added ("https://t.me/bot?start=")."""
    opens: frozenset[str] = frozenset()
    """The kinds of one-time pages that are offered (core.onetime)."""

    @property
    def billing(self) -> Billing:
        return self.systems.billing

    @property
    def registrar(self) -> Registrar:
        return self.systems.registrar


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: `result` is the word that `helpdesk queue` counts it under."""

    result: str
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One message on its walk, with its session; nothing is written before the walk is over."""

    around: Surroundings
    session: Session
    claimed: Claimed
    message: InboundMessage
    post: Post
    tickets: Tickets
    journal: Journal
    learnt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the sender answered when we asked: slot values."""
    answers: Dialog | None = None
    """The notice that this message answers."""
    heard: Heard = Heard()
    """The message as it was understood."""
    in_room: bool = False
    """Asked where others read it, and answered there: by nothing but public answers, to nobody in particular."""

    @property
    def desk(self) -> Desk:
        return self.around.desk

    def wait_for_proof(self) -> None:
        """Before anybody is told that a proof is missing: DNS may only have been slow. Raises Unavailable."""
        if self.message.proof.try_later and self.claimed.attempts < LOOKS_AT_DNS:
            raise Unavailable("DNS did not answer for the proof of the sender")


def translated(around: Surroundings, session: Session, claimed: Claimed) -> InboundMessage:
    """The message as its channel reads it. Raises LookupError when its bytes were purged."""
    raw = blobs.fetch(session, claimed.raw_sha256)
    return around.translators[claimed.channel].translate(raw, claimed)


def listening(step: Step) -> Step:
    """The same step, its message understood."""
    return replace(step, heard=step.around.understanding.of(step.message.text, step.message.subject))


def parked_message(step: Step, arrival_id: int) -> InboundMessage:
    """An earlier message, translated again."""
    return translated(step.around, step.session, inbox.stored(step.session, arrival_id))


def step_of(
    around: Surroundings,
    session: Session,
    claimed: Claimed,
    message: InboundMessage,
    learnt: Mapping[str, tuple[str, ...]] | None = None,
) -> Step:
    return Step(
        around=around,
        session=session,
        claimed=claimed,
        message=message,
        post=Post(session, around.desk, around.tokens, around.composers, around.clock),
        tickets=Tickets(session, around.desk, around.clock, claimed.id),
        journal=Journal(around.sessions, claimed.id, around.clock),
        learnt=learnt or {},
    )
