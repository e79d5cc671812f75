"""Trains the model: python -m core.meaning.teaching. Deterministic, in pure Python, some ten seconds.

An averaged perceptron: what few hundred patterns can teach it learns as well as a logistic regression, and it needs
nothing installed. The order of the sentences comes from a checksum, not from chance.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.meaning import source
from core.meaning.clauses import sentences
from core.meaning.model import Model, features

_ROUNDS = 8
_LARGEST = 24
"""Sentences per pattern at most, spread evenly over all it stands for."""
_SMALLEST_WEIGHT = 60
_SCALE = 0.3
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_PLACES = {
    "domain": "bakery.example", "invoice": "9001", "ticket": "#70012", "amount": "50 €", "nameserver": "ns1.desk.example",
    "email": "bob@bakery.example",
}  # fmt: skip

Example = tuple[tuple[str, ...], int]


def examples() -> Iterator[tuple[str, str, str]]:
    """Class, language and sentence of everything that data/sentences.txt stands for."""
    for entry in source.entries("sentences.txt"):
        for sentence in expanded(entry.value):
            yield entry.section, entry.key, sentence


def expanded(pattern: str) -> list[str]:
    """ "(a|b) c" is "a c" and "b c"."""
    parts = _ALTERNATIVES.split(pattern)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    found = [" ".join("".join(one).split()) for one in itertools.product(*choices)]
    step = max(1, len(found) // _LARGEST)
    return [_with_names(sentence) for sentence in found[::step]]


def _with_names(sentence: str) -> str:
    for place, name in _PLACES.items():
        sentence = sentence.replace(f"{{{place}}}", name)
    return sentence


def trained(rounds: int = _ROUNDS) -> Model:
    """A model of all sentences."""
    labelled = list(examples())
    classes = tuple(dict.fromkeys(name for name, _, _ in labelled))
    numbers = {name: number for number, name in enumerate(classes)}
    learnt = [
        (tuple(features(sentences(sentence, language))), numbers[name])
        for name, language, sentence in sorted(labelled, key=lambda one: zlib.crc32(one[2].encode()))
    ]
    return Model(classes, _averaged(learnt, len(classes), rounds), _SCALE)


def _averaged(learnt: Sequence[Example], classes: int, rounds: int) -> dict[str, list[tuple[int, int]]]:
    weights: dict[str, dict[int, float]] = defaultdict(dict)
    sums: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    step = 0
    for _ in range(rounds):
        for found, wanted in learnt:
            step += 1
            guess = _best(found, weights, classes, wanted)
            if guess != wanted:
                for feature in found:
                    for number, change in ((wanted, 1.0), (guess, -1.0)):
                        weights[feature][number] = weights[feature].get(number, 0.0) + change
                        sums[feature][number] += step * change
    return {
        feature: kept for feature, by_class in sorted(weights.items()) if (kept := _kept(by_class, sums[feature], step))
    }


def _best(found: Sequence[str], weights: dict[str, dict[int, float]], classes: int, wanted: int) -> int:
    """The class with the highest score; the wanted one must lead by a margin."""
    scores = [0.0] * classes
    for feature in found:
        for number, weight in weights[feature].items():
            scores[number] += weight
    scores[wanted] -= 2.0
    return max(range(classes), key=lambda number: scores[number])


def _kept(by_class: dict[int, float], sums: dict[int, float], steps: int) -> list[tuple[int, int]]:
    averaged = ((number, round(1000 * (weight - sums[number] / steps))) for number, weight in sorted(by_class.items()))
    return [(number, weight) for number, weight in averaged if abs(weight) >= _SMALLEST_WEIGHT]


def write(trained_model: Model, path: Path) -> None:
    """The same bytes for the same model: no time of day in the archive."""
    stored = {"classes": trained_model.classes, "scale": trained_model.scale, "weights": trained_model.weights}
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    write(trained(), Path(__file__).parent / "data" / "model.json.gz")
