"""How a clause is meant: as a request, a question, or as something that must not be acted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.meaning.clauses import Clause, Sentence
from core.meaning.lexicon import Hit

ASKING = frozenset({"please", "want", "canyou"})
_ACTS = frozenset(
    """show send change add remove cancel renew register order unlock lock upgrade pay open login reset close reopen
    accept funds transfer on off downloads epp tool_create_email addtext priority again answer""".split()
)
"""What an imperative may begin with."""
_LEADING = frozenset({"please", "canyou", "greet", "thanks"})
_FILLERS = frozenset(
    "also then just now so kindly and first second auch noch dann nun zuerst aussi ensuite tambien também anche ook dan".split()
)
_QUESTIONS = frozenset({"question", "state", "amountq"})
_ALREADY = frozenset({"already", "bereits", "deja"})
_TELLING = frozenset({"past", "not", "why", "Support.fail", "Security.hacked"})
_SAID = frozenset("asked said says wrote told requested received lost stole stolen".split())
_EARLY = 2
"""A question word that is no conjunction stands among the first words."""


@dataclass(frozen=True, slots=True)
class Stance:
    """`guard` is why the clause must not be acted on ("" for none); `explicit` that it plainly asks for an act."""

    guard: str
    question: bool
    explicit: bool


def stance(clause: Clause, sentence: Sentence, *, first: bool) -> Stance:
    """How one clause of a sentence is meant; `first` for the sentence's first one."""
    own, whole = clause.concepts, sentence.concepts
    acts = _begins_with_act(clause)
    polite = bool(own & ASKING) or (acts and bool(whole & {"please", "canyou"}))
    question = _is_question(clause, sentence, first=first)
    guard = _guard(clause, sentence, polite=polite, question=question)
    return Stance(guard, question and not (polite and "state" not in own), polite or acts)


def _is_question(clause: Clause, sentence: Sentence, *, first: bool) -> bool:
    asked = any(hit.concept in _QUESTIONS and _is_early(hit, clause) for hit in clause.hits)
    if sentence.is_question and not sentence.concepts & ASKING:
        return True
    return asked and (first or sentence.is_question) and not (clause.concepts & {"please", "canyou", "want"})


def _guard(clause: Clause, sentence: Sentence, *, polite: bool, question: bool) -> str:
    own, whole = clause.concepts, sentence.concepts
    if _has(sentence, "if") or _has(sentence, "once"):
        return "condition"
    if _has(sentence, "later"):
        return "deferred"
    if _has(sentence, "maybe"):
        return "hypothetical"
    if "whatis" in whole and not polite:
        return "how-to"
    if _has(sentence, "how") and not (polite and "how" not in own):
        return "how-to"
    asks = "cani" in own or ("cani" in whole and not whole & ASKING)
    if asks and "canyou" not in own and "please" not in whole and "want" not in own:
        return "how-to"
    if "why" in own:
        return "why"
    if _is_told(clause, sentence):
        return "past"
    if _is_negated(clause):
        return "negation"
    return "past" if not question and _is_past(clause) else ""


def _is_told(clause: Clause, sentence: Sentence) -> bool:
    """ "Yesterday I asked: unlock …", "please not: …": what stands before the colon says that it is no request now."""
    start = next((place for place, token in enumerate(sentence.tokens) if token is clause.tokens[0]), 0)
    colons = [place for place, token in enumerate(sentence.tokens[:start]) if token.text == ":"]
    if not colons:
        return False
    introducing = {hit.concept for hit in sentence.hits if hit.at[-1] < colons[-1]}
    words = {token.text for token in sentence.tokens[: colons[-1]]}
    if not words.isdisjoint(_SAID):
        return True
    return not introducing.isdisjoint(_TELLING) and clause.concepts.isdisjoint({"please", "canyou"})


def _is_past(clause: Clause) -> bool:
    """Something told as done; "I want to end what I ordered last year" is not."""
    wants = {hit.at[0] for hit in clause.hits if hit.concept == "want"}
    past = [hit.at[0] for hit in clause.hits if hit.concept == "past" and wants.isdisjoint((*hit.at, hit.at[-1] + 1))]
    if not past or clause.concepts & {"please", "canyou"}:
        return False
    return not wants or min(past) < min(wants) or any(token.text in _ALREADY for token in clause.tokens)


def _has(sentence: Sentence, concept: str) -> bool:
    """Whether a mood is there that no harmless phrase ("if possible") explains."""
    return any(hit.concept == concept and not _inside(hit, sentence.hits, "notnot") for hit in sentence.hits)


def _is_negated(clause: Clause) -> bool:
    """A "not" that belongs to none of the longer patterns ("do not need" is a cancellation)."""
    for hit in clause.hits:
        if hit.concept == "not" and not any(
            len(other.at) > 1 and other.family != 3 and set(hit.at) <= set(range(other.at[0], other.at[-1] + 1))
            for other in clause.hits
        ):
            return not _inside(hit, clause.hits, "notnot", "nevermind", "correct")
    return False


def _inside(hit: Hit, hits: Sequence[Hit], *concepts: str) -> bool:
    return any(other.concept in concepts and set(hit.at) <= set(range(other.at[0], other.at[-1] + 1)) for other in hits)


def _begins_with_act(clause: Clause) -> bool:
    """ "unlock …", "also renew …", "auto renew off for …": no subject stands in front of the act."""
    before = {place for hit in clause.hits if hit.concept in _LEADING for place in hit.at}
    before |= {place for place, token in enumerate(clause.tokens) if not token.is_word or token.text in _FILLERS}
    return any(hit.concept in _ACTS and before.issuperset(range(hit.at[0])) for hit in clause.hits)


def _is_early(hit: Hit, clause: Clause) -> bool:
    return sum(1 for token in clause.tokens[: hit.at[0]] if token.is_word) <= _EARLY
