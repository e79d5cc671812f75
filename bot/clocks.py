"""The calendars and policies of helpdesk.toml, checked, as the desk uses them; the usual four where it has none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from bot.settings import Settings, SettingsError
from bot.settings.clocks import CalendarSettings, HoursSettings, PolicySettings, StepSettings
from core.errors import Rejected, Unavailable, Unsupported
from core.ports import Billing
from core.sla.calendars import DAY_MINUTES, Calendar, Interval, moment_after, no_holidays, round_the_clock
from core.sla.policies import AUDIENCES, FIRST, KINDS, NEXT, PRIORITIES, RESOLUTION, STEPS, Policies, Policy, Step

OFFICE, ALWAYS = "office", "always"
STATUSES = ("Open", "Answered", "Customer-Reply", "Pending", "On Hold", "In Progress")
USUAL = (
    PolicySettings(
        name="Urgent",
        priorities=("Urgent",),
        calendar=ALWAYS,
        first_response="30m",
        next_response="1h",
        resolution="2h",
        at_night=True,
    ),
    PolicySettings("High", priorities=("High",), first_response="2h", next_response="2h", resolution="8h"),
    PolicySettings("Low", priorities=("Low",), first_response="24h", next_response="24h", resolution="72h"),
    PolicySettings("Normal", first_response="8h", next_response="8h", resolution="24h"),
)
_SPAN = re.compile(r"(?:(\d{1,4})h)?\s*(?:(\d{1,5})m)?")
_HOURS = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def policies(settings: Settings, billing: Billing) -> Policies:
    """Raises SettingsError with the key's path."""
    if not settings.clocks.enabled:
        return Policies()
    calendars = _calendars(settings)
    rules = [_policy(settings, n, one, calendars) for n, one in enumerate(settings.policies or USUAL)]
    _no_name_twice("policies", [rule.name for rule in rules])
    for status in settings.clocks.pauses:
        _one_of("clocks.pauses", status, STATUSES)
    _one_of("clocks.business_day", settings.clocks.business_day, calendars)
    return Policies(
        rules=tuple(rules),
        business=calendars[settings.clocks.business_day],
        pauses=frozenset(settings.clocks.pauses),
        edition=_edition(settings),
        products_of=_products_of(billing),
    )


def _calendars(settings: Settings) -> dict[str, Calendar]:
    """By name; what is configured under the name of a usual one replaces it."""
    _no_name_twice("calendars", [one.name for one in settings.calendars])
    own = ZoneInfo(settings.desk.time_zone)
    usual = {OFFICE: _calendar("", CalendarSettings(OFFICE), own), ALWAYS: round_the_clock(ALWAYS, own)}
    found = {one.name: _calendar(f"calendars[{n}]", one, own) for n, one in enumerate(settings.calendars)}
    return usual | found


def _calendar(where: str, calendar: CalendarSettings, own: ZoneInfo) -> Calendar:
    if not calendar.name:
        raise SettingsError(f"{where}.name: missing")
    zone = _zone(f"{where}.time_zone", calendar.time_zone) if calendar.time_zone else own
    if calendar.always:
        return round_the_clock(calendar.name, zone)
    dated, yearly = _days_off(f"{where}.holidays", calendar.holidays)
    made = Calendar(
        name=calendar.name,
        zone=zone,
        week=_week(f"{where}.hours", calendar.hours),
        dated=dated,
        yearly=yearly,
        national=_national(where, calendar),
    )
    try:
        moment_after(made, datetime.now(UTC), timedelta(minutes=1))
    except ValueError:
        raise SettingsError(f'{where}.hours: nobody ever works; write monday = ["09:00-17:00"]') from None
    return made


