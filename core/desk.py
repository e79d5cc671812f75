"""The desk as it is configured: its name, its departments and their addresses, and who works there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.messages import Address, StaffRoom
from core.people import StaffMember
from core.sla.policies import Policies
from core.staff.canned import Shelf


@dataclass(frozen=True, slots=True)
class Department:
    """`words` say what a mail to the general address contains when it belongs here.

    `assignment` is how its new tickets are given out: claim, round-robin or load (core/staff/assigning.py).
    """

    name: str
    address: str
    other_addresses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    signature: str = ""
    assignment: str = "claim"

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.other_addresses)


@dataclass(frozen=True, slots=True)
class Trigger:
    """When that happens on a ticket and all conditions hold, `do` is done (core/staff/triggers.py).

    An empty condition always holds; texts are regular expressions without case. `do` are commands of staff.
    """

    name: str
    when: str
    do: str
    departments: tuple[str, ...] = ()
    sender: str = ""
    subject: str = ""
    text: str = ""
    priority: str = ""
    tag: str = ""
    known: bool | None = None
    """Is it a client's ticket?"""


@dataclass(frozen=True, slots=True)
class Rules:
    """How much the desk says by itself (see `[limits]`), and how long a closed ticket may be reopened."""

    per_address_hour: int = 3
    per_address_day: int = 10
    per_ticket_day: int = 5
    answers_per_hour: int = 20
    tickets_per_address_hour: int = 10
    to_strangers_hour: int = 30
    per_chat_hour: int = 200
    reopen_days: int = 30


@dataclass(frozen=True, slots=True)
class Desk:
    """`staff` is asked at each message: rights are those of now, not of when a mail went out. So is `canned`."""

    name: str
    address: str
    domain: str
    departments: tuple[Department, ...]
    staff: Callable[[], Sequence[StaffMember]]
    language: str = "en"
    time_zone: ZoneInfo = ZoneInfo("UTC")
    url: str = ""
    rules: Rules = Rules()
    policies: Policies = Policies()
    """The deadlines of tickets (docs/clocks.md)."""
    canned: Shelf = tuple
    rooms: tuple[StaffRoom, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The operator's own fields of a ticket: each with the values it may have, () for any text."""

    def department(self, name: str) -> Department:
        """The department of that name; the default one if it was renamed away."""
        return next((d for d in self.departments if d.name == name), self.default)

    @property
    def default(self) -> Department:
        """Support if there is one (as clients are told), else the first."""
        return next((d for d in self.departments if d.name == "Support"), self.departments[0])

    def department_at(self, address: str) -> Department | None:
        """Whose address it is, its sub-addresses included."""
        plain = without_tail(address)
        return next((d for d in self.departments if plain in map(str.lower, d.addresses)), None)

    def owns(self, address: str) -> bool:
        """Is it one of the desk's own addresses, or a sub-address of one, or a bounce address?"""
        plain = without_tail(address)
        return plain in (self.address.lower(), f"bounce@{self.domain}".lower()) or self.department_at(plain) is not None

    def staff_member(self, address: str) -> StaffMember | None:
        wanted = address.lower()
        for member in self.staff():
            if wanted in (member.email.lower(), *map(str.lower, member.other_emails)):
                return member
        return None

    def staff_in_chat(self, address: Address) -> StaffMember | None:
        """Whose account in a chat it is, by the platform's own id and nothing that somebody can choose."""
        account = f"{address.channel}:{address.value.rpartition('/')[2]}"
        return next((member for member in self.staff() if account in member.chats), None)

    def staff_of(self, department: str) -> list[StaffMember]:
        """Who works there; an admin only where nobody else does."""
        members = [member for member in self.staff() if department in member.departments]
        return members or [member for member in self.staff() if member.role == "admin"]


def without_tail(address: str) -> str:
    """`support+token@desk` is `support@desk`, in lower case."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
