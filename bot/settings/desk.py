"""The desk itself: its name, its departments, its people, and how much it says and keeps."""

from __future__ import annotations

from dataclasses import dataclass

from core.reminders import KINDS


@dataclass(frozen=True, slots=True)
class Desk:
    name: str = "Help Desk"
    address: str = "help@desk.example"
    database: str = "sqlite:///helpdesk.db"
    url: str = ""
    secret: str = ""
    storage_key: str = ""
    """Raw messages and attachments are encrypted with it; several, the newest first, while one replaces another."""
    time_zone: str = "UTC"
    language: str = "en"
    canned: str = ""
    """A folder of canned replies, beside the configuration."""


@dataclass(frozen=True, slots=True)
class DepartmentSettings:
    name: str = ""
    address: str = ""
    other_addresses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """What a mail to the general address says when it belongs here."""
    signature: str = ""
    """Below every answer of this department's staff; {staff}, {department} and {desk} are filled in."""
    assignment: str = "claim"
    """How its new tickets are given out: claim (whoever takes it), round-robin or load."""


@dataclass(frozen=True, slots=True)
class StaffSettings:
    name: str = ""
    email: str = ""
    other_emails: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    role: str = "agent"
    capacity: int = 0
    """So many tickets at work are dealt to them, 0 for any number."""
    events: tuple[str, ...] = ()
    """What they are told of: new, reply, note, assigned, referred, work, alarm, failed, woken; all if empty."""
    quiet: str = ""
    """Hours without notices, "20:00-07:00"; they come when these are over, urgent ones at once."""
    quiet_days: tuple[str, ...] = ()
    """The same for whole days: monday … sunday."""
    slack_id: str = ""
    """Their member id in the workspace (U…), with which they work tickets there."""
    telegram_id: str = ""
    """The number of their Telegram account."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the desk says by itself; windows in whole hours."""

    automatic_per_address_hour: int = 3
    automatic_per_address_day: int = 10
    automatic_per_ticket_day: int = 5
    answers_per_address_hour: int = 20
    """Questions of one address that are answered at once; more become tickets."""
    answers_per_chat_hour: int = 200
    """The same of one chat, where nobody else can write."""
    automatic_to_strangers_hour: int = 30
    """Over all addresses that are on nobody's file."""
    tickets_per_address_hour: int = 10
    """Further mails of that address are added to its last ticket, and staff are told of the flood once."""
    queued: int = 10_000
    """Accepted but not yet walked; above it the doors say "try again later"."""
    min_free_mb: int = 256
    """Free space (MiB) on the volume of an SQLite database; below it the doors say "try again later"."""


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Days until it is thrown away; 0 keeps for ever."""

    raw_messages: int = 30
    quarantine: int = 90
    letters: int = 365
    dialogs: int = 90
    attachments: int = 365
    ticket_text: int = 1095
    audit: int = 1095


@dataclass(frozen=True, slots=True)
class Notices:
    """What clients are told without asking. Leave out the kinds that the billing system mails itself."""

    kinds: tuple[str, ...] = KINDS
    from_hour: int = 9
    to_hour: int = 20
    """Full hours of the reader's own day between which they are sent."""


@dataclass(frozen=True, slots=True)
class Web:
    """The desk's own pages; they are served where `desk.url` says how they are reached."""

    listen: str = "127.0.0.1:8080"
    opens: tuple[str, ...] = ("download",)
    """What they open: download, sign_in, password, panel, panel_password, mailbox. What is left out becomes a ticket.

    The embedded client area and panel only note the others, no server of yours learns of them: for trials.
    """


@dataclass(frozen=True, slots=True)
class Backend:
    kind: str = "local"


@dataclass(frozen=True, slots=True)
class RegistrarSettings:
    kind: str = "local"


@dataclass(frozen=True, slots=True)
class Panel:
    kind: str = "local"
