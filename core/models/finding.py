"""What tickets are found by besides what stands on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Key, UtcDateTime


class ClientWords(Base):
    """The name, addresses and domains of a client who has a ticket, as the billing system told them last.

    Indexed like what is said, subjects and participants are (revision 0009), so that a ticket is found by a domain that
    nobody wrote on it.
    """

    __tablename__ = "client_words"
    __table_args__ = (UniqueConstraint("client_id", name="client_words_once"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    client_id: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
