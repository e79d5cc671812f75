"""An operator's Markdown (announcements, articles) as the small HTML of reply templates.

What that HTML does not know becomes what it does: emphasis is bold, pictures are links with their text, numbered and
nested lists are marked as bot/channels/lists.py reads them, raw HTML is text. Nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node
from markupsafe import Markup, escape

from bot.channels import lists

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_LINKS = ("https://", "http://", "mailto:")
_LISTS = ("bullet_list", "ordered_list")
_CODE = ("fence", "code_block")


def blocks(text: str) -> Markup:
    """Paragraphs, lists, tables, headings, quotes and code, one after another."""
    return Markup("\n").join(_blocks(Node(_PARSER.parse(text)).children))


def _blocks(nodes: Iterable[Node]) -> Iterator[Markup]:
    for node in nodes:
        if node.type in _LISTS:
            yield from _list(node)
        elif node.type in _CODE:
            yield Markup("<pre>{}</pre>").format(node.content)
        elif node.type == "table":
            yield _table(node)
        elif node.type == "heading":
            yield Markup("<h2>{}</h2>").format(_plain(node.children))
        elif node.type == "paragraph":
            yield Markup("<p>{}</p>").format(_words(node))
        elif node.type == "blockquote":
            yield from _quote(node)


def _quote(node: Node) -> Iterator[Markup]:
    """A quote has words only; one with lists or code in it is written without its mark."""
    if any(child.type != "paragraph" for child in node.children):
        yield from _blocks(node.children)
    else:
        yield Markup("<blockquote>{}</blockquote>").format(Markup("<br><br>").join(map(_words, node.children)))


def _list(node: Node) -> Iterator[Markup]:
    """One list, or several with what stands between their items: code, tables."""
    for is_item, parts in groupby(_items(node, 0), key=lambda part: part.startswith("<li>")):
        joined = Markup("").join(parts)
        yield Markup("<ul>{}</ul>").format(joined) if is_item else joined


def _items(node: Node, indent: int) -> Iterator[Markup]:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for item in node.children:
        yield from _item(item.children, number, indent)
        number = None if number is None else number + 1


def _item(children: Sequence[Node], number: int | None, indent: int) -> Iterator[Markup]:
    """Its first paragraphs, then whatever else it has."""
    first = next((at for at, child in enumerate(children) if child.type != "paragraph"), len(children))
    mark = lists.mark(number, indent)
    yield Markup("<li>{}{}</li>").format(mark, Markup("<br><br>").join(map(_words, children[:first])))
    for child in children[first:]:
        if child.type in _LISTS:
            yield from _items(child, indent + max(2, len(mark) - indent))
        else:
            yield from _blocks([child])


def _table(node: Node) -> Markup:
    rows = [row for part in node.children for row in part.children]
    head, body = rows[0].children, rows[1:]
    written = [_row("td", map(_words, row.children)) for row in body or rows]
    if body:  # a table of the small HTML has rows under its header
        written.insert(0, _row("th", (escape(_plain(cell.children)) for cell in head)))
    return Markup("<table>{}</table>").format(Markup("").join(written))


def _row(tag: str, cells: Iterable[Markup]) -> Markup:
    joined = Markup("").join(Markup(f"<{tag}>{{}}</{tag}>").format(cell) for cell in cells)
    return Markup("<tr>{}</tr>").format(joined)


def _words(node: Node) -> Markup:
    """What stands in a block as spans."""
    return Markup("").join(_spans(node.children, strong=False))


def _spans(nodes: Iterable[Node], *, strong: bool) -> Iterator[Markup]:
    """Spans do not nest: emphasis around code or a link is that of the text beside it."""
    for node in nodes:
        match node.type:
            case "inline":
                yield from _spans(node.children, strong=strong)
            case "strong" | "em":
                yield from _spans(node.children, strong=True)
            case "link":
                yield _link(str(node.attrs.get("href", "")), _plain(node.children))
            case "image":
                yield _link(str(node.attrs.get("src", "")), _plain(node.children))
            case "code_inline":
                yield Markup("<code>{}</code>").format(node.content)
            case "softbreak":
                yield Markup(" ")
            case "hardbreak":
                yield Markup("<br>")
            case _:
                yield _bold(node.content) if strong else escape(node.content)


def _bold(text: str) -> Markup:
    """Space at its ends stays outside: within, it would be trimmed."""
    inner = text.strip(" ")
    before, _, after = text.partition(inner) if inner else (text, "", "")
    return Markup("{}<b>{}</b>{}").format(before, inner, after) if inner else escape(text)


def _link(target: str, text: str) -> Markup:
    if target.startswith(_LINKS):
        return Markup('<a href="{}">{}</a>').format(target, text)
    return escape(text)


def _plain(nodes: Iterable[Node]) -> str:
    parts = []
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(_plain(node.children) or node.content)
    return "".join(parts)
