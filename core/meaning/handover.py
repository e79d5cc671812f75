"""What a person decides, and what may be answered beside it.

Where something must be read by a person, only plain requests of other sentences go on; a change that the model thinks
improbable is handed over with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.meaning import rules
from core.meaning.around import OPPOSITES
from core.meaning.binding import Bound
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import LONG, READS, Found, Request
from core.meaning.message import Meant, Message
from core.meaning.model import model
from core.meaning.scope import is_negated
from core.meaning.topics import speaks_of_trouble

_UNLIKELY = 0.005
_UNLIKELY_READ = 0.05
_TO_SEE = frozenset({"show", "send", "overview", "status"})
_NAMED_THINGS = frozenset({"domain", "email", "ticket", "invoice"})
_FOR_PEOPLE = 0.95
_SHORT = 30
_CARRIED = 0.7
_PLAINLY = 0.95


def doubt(found: Found, message: Message) -> None:
    """The second key: a change of which the model thinks nothing, read in the same clause, is for a person.

    A clause that takes its act from the words before ("… off for a, on for b") says too little by itself: the sentence
    counts as well, and there the contrary too.
    """
    sure: set[int] = set()
    for request in list(found.requests):
        known = rules.intents().get(request.intent)
        if known is not None and known.risk == "read" and _is_like_no_other(request, message):
            found.requests.remove(request)
            if not found.requests or _asks_itself(request, message):
                found.human.append((request.sentence, f"{request.intent} by the rules, and not by the model"))
            continue
        if known is None or known.risk not in ("change", "secret") or request.why.endswith(": not renew"):
            continue  # What follows from a "not" is no matter of words.
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


def _is_like_no_other(request: Request, message: Message) -> bool:
    """ "We'd like to see a draft of the contract": by its words a list of services, and like no question for one."""
    if _is_for_people(request, message):
        return True
    plainly = not request.clause.concepts.isdisjoint({"please", "canyou"}) and request.intent.startswith("ticket")
    if request.intent == "kb.search" or request.clause.names or plainly:
        return False
    parts: tuple[list[Clause] | list[Sentence], ...] = ([request.clause], message.sentences)
    return all(model().shares(part).get(request.intent, 1.0) < _UNLIKELY_READ for part in parts)


def _is_for_people(request: Request, message: Message) -> bool:
    """A short complaint that sounds like a question: "which plan, please? We have no idea and 700 readers"."""
    if message.words > _SHORT or request.clause.names or not request.clause.concepts.isdisjoint(_TO_SEE):
        return False
    shares = model().shares(message.sentences)
    people = sum(share for name, share in shares.items() if name.startswith("human."))
    return people >= _FOR_PEOPLE and shares.get(request.intent, 1.0) < _UNLIKELY_READ


def _asks_itself(request: Request, message: Message) -> bool:
    """Beside another request, words in passing ("the add-on that is on your list") ask for nothing."""
    question = request.sentence < len(message.sentences) and message.sentences[request.sentence].is_question
    return question or not request.clause.concepts.isdisjoint({"please", "canyou", "show", "send"})


def beside(message: Message, found: Found, requests: Sequence[Bound]) -> tuple[Meant, ...]:
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
    return tuple(meant(one) for one in requests if one.intent in plain)


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


def is_plain(message: Message, found: Found) -> bool:
    """A long text whose questions are plain ones, and that speaks of no trouble."""
    return all(one.explicit for one in found.requests) and not trouble(message)


def trouble(message: Message) -> bool:
    """Whether a sentence speaks of trouble that is no story."""
    return any(map(speaks_of_trouble, message.sentences))


def meant(one: Bound) -> Meant:
    """The request as the reading shows it."""
    return Meant(one.intent, one.confidence, one.entities, one.why, one.clause)


def changes(one: Meant) -> bool:
    """Whether acting on it changes something, or gives a secret away."""
    known = rules.intents().get(one.intent)
    return known is not None and known.risk not in READS


def unexplained(message: Message, requests: Sequence[Bound]) -> int:
    """The sentence of a long text that names a domain or an address which is in no request, and that denies nothing."""
    explained = {value for one in requests for values in one.entities.values() for value in values}
    for number, sentence in enumerate(message.sentences):
        things = _NAMED_THINGS - {kind for kind in ("ticket", "invoice") if kind not in sentence.concepts}
        told = [clause for clause in sentence.clauses if "past" in clause.concepts or is_negated(clause)]
        named = {name.value for clause in sentence.clauses for name in clause.names if name.kind in things and not told}
        if named - explained and "thanks" not in sentence.concepts:
            return number
    return -1
