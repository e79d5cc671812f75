"""Content as text: the text part of mails, and terminals.

Lines are wrapped for reading at 72 columns, but a word is never cut: addresses, links and codes stay whole.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from bot.channels import lists
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
_NARROW = 12
"""A column is not made narrower than this."""


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
        case Items():
            return "\n".join(map(_item, lists.items(block)))
        case Quote(spans):
            return "\n".join(_quoted(line) for line in _words(spans).split("\n"))
        case Pre(words):
            return textwrap.indent(words, "    ")
        case Actions():
            return _actions(block, gettext)


def _item(item: lists.Item) -> str:
    first = f"{' ' * item.indent}{item.sign} "
    return _wrapped(_words(item.spans), first, " " * len(first))


def _words(spans: Spans) -> str:
    return "".join(_link(span) if isinstance(span, Link) else span.text for span in spans)


def _link(link: Link) -> str:
    """What it is called and where it leads; where it leads alone when that is what it is called."""
    target = _target(link)
    return target if _called_so(link, target) else f"{link.text} <{target}>"


def _target(link: Link) -> str:
    return link.target.removeprefix("mailto:").partition("?")[0] if link.target.startswith("mailto:") else link.target


def _called_so(link: Link, target: str) -> bool:
    bare = target.removeprefix("https://").removeprefix("http://").rstrip("/")
    return link.text.removeprefix("https://").removeprefix("http://").rstrip("/") == bare


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


def _wrapped(words: str, first: str = "", others: str = "", width: int = WIDTH) -> str:
    """`words` within `width`, `first` before its first line and `others` before the rest."""
    wrapper = textwrap.TextWrapper(
        width,
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
    """Aligned columns, and under them where their links lead: an address within would push the columns apart."""
    cells = [[_cell(cell) for cell in row] for row in table.rows]
    widths = _widths([list(table.header), *cells] if table.header else cells)
    if widths is None:
        return _records(table.header, [[_words(cell).replace("\n", ", ") for cell in row] for row in table.rows])
    right = amount_columns(table)
    lines = [line for row in cells for line in _row(row, widths, right)]
    if table.header:
        lines[:0] = [*_row(table.header, widths, right), _GAP.join("-" * width for width in widths)]
    leads = list(dict.fromkeys(lead for row in table.rows for lead in _leads(row)))
    return "\n".join(lines + ["", *leads] if leads else lines)


def _cell(spans: Spans) -> str:
    return "".join(span.text for span in spans).replace("\n", ", ")


def _leads(row: Sequence[Spans]) -> Iterator[str]:
    """The addresses behind the words of a row; a link that does not name the row gets its name."""
    for number, cell in enumerate(row):
        for link in cell:
            if isinstance(link, Link) and not _called_so(link, target := _target(link)):
                yield f"{f'{_cell(row[0])}, ' if number else ''}{link.text}: {target}"


def _widths(rows: Sequence[Sequence[str]]) -> list[int] | None:
    """How wide each column is written: as its words are, or narrower to fit; None when words would have to be cut."""
    by_column = list(zip(*rows, strict=True))
    widths = [max(map(columns, column)) for column in by_column]
    room = WIDTH - len(_GAP) * (len(widths) - 1)
    if sum(widths) <= room + 8:
        return widths
    least = [max(_longest_word(column), min(width, _NARROW)) for column, width in zip(by_column, widths, strict=True)]
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((n for n in range(len(widths)) if widths[n] > least[n]), key=widths.__getitem__)
        widths[widest] -= 1
    return [
        max(columns(line) for cell in column for line in _fitted(cell, width, first=not number))
        for number, (column, width) in enumerate(zip(by_column, widths, strict=True))
    ]


def _fitted(cell: str, width: int, *, first: bool) -> list[str]:
    """The lines of a cell; in the first column the others are indented, so that the next row stands out."""
    return [cell] if columns(cell) <= width else _wrapped(cell, "", "  " if first else "", width).split("\n")


def _longest_word(column: Sequence[str]) -> int:
    """With the indent that a word may have on its second line."""
    return max(columns(word) + 2 * bool(n) for cell in column for n, word in enumerate(cell.split(" ")))


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """One line, or as many as its longest cell has."""
    numbered = enumerate(zip(cells, widths, strict=True))
    wrapped = [_fitted(cell, width, first=not number) for number, (cell, width) in numbered]
    for line in zip_longest(*wrapped, fillvalue=""):
        padded = (_padded(cell, width, right=side) for cell, width, side in zip(line, widths, right, strict=True))
        yield _GAP.join(padded).rstrip()


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
