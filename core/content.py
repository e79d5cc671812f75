"""What a reply says, in no channel's own form: read from the small HTML that reply templates produce.

Every reply is one template for all channels. Its HTML knows these tags and no others; whatever else stands in it is
a `ContentError` with the line, so that a slip in a template is an error in the first test and not an oddity in
somebody's mail.

    <title>              the subject; once, first, text only
    <p>                  a paragraph
    <h2>                 a heading, text only
    <dl><dt><dd>         facts: a label (text only) and what it is, in pairs
    <table><tr><th><td>  a table; <th> cells (text only) form the first row, every row has as many cells
    <ul><li>             a list
    <blockquote>         words of somebody else; the line breaks of its text stay
    <pre>                text as it stands, no spans in it
    <menu><button says>  what can be answered: the label, and the words that pressing it says

within p, dd, td, li and blockquote:

    <b> <code>           text only
    <a href>             http, https with a host, or mailto
    <mark>               a secret (transfer code, one-time code): makes the whole letter secret
    <br>                 a line break

Spans do not nest. Space collapses as in HTML, except in blockquote and pre. A block that came out empty is left out,
so a loop over nothing needs no condition around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.markup import ContentError as ContentError
from core.markup import Node, tree


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Secret:
    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    text: str = "\n"


Span = Text | Bold | Code | Link | Secret | LineBreak
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Facts:
    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`header` is empty when the table has none; else it is as wide as every row."""

    header: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Pre:
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it is the same as writing `says`; where a channel limits its length, the words are shown instead."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Actions:
    buttons: tuple[Button, ...]


Block = Paragraph | Heading | Facts | Table | Items | Quote | Pre | Actions


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    blocks: tuple[Block, ...]

    @property
    def secret(self) -> bool:
        """Something in it is marked: the letter is blanked once it is sent, and never goes into a shared room."""
        return any(isinstance(span, Secret) for block in self.blocks for span in spans_of(block))


def spans_of(block: Block) -> Iterator[Span]:
    """Every span of a block, in reading order."""
    match block:
        case Paragraph(spans) | Quote(spans):
            yield from spans
        case Facts(rows):
            for row in rows:
                yield from row.spans
        case Table(_, table_rows):
            for cells in table_rows:
                for cell in cells:
                    yield from cell
        case Items(items):
            for item in items:
                yield from item


def plain(spans: Iterable[Span]) -> str:
    """The words of spans without any form."""
    return "".join(span.text for span in spans)


_AMOUNT = re.compile(
    r"[-−+]?(?:[A-Z]{3}\s|[A-Z]{0,2}[^\w\s.,+()-]\s?)?[-−+]?\d[\d.,'’\s]*(?:%|[A-Z]{3}|[^\w\s.,]|[KMGT]?B)?"
)


def amount_columns(table: Table) -> tuple[bool, ...]:
    """Which columns hold nothing but amounts: these read best aligned to the right. The first one names the row."""
    columns = list(zip(*table.rows, strict=True))
    return (False, *(all(_AMOUNT.fullmatch(plain(cell).strip()) for cell in column) for column in columns[1:]))


def parse(markup: str) -> Content:
    """Read a rendered template. Raises ContentError."""
    nodes = tree(markup)
    if not nodes or nodes[0].tag != "title":
        raise ContentError("line 1: a template begins with its <title>")
    blocks = []
    for node in nodes[1:]:
        if node.tag == "title":
            node.wrong("stands twice")
        if block := _BLOCKS[node.tag](node):
            blocks.append(block)
    return Content(_words(nodes[0]), tuple(blocks))


_SPACE = re.compile(r"[ \t\n]+")  # not \s: the hard spaces of "12,00 €" stay


def _words(node: Node) -> str:
    return _SPACE.sub(" ", node.text).strip()


def _label(node: Node) -> str:
    """Words that can't be missing."""
    return _words(node) or node.wrong("is empty")


def _span(node: Node) -> Span:
    match node.tag:
        case "br":
            return LineBreak()
        case "b":
            return Bold(_words(node))
        case "code":
            return Code(_words(node))
        case "mark":
            return Secret(_words(node))
        case _:
            target = _target(node)
            return Link(_words(node) or target, target)


