"""A message on its way through the reader, and the reading that comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.meaning.clauses import Sentence, sentences
from core.meaning.language import Tongue

_CANNOT_WAIT = frozenset({"urgent", "Security.hacked"})
_SHOUTED = re.compile(r"!{2,}")


@dataclass(frozen=True, slots=True)
class Meant:
    """One request: an intent, the words for its objects by entity, the rule that decided, and the clause."""

    intent: str
    confidence: float
    entities: Mapping[str, tuple[str, ...]]
    why: str
    clause: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for, in its order. `human` says why a person must read it, "" when none must.

    `guard` is set when something forbids acting on the message at all; then `requests` holds only the hand-over.
    """

    requests: tuple[Meant, ...]
    department: str
    language: str
    urgent: bool
    guard: str
    human: str
    sure_of_language: bool = False
    withheld: tuple[str, ...] = ()
    """Changes and secrets that it seems to ask for as well: whoever reads the rest decides about them."""


@dataclass(frozen=True, slots=True)
class Message:
    """What was written, its language, and the sentences that are the writer's own."""

    text: str
    subject: str
    tongue: Tongue
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.tongue.code

    @property
    def words(self) -> int:
        return sum(sentence.words() for sentence in self.sentences)

    @property
    def urgent(self) -> bool:
        """Said so, or something that cannot wait: a site that is down, a break-in, a deadline today."""
        concepts = frozenset().union(*(one.concepts for one in (*self.sentences, *self.subject_names())))
        return bool(concepts & _CANNOT_WAIT) or _SHOUTED.search(f"{self.subject}\n{self.text}") is not None

    def subject_names(self) -> list[Sentence]:
        return sentences(self.subject, "en" if self.tongue.foreign else self.language)

    def reading(self, requests: tuple[Meant, ...], department: str, *, guard: str = "", human: str = "") -> Reading:
        return Reading(requests, department, self.language, self.urgent, guard, human, self.tongue.sure)
