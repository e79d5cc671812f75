"""Parameters of Content-Type and Content-Disposition: RFC 2045, RFC 2231 with continuations, and what people send.

The standard library's `get_params` loses values with semicolons outside quotes, joins continuations by the order in
which they stand, and leaves encoded words in quotes as they are; all three are common in real mail.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from bot.channels.reading import charsets

_NAME = re.compile(r"[;\s,]*([!#$&+.0-9A-Z^_`a-z{|}~*'-]+)\s*=\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_BARE = re.compile(r"[^;]*?(?=;|\s[A-Za-z-]+\*?=|$)", re.S)
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
_ESCAPE = re.compile(r"\\([\"\\])")
_CONTINUED = re.compile(r"([^*]+)\*(\d{1,3})?(\*)?")
_MAXIMUM = 200
_CHARACTERS = 16_000


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value in front of the parameters in lower case, and the parameters by lower-case name, decoded."""
    value = " ".join(value[:_CHARACTERS].split())
    main = re.split(r"[;\s]", value, maxsplit=1)[0].lower().strip("\"'")
    rest = value[len(main) :] if value[: len(main)].lower() == main else value.partition(";")[2]
    if "=" not in rest:
        return main, {}
    return main, _joined(_pairs(rest))


def _pairs(rest: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    at = 0
    while len(pairs) < _MAXIMUM:
        name = _NAME.match(rest, at)
        if name is None:
            at = rest.find(";", at + 1)
            if at < 0:
                return pairs
            continue
        quoted = _QUOTED.match(rest, name.end())
        if quoted:
            pairs.append((name[1].lower(), _ESCAPE.sub(r"\1", quoted[1])))
            at = quoted.end()
            continue
        bare = _BARE.match(rest, name.end())
        assert bare is not None
        pairs.append((name[1].lower(), _COMMENT.sub("", bare.group()).strip().strip("\"'")))
        at = bare.end()
    return pairs


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in pairs:
        continued = _CONTINUED.fullmatch(name) if "*" in name else None
        if continued is None:
            plain.setdefault(name, value)
        else:
            number = int(continued[2] or 0)
            encoded = bool(continued[3]) or continued[2] is None
            pieces.setdefault(continued[1], {}).setdefault(number, (value, encoded))
    for name, numbered in pieces.items():
        plain[name] = _rfc2231(numbered) or plain.get(name, "")
    return plain


def _rfc2231(numbered: dict[int, tuple[str, bool]]) -> str:
    """charset'language'percent-encoded; the charset stands in the first piece only (RFC 2231 section 4.1)."""
    charset = ""
    out = bytearray()
    for number in sorted(numbered):
        value, encoded = numbered[number]
        if encoded and not charset and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "surrogateescape")
        out += unquote_to_bytes(raw) if encoded else raw
    return charsets.decode(bytes(out), charset)[0]
