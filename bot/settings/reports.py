"""[reports]: the figures that go by mail every week."""

from __future__ import annotations

from dataclasses import dataclass

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class ReportsSettings:
    weekly: bool = False
    """Leads get the figures of their departments, admins those of all."""
    day: str = "monday"
    """On which they come, about the seven days before it."""
    hour: int = 7
    """From which full hour of the desk's day on."""
    recipients: tuple[str, ...] = ()
    """Who else gets the figures of all departments."""
