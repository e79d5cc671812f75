"""Numbered and nested lists within the flat ones of core/content.py.

An item that is numbered or stands below another one begins with its mark and a hard space: "2.", or "-" for an item
without a number, with a hard space before it for each column that it is set in. Channels that know nothing of this
show the mark as it is, and the list still reads well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.content import Items, Spans, Text

_HARD = "\u00a0"
_MARK = re.compile(rf"({_HARD}*)(\d{{1,9}}\.|-){_HARD}")


@dataclass(frozen=True, slots=True)
class Item:
    """One item without its mark; `number` is None where it has none, `indent` is in columns."""

    spans: Spans
    indent: int = 0
    number: int | None = None

    @property
    def sign(self) -> str:
        if self.number is not None:
            return f"{self.number}."
        return "-" if self.indent else "*"


@dataclass(slots=True)
class Nested:
    """Items of one depth; each with the lists below it."""

    numbered: bool
    start: int
    entries: list[tuple[Spans, list[Nested]]] = field(default_factory=list)


def mark(number: int | None, indent: int = 0) -> str:
    """What an item begins with; "" for one at the top without a number."""
    if number is None and not indent:
        return ""
    return f"{_HARD * indent}{'-' if number is None else f'{number}.'}{_HARD}"


def items(block: Items) -> Iterator[Item]:
    for spans in block.items:
        first = spans[0]
        found = _MARK.match(first.text) if isinstance(first, Text) else None
        if found is None:
            yield Item(spans)
            continue
        rest = first.text[found.end() :]
        number = None if found[2] == "-" else int(found[2][:-1])
        yield Item(((Text(rest),) if rest else ()) + spans[1:], len(found[1]), number)


def nested(block: Items) -> list[Nested]:
    """The lists of a block, the lower ones within the items that they belong to."""
    return _nested(list(items(block)))


def _nested(left: Sequence[Item]) -> list[Nested]:
    made: list[Nested] = []
    at = 0
    while at < len(left):
        item, end = left[at], at + 1
        while end < len(left) and left[end].indent > item.indent:
            end += 1
        numbered = item.number is not None
        if not made or made[-1].numbered != numbered:
            made.append(Nested(numbered, item.number or 0))
        made[-1].entries.append((item.spans, _nested(left[at + 1 : end])))
        at = end
    return made
