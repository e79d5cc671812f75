"""Messages that ask for nothing: thanks and greetings, robots and advertising. Both must be proven, not assumed."""

from __future__ import annotations

from collections.abc import Sequence

from core.meaning.clauses import Sentence
from core.meaning.cleaning import is_robots

_LEFT_OVER = 2
_LONGEST = 20
_ADVERT_WORDS = 2
_UNSUBSCRIBING = 10
_REQUESTING = frozenset({"want", "canyou", "Support.fail", "if", "later"})
_KIND = frozenset({"thanks", "greet", "courtesy"})


def is_smalltalk(sentences: Sequence[Sentence]) -> bool:
    """At most two words more than courtesies, no figure, no name of a thing, no question beyond a greeting."""
    words = left = 0
    for sentence in sentences:
        if any(token.name is not None for token in sentence.tokens) or sentence.is_question:
            return False
        kind = {place for hit in sentence.hits if hit.concept in _KIND for place in hit.at}
        places = [place for place, token in enumerate(sentence.tokens) if token.is_word]
        words += len(places)
        left += sum(1 for place in places if place not in kind)
        if any(hit.family in (0, 2) or hit.concept in _REQUESTING for hit in sentence.hits):
            return False
    said = {hit.concept for sentence in sentences for hit in sentence.hits}
    if "not" in said and "thanks" not in said:
        return False
    return 0 < words <= _LONGEST and left <= (_LEFT_OVER if said & {"thanks", "greet"} else 0)


def is_spam(sentences: Sequence[Sentence], subject: str, own: frozenset[str]) -> bool:
    """An automatic reply or a bounce by its subject or words; advertising by two of its words. `own` names what
    belongs to a client of ours: advertising that speaks of an invoice may be a request."""
    concepts = frozenset().union(*(sentence.concepts for sentence in sentences)) if sentences else frozenset()
    asked = concepts & {"want", "please", "canyou", "tool", "#domain"}
    if asked & {"please", "want", "canyou"} and "#domain" in concepts:
        return False  # Whoever names a domain and asks for something is no robot, whatever stands in the subject.
    if is_robots(subject) or ("auto" in concepts and not asked):
        return not concepts & {"invoice", "#invoice", "canyou", "Support.fail"} or is_robots(subject)
    adverts = sum(1 for sentence in sentences for hit in sentence.hits if hit.concept == "advert")
    words = sum(sentence.words() for sentence in sentences)
    if any(concept.startswith(("Support.fail", "Support.trouble")) for concept in concepts):
        return False
    return (adverts >= _ADVERT_WORDS or ("unsubscribe" in concepts and words <= _UNSUBSCRIBING)) and not own
