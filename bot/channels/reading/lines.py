"""A text as lines that remember what the mail program's own markup said about them."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Mark(IntEnum):
    """What markup proves of a line; plain text proves nothing."""

    NONE = 0
    QUOTED = 1
    """Stands in a quotation that the mail program made."""
    SIGNATURE = 2
    INTRODUCTION = 4
    """The mail program's own "On … wrote:"."""
    HISTORY = 3
    """Everything from this line on is history."""


class Line(NamedTuple):
    text: str
    mark: Mark = Mark.NONE


def plain(text: str) -> list[Line]:
    return [Line(line) for line in text.split("\n")]


def joined(lines: list[Line]) -> str:
    """The text of the lines, without blank lines at either end and never two in a row inside."""
    out: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text or (out and out[-1]):
            out.append(text)
    return "\n".join(out).strip("\n")
