"""What helpdesk.toml may say about tickets that wait for their clients, and about asking how content those are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DepartmentLife:
    """Both days of one department, in place of the usual ones."""

    name: str = ""
    remind_after_days: int = 0
    close_after_days: int = 0


@dataclass(frozen=True, slots=True)
class LifeSettings:
    remind_after_days: int = 0
    """Days that an answered ticket waits for its client until they are reminded, once; 0 never."""
    close_after_days: int = 0
    """Days from the reminder until the ticket is closed; 0 never."""
    reopen_days: int = 30
    """So long after it was closed a reply opens a ticket again; later it begins a new one, linked to the old."""
    except_priorities: tuple[str, ...] = ()
    except_tags: tuple[str, ...] = ()
    departments: tuple[DepartmentLife, ...] = ()


@dataclass(frozen=True, slots=True)
class SatisfactionSettings:
    enabled: bool = False
    delay_hours: int = 24
    """From the closing of the ticket to the question."""
    not_again_days: int = 30
    """One client is asked once in so many days."""
