"""A draft becomes the calls that say it in Slack: messages within Slack's lengths, then the files.

The payload is a JSON list of `{"method": …, "arguments": {…}}`; where they go and the mark that lets a repeat be
noticed are the sender's to fill in.
"""

from __future__ import annotations

import base64
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot import i18n
from bot.channels import plain
from bot.channels.slack import blocks, limits, mrkdwn, place
from bot.channels.slack.blocks import BlockKit
from bot.templating import Templates
from core.content import Content
from core.messages import Attachment
from core.post import Composed, Draft

Call = dict[str, Any]
POST, UPLOAD = "chat.postMessage", "files.upload"
MARKER = "marker"
"""Of the metadata: the reply token, so that an answer in the thread finds its ticket."""
_SUBJECT_LENGTH = 200
_RESERVED_BLOCKS = 2
_RESERVED_LENGTH = 400
"""What the number of the part takes."""


@dataclass(frozen=True, slots=True)
class SlackComposer:
    """Renders a draft's replies; `shared` is what every template may use."""

    templates: Templates
    shared: Callable[[], dict[str, object]]

    def compose(self, draft: Draft) -> Composed:
        gettext = i18n.translations(draft.language).gettext
        contents = [self.templates.content(reply, draft.language, **self.shared()) for reply in draft.replies]
        content = Content(contents[0].title, tuple(block for each in contents for block in each.blocks))
        made = [*_heading(draft, content), *blocks.blocks(content, draft.marker, gettext), *_footing(draft)]
        goes_to = place.read(draft.to.value)
        if goes_to.card:
            calls = [_card(made, draft.marker)]
        else:
            calls = [*messages(made, draft.marker), *map(_upload, draft.attachments)]
        payload = json.dumps(calls, ensure_ascii=False).encode()
        text = plain.text(content, gettext=gettext)
        return Composed(payload, "" if content.secret else text, content.secret)


def messages(made: Sequence[BlockKit], marker: str = "") -> Iterator[Call]:
    """As few messages as the blocks fit in; several are numbered."""
    parts = list(_parts(made))
    for number, part in enumerate(parts, 1):
        if len(parts) > 1:
            part = [blocks.context(f"({number}/{len(parts)})"), *part]
        yield {"method": POST, "arguments": message(part, marker)}


def message(part: Sequence[BlockKit], marker: str = "") -> dict[str, Any]:
    """The text is what notifications and screen readers say: all of it. Nothing in it is looked up or unfolded."""
    arguments: dict[str, Any] = {
        "text": "\n".join(words for block in part if (words := blocks.spoken(block))),
        "blocks": list(part),
        "parse": "none",
        "link_names": False,
    }
    if marker:
        arguments["metadata"] = {"event_payload": {MARKER: marker}}
    return arguments


def _heading(draft: Draft, content: Content) -> Iterator[BlockKit]:
    """What it is about, where that is not the conversation it stands in."""
    if not draft.subject and content.title:
        yield blocks.header(content.title)


def _footing(draft: Draft) -> Iterator[BlockKit]:
    """Who writes, and on which ticket; its subject where it is not an answer to what was just asked."""
    if draft.tag:
        subject = "" if draft.automatic else draft.subject.removeprefix("Re: ")
        subject = textwrap.shorten(subject, _SUBJECT_LENGTH, placeholder="…")
        parts = [part for part in (draft.from_name, subject, draft.tag.strip("[]")) if part]
        yield blocks.context(mrkdwn.escaped(" · ".join(parts)))


def _parts(made: Iterable[BlockKit]) -> Iterator[list[BlockKit]]:
    part: list[BlockKit] = []
    length = _RESERVED_LENGTH
    for block in made:
        own = len(json.dumps(block, ensure_ascii=False)) + 2
        full = len(part) + 1 > limits.BLOCKS - _RESERVED_BLOCKS or length + own > limits.BLOCKS_LENGTH
        if part and full:
            yield part
            part, length = [], _RESERVED_LENGTH
        part.append(block)
        length += own
    yield part


def _card(made: Sequence[BlockKit], marker: str) -> Call:
    """One message, which will be edited: what does not fit in it belongs in the thread."""
    arguments = message(next(_parts(made)), marker)
    arguments["text"] = _shortened(arguments["text"], limits.UPDATE_TEXT)
    return {"method": POST, "arguments": arguments}


def _shortened(text: str, octets: int) -> str:
    """Whole lines of it."""
    lines: list[str] = []
    for line in text.split("\n"):
        if len("\n".join((*lines, line)).encode()) > octets:
            break
        lines.append(line)
    return "\n".join(lines) or "…"


def _upload(file: Attachment) -> Call:
    content = base64.b64encode(file.content).decode("ascii")
    return {"method": UPLOAD, "arguments": {"filename": file.filename, "title": file.filename, "content": content}}
