"""Single header fields as text: subject, ids, date, and the cleaning that every text out of a header gets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from bot.channels.reading import encoded_words, limits
from bot.channels.reading.structure import Entity

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_BRACKETED = re.compile(r"<([^<>]{1,1000})>")
_BARE_ID = re.compile(r"[^\s<>,;\"()]{1,250}@[^\s<>,;\"()]{1,250}")
_ISO_DATE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[T ]+(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?", re.I
)
_LOOSE_DATE = re.compile(
    r"(\d{1,2})[.\s-]+([^\W\d_]{3,10})\.?[.,\s-]+(\d{4}|\d\d)\b[,\s]*(?:(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?)?\s*([+-]\d{4})?"
)
_MONTH_FIRST = re.compile(
    r"([A-Z][a-z]{2,8})\.? (\d{1,2}),? (\d{4})(?:,? (?:at )?(\d{1,2}):(\d\d)(?::(\d\d))?)?(?: ([AP]M))?", re.I
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen ian sty leden янв", "feb fev fév fév lut úno únor фев", "mar mär mrz már maa бер мар brez",
            "apr avr abr kwi dub апр", "may mai maj mei mag máj maí май kvě", "jun giu cze juin ииюн июн kesä",
            "jul lug lip juil июл heinä", "aug aoû ago sie srp авг elo", "sep set wrz szept zář сен syys",
            "oct okt ott out paź říj окт loka", "nov lis marras ноя list", "dec dez déc dic gru pro joulu дек",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


def clean(text: str) -> str:
    """Without line ends, controls and the signs that reorder text for the eye; those become blanks."""
    return _UNPRINTABLE.sub(" ", text.replace("\0", "")).strip()


def subject(mail: Entity) -> str:
    return clean(mail.get("subject"))[: limits.SUBJECT_CHARACTERS]


def message_ids(mail: Entity, name: str) -> tuple[str, ...]:
    """The ids of all fields of that name in the order written, once each, without angle brackets (RFC 5322 3.6.4)."""
    found: dict[str, None] = {}
    for value in mail.raw_values(name):
        text = encoded_words.decode(value)
        ids = _BRACKETED.findall(text) or _BARE_ID.findall(text)
        for one in ids[: limits.IDS]:
            if cleaned := clean("".join(one.split())):
                found.setdefault(cleaned)
    return tuple(found)


def message_id(mail: Entity) -> str:
    """The Message-ID; whatever the field holds if that is not an id, "" without a field."""
    ids = message_ids(mail, "message-id")
    return ids[0] if ids else clean(mail.get("message-id")).strip("<> ")[:1000]


def date(mail: Entity) -> datetime | None:
    """The Date field with its offset; UTC where it names none or an unknown one."""
    value = clean(mail.get("date"))[:200]
    if not value:
        return None
    try:
        return _date(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _date(value: str) -> datetime | None:
    iso = _ISO_DATE.search(value)
    if iso:
        year, month, day, hour, minute, second = (int(part or 0) for part in iso.groups()[:6])
        return datetime(year, month, day, hour, minute, second, tzinfo=_offset(iso[7] or ""))
    parsed = parsedate_tz(value)
    if parsed is not None:
        seconds = parsed[9] or 0
        zone = timezone(timedelta(seconds=seconds)) if seconds and abs(seconds) < 86_400 else UTC
        try:
            return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=zone)
        except ValueError:
            pass
    return _loose(value)


def _loose(value: str) -> datetime | None:
    """Dates in words of other languages and American order."""
    if match := _MONTH_FIRST.search(value):
        month = _month(match[1])
        hour = int(match[4] or 0) % 12 + 12 if (match[7] or "").upper() == "PM" else int(match[4] or 0)
        if month:
            return datetime(int(match[3]), month, int(match[2]), hour, int(match[5] or 0), tzinfo=UTC)
    match = _LOOSE_DATE.search(value)
    month = _month(match[2]) if match else 0
    if not match or not month:
        return None
    year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
    hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
    return datetime(year, month, int(match[1]), hour, minute, second, tzinfo=_offset(match[7] or ""))


def _month(word: str) -> int:
    word = word.lower()
    return next((_MONTHS[word[:n]] for n in (6, 5, 4, 3) if word[:n] in _MONTHS), 0)


def _offset(text: str) -> timezone:
    digits = text.replace(":", "")
    if len(digits) != 5:
        return UTC
    minutes = int(digits[1:3]) * 60 + int(digits[3:5])
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes)) if 0 < minutes < 1440 else UTC
