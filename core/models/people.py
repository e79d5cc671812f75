"""What the desk knows of people and their addresses: questions open with them, links, what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Key, UtcDateTime


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


class AddressChange(Base):
    """An address on file that was changed: for a while, secrets wait for a person and notices go to the old one too."""

    __tablename__ = "address_change"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    client_id: Mapped[str] = mapped_column(String(40), index=True)
    contact_id: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[str] = mapped_column(String(320))
    after: Mapped[str] = mapped_column(String(320))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


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
