"""Which deadlines a ticket has: ordered rules, of which the first that fits gives calendar, targets and steps.

A ticket is under one policy at a time. Two at once would give it two deadlines for one answer, and nobody could say
which of them was promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.sla.calendars import Calendar, round_the_clock

FIRST, NEXT, RESOLUTION = "first", "next", "resolution"
KINDS = (FIRST, NEXT, RESOLUTION)
PRIORITIES = ("Low", "Medium", "High", "Urgent")
PAUSES = frozenset(("Pending", "On Hold"))
"""The statuses in which the clocks stand."""
ASSIGNEE, LEADS, DEPARTMENT = "assignee", "leads", "department"
AUDIENCES = (ASSIGNEE, LEADS, DEPARTMENT)
"""Whom a step may tell besides plain addresses: the assignee (the department, where there is none), its leads, all."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens when so much of a target was worked: `percent` of it, and `after` on top."""

    percent: int = 100
    after: timedelta = timedelta()
    clocks: frozenset[str] = frozenset(KINDS)
    tell: tuple[str, ...] = ()
    """Of `AUDIENCES`, or mail addresses."""
    priority: str = ""
    """Raised to that one; a higher one stays."""
    department: str = ""
    """Moved there."""

    def offset(self, target: timedelta) -> timedelta:
        return target * self.percent / 100 + self.after


STEPS = (Step(75, tell=(ASSIGNEE,)), Step(100, tell=(ASSIGNEE, LEADS)))


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule and what it promises. Empty conditions fit everything; a kind without a target has no clock."""

    name: str
    calendar: Calendar
    targets: Mapping[str, timedelta]
    """By kind, in working time."""
    departments: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    """The client has an active service of one of these."""
    steps: tuple[Step, ...] = STEPS
    at_night: bool = False
    """Steps that come due while nobody works are taken at once, not when the business day begins."""

    def steps_of(self, kind: str) -> tuple[Step, ...]:
        """In the order in which they come."""
        target = self.targets.get(kind, timedelta())
        return tuple(sorted((one for one in self.steps if kind in one.clocks), key=lambda one: one.offset(target)))


def no_products(client_id: str) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Policies:
    """All rules of the desk, in order; without any, no clock runs."""

    rules: tuple[Policy, ...] = ()
    business: Calendar = field(default_factory=lambda: round_the_clock("always", ZoneInfo("UTC")))
    """When staff are told of what came due while they were away."""
    pauses: frozenset[str] = PAUSES
    edition: str = ""
    """Changes when anything of this was changed: deadlines of another edition are computed again."""
    products_of: Callable[[str], frozenset[str]] = field(default=no_products, compare=False)
    """The products that a client has; asked only where a rule speaks of products."""

    def matching(self, department: str, priority: str, client_id: str) -> Policy | None:
        owned: frozenset[str] | None = None
        for rule in self.rules:
            if rule.departments and department not in rule.departments:
                continue
            if rule.priorities and priority not in rule.priorities:
                continue
            if rule.products:
                owned = (self.products_of(client_id) if client_id else frozenset()) if owned is None else owned
                if not rule.products & owned:
                    continue
            return rule
        return None

    def named(self, name: str) -> Policy | None:
        return next((rule for rule in self.rules if rule.name == name), None)
