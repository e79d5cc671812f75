"""The moment that staff name in a command: "3d", "fri", "tomorrow 14:30", "2026-12-01 09:00"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import days

MORNING = time(9)
"""A day without a time of day means its morning."""
LONGEST = timedelta(days=366)

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(
    r"\+?(\d{1,4})\s*(?:(m)(?:ins?|inutes?)?|(h)(?:rs?|ours?)?|(d)(?:ays?)?|(w)(?:ks?|eeks?)?)\.?", re.IGNORECASE
)
"""Spelled out, for "3 months" are not three minutes."""
_TIME = re.compile(r"(?:\b(?:at|um)\s+|(?<=\d)T|\b)(\d{1,2}):(\d{2})(?::\d{2})?(?:\s*uhr)?\s*$", re.IGNORECASE)
_SHORT_DAYS = {
    short: long
    for long in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for short in (long[:2], long[:3], long[:4])
}


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """In UTC; None when it names none, or one that is past or more than a year ahead. `now` is aware."""
    found = _moment(text.strip(), now.astimezone(zone))
    if found is None or not now < found <= now + LONGEST:
        return None
    return found.astimezone(now.tzinfo)


def _moment(text: str, here: datetime) -> datetime | None:
    span = _SPAN.fullmatch(text)
    if span:
        return _after(here, int(span[1]), next(unit for unit in span.groups()[1:] if unit).lower())
    clock = _TIME.search(text)
    hour = _time(clock) if clock else MORNING
    if hour is None:
        return None
    rest = text[: clock.start()].strip(" ,") if clock else text
    if not rest and clock:
        today = datetime.combine(here.date(), hour, here.tzinfo)
        return today if today > here else datetime.combine(here.date() + timedelta(days=1), hour, here.tzinfo)
    if rest.lower() == "today":
        return datetime.combine(here.date(), hour, here.tzinfo) if clock else None
    day = days.day_in(_spelled(rest), here.date())
    return datetime.combine(day, hour, here.tzinfo) if day else None


def _after(here: datetime, number: int, unit: str) -> datetime:
    """Days and weeks are days of the calendar: three days from now is the same hour, whatever the clocks did."""
    if unit in "dw":
        return here + timedelta(**{_UNITS[unit]: number})
    return (here.astimezone(ZoneInfo("UTC")) + timedelta(**{_UNITS[unit]: number})).astimezone(here.tzinfo)


def _time(found: re.Match[str]) -> time | None:
    hour, minute = int(found[1]), int(found[2])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _spelled(text: str) -> str:
    """ "fri" is Friday."""
    words = (text.lower().strip(".,") if text.isalpha() else text).split()
    return " ".join(_SHORT_DAYS.get(word, word) for word in words)
