"""Which intent a clause's concepts ask for: the rules of data/rules.txt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from core.meaning import source

_HEAVY = 1.0
_LIGHT = 0.5
_LIGHT_CONCEPTS = frozenset(
    """show send question state want please canyou on off change add remove again open login order all #domain #email
    #amount #ticket #invoice cani past when options account overview status""".split()
)


@dataclass(frozen=True, slots=True)
class IntentClass:
    """What data/intents.txt says of an intent: risk is read, secret, change or meta."""

    name: str
    risk: str
    department: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """All of `needs` (each a set of alternatives) and none of `bars`."""

    intent: str
    needs: tuple[frozenset[str], ...]
    bars: frozenset[str]
    weight: float
    text: str

    def holds(self, concepts: Collection[str]) -> bool:
        return all(not need.isdisjoint(concepts) for need in self.needs) and self.bars.isdisjoint(concepts)


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that won, and by how much: `lead` over the best rule of another intent."""

    rule: Rule
    lead: float

    @property
    def intent(self) -> str:
        return self.rule.intent


@cache
def intents() -> dict[str, IntentClass]:
    found = {}
    for line in source.lines_of("intents.txt"):
        name, risk, department, entities = (
            (part.strip() for part in line.split("|")) if line.count("|") == 3 else _three(line)
        )
        found[name] = IntentClass(name, risk, department, tuple(entities.split()))
    return found


def _three(line: str) -> tuple[str, str, str, str]:
    name, risk, department = (part.strip() for part in line.split("|"))
    return name, risk, department, ""


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(_rule(entry.section, entry.value) for entry in source.entries("rules.txt"))


def _rule(intent: str, text: str) -> Rule:
    words = text.split()
    needs = tuple(frozenset(word.split("|")) for word in words if not word.startswith("!"))
    bars = frozenset(word[1:] for word in words if word.startswith("!"))
    weight = sum(_LIGHT if need <= _LIGHT_CONCEPTS else _HEAVY for need in needs)
    return Rule(intent, needs, bars, weight, text)


@cache
def _by_concept() -> dict[str, tuple[tuple[int, Rule], ...]]:
    """Each rule under the alternatives of its first need, so that few are tried."""
    found: dict[str, list[tuple[int, Rule]]] = {}
    for number, rule in enumerate(rules()):
        for concept in rule.needs[0]:
            found.setdefault(concept, []).append((number, rule))
    return {concept: tuple(numbered) for concept, numbered in found.items()}


def best(concepts: frozenset[str], *, risks: Collection[str]) -> Match | None:
    """The rule with the most conditions among the intents of these risks; of two as good the first in the file."""
    table, classes = _by_concept(), intents()
    ranked = sorted(
        {
            (-rule.weight, number, rule)
            for concept in concepts
            for number, rule in table.get(concept, ())
            if classes[rule.intent].risk in risks and rule.holds(concepts)
        },
        key=lambda one: one[:2],
    )
    if not ranked:
        return None
    first = ranked[0][2]
    other = next((rule.weight for _, _, rule in ranked if rule.intent != first.intent), 0.0)
    return Match(first, first.weight - other)


def unused(match: Match, concepts: Collection[str]) -> Iterator[str]:
    """Concepts with a weight of their own that the rule does not explain."""
    explained = frozenset().union(*match.rule.needs)
    return (concept for concept in concepts if concept not in explained and not concept.startswith("#"))
