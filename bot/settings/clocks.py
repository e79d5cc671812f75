"""What helpdesk.toml may say about deadlines: calendars, policies and their steps (docs/clocks.md)."""

from __future__ import annotations

from dataclasses import dataclass, field

OFFICE = ("09:00-17:00",)


@dataclass(frozen=True, slots=True)
class HoursSettings:
    """Each day's intervals, "09:00-12:30"; an empty list is a day off."""

    monday: tuple[str, ...] = OFFICE
    tuesday: tuple[str, ...] = OFFICE
    wednesday: tuple[str, ...] = OFFICE
    thursday: tuple[str, ...] = OFFICE
    friday: tuple[str, ...] = OFFICE
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()

    @property
    def week(self) -> dict[str, tuple[str, ...]]:
        """By the name of the day, Monday first."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    name: str = ""
    time_zone: str = ""
    """The desk's if empty."""
    always: bool = False
    """Round the clock; `hours` and holidays do not count."""
    hours: HoursSettings = field(default_factory=HoursSettings)
    holidays: tuple[str, ...] = ()
    """Days off: "2026-12-24", or "12-24" for every year."""
    country: str = ""
    """Whose national holidays are days off (ISO 3166, "DE"), and of which part of it ("BY")."""
    region: str = ""


@dataclass(frozen=True, slots=True)
class StepSettings:
    at: int = 100
    """Percent of the target."""
    after: str = ""
    """So much working time later: "30m", "2h"."""
    clocks: tuple[str, ...] = ()
    """Of first, next and resolution; all if empty."""
    tell: tuple[str, ...] = ()
    """Of assignee, leads and department, or mail addresses."""
    priority: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class PolicySettings:
    name: str = ""
    departments: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    calendar: str = "office"
    first_response: str = ""
    """Working time: "30m", "8h"; no such clock if empty."""
    next_response: str = ""
    resolution: str = ""
    at_night: bool = False
    """Tell of it at once when nobody works, too."""
    steps: tuple[StepSettings, ...] = ()
    """Those of docs/clocks.md if empty."""


@dataclass(frozen=True, slots=True)
class ClocksSettings:
    enabled: bool = True
    pauses: tuple[str, ...] = ("Pending", "On Hold")
    """The statuses in which the clocks stand."""
    business_day: str = "office"
    """The calendar that says when staff are told of what came due while they were away."""
