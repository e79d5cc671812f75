"""Who is asking: how sure we are of them, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo


class Assurance(IntEnum):
    """How well a message proves its sender. It belongs to a message and is never inherited by the next one."""

    NONE = 0
    """L0: a From line is a claim."""
    TOKEN = 1
    """L0+t: holds a ticket's reply address, but is not proved to be the person it was given to."""
    ADDRESS = 2
    """L1: the address on file, and its domain vouches for the mail (aligned DKIM or SPF)."""
    CONVERSATION = 3
    """L2: L1 and that person's own reply address, or a linked chat account."""
    POSSESSION = 4
    """L3: returned a single-use code or address that went to the address on file, for this request."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the channel can vouch for about the sender's address.

    `verified` means that the domain of the sender's address (or the chat provider) vouches for this message;
    `reasons` says in short words why or why not, for staff and for the record.
    """

    verified: bool = False
    reasons: tuple[str, ...] = ()
    ambiguous: bool = False
    """More than one reading of the From line is possible: never verified, and shown to staff."""
    try_later: bool = False
    """DNS did not answer: worth another look before anybody is asked anything."""
    disowned: bool = False
    """Nothing vouches for it, and the domain of the sender's address asks to refuse such mail (DMARC)."""
    signatures: tuple[str, ...] = ()
    """Hashes of that domain's signatures on a verified message, for `core.replays`."""
    copyable: bool = False
    """It rests on such a signature, so that a copy of the message would bring the same proof along."""


class Risk(IntEnum):
    """What can go wrong when the wrong person is believed (the risk classes of docs/trust.md)."""

    PUBLIC = 0
    """R0: public information."""
    READ = 1
    """R1: reads one's own account."""
    CHANGE = 2
    """R2: a reversible change."""
    SENSITIVE = 3
    """R3: money owed, control of a domain, access rights, data loss."""
    SECRET = 4
    """R4: hands out a secret; it only ever goes to the address fixed by record."""
    HUMAN = 5
    """H: a person must do it."""


class Permission(StrEnum):
    """What a sub-account may do; the owner may do all (client-area permissions by their API names)."""

    PROFILE = "profile"
    CONTACTS = "contacts"
    PRODUCTS = "products"
    MANAGE_PRODUCTS = "manageproducts"
    PRODUCT_SSO = "productsso"
    DOMAINS = "domains"
    MANAGE_DOMAINS = "managedomains"
    INVOICES = "invoices"
    QUOTES = "quotes"
    TICKETS = "tickets"
    AFFILIATES = "affiliates"
    EMAILS = "emails"
    ORDERS = "orders"


ALL_PERMISSIONS = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class Principal:
    """The person behind a message, as far as the records tell.

    `email` is the address on file, where account answers go; it is "" for a stranger.
    """

    name: str
    client_id: str = ""
    contact_id: str = ""
    email: str = ""
    permissions: frozenset[Permission] = frozenset()
    assurance: Assurance = Assurance.NONE
    language: str = "en"
    in_chat: bool = False
    """Writes from a chat that is theirs: answers go there, in private."""

    @property
    def known(self) -> bool:
        return bool(self.client_id)

    @property
    def owner(self) -> bool:
        return self.known and not self.contact_id


STAFF_EVENTS = frozenset(("new", "reply", "note", "assigned", "referred", "work", "alarm", "failed", "woken"))
"""What staff are told of, each in a mail of its own."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the day, and the days of the week (0 is Monday), in which somebody wants no notices.

    `start` after `end` is a night. What is urgent comes all the same.
    """

    start: time = time(0)
    end: time = time(0)
    days: frozenset[int] = frozenset()

    def over(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When it is over, in UTC; None when it is not quiet now."""
        here = moment = now.astimezone(zone)
        while self._holds(moment):
            moment = self._next(moment)
            if moment - here > timedelta(days=8):
                return None
        return moment.astimezone(now.tzinfo) if moment != here else None

    def _holds(self, moment: datetime) -> bool:
        if moment.weekday() in self.days:
            return True
        at = moment.timetz().replace(tzinfo=None)
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def _next(self, moment: datetime) -> datetime:
        """The next hour at which it may be over."""
        if moment.weekday() in self.days:
            return datetime.combine(moment.date() + timedelta(days=1), time(0), moment.tzinfo)
        end = datetime.combine(moment.date(), self.end, moment.tzinfo)
        return end if end > moment else datetime.combine(moment.date() + timedelta(days=1), self.end, moment.tzinfo)


@dataclass(frozen=True, slots=True)
class StaffMember:
    name: str
    email: str
    departments: frozenset[str] = frozenset()
    role: str = "agent"
    """agent, lead or admin."""
    other_emails: tuple[str, ...] = ()
    capacity: int = 0
    """So many tickets at work are dealt to them, 0 for any number."""
    chats: tuple[str, ...] = ()
    """Their accounts in chats, as channel and the platform's own id: "slack:U024BE7LH", "telegram:4711"."""
    events: frozenset[str] = STAFF_EVENTS
    """What they want to be told of."""
    quiet: Quiet = Quiet()

    def works_in(self, department: str) -> bool:
        return self.role == "admin" or department in self.departments
