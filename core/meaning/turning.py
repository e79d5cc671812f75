"""What a "not" or an "on" and "off" make of a thing by themselves, without a rule of their own.

"Do not renew …" asks for something although it denies; "… and b.example off" takes its act from the clause before.
"""

from __future__ import annotations

from core.meaning.around import OPPOSITES, SWITCHED_ON, Around
from core.meaning.clauses import Clause
from core.meaning.lexicon import Hit
from core.meaning.stance import Stance, asking
from core.meaning.verdict import Outcome, Verdict

_SERVICES = frozenset({"hosting", "plan", "product", "service"})
_UNSURE = frozenset({"all", "reported", "theywant"})
_ANYTHING = frozenset(
    "anything nothing irgendetwas irgendwas nichts rien nada niente nulla niets nic niczego whatever".split()
)
_DID = frozenset(
    "did done renewed extended paid hicimos hizo hice fizemos fez facemmo zrobione zrobilem zrobilam zrobilismy erledigt verlangert fait renouvele hecho renovado feito fatto rinnovato gedaan".split()
)
_NOT_BEHIND = frozenset(
    "nicht keine kein keinen keinesfalls keineswegs niet geen pas plus jamais nie no non nao never niemals".split()
)
_NOBODY = frozenset("nobody noone niemand personne nadie ninguem nessuno nikt".split())
""" "Nobody asked you to renew it" is a complaint."""
_WANTED = frozenset("wanted needed required necessary desired intended".split())
_FEW_WORDS = 7


def switched_over(clause: Clause, around: Around, meant: Stance) -> Verdict | None:
    """ "The lock should come off a.example, but b.example ought to have it on": the same switch, the other way."""
    opposite = OPPOSITES.get(around.topic_intent)
    ways = clause.concepts & {"on", "off"}
    if opposite is None or meant.guard or meant.question or not clause.names or len(ways) != 1:
        return None
    if not around.topic_intent.startswith(("domain.", "sso.")):
        return None
    if any(hit.family == 0 for hit in clause.hits) or clause.words() > _FEW_WORDS:
        return None
    turned_on = around.topic_intent in SWITCHED_ON
    intent = around.topic_intent if turned_on == ("on" in ways) else opposite
    return Verdict(Outcome.REQUEST, intent, f"the switch of {around.topic_intent}", 0.7, meant.explicit)


def renewal_denied(clause: Clause, around: Around) -> Verdict | None:
    """ "Do not renew …" asks for something: auto-renew off for a domain, the end of the period for a service."""
    concepts = clause.concepts
    if concepts.isdisjoint({"renew", "autorenew"}) or not concepts.isdisjoint({"lapse", "off"} - _explained(clause)):
        return None
    unsure = {hit.concept for hit in clause.hits if hit.concept in _UNSURE and not _is_of_its_own_accord(hit, clause)}
    if unsure or (around.sentence.is_question and concepts.isdisjoint({"please", "canyou"})):
        return None
    if _is_of_no_one_thing(clause) or _was_done(clause, around) or _tells_what_is(clause) or not _reaches(clause):
        return None
    if "it" in concepts and not clause.names and "domain" not in concepts:
        concepts |= around.sentence.concepts & _SERVICES
    if not concepts.isdisjoint(_SERVICES):
        end = {"when": ("end_of_period",)}
        return Verdict(Outcome.REQUEST, "service.cancel", "service.cancel: not renew", 0.9, explicit=True, given=end)
    return Verdict(Outcome.REQUEST, "domain.autorenew_off", "domain.autorenew_off: not renew", 0.9, explicit=True)


def _reaches(clause: Clause) -> bool:
    """ "Renew it for two years not three": the "not" stands before the act, but for the languages that put it behind, and
    for "… is not needed"."""
    act = max((hit.at[-1] for hit in clause.hits if hit.concept in ("renew", "autorenew")), default=0)
    for hit in clause.hits:
        if hit.concept != "not" or clause.tokens[hit.at[0]].text in _NOBODY:
            continue
        following = clause.tokens[hit.at[-1] + 1].text if hit.at[-1] + 1 < len(clause.tokens) else ""
        told = any(other.concept in ("told", "want") and act < other.at[0] <= hit.at[0] for other in clause.hits)
        if hit.at[0] <= act or told or following in _WANTED or clause.tokens[hit.at[0]].text in _NOT_BEHIND:
            return True
    return False


def _tells_what_is(clause: Clause) -> bool:
    """ "I have seen that it does not renew by itself" tells of it, and asks for nothing."""
    if asking(clause):
        return False
    nots = [hit.at[0] for hit in clause.hits if hit.concept == "not"]
    return any(hit.concept == "past" and hit.at[0] < min(nots, default=0) for hit in clause.hits)


def _is_of_its_own_accord(hit: Hit, clause: Clause) -> bool:
    """The "tout" of "tout seul" is not everything, and "every year" is no all."""
    return any(
        (other.concept == "autorenew" and other.at[0] < hit.at[0] < other.at[-1])
        or (other.concept.startswith("cycle=") and set(hit.at) <= set(other.at))
        for other in clause.hits
    )


def _is_of_no_one_thing(clause: Clause) -> bool:
    """ "Do not renew anything"."""
    return not clause.names and any(token.text in _ANYTHING for token in clause.tokens)


def _was_done(clause: Clause, around: Around) -> bool:
    """ "No need to renew it, we did it yesterday": there is nothing to be switched off."""
    return any(
        part is not clause
        and not part.names
        and "past" in part.concepts
        and ("renew" in part.concepts or any(token.text in _DID for token in part.tokens))
        for part in around.sentence.clauses
    )


def _explained(clause: Clause) -> set[str]:
    """ "no more", "any more" sound like an off, and belong to the not."""
    denying = {place for hit in clause.hits if hit.concept == "not" for place in hit.at}
    return {"off"} if all(denying & set(hit.at) for hit in clause.hits if hit.concept == "off") else set()
