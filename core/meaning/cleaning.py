"""What the writer says now: a plain text without quotes, forwards, copied headers, signatures and closings.

What mail programs write around it is in data/mail.txt. The reading of mails (docs/mail-reading.md) has trimmed most
of it already; a text from elsewhere has not been through that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from core.meaning import source

_DELIMITER = re.compile(r"(?:-- ?|—|[-_]{2,})")
_POSTSCRIPT = re.compile(r"^\W*p\.?\s?s\.?\b\W*", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^\s*(?:[-*•·–]|\d{1,2}[.)]|[a-z]\))\s", re.IGNORECASE)
_NAMED_LINE = re.compile(r"[\w-]+\.[\w.-]*\w+\s*(?:[-=:→>]|$)")
"""A domain and what belongs to it: a line of a list, although it begins small."""
_TAG = re.compile(r"\[#\d+\]")
_WRAP_LENGTH = 45
_INTRODUCTION_LENGTH = 250
_CLOSING_WORDS = 7
_WORDS_BEHIND_CLOSING = 4
_SIGNATURE_LINES = 12
_HEADER_LINES = 6


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The writer's own words, line by line; whether history or a forward was cut from below them."""

    text: str
    quoted: bool
    forwarded: bool


def clean(text: str) -> Cleaned:
    lines = text.replace("\r\n", "\n").replace("\u00a0", " ").replace("\u200b", "").split("\n")
    lines, quoted, forwarded = _without_history(lines)
    return Cleaned("\n".join(_unwrapped(_without_signature(lines))).strip(), quoted, forwarded)


def is_reply(subject: str) -> bool:
    """A subject that somebody else wrote, most often we ourselves: it begins with "Re:" or holds a ticket's tag."""
    if _TAG.search(subject):
        return True
    return _pattern(rf"^\s*(?:{_any('reply')})\s*(?:\[\d+\])?\s*:").match(subject) is not None


def is_robots(subject: str) -> bool:
    """The subject of an automatic reply or a delivery report."""
    return _pattern(rf"^\W*(?:{_any('robot')})").match(subject) is not None


# ---------------------------------------------------------------------- history


def _without_history(lines: list[str]) -> tuple[list[str], bool, bool]:
    kept: list[str] = []
    quoted = False
    skip = 0
    for number, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        if _is_marker("forward", line):
            return kept, quoted, True
        if line.lstrip().startswith((">", "|>")):
            quoted = True
        elif _is_marker("original", line) or _starts_headers(lines, number):
            return kept, True, False
        elif length := _introduction(lines, number):
            if not _quote_follows(lines, number + length):
                return kept, True, False
            quoted, skip = True, length - 1
        else:
            kept.append(line)
    return kept, quoted, False


def _is_marker(section: str, line: str) -> bool:
    """ "---------- Forwarded message ---------"."""
    return (
        _pattern(rf"^[\s>*]*(?:[-_=*]{{2,}}\s*)?(?:begin )?(?:{_any(section)})(?!\w).{{0,40}}$").match(line) is not None
    )


def _introduction(lines: list[str], number: int) -> int:
    """How many lines from here introduce a quote ("On … wrote:"); 0 for none."""
    line = lines[number].strip()
    if not line or len(line) > _INTRODUCTION_LENGTH:
        return 0
    if _dated().match(line) or _addressed().match(line):
        return 1
    if _named().match(line) and _quote_follows(lines, number + 1):
        return 1
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    wrapped = following.endswith(":") and len(following) < 80 and line[-1] not in ".!?"
    return 2 if wrapped and _dated().match(f"{line} {following}") else 0


@cache
def _dated() -> re.Pattern[str]:
    begins = rf"(?:(?:{_any('opener')})\b|20\d\d|\d{{1,2}}[./-])"
    return _pattern(rf"^\W{{0,3}}{begins}.{{0,160}}(?<!\w)(?:{_any('wrote')})(?!\w).{{0,90}}$")


@cache
def _addressed() -> re.Pattern[str]:
    return _pattern(rf"^.{{0,80}}<[^<>\s]+@[^<>\s]+>.{{0,60}}(?:{_any('wrote')})?.{{0,50}}:\s*$")


@cache
def _named() -> re.Pattern[str]:
    return _pattern(rf"^.{{1,60}}(?<!\w)(?:{_any('wrote')})(?!\w)[^.!?]{{0,60}}:\s*$")


def _quote_follows(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number : number + 3] if line.strip()), "")
    return following.lstrip().startswith(">")


def _starts_headers(lines: list[str], number: int) -> bool:
    """A copied header block: a sender's line, and two more labels close below."""
    first = _label(lines[number])
    if first not in _any("sender").split("|"):
        return False
    labels = {label for line in lines[number : number + _HEADER_LINES] if (label := _label(line))}
    return len(labels) >= 3 or (len(labels) == 2 and "@" in lines[number])


def _label(line: str) -> str:
    match = _pattern(rf"^[\s>*]*({_any('label')})\s?\*?:\*?\s").match(line)
    return match[1].lower() if match else ""


# ---------------------------------------------------------------------- signature


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        bare = line.strip()
        if _ends_the_text(bare, number, lines):
            return lines[:number] + _postscripts(lines[number + 1 :])
    return [*lines[:-1], _without_inline_closing(lines[-1])] if lines else lines


def _ends_the_text(bare: str, number: int, lines: list[str]) -> bool:
    if not bare:
        return False
    if _pattern(rf"^\W*(?:{_any('phone')})(?!\w).{{0,60}}$").match(bare):
        return True
    if not any(above.strip() for above in lines[:number]):
        return False
    if _DELIMITER.fullmatch(bare) or _pattern(rf"^\W*(?:{_any('disclaimer')})(?!\w)").match(bare):
        return True
    return len(lines) - number <= _SIGNATURE_LINES and _is_closing(bare)


def _postscripts(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if match := _POSTSCRIPT.match(line):
            return [line[match.end() :], *(rest for rest in lines[number + 1 :] if rest.strip())]
    return []


def _is_closing(line: str) -> bool:
    if len(line.split()) > _CLOSING_WORDS:
        return False
    thanks = _pattern(rf"(?:{_any('thanks')})(?:[ ,]+[^\W\d_]+){{0,2}}")
    return bool(_pattern(rf"^\W*(?:{_any('closing')})(?!\w)").match(line) or thanks.fullmatch(line.strip(" ,.!-")))


def _without_inline_closing(line: str) -> str:
    """ "… opzeggen. Groet, Bob": the closing and at most four words behind it."""
    for match in _pattern(rf"[.!?,]\s+(?:{_any('closing')})(?!\w)").finditer(line):
        if len(line[match.end() :].split()) <= _WORDS_BEHIND_CLOSING and match.start() > 10:
            return line[: match.start() + 1].rstrip()
    return line


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that a mail program broke in the middle of a sentence, put together again."""
    joined: list[str] = []
    for line in lines:
        bare = line.strip()
        above = joined[-1] if joined else ""
        continues = bare[:1].islower() and len(above) > _WRAP_LENGTH and above[-1:] not in ".!?:;"
        if continues and not _LIST_ITEM.match(line) and not _NAMED_LINE.match(bare):
            joined[-1] = f"{above} {bare}"
        else:
            joined.append(bare)
    return joined


# ---------------------------------------------------------------------- patterns


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@cache
def _any(section: str) -> str:
    """The words of a section of data/mail.txt as alternatives, the longest first."""
    entries = (entry for entry in source.entries("mail.txt") if entry.section == section)
    words = {word.strip() for entry in entries for word in entry.value.split(",")}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
