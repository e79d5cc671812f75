"""What somebody looks for: words, phrases and filters of one line; and where those words stand in a text.

Nothing that is written can break the databases' own query languages: only letters and figures reach them, in quotes
that are ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_TERMS = 12
MOST_WORDS = 12
LONGEST_WORD = 60
AROUND = 70
"""Characters that a snippet shows before the word; three times as many after it."""
_SEARCHED = 100_000

FILTERS = ("status", "from", "tag", "assignee", "dept")
STATUSES = ("open", "new", "waiting", "answered", "pending", "hold", "snoozed", "closed", "spam")
_ALONE = {
    **{word: ("status", word) for word in STATUSES},
    "mine": ("assignee", "me"),
    "unassigned": ("assignee", "none"),
}
"""Words that are filters where nothing but filters is written: "open mine", but not "open port 25"."""

_PIECE = re.compile(r"""(?:(\w+):)?(?:"([^"]*)"|'([^']*)'(?!\w)|(\S+))""")
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ð": "d", "Ð": "d"}
    | {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that stand one after the other; with `begins` the last one may go on."""

    words: tuple[str, ...]
    begins: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """All `terms` are to be found; of the filters each is (name, value as it was written)."""

    terms: tuple[Term, ...]
    filters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet; `found` is what was looked for."""

    text: str
    found: bool


def wanted(written: str) -> Wanted:
    storable = written.encode("utf-8", "ignore").decode().replace("\0", " ")
    pieces = [_piece(match) for match in _PIECE.finditer(storable)]
    filters = [(name, value) for name, value, _ in pieces if name and value]
    plain = [(value, quoted) for name, value, quoted in pieces if not name]
    if plain and all(not quoted and value.lower() in _ALONE for value, quoted in plain):
        filters += [_ALONE[value.lower()] for value, _ in plain]
        plain = []
    terms = [term(value, begins=not quoted) for value, quoted in plain]
    return Wanted(tuple(one for one in terms if one.words)[:MOST_TERMS], tuple(filters[:MOST_TERMS]))


def term(text: str, *, begins: bool = True) -> Term:
    """A word with anything else in it (an address, a domain) is a phrase of its parts."""
    return Term(tuple(word[:LONGEST_WORD] for word in _WORD.findall(fold(text)))[:MOST_WORDS], begins)


def _piece(match: re.Match[str]) -> tuple[str, str, bool]:
    """The filter or "", what follows, and whether it stands in quotes. What names no filter is text ("re:invoice")."""
    name, double, single, bare = match.groups()
    value = next(text for text in (double, single, bare) if text is not None)
    if name is not None and name.lower() not in FILTERS:
        return "", f"{name}:{value}", bare is None
    return (name or "").lower(), value, bare is None


def fold(text: str) -> str:
    """Lower case without accents, as the indexes are (revision 0009)."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()


def snippet(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """The place of a text where the first of the terms stands, its line breaks gone; () when none does."""
    places = list(_places(text[:_SEARCHED], terms))
    if not places:
        return ()
    start = max(0, places[0][0] - AROUND)
    end = min(len(text), places[0][0] + 3 * AROUND)
    start, end = _at_spaces(text, start, end)
    pieces = [Piece("… " if start else "", found=False)]
    at = start
    for begin, stop in places:
        if at <= begin and stop <= end:
            pieces += [Piece(text[at:begin], found=False), Piece(text[begin:stop], found=True)]
            at = stop
    pieces += [Piece(text[at:end], found=False), Piece(" …" if end < len(text) else "", found=False)]
    flat = [Piece(re.sub(r"\s+", " ", piece.text), piece.found) for piece in pieces]
    return tuple(piece for piece in flat if piece.text)


def _at_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """Not in the middle of a word, where there is a space at all."""
    space = re.search(r"\s", text[start : start + AROUND]) if start else None
    before = text.rfind(" ", end - AROUND, end) if end < len(text) else end
    return start + (space.end() if space else 0), before if before > 0 else end


def _places(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    found = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]
    at = 0
    while at < len(found):
        length = max((len(one.words) for one in terms if _stands(one, found, at)), default=0)
        if length:
            yield found[at][1], found[at + length - 1][2]
        at += length or 1


def _stands(one: Term, found: Sequence[tuple[str, int, int]], at: int) -> bool:
    there = [word for word, _, _ in found[at : at + len(one.words)]]
    if len(there) < len(one.words) or there[:-1] != list(one.words[:-1]):
        return False
    return there[-1].startswith(one.words[-1]) if one.begins else there[-1] == one.words[-1]