def _target(node: Node) -> str:
    """An address that a reader's program may be given: closed list of schemes, a host, nothing invisible."""
    try:
        parts = urlsplit(node.value)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        node.wrong(f"has a broken href: {node.value[:80]!r}")
    web = parts.scheme in ("http", "https") and bool(parts.hostname) and port_is_fine
    mail = parts.scheme == "mailto" and bool(parts.path) and not parts.netloc
    if not (web or mail) or re.search(r"[\s\\<>\"]", node.value):
        node.wrong(f"wants an http, https or mailto href, not {node.value[:80]!r}")
    return node.value


def _spans(node: Node) -> Spans:
    """Spans with space collapsed: none at the ends, none around a line break, never two in a row."""
    spans: list[Span] = []
    for child in node.children:
        if isinstance(child, Node):
            if child.tag == "br":
                _strip_end(spans)
            spans.append(_span(child))
        elif text := _SPACE.sub(" ", child):
            at_start = not spans or isinstance(spans[-1], LineBreak)
            spans.append(Text(text.lstrip(" ") if at_start else text))
    return _trimmed(spans)


def _lines(node: Node) -> Spans:
    """Spans in which the line breaks of the text count: the words of a person, as they set them."""
    spans: list[Span] = []
    for child in node.children:
        if isinstance(child, Node):
            spans.append(_span(child))
            continue
        for index, line in enumerate(child.replace("\t", "    ").split("\n")):
            if index:
                _strip_end(spans)
                spans.append(LineBreak())
            spans.append(Text(line))
    return _trimmed(spans)


def _strip_end(spans: list[Span]) -> None:
    if spans and isinstance(spans[-1], Text):
        spans[-1] = Text(spans[-1].text.rstrip(" "))


def _trimmed(spans: list[Span]) -> Spans:
    _strip_end(spans)
    spans = [span for span in spans if span.text]
    while spans and not spans[-1].text.strip():
        spans.pop()
    while spans and not spans[0].text.strip():
        spans.pop(0)
    if spans and isinstance(spans[0], Text):
        spans[0] = Text(spans[0].text.lstrip(" "))
    _strip_end(spans)
    return tuple(spans)


def _paragraph(node: Node) -> Block | None:
    spans = _spans(node)
    return Paragraph(spans) if spans else None


def _heading(node: Node) -> Block | None:
    text = _words(node)
    return Heading(text) if text else None


def _facts(node: Node) -> Block | None:
    nodes = node.nodes
    if [child.tag for child in nodes] != ["dt", "dd"] * (len(nodes) // 2):
        node.wrong("wants <dt> and <dd> in turn")
    pairs = zip(nodes[::2], nodes[1::2], strict=True)
    rows = tuple(Fact(_label(label), _spans(value)) for label, value in pairs)
    return Facts(rows) if rows else None


def _table(node: Node) -> Block | None:
    header: tuple[str, ...] = ()
    rows = []
    for index, row in enumerate(node.nodes):
        tags = {cell.tag for cell in row.nodes}
        if tags == {"th"} and index == 0:
            header = tuple(_words(cell) for cell in row.nodes)
        elif tags == {"td"}:
            rows.append(tuple(_spans(cell) for cell in row.nodes))
        else:
            row.wrong("wants <td> cells (or, in the first row, <th> cells only)")
    widths = {len(row) for row in rows} | ({len(header)} if header else set())
    if len(widths) > 1:
        node.wrong(f"has rows of different width: {sorted(widths)}")
    return Table(header, tuple(rows)) if rows else None


def _items(node: Node) -> Block | None:
    items = tuple(spans for spans in map(_spans, node.nodes) if spans)
    return Items(items) if items else None


def _quote(node: Node) -> Block | None:
    spans = _lines(node)
    return Quote(spans) if spans else None


def _pre(node: Node) -> Block | None:
    text = "\n".join(line.rstrip(" ") for line in node.text.split("\n")).strip("\n")
    return Pre(text) if text else None


def _actions(node: Node) -> Block | None:
    buttons = tuple(Button(_label(child), _SPACE.sub(" ", child.value).strip()) for child in node.nodes)
    return Actions(buttons) if buttons else None


_BLOCKS: dict[str, Callable[[Node], Block | None]] = {
    "p": _paragraph,
    "h2": _heading,
    "dl": _facts,
    "table": _table,
    "ul": _items,
    "blockquote": _quote,
    "pre": _pre,
    "menu": _actions,
}
