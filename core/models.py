"""The desk's own tables: what arrived, what leaves, and the tickets between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime

Key = BigInteger().with_variant(Integer, "sqlite")


class Blob(Base):
    """Bytes by their content: raw messages and attachments; the same file sent twice is stored once."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    encrypted: Mapped[bool] = mapped_column(Boolean, default=False)
    """Is `content` the cipher text? Hash and size are those of the bytes themselves."""
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Arrival(Base):
    """One message for one recipient of ours: the inbox. `state` is new, taken, done or shelved."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("inbox_once", "fingerprint", "recipient", unique=True),
        Index("inbox_waiting", "state", "id"),
        Index(
            "inbox_one_at_a_time",
            "conversation",
            unique=True,
            sqlite_where=text("state = 'taken'"),
            postgresql_where=text("state = 'taken'"),
        ),
        Index("inbox_order", "conversation", "state", "id"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str] = mapped_column(String(64))
    recipient: Mapped[str] = mapped_column(String(320))
    conversation: Mapped[str] = mapped_column(String(320))
    """Messages of one conversation are walked one at a time, in order; for mail, the sender's address."""
    raw_sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    envelope: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="new")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    taken_by: Mapped[str] = mapped_column(String(120), default="")
    taken_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(24), default="")
    """What became of it: ticket, reply, answer, asked, note, bounce, automatic, duplicate, own, held, flood, circle…"""
    error: Mapped[str] = mapped_column(Text, default="")
    ticket_id: Mapped[int | None] = mapped_column(Key)


class Letter(Base):
    """One message of ours to one address: the outbox. `state` is new, taken, sent or failed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "state", "due_at"),
        Index("outbox_said_to", "recipient", "automatic", "created_at"),
        Index("outbox_said", "kind", "created_at"),
        Index("outbox_ticket", "ticket_id"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(16))
    recipient: Mapped[str] = mapped_column(String(320))
    envelope_from: Mapped[str] = mapped_column(String(320), default="")
    message_id: Mapped[str] = mapped_column(String(255))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    """The exact bytes to be sent; emptied in the commit that marks a secret letter sent."""
    kind: Mapped[str] = mapped_column(String(40))
    secret: Mapped[bool] = mapped_column(Boolean, default=False)
    automatic: Mapped[bool] = mapped_column(Boolean, default=False)
    """Nobody of the desk wrote it: counts against the limits per address."""
    ticket_id: Mapped[int | None] = mapped_column(Key)
    participant_id: Mapped[int | None] = mapped_column(Key)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="new")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    taken_by: Mapped[str] = mapped_column(String(120), default="")
    taken_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
    bounced: Mapped[str] = mapped_column(Text, default="")
    """What a delivery report said of it, "" if none came."""
    text: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What a person reads in it, while it waits to go to a chat: that may be gone, and then it goes by mail."""


