"""Content as text: the text part of mails, and terminals.

Lines are wrapped for reading at 72 columns, but a word is never cut: addresses, links and codes stay whole.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Sequence

from core.content import (
    Actions,
    Block,
    Content,
    Facts,
    Heading,
    Items,
    Link,
    Paragraph,
    Pre,
    Quote,
    Spans,
    Table,
    amount_columns,
)

WIDTH = 72
_GAP = "  "
_LABEL_LIMIT = 24


def untranslated(message: str) -> str:
    return message


def text(content: Content, *, footer: Sequence[str] = (), gettext: Callable[[str], str] = untranslated) -> str:
    """All but the title, which is the subject. Lines end in "\\n", the last one too."""
    parts = [_block(block, gettext) for block in content.blocks]
    if footer:
        parts.append("\n".join(_wrapped(line) for line in footer))
    return "\n\n".join(parts) + "\n"


def _block(block: Block, gettext: Callable[[str], str]) -> str:
    match block:
        case Paragraph(spans):
            return _wrapped(_words(spans))
        case Heading(words):
            return f"{words}\n{'-' * min(columns(words), WIDTH)}"
        case Facts():
            return _facts(block)
        case Table():
            return _table(block)
        case Items(items):
            return "\n".join(_wrapped(_words(item), "* ", "  ") for item in items)
        case Quote(spans):
            return "\n".join(_quoted(line) for line in _words(spans).split("\n"))
        case Pre(words):
            return textwrap.indent(words, "    ")
        case Actions():
            return _actions(block, gettext)


def _words(spans: Spans) -> str:
    return "".join(_link(span) if isinstance(span, Link) else span.text for span in spans)


def _link(link: Link) -> str:
    """What it is called and where it leads; where it leads alone when that is what it is called."""
    target = link.target.removeprefix("mailto:").partition("?")[0] if link.target.startswith("mailto:") else link.target
    bare = target.removeprefix("https://").removeprefix("http://").rstrip("/")
    if link.text.removeprefix("https://").removeprefix("http://").rstrip("/") == bare:
        return target
    return f"{link.text} <{target}>"


def columns(words: str) -> int:
    """How wide the words stand on a terminal: two columns for East Asian wide signs, none for combining marks."""
    if words.isascii():
        return len(words)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words
    )


def _padded(words: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - columns(words))
    return space + words if right else words + space


def _wrapped(words: str, first: str = "", others: str = "") -> str:
    """`words` within WIDTH, `first` before its first line and `others` before the rest."""
    wrapper = textwrap.TextWrapper(
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
    )
    lines = []
    for line in words.split("\n"):
        lines.extend(wrapper.wrap(line) or [wrapper.initial_indent.rstrip()])
        wrapper.initial_indent = others
    return "\n".join(lines)


def _quoted(line: str) -> str:
    """Quoted lines keep the indent that their writer gave them, on the first line at least."""
    if len(line) <= WIDTH - 2:
        return f"> {line}".rstrip()
    return _wrapped(line, "> ", "> ")


def _facts(facts: Facts) -> str:
    labels = [f"{fact.label}:" for fact in facts.rows]
    width = min(max(map(columns, labels)), _LABEL_LIMIT)
    lines = []
    for label, fact in zip(labels, facts.rows, strict=True):
        first = _padded(label, width) + _GAP
        lines.append(_wrapped(_words(fact.spans), first, " " * (width + len(_GAP))))
    return "\n".join(lines)


def _table(table: Table) -> str:
    cells = [[_words(cell).replace("\n", ", ") for cell in row] for row in table.rows]
    everything = ([list(table.header)] if table.header else []) + cells
    widths = [max(map(columns, column)) for column in zip(*everything, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > WIDTH + 8:
        return _records(table.header, cells)
    right = amount_columns(table)
    lines = [_row(row, widths, right) for row in cells]
    if table.header:
        lines[:0] = [_row(table.header, widths, right), _GAP.join("-" * width for width in widths)]
    return "\n".join(lines)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (_padded(cell, width, right=side) for cell, width, side in zip(cells, widths, right, strict=True))
    return _GAP.join(padded).rstrip()


def _records(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table too wide for lines: one paragraph a row."""
    labels = [f"{label}: " if label else "" for label in header] or [""] * len(rows[0])
    return "\n\n".join(
        "\n".join(_wrapped(label + cell, "", "  ") for label, cell in zip(labels, row, strict=True) if cell)
        for row in rows
    )


def _actions(actions: Actions, gettext: Callable[[str], str]) -> str:
    width = max(columns(button.says) for button in actions.buttons)
    lines = [gettext("To choose, reply with one of these lines:")]
    for button in actions.buttons:
        meaning = "" if button.label.casefold() == button.says.casefold() else f"({button.label})"
        lines.append(f"    {_padded(button.says, width)}   {meaning}".rstrip())
    return "\n".join(lines)
