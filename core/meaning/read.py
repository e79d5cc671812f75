"""The one function: a text in, its requests out, or the reason why a person must read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.meaning import courtesy, rules
from core.meaning.around import OPPOSITES
from core.meaning.binding import Bound, bound
from core.meaning.clauses import Sentence, joined, sentences
from core.meaning.cleaning import clean, is_reply
from core.meaning.departments import Departments
from core.meaning.found import LONG, READS, UNKNOWN_QUESTION, Found, Request
from core.meaning.guards import guard_of
from core.meaning.language import NAMES, Tongue, language_of
from core.meaning.model import departments_of, model
from core.meaning.phrases import Phrase, Phrases, says_a_word_of
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
    withheld: tuple[str, ...] = ()
    """Changes and secrets that it seems to ask for as well: whoever reads the rest decides about them."""


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
        phrase = self._phrases.exact(body)
        if phrase is not None and not (phrase.open and _is_turned_round(body, phrase)):
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
            if not found.requests and not found.blocked and reasons & {"Support.fail", "Support.trouble"}:
                return self._handed_over(message, "; ".join(sorted(reasons)), found=found)
        return self._handed_over(message, guard, guard=guard)

    def _as_written(self, message: _Message, phrase: Phrase) -> Reading:
        """The message is a phrase of the help list, word by word."""
        Finder(message.sentences, self._phrases).sort_numbers()
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
        if message.words > _FEW_WORDS:
            # A headline of a text that asks for nothing we know is a topic: "Renewals planning" renews nothing.
            by_subject.requests = [one for one in by_subject.requests if rules.intents()[one.intent].risk in READS]
        return by_subject if by_subject.requests or by_subject.human else found

    def _assembled(self, message: _Message, found: Found) -> Reading:
        _doubt(found, message)
        requests = bound(found.requests, message.sentences, message.subject_names(), self._phrases)
        meant = tuple(map(_meant, requests))
        if (answer := self._answer_to_question(message, found)) is not None:
            return answer
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
        if message.words > LONG and (number := _unexplained(message, requests)) >= 0:
            found.human.append((number, "a thing is named that no request is about"))
            reasons = found.human[-1][1]
            return self._handed_over(message, reasons, found=found, beside=_beside(message, found, requests))
        first = rules.intents().get(meant[0].intent)
        return message.reading(meant, first.department if first else "")

    def _answer_to_question(self, message: _Message, found: Found) -> Reading | None:
        """A question that no rule knows, and nothing else in the text: the model's read, where it is sure."""
        if {reason for _, reason in found.human} != {UNKNOWN_QUESTION} or found.requests or found.blocked or found.done:
            return None
        if message.words > _ASKED_WORDS or any(map(names_a_topic, message.sentences)) or _trouble(message):
            return None
        asking = [message.sentences[number] for number, _ in found.human]
        name, share = max(model().shares(asking).items(), key=lambda one: one[1])
        known = rules.intents().get(name)
        if share < _SURE or known is None or known.risk != "read":
            return None
        whole = asking[0].clauses[0]
        for clause in (clause for sentence in asking for clause in sentence.clauses):
            whole = whole if clause is whole else joined(whole, clause)
        request = Request(
            name, whole, f"the model, {share:.2f}", round(0.6 * share, 2), found.human[0][0], explicit=True
        )
        requests = bound([request], message.sentences, message.subject_names(), self._phrases)
        return message.reading(tuple(map(_meant, requests)), known.department)

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
        answered = tuple(one for one in beside if not _changes(one))
        withheld = tuple(one.intent for one in beside if _changes(one))
        return replace(message.reading((person, *answered), department, guard=guard, human=why), withheld=withheld)

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
_NAMED_THINGS = frozenset({"domain", "email", "ticket", "invoice"})
_CARRIED = 0.7
_PLAINLY = 0.95
_FEW_WORDS = 10
_PROPOSED_WORDS = 12
_ASKED_WORDS = 30
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


def _is_turned_round(body: Sequence[Sentence], phrase: Phrase) -> bool:
    """ "If it fails, remind me …", "don't remind me …": in front of an open phrase's first word stands an if or a not."""
    for sentence in body:
        starts = [place for place, token in enumerate(sentence.tokens) if says_a_word_of(phrase, token.text)]
        if starts:
            return any(hit.concept in ("not", "if") and hit.at[-1] < starts[0] for hit in sentence.hits)
    return False


def _doubt(found: Found, message: _Message) -> None:
    """The second key: a change of which the model thinks nothing, read in the same clause, is for a person.

    A clause that takes its act from the words before ("… off for a, on for b") says too little by itself: the sentence
    counts as well, and there the contrary too.
    """
    sure: set[int] = set()
    for request in list(found.requests):
        known = rules.intents().get(request.intent)
        if known is None or known.risk not in ("change", "secret"):
            continue
        share = model().shares([request.clause]).get(request.intent, 0.0)
        if request.confidence <= _CARRIED and request.sentence < len(message.sentences):
            shares = model().shares([message.sentences[request.sentence]])
            share = max(share, shares.get(request.intent, 0.0), shares.get(OPPOSITES.get(request.intent, ""), 0.0))
        if share >= _UNLIKELY or (request.confidence <= _CARRIED and request.sentence in sure):
            sure.add(request.sentence)
            continue
        found.requests.remove(request)
        found.blocked.append(request.intent)
        found.human.append((request.sentence, f"{request.intent} by the rules, {share:.3f} by the model"))


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
        and _is_worth_an_answer(one)
        and (message.words <= LONG or (one.confidence >= _PLAINLY and one.clause.names))
    }
    return tuple(_meant(one) for one in requests if one.intent in plain)


def _is_worth_an_answer(request: Request) -> bool:
    """ "What do I pay you for?" beside a complaint is no question; a search for articles helps nobody who has trouble."""
    known = rules.intents().get(request.intent)
    if known is None or known.risk not in READS:
        return True
    if request.intent == "kb.search":
        return False
    return bool(request.clause.names) or not request.clause.concepts.isdisjoint(
        {"please", "want", "canyou", "show", "send"}
    )


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


def _unexplained(message: _Message, requests: Sequence[Bound]) -> int:
    """The sentence of a long text that names a domain or an address which is in no request, and that denies nothing."""
    explained = {value for one in requests for values in one.entities.values() for value in values}
    for number, sentence in enumerate(message.sentences):
        named = {name.value for clause in sentence.clauses for name in clause.names if name.kind in _NAMED_THINGS}
        if named - explained and sentence.concepts.isdisjoint({"not", "past", "thanks"}):
            return number
    return -1


def _own_matters(body: Sequence[Sentence]) -> frozenset[str]:
    concepts: frozenset[str] = frozenset().union(*(sentence.concepts for sentence in body))
    return concepts & {"invoice", "#invoice", "#ticket", "epp", "unlock", "cpanel", "Support.fail", "ns"}
