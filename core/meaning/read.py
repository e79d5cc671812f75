"""The one function: a text in, its requests out, or the reason why a person must read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.meaning import courtesy, rules
from core.meaning.binding import Bound, bound
from core.meaning.clauses import Sentence, joined, sentences
from core.meaning.cleaning import clean, is_reply
from core.meaning.departments import Departments
from core.meaning.found import LONG, READS, Found, Request
from core.meaning.guards import guard_of
from core.meaning.language import NAMES, Tongue, language_of
from core.meaning.model import departments_of, model
from core.meaning.phrases import Phrase, Phrases
from core.meaning.requests import Finder
from core.meaning.topics import names_a_topic, speaks_of_trouble

HUMAN = "human"
READ_CHARACTERS = 8_000
"""What stands behind these is not read: the work grows faster than the text, and so long a mail is for a person."""
SUBJECT_CHARACTERS = 400


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


class Reader:
    """Reads free text. `phrases` teach intents that the rules do not know, `departments` an operator's own words."""

    def __init__(
        self,
        *,
        phrases: Mapping[str, Sequence[str]] | None = None,
        departments: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._phrases = Phrases(phrases or {})
        self._departments = Departments(departments or {})

    def read(self, text: str, subject: str = "", channel: str = "email") -> Reading:
        """Pure and deterministic. `text` is the whole plain text as it arrived; `subject` may be empty."""
        text, subject = text[:READ_CHARACTERS], subject[:SUBJECT_CHARACTERS]
        cleaned = clean(text)
        tongue = language_of(cleaned.text or text, "" if is_reply(subject) else subject)
        body = sentences(cleaned.text, "en" if tongue.foreign else tongue.code)
        message = _Message(text, subject, tongue, body)
        if tongue.foreign:
            return self._handed_over(message, f"written in {NAMES[tongue.code]}")
        guard = guard_of(text, cleaned, body)
        if guard:
            return self._guarded(message, guard)
        if (phrase := self._phrases.exact(body)) is not None:
            return self._as_written(message, phrase)
        if body and courtesy.is_smalltalk(body):
            return _without_action(message, "smalltalk", "courtesies only")
        if courtesy.is_spam(body, subject, _own_matters(body)):
            return _without_action(message, "spam", "an automatic reply, a bounce or advertising")
        found = Finder(body, self._phrases).run()
        if (
            not found.requests
            and not found.human
            and not found.howto
            and not found.done
            and subject
            and not is_reply(subject)
        ):
            found = self._by_subject(message, found)
        return self._assembled(message, found)

    def _guarded(self, message: _Message, guard: str) -> Reading:
        """A person reads it, of the guard's department. Who only tells of trouble wants nothing that is another's, even
        where a relative or a client comes up in it."""
        if guard == "somebody else's account":
            found = Finder(message.sentences, self._phrases).run()
            reasons = {reason for _, reason in found.human}
            if not found.requests and not found.blocked and "Support.fail" in reasons:
                return self._handed_over(message, "; ".join(sorted(reasons)), found=found)
        return self._handed_over(message, guard, guard=guard)

    def _as_written(self, message: _Message, phrase: Phrase) -> Reading:
        """The message is a phrase of the help list, word by word."""
        whole = message.sentences[0].clauses[0]
        for clause in (clause for sentence in message.sentences for clause in sentence.clauses):
            whole = whole if clause is whole else joined(whole, clause)
        request = Request(phrase.intent, whole, f"phrase {phrase.text!r}", 0.95, 0, explicit=True)
        requests = bound([request], message.sentences, message.subject_names(), self._phrases)
        known = rules.intents().get(phrase.intent)
        department = known.department if known else ""
        return message.reading(tuple(map(_meant, requests)), department)

    def _by_subject(self, message: _Message, found: Found) -> Found:
        """The subject of a first mail, when its body asks for nothing."""
        line = sentences(message.subject, message.language)
        if guard_of("", clean(message.subject), line):
            return found
        by_subject = Finder(line, self._phrases).run()
        return by_subject if by_subject.requests or by_subject.human else found

    def _assembled(self, message: _Message, found: Found) -> Reading:
        _doubt(found)
        requests = bound(found.requests, message.sentences, message.subject_names(), self._phrases)
        meant = tuple(map(_meant, requests))
        if found.human:
            reasons = "; ".join(dict.fromkeys(reason for _, reason in found.human))
            return self._handed_over(message, reasons, found=found, beside=_beside(message, found, requests))
        if not meant:
            if found.howto:
                howto = Meant("kb.search", 0.8, {}, "a question how something is done", "")
                return message.reading((howto,), "Support")
            if found.withdrawn and message.words <= _PROPOSED_WORDS + 4:
                return _without_action(message, "smalltalk", "withdrawn in the same message")
            return self._proposed(message, found)
        if all(one.intent == "help" for one in meant) and message.words > _CALL_FOR_HELP:
            return self._handed_over(message, "a call for help", found=found)
        if message.words > LONG and not any(_changes(one) for one in meant) and not _is_plain(message, found):
            return self._handed_over(message, "a long message of which little was understood", found=found)
        first = rules.intents().get(meant[0].intent)
        return message.reading(meant, first.department if first else "")

    def _proposed(self, message: _Message, found: Found) -> Reading:
        """No rule holds: the model's read, if it is sure and the text is short; else a person."""
        why = "nothing that a rule knows"
        if message.words <= _PROPOSED_WORDS and not found.done and not _trouble(message):
            name, share = max(model().shares(message.sentences).items(), key=lambda one: one[1])
            known = rules.intents().get(name)
            if (
                share >= _SURE
                and known is not None
                and known.risk == "read"
                and (name == "kb.search" or not known.entities)
            ):
                meant = Meant(name, round(0.6 * share, 2), {}, f"the model, {share:.2f}", "")
                return message.reading((meant,), known.department)
        return self._handed_over(message, why, found=found)

    def _handed_over(
        self,
        message: _Message,
        why: str,
        *,
        guard: str = "",
        found: Found | None = None,
        beside: tuple[Meant, ...] = (),
    ) -> Reading:
        department = _OF_GUARD.get(guard) or self._department(message, found or Found())
        person = Meant(HUMAN, 0.9, {}, why, "")
        return message.reading((person, *beside), department, guard=guard, human=why)

    def _department(self, message: _Message, found: Found) -> str:
        """By the sentences that are for a person, when these name a topic; else by all, and by what was held back."""
        subject = [] if is_reply(message.subject) else message.subject_names()
        flagged = [
            message.sentences[number]
            for number in sorted({number for number, _ in found.human})
            if number < len(message.sentences)
        ]
        if any(map(names_a_topic, flagged)):
            return self._departments.of(flagged, message.text, departments_of(model().shares(flagged)))
        heard = [*message.sentences, *subject]
        return self._departments.of(heard, message.text, departments_of(model().shares(heard)), found.blocked)


_OF_GUARD = {
    "instructions to the machine": "Security",
    "somebody else's account": "Security",
    "a secret to another place": "Security",
    "a forward without words of its own": "Support",
}
_SURE = 0.9
_UNLIKELY = 0.02
_DOUBTED = 0.75
_PLAINLY = 0.95
_PROPOSED_WORDS = 12
_CALL_FOR_HELP = 9
"""Words. A longer text with the word "help" in it does not ask for the menu."""
_CANNOT_WAIT = frozenset({"urgent", "Security.hacked"})
_SHOUTED = re.compile(r"!{2,}")


@dataclass(frozen=True, slots=True)
class _Message:
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


def _doubt(found: Found) -> None:
    """The second key: a change of which the model thinks nothing, read in the same clause, counts less."""
    for request in found.requests:
        known = rules.intents().get(request.intent)
        if known is not None and known.risk in ("change", "secret"):
            share = model().shares([request.clause]).get(request.intent, 0.0)
            if share < _UNLIKELY:
                request.confidence = round(request.confidence * _DOUBTED, 2)
                request.why += f" (the model: {share:.2f})"


def _beside(message: _Message, found: Found, requests: Sequence[Bound]) -> tuple[Meant, ...]:
    """What can be answered or proposed besides the hand-over: plain requests of other sentences; in a long text only
    those that name their object."""
    for_people = {number for number, _ in found.human}
    plain = {
        one.intent
        for one in found.requests
        if one.explicit
        and one.sentence not in for_people
        and not _is_part_of_the_cry(one)
        and (message.words <= LONG or (one.confidence >= _PLAINLY and one.clause.names))
    }
    return tuple(_meant(one) for one in requests if one.intent in plain)


def _is_part_of_the_cry(request: Request) -> bool:
    """ "We need urgent help" says how bad it is; and beside trouble a change names its object, or a person does it."""
    known = rules.intents().get(request.intent)
    if known is not None and known.risk not in READS and known.entities and not request.clause.names:
        return True
    if request.intent == "ticket.priority":
        return request.clause.concepts.isdisjoint({"ticket", "#ticket"})
    return request.intent == "help"


def _is_plain(message: _Message, found: Found) -> bool:
    """A long text whose questions are plain ones, and that speaks of no trouble."""
    return all(one.explicit for one in found.requests) and not _trouble(message)


def _trouble(message: _Message) -> bool:
    return any(map(speaks_of_trouble, message.sentences))


def _meant(one: Bound) -> Meant:
    return Meant(one.intent, one.confidence, one.entities, one.why, one.clause)


def _changes(meant: Meant) -> bool:
    known = rules.intents().get(meant.intent)
    return known is not None and known.risk not in READS


def _without_action(message: _Message, intent: str, why: str) -> Reading:
    return message.reading((Meant(intent, 0.9, {}, why, ""),), "")


def _own_matters(body: Sequence[Sentence]) -> frozenset[str]:
    concepts: frozenset[str] = frozenset().union(*(sentence.concepts for sentence in body))
    return concepts & {"invoice", "#invoice", "#ticket", "epp", "unlock", "cpanel", "Support.fail", "ns"}
