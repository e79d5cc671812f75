"""One clause: which request it is, or why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from core.meaning import rules
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import SHORT
from core.meaning.phrases import Phrases
from core.meaning.shape import VERBS, is_about_the_statement_before
from core.meaning.stance import ASKING, Stance, stance

READS = frozenset({"read", "meta"})
ALL = frozenset({"read", "meta", "secret", "change"})
_ASKED = frozenset({"read", "meta", "secret"})
"""What a question may ask for; it changes nothing."""
_CARRIED = frozenset({"show", "send", "please", "want", "canyou", "state", "question"})
_SERVICES = frozenset({"hosting", "plan", "product", "service"})
_BACKGROUND = frozenset({"question", "state", "past", "still"})
_ANSWERS_TO_CAN_I = frozenset(
    """downloads service.upgrade_options service.addons_list products.list domain.check_availability help
    webmail.login""".split()
)
"""Reads that answer a "what can I …?" themselves."""
_FEW = 7
_BARE = 4
"""Words. A single concept is a request only where hardly anything else is said ("forwarders for bakery.example")."""


class Outcome(Enum):
    """What became of a clause."""

    REQUEST = "a request"
    GUARDED = "a request that must not be acted on"
    TOLD = "a statement"
    NONE = "no rule holds"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome; the intent (also of a guarded clause), the rule, and the guard."""

    outcome: Outcome
    intent: str = ""
    why: str = ""
    confidence: float = 0.0
    explicit: bool = False
    guard: str = ""
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOTHING = Verdict(Outcome.NONE)
STATEMENT = Verdict(Outcome.TOLD)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a clause stands: its sentence, the last request of it (`topic`), the last statement (`told`)."""

    sentence: Sentence
    first: bool
    words: int
    """Of the whole text."""
    topic: Clause | None = None
    topic_intent: str = ""
    topic_explicit: bool = False
    told: Clause | None = None


def judged(clause: Clause, around: Around, phrases: Phrases) -> Verdict:
    """Guards first, then the phrases of intents that have no rules, then the rules, then all phrases."""
    meant = stance(clause, around.sentence, first=around.first)
    phrase = phrases.best(clause)
    if phrase is not None and phrase.intent not in rules.intents() and not meant.guard:
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.9, explicit=True)
    if around.topic is not None and clause.reason and clause.concepts.isdisjoint(ASKING):
        return STATEMENT
    if around.topic_explicit and clause.concepts.isdisjoint(VERBS - {"show"}):
        meant = Stance(meant.guard, meant.question, explicit=True)
    if meant.guard == "negation" and (denied := _renewal_denied(clause)) is not None:
        return denied
    match, carried, meant = _matched(clause, around, meant)
    if match is None:
        if phrase is not None and not meant.guard:
            return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.8, explicit=meant.explicit)
        return NOTHING
    if _is_about_a_contact(match, clause, around):
        return STATEMENT
    if meant.guard:
        return _guarded(clause, match, meant, around)
    if not _is_asked(match, clause, meant, around):
        return STATEMENT
    confidence = 0.7 if carried else 0.95 if meant.explicit and match.lead >= 0.5 else 0.85
    return _request(match, confidence, explicit=meant.explicit or meant.question)


def _request(match: rules.Match, confidence: float, *, explicit: bool) -> Verdict:
    return Verdict(Outcome.REQUEST, match.intent, f"{match.intent}: {match.rule.text}", confidence, explicit)


def _matched(clause: Clause, around: Around, meant: Stance) -> tuple[rules.Match | None, bool, Stance]:
    """The rule for the clause alone, else together with what it refers to (then the second value is true)."""
    concepts = clause.concepts
    if around.sentence.is_question and around.sentence.concepts.isdisjoint(ASKING):
        concepts |= {"state"}
    if around.topic is not None and concepts.isdisjoint(VERBS):
        concepts |= around.topic.concepts & _CARRIED
    if meant.guard == "how-to" and "how" not in clause.concepts:
        answer = rules.best(concepts, risks=READS)
        if answer is not None and answer.intent in _ANSWERS_TO_CAN_I:
            return answer, False, Stance("", question=True, explicit=True)
    risks = _ASKED if meant.question and not meant.guard else ALL
    if (match := rules.best(concepts, risks=risks)) is not None:
        return match, False, meant
    if around.topic_intent.startswith("domain.") and {"code", "send"} <= concepts:
        match = rules.best(concepts | {"epp"}, risks=risks)
    elif around.topic is not None and clause.names and "year=year" in concepts:
        match = rules.best(concepts | (around.topic.concepts & VERBS), risks=risks)
    elif around.topic is not None and clause.names and not concepts.isdisjoint(VERBS):
        match = rules.best(concepts | _things_of(around.topic), risks=risks)
    if match is None and around.told is not None and meant.explicit and is_about_the_statement_before(clause):
        match = rules.best(concepts | (_things_of(around.told) - _BACKGROUND), risks=risks)
    return match, match is not None, meant


def _things_of(topic: Clause) -> frozenset[str]:
    """What the last request was about, without what was to be done: "off for a.example and on for b.example"."""
    return frozenset(one for one in topic.concepts - VERBS if one[0] != "#" and one not in ("past", "not"))


def _renewal_denied(clause: Clause) -> Verdict | None:
    """ "Do not renew …" asks for something: auto-renew off for a domain, the end of the period for a service."""
    concepts = clause.concepts
    if concepts.isdisjoint({"renew", "autorenew"}) or not concepts.isdisjoint({"lapse", "off"} - _explained(clause)):
        return None
    if not concepts.isdisjoint(_SERVICES):
        end = {"when": ("end_of_period",)}
        return Verdict(Outcome.REQUEST, "service.cancel", "service.cancel: not renew", 0.9, explicit=True, given=end)
    return Verdict(Outcome.REQUEST, "domain.autorenew_off", "domain.autorenew_off: not renew", 0.9, explicit=True)


def _explained(clause: Clause) -> set[str]:
    """ "no more", "any more" sound like an off, and belong to the not."""
    denying = {place for hit in clause.hits if hit.concept == "not" for place in hit.at}
    return {"off"} if all(denying & set(hit.at) for hit in clause.hits if hit.concept == "off") else set()


def _tells_of_an_act(clause: Clause) -> bool:
    """ "somebody registered …", "… got unlocked": the act in its past form, and nobody asked."""
    acts = {place for hit in clause.hits if hit.family == 0 or hit.concept in VERBS for place in hit.at}
    return any(clause.tokens[place].text.endswith("ed") for place in acts)


def _is_about_a_contact(match: rules.Match, clause: Clause, around: Around) -> bool:
    """ "… should only get the invoices": what a contact may see is no list to be shown."""
    return (
        around.topic_intent.startswith("contacts.")
        and match.intent.endswith(".list")
        and clause.concepts.isdisjoint(ASKING | VERBS)
    )


def _guarded(clause: Clause, match: rules.Match, meant: Stance, around: Around) -> Verdict:
    is_read = rules.intents()[match.intent].risk in READS
    if meant.guard == "past" and is_read and (meant.question or meant.explicit):
        return _request(match, 0.8, explicit=meant.explicit)
    weighed = meant.guard not in ("past", "negation", "how-to")
    if weighed and not meant.explicit and not meant.question and around.words > SHORT:
        return STATEMENT
    return Verdict(Outcome.GUARDED, match.intent, guard=meant.guard)


def _is_asked(match: rules.Match, clause: Clause, meant: Stance, around: Around) -> bool:
    """A statement is no request: in a long text only what is plainly asked for counts."""
    risk = rules.intents()[match.intent].risk
    faint = match.rule.weight <= 1
    if faint and risk in READS and clause.words() > _FEW and not meant.question:
        return False
    if meant.explicit or around.sentence.item:
        return True
    if risk not in _ASKED and _tells_of_an_act(clause):
        return False
    if around.words <= SHORT and (not faint or clause.words() <= _BARE):
        return True
    return meant.question and risk in _ASKED
