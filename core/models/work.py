"""What staff do with tickets besides writing on them: links, time, ratings, senders of spam, and who is away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Key, UtcDateTime
from core.models.tickets import Ticket


class TicketLink(Base):
    """Tickets that belong together; `kind` is related, or continues (`ticket_id` goes on where `other_id` ended)."""

    __tablename__ = "ticket_link"
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket: Mapped[Ticket] = relationship(lazy="raise", foreign_keys=[ticket_id])
    other: Mapped[Ticket] = relationship(lazy="raise", foreign_keys=[other_id])


class TimeSpent(Base):
    """What somebody says that their work on a ticket took."""

    __tablename__ = "time_spent"
    __table_args__ = (Index("time_spent_ticket", "ticket_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"))
    who: Mapped[str] = mapped_column(String(320))
    minutes: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket: Mapped[Ticket] = relationship(lazy="raise")


class Rating(Base):
    """How content the client was: asked once for a ticket after it was closed."""

    __tablename__ = "rating"
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(String(320))
    """Who was asked; only they answer."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    score: Mapped[int | None] = mapped_column(Integer)
    """1 (bad) or 2 (good); None until they answer."""
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket: Mapped[Ticket] = relationship(lazy="raise")


class SenderRule(Base):
    """Whose mail is put aside: an address, or "@domain" for all of it, by the word of staff."""

    __tablename__ = "sender_rule"
    sender: Mapped[str] = mapped_column(String(320), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(8))
    """spam, or wanted (an address that is wanted although its domain is spam)."""
    by: Mapped[str] = mapped_column(String(320))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffAbsence(Base):
    """A colleague who is away: nothing is given to them, and what is theirs goes to their department."""

    __tablename__ = "staff_absence"
    email: Mapped[str] = mapped_column(String(320), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CannedReply(Base):
    """A canned reply that a lead keeps by mail; `department` "" is for all. It goes before a file of the same name."""

    __tablename__ = "canned_reply"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    department: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(320))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketCard(Base):
    """That a ticket is shown in a room of staff, and what was said of it there last."""

    __tablename__ = "ticket_card"
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(340), primary_key=True)
    """Channel and room ("slack:C1")."""
    shown: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Hash of what the card says, so that it is only edited when that has changed."""
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket: Mapped[Ticket] = relationship(lazy="raise")
