"""What a door reads of a mail without parsing it: who it is for, who says they wrote it, and whether we had it before.

A door must answer in microseconds and must survive any bytes, so this is a handful of regular expressions over the
first 128 KiB of the header block. Nothing here is believed: the walk parses the mail properly.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

HEADER_LIMIT = 128 * 1024
ADDRESS_LIMIT = 320
"""Octets of the longest address (RFC 3696, erratum 1690)."""
RECIPIENT_LIMIT = 100

_BLANK_LINE = re.compile(rb"\r?\n(?:\r?\n|\Z)")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_IDENTITY = (b"from", b"message-id", b"date", b"subject")
_WANTED_BY_TRACE = (b"x-original-to", b"envelope-to", b"x-envelope-to", b"x-delivered-to", b"delivered-to")
_WANTED_BY_SENDER = (b"to", b"cc")

# A quote that never closes runs to the end: looking for its end from every quote on would cost the square of them.
_QUOTED_OR_COMMENT = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|\([^()]*\)', re.DOTALL)
_ANGLE = re.compile(rb"<\s*([^<>\x00-\x20]{1,320}@[^<>\x00-\x20]{1,320})\s*>")
_BARE = re.compile(rb"[^\x00-\x20<>()\[\]\\,;:\"@]{1,320}@[^\x00-\x20<>()\[\]\\,;:\"@]{1,320}")


def fingerprint(raw: bytes) -> str:
    """SHA-256 (hex) that a redelivery of the same mail shares, whatever way it took.

    Covers From, Message-ID, Date, Subject and the body; line ends and trailing blank lines do not matter, nor do the
    headers that relays add. Without a Message-ID every byte counts: two short notes may well be two notes.
    """
    head, body = _split(raw)
    headers = _headers(head, _IDENTITY)
    if not headers[b"message-id"]:
        return hashlib.sha256(raw).hexdigest()
    digest = hashlib.sha256()
    for name in _IDENTITY:
        value = b"\n".join(headers[name])
        digest.update(b"%s %d\n%s\n" % (name, len(value), value))
    digest.update(_one_line_end(body).rstrip(b"\n"))
    return digest.hexdigest()


def sender_address(raw: bytes, mail_from: str) -> str:
    """The key that messages of one sender are put in order by: From's address, else the envelope's, else "-".

    ASCII in lower case, at most 320 characters. A claim, good for nothing but the order.
    """
    head, _ = _split(raw)
    for value in _headers(head, (b"from",))[b"from"]:
        plain = _QUOTED_OR_COMMENT.sub(b" ", value)
        found = _ANGLE.findall(plain) or _BARE.findall(plain) or _ANGLE.findall(value)
        if found:
            return _ascii(found[-1])
    found = _BARE.findall(mail_from.encode("utf-8", "replace"))
    return _ascii(found[-1]) if found else "-"


def recipients(raw: bytes, knows: Callable[[str], bool], default: str) -> tuple[str, ...]:
    """The addresses of ours that a mail without an envelope (from a mailbox) was meant for; never empty.

    Trace headers first (Delivered-To and its kin), then To and Cc, as spelled there and each once. `default`, the
    address of the mailbox itself, counts only when nothing more exact is named: a mail to billing@ that an alias led
    into the mailbox help@ is Billing's.
    """
    head, _ = _split(raw)
    headers = _headers(head, (*_WANTED_BY_TRACE, *_WANTED_BY_SENDER))
    values = [value for name in (*_WANTED_BY_TRACE, *_WANTED_BY_SENDER) for value in headers[name]]
    ours: dict[str, str] = {}
    for address in _addresses(values):
        if address.lower() not in ours and knows(address):
            ours[address.lower()] = address
            if len(ours) == RECIPIENT_LIMIT:
                break
    exact = tuple(address for key, address in ours.items() if key != default.lower())
    return exact or (default,)


def _addresses(values: Iterable[bytes]) -> Iterable[str]:
    for value in values:
        for found in _BARE.findall(_QUOTED_OR_COMMENT.sub(b" ", value)):
            try:
                yield found.decode("utf-8")
            except UnicodeDecodeError:
                continue


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header block (cut at the limit) and body (whole)."""
    if raw.startswith((b"\n", b"\r\n")):
        return b"", raw
    end = _BLANK_LINE.search(raw)
    if end is None:
        return raw[:HEADER_LIMIT], b""
    return raw[: min(end.start(), HEADER_LIMIT)], raw[end.end() :]


def _headers(head: bytes, names: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """The values of each named header, unfolded and stripped, in the order they stand."""
    values: dict[bytes, list[bytes]] = {name: [] for name in names}
    for line in _FOLD.sub(b"", head).split(b"\n"):
        name, colon, value = line.partition(b":")
        key = name.rstrip().lower()
        if colon and key in values:
            values[key].append(value.strip())
    return values


def _one_line_end(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _ascii(address: bytes) -> str:
    return address.lower().decode("ascii", "backslashreplace")[:ADDRESS_LIMIT]
