"""Who works here: the configuration's staff and the imported ones, as they are now."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time

from bot.settings import Settings, SettingsError, StaffSettings
from core.backends.local.staff import chats, staff
from core.database import Sessions
from core.people import STAFF_EVENTS, Quiet, StaffMember

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FRESH_SECONDS = 2.0
"""Somebody who left loses their rights within this time."""


@dataclass(slots=True)
class Staff:
    """Callable, as core.desk.Desk wants it; the configuration wins over the import for the same address."""

    settings: Settings
    sessions: Sessions
    _members: tuple[StaffMember, ...] = ()
    _until: float = field(default=0.0)

    def __call__(self) -> Sequence[StaffMember]:
        now = clock.monotonic()
        if now >= self._until:
            self._members = self._read()
            self._until = now + FRESH_SECONDS
        return self._members

    def _read(self) -> tuple[StaffMember, ...]:
        members = {member.email.lower(): member for member in staff(self.sessions)}
        for entry in self.settings.staff:
            members[entry.email.lower()] = member_of(entry)
        return tuple(members.values())


def member_of(entry: StaffSettings) -> StaffMember:
    """Raises SettingsError when its quiet hours cannot be read."""
    return StaffMember(
        name=entry.name,
        email=entry.email,
        departments=frozenset(entry.departments),
        role=entry.role,
        other_emails=entry.other_emails,
        capacity=entry.capacity,
        chats=chats(slack=entry.slack_id, telegram=entry.telegram_id),
        events=frozenset(entry.events) or STAFF_EVENTS,
        quiet=_quiet(entry),
    )


def _quiet(entry: StaffSettings) -> Quiet:
    unknown = [day for day in entry.quiet_days if day.lower() not in WEEK]
    if unknown:
        raise SettingsError(f"staff.quiet_days: {unknown[0]!r} is no day; write {', '.join(WEEK)}")
    days = frozenset(WEEK.index(day.lower()) for day in entry.quiet_days)
    if len(days) == len(WEEK):
        raise SettingsError("staff.quiet_days: not all seven; take the member's events away instead")
    try:
        start, end = (time.fromisoformat(part.strip()) for part in (entry.quiet or "00:00-00:00").split("-"))
    except ValueError:
        raise SettingsError(f"staff.quiet: {entry.quiet!r} is no span of hours; write 20:00-07:00") from None
    return Quiet(start, end, days)
