"""The body of a message as DKIM hashes it (RFC 6376 section 3.4), each way once, in time that grows with its size.

dkimpy's own canonicalisation takes quadratic time on long runs of blanks and is repeated for every signature; a
stranger could keep the desk busy for minutes with one mail. So dkimpy is only given the header.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodyHash:
    digest: bytes
    """SHA-256 of the whole canonical body."""
    length: int
    """Of the canonical body, in bytes."""


class Body:
    """Hashes one body, at most once for each canonicalisation ("simple" and "relaxed")."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._hashes: dict[str, BodyHash] = {}

    def hashed(self, canonicalisation: str) -> BodyHash:
        if canonicalisation not in self._hashes:
            canonical = canonical_body(self._body, canonicalisation)
            self._hashes[canonicalisation] = BodyHash(hashlib.sha256(canonical).digest(), len(canonical))
        return self._hashes[canonicalisation]


def canonical_body(body: bytes, canonicalisation: str) -> bytes:
    """Bare LF counts as a line end, as in the signers' own libraries; a bare CR is a character like any other."""
    lines = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if canonicalisation == "simple":
        return _without_empty_lines_at_the_end(lines) or b"\r\n"
    single = re.sub(rb"[ \t]+", b" ", lines).replace(b" \r\n", b"\r\n")
    return _without_empty_lines_at_the_end(single.removesuffix(b" "))


def _without_empty_lines_at_the_end(lines: bytes) -> bytes:
    """The text with exactly one CRLF behind its last line; b"" when there are only empty lines."""
    text = lines.rstrip(b"\r\n")
    tail = lines[len(text) :]
    # In the tail every LF has its CR, so whatever stands before the last doubled CR are bare CRs: they are text.
    bare = tail if tail.endswith(b"\r") else tail[: tail.rfind(b"\r\r") + 1]
    kept = text + bare
    return kept + b"\r\n" if kept else b""
