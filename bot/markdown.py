"""An operator's Markdown (announcements, articles) as the small HTML of reply templates.

What that HTML does not know becomes what it does: emphasis is bold, pictures are their text, numbered lists are lines
with numbers, raw HTML is text. Nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_LINKS = ("https://", "http://", "mailto:")


def blocks(text: str) -> Markup:
    """Paragraphs, lists, headings and code, one after another."""
    return Markup("\n").join(_blocks(_PARSER.parse(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Markup]:
    lists: list[Token] = []
    for number, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type in ("fence", "code_block"):
            yield Markup("<pre>{}</pre>").format(token.content)
        elif token.type == "inline":
            yield _block(token, tokens[number - 1], lists, tokens[number - 2].info if number > 1 else "")


def _block(token: Token, opened: Token, lists: Sequence[Token], item: str) -> Markup:
    content = _spans(token.children or [])
    if opened.type == "heading_open":
        return Markup("<h2>{}</h2>").format(_plain(token.children or []))
    if lists and lists[-1].type == "ordered_list_open" and item:
        return Markup("<p>{}. {}</p>").format(item, content)
    if lists:
        return Markup("<ul><li>{}</li></ul>").format(content)
    return Markup("<p>{}</p>").format(content)


def _spans(tokens: Sequence[Token]) -> Markup:
    """Text with bold, code and links; these do not nest, so a span takes the plain text of what is in it."""
    parts: list[Markup] = []
    left = list(tokens)
    while left:
        token = left.pop(0)
        inner: list[Token] = []
        if token.type in ("strong_open", "em_open", "link_open"):
            end = token.type.replace("_open", "_close")
            while left and left[0].type != end:
                inner.append(left.pop(0))
            if left:
                left.pop(0)
        parts.append(_span(token, inner))
    return Markup("").join(parts)


def _span(token: Token, inner: Sequence[Token]) -> Markup:
    match token.type:
        case "strong_open" | "em_open":
            return Markup("<b>{}</b>").format(_plain(inner))
        case "link_open":
            target = str(token.attrs.get("href", ""))
            if target.startswith(_LINKS):
                return Markup('<a href="{}">{}</a>').format(target, _plain(inner))
            return escape(_plain(inner))
        case "code_inline":
            return Markup("<code>{}</code>").format(token.content)
        case "softbreak":
            return Markup(" ")
        case "hardbreak":
            return Markup("<br>")
    return escape(token.content)


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type in ("softbreak", "hardbreak") else token.content for token in tokens)
