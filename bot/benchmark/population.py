"""Who writes to the measured desk, and what has been in it for a while: 400 clients of 150 domains, and old tickets.

Ids are counted from the ticket's place, so that the workload can reply to a ticket without asking the database.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from sqlalchemy import insert

from bot.importing import ImportDocument, load
from core.backends.local.tables import Client
from core.database import Base, Sessions
from core.models import Arrival, Audit, Blob, KnownMessageId, Letter, Participant, Ticket, TicketMessage
from core.tokens import Token, TokenKind, Tokens

CLIENTS = 400
DOMAINS = 150
DESK_DOMAIN = "desk.example"
GENERAL = f"help@{DESK_DOMAIN}"
DEPARTMENTS = ("Sales", "Billing", "Support", "Security")
STAFF = (
    ("Sam Lee", "sam@desk.example", ("Support", "Billing")),
    ("Dana Cole", "dana@desk.example", ("Sales", "Security")),
)
SECRET = "the bench signs with this, and nobody else may"  # noqa: S105
SELECTOR = "bench"
TICKETS_AT_ONCE = 500
_OLD_TEXT = "This was asked and answered some weeks ago, and is here because a desk has a past. " * 12
_OLD_LETTER = b"Subject: an old letter\r\n\r\n" + _OLD_TEXT.encode() * 3


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def signs(self) -> bool:
        return self.domain.partition(".")[0][-1] in "02468"


def client(number: int) -> Person:
    number %= CLIENTS
    return Person(f"Client {number}", f"client{number}@shop{number % DOMAINS}.example")


def stranger(number: int) -> Person:
    return Person(f"Stranger {number}", f"stranger{number}@elsewhere{number % 10}.example")


def domains() -> Iterator[str]:
    for number in range(DOMAINS):
        yield client(number).domain
        yield stranger(number).domain


@dataclass(frozen=True, slots=True)
class OldTicket:
    """The ticket at a place (counted from 0); everything of it follows from the place."""

    place: int

    @property
    def id(self) -> int:
        return (self.place + 1) * 16

    @property
    def number(self) -> str:
        return str(10_000_000 + self.place)

    @property
    def subject(self) -> str:
        return f"An older question, number {self.place}"

    @property
    def requester(self) -> Person:
        return client(self.place)

    @property
    def their_message_id(self) -> str:
        return f"old-{self.place}@{self.requester.domain}"

    @property
    def department(self) -> str:
        return DEPARTMENTS[self.place % len(DEPARTMENTS)]

    def our_message_id(self, tokens: Tokens) -> str:
        return tokens.message_id(self.id + 1, self.id, DESK_DOMAIN)

    def reply_address(self, tokens: Tokens) -> str:
        return tokens.address(f"{self.department.lower()}@{DESK_DOMAIN}", Token(TokenKind.CLIENT, self.id, 1))


def signing_key(path: Path) -> RSAPrivateKey:
    """The key all domains of the workload sign with, written for the signer."""
    key = generate_private_key(65537, 2048)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key


def write_dns(path: Path, key: RSAPrivateKey, *, peer: str) -> None:
    """A zone file in which every domain sends from `peer` and signs with the one key."""
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    zone = {domain: {"TXT": [f"v=spf1 ip4:{peer} -all"]} for domain in (*domains(), DESK_DOMAIN)}
    zone |= {f"{SELECTOR}._domainkey.{domain}": {"TXT": [record]} for domain in domains()}
    path.write_text(json.dumps(zone), encoding="utf-8")


def empty(sessions: Sessions) -> bool:
    """Is there nothing that somebody could miss?"""
    with sessions() as session:
        return all(session.query(table).first() is None for table in (Ticket, Arrival, Letter, Client))


def clear(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())


def fill(sessions: Sessions, tickets: int) -> None:
    """The clients by the ordinary import, the tickets by many rows at once."""
    load(sessions, _document())
    now = datetime.now(UTC)
    with sessions.begin() as session:
        session.execute(insert(Blob), [{"sha256": "0" * 64, "size": 0, "content": b"", "stored_at": now}])
    for start in range(0, tickets, TICKETS_AT_ONCE):
        some = [OldTicket(place) for place in range(start, min(start + TICKETS_AT_ONCE, tickets))]
        with sessions.begin() as session:
            for table, rows in _rows(some, now).items():
                session.execute(insert(table), rows)


def _document() -> ImportDocument:
    return ImportDocument.model_validate_json(_json_document())


def _json_document() -> str:
    clients = [
        {
            "id": number + 1,
            "first_name": "Client",
            "last_name": str(number),
            "email": client(number).address,
            "domains": [{"id": number + 1, "name": f"site{number}.example", "status": "Active"}],
        }
        for number in range(CLIENTS)
    ]
    return json.dumps({"company": {"name": "Example Hosting", "currency": "EUR"}, "clients": clients})


def _rows(tickets: list[OldTicket], now: datetime) -> dict[type[Base], list[dict[str, Any]]]:
    kinds: dict[type[Base], list[dict[str, Any]]] = {}
    for ticket in tickets:
        at = now - timedelta(days=20, minutes=ticket.place)
        for kind, row in _of_ticket(ticket, at):
            kinds.setdefault(kind, []).append(row)
    return kinds


def _of_ticket(ticket: OldTicket, at: datetime) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """A question and its answer, as the walk would have left them."""
    who, first = ticket.requester, ticket.id
    client_id = str(ticket.place % CLIENTS + 1)
    yield (
        Ticket,
        {
            "id": first,
            "number": ticket.number,
            "subject": ticket.subject,
            "department": ticket.department,
            "also_departments": [],
            "status": "Answered",
            "client_id": client_id,
            "channel": "email",
            "created_at": at,
            "updated_at": at,
            "acknowledged": True,
            "version": 1,
        },
    )
    for offset, (address, role) in enumerate(((who.address, "requester"), (_staff_of(ticket), "staff"))):
        yield (
            Participant,
            {"id": first + offset, "ticket_id": first, "address": address, "role": role, "joined_at": at},
        )
        yield (
            TicketMessage,
            {
                "id": first + offset,
                "ticket_id": first,
                "kind": "public",
                "author": address,
                "text": _OLD_TEXT,
                "by_staff": role == "staff",
                "created_at": at,
            },
        )
        yield Letter, _letter(ticket, first + offset, address, at)
    yield KnownMessageId, {"message_id": ticket.their_message_id, "ticket_id": first}
    yield Audit, {"id": first, "at": at, "who": who.address, "action": "ticket.opened", "ticket_id": first}
    yield (
        Arrival,
        {
            "id": first,
            "channel": "email",
            "fingerprint": f"{ticket.place:064d}",
            "recipient": GENERAL,
            "conversation": who.address,
            "raw_sha256": "0" * 64,
            "size": len(_OLD_TEXT),
            "envelope": {},
            "received_at": at,
            "state": "done",
            "due_at": at,
            "result": "ticket",
            "ticket_id": first,
        },
    )


def _letter(ticket: OldTicket, letter_id: int, address: str, at: datetime) -> dict[str, Any]:
    return {
        "id": letter_id,
        "channel": "email",
        "recipient": address,
        "message_id": f"old-letter-{letter_id}@{DESK_DOMAIN}",
        "payload": _OLD_LETTER,
        "kind": "acknowledgement",
        "automatic": True,
        "ticket_id": ticket.id,
        "participant_id": letter_id,
        "created_at": at,
        "state": "sent",
        "due_at": at,
        "sent_at": at,
    }


def _staff_of(ticket: OldTicket) -> str:
    return next(address for _, address, departments in STAFF if ticket.department in departments)
