"""Whether "it should be unlocked" is an order, or what the writer had expected: "… by now", "… since yesterday, and it isn't".

Both are said with the same verb. What is expected already is a complaint, and doing it again helps nobody.
"""

from __future__ import annotations

from core.meaning.clauses import Clause, Sentence
from core.meaning.lexicon import Hit
from core.meaning.scope import inside

_SHOULD = frozenset(
    """should ought must supposed soll sollte sollten sollen musste mussten muss gehort devrait devraient doit doivent
    deberia deberian debe deben deveria deviam devia deve devem dovrebbe dovrebbero doveva andrebbe moet moeten zou zouden
    hoort powinien powinna powinno powinny ma mialo miala needs""".split()
)
_LONG_SINCE = frozenset(
    """already actually eigentlich langst schon bereits deja normalement ya teoricamente gia allang eigenlijk reeds juz
    wlasciwie dawno""".split()
)
_BUT = frozenset("but aber mais pero mas ma maar ale yet jedoch doch cependant sin".split())
_GONE_WRONG = frozenset({"not", "tells", "still", "Support.fail", "Support.trouble", "Billing.doubt"})
_SHORT_WORDS = 4


def only_expects(clause: Clause, sentence: Sentence) -> bool:
    """The clause says no more than "should", and a time that is over or a "but" tells that it has not come about."""
    if "stops_being" in clause.concepts and not clause.concepts.isdisjoint({"contact", "account", "role"}):
        return False  # "ya no debe …" has a "ya" and no long since
    wants = [hit for hit in clause.hits if hit.concept == "want"]
    if not wants or not all(_is_a_should(hit, clause) for hit in wants):
        return False
    over = any(hit.concept == "past" and not inside(hit, clause.hits, "notnot") for hit in clause.hits)
    if over or any(token.text in _LONG_SINCE for token in clause.tokens):
        return True
    return any(_has_not_come(part, sentence) for part in _behind(clause, sentence))


def _is_a_should(hit: Hit, clause: Clause) -> bool:
    return any(clause.tokens[place].text in _SHOULD for place in hit.at)


def _behind(clause: Clause, sentence: Sentence) -> list[Clause]:
    last = next((n for n, part in enumerate(sentence.clauses) if part.tokens[-1] is clause.tokens[-1]), -1)
    return sentence.clauses[last + 1 :] if last >= 0 else []


def _has_not_come(part: Clause, sentence: Sentence) -> bool:
    """ "…, but the page shows an error"; "…, and it isn't"."""
    if part.names or part.concepts.isdisjoint(_GONE_WRONG):
        return False
    start = next((place for place, token in enumerate(sentence.tokens) if token is part.tokens[0]), 0)
    if start and sentence.tokens[start - 1].text in _BUT:
        return True
    bare = all(hit.family > 2 for hit in part.hits)
    return bare and part.words() <= _SHORT_WORDS and "not" in part.concepts
