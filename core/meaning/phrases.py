"""The phrases beside the handlers: all that a new intent needs to be understood.

What is written exactly as a phrase is that intent: the help list promises it. Otherwise a phrase matches a clause that
holds all its words and not much else, and only after the guards have spoken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.meaning.clauses import Clause, Sentence
from core.meaning.rules import Match
from core.meaning.source import words_of
from core.meaning.words import fold

_PLACE = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[\w'-]+|#\w+")
_KIND_OF_PLACE = {"service": "domain"}
"""People name a service by its domain."""
_NAMED = frozenset({"domain", "invoice", "ticket", "nameserver", "amount", "email"})
"""What is cut out of a text as a name; other places may hold any words, or none."""
_POLITE = frozenset({"greet", "thanks", "please"})
_NUMBERED = frozenset({"invoice", "ticket"})
_LONGEST = 14
_ANY_WORDS = 4
_LONG_PHRASE = 3
_BARE_QUESTIONS = frozenset("what which where when how is are be much many".split())
"""They are in every question: "what can you do" is not meant by "what does it cost"."""
_ASKING = frozenset(
    """what what's who which where when how why is may ou comment pourquoi wo wie wer welche warum donde como quien onde
    dove come chi waar hoe wie gdzie jak kto""".split()
)
_SAME = {"e-mail": "mail", "email": "mail", "e-mails": "mail", "emails": "mail", "mailing": "mail", "username": "user"}
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """One example of how an intent is asked for: its content words, and the kinds of things it names."""

    intent: str
    words: frozenset[str]
    kinds: frozenset[str]
    text: str
    open: bool
    """It has a place for any words ("order {product}")."""
    forms: frozenset[str]
    """Its words as they are written: "contacts" alone is the list of them, and "contact" is not."""
    asks: bool
    """It is a question itself: "where do I log in" is answered, and no how-to."""


class Phrases:
    """All phrases by intent; `{domain}` in one stands for any domain."""

    def __init__(self, says: Mapping[str, Sequence[str]]) -> None:
        self._phrases = tuple(_phrase(intent, text) for intent, texts in says.items() for text in texts)

    def kinds(self, intent: str) -> tuple[str, ...]:
        """What the phrases of an intent name."""
        return tuple(dict.fromkeys(kind for one in self._phrases if one.intent == intent for kind in sorted(one.kinds)))

    def exact(self, sentences: Sequence[Sentence]) -> Phrase | None:
        """The phrase that a short message is, greeting and thanks aside; of several the one that says most."""
        said = [word for sentence in sentences for word in _without_courtesy(sentence)]
        if not 0 < len(said) <= _LONGEST:
            return None
        words = _content(said)
        kinds = frozenset(
            token.name.kind for sentence in sentences for token in sentence.tokens if token.name is not None
        )
        same = [one for one in self._phrases if _names(one, kinds) and _says(one, words, said)]
        forms = frozenset(said)
        return max(same, key=lambda one: (len(one.words), len(one.forms & forms), not one.open), default=None)

    def best(self, clause: Clause) -> Phrase | None:
        """The phrase that explains the clause: all its words are there, and at most as many others plus one."""
        forms = frozenset(token.text for token in clause.tokens if token.is_word)
        words = _content(forms)
        kinds = frozenset(name.kind for name in clause.names)
        held = [
            one
            for one in self._phrases
            if one.words - _BARE_QUESTIONS
            and (len(one.words) > 1 or one.forms <= forms)
            and one.words <= words
            and one.kinds <= kinds
            and len(words - one.words) <= len(one.words) + 1
        ]
        return max(held, key=lambda one: (len(one.words), len(one.kinds), len(one.forms & forms)), default=None)


def says_a_word_of(phrase: Phrase, word: str) -> bool:
    """Whether the phrase has the word, in whatever form."""
    return _stem(word) in phrase.words


def is_said(phrase: Phrase, clause: Clause) -> bool:
    """The clause says the phrase and nothing besides, so that its "not" or its past is the phrase's own."""
    return len(phrase.words) > 1 and _content(token.text for token in clause.tokens if token.is_word) == phrase.words


def says_more(phrase: Phrase, match: Match, clause: Clause) -> bool:
    """A long phrase of a handler says more than a faint rule does: "Bob may manage domains too" is no list of domains.

    So does one that says all that the clause says: "change my details" asks for no overview.
    """
    if phrase.open or match.intent == phrase.intent:
        return False
    long = match.rule.weight <= 1 and len(phrase.words) + len(phrase.kinds) >= _LONG_PHRASE
    return long or is_said(phrase, clause)


def _names(phrase: Phrase, kinds: frozenset[str]) -> bool:
    """The same kinds of things; a bare number may be that of an invoice or a ticket."""
    missing = phrase.kinds - kinds
    return (kinds & _NAMED) <= phrase.kinds and (not missing or ("number" in kinds and missing <= _NUMBERED))


def _says(phrase: Phrase, words: frozenset[str], said: Sequence[str]) -> bool:
    words -= phrase.kinds
    own = phrase.words - phrase.kinds
    if phrase.words:
        return own <= words and len(words - own) <= _ANY_WORDS if phrase.open else own == words
    return not phrase.open and _plain(said) == _plain(_WORD.findall(fold(_PLACE.sub(" ", phrase.text))))


def _plain(words: Iterable[str]) -> list[str]:
    return [word for word in words if not word.isdigit()]


def _without_courtesy(sentence: Sentence) -> list[str]:
    """Its words without greeting, thanks and please; "accept" is a matter even where "accept my thanks" is polite."""
    matter = {place for hit in sentence.hits if hit.family in (0, 2) for place in hit.at}
    polite = {place for hit in sentence.hits if hit.concept in _POLITE for place in hit.at} - matter
    return [token.text for place, token in enumerate(sentence.tokens) if token.is_word and place not in polite]


def _phrase(intent: str, text: str) -> Phrase:
    places = [_KIND_OF_PLACE.get(place, place) for place in _PLACE.findall(text)]
    said = _WORD.findall(fold(_PLACE.sub(" ", text)))
    return Phrase(
        intent, _content(said), _NAMED.intersection(places), text, forms=frozenset(said) - words_of("filler.txt"),
        open=not _NAMED.issuperset(places), asks=said[:1] != [] and said[0] in _ASKING,
    )  # fmt: skip


def _content(words: Iterable[str]) -> frozenset[str]:
    filler = words_of("filler.txt")
    return frozenset(_stem(word) for word in words if word not in filler and not word.isdigit())


def _stem(word: str) -> str:
    """One form for one and many: "mails" and "e-mail" are a mail. "Domains" are no place for a domain."""
    word = _SAME.get(word, word)
    plural = len(word) >= _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural and word[:-1] not in _NAMED else word
