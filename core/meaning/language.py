"""Which language a text is in: of the eight that we read, by its little words and letters; or one that we only name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

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
_SOME = 8
"""The texts of one message are looked at more than once."""
_ENGLISH_BONUS = 0.5
"""For a text that shows nothing: most of them are English technical words."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """ISO 639-1; `sure` when there is enough of it to answer in it, `foreign` when it is none that we read."""

    code: str
    sure: bool
    foreign: bool = False


NAMES = {
    "ru": "Russian", "uk": "Ukrainian", "el": "Greek", "ar": "Arabic", "he": "Hebrew", "zh": "Chinese", "ja": "Japanese",
    "ko": "Korean", "th": "Thai", "hi": "Hindi", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "fi": "Finnish",
    "cs": "Czech", "sk": "Slovak", "hu": "Hungarian", "ro": "Romanian", "tr": "Turkish", "hr": "Croatian",
    "lt": "Lithuanian", "et": "Estonian", "en": "English", "de": "German", "fr": "French", "es": "Spanish",
    "pt": "Portuguese", "it": "Italian", "nl": "Dutch", "pl": "Polish",
}  # fmt: skip
"""For staff."""
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja",
    "HANGUL": "ko", "THAI": "th", "DEVANAGARI": "hi",
}  # fmt: skip
_UKRAINIAN = frozenset("іїєґ")
_LOOKED_AT = 400
"""Letters; what follows is in the same language."""
_CODE = re.compile(
    r"(?<![\w-])(?:[A-Za-z0-9]{4}-[A-Za-z0-9]{4}|(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z0-9-]+)(?![\w-])"
)
"""A one-time code, and whatever mixes letters and figures: their letters are in no language."""
_SURE_WORDS = 3
_SURE_SCORE, _SURE_LEAD = 1.0, 1.3
_FOREIGN_WORDS, _FOREIGN_SHARE, _FOREIGN_LEAD = 3, 0.25, 1.5
_FOREIGN_LETTERS = {
    "sv": "å", "da": "øæå", "no": "øåæ", "cs": "ěřůčšžýťďň", "sk": "ľĺŕčšžýťďň", "hu": "őűó", "ro": "șțăî", "tr": "ğışç",
    "hr": "čšžđć", "lt": "ąčėįšųūž", "et": "õ", "fi": "äö",
}  # fmt: skip


def language_of(*texts: str) -> Tongue:
    """The later texts count less (the subject of a mail)."""
    if foreign := next(filter(None, map(_by_script, texts)), ""):
        return Tongue(foreign, sure=True, foreign=True)
    scores: dict[str, float] = defaultdict(float, en=_ENGLISH_BONUS)
    for number, text in enumerate(texts):
        for language, score in _scores(text).items():
            scores[language] += score / (1 + 2 * number)
    code = max(source.LANGUAGES, key=lambda language: scores[language])
    if foreign := _by_foreign_words(" ".join(texts), scores[code]):
        return Tongue(foreign, sure=True, foreign=True)
    return Tongue(code, sure=_is_speech(texts[0]) and _leads(_scores(texts[0]), code))


def _leads(scores: Mapping[str, float], code: str) -> bool:
    """By the text itself: a subject may be anybody's."""
    others = max((score for language, score in scores.items() if language != code), default=0.0)
    return scores.get(code, 0.0) >= max(_SURE_SCORE, _SURE_LEAD * others)


def _is_speech(text: str) -> bool:
    """Words enough to tell: a code, a name or a "no" is in no language."""
    return sum(len(word) > 1 for word in _WORD.findall(_without_names(text))) >= _SURE_WORDS


def _by_script(text: str) -> str:
    """By most of its letters, when these are none of the Latin alphabet; "" for Latin ones."""
    if text.isascii():
        return ""
    letters = [letter for letter in _without_names(text) if letter.isalpha()][:_LOOKED_AT]
    found = Counter(_SCRIPTS.get(re.split("[ -]", unicodedata.name(letter, ""))[0], "") for letter in letters)
    del found[""]
    if found.total() * 2 < len(letters) or not found:
        return ""
    code = "ja" if "ja" in found else found.most_common(1)[0][0]
    return "uk" if code == "ru" and not _UKRAINIAN.isdisjoint(text.lower()) else code


def _by_foreign_words(text: str, ours: float) -> str:
    """A language whose little words say more than ours do; "" for none."""
    plain = _without_names(text).lower()
    words = _WORD.findall(plain)
    counts = {code: sum(word in own for word in words) for code, own in _foreign().items()}
    code = max(counts, key=lambda one: counts[one])
    enough = counts[code] >= _FOREIGN_WORDS and counts[code] >= _FOREIGN_SHARE * len(words)
    letters = min(4, sum(plain.count(letter) for letter in _FOREIGN_LETTERS.get(code, "")))
    return code if enough and counts[code] + _LETTER_WEIGHT * letters > _FOREIGN_LEAD * ours else ""


@cache
def _foreign() -> dict[str, frozenset[str]]:
    ours = {
        word for entry in source.entries("languages.txt") if entry.section == "words" for word in entry.value.split()
    }
    return {
        entry.key: frozenset(entry.value.split()) - ours
        for entry in source.entries("languages.txt")
        if entry.section == "foreign"
    }


@lru_cache(maxsize=_SOME)
def _scores(text: str) -> Mapping[str, float]:
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


@lru_cache(maxsize=_SOME)
def _without_names(text: str) -> str:
    rest, at = [], 0
    for name in names(text):
        rest.append(text[at : name.start])
        at = name.end
    return _CODE.sub(" ", " ".join([*rest, text[at:]]))


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
