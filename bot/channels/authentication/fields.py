"""The header of a message by its bytes: which fields there are, how often, and whether From has one reading.

Authentication and the mail reader must see the same sender. Every known trick to part them (two From fields, "From :",
a bare CR, a NUL, several mailboxes, a route or a comment) leaves a trace in the raw bytes, so the bytes are counted
here, before and beside any parser. What has such a trace is not believed, whoever signed it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from bot.channels.authentication import domains

LONGEST_HEADER = 128 * 1024
MOST_FIELDS = 1000
ONCE = ("from", "sender", "subject", "date", "message-id", "to", "cc", "content-type", "reply-to")
"""Fields of which a message may have one at most (RFC 5322 section 3.6; Content-Type by RFC 2045)."""

_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+)([ \t]*):")
# Possessive quantifiers: a From line of any length is read in one pass.
_ONE_MAILBOX = re.compile(
    r"""[ \t]*+
    (?: (?:"(?:[^"\\]|\\.)*+"|[^"<>@,;:()\\\[\]])*+ <([^<>@"\s,;:()\\]++@[^<>@"\s,;:()\\\[\]]++)>
      | ([^<>@"\s,;:()\\\[\]]++@[^<>@"\s,;:()\\\[\]]++)
    )
    [ \t]*+ (?:\([^()<>@"\\]*+\))?+ [ \t]*+""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """Lower case, without the white space that may stand before the colon."""
    value: bytes
    """Unfolded: line ends removed, nothing else touched."""


@dataclass(frozen=True, slots=True)
class RawMail:
    header: bytes
    """The header block up to, without, the empty line that ends it."""
    body: bytes
    fields: tuple[Field, ...]
    """In the order of the message, topmost first."""
    fault: str = ""
    """Why two programs could read this header differently; "" if they can't."""

    def values(self, name: str) -> tuple[bytes, ...]:
        return tuple(field.value for field in self.fields if field.name == name)


def read(raw: bytes) -> RawMail:
    """Never raises; a header that is too big or not a header comes back without fields and with its fault."""
    end = _END_OF_HEADER.search(raw)
    header, body = (raw[: end.start()], raw[end.end() :]) if end else (raw.rstrip(b"\r\n"), b"")
    if raw.startswith((b"\n", b"\r\n")):
        header, body = b"", raw
    if len(header) > LONGEST_HEADER:
        return RawMail(b"", body, (), "the header is longer than any honest one")
    fields, fault = _fields(header)
    if len(fields) > MOST_FIELDS:
        return RawMail(b"", body, (), "the header has more fields than any honest one")
    return RawMail(header, body, tuple(fields), fault)


def _fields(header: bytes) -> tuple[list[Field], str]:
    fault = ""
    if b"\0" in header or re.search(rb"\r(?!\n)", header):
        fault = "the header contains control characters that programs read differently"
    names: list[str] = []
    lines: list[list[bytes]] = []
    for number, line in enumerate(_LINE_END.split(header)):
        match = _NAME.match(line)
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1].append(line)
        elif match:
            names.append(match[1].decode("ascii").lower())
            lines.append([line[match.end() :]])
            if match[2] and names[-1] in ONCE:
                fault = fault or f"white space stands between {_title(names[-1])} and its colon"
        elif line and not (number == 0 and line.startswith(b"From ")):
            fault = fault or "a line of the header is not a header field"
    return [Field(name, b"".join(parts)) for name, parts in zip(names, lines, strict=True)], fault


def repeated(mail: RawMail) -> str:
    """The first field that stands more than once and may not, as it is usually written; "" if there is none."""
    counts = Counter(field.name for field in mail.fields)
    return next((_title(name) for name in ONCE if counts[name] > 1), "")


def _title(name: str) -> str:
    return "Message-ID" if name == "message-id" else name.title()


def only_mailbox(mail: RawMail) -> str:
    """The one address of the one From field as it is written there; "" when there could be another reading.

    Stricter than RFC 5322: a group, a route, a second mailbox, an encoded or quoted local part and a comment with
    an address in it all give "".
    """
    values = mail.values("from")
    if len(values) != 1:
        return ""
    try:
        match = _ONE_MAILBOX.fullmatch(values[0].decode("utf-8"))
    except UnicodeDecodeError:
        return ""
    address = (match[1] or match[2]) if match else ""
    return "" if address.endswith(".") else address  # readers disagree about the dot of "alice@bakery.test."


def same_address(first: str, second: str) -> bool:
    """Equal local part (ASCII case apart) and equal domain; Unicode folding would join different people."""
    local, _, domain = first.rpartition("@")
    other_local, _, other_domain = second.rpartition("@")
    known = domains.normal(domain)
    return bool(local and known) and known == domains.normal(other_domain) and _lower(local) == _lower(other_local)


def _lower(text: str) -> str:
    return "".join(character.lower() if character.isascii() else character for character in text)
