"""Content as Block Kit: sections, a header, buttons; each within its length, nothing cut off.

Texts are packed line by line; a line that is longer than a section goes on in the next one, between two words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.channels import lists
from bot.channels.slack import limits, mrkdwn
from bot.channels.slack.mrkdwn import Line
from core.content import (
    Actions,
    Button,
    Content,
    Fact,
    Facts,
    Heading,
    Items,
    Link,
    Paragraph,
    Pre,
    Quote,
    Spans,
    Table,
    plain,
)

BlockKit = dict[str, Any]
_FENCE = "```"
_QUOTE = "&gt; "
_DOT = " · "
_ACTIONS_LENGTH = 8_000
"""Of one row of buttons, so that a message takes it and something beside it."""
SAYS = "says"
"""What the action_id of a button that says something begins with."""


def value(marker: str, says: str) -> str:
    """What a button gives back when it is pressed: the letter that it stood in, and its words."""
    return f"{marker}|{says}"


def blocks(content: Content, marker: str, gettext: Callable[[str], str]) -> list[BlockKit]:
    """All but the title. Paragraphs that follow each other share a section, an empty line between them."""
    made: list[BlockKit] = []
    texts: list[Line] = []
    for block in content.blocks:
        if isinstance(block, Actions):
            made += [*sections(texts), *_actions(block, marker, gettext)]
            texts = []
        elif isinstance(block, Pre):
            made += [*sections(texts), *_preformatted(block.text)]
            texts = []
        else:
            texts += [*([[]] if texts else []), *_lines(block)]
    return [*made, *sections(texts)]


def header(text: str) -> BlockKit:
    """A title; one that is too long for a header is bold text."""
    if len(text) <= limits.HEADER:
        return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}
    return section("".join(mrkdwn.emphasised(part) for part in _cut(text)))


def section(text: str) -> BlockKit:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(*texts: str) -> BlockKit:
    """Small print; each text is markup."""
    elements = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts if text]
    return {"type": "context", "elements": elements}


def button(label: str, says: str, marker: str = "", number: int = 0) -> BlockKit:
    made: BlockKit = {
        "type": "button",
        "action_id": f"{SAYS}:{number}",
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "value": value(marker, says),
    }
    if len(label) < len(says) <= limits.BUTTON_LABEL:
        made["accessibility_label"] = says
    return made


def sections(texts: Iterable[Line]) -> Iterator[BlockKit]:
    """As few sections as the lines fit in."""
    packed = ""
    for text in texts:
        for piece in _within(text, limits.SECTION):
            if packed and len(packed) + 1 + len(piece) > limits.SECTION:
                yield from _unless_empty(packed)
                packed = piece
            else:
                packed = f"{packed}\n{piece}" if packed else piece
    yield from _unless_empty(packed)


def spoken(block: BlockKit) -> str:
    """What a notification and a screen reader say for it, as markup."""
    match block["type"]:
        case "header":
            return mrkdwn.escaped(block["text"]["text"])
        case "section":
            return str(block["text"]["text"])
        case "context":
            return " ".join(element["text"] for element in block["elements"])
        case "actions":
            return _DOT.join(mrkdwn.escaped(element["text"]["text"]) for element in block["elements"])
        case _:
            return ""


def _unless_empty(text: str) -> Iterator[BlockKit]:
    if text.strip():
        yield section(text.strip("\n"))


def _within(line: Line, length: int) -> Iterator[str]:
    piece = ""
    for fragment in line:
        if piece and len(piece) + len(fragment) > length:
            yield piece
            piece = fragment.lstrip()
        else:
            piece += fragment
    yield piece


def _lines(block: Paragraph | Heading | Facts | Table | Items | Quote) -> Iterator[Line]:
    match block:
        case Paragraph(spans):
            yield from mrkdwn.lines(spans)
        case Heading(text):
            yield _bold(text)
        case Facts(rows):
            yield from map(_fact, rows)
        case Table():
            yield from _rows(block)
        case Items():
            yield from map(_item, lists.items(block))
        case Quote(spans):
            for line in mrkdwn.lines(spans):
                yield from ([_QUOTE, piece] for piece in _within(line, limits.SECTION - len(_QUOTE)))


def _fact(fact: Fact) -> Line:
    return [*_bold(f"{fact.label}:"), " ", *mrkdwn.line(fact.spans)]


def _item(item: lists.Item) -> Line:
    sign = f"{item.number}." if item.number is not None else "◦" if item.indent else "•"
    return ["\u00a0" * item.indent, f"{sign} ", *mrkdwn.line(item.spans)]


def _rows(table: Table) -> Iterator[Line]:
    """A row is a line: what it is called, then each value with its column's name."""
    for row in table.rows:
        line = _name(row[0])
        for number, cell in enumerate(row[1:], 1):
            if plain(cell).strip():
                label = table.header[number] if table.header else ""
                line += [_DOT, *mrkdwn.words(f"{label}: " if label else ""), *mrkdwn.line(cell)]
        yield line


def _name(cell: Spans) -> Line:
    if any(isinstance(span, Link) for span in cell):
        return mrkdwn.line(cell)
    return _bold(plain(cell).replace("\n", ", "))


def _preformatted(text: str) -> Iterator[BlockKit]:
    """Fenced in each section that it takes; a fence of its own is taken apart."""
    room = limits.SECTION - 2 * len(_FENCE) - 2
    packed: list[str] = []
    for line in text.replace(_FENCE, "`\u200b`\u200b`").split("\n"):
        for piece in map(mrkdwn.escaped, _cut(line) or [""]):
            if packed and sum(map(len, packed)) + len(packed) + len(piece) > room:
                yield _fenced(packed)
                packed = []
            packed.append(piece)
    yield _fenced(packed)


def _fenced(lines: Iterable[str]) -> BlockKit:
    return section("\n".join((_FENCE, *lines, _FENCE)))


def _bold(text: str) -> Line:
    return [mrkdwn.emphasised(part) for part in _cut(text)]


def _cut(text: str) -> list[str]:
    return [text[start : start + mrkdwn.FRAGMENT] for start in range(0, len(text), mrkdwn.FRAGMENT)]


def _actions(actions: Actions, marker: str, gettext: Callable[[str], str]) -> Iterator[BlockKit]:
    """Buttons, as many blocks as they take; what fits in none is shown as words to write."""
    fitting = [one for one in actions.buttons if _fits(one, marker)]
    others = [one for one in actions.buttons if one not in fitting]
    row: list[BlockKit] = []
    for number, one in enumerate(fitting):
        made = button(one.label, one.says, marker, number)
        if row and (len(row) == limits.BUTTONS_IN_A_BLOCK or len(json.dumps([*row, made])) > _ACTIONS_LENGTH):
            yield {"type": "actions", "elements": row}
            row = []
        row.append(made)
    if row:
        yield {"type": "actions", "elements": row}
    if others:
        first = [*mrkdwn.words(gettext("To choose, reply with one of these lines:"))]
        yield from sections([first, *(["• ", *mrkdwn.words(one.says)] for one in others)])


def _fits(one: Button, marker: str) -> bool:
    return len(one.label) <= limits.BUTTON_LABEL and len(value(marker, one.says)) <= limits.BUTTON_VALUE
