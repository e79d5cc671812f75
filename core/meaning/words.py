"""Words as the reading compares them: lower case, without accents, one token for each thing that is named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.meaning.names import Name

_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "º": ".", "’": "'", "‘": "'", "´": "'", "`": "'"}
)
"""The sign in "nº 7" is no letter: with an "o" it would be a no."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:-[^\W_]+(?:['’][^\W_]+)*)*|\n|[^\w\s]")
_ELISION = re.compile(
    r"(?:l|d|j|m|n|s|t|c|qu|lorsqu|puisqu|jusqu|dell|all|nell|dall|sull|un|quell|quest|cos|com|dov)'(?=[^\W\d_]{2,})"
)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, without accents, with straight apostrophes."""
    text = text.lower()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign, a line end ("\\n") or a thing that is named; `text` is folded."""

    text: str
    name: Name | None = None
    is_word: bool = False

    @property
    def is_readable(self) -> bool:
        """What a pattern may name: a word, or the figure in "vps 4"."""
        return self.is_word or (self.name is not None and self.name.kind == "number")


def tokens(text: str, names: Sequence[Name]) -> list[Token]:
    """The words and signs of a text, with the things it names in their places."""
    found: list[Token] = []
    at = 0
    for name in names:
        found.extend(_plain(text[at : name.start]))
        found.append(Token(name.value, name))
        at = name.end
    found.extend(_plain(text[at:]))
    return found


def _plain(text: str) -> Iterator[Token]:
    for match in _WORD.finditer(text):
        yield from _pieces(match.group())


@lru_cache(maxsize=8192)
def _pieces(word: str) -> tuple[Token, ...]:
    """ "l'hébergement" is two words; "don't" is one, and so is "auto-renew"."""
    folded = fold(word)
    elision = _ELISION.match(folded) if "'" in folded else None
    if elision is None:
        return (Token(folded, is_word=folded[0].isalnum()),)
    return (Token(elision.group()[:-1], is_word=True), *_pieces(folded[elision.end() :]))
