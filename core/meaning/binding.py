"""Which object belongs to which request: its own clause first, then the one it refers to, then the only one there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.meaning import rules
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import Request
from core.meaning.phrases import Phrases
from core.meaning.values import values_of

_BORROWED = ("domain", "invoice", "ticket", "product")
"""What a request may take from its surroundings; amounts, dates and addresses it must name itself."""
_TOGETHER = frozenset({"domain.nameservers_set", "domain.renew", "domain.register", "order.new", "service.upgrade"})
"""Two of these with different other entities stay two."""


@dataclass(frozen=True, slots=True)
class Bound:
    intent: str
    confidence: float
    entities: Mapping[str, tuple[str, ...]]
    why: str
    clause: str


def bound(
    requests: Sequence[Request], sentences: Sequence[Sentence], subject: Sequence[Sentence], phrases: Phrases
) -> list[Bound]:
    """The requests with their objects, the same intent for several objects once."""
    own = [{**values_of(one.clause, one.intent, _wanted(one.intent, phrases)), **one.given} for one in requests]
    for number, request in enumerate(requests):
        _borrow(number, requests, own, sentences, subject, _wanted(request.intent, phrases))
    _drop_the_day_of_unnamed_ones(requests, own)
    merged: list[Bound] = []
    for request, entities in zip(requests, own, strict=True):
        one = Bound(request.intent, request.confidence, entities, request.why, request.clause.text)
        same = next((place for place, other in enumerate(merged) if _is_same(other, one)), None)
        if same is None:
            merged.append(one)
        else:
            merged[same] = _merged(merged[same], one)
    return merged


def _drop_the_day_of_unnamed_ones(requests: Sequence[Request], own: Sequence[dict[str, tuple[str, ...]]]) -> None:
    """Of two days for one cancellation the one counts that stands with what is to be cancelled."""
    both = list(zip(requests, own, strict=True))
    dated = {request.intent for request, entities in both if request.clause.names and "when" in entities}
    for request, entities in both:
        if request.intent in dated and not request.clause.names:
            entities.pop("when", None)


def _wanted(intent: str, phrases: Phrases) -> tuple[str, ...]:
    known = rules.intents().get(intent)
    return known.entities if known is not None else phrases.kinds(intent)


def _borrow(
    number: int, requests: Sequence[Request], own: list[dict[str, tuple[str, ...]]], sentences: Sequence[Sentence],
    subject: Sequence[Sentence], wanted: Sequence[str],
) -> None:  # fmt: skip
    request = requests[number]
    for entity in wanted:
        if entity in own[number] or not (entity in _BORROWED or (entity == "email" and _is_of_a_person(request))):
            continue
        if entity == "domain" and "product" in own[number] and rules.intents()[request.intent].name == "service.cancel":
            continue
        if value := _from_surroundings(entity, number, requests, own, sentences, subject):
            own[number][entity] = value


def _is_of_a_person(request: Request) -> bool:
    """ "Bob (bob@a.example) has left, please remove him": who is meant stands in front."""
    return request.intent in ("contacts.add", "contacts.remove")


def _from_surroundings(
    entity: str, number: int, requests: Sequence[Request], own: Sequence[Mapping[str, tuple[str, ...]]],
    sentences: Sequence[Sentence], subject: Sequence[Sentence],
) -> tuple[str, ...]:  # fmt: skip
    here = requests[number].sentence
    if entity == "product":
        return ()
    in_sentence = _named(entity, [sentences[here]]) if here < len(sentences) else ()
    same = [place for place, other in enumerate(requests) if other.sentence == here and place != number]
    for place in (*reversed([one for one in same if one < number]), *(one for one in same if one > number)):
        if value := own[place].get(entity):
            return value
    if in_sentence:
        return in_sentence if len(in_sentence) == 1 or not same else ()
    just_before = _named(entity, sentences[max(0, here - 1) : here])
    if len(just_before) == 1 and _refers(requests[number].clause):
        return just_before
    for place in range(number - 1, -1, -1):
        if (
            (value := own[place].get(entity))
            and here - requests[place].sentence <= 2
            and _refers(requests[number].clause)
        ):
            return value
    everywhere = _named(entity, sentences)
    if len(everywhere) == 1:
        return everywhere
    in_subject = _named(entity, subject)
    if not everywhere and len(in_subject) == 1:
        return in_subject
    return just_before if _refers(requests[number].clause) else ()


def _refers(clause: Clause) -> bool:
    return "it" in clause.concepts


def _named(entity: str, sentences: Sequence[Sentence]) -> tuple[str, ...]:
    found = (
        token.name.value
        for sentence in sentences
        for clause in sentence.clauses
        for token in clause.tokens
        if token.name is not None and token.name.kind == entity
    )
    return tuple(dict.fromkeys(found))


def _is_same(one: Bound, other: Bound) -> bool:
    if one.intent != other.intent:
        return False
    if one.intent not in _TOGETHER:
        return True
    mine, others = _beside_the_domain(one), _beside_the_domain(other)
    return mine == others or not mine or not others


def _beside_the_domain(bound: Bound) -> dict[str, object]:
    return {key: value for key, value in bound.entities.items() if key != "domain"}


def _merged(one: Bound, other: Bound) -> Bound:
    entities = {
        key: tuple(dict.fromkeys((*one.entities.get(key, ()), *other.entities.get(key, ()))))
        for key in dict.fromkeys((*one.entities, *other.entities))
    }
    return Bound(one.intent, max(one.confidence, other.confidence), entities, one.why, one.clause)
