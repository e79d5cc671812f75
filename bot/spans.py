"""Lengths of time and shares as people write them, in their language."""

from __future__ import annotations

from babel import Locale
from babel.numbers import format_percent
from babel.units import format_unit


def short_span(seconds: float, locale: Locale) -> str:
    """A whole number of the largest unit that divides it, as short as the language writes it."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            return format_unit(int(seconds // length), unit, "narrow", locale=locale)
    return format_unit(int(seconds), "second", "narrow", locale=locale)


def span(seconds: float, locale: Locale) -> str:
    """Two units at most: 2h 5m."""
    minutes = round(seconds / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = [(days, "day"), (hours, "hour"), (rest, "minute")]
    first = next((place for place, (amount, _) in enumerate(units) if amount), 2)
    shown = [pair for pair in units[first : first + 2] if pair[0] or pair is units[first]]
    return " ".join(format_unit(amount, unit, "narrow", locale=locale) for amount, unit in shown)


def percent(share: float, locale: Locale) -> str:
    return format_percent(round(share, 2), locale=locale)
