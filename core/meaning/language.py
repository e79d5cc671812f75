"""Which of the eight languages a text is in: its little words, then its letters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from core.meaning import source
from core.meaning.names import names
from core.meaning.words import fold

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {
    "de": "äöüß", "fr": "èêçàùâîôûœë", "es": "ñ¿¡", "pt": "ãõçâê", "it": "òìùàè", "pl": "ąęłśżźćńó", "nl": "",
    "en": "",
}  # fmt: skip
_LETTER_WEIGHT = 0.6
_ENDING_WEIGHT = 0.4
_STEM = 4
_ENGLISH_BONUS = 0.5
"""For a text that shows nothing: most of them are English technical words."""


def language_of(*texts: str) -> str:
    """ISO 639-1; the later texts count less (the subject of a mail)."""
    scores: dict[str, float] = defaultdict(float, en=_ENGLISH_BONUS)
    for number, text in enumerate(texts):
        for language, score in _scores(text).items():
            scores[language] += score / (1 + 2 * number)
    return max(source.LANGUAGES, key=lambda language: scores[language])


def _scores(text: str) -> dict[str, float]:
    plain = _without_names(text).lower()
    scores: dict[str, float] = defaultdict(float)
    weights = _weights()
    for word in _WORD.findall(plain):
        for language, weight in weights.get(word) or _by_stem(fold(word), weights):
            scores[language] += weight
        if len(word) > 5:
            for language, weight in _by_ending(word):
                scores[language] += weight
    if not plain.isascii():
        for language, letters in _LETTERS.items():
            scores[language] += _LETTER_WEIGHT * min(4, sum(plain.count(letter) for letter in letters))
    return scores


def _without_names(text: str) -> str:
    rest, at = [], 0
    for name in names(text):
        rest.append(text[at : name.start])
        at = name.end
    return " ".join([*rest, text[at:]])


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    spoken: dict[str, list[str]] = defaultdict(list)
    for entry in source.entries("languages.txt"):
        if entry.section == "words":
            for word in entry.value.split():
                spoken[word].append(entry.key)
    found = {word: tuple((language, 1 / len(shared)) for language in shared) for word, shared in spoken.items()}
    return _by_concepts(frozenset(found)) | found


def _by_concepts(known: frozenset[str]) -> dict[str, tuple[tuple[str, float], ...]]:
    """The technical words: each language's own ones speak for it, half as loud as its little words."""
    spoken: dict[str, set[str]] = defaultdict(set)
    for file in ("concepts.txt", "topics.txt", "values.txt"):
        for entry in source.entries(file):
            for word in re.split(r"[\s,/]+", entry.value):
                if len(word) >= _STEM and word.rstrip("*") not in known:
                    spoken[word].add(entry.key)
    return {
        word: tuple((language, 0.5 / len(shared)) for language in shared)
        for word, shared in spoken.items()
        if len(shared) < 4
    }


@cache
def _endings() -> dict[str, tuple[tuple[str, float], ...]]:
    spoken: dict[str, list[str]] = defaultdict(list)
    for entry in source.entries("languages.txt"):
        if entry.section == "endings":
            for ending in entry.value.split():
                spoken[ending].append(entry.key)
    return {
        ending: tuple((language, _ENDING_WEIGHT / len(shared)) for language in shared)
        for ending, shared in spoken.items()
    }


def _by_stem(word: str, weights: Mapping[str, tuple[tuple[str, float], ...]]) -> tuple[tuple[str, float], ...]:
    forms = (word, *(f"{word[:length]}*" for length in range(len(word), _STEM - 1, -1)))
    return next((weights[form] for form in forms if form in weights), ())


def _by_ending(word: str) -> tuple[tuple[str, float], ...]:
    endings = _endings()
    return endings.get(word[-4:]) or endings.get(word[-3:]) or ()
