"""Header fields of outgoing mail: what strangers wrote can fill one, never end it.

Values are cleaned first, then written by RFC 5322 (folding), RFC 2047 (encoded words) and RFC 2231 (file names).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

import idna

LINE = 76
_LIMIT = 200
_REFERENCES_LIMIT = 1000
_ADDRESS_LIMIT = 320
# White space of any alphabet, controls, signs that reorder text, and what UTF-8 can't carry.
_UNSAFE = re.compile("[\\s\x00-\x20\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"')
_SAFE_FILENAME = re.compile(r"[A-Za-z0-9 ._+@()-]+")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}")  # printable ASCII but for "<", ">" and space


def clean_header(value: str) -> str:
    """One line of at most 200 characters; controls and signs that reorder text become a space."""
    return _UNSAFE.sub(" ", value).strip()[:_LIMIT].rstrip()


def clean_filename(value: str) -> str:
    """A name without any folder or sign that some file system forbids; never empty."""
    return clean_header(re.sub(r'[/\\<>:"|?*]', "_", value)).strip(". ") or "attachment"


def text_field(name: str, value: str) -> str:
    """A field of free text (Subject)."""
    return _folded(name, _words(clean_header(value), len(name) + 2))


def address_field(name: str, display_name: str, address: str) -> str:
    """A field with one address. Raises ValueError when `address` is none."""
    shown = _phrase(clean_header(display_name), len(name) + 2)
    return _folded(name, [*shown, f"<{ascii_address(address)}>"] if shown else [ascii_address(address)])


def ids_field(name: str, ids: Iterable[str]) -> str:
    """A field of message ids (given with or without brackets); what can't be one is left out, "" when none is left."""
    written = [f"<{message_id}>" for message_id in map(_bare_id, ids) if message_id]
    return _folded(name, written) if written else ""


def capped(references: Sequence[str]) -> list[str]:
    """The first reference and the newest, about 1 KB in all: readers thread by these two ends."""
    ids = list(dict.fromkeys(filter(None, map(_bare_id, references))))
    first, room, newest = ids[:1], _REFERENCES_LIMIT, []
    for message_id in reversed(ids[1:]):
        room -= len(message_id) + 3
        if room < 0:
            break
        newest.append(message_id)
    return first + newest[::-1]


def file_parameter(filename: str) -> str:
    """The `filename` parameter of a Content-Disposition, folded (RFC 2231, with continuations for a long name)."""
    filename = clean_filename(filename)
    if _SAFE_FILENAME.fullmatch(filename) and len(filename) < LINE - 14:
        return f'filename="{filename}"'
    pieces, room = [""], LINE - 25
    for sign in filename:
        coded = quote(sign, safe="")
        if len(pieces[-1]) + len(coded) > room:
            pieces.append("")
        pieces[-1] += coded
    if len(pieces) == 1:
        return f"filename*=utf-8''{pieces[0]}"
    pieces[0] = "utf-8''" + pieces[0]
    return ";\r\n ".join(f"filename*{at}*={piece}" for at, piece in enumerate(pieces))


def ascii_address(address: str) -> str:
    """An address with its domain in A-labels, as headers and envelopes want it; the local part stays exact.

    Raises ValueError for what is no address.
    """
    local, _, domain = address.strip().rpartition("@")
    if (
        not local
        or not domain
        or len(address) > _ADDRESS_LIMIT
        or _UNSAFE.search(domain)
        or re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", local)
    ):
        raise ValueError("not a mail address")
    if not _DOT_ATOM.fullmatch(local) and not _QUOTED_LOCAL.fullmatch(local):
        local = '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'
    return f"{local}@{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9._-]+|\[[A-Za-z0-9.:]+\]", domain):
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError("not a mail domain") from error


def _bare_id(message_id: str) -> str:
    bare = message_id.strip().removeprefix("<").removesuffix(">")
    return bare if _MESSAGE_ID.fullmatch(bare) else ""


def _folded(name: str, words: Sequence[str]) -> str:
    """`name: words`, a new line before each word that would go beyond column 76."""
    line, lines = f"{name}:", []
    for word in words:
        if len(line) + 1 + len(word) > LINE and line != f"{name}:":
            lines.append(line)
            line = ""
        line += " " + word
    return "\r\n".join([*lines, line])


def _words(value: str, used: int) -> list[str]:
    """Free text as words: its own where it is plain ASCII, encoded ones else."""
    plain = value.isascii() and "=?" not in value and all(len(word) < LINE for word in value.split(" "))
    return value.split(" ") if plain else _encoded_words(value, used)


def _phrase(name: str, used: int) -> list[str]:
    """A display name as words; it is quoted where its signs mean something to mail."""
    if not name.isascii() or "=?" in name:
        return _encoded_words(name, used)
    if not _ATOMS.fullmatch(name):
        escaped = re.sub(r'(["\\])', r"\\\1", name)
        name = f'"{escaped}"'
    return name.split(" ") if name else []


def _encoded_words(value: str, used: int) -> list[str]:
    """RFC 2047 words in base64, each whole in its characters and short enough for a line; the first leaves `used`."""
    words, piece, room = [], b"", (LINE - 1 - used - 12) // 4 * 3
    for sign in value:
        coded = sign.encode("utf-8")
        if len(piece) + len(coded) > room:
            words.append(piece)
            piece, room = b"", (LINE - 1 - 12) // 4 * 3
        piece += coded
    return [
        f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode('ascii')}?=" for word in [*words, piece] if word
    ]
