"""Tickets, who takes part in them, and what was said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Key, UtcDateTime


class Ticket(Base):
    """A request somebody works on.

    Status values: Open, Answered, Customer-Reply, Pending (waits for the client), On Hold, In Progress, Closed.
    """

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
    wakes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """Until when it is snoozed or pending; what the client writes wakes it earlier."""
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the client was told that it will be closed if nothing more comes."""
    tags: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """The operator's own fields (`[[fields]]`), as staff and triggers filled them."""
    spam: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
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
