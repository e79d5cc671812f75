"""Address fields (RFC 5322 3.4) as people's programs write them, and whether a From can be read in one way only.

`email.utils.getaddresses` picks one of several readings without a word (CVE-2023-27043) and takes 3.8 s for 16,000
addresses; here the text is walked once, and what had to be repaired is never called unambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import idna

from bot.channels.reading import charsets, encoded_words, limits
from bot.channels.reading.headers import clean
from bot.channels.reading.structure import Entity


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`address` as written, cleaned; an internationalised domain stays readable."""

    address: str
    name: str = ""


_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_LOOKS_LIKE_ADDRESS = re.compile(r"[^\s<>()\",;:@]{1,320}@[^\s<>()\",;:@]+|\"[^\"]{1,320}\"@[^\s<>()\",;:@]+")
_SPACED_AT = re.compile(r"\s*@\s*")
_ROUTE = re.compile(r"^(?:@[^,:@]+,?)+:")
_WORD = r"[^\s<>()@,;:\"\\\[\]\x00-\x1f]+"
_WORDS = rf"{_WORD}(?:[ \t]+{_WORD})*[ \t]*"
_QUOTED_NAME = r'"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*"[ \t]*'
_ATOM = r"[^\s<>()@,;:\"\\\[\]\x00-\x20\x7f]+"
_ADDR_SPEC = rf"{_ATOM}@[^\s<>()@,;:\"\\\[\]\x00-\x20\x7f=?]+"
_ONE_READING = re.compile(
    rf"[ \t]*(?:({_ADDR_SPEC})(?:[ \t]*\([^()<>@\\]*\))?|({_QUOTED_NAME}|{_WORDS})?<({_ADDR_SPEC})>)[ \t]*"
)
_HOST = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9-]{2,63}")
_ONCE = ("from", "sender", "subject", "date", "message-id", "to", "cc", "content-type", "reply-to")


def mailboxes(mail: Entity, name: str) -> tuple[Mailbox, ...]:
    """All addresses of the fields of that name, at most the limit's number."""
    found: list[Mailbox] = []
    for value in mail.raw_values(name):
        for box in parse(value):
            if box.address:
                found.append(box)
            if len(found) >= limits.ADDRESSES:
                return tuple(found)
    return tuple(found)


def sender(mail: Entity) -> Mailbox | None:
    """The first mailbox of From. One without an address borrows it from Reply-To, Sender or Return-Path."""
    values = mail.raw_values("from")
    if not values:
        return None
    boxes = [box for value in values for box in parse(value)]
    for box in boxes:
        if "@" in box.address:
            return box
    for name in ("reply-to", "sender", "return-path"):
        for other in mailboxes(mail, name):
            if "@" in other.address:
                return Mailbox(other.address, boxes[0].name or boxes[0].address if boxes else other.name)
    return next((box for box in boxes if box.address), None)


def unambiguous(mail: Entity) -> bool:
    """Exactly one From with exactly one clean mailbox, and no critical field doubled: every reader sees this sender."""
    names = [name for name, _ in mail.fields]
    if mail.has_odd_names or any(names.count(once) > 1 for once in _ONCE):
        return False
    values = [value for name, value in mail.fields if name == "from"]
    if len(values) != 1:
        return False
    value = charsets.readable(re.sub(r"\r?\n(?=[ \t])", "", values[0].rstrip("\r\n")))
    match = _ONE_READING.fullmatch(value) if len(value) < 2_000 else None
    if match is None:
        return False
    name = encoded_words.decode(match[2] or "")
    return _is_domain((match[1] or match[3]).rpartition("@")[2]) and not re.search(r"[@<>\x00-\x1f\ufffd]", name)


def _is_domain(domain: str) -> bool:
    if _HOST.fullmatch(domain) and "xn--" not in domain.lower():
        return True
    try:
        return bool(idna.encode(domain, uts46=True)) and "." in domain
    except (idna.IDNAError, UnicodeError, IndexError):
        return False


def parse(value: str) -> Iterator[Mailbox]:
    """The mailboxes of one field in order; one without any address has only a name (or nothing at all)."""
    value = re.sub(r"[\r\n\x00]+", " ", value)
    waiting = ""
    for piece in _pieces(value):
        whole = f"{waiting}, {piece}" if waiting else piece
        if "@" not in piece and "<" not in piece and "=?" not in piece:
            waiting = whole  # "Martin, Alice <…>": a comma in a name that nobody quoted
            continue
        box = _mailbox(piece)
        if waiting and "<" in piece and not _has_address(waiting):
            box = _mailbox(whole)
        elif waiting:
            yield from _without_at(waiting)
        waiting = ""
        yield box
    if waiting:
        yield from _without_at(waiting)


