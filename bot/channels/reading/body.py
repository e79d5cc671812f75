"""Which parts are what the mail says and which are files: alternatives chosen, texts joined, attachments collected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.channels.reading import (
    attachments,
    calendars,
    charsets,
    limits,
    markup,
    quotes,
    sanitising,
    textparts,
    tnef,
    transfer,
    uuencode,
)
from bot.channels.reading.attachments import Part, declared_name
from bot.channels.reading.clients import has_marker
from bot.channels.reading.flowed import unflowed
from bot.channels.reading.lines import Line, joined, plain
from bot.channels.reading.structure import Entity

_HTML_AT_START = re.compile(r"\s*(?:<!doctype html|<html[\s>])", re.I)
_TEXT_TYPES = frozenset(
    (
        "text/plain",
        "text/html",
        "text/enriched",
        "text/richtext",
        "text/markdown",
        "text/x-markdown",
        "text/x-amp-html",
        "text/watch-html",
    )
)
_NOT_SHOWN = frozenset(("text/x-amp-html", "text/watch-html"))


@dataclass(slots=True)
class Piece:
    """A stretch of what the mail says, in one or both forms."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Body:
    """What the mail says, and its files."""

    text: str = ""
    reply: str = ""
    pages: list[str] = field(default_factory=list)
    """The HTML as it came."""
    attachments: list[Part] = field(default_factory=list)

    def html(self) -> str:
        """Sanitised; made only for those who want it, for it costs as much as the rest of the reading."""
        return "\n<hr>\n".join(sanitising.sanitised(page) for page in self.pages[:20])


def body_of(mail: Entity, defects: list[str]) -> Body:
    collector = _Collector(defects)
    pieces = collector.pieces(mail, is_root=True)
    body = Body(attachments=collector.files)
    _say(body, pieces, defects)
    if not body.text.strip():
        _say_from_files(body)
    return body


def _say(body: Body, pieces: list[Piece], defects: list[str]) -> None:
    html_of = _Rendered()
    lines: list[Line] = []
    texts: list[str] = []
    for piece in pieces:
        if piece.plain is not None and (piece.plain.strip() or not piece.html):
            text, added = piece.plain, None
        else:
            added = html_of(piece.html or "")
            text = joined(added)
        if not text.strip() or (len(pieces) > 1 and _said_already(text, texts)):
            continue
        texts.append(text)
        if len(pieces) == 1:
            lines = added or []
        else:
            lines += [*(added if added is not None else plain(text)), Line("")]
    body.text = "\n\n".join(texts) if len(texts) > 1 else texts[0] if texts else ""
    if len(body.text) > limits.TEXT_CHARACTERS:
        body.text = body.text[: limits.TEXT_CHARACTERS]
        defects.append("text too long: the rest was left out")
        lines = []
    body.reply = quotes.reply_of(lines) if lines else quotes.reply_of_text(body.text)
    if len(pieces) == 1 and pieces[0].html and pieces[0].plain and body.reply.count("\n") + 1 >= _filled(body.text):
        body.reply = _by_markup(pieces[0].html, body.reply, html_of)
    body.pages = [piece.html for piece in pieces if piece.html]


class _Rendered:
    """HTML to lines within a budget for the whole mail."""

    def __init__(self) -> None:
        self._left = limits.MARKUP_CHARACTERS

    def __call__(self, html: str) -> list[Line]:
        html = html[: max(0, self._left)]
        self._left -= len(html)
        return markup.lines_of(html)


def _filled(text: str) -> int:
    return joined(plain(text)).count("\n") + 1


def _said_already(text: str, texts: list[str]) -> bool:
    """The same words again in another form, as mailers write that do not know multipart/alternative."""
    squeezed = _squeezed(text)
    return any(squeezed == _squeezed(other) for other in texts[:5])


def _squeezed(text: str) -> str:
    return re.sub(
        r"<(?:https?:|mailto:)[^<>]*>|\[[^\[\]\n]{0,200}\]|[\s>*_\u200b\ufeff]+", "", text[: limits.TRIMMED_CHARACTERS]
    )


def _by_markup(html: str, reply: str, html_of: _Rendered) -> str:
    """The reply of the plain text cut where the HTML's markers say, if patterns saw nothing to cut.

    Only if the HTML's own part is how the plain text begins: both then say the same, and one knows where it ends.
    """
    if not has_marker(html):
        return reply
    marked = _squeezed(quotes.reply_of(html_of(html)))
    if not marked or not _squeezed(reply).startswith(marked):
        return reply
    kept: list[str] = []
    length = 0
    for line in reply.split("\n"):
        if length >= len(marked):
            break
        kept.append(line)
        length += len(_squeezed(line))
    return "\n".join(kept).strip("\n") if length == len(marked) else reply


def _say_from_files(body: Body) -> None:
    """A mail without words: the text of a winmail.dat, or what an invitation says."""
    for part in body.attachments[: limits.UNPACKED_FILES]:
        if part.media_type == "text/calendar":
            body.text = calendars.in_words(textparts.clean(charsets.decode(part.content, "utf-8")[0]))
        elif part.content.startswith(tnef.SIGNATURE):
            _say_from_tnef(body, part.content)
        if body.text.strip():
            body.reply = body.reply or body.text
            return


