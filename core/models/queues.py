"""What arrived, what leaves, and what was begun: the inbox, the outbox, the journal and their bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Key, UtcDateTime


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


class JournalEntry(Base):
    """An act on an outside system, at most once per message: started, then its result."""

    __tablename__ = "journal"
    arrival_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    result: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailboxState(Base):
    """Where the IMAP door stands in a mailbox."""

    __tablename__ = "mailbox_state"
    mailbox: Mapped[str] = mapped_column(String(400), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
