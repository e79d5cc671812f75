"""The day that a text names: "on Monday", "in two weeks", "am 5. Dezember", "2026-12-05".

A day by itself is always one to come: the Monday that somebody means who writes it on a Monday is the next one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

_WEEKDAYS = (
    "monday montag lundi lunes lunedì lunedi maandag poniedziałek poniedzialek segunda-feira",
    "tuesday dienstag mardi martes martedì martedi dinsdag wtorek terça-feira",
    "wednesday mittwoch mercredi miércoles miercoles mercoledì mercoledi woensdag środa środę quarta-feira",
    "thursday donnerstag jeudi jueves giovedì giovedi donderdag czwartek quinta-feira",
    "friday freitag vendredi viernes venerdì venerdi vrijdag piątek piatek sexta-feira",
    "saturday samstag sonnabend samedi sábado sabato zaterdag sobota sobotę",
    "sunday sonntag dimanche domingo domenica zondag niedziela niedzielę",
)
_WEEKDAY = {word: day for day, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTHS = (
    "january jan januar janvier enero gennaio januari stycznia janeiro",
    "february feb februar février febrero febbraio februari lutego fevereiro",
    "march mar märz mars marzo maart marca março",
    "april apr avril abril aprile kwietnia",
    "may mai mayo maggio mei maja maio",
    "june jun juni juin junio giugno czerwca junho",
    "july jul juli juillet julio luglio lipca julho",
    "august aug août agosto augustus sierpnia",
    "september sep sept septembre septiembre settembre września setembro",
    "october oct oktober octobre octubre ottobre października outubro",
    "november nov novembre noviembre listopada novembro",
    "december dec dezember décembre diciembre dicembre grudnia dezembro",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NUMERALS = (
    "a an one ein eine einem einer un une una uno een um uma jeden jedną",
    "two couple zwei deux dos due twee dwa dwie dois duas",
    "three drei trois tres tre drie trzy três",
    "four vier quatre cuatro quattro cztery quatro",
    "five fünf cinq cinco cinque vijf pięć",
    "six sechs seis sei zes sześć",
    "seven sieben sept siete sette zeven siedem sete",
)
_NUMERAL = {word: number for number, words in enumerate(_NUMERALS, 1) for word in words.split()}
_UNITS = (
    (1, "days? tag(?:en?)? jours? días? dias? giorn[oi] dag(?:en)? dni dzień"),
    (7, "weeks? wochen? semaines? semanas? settiman[ae] weken tydzień tygodni(?:e|a)?"),
    (30, "months? monat(?:en?)? mois mes(?:es)? mes[ei] maand(?:en)? miesiąc(?:e|a)? miesięcy mês"),
)
_IN = re.compile(
    r"\b(?:in|within|after|nach|dans|en|dentro de|tra|fra|over|binnen|za|em|daqui a)\s+"
    rf"(?:(?P<number>\d{{1,3}}|{'|'.join(_NUMERAL)})(?:\s+of)?\s+)?"
    rf"(?P<unit>{'|'.join('|'.join(words.split()) for _, words in _UNITS)})\b",
    re.IGNORECASE,
)
_NEXT_WEEK = re.compile(
    r"\b(?:next week|nächste(?:r|n)? woche|kommende(?:r|n)? woche|(?:la )?semaine prochaine|(?:la )?próxima semana"
    r"|semana que vem|semana que viene|(?:la )?settimana prossima|prossima settimana|volgende week"
    r"|(?:w )?przyszłym tygodniu)\b",
    re.IGNORECASE,
)
_OVERMORROW = re.compile(
    r"\b(?:day after tomorrow|übermorgen|après-demain|pasado mañana|dopodomani|overmorgen|pojutrze"
    r"|depois de amanhã)\b",
    re.IGNORECASE,
)
_TOMORROW = re.compile(
    r"\b(?:tomorrow|(?<!guten )(?<!goede )morgen|demain|(?<!la )mañana|domani|jutro|amanhã)\b", re.IGNORECASE
)
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_DOTTED = re.compile(r"(?<![\w.])(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\w)")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?({'|'.join(_MONTH)})\b\.?(?:\s+(?:de\s+)?(\d{{4}}))?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"\b({'|'.join(_MONTH)})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-feira)?")

WORDS = tuple(
    dict.fromkeys(
        f"{' '.join(_WEEKDAYS)} tomorrow übermorgen morgen demain mañana domani overmorgen jutro pojutrze amanhã"
        " days weeks tagen wochen jours semaines días semanas giorni settimane dagen weken dni dias".split()
    )
)
"""Words of which an answer to "which day?" has one; `day_in` reads the whole of it."""


def day_in(text: str, today: date) -> date | None:
    """The day that the text names, seen from today; None when it names none, or one that no calendar has."""
    return next((day for reading in _READINGS if (day := reading(text, today)) is not None), None)


def _by_date(text: str, today: date) -> date | None:
    if found := _ISO.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.search(text):
        return _of_year(found[3], _MONTH[found[2].lower()], int(found[1]), today)
    if found := _MONTH_DAY.search(text):
        return _of_year(found[3], _MONTH[found[1].lower()], int(found[2]), today)
    if found := _DOTTED.search(text):
        return _of_year(found[3], int(found[2]), int(found[1]), today)
    return None


def _of_year(year: str | None, month: int, day: int, today: date) -> date | None:
    """Without a year, the next such day."""
    if year:
        return _day(int(year), month, day)
    this = _day(today.year, month, day)
    return this if this is None or this > today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _by_distance(text: str, today: date) -> date | None:
    found = _IN.search(text)
    if found is None:
        return None
    number = (found["number"] or "1").lower()
    length = next(days for days, words in _UNITS if re.fullmatch("|".join(words.split()), found["unit"], re.IGNORECASE))
    return today + timedelta(days=length * (int(number) if number.isdecimal() else _NUMERAL[number]))


def _by_weekday(text: str, today: date) -> date | None:
    """The next one; with "next week" the one of that week."""
    wanted = next((_WEEKDAY[word] for word in _WORD.findall(text.lower()) if word in _WEEKDAY), None)
    if wanted is None:
        return None
    if _NEXT_WEEK.search(text):
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _by_word(text: str, today: date) -> date | None:
    for pattern, days in ((_OVERMORROW, 2), (_TOMORROW, 1), (_NEXT_WEEK, 7)):
        if pattern.search(text):
            return today + timedelta(days=days)
    return None


_READINGS: tuple[Callable[[str, date], date | None], ...] = (_by_date, _by_weekday, _by_distance, _by_word)
