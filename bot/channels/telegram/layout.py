"""Content as Telegram shows it: one tuple of runs for each block, to be set with an empty line between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.channels import lists
from bot.channels.plain import columns
from bot.channels.telegram.runs import Run, Runs, Style, harmless, visible
from core.content import (
    Actions,
    Block,
    Bold,
    Code,
    Facts,
    Heading,
    Items,
    Link,
    Paragraph,
    Pre,
    Quote,
    Secret,
    Span,
    Spans,
    Table,
    amount_columns,
)
from core.content import plain as plain_words

TABLE_COLUMNS = 32
"""What a phone shows of a line of fixed width without breaking it."""
_GAP = "  "
_HARD = "\u00a0"


def laid_out(block: Block) -> Runs:
    """() for actions: they are buttons, or words where they cannot be."""
    match block:
        case Paragraph(spans):
            return _styled(spans)
        case Heading(words):
            return (Run(harmless(words), Style.BOLD),)
        case Facts(rows):
            lines = [(Run(f"{harmless(row.label)}:", Style.BOLD), Run(" "), *_styled(row.spans)) for row in rows]
            return _joined(lines)
        case Table():
            return _table(block)
        case Items():
            return _joined([_item(item) for item in lists.items(block)])
        case Quote(spans):
            return tuple(Run(run.text, run.style, run.target, quoted=True) for run in _styled(spans))
        case Pre(words):
            return (Run(visible(words), Style.PRE),)
        case Actions():
            return ()


def _styled(spans: Spans) -> Runs:
    return tuple(_run(span) for span in spans if span.text)


def _run(span: Span) -> Run:
    match span:
        case Bold(words):
            return Run(harmless(words), Style.BOLD)
        case Code(words):
            return Run(visible(words), Style.CODE)
        case Secret(words):
            return Run(visible(words), Style.SPOILER)
        case Link(words, target):
            return _link(words, target)
        case _:
            return Run(harmless(span.text))


def _link(words: str, target: str) -> Run:
    """Telegram takes no mailto; an address that stands in the text is made a link by itself."""
    if target.startswith("mailto:"):
        address = target.removeprefix("mailto:").partition("?")[0]
        return Run(address if words in (address, target) else f"{harmless(words)} ({address})")
    return Run(harmless(words), Style.LINK, target)


def _joined(lines: Sequence[Runs], between: str = "\n") -> Runs:
    runs: list[Run] = []
    for index, line in enumerate(lines):
        if index:
            runs.append(Run(between))
        runs.extend(line)
    return tuple(runs)


def _item(item: lists.Item) -> Runs:
    sign = f"{item.number}." if item.number is not None else "–" if item.indent else "•"
    return (Run(f"{_HARD * item.indent}{sign} "), *_styled(item.spans))


def _table(table: Table) -> Runs:
    """Aligned where a phone has room for it and nothing in it wants pressing; else a row is two lines."""
    flat = all(not isinstance(span, Link | Secret) for row in table.rows for cell in row for span in cell)
    cells = [[visible(plain_words(cell)).replace("\n", ", ") for cell in row] for row in table.rows]
    rows = [list(map(visible, table.header)), *cells] if table.header else cells
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    if flat and sum(widths) + len(_GAP) * (len(widths) - 1) <= TABLE_COLUMNS:
        right = amount_columns(table)
        return (Run("\n".join(_line(row, widths, right) for row in rows), Style.PRE),)
    if len(widths) == 2:
        return _joined([_pair(row) for row in table.rows])
    return _joined([_record(table.header, row) for row in table.rows], "\n\n")


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, side in zip(cells, widths, right, strict=True):
        space = " " * (width - columns(cell))
        padded.append(space + cell if side else cell + space)
    return _GAP.join(padded).rstrip()


def _pair(row: Sequence[Spans]) -> Runs:
    return (*_named(row[0]), Run(": "), *_cell(row[1]))


def _record(header: Sequence[str], row: Sequence[Spans]) -> Runs:
    """What the row is called, and below it the rest with the names of the columns."""
    return _joined([line for line in (_named(row[0]), _joined(list(_cells(header, row)), " · ")) if line])


def _named(spans: Spans) -> Runs:
    return tuple(Run(run.text, Style.BOLD) if run.style is Style.PLAIN else run for run in _cell(spans))


def _cell(spans: Spans) -> Runs:
    return tuple(replace(run, text=run.text.replace("\n", ", ")) for run in _styled(spans))


def _cells(header: Sequence[str], row: Sequence[Spans]) -> Iterator[Runs]:
    """Those that say something, each after the name of its column."""
    for index, spans in enumerate(row[1:], 1):
        if plain_words(spans).strip(" -–"):
            label = f"{visible(header[index])}: " if header and header[index] else ""
            yield (*((Run(label),) if label else ()), *_cell(spans))


def words_of(actions: Sequence[tuple[str, str]], gettext: Callable[[str], str]) -> Runs:
    """What can be written, for those (label, words) that are too long for a button."""
    lines: list[Runs] = [(Run(gettext("To choose, reply with one of these lines:")),)]
    for label, says in actions:
        meaning = () if label.casefold() == says.casefold() else (Run(f" ({harmless(label)})"),)
        lines.append((Run(visible(says), Style.CODE), *meaning))
    return _joined(lines)
