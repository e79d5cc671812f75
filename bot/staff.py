"""Who works here: the configuration's staff and the imported ones, as they are now."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.settings import Settings
from core.backends.local.staff import chats, staff
from core.database import Sessions
from core.people import StaffMember

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
        now = time.monotonic()
        if now >= self._until:
            self._members = self._read()
            self._until = now + FRESH_SECONDS
        return self._members

    def _read(self) -> tuple[StaffMember, ...]:
        members = {member.email.lower(): member for member in staff(self.sessions)}
        for entry in self.settings.staff:
            accounts = chats(slack=entry.slack_id, telegram=entry.telegram_id)
            members[entry.email.lower()] = StaffMember(
                entry.name, entry.email, frozenset(entry.departments), entry.role, entry.other_emails, accounts
            )
        return tuple(members.values())
