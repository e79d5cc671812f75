"""The clocks of tickets, and the steps that were taken when one ran on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Key, UtcDateTime
from core.models.tickets import Ticket


class TicketClock(Base):
    """One thing that a client waits for; `kind` is first (answer), next (answer) or resolution.

    `state` is running, paused, met, missed or void (it ended without anybody having owed anything).
    """

    __tablename__ = "ticket_clock"
    __table_args__ = (
        Index("ticket_clock_ticket", "ticket_id"),
        Index(
            "ticket_clock_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index(
            "ticket_clock_open",
            "edition",
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(8))
    policy: Mapped[str] = mapped_column(String(80))
    """The name of the rule it goes by, "" where none fits: then it has no deadline."""
    department: Mapped[str] = mapped_column(String(80))
    priority: Mapped[str] = mapped_column(String(10))
    edition: Mapped[str] = mapped_column(String(64))
    """Department, priority and configuration that the deadline was computed for."""
    target: Mapped[int | None] = mapped_column(Integer)
    """Seconds of working time."""
    worked: Mapped[int] = mapped_column(Integer, default=0)
    """Seconds of working time that had passed when it was resumed last."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it runs; None while it stands."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The deadline; None while it stands. Of one that has ended, the deadline it had then."""
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its next step comes."""
    steps_done: Mapped[int] = mapped_column(Integer, default=0)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
    ticket: Mapped[Ticket] = relationship(lazy="raise")
    """It tells that a new ticket is written before its clocks."""
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ClockStep(Base):
    """A step that was taken: its key is what makes it happen once."""

    __tablename__ = "clock_step"
    clock_id: Mapped[int] = mapped_column(Key, ForeignKey("ticket_clock.id"), primary_key=True, autoincrement=False)
    step: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Which of the policy's steps for this kind, from 0."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock: Mapped[TicketClock] = relationship(lazy="raise")
