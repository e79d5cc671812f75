"""Files inside a text: uuencoded blocks ("begin 644 name") and yEnc ("=ybegin").

Python's `uu` module is gone from the standard library since 3.13; `binascii.a2b_uu` is what it was made of.
"""

from __future__ import annotations

import binascii
import re

_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255}?)[ \t]*\r?\n", re.M)
_END = re.compile(rb"^(?:end|====)[ \t]*(?:\r?\n|\Z)", re.M)
_DATA_LINE = re.compile(rb"[ -`]{1,85}")
_DATA_FOLLOWS = re.compile(rb"[ -`]{1,85}\r?\n(?:[ -`]{1,85}\r?\n|end)|`?[ \t]*\r?\nend")
_YBEGIN = re.compile(rb"^=ybegin [^\r\n]{0,200}?\bname=([^\r\n]{1,255}?)[ \t]*\r?\n(?:=ypart [^\r\n]*\r?\n)?", re.M)
_YEND = re.compile(rb"^=yend[^\r\n]*(?:\r?\n|\Z)", re.M)
_YENC_ESCAPE = re.compile(rb"=(.)", re.S)
_MAXIMUM = 50


def taken_out(text: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The text without such blocks, and the files of the blocks as (name as written, content)."""
    files: list[tuple[bytes, bytes]] = []
    if b"begin" not in text:
        return text, files
    tries = 0
    for begin, end, decoder in ((_BEGIN, _END, _from_uu), (_YBEGIN, _YEND, _from_yenc)):
        at = 0
        while tries < _MAXIMUM and (head := begin.search(text, at)):
            tries += 1
            if decoder is _from_uu and not _DATA_FOLLOWS.match(text, head.end()):
                at = head.end()
                continue
            tail = end.search(text, head.end())
            stop, after = (tail.start(), tail.end()) if tail else (len(text), len(text))
            content = decoder(text[head.end() : stop])
            if content is None:
                at = head.end()
                continue
            files.append((head[1], content))
            text = text[: head.start()] + text[after:]
            at = head.start()
            if tail is None:
                break
    return text, files


def decoded(body: bytes) -> bytes:
    """A part whose transfer encoding is uuencode: the first block's content, or the body if there is none."""
    _, files = taken_out(body)
    return files[0][1] if files else body


def _from_uu(block: bytes) -> bytes | None:
    """None if the block is no uuencoded text: somebody wrote "begin 644 things" in a sentence."""
    out = bytearray()
    for number, line in enumerate(block.splitlines()):
        if not line.strip():
            continue
        if line[:1] in (b"`", b" ") and len(line.strip()) <= 1:
            break
        if not _DATA_LINE.fullmatch(line):
            return bytes(out) if number > 1 else None
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            try:  # some encoders count wrongly; so does the length say how much is meant
                length = (((line[0] - 32) & 63) * 4 + 5) // 3
                out += binascii.a2b_uu(line[:length])
            except binascii.Error:
                return bytes(out) if number > 1 else None
    return bytes(out)


def _from_yenc(block: bytes) -> bytes | None:
    joined = block.replace(b"\r", b"").replace(b"\n", b"")
    plain = _YENC_ESCAPE.sub(lambda m: bytes(((m[1][0] - 64) & 0xFF,)), joined)
    return plain.translate(bytes((b - 42) & 0xFF for b in range(256)))
