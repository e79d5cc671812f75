"""Markup that is made to hurt: found by counting, before any parser sees it.

Measured: 100,000 attributes in one tag keep libxml2 busy for 12 s, 200,000 nested elements keep nh3 busy for 20 s.
Both are quadratic, so a tenth of that costs nothing, and no mail of a person comes near.
"""

from __future__ import annotations

import html as entities
import re

_TAGS = 60_000
_ATTRIBUTES = 10_000
_ATTRIBUTES_OF_A_TAG = 1_000
_FLAT = 1_500
_DEPTH = 400
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_SCRIPT = re.compile(r"<(/?)(?:script|style)\b[^<>]{0,200}>?", re.I)
_VOID = frozenset(
    ["br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"]
)


def is_wild(html: str) -> bool:
    """Too many tags, or attributes in one tag, for a tree."""
    if html.count("<") > _TAGS:
        return True
    return html.count("=") > _ATTRIBUTES and _has_endless_tag(html)


def is_deep(html: str) -> bool:
    """Nested deeper than any mail program does; small texts are not worth looking."""
    if html.count("<") < _FLAT:
        return False
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _VOID:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest > _DEPTH


def _has_endless_tag(html: str) -> bool:
    """Between two `>` of sane markup stands the beginning of a tag; in an endless tag it does not."""
    run = 0
    for piece in html.split(">"):
        run = run + piece.count("=") if "<" not in piece else piece.count("=")
        if run > _ATTRIBUTES_OF_A_TAG:
            return True
    return False


def bare_text(html: str) -> str:
    """The text between the tags, without any understanding of them."""
    pieces = _SCRIPT.split(html)
    visible = pieces[0] + "".join(text for slash, text in zip(pieces[1::2], pieces[2::2], strict=True) if slash)
    return entities.unescape(re.sub(r"<[^<>]*>?", "\n", visible))