class Ticket(Base):
    """A request somebody works on. Status values: Open, Answered, Customer-Reply, On Hold, In Progress, Closed."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ticket_client", "client_id", "status"),
        Index("ticket_status", "status", "department"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    subject: Mapped[str] = mapped_column(String(255))
    department: Mapped[str] = mapped_column(String(80))
    also_departments: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Departments it was sent to as well (one mail to two departments is one ticket)."""
    status: Mapped[str] = mapped_column(String(20), default="Open")
    priority: Mapped[str] = mapped_column(String(10), default="Medium")
    client_id: Mapped[str] = mapped_column(String(40), default="")
    contact_id: Mapped[str] = mapped_column(String(40), default="")
    assignee: Mapped[str] = mapped_column(String(320), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged: Mapped[bool] = mapped_column(Boolean, default=False)
    flooded: Mapped[bool] = mapped_column(Boolean, default=False)
    merged_into: Mapped[int | None] = mapped_column(Key)
    version: Mapped[int] = mapped_column(Integer, default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Participant(Base):
    """Somebody on a ticket; `role` is requester, cc, staff or unverified (wrote with a reply address given to another).

    `generation` is part of the person's reply address: raising it makes every older one void.
    """

    __tablename__ = "participant"
    __table_args__ = (
        Index("participant_once", "ticket_id", "address", unique=True),
        Index("participant_address", "address", "joined_at"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"))
    channel: Mapped[str] = mapped_column(String(16), default="email")
    address: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(12))
    generation: Mapped[int] = mapped_column(Integer, default=1)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket: Mapped[Ticket] = relationship(lazy="raise")


class TicketMessage(Base):
    """What was said on a ticket; `kind` is public, note, held (a staff mail that was not let out) or event."""

    __tablename__ = "ticket_message"
    __table_args__ = (
        Index("ticket_message_order", "ticket_id", "id"),
        Index(
            "ticket_message_redacted",
            "arrival_id",
            sqlite_where=text("redacted = 1"),
            postgresql_where=text("redacted"),
        ),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(8))
    by_staff: Mapped[bool] = mapped_column(Boolean, default=False)
    by_desk: Mapped[bool] = mapped_column(Boolean, default=False)
    """Written by the desk itself (an automatic answer)."""
    author: Mapped[str] = mapped_column(String(320))
    author_name: Mapped[str] = mapped_column(String(200), default="")
    message_id: Mapped[str] = mapped_column(String(255), default="")
    """The channel's own id of it, for our answer's In-Reply-To."""
    text: Mapped[str] = mapped_column(Text)
    full_text: Mapped[str] = mapped_column(Text, default="")
    """The whole text with quotes and signature, where it says more than `text`."""
    html: Mapped[str] = mapped_column(Text, default="")
    assurance: Mapped[int] = mapped_column(Integer, default=0)
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    redacted: Mapped[bool] = mapped_column(Boolean, default=False)
    """A card number or the like was taken out of it: what arrived is not kept for long."""
    arrival_id: Mapped[int | None] = mapped_column(Key)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket: Mapped[Ticket] = relationship(lazy="raise")
    attachments: Mapped[list[TicketAttachment]] = relationship(order_by="TicketAttachment.id", lazy="raise")


class TicketAttachment(Base):
    """A file on a ticket message; the bytes are the `Blob` of that hash."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket_message.id"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    inline: Mapped[bool] = mapped_column(Boolean, default=False)


class KnownMessageId(Base):
    """Every Message-ID that belongs to a ticket, theirs and ours; an id alone never proves who wrote."""

    __tablename__ = "known_message_id"
    message_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(Key, primary_key=True)


class SeenSignature(Base):
    """A signature that proved a sender, by the hash of its bytes: with any other message it proves nothing."""

    __tablename__ = "seen_signature"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of the message that it came with: the same for a redelivery and for its other recipients (see `Arrival`)."""
    arrival_id: Mapped[int] = mapped_column(Key)
    """The first of them; its row may be gone earlier."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Audit(Base):
    """What happened to a ticket or an account, in the same commit as the effect."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_ticket", "ticket_id", "id"), Index("audit_client", "client_id", "action", "at"))
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(320))
    action: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(200), default="")
    ticket_id: Mapped[int | None] = mapped_column(Key)
    client_id: Mapped[str] = mapped_column(String(40), default="")
    arrival_id: Mapped[int | None] = mapped_column(Key)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seal: Mapped[int | None] = mapped_column(Integer, index=True)
    """The `AuditSeal` that covers this line; None until the next one is made."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """What the line said when it was sealed, as a keyed digest."""
    erased: Mapped[str] = mapped_column(String(64), default="")
    """Keyed digest of what is left of a sealed line after a person in it was erased."""


class AuditSeal(Base):
    """One link of the chain over the audit trail (core/sealing.py); numbered from 1 without a gap."""

    __tablename__ = "audit_seal"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    covers: Mapped[int] = mapped_column(Integer)
    """How many lines it was made over."""
    digest: Mapped[str] = mapped_column(String(64))
    purged: Mapped[str] = mapped_column(String(64), default="")
    """Keyed: its lines were thrown away because they were old."""


class Dialog(Base):
    """A question open between us and one person; the message that raised it is walked again when it is answered.

    `kind` is prove, ask, confirm, code or undo; `state` is pending, used, expired, refused or superseded.
    `subject_key` names what it is about: one pending question per client and subject, a newer one supersedes it.
    """

    __tablename__ = "dialog"
    __table_args__ = (
        Index("dialog_subject", "client_id", "subject_key", "state"),
        Index("dialog_ticket", "ticket_id"),
        Index("dialog_place", "place", "state"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    subject_key: Mapped[str] = mapped_column(String(200))
    client_id: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(320))
    """The address on file that the question went to; only from there comes the answer."""
    place: Mapped[str] = mapped_column(String(340), default="", server_default="")
    """The private chat ("telegram:4711") that it was put in as well, and may be answered in; "" for none."""
    arrival_id: Mapped[int] = mapped_column(Key)
    """The parked message."""
    ticket_id: Mapped[int | None] = mapped_column(Key)
    learnt: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    tries_left: Mapped[int] = mapped_column(Integer, default=5)
    state: Mapped[str] = mapped_column(String(10), default="pending")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AccountHold(Base):
    """Sensitive changes of an account are stopped until staff have spoken with its owner."""

    __tablename__ = "account_hold"
    client_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: until a person lifts it."""


