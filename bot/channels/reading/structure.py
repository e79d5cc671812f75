"""The parts of a mail, found in the bytes before anything is decoded, within limits.

The standard library's parser (policy compat32) was tried first and is what the tests compare with. A scan of the bytes
for bombs (nesting, parts, fields) had to run before it, and that scan is already the whole work. The rest of the work
was against it: it ends the header at "Subject : x" and loses every field below, it walks into attached messages and
gives them back with other bytes, it reads an attached message in base64 as a message, and it splits every body into
lines, which takes three times as long for a mail with an attachment of 100 KB.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.channels.reading import encoded_words, limits, transfer
from bot.channels.reading.parameters import parse_parameters

_END_OF_HEADER = re.compile(rb"\n\r?\n")
_WELL_FORMED = re.compile(rb"(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*")
_FIELD = re.compile(rb"([!-9;-~]+)([ \t]*):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)\n")
_FIELD_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
_SURELY_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|message-id|reply-to|sender|in-reply-to|references|received|return-path"
    rb"|mime-version|content-[a-z-]+|x-[a-z-]+|dkim-signature|delivered-to|list-[a-z-]+|precedence|auto-submitted"
    rb"|importance|priority|thread-[a-z]+|authentication-results|user-agent|organization)[ \t]*:"
)
_ENVELOPE_LINE = re.compile(rb"(?:>?From [^\n]*\n|[ \t]*\r?\n)+")
_SNIFFED_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,200}?|-{2,}[^\r\n]{1,200}?)[ \t]*\r?\n(?=content-)", re.I | re.M)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9!#$&^_.+*-]+")


@dataclass(slots=True)
class Entity:
    """A part (RFC 2045): its fields, and where its body stands in `raw`."""

    fields: list[tuple[str, str]]
    """Name in lower case, value with folds; raw bytes as surrogates."""
    raw: bytes
    start: int
    end: int
    media_type: str = "text/plain"
    labelled: bool = False
    parameters: dict[str, str] = field(default_factory=dict)
    children: list[Entity] = field(default_factory=list)
    has_odd_names: bool = False
    """A blank stands before a colon, which some readers forgive and others do not."""

    def get(self, name: str) -> str:
        """The first field of that name, unfolded and decoded, "" if there is none."""
        for key, value in self.fields:
            if key == name:
                return encoded_words.decode(value[: limits.FIELD_CHARACTERS]).strip()
        return ""

    def raw_values(self, name: str) -> list[str]:
        return [value[: limits.FIELD_CHARACTERS] for key, value in self.fields if key == name]

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    def content(self) -> tuple[bytes, str]:
        """The body with its transfer encoding undone, and a remark if it was damaged."""
        return transfer.decode(
            self.body, self.get("content-transfer-encoding"), is_text=self.media_type.startswith("text/")
        )


@dataclass(slots=True)
class _Scan:
    """What is left of the limits while one message is taken apart."""

    defects: list[str]
    parts: int = limits.PARTS
    false_boundaries: int = limits.FALSE_BOUNDARIES


def take_apart(raw: bytes, defects: list[str]) -> Entity:
    """The tree of a message; what was wrong with it is added to `defects`."""
    raw = _with_line_feeds(raw)
    before = _ENVELOPE_LINE.match(raw)
    start = before.end() if before else 0
    if before and start >= len(raw):
        start = 0
    return _entity(raw, start, len(raw), "text/plain", 0, _Scan(defects))


def header_of(raw: bytes) -> Entity:
    """Only the fields of a message (or of a text/rfc822-headers part), for what a delivery report returns."""
    raw = _with_line_feeds(raw)
    before = _ENVELOPE_LINE.match(raw)
    start = before.end() if before else 0
    fields, body = _fields(raw, start, len(raw), [])
    return _labelled(Entity(fields, raw, body, len(raw)), "text/plain")


def _with_line_feeds(raw: bytes) -> bytes:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    head = raw[:4096]
    if b"\n" not in head and b"\r" in head:
        return raw.replace(b"\r", b"\n")
    return raw.replace(b"\r\r\n", b"\r\n") if b"\r\r\n" in head else raw


def _entity(raw: bytes, start: int, end: int, default_type: str, depth: int, scan: _Scan) -> Entity:
    fields, body = _fields(raw, start, end, scan.defects)
    entity = _labelled(Entity(fields, raw, body, end), default_type)
    if entity.media_type.startswith("multipart/"):
        _split(entity, depth, scan)
    return entity


def _labelled(entity: Entity, default_type: str) -> Entity:
    if any(name[-1] in " \t" for name, _ in entity.fields):
        entity.has_odd_names = True
        entity.fields = [(name.rstrip(), value) for name, value in entity.fields]
    value = entity.get("content-type")
    entity.media_type = default_type
    if value:
        media_type, entity.parameters = parse_parameters(value)
        if _MEDIA_TYPE.fullmatch(media_type):
            entity.media_type, entity.labelled = media_type, True
        elif media_type in ("html", "text/"):
            entity.media_type = "text/html" if media_type == "html" else "text/plain"
    return entity


def _fields(raw: bytes, start: int, end: int, defects: list[str]) -> tuple[list[tuple[str, str]], int]:
    """The header fields between `start` and `end`, and where the body begins."""
    if raw.startswith((b"\n", b"\r\n"), start) or start >= end:
        return [], min(raw.find(b"\n", start) + 1, end) if start < end else end
    found = _END_OF_HEADER.search(raw, start, end)
    stop, body = (found.start() + 1, found.end()) if found else (end, end)
    block = raw[start : min(stop, start + limits.HEADER_BYTES)]
    if stop - start > limits.HEADER_BYTES:
        _note(defects, "header too large: the rest was left out")
    if not block.endswith(b"\n"):
        block += b"\n"
    if not _WELL_FORMED.fullmatch(block):
        whole = len(block)
        block, length = _mended(block)
        if length < whole:
            body = start + length if stop - start <= limits.HEADER_BYTES else body
            _note(defects, "no blank line between header and body")
    fields: list[tuple[str, str]] = []
    for match in _FIELD.finditer(block):
        if len(fields) >= limits.HEADER_FIELDS:
            _note(defects, "too many header fields: the rest was left out")
            break
        name, blank, value = match.groups()
        fields.append((name.decode("ascii").lower() + blank.decode("ascii"), value.decode("ascii", "surrogateescape")))
    return fields, min(body, end)


def _mended(block: bytes) -> tuple[bytes, int]:
    """The block with lines that are no fields joined to the field above, and how much of it is header at all.

    Such a line ends the header (RFC 5322 would have a blank line), unless lines that surely are fields follow.
    """
    lines = block.splitlines(keepends=True)
    last_sure = max((i for i, line in enumerate(lines) if _SURELY_FIELD.match(line)), default=-1)
    out: list[bytes] = []
    length = 0
    for number, line in enumerate(lines):
        if _FIELD_LINE.match(line) or (line[:1] in (b" ", b"\t") and out):
            out.append(line if line.endswith(b"\n") else line.rstrip(b"\r") + b"\n")
        elif number < last_sure:
            if out and line.strip():
                out.append(b" " + line.rstrip(b"\r\n") + b"\n")
        else:
            break
        length += len(line)
    return b"".join(out), length


def _split(entity: Entity, depth: int, scan: _Scan) -> None:
    if depth >= limits.NESTING:
        _note(scan.defects, f"parts nested deeper than {limits.NESTING}")
        return
    inner = "message/rfc822" if entity.media_type == "multipart/digest" else "text/plain"
    for start, end in _pieces(entity, scan):
        if scan.parts <= 0:
            _note(scan.defects, f"more than {limits.PARTS} parts: the rest was left out")
            break
        scan.parts -= 1
        entity.children.append(_entity(entity.raw, start, end, inner, depth + 1, scan))


def _pieces(entity: Entity, scan: _Scan) -> list[tuple[int, int]]:
    boundary = entity.parameters.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
    found = _between(entity, boundary, scan) if boundary else []
    if found:
        return found
    if "base64" in entity.get("content-transfer-encoding").lower():  # not allowed, and done by some gateways
        entity.raw = transfer.from_base64(entity.body)
        entity.start, entity.end = 0, len(entity.raw)
        return _between(entity, boundary, scan) if boundary else []
    sniffed = _SNIFFED_BOUNDARY.search(entity.raw, entity.start, min(entity.end, entity.start + 65_536))
    if sniffed and sniffed[1] != boundary:
        _note(scan.defects, "multipart with a boundary that is not in it")
        return _between(entity, sniffed[1], scan)
    _note(scan.defects, "multipart without parts")
    return []


def _between(entity: Entity, boundary: bytes, scan: _Scan) -> list[tuple[int, int]]:
    """What stands between the delimiter lines; where the last one is missing, the last part ends with the body."""
    raw, end = entity.raw, entity.end
    delimiter = b"--" + boundary
    pieces: list[tuple[int, int]] = []
    begun = -1
    at = raw.find(delimiter, entity.start, end)
    while at >= 0:
        line_end = raw.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end + 1
        tail = raw[at + len(delimiter) : line_end].strip() if line_end - at < 1_000 else b"x"
        if (at == entity.start or raw[at - 1 : at] in (b"\n", b"\r")) and tail in (b"", b"--"):
            if begun >= 0:
                pieces.append((begun, max(begun, _before_line_end(raw, at))))
            begun = line_end
            if tail == b"--" or len(pieces) > scan.parts:
                return pieces
        else:
            scan.false_boundaries -= 1
            if scan.false_boundaries < 0:
                _note(scan.defects, "too many lines that look like a boundary")
                break
        at = raw.find(delimiter, at + len(delimiter), end)
    if begun >= 0:
        pieces.append((begun, end))
    return pieces


def _before_line_end(raw: bytes, at: int) -> int:
    """The line end in front of a delimiter belongs to the delimiter."""
    if raw[at - 1 : at] == b"\n":
        at -= 1
    return at - 1 if raw[at - 1 : at] == b"\r" else at


def _note(defects: list[str], remark: str) -> None:
    if remark not in defects:
        defects.append(remark)