def _has_address(text: str) -> bool:
    return "@" in text


def _without_at(text: str) -> Iterator[Mailbox]:
    """Local names ("MAILER-DAEMON (Mail System)") are addresses; several words are a name."""
    for piece in text.split(","):
        box = _mailbox(piece)
        if box.address or box.name:
            yield box


def _pieces(value: str) -> Iterator[str]:
    """Split at commas and semicolons outside quotes, comments and angle brackets; group names are dropped."""
    if not any(c in value for c in '",;:()'):
        if value.strip():
            yield value.strip()
        return
    start = depth = 0
    quoted = angle = False
    count = 0
    at = 0
    while at < len(value):
        c = value[at]
        if c == "\\":
            at += 1
        elif c == '"' and not depth:
            quoted = not quoted and '"' in value[at + 1 : at + 1_000]
        elif quoted:
            pass
        elif c == "(":
            depth += 1 if ")" in value[at : at + 1_000] else 0
        elif c == ")":
            depth = max(0, depth - 1)
        elif depth:
            pass
        elif c == "<":
            angle = ">" in value[at : at + 1_000]
        elif c == ">":
            angle = False
        elif c in ",;" and not angle:
            if piece := value[start:at].strip():
                count += 1
                yield piece
            start = at + 1
        elif c == ":" and not angle and "@" not in value[start:at] and _is_group(value, start, at):
            start = at + 1
        if count > limits.ADDRESSES:
            return
        at += 1
    if piece := value[start:].strip():
        yield piece


def _is_group(value: str, start: int, at: int) -> bool:
    return value[start:at].strip().lower() not in ("mailto", "smtp", "") and "=?" not in value[start:at]


def _mailbox(piece: str) -> Mailbox:
    if "<" in piece:
        name, address = _angled(piece)
    else:
        name, address = _bare(piece)
    name, address = _name(name), _address(address)
    if "@" not in address and ("<" in name or "@" in name):  # the whole mailbox stood in one encoded word
        inside = _LOOKS_LIKE_ADDRESS.search(name)
        if inside:
            return Mailbox(_address(inside.group()), clean(name[: inside.start()].strip(' <>"')))
    return Mailbox(address, "" if name == address else name)


def _angled(piece: str) -> tuple[str, str]:
    quote_end = piece.rfind('"', 0, len(piece) if piece.startswith('"') else 0)
    opening = piece.find("<", max(0, quote_end if piece.startswith('"') else 0))
    opening = piece.find("<") if opening < 0 else opening
    closing = piece.find(">", opening)
    address = piece[opening + 1 : closing if closing > opening else len(piece)].lstrip("<")
    before, after = piece[:opening], piece[closing + 1 :] if closing > opening else ""
    if "@" not in address and (found := _LOOKS_LIKE_ADDRESS.search(after)):
        return f"{before} {address}", found.group()
    if "@" not in address and (found := _LOOKS_LIKE_ADDRESS.search(before)) and not address.strip():
        return before[: found.start()], found.group()
    comment = _COMMENT.search(after)
    return before.strip() or (comment[1] if comment else ""), address


def _bare(piece: str) -> tuple[str, str]:
    comments = [comment for comment in _COMMENT.findall(piece)[:5] if comment.strip()]
    rest = _SPACED_AT.sub("@", _COMMENT.sub(" ", piece)).strip() if "@" in piece else _COMMENT.sub(" ", piece).strip()
    found = _LOOKS_LIKE_ADDRESS.search(rest)
    if found:
        other = (rest[: found.start()] + " " + rest[found.end() :]).strip()
        return (comments[0] if comments and not other else other), found.group()
    if " " in rest or "=?" in rest or not rest:
        return rest or (comments[0] if comments else ""), ""
    return (comments[0] if comments else ""), rest


def _name(name: str) -> str:
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    name = re.sub(r"\\(.)", r"\1", name) if "\\" in name else name
    name = clean(encoded_words.decode(name))
    for quote in "\"'":
        if len(name) > 1 and name[0] == name[-1] == quote:
            name = name[1:-1].strip()
    if name.count('"') == 1 and name[:1] + name[-1:] != '""':
        name = name.strip('"').strip()
    return " ".join(name.split())[: limits.NAME_CHARACTERS]


def _address(address: str) -> str:
    address = clean(encoded_words.decode(address))
    address = _ROUTE.sub("", address.strip(" <>'\t"))
    if address[:7].lower() == "mailto:":
        address = address[7:]
    if not address.startswith('"'):
        address = "".join(address.split())
    return address.strip("<>,;").rstrip(".")[:1_000]
