"""The books of a run: what senders were told, what the desk stored, what left it; `findings` says where they disagree.

Two of the three are kept outside the desk. A key names one mail of one client at an address of their own.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

from sqlalchemy import select

from core import queues
from core.database import Sessions
from core.models import Arrival, Ticket
from tests.service.crowd import address, key_in

STAFF = "sam@desk.example"


@dataclass(slots=True)
class Told:
    """What the sender of one mail was told, over all its tries."""

    tries: int = 0
    accepted: bool = False
    """It read a 250."""
    cut: bool = False
    """At least once the connection ended between the final dot and the answer: only the desk knows."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail that left the desk, as far as it is counted."""

    recipient: str
    subject: str
    message_id: str
    sha256: str


def copy(raw: bytes, recipient: str) -> Copy:
    headers = BytesHeaderParser().parsebytes(raw, headersonly=True)
    subject = " ".join(str(headers["Subject"]).split())
    return Copy(recipient, subject, str(headers["Message-ID"]), hashlib.sha256(raw).hexdigest())


@dataclass(slots=True)
class Books:
    told: dict[str, Told] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    """Every 5xx: there is no reason for one."""
    put_off: list[str] = field(default_factory=list)
    """Every 4xx."""
    stored: Mapping[str, int] = field(default_factory=dict)
    """Rows of the inbox by key."""
    tickets: Mapping[str, int] = field(default_factory=dict)
    sent: Sequence[Copy] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """`core.queues.counts` at the end."""


def read(books: Books, sessions: Sessions, sent: Sequence[Copy]) -> Books:
    """Fill in the desk's side."""
    with sessions() as session:
        conversations = Counter(session.scalars(select(Arrival.conversation)))
        subjects = list(session.scalars(select(Ticket.subject)))
    books.stored = {key: conversations[address(key)] for key in books.told}
    books.tickets = Counter(key_in(subject) for subject in subjects)
    books.sent = tuple(sent)
    books.counts = queues.counts(sessions)
    return books


def findings(books: Books) -> list[str]:
    """Everything that must not be, one line each; none is a run without loss, doubles or strangers."""
    return [*_of_mails(books), *_of_letters(books), *_of_queues(books), *(f"refused: {r}" for r in books.refusals)]


def _of_mails(books: Books) -> Iterator[str]:
    for key, told in books.told.items():
        stored, tickets = books.stored.get(key, 0), books.tickets.get(key, 0)
        if told.accepted and not tickets:
            yield f"lost: {key} was accepted and has no ticket"
        if tickets > 1:
            yield f"doubled: {key} has {tickets} tickets"
        if stored > 1:
            yield f"stored twice: {key} stands {stored} times in the inbox"
        if tickets and not told.accepted and not told.cut:
            yield f"phantom: {key} was never accepted and has a ticket"
    for key in books.tickets:
        if key not in books.told:
            yield f"phantom: a ticket of {key or 'nobody'}"


def _of_letters(books: Books) -> Iterator[str]:
    to_clients, to_staff = _by_key(books)
    for key, tickets in books.tickets.items():
        yield from _exactly_one(f"the acknowledgement of {key}", to_clients.pop(key, []), tickets)
        yield from _exactly_one(f"the notification of {key}", to_staff.pop(key, []), tickets)
    for copies in (*to_clients.values(), *to_staff.values()):
        yield from (f"unasked: {one.subject!r} to {one.recipient}" for one in copies)


def _by_key(books: Books) -> tuple[dict[str, list[Copy]], dict[str, list[Copy]]]:
    """Copies to clients by the key of their address, and to staff by the key of the subject; strangers under ""."""
    owners = {address(key): key for key in books.told}
    to_clients, to_staff = defaultdict(list), defaultdict(list)
    for one in books.sent:
        if one.recipient == STAFF:
            to_staff[key_in(one.subject)].append(one)
        else:
            to_clients[owners.get(one.recipient, "")].append(one)
    return to_clients, to_staff


def _exactly_one(what: str, copies: Iterable[Copy], tickets: int) -> Iterator[str]:
    """Copies beyond the first are a peer's lost 250: then they are the same mail, byte for byte."""
    contents: dict[str, set[str]] = defaultdict(set)
    for one in copies:
        contents[one.message_id].add(one.sha256)
    if tickets and not contents:
        yield f"missing: {what} never arrived"
    if len(contents) > 1:
        yield f"doubled: {what} arrived under {len(contents)} Message-IDs"
    if any(len(hashes) > 1 for hashes in contents.values()):
        yield f"altered: {what} arrived with different bytes under one Message-ID"


def _of_queues(books: Books) -> Iterator[str]:
    for name in ("inbox", "quarantine", "outbox", "failed"):
        if books.counts.get(name, 0):
            yield f"left over: {books.counts[name]} in {name}"
    if books.counts.get("done", 0) != sum(books.stored.values()):
        yield f"unbalanced: {books.counts.get('done', 0)} done, {sum(books.stored.values())} stored"
    letters = len({one.message_id for one in books.sent})
    if books.counts.get("sent", 0) != letters:
        yield f"unbalanced: {books.counts.get('sent', 0)} letters marked sent, {letters} arrived"
