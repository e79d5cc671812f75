"""An operator's own requests: the phrases beside a handler are all that a new intent needs to be understood.

A phrase matches a clause that holds all its words and not much else; the guards have spoken before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.meaning.clauses import Clause
from core.meaning.source import words_of
from core.meaning.words import fold

_PLACE = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[\w'-]+|#\w+")
_KIND_OF_PLACE = {"service": "domain"}
"""People name a service by its domain."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One example of how an intent is asked for: its content words, and the kinds of things it names."""

    intent: str
    words: frozenset[str]
    kinds: frozenset[str]
    text: str


class Phrases:
    """All phrases of an operator, by intent; `{domain}` in one stands for any domain."""

    def __init__(self, says: Mapping[str, Sequence[str]]) -> None:
        self._phrases = tuple(_phrase(intent, text) for intent, texts in says.items() for text in texts)

    def kinds(self, intent: str) -> tuple[str, ...]:
        """What the phrases of an intent name."""
        return tuple(dict.fromkeys(kind for one in self._phrases if one.intent == intent for kind in sorted(one.kinds)))

    def best(self, clause: Clause) -> Phrase | None:
        """The phrase that explains the clause: all its words are there, and at most as many others plus one."""
        words = _content(token.text for token in clause.tokens if token.is_word)
        kinds = frozenset(name.kind for name in clause.names)
        held = [
            one
            for one in self._phrases
            if one.words and one.words <= words and one.kinds <= kinds and len(words - one.words) <= len(one.words) + 1
        ]
        return max(held, key=lambda one: (len(one.words), len(one.kinds)), default=None)


def _phrase(intent: str, text: str) -> Phrase:
    kinds = frozenset(_KIND_OF_PLACE.get(place, place) for place in _PLACE.findall(text))
    return Phrase(intent, _content(_WORD.findall(fold(_PLACE.sub(" ", text)))), kinds, text)


def _content(words: Iterable[str]) -> frozenset[str]:
    filler = words_of("filler.txt")
    return frozenset(word for word in words if word not in filler)
