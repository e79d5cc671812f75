"""What must not be kept or logged in clear: card numbers, codes, tokens, passwords, addresses.

A client who mails a card number or a password has made a mistake that must not live on in a ticket, a notification or
a log. Passwords and transfer codes are found by `core.passwords`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core import passwords

_CARD = re.compile(r"(?<![\d.,-])(?:\d[ -]?){12,40}\d(?![\d-])")
_GROUP = re.compile(r"\d+")
_LENGTHS = (13, 14, 15, 16, 19)
"""Eighteen is left out: a few rare cards have it, and so have the desk's own ids."""
_ISSUERS = "23456"
_DOUBLED = {str(digit): digit * 2 - 9 if digit > 4 else digit * 2 for digit in range(10)}
CARD_REMOVED = "[removed: card number]"
PASSWORD_REMOVED = "[removed: password]"  # noqa: S105 (what stands in the place of one)
_TAG = re.compile(r"<(/?[a-zA-Z]{0,12})[^<>]{0,2000}>|&nbsp;")
_BLOCKS = frozenset("br p div td th tr li h1 h2 h3 h4 h5 h6 pre blockquote table ul ol".split())

_ADDRESS = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_SECRETS = (
    (re.compile(r"\b[a-z2-7]{32}\b"), "[token]"),
    (re.compile(r"\b[A-HJ-KMNP-TV-Z2-9]{4}-[A-HJ-KMNP-TV-Z2-9]{4}\b"), "[code]"),
    (re.compile(r"\bxox[a-z]-[\w-]+"), "[token]"),
    (re.compile(r"\b\d{6,12}:[\w-]{30,}"), "[token]"),
    (
        re.compile(r"(?i)\b(password|passwd|secret|token|authinfo|auth_code)(\s*[=:]\s*)(?!\[removed)\S+"),
        r"\1\2[removed]",
    ),
    (re.compile(r"(?i)(\w+://[^:/\s]+:)[^@\s]+@"), r"\1[removed]@"),
)


def without_cards(text: str) -> str:
    """Without card numbers: as many digits as cards have that pass the Luhn check (ISO/IEC 7812-1, annex B)."""
    return _CARD.sub(lambda found: _blanked(found.group(0)), text)


def without_secrets(text: str) -> str:
    """Without card numbers, passwords and transfer codes, as it may be stored and sent on."""
    return without_cards(_cut(text, passwords.spans(text)))


def page_without_secrets(html: str) -> str:
    """The same for HTML, where tags may stand between a secret and what announces it."""
    return without_cards(_cut(html, passwords.spans(_TAG.sub(_blank, html))))


def for_log(text: str) -> str:
    """A line as it may be logged."""
    text = without_secrets(text)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return _ADDRESS.sub(r"\1…@\2", text)


def _cut(text: str, spans: Iterable[passwords.Span]) -> str:
    kept, at = [], 0
    for start, end in spans:
        kept += [text[at:start], PASSWORD_REMOVED]
        at = end
    return "".join((*kept, text[at:]))


def _blank(tag: re.Match[str]) -> str:
    """As long as the tag, so that places stay where they are; a line end where a reader sees one."""
    name = (tag[1] or "").strip("/").lower()
    return ("\n" if name in _BLOCKS else " ").ljust(len(tag[0]))


def _blanked(numbers: str) -> str:
    """Cards among groups of digits: "4242 4242 4242 4242 12/28" goes on with the month that it expires in."""
    groups = [(found.start(), found.end(), found.group(0)) for found in _GROUP.finditer(numbers)]
    kept, at, start = [], 0, 0
    while start < len(groups):
        end = _end_of_card(groups, start)
        if end:
            kept += [numbers[at : groups[start][0]], CARD_REMOVED]
            at, start = groups[end - 1][1], end
        else:
            start += 1
    return "".join((*kept, numbers[at:]))


def _end_of_card(groups: Sequence[tuple[int, int, str]], start: int) -> int:
    """The group behind the card that begins here; 0 when none does. The longest counts."""
    digits, found = "", 0
    for end in range(start, len(groups)):
        digits += "".join(str(int(digit)) for digit in groups[end][2])  # full-width and Arabic ones as well
        if len(digits) > _LENGTHS[-1] or digits[0] not in _ISSUERS:
            break
        if len(digits) in _LENGTHS and _sum_fits(digits):
            found = end + 1
    return found


def _sum_fits(digits: str) -> bool:
    ones = sum(map(int, digits[-1::-2]))
    doubled = sum(_DOUBLED[digit] for digit in digits[-2::-2])
    return (ones + doubled) % 10 == 0