def _zone(where: str, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(f"{where}: {name!r} is not a time zone; write one like Europe/Berlin") from None


def _week(where: str, hours: HoursSettings) -> tuple[tuple[Interval, ...], ...]:
    return tuple(_day(f"{where}.{name}", intervals) for name, intervals in hours.week.items())


def _day(where: str, intervals: Sequence[str]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for text in intervals:
        read = _HOURS.fullmatch(text.strip())
        start, end = (60 * int(read[1]) + int(read[2]), 60 * int(read[3]) + int(read[4])) if read else (0, 0)
        if read is None or not start < end <= DAY_MINUTES or int(read[2]) > 59 or int(read[4]) > 59:
            raise SettingsError(f"{where}: {text!r} is no interval; write one like 09:00-17:30, 24:00 at most")
        if found and start < found[-1][1]:
            raise SettingsError(f"{where}: {text!r} begins before the one in front of it ends")
        found.append((start, end))
    return tuple(found)


def _days_off(where: str, days: Sequence[str]) -> tuple[frozenset[date], frozenset[tuple[int, int]]]:
    dated: set[date] = set()
    yearly: set[tuple[int, int]] = set()
    for text in days:
        try:
            if len(text) == len("12-25"):
                day = date.fromisoformat(f"2024-{text}")  # A leap year: 02-29 is a day.
                yearly.add((day.month, day.day))
            else:
                dated.add(date.fromisoformat(text))
        except ValueError:
            raise SettingsError(f"{where}: {text!r} is no day; write 2026-12-24, or 12-24 for every year") from None
    return frozenset(dated), frozenset(yearly)


def _national(where: str, calendar: CalendarSettings) -> Callable[[int], frozenset[date]]:
    country, region = calendar.country.upper(), calendar.region
    if not country:
        return no_holidays
    known = holidays.list_supported_countries()
    if country not in known:
        raise SettingsError(f"{where}.country: there is no {country!r}; write a code like DE, FR or GB")
    if region and region not in known[country]:
        regions = ", ".join(known[country]) or "none"
        raise SettingsError(f"{where}.region: {country} has no {region!r}, only {regions}")

    @lru_cache(maxsize=16)
    def of_year(year: int) -> frozenset[date]:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))

    return of_year


def _policy(settings: Settings, number: int, policy: PolicySettings, calendars: dict[str, Calendar]) -> Policy:
    where = f"policies[{number}]"
    if not policy.name:
        raise SettingsError(f"{where}.name: missing")
    _one_of(f"{where}.calendar", policy.calendar, calendars)
    _known_departments(f"{where}.departments", policy.departments, settings)
    for priority in policy.priorities:
        _one_of(f"{where}.priorities", priority, PRIORITIES)
    written = {
        FIRST: ("first_response", policy.first_response),
        NEXT: ("next_response", policy.next_response),
        RESOLUTION: ("resolution", policy.resolution),
    }
    steps = [_step(f"{where}.steps[{n}]", step, settings) for n, step in enumerate(policy.steps)]
    return Policy(
        name=policy.name[:80],
        calendar=calendars[policy.calendar],
        targets={kind: _span(f"{where}.{key}", text) for kind, (key, text) in written.items() if text},
        departments=frozenset(policy.departments),
        priorities=frozenset(policy.priorities),
        products=frozenset(policy.products),
        steps=tuple(steps) or STEPS,
        at_night=policy.at_night,
    )


def _step(where: str, step: StepSettings, settings: Settings) -> Step:
    if not 1 <= step.at <= 1000:
        raise SettingsError(f"{where}.at: wants a percentage of the target, 1 to 1000")
    for audience in step.tell:
        if "@" not in audience:
            _one_of(f"{where}.tell", audience, (*AUDIENCES, "an address"))
    for kind in step.clocks:
        _one_of(f"{where}.clocks", kind, KINDS)
    if step.priority:
        _one_of(f"{where}.priority", step.priority, PRIORITIES)
    if step.department:
        _known_departments(f"{where}.department", (step.department,), settings)
    return Step(
        percent=step.at,
        after=_span(f"{where}.after", step.after) if step.after else timedelta(),
        clocks=frozenset(step.clocks or KINDS),
        tell=step.tell,
        priority=step.priority,
        department=step.department,
    )


def _span(where: str, text: str) -> timedelta:
    read = _SPAN.fullmatch(text.strip())
    span = timedelta(hours=int(read[1] or 0), minutes=int(read[2] or 0)) if read else timedelta()
    if not span or span > timedelta(hours=2000):
        raise SettingsError(f"{where}: {text!r} is no span of working time; write 30m, 8h or 1h 30m, 2000h at most")
    return span


def _known_departments(where: str, names: Sequence[str], settings: Settings) -> None:
    for name in names:
        _one_of(where, name, [department.name for department in settings.departments])


def _no_name_twice(where: str, names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            raise SettingsError(f"{where}[{number}].name: {name!r} is taken")


def _one_of(where: str, value: str, allowed: Sequence[str] | dict[str, Calendar]) -> None:
    if value not in allowed:
        raise SettingsError(f"{where}: there is no {value!r}, only {', '.join(allowed)}")


def _edition(settings: Settings) -> str:
    """Another one whenever a deadline could be another: new holidays of the library count as well."""
    said = (settings.calendars, settings.policies, settings.clocks, settings.desk.time_zone, version("holidays"))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _products_of(billing: Billing) -> Callable[[str], frozenset[str]]:
    def products(client_id: str) -> frozenset[str]:
        try:
            services = billing.services(client_id)
        except (Unavailable, Rejected, Unsupported, LookupError):
            return frozenset()  # The rule does not fit; the mail must not wait for that.
        return frozenset(service.product for service in services if service.status == "Active")

    return products
