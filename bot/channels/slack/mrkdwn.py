"""Spans in Slack's own markup. Nobody's words become a mention, a link or a page to everybody.

`& < >` are all that must be escaped; texts are marked verbatim as well, so that Slack makes no links of what looks
like one. A line is a list of fragments: between two of them it may be cut, within one it may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.content import Bold, Code, LineBreak, Link, Secret, Span, Spans, Text

Line = list[str]
FRAGMENT = 500
"""Characters, before they are escaped, of which a fragment is made: five times as many at most, less than a section."""
_LINK_LENGTH = 2000
_WORD = re.compile(r"\s{0,400}\S{1,500}|\s{1,400}")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def lines(spans: Iterable[Span]) -> Iterator[Line]:
    """The lines that spans make; at least one."""
    line: Line = []
    for span in spans:
        if isinstance(span, LineBreak):
            yield line
            line = []
        else:
            line.extend(fragments(span))
    yield line


def line(spans: Spans) -> Line:
    """All on one line."""
    return [fragment for span in spans for fragment in ([", "] if isinstance(span, LineBreak) else fragments(span))]


def fragments(span: Span) -> Iterator[str]:
    match span:
        case Bold(text):
            yield from (emphasised(part) for part in _parts(text))
        case Code(text) | Secret(text):
            yield from (_code(part) for part in _parts(text))
        case Link(text, target):
            yield from _link(text, target)
        case Text(text) | LineBreak(text):
            yield from words(text)


def words(text: str) -> Iterator[str]:
    """Somebody's words, each one a fragment with the space before it."""
    yield from (escaped(word[0]) for word in _WORD.finditer(text.replace("\n", " ")))


def emphasised(text: str) -> str:
    """Bold where that can be written: words that hold the mark themselves are left as they are."""
    bare = text.strip()
    if not bare or "*" in bare or "\n" in bare:
        return escaped(text)
    return f"{text[: len(text) - len(text.lstrip())]}*{escaped(bare)}*{text[len(text.rstrip()) :]}"


def _code(text: str) -> str:
    return escaped(text) if "`" in text or not text.strip() else f"`{escaped(text)}`"


def _link(text: str, target: str) -> Iterator[str]:
    written = escaped(target).replace("|", "%7C")
    if len(written) > _LINK_LENGTH or len(text) > FRAGMENT:
        yield from words(f"{text} ({target})")
    else:
        yield f"<{written}|{escaped(text)}>"


def _parts(text: str) -> Iterator[str]:
    text = text.replace("\n", " ")
    yield from (text[start : start + FRAGMENT] for start in range(0, len(text), FRAGMENT))
