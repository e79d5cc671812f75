"""The one function: a text in, its requests out, or the reason why a person must read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.meaning import courtesy, handover, rules
from core.meaning.binding import bound
from core.meaning.clauses import Sentence, joined, sentences
from core.meaning.cleaning import clean, is_reply
from core.meaning.departments import Departments
from core.meaning.found import LONG, READS, UNKNOWN_QUESTION, Found, Request
from core.meaning.guards import guard_of
from core.meaning.language import NAMES, language_of
from core.meaning.message import Meant, Message, Reading
from core.meaning.model import departments_of, model
from core.meaning.phrases import Phrase, Phrases, says_a_word_of
from core.meaning.requests import Finder
from core.meaning.stance import asking
from core.meaning.topics import names_a_topic

__all__ = ["HUMAN", "Meant", "Reader", "Reading"]

HUMAN = "human"
READ_CHARACTERS = 8_000
"""What stands behind these is not read: the work grows faster than the text, and so long a mail is for a person."""
SUBJECT_CHARACTERS = 400
_OF_GUARD = {
    "instructions to the machine": "Security",
    "somebody else's account": "Security",
    "a secret to another place": "Security",
    "a forward without words of its own": "Support",
}
_HOW = Meant("kb.search", 0.8, {}, "a question how something is done", "")
_SURE = 0.9
_KEYS = frozenset({"epp", "password", "cpanel", "code", "ftp", "login", "unlock", "security_question"})
_OF_OTHERS = 1.5
"""What a word of somebody else counts for Security where nothing of theirs is asked for."""
_OF_A_KIND = 0.1
"""Below it nothing in the text is like what articles answer: "Can the import be moved to three?" asks for work."""
_HOW_WORDS = frozenset("how wie comment como come hoe jak".split())
_FEW_WORDS = 10
_PROPOSED_WORDS = 12
_ASKED_WORDS = 30
_CALL_FOR_HELP = 9
"""Words. A longer text with the word "help" in it does not ask for the menu."""


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
        message = Message(text, subject, tongue, body)
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

    def _guarded(self, message: Message, guard: str) -> Reading:
        """A person reads it, of the guard's department. Who only tells of trouble wants nothing that is another's, even
        where a relative or a client comes up in it."""
        if guard == "somebody else's account":
            found = Finder(message.sentences, self._phrases).run()
            reasons = {reason for _, reason in found.human}
            if not found.requests and not found.blocked and reasons & {"Support.fail", "Support.trouble"}:
                return self._handed_over(message, "; ".join(sorted(reasons)), found=found)
            keys = any(_asks_for_a_key(sentence) for sentence in message.sentences)
            if not keys and not found.blocked and all(_is_of_sales(one) for one in found.requests):
                return replace(self._handed_over(message, guard, guard=guard), department=self._of_no_account(message))
        return self._handed_over(message, guard, guard=guard)

    def _of_no_account(self, message: Message) -> str:
        """An agency that asks for a price for its clients, a treasurer in hospital: others come up, and no account of
        theirs is asked for. Security only where nothing speaks more loudly for another department."""
        shares = departments_of(model().shares(message.sentences))
        shares["Security"] = shares.get("Security", 0.0) + _OF_OTHERS
        return self._departments.of(message.sentences, message.text, shares)

    def _as_written(self, message: Message, phrase: Phrase) -> Reading:
        """The message is a phrase of the help list, word by word."""
        Finder(message.sentences, self._phrases).sort_numbers()
        whole = message.sentences[0].clauses[0]
        for clause in (clause for sentence in message.sentences for clause in sentence.clauses):
            whole = whole if clause is whole else joined(whole, clause)
        request = Request(phrase.intent, whole, f"phrase {phrase.text!r}", 0.95, 0, explicit=True)
        requests = bound([request], message.sentences, message.subject_names(), self._phrases)
        known = rules.intents().get(phrase.intent)
        department = known.department if known else ""
        return message.reading(tuple(map(handover.meant, requests)), department)

    def _by_subject(self, message: Message, found: Found) -> Found:
        """The subject of a first mail, when its body asks for nothing."""
        line = sentences(message.subject, message.language)
        if guard_of("", clean(message.subject), line):
            return found
        by_subject = Finder(line, self._phrases).run()
        if message.words > _FEW_WORDS:
            # A headline of a text that asks for nothing we know is a topic: "Renewals planning" renews nothing.
            by_subject.requests = [one for one in by_subject.requests if rules.intents()[one.intent].risk in READS]
        return by_subject if by_subject.requests or by_subject.human else found

    def _assembled(self, message: Message, found: Found) -> Reading:
        handover.doubt(found, message)
        requests = bound(found.requests, message.sentences, message.subject_names(), self._phrases)
        meant = tuple(map(handover.meant, requests))
        if (answer := self._answer_to_question(message, found)) is not None:
            return answer
        if found.human:
            reasons = "; ".join(dict.fromkeys(reason for _, reason in found.human))
            return self._handed_over(message, reasons, found=found, beside=handover.beside(message, found, requests))
        if not meant:
            if found.howto and (_says_how(message) or model().shares(message.sentences)["kb.search"] >= _OF_A_KIND):
                return message.reading((_HOW,), "Support")
            if found.withdrawn and message.words <= _PROPOSED_WORDS + 4:
                return _without_action(message, "smalltalk", "withdrawn in the same message")
            return self._proposed(message, found)
        if all(one.intent == "help" for one in meant) and message.words > _CALL_FOR_HELP:
            return self._handed_over(message, "a call for help", found=found)
        if (
            message.words > LONG
            and not any(handover.changes(one) for one in meant)
            and not handover.is_plain(message, found)
        ):
            return self._handed_over(message, "a long message of which little was understood", found=found)
        if message.words > LONG and (number := handover.unexplained(message, requests)) >= 0:
            found.human.append((number, "a thing is named that no request is about"))
            reasons = found.human[-1][1]
            return self._handed_over(message, reasons, found=found, beside=handover.beside(message, found, requests))
        if found.asked_how and all(one.intent != "kb.search" for one in meant):
            meant = (*meant, _HOW)
        first = rules.intents().get(meant[0].intent)
        return message.reading(meant, first.department if first else "")

    def _answer_to_question(self, message: Message, found: Found) -> Reading | None:
        """A question that no rule knows, and nothing else in the text: the model's read, where it is sure."""
        if {reason for _, reason in found.human} != {UNKNOWN_QUESTION} or found.requests or found.blocked or found.done:
            return None
        if message.words > _ASKED_WORDS or any(map(names_a_topic, message.sentences)) or handover.trouble(message):
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
        return message.reading(tuple(map(handover.meant, requests)), known.department)

    def _proposed(self, message: Message, found: Found) -> Reading:
        """No rule holds: the model's read, if it is sure and the text is short; else a person."""
        why = "nothing that a rule knows"
        if message.words <= _PROPOSED_WORDS and not found.done and not handover.trouble(message):
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
        message: Message,
        why: str,
        *,
        guard: str = "",
        found: Found | None = None,
        beside: tuple[Meant, ...] = (),
    ) -> Reading:
        department = _OF_GUARD.get(guard) or self._department(message, found or Found())
        person = Meant(HUMAN, 0.9, {}, why, "")
        answered = tuple(one for one in beside if not handover.changes(one))
        withheld = tuple(one.intent for one in beside if handover.changes(one))
        return replace(message.reading((person, *answered), department, guard=guard, human=why), withheld=withheld)

    def _department(self, message: Message, found: Found) -> str:
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


