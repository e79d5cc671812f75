"""A small linear model over words, pairs of words and concepts: how likely each intent is, and each department.

It decides nothing by itself: it proposes departments, and reads where no rule holds, and doubts changes. Trained by
`python -m core.meaning.teaching` from data/sentences.txt; at run time it is a dictionary and a sum.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.meaning.clauses import Clause, Sentence
from core.meaning.rules import intents

_FILE = "model.json.gz"
_PERSON = "human."
_COMMON = frozenset({"courtesy", "to", "it", "my_word", "all", "on"})
"""Concepts that say nothing of the matter."""


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` of a feature: pairs of the class's number and the weight, in thousandths."""

    classes: tuple[str, ...]
    weights: Mapping[str, Sequence[tuple[int, int]]]
    scale: float

    def shares(self, sentences: Sequence[Sentence | Clause]) -> dict[str, float]:
        """The probability of each class; they sum to one."""
        scores = [0.0] * len(self.classes)
        known = 0
        for feature in features(sentences):
            for number, weight in self.weights.get(feature, ()):
                scores[number] += weight / 1000
                known += 1
        if not known:
            return dict.fromkeys(self.classes, 1 / len(self.classes))
        top = max(scores)
        raised = [math.exp((score - top) * self.scale) for score in scores]
        total = sum(raised)
        return {name: value / total for name, value in zip(self.classes, raised, strict=True)}


def departments_of(shares: Mapping[str, float]) -> dict[str, float]:
    """The shares of the classes, added up by department."""
    found: dict[str, float] = defaultdict(float)
    for name, share in shares.items():
        department = name.removeprefix(_PERSON) if name.startswith(_PERSON) else intents()[name].department
        found[department] += share
    return dict(found)


def features(sentences: Sequence[Sentence | Clause]) -> Iterator[str]:
    """Each once: words, pairs of neighbours, concepts; what is named counts by its kind."""
    seen: set[str] = set()
    for sentence in sentences:
        words = [
            f"#{token.name.kind}" if token.name else token.text
            for token in sentence.tokens
            if token.name or token.is_word
        ]
        seen.update(words)
        seen.update(f"{one} {other}" for one, other in zip(words, words[1:], strict=False))
        seen.update(f"={concept}" for concept in sentence.concepts if concept not in _COMMON and concept[0] != "#")
    return iter(sorted(seen))


@cache
def model() -> Model:
    """The model of the package. Raises OSError when it was never trained."""
    packed = resources.files("core.meaning").joinpath("data", _FILE).read_bytes()
    stored = json.loads(gzip.decompress(packed))
    return Model(tuple(stored["classes"]), stored["weights"], stored["scale"])
