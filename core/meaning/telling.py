"""Whether a clause makes a statement: it has a subject of its own, tells of the past, or speaks of other things."""

from __future__ import annotations

from core.meaning.clauses import Clause
from core.meaning.shape import VERBS
from core.meaning.source import words_of

_STRANGE_WORDS = 1
_NO_THING_TO_LOCK = frozenset({"elsewhere", "address"})
""" "My phone" is where something goes to, or what a client record holds, and nothing that we lock."""
_READY_THINGS = frozenset({"hosting", "product", "service", "planproduct"})
""" "The new server is ready": new, and nothing to be written down."""
_WHEN = frozenset("since after before by when while from upon".split())
OWN_THINGS = frozenset(
    "domain hosting service plan invoice ticket account interface contact product tool address".split()
)


def states(clause: Clause) -> bool:
    """A sentence with a subject of its own, or with words that belong to no thing or act, is no bare request."""
    if {"new_word", "told"} <= clause.concepts and clause.concepts.isdisjoint(_READY_THINGS | {"inbound", "outbound"}):
        return False  # "my new number is …" is to be written down
    if not clause.concepts.isdisjoint({"told", "theywant", "Support.fail", "Support.trouble"}):
        return True
    return unknown_words(clause) > _STRANGE_WORDS


def unknown_words(clause: Clause, *, shortest: int = 1) -> int:
    """How many words belong to no thing, act or mood."""
    known = {place for hit in clause.hits for place in range(hit.at[0], hit.at[-1] + 1)}
    ignored = words_of("filler.txt")
    return sum(
        token.is_word
        and place not in known
        and token.text not in ignored
        and token.text.isalpha()
        and len(token.text) >= shortest
        for place, token in enumerate(clause.tokens)
    )


def tells_of_an_act(clause: Clause) -> bool:
    """ "somebody registered …", "… got unlocked", "since registering …": no act that is asked for."""
    acts = {place for hit in clause.hits if hit.family == 0 or hit.concept in VERBS for place in hit.at}
    return any(clause.tokens[place].text.endswith("ed") or _is_gerund_of_time(place, clause) for place in acts)


def _is_gerund_of_time(place: int, clause: Clause) -> bool:
    if not clause.tokens[place].text.endswith("ing"):
        return False
    return (clause.reason and place == 0) or (place > 0 and clause.tokens[place - 1].text in _WHEN)


def is_of_another_thing(clause: Clause) -> bool:
    """ "Unlock my phone": what is one's own is a thing that no word list knows, and nothing is named."""
    strange = _NO_THING_TO_LOCK if clause.concepts & {"lock", "unlock"} else frozenset({"elsewhere"})
    if clause.names or not clause.concepts.isdisjoint(OWN_THINGS - strange):
        return False
    things = (hit for hit in clause.hits if hit.concept not in strange)
    known = {place for hit in things for place in range(hit.at[0], hit.at[-1] + 1)}
    owned = [hit.at[-1] + 1 for hit in clause.hits if hit.concept == "my_word" and len(hit.at) == 1]
    return any(place < len(clause.tokens) and clause.tokens[place].is_word and place not in known for place in owned)
