"""winmail.dat (Microsoft's TNEF): the files, the text and the HTML in it.

tnefparse reads more properties than a desk needs, was last released in 2021, raises on cut streams, and takes the
whole stream apart before it says anything; the two levels of attributes that hold files and bodies are a page of code.
[MS-OXTNEF] 2.1 is the stream, [MS-OXRTFCP] the compression of the text that Outlook prefers.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.channels.reading import charsets, limits

SIGNATURE = b"\x78\x9f\x3e\x22"
_ATTACHMENT_BEGINS, _ATTACHMENT_DATA, _ATTACHMENT_TITLE = 0x9002, 0x800F, 0x8010
_ATTACHMENT_PROPERTIES, _MESSAGE_PROPERTIES, _BODY, _CODEPAGE = 0x9005, 0x9003, 0x800C, 0x9007
_TEXT, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _DATA, _MIME_TAG, _CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E, 0x3712
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_PROPERTIES = 2_000
_RTF_BYTES = 300_000
_OBJECT_HEADER = 16


@dataclass(slots=True)
class File:
    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Opened:
    files: list[File] = field(default_factory=list)
    text: str = ""
    html: str = ""


def opened(data: bytes, *, with_rich_text: bool = False) -> Opened | None:
    """What a TNEF stream holds, as far as it can be read; None if it is none. Never raises.

    Text that is there only as compressed RTF takes up to a third of a second, and is read only if asked for.
    """
    if not data.startswith(SIGNATURE):
        return None
    found = Opened()
    with contextlib.suppress(struct.error, IndexError, ValueError, OverflowError):  # a cut stream: what was read counts
        _read(data, found, with_rich_text)
    return found


def _read(data: bytes, found: Opened, with_rich_text: bool) -> None:
    codepage = "cp1252"
    file = File()
    for attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _ATTACHMENT_BEGINS:
            if len(found.files) >= limits.UNPACKED_PARTS:
                return
            file = File()
            found.files.append(file)
        elif attribute == _ATTACHMENT_TITLE:
            file.name = file.name or _string(value, codepage)
        elif attribute == _ATTACHMENT_DATA:
            file.content = value
        elif attribute == _ATTACHMENT_PROPERTIES:
            _read_file(file, dict(_properties(value)), codepage)
        elif attribute == _BODY:
            found.text = found.text or _string(value, codepage)
        elif attribute == _MESSAGE_PROPERTIES:
            _read_message(found, dict(_properties(value)), codepage)
            if with_rich_text and not found.text.strip() and not found.html:
                _read_rich_text(found, dict(_properties(value)), codepage)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _, attribute, length = struct.unpack_from("<BII", data, at)
        value = data[at + 9 : at + 9 + length]
        yield attribute & 0xFFFF, value
        at += 9 + length + 2


def _properties(value: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """MAPI properties (name, (type, first value)); named ones and further values are passed over."""
    (count,) = struct.unpack_from("<I", value)
    at = 4
    for _ in range(min(count, _PROPERTIES)):
        kind, name = struct.unpack_from("<HH", value, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(value, at)
        many, kind = kind & 0x1000, kind & 0x0FFF
        values = 1
        if many or kind in (0x0D, 0x1E, 0x1F, 0x102):
            (values,) = struct.unpack_from("<I", value, at)
            at += 4
        first = b""
        for number in range(min(values, _PROPERTIES)):
            size = _FIXED.get(kind)
            if size is None:
                (size,) = struct.unpack_from("<I", value, at)
                at += 4
            if number == 0:
                first = value[at : at + size]
            at += size + (-size) % 4
        yield name, (kind, first)


def _after_name(value: bytes, at: int) -> int:
    at += 16
    kind, length = struct.unpack_from("<II", value, at)
    return at + 8 if kind == 0 else at + 8 + length + (-length) % 4


def _read_file(file: File, properties: dict[int, tuple[int, bytes]], codepage: str) -> None:
    for name in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME):
        if name in properties and (said := _typed(properties[name], codepage)):
            if name == _LONG_NAME or not file.name:
                file.name = said
            break
    if _MIME_TAG in properties:
        file.media_type = _typed(properties[_MIME_TAG], codepage).lower()
    if _CONTENT_ID in properties:
        file.content_id = _typed(properties[_CONTENT_ID], codepage).strip("<>")
    if _DATA in properties and not file.content:
        kind, content = properties[_DATA]
        file.content = content[_OBJECT_HEADER:] if kind == 0x0D else content


def _read_message(found: Opened, properties: dict[int, tuple[int, bytes]], codepage: str) -> None:
    if _TEXT in properties:
        found.text = found.text or _typed(properties[_TEXT], codepage)
    if _HTML in properties:
        kind, value = properties[_HTML]
        found.html = charsets.decode(value, codepage)[0] if kind == 0x102 else _typed((kind, value), codepage)


def _read_rich_text(found: Opened, properties: dict[int, tuple[int, bytes]], codepage: str) -> None:
    if _RTF in properties:
        found.text = text_of_rtf(decompressed(properties[_RTF][1]), codepage)


def _typed(value: tuple[int, bytes], codepage: str) -> str:
    kind, raw = value
    return raw.decode("utf-16-le", "replace").rstrip("\0") if kind == 0x1F else _string(raw, codepage)


def _string(raw: bytes, codepage: str) -> str:
    return charsets.decode(raw.split(b"\0", 1)[0], codepage)[0]


_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompressed(data: bytes) -> bytes:
    """[MS-OXRTFCP]: LZ with a ring of 4,096 bytes that begins with a known text."""
    if len(data) < 16:
        return b""
    if data[8:12] == b"MELA":
        return data[16 : 16 + _RTF_BYTES]
    ring = bytearray(_DICTIONARY) + bytearray(4096 - len(_DICTIONARY))
    write = len(_DICTIONARY)
    out = bytearray()
    at = 16
    while at < len(data) and len(out) < _RTF_BYTES:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                run = data[at : at + 1]
                at += 1
                out += run
                ring[write] = run[0]
                write = (write + 1) & 0xFFF
                continue
            token = data[at] << 8 | (data[at + 1] if at + 1 < len(data) else 0)
            at += 2
            offset, length = token >> 4, (token & 0xF) + 2
            if offset == write:
                return bytes(out)
            for _ in range(length):
                byte = ring[offset]
                out.append(byte)
                ring[write] = byte
                write = (write + 1) & 0xFFF
                offset = (offset + 1) & 0xFFF
    return bytes(out)


_RTF_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|([^\\{}\r\n]+)")
_RTF_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"sect": "\n", b"row": "\n", b"cell": "\t"}
_RTF_SIGNS = {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"endash": "–",
    b"emdash": "—",
    b"bullet": "•",
}
_RTF_HIDDEN = frozenset(
    (b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"htmltag", b"mhtmltag", b"themedata", b"listtable")
)


def text_of_rtf(rtf: bytes, codepage: str) -> str:
    """The visible text of a simple RTF, which is all that Outlook puts into a mail."""
    out: list[str] = []
    hidden: list[bool] = [False]
    skip = 0
    pending = bytearray()
    for match in _RTF_TOKEN.finditer(rtf):
        word, number, code, sign, brace, text = match.groups()
        if code and not hidden[-1] and not skip:
            pending += bytes.fromhex(code.decode())
            continue
        if pending:
            out.append(charsets.decode(bytes(pending), codepage)[0])
            pending.clear()
        if brace == b"{":
            hidden.append(hidden[-1])
        elif brace and len(hidden) > 1:
            hidden.pop()
        elif sign == b"*" or word in _RTF_HIDDEN:
            hidden[-1] = True
        elif word == b"u" and number and not hidden[-1]:
            out.append(chr(int(number) % 65_536))
            skip = 1
        elif code:
            skip = 0
        elif hidden[-1]:
            continue
        elif word:
            out.append(_RTF_BREAKS.get(word) or _RTF_SIGNS.get(word, ""))
        elif sign:
            out.append({b"~": "\xa0", b"_": "-"}.get(sign, "" if sign in b"-*:|" else sign.decode("latin-1")))
        elif text:
            out.append(charsets.decode(text[skip:], codepage)[0])
            skip = 0
    out.append(charsets.decode(bytes(pending), codepage)[0])
    return re.sub("[\ud800-\udfff]", "\ufffd", "".join(out)).strip()
