"""What a text asks for: the phrases beside the handlers, and guards for what only sounds like a request.

A phrase matches a clause that holds all its content words and not much else. Guards come first: negation, questions
about how something works, conditions, things already done, trouble, third parties. A guarded clause, like one that no
phrase matches, is for a person: a wrong answer costs more than a ticket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import entities
from core.forms import entity_of
from core.intents import Intent, Registry, Slot

MAX_WORDS = 60
"""A phrase found in a longer text explains too little of it: that mail is for a person."""

_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|\n+|,\s+(?=and\b|but\b|also\b|please\b)|\s+(?:and then|and also)\s+", re.IGNORECASE
)
_WORD = re.compile(r"[\w']+")

_FILLER = frozenset(
    """
    a an the of for to in on at by with my our your i we me us you it is are am do does did be been have has had got
    can could would will shall may might please pls plz kindly hi hello hey dear thanks thank thx cheers regards best
    just also so now again currently still all any some there here this that these those what which who when where
    want wanted need like wish let give send show tell see get list know provide check look up email mail quickly asap
    soon possible team support sir madam good morning afternoon day evening and or as about from both s d ll ve re m
    """.split()
)
_SAME = {
    word: concept
    for concept, words in {
        "epp": "auth authcode authorization authorisation authinfo transfercode",
        "code": "codes key",
        "domain": "name names domains domainname domainnames",
        "invoice": "invoices bill bills",
        "service": "services product products package packages hosting hostings",
        "open": "unpaid outstanding due owe overdue",
        "detail": "details information info status",
        "overview": "summary",
        "commands": "options",
        "expiry": "expire expires expiring renewal",
    }.items()
    for word in words.split()
}

_GUARDS = (
    (
        "negation",
        r"\b(not|don't|dont|doesn't|never|no longer|without|except|nicht|kein|keine|pas)\b",
    ),
    (
        "question about it",
        r"\b(how (do|does|can|to|is|would|come)|what (is|are|does) (an?|the)? ?(epp|auth|transfer|registrar)"
        r"|why|explain|difference|what happens|meaning of|what (do|does) (it|that|this) mean)\b",
    ),
    (
        "condition",
        r"\b(if|unless|once|in case|before (i|we|you)|after (the|you)|when (the|you)|until|thinking (of|about)"
        r"|consider(ing)?|might|should i)\b",
    ),
    (
        "already done",
        r"\b(already|yesterday|last (week|month|time)|earlier|received|you sent|i paid|was told|have paid|i've)\b",
    ),
    (
        "trouble",
        r"\b(problem|issue|error|wrong|fail(s|ed|ing)?|refused?|rejected|invalid|doesn't work|not work(ing)?|broken"
        r"|down|missing|lost|hacked|stolen|mistake|double|twice|complain(t)?|refund|dispute)\b",
    ),
    (
        "somebody else",
        r"\b(on behalf of|my (client|customer|boss|friend|colleague|husband|wife)|their (domain|account)"
        r"|to (this|my|the|an) ?(other|another|new|following|private)? (address|e-?mail|number|phone)|to \S+@\S+"
        r"|send (it|them) to|instead of|new owner|ignore (all|previous|your))\b",
    ),
)
_DECISIVE = frozenset(["cancel", "stop"])
"""Words that turn a request round: only a phrase that says them too is meant. "Stop the transfer" asks for no code,
and a text that says them where no phrase does is for a person."""

_GUARD_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _GUARDS)


@dataclass(frozen=True, slots=True)
class Understood:
    """One request: the intent, the words that name its objects (by slot), and the phrase that decided."""

    intent: Intent
    words: Mapping[str, tuple[str, ...]]
    why: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    intent: Intent
    words: frozenset[str]
    text: str

    @property
    def own(self) -> frozenset[str]:
        """Its words without the places for names."""
        return frozenset(word for word in self.words if not word.startswith("_"))


_PLACE = re.compile(r"\{(\w+)\}")


def _with_placeholders(entry: Intent, phrase: str) -> str:
    """ "unlock {domain}" as its clauses look once what they name is taken out: "unlock _domain_"."""
    kinds = {slot.name: entity_of(slot.kind) for slot in entry.slots}
    return _PLACE.sub(lambda place: f" {entities.placeholder(kinds[place.group(1)])} ", phrase)


class Understanding:
    """Compiled once from the registry; `of` is pure."""

    def __init__(self, registry: Registry) -> None:
        self._phrases = tuple(
            _Phrase(entry, _content(_with_placeholders(entry, phrase)), phrase)
            for entry in registry
            for phrase in entry.says
        )

    def of(self, text: str, subject: str = "") -> list[Understood]:
        """The requests in the order of the text; empty when a person should read it."""
        clauses = [clause for clause in _CLAUSE.split(text.strip()) if clause and clause.strip()]
        if len(_WORD.findall(text)) > MAX_WORDS:
            return []
        if any(guard_of(clause) for clause in clauses):
            return []
        found = self._in_order(clauses, entities.named(text))
        if (
            not found
            and subject
            and not subject.lower().startswith(("re:", "aw:", "fw:", "fwd:"))
            and not guard_of(subject)
        ):
            found = self._in_order([subject], entities.named(f"{subject}\n{text}"))
        return found

    def _in_order(self, clauses: Sequence[str], named: Mapping[str, tuple[str, ...]]) -> list[Understood]:
        found: dict[str, Understood] = {}
        for clause in clauses:
            phrase = self._best(clause)
            if phrase is None and not _DECISIVE.isdisjoint(_content(clause)):
                return []
            if phrase is None or phrase.intent.name in found:
                continue
            own = entities.named(clause)
            words = {slot.name: _words_for(slot, own, named) for slot in phrase.intent.slots}
            found[phrase.intent.name] = Understood(phrase.intent, words, phrase.text)
        return list(found.values())

    def _best(self, clause: str) -> _Phrase | None:
        words = _content(entities.without_names(clause))
        decisive = words & _DECISIVE
        if not words:
            return next(
                (phrase for phrase in self._phrases if not phrase.words and _plain(clause) == _plain(phrase.text)), None
            )
        whole = [
            phrase
            for phrase in self._phrases
            if phrase.words and decisive <= phrase.words <= words and _explains(phrase, words)
        ]
        matches = whole or [
            phrase for phrase in self._phrases if decisive <= phrase.words and _lacks_only_its_object(phrase, words)
        ]
        return max(matches, key=lambda phrase: len(phrase.words), default=None)


def _words_for(slot: Slot, own: Mapping[str, Sequence[str]], named: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What the clause itself names; where it names nothing of the kind, what the whole message does."""
    kind = entity_of(slot.kind)
    return tuple(own.get(kind) or named.get(kind, ()))


