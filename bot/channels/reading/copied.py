"""The header that a program copies above a mail that it forwards: its fields, and the addresses in them.

Fields are told by their labels in any of our languages (see languages.py), whatever stands around them: quote marks,
bold type, a blank line below each, all on one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.reading import introductions as intro
from bot.channels.reading import languages
from bot.channels.reading.addresses import Mailbox

ADDRESS = re.compile(r"[^@\s<>\[\]()\",;:*]+@[^@\s<>\[\]()\",;:*]+\.[^@\s<>\[\]()\",;:*.]+")
QUOTE = re.compile(r"\A\s{0,3}> ?")
_HEADER_LINES = 60
_REPLY_TO = frozenset(("reply-to", "reply to", "antwort an", "répondre à", "responder a"))
_LABELS = (*languages.FROM, *languages.SENT, *languages.TO, *languages.COPY, *languages.SUBJECT)
_LABELS_IN_LINE = re.compile(rf"(?:^|(?<=[\s>]))\*?({languages.alternatives(_LABELS)})\*?\s?[:：]\*?\s", re.IGNORECASE)


def bare(line: str) -> str:
    """A line without its quote mark."""
    return QUOTE.sub("", line, count=1).strip()


def begins(lines: Sequence[str], number: int) -> bool:
    """Does a copied header begin in that line?"""
    block = [intro.normal(bare(line)[:1_000]) for line in lines[number : number + 14]]
    if not block or not (intro.label_of(block[0]) or "from" in block[0][:12]):
        return False
    above = next((line for line in reversed(lines[max(0, number - 3) : number]) if line.strip()), "")
    below = intro.is_ruler(bare(above)) or intro.is_separator(intro.normal(bare(above)), ())
    return intro.header_block(block, below_separator=below or intro.is_forward(intro.normal(bare(above)))) > 0


def fields(lines: Sequence[str], start: int) -> tuple[dict[str, str], int]:
    """The fields of a copied header by category (from, sent, to, subject, reply-to…), and where the text begins."""
    found: dict[str, str] = {}
    key, number = "", start
    while number < min(len(lines), start + _HEADER_LINES):
        shown = bare(lines[number])
        name = _category(shown)
        if not shown:
            if number == start or _continues(lines, number, found):
                number += 1
                continue
            break
        if name and (name in ("other", "reply-to") or name not in found):
            key = name
            found[key] = shown.replace("：", ":", 1).partition(":")[2].strip(" *_\t")
        elif key and (lines[number][:1] in " \t" or "@" in shown[:300] or _next_is_label(lines, number)):
            found[key] = f"{found[key]} {shown}"
        else:
            break
        number += 1
    if number == start + 1 and len(inside := _in_one_line(bare(lines[start]))) >= 3:
        found = inside
    return found, number


def _category(line: str) -> str:
    if line.replace("：", ":").partition(":")[0].strip(" *_\t").lower() in _REPLY_TO:
        return "reply-to"
    return intro.label_of(intro.normal(line[:200]))


def _continues(lines: Sequence[str], blank: int, found: dict[str, str]) -> bool:
    """Some programs write a blank line below each field."""
    following = bare(lines[blank + 1]) if blank + 1 < len(lines) else ""
    name = _category(following)
    return bool(name) and name != "other" and name not in found and not {"from", "subject", "sent"} <= found.keys()


def _next_is_label(lines: Sequence[str], number: int) -> bool:
    return number + 1 < len(lines) and bool(_category(bare(lines[number + 1])))


def _in_one_line(line: str) -> dict[str, str]:
    """A header whose line breaks were lost."""
    found: dict[str, str] = {}
    marks = list(_LABELS_IN_LINE.finditer(line[:2_000]))
    for mark, end in zip(marks, [*(other.start() for other in marks[1:]), len(line)], strict=False):
        found.setdefault(intro.label_of(f"{mark[1].lower()}:"), line[mark.end() : end].strip(" *_\t"))
    return found


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """The addresses of a copied field, once each; only one that stands alone has a name."""
    value = value[:2_000].replace("mailto:", " ")
    found = {address.lower(): address for address in ADDRESS.findall(value)}
    name = value[: value.find(next(iter(found.values())))].strip(" *_'\"<[(") if len(found) == 1 else ""
    return tuple(Mailbox(address, name) for address in found.values())
