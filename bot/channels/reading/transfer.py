"""Content-Transfer-Encoding undone, with the damage that servers and footers do to it.

`binascii` reads broken quoted-printable as well as anybody, but stops at the first padding of a base64 text and
raises on a cut one; the rest here is for footers that lists append in clear behind base64.
"""

from __future__ import annotations

import binascii
import re

_WHITE = b" \t\r\n\0"
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_CLEAR_LINE = re.compile(rb"^.*[^A-Za-z0-9+/=\s].*$|^[ \t]*\S+[ \t]+\S.*$", re.M)


def decode(data: bytes, encoding: str, *, is_text: bool = False) -> tuple[bytes, str]:
    """The bytes meant, and a remark if they were damaged. `encoding` is the field's value as it came."""
    encoding = re.sub(r"[^a-z0-9]", "", encoding.lower())
    if encoding == "base64":
        return _from_base64_part(data, is_text)
    if encoding in ("quotedprintable", "qp", "quotedprintible"):
        return binascii.a2b_qp(data), ""
    return data, ""


def is_uuencoded(encoding: str) -> bool:
    return re.sub(r"[^a-z]", "", encoding.lower()) in ("xuuencode", "uuencode", "xuue", "uue")


def from_base64(data: bytes) -> bytes:
    """Base64 with whatever is missing or in between; pieces that were padded one by one are joined. Never raises."""
    body = data.rstrip(b"=" + _WHITE)
    if b"=" not in body:
        return _quads(body)
    return b"".join(_quads(piece) for piece in body.split(b"=") if piece)


def _quads(piece: bytes) -> bytes:
    try:
        return binascii.a2b_base64(piece + b"==")
    except binascii.Error:
        clean = piece.translate(None, bytes(set(range(256)) - set(_BASE64)))
        clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
        return binascii.a2b_base64(clean + b"==")


def _from_base64_part(data: bytes, is_text: bool) -> tuple[bytes, str]:
    foreign = data.translate(None, _BASE64 + _WHITE)
    if not foreign and not (is_text and b" " in data.strip(_WHITE)):
        return from_base64(data), ""
    if not is_text:
        return from_base64(data), "damaged base64"
    clear = _CLEAR_LINE.search(data.lstrip(_WHITE))
    if clear is None:
        return from_base64(data), "damaged base64"
    body = data.lstrip(_WHITE)
    head, tail = body[: clear.start()], body[clear.start() :]
    if not head.strip(_WHITE):
        return data, "labelled base64 but is not"
    return from_base64(head) + b"\n" + tail, "text behind base64"