def _asks_for_a_key(sentence: Sentence) -> bool:
    return not sentence.concepts.isdisjoint(_KEYS) and ("send" in sentence.concepts or bool(asking(sentence)))


def _is_of_sales(request: Request) -> bool:
    known = rules.intents().get(request.intent)
    return known is not None and known.department == "Sales" and known.risk in READS


def _says_how(message: Message) -> bool:
    """ "How can I …", and not only "can it be …"."""
    return any(
        hit.concept == "how" and sentence.tokens[hit.at[0]].text in _HOW_WORDS
        for sentence in message.sentences
        for hit in sentence.hits
    )


def _is_turned_round(body: Sequence[Sentence], phrase: Phrase) -> bool:
    """ "If it fails, remind me …", "don't remind me …": in front of an open phrase's first word stands an if or a not."""
    for sentence in body:
        starts = [place for place, token in enumerate(sentence.tokens) if says_a_word_of(phrase, token.text)]
        if starts:
            return any(hit.concept in ("not", "if") and hit.at[-1] < starts[0] for hit in sentence.hits)
    return False


def _without_action(message: Message, intent: str, why: str) -> Reading:
    return message.reading((Meant(intent, 0.9, {}, why, ""),), "")


def _own_matters(body: Sequence[Sentence]) -> frozenset[str]:
    concepts: frozenset[str] = frozenset().union(*(sentence.concepts for sentence in body))
    return concepts & {"invoice", "#invoice", "#ticket", "epp", "unlock", "cpanel", "Support.fail", "ns"}
