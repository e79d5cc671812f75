"""Text with its form, as Telegram knows form: runs of characters, each in one style, and their HTML.

Telegram's HTML has no paragraphs, lists or tables, and refuses a message for one sign that is not escaped. Lengths are
counted after parsing, so they are counted on the runs and not on the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

MOST_ENTITIES = 100
"""Further ones are shown without their form."""
MOST_BYTES = 32_768
"""Of the HTML."""


class Style(StrEnum):
    PLAIN = ""
    BOLD = "b"
    CODE = "code"
    PRE = "pre"
    SPOILER = "tg-spoiler"
    LINK = "a"


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    style: Style = Style.PLAIN
    target: str = ""
    """Where a link leads."""
    quoted: bool = False


Runs = tuple[Run, ...]


def length(runs: Iterable[Run]) -> int:
    """Code points after parsing, as Telegram counts them."""
    return sum(len(run.text) for run in runs)


def entities(runs: Sequence[Run]) -> int:
    return sum(run.style is not Style.PLAIN for run in runs) + sum(quoted for quoted, _ in _by_quote(runs))


def _by_quote(runs: Iterable[Run]) -> list[tuple[bool, list[Run]]]:
    return [(quoted, list(group)) for quoted, group in groupby(runs, lambda run: run.quoted)]


def html(runs: Iterable[Run]) -> str:
    parts = []
    for quoted, group in _by_quote(runs):
        inner = "".join(map(_html, group))
        parts.append(f"<blockquote>{inner}</blockquote>" if quoted else inner)
    return "".join(parts)


def _html(run: Run) -> str:
    text = escaped(run.text)
    match run.style:
        case Style.PLAIN:
            return text
        case Style.LINK:
            return f'<a href="{escaped(run.target)}">{text}</a>'
        case _:
            return f"<{run.style}>{text}</{run.style}>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def plain(runs: Sequence[Run], limit: int) -> str:
    """Without any form; where links lead is told if there is room for it."""
    told = "".join(f"{run.text} ({run.target})" if run.style is Style.LINK else run.text for run in runs)
    return told if len(told) <= limit else "".join(run.text for run in runs)


_MENTION = re.compile(r"(?<![\w.@+-])@(?=\w)")


def visible(text: str) -> str:
    """Without control characters."""
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or ord(sign) > 0x9F)


def harmless(text: str) -> str:
    """Words of anybody: "@name" calls nobody (outside of code, Telegram makes a mention of it by itself)."""
    return _MENTION.sub("@\u2060", visible(text))


def cut(run: Run, at: int) -> tuple[Run, Run]:
    return replace(run, text=run.text[:at]), replace(run, text=run.text[at:])
