"""What happened, sealed; and which signatures were seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Key, UtcDateTime


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


class SeenSignature(Base):
    """A signature that proved a sender, by the hash of its bytes: with any other message it proves nothing."""

    __tablename__ = "seen_signature"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of the message that it came with: the same for a redelivery and for its other recipients (see `Arrival`)."""
    arrival_id: Mapped[int] = mapped_column(Key)
    """The first of them; its row may be gone earlier."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
