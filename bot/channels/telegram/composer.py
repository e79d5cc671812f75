"""A draft becomes the calls that send it: texts within Telegram's limits, files, and buttons under the last text.

The payload is a JSON list of calls. Each has its text twice, as HTML and plain: should Telegram not read the HTML, that
is a mistake of ours, and the reader still gets the words.
"""

from __future__ import annotations

import base64
import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot import i18n
from bot.channels import plain
from bot.channels.telegram import keyboard
from bot.channels.telegram.layout import laid_out, words_of
from bot.channels.telegram.runs import Run, Runs, Style, harmless, html
from bot.channels.telegram.runs import plain as plain_runs
from bot.channels.telegram.splitting import CAPTION, TEXT, fits, split, together
from bot.templating import Templates
from core.content import Content
from core.messages import Attachment
from core.post import Composed, Draft

UPLOAD_SIZE = 50 * 1000 * 1000
"""Bytes of a file that a bot may send."""
PHOTO_SIZE = 10 * 1000 * 1000
SUBJECT_LENGTH = 60
NO_TITLE = "-"
"""The title of a template that never stands alone."""
_PHOTOS = ("image/jpeg", "image/png", "image/webp")

Call = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TelegramComposer:
    templates: Templates
    shared: Callable[[], dict[str, object]]
    """What every template may use."""

    def compose(self, draft: Draft) -> Composed:
        gettext = i18n.translations(draft.language).gettext
        contents = [self.templates.content(reply, draft.language, **self.shared()) for reply in draft.replies]
        content = Content(contents[0].title, tuple(block for each in contents for block in each.blocks))
        calls = _calls(draft, content, gettext)
        for call in calls:
            call["protect"] = content.secret
            call["again"] = not content.secret and _is_awaited(draft)
        payload = json.dumps(calls, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Composed(payload, "" if content.secret else plain.text(content, gettext=gettext), content.secret)


def _is_awaited(draft: Draft) -> bool:
    """An answer, a person's words, or a question: better twice than never. A mere notice is not."""
    return bool(draft.in_reply_to or draft.marker) or not draft.automatic


def _calls(draft: Draft, content: Content, gettext: Callable[[str], str]) -> list[Call]:
    buttons, written = _buttons(draft.marker, content)
    blocks = [*_heading(draft, content), *map(laid_out, content.blocks)]
    if written:
        blocks.append(words_of(written, gettext))
    if draft.also_sent_to:
        blocks.append((Run(f"{gettext('Also sent to:')} {harmless(', '.join(draft.also_sent_to))}"),))
    files, too_big = _sendable(draft.attachments)
    for file in too_big:
        said = gettext("The file {name} is too large for Telegram; ask for it by mail.").format(name=file.filename)
        blocks.append((Run(harmless(said)),))
    blocks = [block for block in [*blocks, *_footing(draft)] if "".join(run.text for run in block).strip()]
    if len(files) == 1 and fits(together(blocks), CAPTION):
        return [{**_file(files[0], together(blocks)), "keyboard": buttons}]
    calls = [_text(runs) for runs in split(blocks)]
    calls[-1]["keyboard"] = buttons
    return calls + [_file(file, ()) for file in files]


def _heading(draft: Draft, content: Content) -> list[Runs]:
    """What it is about, where that is not the conversation it stands in."""
    if content.title == NO_TITLE or (draft.subject and any(map(laid_out, content.blocks))):
        return []
    return [(Run(harmless(content.title), Style.BOLD),)]


def _footing(draft: Draft) -> list[Runs]:
    """Who writes, and on which ticket; a reply to the message names it by that."""
    if not draft.tag:
        return []
    subject = textwrap.shorten(draft.subject.removeprefix("Re: "), SUBJECT_LENGTH, placeholder="…")
    return [(Run(harmless(" · ".join(part for part in (draft.from_name, subject, draft.tag) if part))),)]


def _buttons(marker: str, content: Content) -> tuple[keyboard.Rows, list[tuple[str, str]]]:
    """The keyboard, and the (label, words) for which it has no room."""
    fitting: list[tuple[str, str]] = []
    written: list[tuple[str, str]] = []
    for label, says in keyboard.choices(content):
        data = keyboard.data_of(marker, says)
        if data and len(fitting) < keyboard.MOST_BUTTONS:
            fitting.append((label, data))
        else:
            written.append((label, says))
    return keyboard.rows(fitting), written


def _sendable(attachments: Sequence[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    fitting = [file for file in attachments if 0 < len(file.content) <= UPLOAD_SIZE]
    return fitting, [file for file in attachments if len(file.content) > UPLOAD_SIZE]


def _text(runs: Runs) -> Call:
    return {"method": "sendMessage", "text": html(runs), "plain": plain_runs(runs, TEXT), "keyboard": []}


def _file(file: Attachment, caption: Runs) -> Call:
    photo = file.media_type in _PHOTOS and len(file.content) <= PHOTO_SIZE
    return {
        "method": "sendPhoto" if photo else "sendDocument",
        "text": html(caption),
        "plain": plain_runs(caption, CAPTION),
        "filename": file.filename,
        "content": base64.b64encode(file.content).decode("ascii"),
        "keyboard": [],
    }
