"""What no rule explains in a sentence, and what only people settle: both make the message one for a person.

A wrong answer costs more than a ticket; so a question without a rule is handed over, and one that only says again what
was asked for before is not.
"""

from __future__ import annotations

from core.meaning import rules, shape, topics
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import LONG, SHORT, UNKNOWN_QUESTION
from core.meaning.progress import Place, Progress
from core.meaning.references import refers_back
from core.meaning.scope import is_negated
from core.meaning.shape import VERBS
from core.meaning.stance import WEIGHED, asking, stance

_EARLY = 2
_BARE_WORDS = 4
"""Words. "Two things please:" asks for nothing yet."""
_WEIGHTY = VERBS - {"show", "send", "open", "login", "on", "off", "change", "add", "remove", "accept"}
_TOLD = frozenset({"told", "past", "theywant"})
_FOR_PEOPLE = "a question before buying, or about money"


def look_at(progress: Progress, place: Place) -> None:
    """A sentence without a request: whether it asks for something all the same, and then a person reads it."""
    sentence, concepts = place.sentence, place.sentence.concepts
    if "why" in concepts and sentence.is_question and progress.found.requests:
        progress.found.human.append((place.number, "why"))
        if sentence.words() <= _EARLY:
            progress.found.requests.pop()
    if sentence.words() < 3 or not concepts.isdisjoint({"confirm", "thanks"}):
        return
    guards = [stance(clause, sentence, first=n == 0).guard for n, clause in enumerate(sentence.clauses)]
    if "negation" in guards and not sentence.is_question:
        progress.found.done = True
    elif guards[0] == "how-to" and _is_no_statement(progress, sentence):
        how_to(progress, place)
    elif _leaves_another_thing_alone(progress, sentence):
        progress.found.done = True
    elif guards[0] in WEIGHED and _asks(progress, sentence):
        progress.found.human.append((place.number, guards[0]))
    elif refers_back(progress, place):
        return
    elif sentence.is_question or "why" in concepts:
        progress.found.human.append((place.number, UNKNOWN_QUESTION))
    elif asking(sentence) & {"canyou", "please"} and (sentence.words() > _BARE_WORDS or shape.has_object(sentence)):
        progress.found.human.append((place.number, "a request that no rule knows"))


def _is_no_statement(progress: Progress, sentence: Sentence) -> bool:
    """ "Posso …", "mogę …" ask something only with a question mark, or where nothing else is said."""
    return sentence.is_question or progress.words <= SHORT or "cani" not in sentence.concepts


def _leaves_another_thing_alone(progress: Progress, sentence: Sentence) -> bool:
    """ "Please leave b.example where it is until its term is over": nothing that was asked for."""
    named = {name.value for clause in sentence.clauses for name in clause.names}
    asked = {name.value for request in progress.found.requests for name in request.clause.names}
    return bool(named) and named.isdisjoint(asked) and any(map(is_negated, sentence.clauses))


def _asks(progress: Progress, sentence: Sentence) -> bool:
    """In a long text a "who" or "what" is mostly none that asks."""
    questioning = "question" in sentence.concepts and progress.words <= LONG
    return sentence.is_question or questioning or bool(asking(sentence) & {"please", "canyou"})


def is_weighed(progress: Progress, place: Place, clause: Clause, *, first: bool) -> bool:
    """ "I'll want to cancel something later, first …": no rule knows it, and yet it must not be lost."""
    if clause.concepts.isdisjoint(_WEIGHTY) or not asking(clause) or is_negated(clause):
        return False
    return stance(clause, place.sentence, first=first).guard in WEIGHED


def how_to(progress: Progress, place: Place) -> None:
    """A question how something is done; prices and refunds are told by people, not by articles."""
    progress.found.howto = True
    about_it = bool(progress.found.requests) and not shape.has_object(place.sentence)
    asked = place.sentence.is_question or asking(place.sentence) or "show" in place.sentence.concepts
    if asked and not about_it:
        progress.found.asked_how = True
    if topics.is_question_for_people(place.sentence):
        progress.found.human.append((place.number, _FOR_PEOPLE))


def hand_over_topics(progress: Progress, place: Place, *, told_as_done: bool) -> None:
    """What only people settle in a sentence, besides the requests that were found in it."""
    since = progress.found.since(place.before)
    new = {request.intent for request in since if request.explicit or request.intent not in topics.NEWS}
    if not since and told_as_done and {"still", "past"} <= place.sentence.concepts and progress.words <= LONG:
        progress.found.human.append((place.number, "done, and still"))
    told = shape.is_thanks(place.sentence) or (progress.words > LONG and "past" in place.sentence.concepts)
    for topic in topics.for_people(_beside_phrases(progress, place), new, told=told):
        faint = topics.is_faint(topic, place.sentence, long=progress.words > LONG) or (
            (topic == "Support.trouble" or _is_only_told(topic, place)) and _is_its_reason(progress, place)
        )
        (progress.found.faint if faint else progress.found.human).append((place.number, topic))


def _is_only_told(topic: str, place: Place) -> bool:
    """ "We have decided to move the site, please unlock …": the work is somebody else's, or the writer's own."""
    parts = [clause for clause in place.sentence.clauses if topic in clause.concepts]
    return topic == "Support.special" and all(
        not asking(clause) and not clause.concepts.isdisjoint(_TOLD) for clause in parts
    )


def _is_its_reason(progress: Progress, place: Place) -> bool:
    """ "Since it has become slow, please move …": the trouble is why the rest of the sentence asks."""
    classes = rules.intents()
    return any(
        request.explicit and request.intent in classes and classes[request.intent].risk == "change"
        for request in progress.found.since(place.before)
    )


def _beside_phrases(progress: Progress, place: Place) -> frozenset[str]:
    """What the sentence speaks of besides requests that are known by their phrases: these settle their own words."""
    known = [one.clause.tokens for one in progress.found.since(place.before) if one.why.startswith("phrase ")]
    if not known:
        return place.sentence.concepts
    inside = {id(token) for tokens in known for token in tokens}
    others = (c for c in place.sentence.clauses if not any(id(token) in inside for token in c.tokens))
    return frozenset().union(*(clause.concepts for clause in others))