def _say_from_tnef(body: Body, content: bytes) -> None:
    found = tnef.opened(content, with_rich_text=True)
    if found is None:
        return
    if found.text.strip():
        body.text = textparts.clean(found.text)
        body.reply = quotes.reply_of_text(body.text)
    elif found.html:
        lines = markup.lines_of(found.html)
        body.text, body.reply = joined(lines), quotes.reply_of(lines)
        body.pages = [found.html]


class _Collector:
    """Walks the tree once; files are collected on the way."""

    def __init__(self, defects: list[str]) -> None:
        self.files: list[Part] = []
        self._defects = defects
        self._has_text = False

    def pieces(self, entity: Entity, *, is_root: bool = False, parent: str = "") -> list[Piece]:
        if entity.children:
            return self._container(entity)
        if entity.media_type.startswith("multipart/"):
            return self._text(entity) if entity.body.strip() else []
        if self._is_body(entity, is_root, parent):
            return self._text(entity)
        self._add(entity, parent)
        return []

    def _container(self, entity: Entity) -> list[Piece]:
        kind = entity.media_type
        if kind == "multipart/alternative":
            return self._alternative(entity)
        pieces: list[Piece] = []
        root = _root_of_related(entity) if kind == "multipart/related" else None
        for child in entity.children:
            if (
                root is not None
                and child is not root
                and not child.children
                or kind == "multipart/report"
                and child is not entity.children[0]
                and not child.children
            ):
                self._add(child, kind)
            else:
                pieces += self.pieces(child, parent=kind)
        return pieces

    def _alternative(self, entity: Entity) -> list[Piece]:
        before = self._has_text
        said: list[list[Piece]] = []
        for child in entity.children:
            self._has_text = before
            said.append(self.pieces(child, parent="multipart/alternative"))
        self._has_text = True
        texts = [_joined_plain(pieces) for pieces in said if pieces and all(piece.html is None for piece in pieces)]
        htmls = [_joined_html(pieces) for pieces in said if any(piece.html is not None for piece in pieces)]
        html = next((one for one in reversed(htmls) if one.strip()), None)
        best = next((one for one in texts if one.strip()), None)
        if best is None:
            best = next((_joined_plain(p) for p in said if _joined_plain(p).strip()), None) if html is None else None
        return [Piece(best, html)] if best is not None or html is not None else []

    def _is_body(self, entity: Entity, is_root: bool, parent: str) -> bool:
        if entity.media_type not in _TEXT_TYPES:
            return False
        disposition = entity.get("content-disposition").partition(";")[0].strip().lower()
        named = bool(declared_name(entity))
        if disposition == "attachment":
            return False
        if is_root:
            return True
        if named and (disposition in ("inline", "") and (self._has_text or disposition == "inline")):
            return parent == "multipart/alternative" and not self._has_text
        return True

    def _text(self, entity: Entity) -> list[Piece]:
        self._has_text = True
        content, remark = entity.content()
        if transfer.is_uuencoded(entity.get("content-transfer-encoding")):
            content = uuencode.decoded(entity.body)
        self._note(remark)
        if b"begin" in content:
            content, files = uuencode.taken_out(content)
            self.files += [attachments.from_block(name, data, len(self.files) + 1) for name, data in files]
        is_html = entity.media_type == "text/html"
        text, remark = charsets.decode(
            content, entity.parameters.get("charset", "") or (textparts.meta_charset(content) if is_html else "")
        )
        self._note(remark)
        if is_html:
            return [Piece(html=text)]
        if entity.media_type in _NOT_SHOWN:
            return []
        if entity.media_type in ("text/enriched", "text/richtext"):
            text = textparts.unenriched(text, is_html=entity.media_type == "text/richtext")
        text = textparts.without_pictures(textparts.clean(text))
        if _HTML_AT_START.match(text[:200]):
            return [Piece(html=text)]
        if entity.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, delete_space=entity.parameters.get("delsp", "").lower() == "yes")
        return [Piece(plain=text)]

    def _note(self, remark: str) -> None:
        if remark and remark not in self._defects:
            self._defects.append(remark)

    def _add(self, entity: Entity, parent: str) -> None:
        disposition = entity.get("content-disposition").partition(";")[0].strip().lower()
        inline = disposition == "inline" or (disposition != "attachment" and parent == "multipart/related")
        self.files.append(attachments.part_of(entity, len(self.files) + 1, self._defects, inline=inline))
        if entity.media_type in ("application/pgp-encrypted", "application/pkcs7-mime"):
            self._note("encrypted or enveloped: the content could not be read")


def _root_of_related(entity: Entity) -> Entity:
    start = entity.parameters.get("start", "").strip("<>")
    wanted = next((child for child in entity.children if start and start in child.get("content-id")), None)
    if wanted is None:
        wanted = next((c for c in entity.children if c.children or c.media_type.startswith("text/")), None)
    return wanted or entity.children[0]


def _joined_plain(pieces: list[Piece]) -> str:
    return "\n\n".join(piece.plain for piece in pieces if piece.plain and piece.plain.strip())


def _joined_html(pieces: list[Piece]) -> str:
    return "\n".join(
        piece.html if piece.html is not None else f"<pre>{textparts.escaped(piece.plain or '')}</pre>"
        for piece in pieces
        if (piece.html or piece.plain or "").strip()
    )
