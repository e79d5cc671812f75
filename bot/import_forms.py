"""The forms of single values in the import document: ids, amounts, dates, addresses.

Lengths are those of the columns, as PostgreSQL enforces them and SQLite does not.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import idna
from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError


def _form(pattern: str, wanted: str, make: Callable[[str], Any] = str) -> PlainValidator:
    """Text of this form, made into a value; what `make` refuses is refused in the same words."""
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        try:
            if isinstance(value, str) and compiled.fullmatch(value):
                return make(value)
        except ValueError:
            pass
        raise PydanticCustomError("form", "wants {wanted}", {"wanted": wanted})

    return PlainValidator(check)


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or not 0 < len(text := str(value)) <= 40:
        raise PydanticCustomError("form", "wants {wanted}", {"wanted": "an id: a number or text of 1 to 40 characters"})
    if not text.isprintable():
        raise PydanticCustomError("form", "wants {wanted}", {"wanted": "an id without control characters"})
    return text


def _domain_name(value: Any) -> str:
    """Lower case and ASCII; an international name is refused with that form in the message: one spelling is stored."""
    if isinstance(value, str) and len(value) <= 253 and _HOST.fullmatch(value.lower()):
        return value.lower()
    wanted = "a domain name like bakery.example"
    if isinstance(value, str) and not value.isascii():
        with contextlib.suppress(idna.IDNAError):
            wanted = f"the ASCII form, {idna.encode(value, uts46=True).decode('ascii')}"
    raise PydanticCustomError("form", "wants {wanted}", {"wanted": wanted})


def _domain_name_or_none(value: Any) -> str:
    return "" if value == "" else _domain_name(value)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("invisible characters")
    return text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if len(text) == 10:
        return moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)


_AMOUNT = r"[0-9]{1,10}\.[0-9]{2}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})"
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ATOM = r"[^\s@,;:<>()\[\]\\\"]"
_LABEL = r"[^\s@,;:<>()\[\]\\\".]{1,63}"
_ADDRESS = rf"(?=[^@]{{1,64}}@.{{3,253}}$){_ATOM}+@({_LABEL}\.)+{_LABEL}"
_URL = r"https?://[^\s\"<>]+"

Id = Annotated[str, PlainValidator(_id)]
Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Line = Annotated[str, Field(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Body = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Email = Annotated[str, _form(_ADDRESS, "an e-mail address", _printable)]
EmailOrNone = Annotated[str, _form(f"({_ADDRESS})?", "an e-mail address", _printable)]
DomainName = Annotated[str, PlainValidator(_domain_name)]
DomainNameOrNone = Annotated[str, PlainValidator(_domain_name_or_none)]
Ending = Annotated[str, _form(r"[a-z0-9-]+(\.[a-z0-9-]+)*", "an ending like com or co.uk, without the first dot")]
Url = Annotated[str, _form(_URL, "a URL like https://portal.example", _printable)]
UrlOrNone = Annotated[str, _form(f"({_URL})?", "a URL like https://portal.example", _printable)]
Price = Annotated[Decimal, _form(_AMOUNT, 'an amount as text with two decimals, like "5.00"', Decimal)]
Amount = Annotated[Decimal, _form(f"-?{_AMOUNT}", 'an amount as text with two decimals, like "5.00"', Decimal)]
Day = Annotated[date, _form(_DAY, 'a date like "2026-12-01"', date.fromisoformat)]
Moment = Annotated[datetime, _form(f"{_DAY}({_TIME})?", 'a moment like "2026-12-01T22:00:00Z"', _moment)]
Month = Annotated[str, _form(r"[0-9]{4}-(0[1-9]|1[0-2])", 'a month like "2027-04"')]
Country = Annotated[str, _form("[A-Z]{2}|", "a country as two capital letters (ISO 3166)")]
Currency = Annotated[str, _form("[A-Z]{3}", "a currency as three capital letters (ISO 4217)")]
Language = Annotated[str, _form("[a-z]{2,3}([-_][A-Za-z]{2,4})?|", 'a language like "en" or "pt-BR"')]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