class JournalEntry(Base):
    """An act on an outside system, at most once per message: started, then its result."""

    __tablename__ = "journal"
    arrival_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    result: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnownAddress(Base):
    """What the desk has learnt of an address: whose it is by staff's word, and whether mail to it comes back."""

    __tablename__ = "known_address"
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40), default="")
    contact_id: Mapped[str] = mapped_column(String(40), default="")
    linked_by: Mapped[str] = mapped_column(String(320), default="")
    undeliverable: Mapped[str] = mapped_column(Text, default="")
    """The status and diagnostic of a permanent failure, "" while mail gets through."""
    undeliverable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailboxState(Base):
    """Where the IMAP door stands in a mailbox."""

    __tablename__ = "mailbox_state"
    mailbox: Mapped[str] = mapped_column(String(400), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)


class OneTimeLink(Base):
    """A page that does one thing once (sign in, choose a password, show a secret, fetch a file).

    Only the hash of the link's secret is kept. A visit shows a button; the button uses the link up.
    """

    __tablename__ = "one_time_link"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[str] = mapped_column(String(40))
    contact_id: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What it opens: the service and tool, the download; never a secret itself."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Subscription(Base):
    """An address that wants to be told: `topic` is news, digest, or issue/<id> of a network issue."""

    __tablename__ = "subscription"
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40), default="", index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ArticleFeedback(Base):
    """Whether an article of the knowledge base helped, or what somebody wrote to its owner about it."""

    __tablename__ = "article_feedback"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    article_id: Mapped[str] = mapped_column(String(40), index=True)
    address: Mapped[str] = mapped_column(String(320))
    helped: Mapped[bool | None] = mapped_column(Boolean)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SentNotice(Base):
    """A notice that was sent, so that it never is again: "invoice.due/9001/7d" and the like, per address."""

    __tablename__ = "sent_notice"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40), default="", index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AddressChange(Base):
    """An address on file that was changed: for a while, secrets wait for a person and notices go to the old one too."""

    __tablename__ = "address_change"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    client_id: Mapped[str] = mapped_column(String(40), index=True)
    contact_id: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[str] = mapped_column(String(320))
    after: Mapped[str] = mapped_column(String(320))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChatLink(Base):
    """A chat account that speaks for a client or contact, in private; one row for each account it speaks for."""

    __tablename__ = "chat_link"
    __table_args__ = (
        Index("chat_link_once", "channel", "chat", "client_id", "contact_id", unique=True),
        Index("chat_link_client", "client_id"),
        Index("chat_link_email", "email"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(16))
    chat: Mapped[str] = mapped_column(String(320))
    """The account's address there, which is also that of the private chat with it."""
    name: Mapped[str] = mapped_column(String(200), default="")
    """As it was shown there when it was linked; anybody can call themselves anything."""
    client_id: Mapped[str] = mapped_column(String(40))
    contact_id: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(320))
    """The address on file that proved it; with another one on file the link counts no more."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When this account was chosen among several."""
    unreachable: Mapped[str] = mapped_column(Text, default="")
    """Why nothing can be sent there, "" while it can."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(String(320), default="")
