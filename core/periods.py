"""The time that a text speaks of: "in 2025", "since January", "last month", "from March to May 2025".

Months are known by their names in the languages of the desk. A month without a year is the last one that has begun,
and counts only behind a word like "in" or "since": "may I have my invoices" speaks of no month.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    start: dt.date
    end: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end


_MONTHS = [
    "january jan januar janvier enero gennaio januari styczeń stycznia styczniu janeiro",
    "february feb februar février fevrier febrero febbraio februari luty lutego lutym fevereiro",
    "march mar märz maerz mars marzo maart marzec marca marcu março marco",
    "april apr avril abril aprile kwiecień kwietnia kwietniu",
    "may mai mayo maggio mei maj maja maju maio",
    "june jun juni juin junio giugno czerwiec czerwca czerwcu junho",
    "july jul juli juillet julio luglio lipiec lipca lipcu julho",
    "august aug août aout agosto augustus sierpień sierpnia sierpniu",
    "september sep sept septembre septiembre settembre wrzesień września wrześniu setembro",
    "october oct oktober octobre octubre ottobre październik października październiku outubro",
    "november nov novembre noviembre listopad listopada listopadzie novembro",
    "december dec dezember décembre decembre diciembre dicembre grudzień grudnia grudniu dezembro",
]
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_SINCE = r"since|after|starting|seit|ab|depuis|desde|dal(?:l[ao'])?|sinds|vanaf|od"
_IN = (
    r"in|of|from|for|to|until|till|through|during|and|im|für|von|bis|und|en|de|pour|à|a|et|di|da|per|e|y|van|voor|tot"
    r"|w|za|do|dla|i"
)
_NAMES = "|".join(sorted(map(re.escape, _NUMBER_OF), key=len, reverse=True))
_YEAR = r"(?<![\w#/.-])(?:19|20)\d\d(?![\w/-]|[.,]\d|\s*(?:€|\$|£|eur|usd|gbp|chf|pln))"
_DATE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
    rf"|(?P<since>\b(?:{_SINCE})\s+(?:the\s+(?:beginning|start)\s+of\s+)?)?(?P<in>\b(?:{_IN})\s+|\bd')?(?:last\s+)?"
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?)?(?P<month>{_NAMES})\b\.?"
    rf"(?:\s+(?:de\s+|del\s+)?(?P<year>{_YEAR}))?"
    rf"|\bq(?P<quarter>[1-4])[\s/-]*(?P<of>{_YEAR})"
    rf"|(?P<all>{_YEAR})",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?P<which>last|this|previous|past)\s+(?:(?P<count>\d{1,2}|two|three|six|twelve)\s+)?(?P<unit>year|quarter|month)s?\b",
    re.IGNORECASE,
)
_NUMERALS = {"two": 2, "three": 3, "six": 6, "twelve": 12}
_OPEN = re.compile(rf"\b(?:{_SINCE})\s+(?:the\s+(?:beginning|start)\s+of\s+)?$", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on|onwards?|until now|till now|until today|to date|up to now)\b", re.IGNORECASE)
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def period_in(text: str, today: dt.date) -> Period | None:
    """None when the text names no time."""
    relative = _RELATIVE.search(text)
    if relative is not None:
        return _relative(relative, today, since=bool(_OPEN.search(text[: relative.start()])))
    matches = [match for match in _DATE.finditer(text) if not match["month"] or _speaks_of_a_month(match)]
    spans = list(_spans(matches, today))
    if not spans:
        return None
    if len(spans) > 1:
        return Period(min(span.start for span in spans), max(span.end for span in spans))
    (span,) = spans
    return Period(span.start, max(today, span.start)) if _open(text, matches[0]) else span


def _speaks_of_a_month(match: re.Match[str]) -> bool:
    return any(match[name] for name in ("since", "in", "day", "year"))


def _open(text: str, match: re.Match[str]) -> bool:
    """Does it last until now?"""
    return bool(match["since"] or _OPEN.search(text[: match.start()]) or _ON.match(text, match.end()))


def _relative(match: re.Match[str], today: dt.date, *, since: bool) -> Period:
    """The last three months end today; last month is the one before this."""
    length = _LENGTHS[match["unit"].lower()]
    this = dt.date(today.year, (today.month - 1) // length * length + 1, 1)
    if match["count"]:
        count = _NUMERALS.get(match["count"].lower()) or int(match["count"])
        return Period(_months_before(dt.date(today.year, today.month, 1), count * length), today)
    if match["which"].lower() == "this":
        return Period(this, today)
    return Period(_months_before(this, length), today if since else this - dt.timedelta(days=1))


def _spans(matches: list[re.Match[str]], today: dt.date) -> Iterator[Period]:
    """Each date of the text; a month without a year is of the year that the next one names."""
    for index, match in enumerate(matches):
        try:
            yield _span(match, matches[index + 1 :], today)
        except ValueError:  # 2025-02-31
            continue


def _span(match: re.Match[str], later: list[re.Match[str]], today: dt.date) -> Period:
    if match["iso"]:
        day = dt.date.fromisoformat(match["iso"])
        return Period(day, day)
    if match["all"]:
        return _months(int(match["all"]), 1, 12)
    if match["quarter"]:
        return _months(int(match["of"]), int(match["quarter"]) * 3 - 2, 3)
    month = _NUMBER_OF[match["month"].lower()]
    named = next((int(other["year"]) for other in later if other["year"]), None)
    year = int(match["year"]) if match["year"] else named or today.year - (month > today.month)
    if match["day"]:
        day = dt.date(year, month, int(match["day"]))
        return Period(day, day)
    return _months(year, month, 1)


def _months(year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(dt.date(year, month, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def _months_before(first: dt.date, count: int) -> dt.date:
    index = first.year * 12 + first.month - 1 - count
    return dt.date(index // 12, index % 12 + 1, 1)