_THANKS = frozenset(
    """
    thanks thank you very much many great perfect awesome super cheers ok okay got it works working now fine good merci
    danke vielen dank gracias obrigado obrigada grazie bedankt dziekuje dziękuję appreciated appreciate that so for your
    the help all best regards kind
    """.split()
)
_THANKING = ("thank", "merci", "dank", "graci", "obrig", "graz", "bedankt", "dzi", "cheers")
_BUT = frozenset("but not no still however yet except unfortunately aber mais pero ma maar ale don't doesn't".split())


def only_thanks(text: str) -> bool:
    """A courtesy that needs no answer and reopens nothing: at most two words more, and neither figure nor question."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words or len(words) > 15 or re.search(r"[\d?]", text) or not _BUT.isdisjoint(words):
        return False
    rest = [word for word in words if word not in _THANKS]
    return len(rest) <= 2 and any(word.startswith(_THANKING) for word in words)


def guard_of(clause: str) -> str:
    """The guard that keeps this clause from being acted on, "" when there is none."""
    return next((name for name, pattern in _GUARD_PATTERNS if pattern.search(clause)), "")


def _explains(phrase: _Phrase, clause: frozenset[str]) -> bool:
    """At most as many other content words as the phrase has of its own, plus one; none beside a bare name."""
    return len(clause - phrase.words) <= (len(phrase.own) + 1 if phrase.own else 0)


def _lacks_only_its_object(phrase: _Phrase, clause: frozenset[str]) -> bool:
    """ "I need the EPP code": understood, and asked back which domain. Names nothing, and says next to nothing else."""
    names_something = any(word.startswith("_") for word in clause)
    return len(phrase.own) >= 2 and phrase.own <= clause and not names_something and len(clause - phrase.own) <= 1


def _plain(text: str) -> str:
    """For phrases of filler words only ("what can you do"): nothing less than the whole clause is one."""
    return " ".join(word.lower() for word in _WORD.findall(text))


def _content(text: str) -> frozenset[str]:
    words = (word.strip("'").lower() for word in _WORD.findall(text))
    return frozenset(_SAME.get(word, word) for word in words if word not in _FILLER)
