"""Mistyped words: a symmetric-delete index over the words that matter, one or two letters wrong, the first one right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from core.meaning.source import words_of

_SHORTEST = 4
_SHORTEST_FOR_TWO = 8


class Speller:
    """Knows the words that mean something here; never corrects a common word towards one of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = {word for word in words if len(word) >= _SHORTEST and word.isalpha()}
        self._by_rest: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            for rest in _rests(word):
                self._by_rest[rest].add(word)
        self._known = words_of("known.txt") | words_of("ordinary.txt")

    def meant(self, word: str) -> str | None:
        """The one word that this is a slip of; None for a known word and where two are as near."""
        if word in self._known or word in self._words:
            return None
        near = {
            candidate
            for rest in _rests(word)
            for candidate in self._by_rest.get(rest, ())
            if candidate[0] == word[0] and _distance(word, candidate) <= _allowed(candidate)
        }
        ranked = sorted(near, key=lambda candidate: (_distance(word, candidate), candidate))
        return ranked[0] if ranked else None


def _allowed(word: str) -> int:
    return 2 if len(word) >= _SHORTEST_FOR_TWO else 1


def _rests(word: str) -> Iterator[str]:
    yield word
    shorter = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
    yield from shorter
    if len(word) >= _SHORTEST_FOR_TWO:
        yield from {rest[:at] + rest[at + 1 :] for rest in shorter for at in range(1, len(rest))}


def _distance(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
