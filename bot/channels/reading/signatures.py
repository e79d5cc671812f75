"""Where the words end and the signature begins: delimiters, phones, lists' footers. Closings and names stay."""

from __future__ import annotations

import re

from bot.channels.reading import languages
from bot.channels.reading.introductions import is_ruler, normal
from bot.channels.reading.lines import Line, Mark

_DELIMITER = re.compile(r"(?:--|—|––|__|- --|-- --)")
_SIGNATURE_LINES = 15
_FOOTER_LINES = 12
_SENT_FROM = re.compile("|".join(f"(?:{pattern})" for pattern in languages.SENT_FROM))
_TARGET = re.compile(r"[<(\[]?\bhttps?://[^\s<>()\[\]]+[>)\]]?")
_LIST_WORDS = re.compile(
    r"mailing list|mailinglist|unsubscribe|listinfo|list info|to post to this|abmelden|désabonner|désinscrire"
    r"|darse de baja|google groups|you received this message because|to view this discussion|manage your subscription"
    r"|list archive|mailman|disiscriver|cancelar inscri|avsluta prenumer|отписаться|afmelden|opt out"
)
_CHECKED = re.compile(
    r"virus[- ]free|antivirus|avast|avg\.com|checked (?:for|by) virus|no virus found|scanned by|virenfrei|sans virus"
    r"|libre de virus|senza virus|protected by|checked by avg"
)


def is_sent_from(line: str) -> bool:
    """A whole line that a phone or a webmail put under what was written."""
    text = _TARGET.sub("", line).strip(" -–—*_<>[]|~.\"'()“”„")
    if not 8 <= len(text) <= 170:
        return 8 <= len(line) <= 170 and bool(_short_cjk(text))
    return _SENT_FROM.fullmatch(text) is not None and languages.DEVICES.search(text) is not None


def _short_cjk(text: str) -> bool:
    return 4 <= len(text) < 8 and _SENT_FROM.fullmatch(text) is not None and languages.DEVICES.search(text) is not None


def cut(lines: list[Line], end: int) -> int:
    """The new end of `lines[:end]` without what is signature at its end; `end` itself if nothing is."""
    end = _without_blank(lines, end)
    if end == 0:
        return 0
    last = normal(lines[end - 1].text[:300])
    if lines[end - 1].mark is Mark.SIGNATURE or is_ruler(last) or is_sent_from(last) or _DELIMITER.fullmatch(last):
        return _without_blank(lines, end - 1)
    if end > 1 and len(last) < 80 and (pair := _pair(lines, end)):
        return _without_blank(lines, end - pair)
    return _by_delimiter(lines, end)


def _pair(lines: list[Line], end: int) -> int:
    """A phone's line that was wrapped (2), or the notice of a virus scanner with its link."""
    last, above = normal(lines[end - 1].text[:200]), normal(lines[end - 2].text[:200])
    if above and is_sent_from(f"{above} {last}"):
        return 2
    if _CHECKED.search(last) and len(last) < 80:
        return 1
    if last.startswith(("http", "www.", "<http")) and _CHECKED.search(above):
        return 2
    return 0


def _by_delimiter(lines: list[Line], end: int) -> int:
    following = 0
    for number in range(end - 1, max(-1, end - 60), -1):
        bare = lines[number].text.strip()
        if not bare:
            continue
        first = bare[0]
        if first == ">":
            is_footer = 0 < following <= _FOOTER_LINES and _is_footer(lines, number + 1, end)
            return number + 1 if is_footer else end
        if following and first in "-_=—–*~" and _is_delimiter(lines, number, end, following):
            return _without_blank(lines, number)
        following += 1
        if following > _SIGNATURE_LINES:
            break
    return end


def _is_delimiter(lines: list[Line], number: int, end: int, following: int) -> bool:
    bare = lines[number].text.strip()
    if len(bare) <= 5 and _DELIMITER.fullmatch(bare):
        return True
    return len(bare) >= 20 and following <= _FOOTER_LINES and is_ruler(bare) and _is_footer(lines, number, end)


def _is_footer(lines: list[Line], start: int, end: int) -> bool:
    return any(_LIST_WORDS.search(normal(line.text[:300])) for line in lines[start:end])


def _without_blank(lines: list[Line], end: int) -> int:
    while end > 0 and not lines[end - 1].text.strip(" \t\xa0\u200b\ufeff"):
        end -= 1
    return end
