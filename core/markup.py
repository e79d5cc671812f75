"""The small HTML of reply templates as a tree: every tag where it may stand, with the one attribute it may have.

What the tags mean is core/content.py's matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NoReturn


class ContentError(ValueError):
    """The markup is not of the vocabulary; the text names the tag and its line."""


# Controls, lone surrogates (no encoding can carry them) and the signs that reorder text for the eye.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SPAN_TAGS = frozenset({"b", "code", "a", "mark", "br"})
_CHILDREN = {
    "": frozenset({"title", "p", "h2", "dl", "table", "ul", "blockquote", "pre", "menu"}),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
    "ul": frozenset({"li"}),
    "menu": frozenset({"button"}),
    "p": _SPAN_TAGS,
    "dd": _SPAN_TAGS,
    "td": _SPAN_TAGS,
    "li": _SPAN_TAGS,
    "blockquote": _SPAN_TAGS,
}
_KNOWN = frozenset(tag for children in _CHILDREN.values() for tag in children)
_ATTRIBUTES = {"a": "href", "button": "says"}
_NO_TEXT = frozenset({"", "dl", "table", "tr", "ul", "menu"})


def tree(markup: str) -> list[Node]:
    """The blocks of a rendered template, in order. Raises ContentError."""
    parser = _Tree()
    parser.feed(_UNPRINTABLE.sub("", markup.replace("\r\n", "\n").replace("\r", "\n")))
    parser.close()
    return parser.finished()


@dataclass(slots=True)
class Node:
    tag: str
    line: int
    value: str = ""
    """The one attribute its tag has (href, says)."""
    children: list[Node | str] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def text(self) -> str:
        return "".join(child for child in self.children if isinstance(child, str))

    def wrong(self, what: str) -> NoReturn:
        raise ContentError(f"line {self.line}: <{self.tag}> {what}")


class _Tree(HTMLParser):
    """Markup becomes nodes that stand where they may stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", 0)
        self.open = [self.root]

    def finished(self) -> list[Node]:
        if self.open[-1] is not self.root:
            self.open[-1].wrong("is not closed")
        return self.root.nodes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node, parent = Node(tag, self.getpos()[0]), self.open[-1]
        if tag not in _KNOWN:
            node.wrong("is not known here")
        if tag not in _CHILDREN.get(parent.tag, ()):
            node.wrong(f"can't stand in <{parent.tag}>" if parent.tag else "can't stand by itself")
        node.value = self._value(node, attrs)
        parent.children.append(node)
        if tag != "br":
            self.open.append(node)

    def _value(self, node: Node, attrs: list[tuple[str, str | None]]) -> str:
        wanted = _ATTRIBUTES.get(node.tag)
        for name, _ in attrs:
            if name != wanted:
                node.wrong(f"can't have the attribute {name}")
        if wanted is None:
            return ""
        if len(attrs) != 1 or not attrs[0][1]:
            node.wrong(f"wants one {wanted}")
        return attrs[0][1]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag != "br":
            self.open[-1].wrong("closes itself")

    def handle_endtag(self, tag: str) -> None:
        if tag != self.open[-1].tag or tag == "":
            raise ContentError(f"line {self.getpos()[0]}: </{tag}> closes nothing; open is <{self.open[-1].tag}>")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if parent.tag not in _NO_TEXT:
            parent.children.append(data)
        elif words := data.strip():
            where = f"in <{parent.tag}>" if parent.tag else "outside of a block"
            raise ContentError(f"line {self.getpos()[0]}: text {where}: {words[:40]!r}")

    def handle_comment(self, data: str) -> None:
        raise ContentError(f"line {self.getpos()[0]}: HTML comment; write {{# … #}}")

    def handle_decl(self, decl: str) -> None:
        raise ContentError(f"line {self.getpos()[0]}: <!{decl}> is not known here")

    def unknown_decl(self, data: str) -> None:
        raise ContentError(f"line {self.getpos()[0]}: <![{data} is not known here")

    def handle_pi(self, data: str) -> None:
        raise ContentError(f"line {self.getpos()[0]}: <?{data}> is not known here")
