"""What a sentence takes from the ones before it: "Please add 50 to it", "When did I register it?", "Could you update it?"."""

from __future__ import annotations

from core.meaning import rules, shape
from core.meaning.clauses import Sentence, joined
from core.meaning.found import READS
from core.meaning.judging import ALL
from core.meaning.progress import Place, Progress, add
from core.meaning.scope import is_negated
from core.meaning.shape import VERBS
from core.meaning.stance import ASKING
from core.meaning.telling import OWN_THINGS
from core.meaning.verdict import Outcome, Verdict

_BACK_REFERENCE_WORDS = 11
_ASKING_ON = 5
_NEAR = 2
"""Sentences: an abbreviation in an address may have cut one in two."""
_CHANGING = VERBS - {"show", "send", "open", "login"} | {"priority"}
_CHANGED = frozenset({"change"})
_HANDED_OUT = frozenset({"read", "meta", "secret"})
_QUESTION_WORDS = 15


def refers_back(progress: Progress, place: Place) -> bool:
    """Whether the sentence says, or asks, more of what stands before it; what it asks for is then added."""
    here = place.sentence
    if not place.number or here.words() > _QUESTION_WORDS:
        return False
    if _asks_about_the_one_domain(progress, place):
        return True
    if here.words() > _BACK_REFERENCE_WORDS:
        return False
    if here.concepts.isdisjoint(ASKING):
        return _asks_on(progress, here, place.number)
    if _asks_more_of_it(progress, place):
        return True
    near = [place.number - request.sentence for request in progress.found.requests]
    if 1 not in near and _takes_its_object_from_before(progress, place):
        return True
    if 1 in near and "it" in here.concepts or any(back <= _NEAR for back in near) and not shape.has_object(here):
        return True
    return _says_it_again(progress, here, place.number) or _takes_its_object_from_before(progress, place)


def _takes_its_object_from_before(progress: Progress, place: Place) -> bool:
    """ "Our new address is … Could you update it?": the act here, its object in the sentence before."""
    here, before = place.sentence, progress.sentences[place.number - 1]
    if (
        here.concepts.isdisjoint({"it", "accept"})
        or here.concepts.isdisjoint(VERBS | {"hide"})
        or "not" in here.concepts
    ):
        return False
    concepts = (before.concepts - {"past", "question", "state", "want"}) | here.concepts
    if any(map(is_negated, before.clauses)):
        if here.concepts.isdisjoint({"off", "remove", "cancel"}):
            return False
        concepts -= {"not", "login", "on"}  # "I don't want it any more. Switch it off."
    match = rules.best(concepts, risks=ALL if here.concepts & (_CHANGING | {"hide"}) else _HANDED_OUT)
    topics = {one for one in concepts if "." in one and one != "Support.harmless"}
    topics -= {"Sales.presales"} if "quote" in concepts else set()
    if match is None or topics:
        return False
    whole = here.clauses[0]
    for clause in reversed(before.clauses):
        whole = joined(clause, whole)
    why = f"{match.intent}: {match.rule.text}"
    add(progress, place, whole, Verdict(Outcome.REQUEST, match.intent, why, 0.8, explicit=True))
    return True


def _asks_on(progress: Progress, here: Sentence, number: int) -> bool:
    """ "How is ticket 7 doing? Has anyone answered?": no more than a second way to ask it."""
    last = progress.found.requests[-1] if progress.found.requests else None
    if last is None or number - last.sentence != 1 or here.words() > _ASKING_ON or "why" in here.concepts:
        return False
    known = rules.intents().get(last.intent)
    plain = not any(clause.names for clause in here.clauses) and here.concepts.isdisjoint(OWN_THINGS)
    return here.is_question and known is not None and known.risk in READS and plain


def _asks_more_of_it(progress: Progress, place: Place) -> bool:
    """ "How much credit is left? Please add 50 to it.": another act on the thing of the request before."""
    here, last = place.sentence, progress.found.requests[-1] if progress.found.requests else None
    if last is None or place.number - last.sentence != 1 or "it" not in here.concepts or _names_another(here):
        return False
    if here.concepts.isdisjoint(_CHANGING) or "not" in here.concepts:
        return False
    things = last.clause.concepts - VERBS - ASKING - {"past", "question", "state", "when"}
    match = rules.best(here.concepts | things, risks=_CHANGED)
    if match is None or match.intent == last.intent or set().union(*match.rule.needs) <= last.clause.concepts:
        return False
    why = f"{match.intent}: {match.rule.text}"
    whole = joined(last.clause, here.clauses[0])
    for clause in here.clauses[1:]:
        whole = joined(whole, clause)
    add(progress, place, whole, Verdict(Outcome.REQUEST, match.intent, why, 0.7, explicit=True))
    return True


def _names_another(here: Sentence) -> bool:
    """A thing of its own; an amount is none."""
    named = {name.kind for clause in here.clauses for name in clause.names}
    if "change" in here.concepts and "it" in here.concepts:
        named -= {"email"}  # "Please change it to b@a.example"
    return bool(named - {"amount", "number"}) or any(hit.family == 0 for hit in here.hits)


def _asks_about_the_one_domain(progress: Progress, place: Place) -> bool:
    """ "I found that I own a.example. When did I register it?"."""
    here = place.sentence
    if not here.is_question or any(clause.names for clause in here.clauses) or "it" not in here.concepts:
        return False
    named = {
        name.value for sentence in progress.sentences for clause in sentence.clauses for name in clause.names
        if name.kind == "domain"
    }  # fmt: skip
    match = rules.best(here.concepts | {"#domain"}, risks=READS)
    if len(named) != 1 or match is None or not match.intent.startswith("domain."):
        return False
    whole = here.clauses[0]
    for clause in here.clauses[1:]:
        whole = joined(whole, clause)
    why = f"{match.intent}: {match.rule.text}"
    add(progress, place, whole, Verdict(Outcome.REQUEST, match.intent, why, 0.8, explicit=True))
    return True


def _says_it_again(progress: Progress, here: Sentence, number: int) -> bool:
    """ "… of invoice 7. Kindly send the document": no more than what was asked for one or two sentences before."""
    if any(clause.names for clause in here.clauses):
        return False
    for request in progress.found.requests:
        if number - request.sentence > _NEAR or not request.explicit:
            continue
        match = rules.best(here.concepts, risks=ALL)
        again = rules.best(here.concepts | request.clause.concepts, risks=ALL)
        same = match is None or match.intent == request.intent
        if same and again is not None and again.intent == request.intent:
            return True
    return False
