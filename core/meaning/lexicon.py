"""Concepts: the words of eight languages for one idea, found in a sentence. The words themselves are in data/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from core.meaning import source
from core.meaning.typos import Speller
from core.meaning.words import Token, fold

_GAP = ".."
_GAP_LENGTH = 3
_GAP_LENGTHS = {"de": 8, "nl": 8}
"""German and Dutch put the other half of a verb at the end of the clause."""
_ANCHOR = 3
_SHORTEST_ENDING, _LONGEST_ENDING, _STEM = 3, 7, 3
"""Letters of an ending, and those that stand in front of it at least."""
_NAMED = "\0"
"""Stands for what is named, and fits no pattern."""
_OWN_LANGUAGE_ONLY = frozenset({"moods.txt", "guards.txt"})
"""English technical terms occur in every language; English little words do not."""
_FAMILY = {"concepts.txt": 0, "values.txt": 1, "topics.txt": 2, "guards.txt": 3, "moods.txt": 3, "small.txt": 3}
"""Within a family a longer pattern takes its words for itself; moods, guards and small words share theirs."""
_SHARING = 3
_OPENING = frozenset({"canyou", "notnot", "so_that"})
_OPENED = frozenset({"state", "how", "cani", "whatis", "why"})
"""Question words that stand inside a longer way of asking."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept and the places of its words in the sentence."""

    concept: str
    family: int
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a pattern: whole forms, beginnings or endings; `gap` is how many words may stand before it."""

    whole: frozenset[str]
    stems: tuple[str, ...]
    ends: tuple[str, ...]
    gap: int

    def fits(self, text: str) -> bool:
        if text in self.whole or (bool(self.stems) and text.startswith(self.stems)):
            return True
        return bool(self.ends) and any(end in self.ends for end in _endings_of(text))


def _endings_of(text: str) -> Iterator[str]:
    """The ending of a word has at least three letters in front of it: "estou" is no form of the past."""
    for length in range(_SHORTEST_ENDING, min(_LONGEST_ENDING, len(text) - _STEM) + 1):
        yield text[-length:]


@dataclass(frozen=True, slots=True)
class _Pattern:
    concept: str
    family: int
    first: _Word
    rest: tuple[_Word, ...]
    anchored: bool

    def match(self, texts: Sequence[str], start: int) -> tuple[int, ...] | None:
        """The places of its words, the first of which is known to fit; unreadable tokens are empty texts."""
        if self.anchored and any(texts[max(0, start - _ANCHOR) : start]):
            return None
        places = [start]
        for word in self.rest:
            at = places[-1] + 1
            found = next(
                (n for n in range(at, min(at + word.gap + 1, len(texts))) if texts[n] and word.fits(texts[n])), -1
            )
            if found < 0:
                return None
            places.append(found)
        return tuple(places)


@dataclass(frozen=True, slots=True)
class _Starting:
    """The patterns that a word may begin: by the word that must follow, and those for which that must be looked up."""

    any: tuple[_Pattern, ...]
    followed: Mapping[str, tuple[_Pattern, ...]]
    by_stem: tuple[_Pattern, ...]

    def before(self, following: str) -> Iterator[_Pattern]:
        yield from self.any
        if following and following != _NAMED:
            yield from self.followed.get(following, ())
            yield from (pattern for pattern in self.by_stem if following.startswith(pattern.rest[0].stems))


def _sorted_by_second_word(patterns: Iterable[_Pattern]) -> _Starting:
    free: list[_Pattern] = []
    followed: dict[str, list[_Pattern]] = {}
    by_stem: list[_Pattern] = []
    for pattern in patterns:
        if not pattern.rest or pattern.rest[0].gap or pattern.rest[0].ends:
            free.append(pattern)
            continue
        for form in pattern.rest[0].whole:
            followed.setdefault(form, []).append(pattern)
        if pattern.rest[0].stems:
            by_stem.append(pattern)
    return _Starting(tuple(free), {form: tuple(some) for form, some in followed.items()}, tuple(by_stem))


@dataclass(slots=True)
class Lexicon:
    """The patterns of one language (and of English technical terms), looked up by their first word."""

    speller: Speller
    short: Mapping[str, str] = field(default_factory=dict)
    """How words are written in chats: "u" for "you"."""
    whole: dict[str, list[_Pattern]] = field(default_factory=dict)
    stems: dict[str, list[_Pattern]] = field(default_factory=dict)
    ends: dict[str, list[_Pattern]] = field(default_factory=dict)
    seen: dict[str, _Starting | None] = field(default_factory=dict)

    def add(self, pattern: _Pattern) -> None:
        for form in pattern.first.whole:
            self.whole.setdefault(form, []).append(pattern)
        for stem in pattern.first.stems:
            self.stems.setdefault(stem, []).append(pattern)
        for end in pattern.first.ends:
            self.ends.setdefault(end, []).append(pattern)

    def starting(self, word: str) -> _Starting | None:
        """None for a word that begins no pattern."""
        if word in self.seen:
            return self.seen[word]
        patterns = list(self._starting(word))
        found = _sorted_by_second_word(patterns) if patterns else None
        if len(self.seen) < 50_000:
            self.seen[word] = found
        return found

    def _starting(self, word: str) -> Iterator[_Pattern]:
        yield from self.whole.get(word, ())
        for length in range(1, len(word) + 1):
            yield from self.stems.get(word[:length], ())
        for end in _endings_of(word):
            yield from self.ends.get(end, ())

    def corrected(self, tokens: Sequence[Token]) -> list[Token]:
        """Mistyped key words as they were meant; every other word as it is, and no token twice: places are told apart by
        identity."""
        return [Token(one.text, one.name, one.is_word) for one in map(self._corrected, tokens)]

    def _corrected(self, token: Token) -> Token:
        text = token.text
        if text in self.short and token.is_word:
            return Token(self.short[text], is_word=True)
        if len(text) < 4 or not token.is_word or self.starting(text) or not text.isalpha():
            return token
        meant = self.speller.meant(text)
        return Token(meant, is_word=True) if meant else token

    def hits(self, tokens: Sequence[Token]) -> list[Hit]:
        """In the order of the text. Words of a longer pattern are not found again as a shorter one."""
        texts = [token.text if token.is_readable else _NAMED if token.name else "" for token in tokens]
        found: dict[tuple[str, tuple[int, ...]], Hit] = {}
        for start, text in enumerate(texts):
            if not text or text == _NAMED:
                continue
            starting = self.starting(text)
            if starting is None:
                continue
            for pattern in starting.before(texts[start + 1] if start + 1 < len(texts) else ""):
                at = pattern.match(texts, start) if pattern.rest or pattern.anchored else (start,)
                if at is not None:
                    found.setdefault((pattern.concept, at), Hit(pattern.concept, pattern.family, at))
        return _without_swallowed(list(found.values()))


def _without_swallowed(hits: list[Hit]) -> list[Hit]:
    hits = _without_opened(hits)
    longer = [(hit, frozenset(hit.at)) for hit in hits if len(hit.at) > 1 and hit.family < _SHARING]
    if longer:
        hits = [
            hit for hit in hits if hit.family == _SHARING or not any(_swallows(long, at, hit) for long, at in longer)
        ]
    return sorted(hits, key=lambda hit: hit.at)


def _without_opened(hits: list[Hit]) -> list[Hit]:
    """ "Czy możecie …" asks for something, and "where can I download …" for the thing: these words ask no question."""
    opening = [(hit.concept, frozenset(hit.at)) for hit in hits if hit.concept in _OPENING and len(hit.at) > 1]
    return [
        hit
        for hit in hits
        if not any(at.issuperset(hit.at) for concept, at in opening if hit.concept in _opened_by(concept))
        and not (hit.concept == "state" and any(hit.at[0] == max(at) for concept, at in opening if concept == "canyou"))
    ]


def _opened_by(concept: str) -> frozenset[str]:
    """ "What we need from you is …" is no question either."""
    return _OPENED | {"question"} if concept in ("canyou", "so_that") else _OPENED


def _swallows(long: Hit, words: frozenset[int], hit: Hit) -> bool:
    if len(hit.at) >= len(long.at) or not words.issuperset(hit.at):
        return False
    return long.family == hit.family or (long.family == 0 and hit.family == 2)


@cache
def lexicon(language: str) -> Lexicon:
    built = Lexicon(_speller(language), _short(language))
    for file, family in _FAMILY.items():
        spoken = (language,) if file in _OWN_LANGUAGE_ONLY else dict.fromkeys((language, "en"))
        for one in spoken:
            for pattern in _patterns(file, family, one):
                built.add(pattern)
    return built


@cache
def _patterns(file: str, family: int, language: str) -> tuple[_Pattern, ...]:
    gap = _GAP_LENGTHS.get(language, _GAP_LENGTH)
    return tuple(
        _compiled(entry.section.rstrip("!"), pattern, family, gap)
        for entry in source.entries(file)
        if entry.key == language
        for pattern in re.split(r",\s+", fold(entry.value))
    )


def _compiled(concept: str, pattern: str, family: int, gap: int) -> _Pattern:
    anchored = pattern.startswith("^")
    words: list[_Word] = []
    skipped = 0
    for element in pattern.lstrip("^").split():
        if element == _GAP:
            skipped = gap
        else:
            words.append(_word(element, skipped))
            skipped = 0
    return _Pattern(concept, family, words[0], tuple(words[1:]), anchored)


@cache
def _word(element: str, gap: int) -> _Word:
    """ "authori?ation" is spelt with an s or a z."""
    forms = element.split("/")
    forms = [form.replace("?", letter) for form in forms for letter in ("sz" if "?" in form else "s")]
    whole = frozenset(form for form in forms if "*" not in (form[0], form[-1]))
    stems = tuple(form[:-1] for form in forms if form[-1] == "*")
    return _Word(whole, stems, tuple(form[1:] for form in forms if form[0] == "*"), gap)


def _speller(language: str) -> Speller:
    return Speller(
        fold(word)
        for entry in source.entries("keywords.txt")
        if entry.key == language and entry.section == "keywords"
        for word in entry.value.split()
    )


def _short(language: str) -> dict[str, str]:
    pairs = (
        pair.partition("=")
        for entry in source.entries("keywords.txt")
        if entry.key == language and entry.section == "short"
        for pair in entry.value.split()
    )
    return {short: whole for short, _, whole in pairs}
