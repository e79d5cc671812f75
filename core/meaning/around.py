"""Where a clause stands in its sentence, and what it takes from the request in front of it."""

from __future__ import annotations

from dataclasses import dataclass

from core.meaning import rules
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import READS
from core.meaning.shape import VERBS
from core.meaning.stance import ASKING
from core.meaning.telling import states

OPPOSITES = {
    one: other
    for pair in (
        ("sso.enable", "sso.disable"),
        ("domain.lock", "domain.unlock"),
        ("domain.autorenew_on", "domain.autorenew_off"),
        ("domain.id_protection_on", "domain.id_protection_off"),
        ("contacts.add", "contacts.remove"),
    )
    for one, other in (pair, pair[::-1])
}
SWITCHED_ON = frozenset({"sso.enable", "domain.lock", "domain.autorenew_on", "domain.id_protection_on"})
"""What a bare "on" means of each pair."""
SWITCHES = {"domain.lock": "lock", "domain.autorenew_on": "autorenew", "domain.id_protection_on": "privacy"}
"""The thing that each of these switches on."""
_ITEMISED = frozenset(
    """services.list domains.list service.addons_list service.upgrade_options products.list service.show invoices.list
    domain.show""".split()
)
_PRICE = frozenset({"cost", "products"})
_ATTRIBUTES = _PRICE | frozenset(
    "expire status autorenew cycle open_state amountq payments_word ip disk registered".split()
)
_TO_DO = frozenset({"zu", "te", "om"})
_FEW_WORDS = 4
_MYSELF = frozenset(
    "i we me us ich wir mir uns je j nous moi yo nosotros nos io mi ci eu ik wij mij ons mnie nam".split()
)


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
    correcting: bool = False
    """The clause stands behind a "sorry, no"."""
    near_intent: str = ""
    """Of the last request, where that stands in this sentence or in the one before."""
    own: Clause | None = None
    """The clause itself, where the words before it are judged with it."""


def goes_on(clause: Clause) -> bool:
    """What follows a plain request and has no subject of its own is asked for as plainly."""
    if "theywant" in clause.concepts or (clause.names and not clause.concepts.isdisjoint({"told", "still", "tells"})):
        return False
    if "told" in clause.concepts and clause.concepts.isdisjoint(VERBS | ASKING) and clause.words() <= _FEW_WORDS:
        return False  # "…, the codes are ready"
    return clause.concepts.isdisjoint(VERBS - {"show"}) or not states(clause)


def is_one_more_thing(clause: Clause) -> bool:
    """ "… switch on privacy, and also auto renew": a thing, and no verb."""
    return (
        clause.concepts.isdisjoint(VERBS)
        and not clause.names
        and clause.words() <= _FEW_WORDS
        and any(hit.family == 0 for hit in clause.hits)
    )


def is_an_attribute(match: rules.Match, clause: Clause, around: Around) -> bool:
    """ "A list of my services, with price and due date": what the answer to the request before tells anyway."""
    if around.topic_intent == "domain.nameservers_set" and match.intent == "domain.nameservers_show":
        return not clause.names and clause.concepts.isdisjoint(ASKING | {"show", "send", "question"})
    if around.topic is None or clause.names or rules.intents()[match.intent].risk not in READS:
        return False
    things = {hit.concept for hit in clause.hits if hit.family == 0} - VERBS
    if around.topic_intent not in _ITEMISED or not things <= _ATTRIBUTES:
        return False
    return things <= _PRICE if around.topic_intent == "service.addons_list" else "my_word" not in clause.concepts


def undoes(match: rules.Match, clause: Clause, around: Around) -> bool:
    """Words without a verb behind "switch off …" do not ask for the opposite."""
    opposite = OPPOSITES.get(around.topic_intent)
    return opposite == match.intent and clause.concepts.isdisjoint(VERBS)


def is_about_a_contact(match: rules.Match, clause: Clause, around: Around) -> bool:
    """ "… should only get the invoices": what a contact may see is no list to be shown."""
    listed = around.topic_intent.startswith("contacts.") and match.intent.endswith(".list") and not clause.names
    if listed and not _TO_DO.isdisjoint(token.text for token in clause.tokens):
        return True  # "…, die Rechnungen zu sehen"
    return (
        around.topic_intent.startswith("contacts.")
        and (match.intent.endswith(".list") or (match.intent.startswith("contacts.") and not clause.names))
        and clause.concepts.isdisjoint(ASKING | VERBS)
    )


def is_what_another_gets(match: rules.Match, clause: Clause, around: Around) -> bool:
    """ "Our new bookkeeper (b@a.example) should get the invoices": no list that the writer wants to see."""
    if not match.intent.startswith("invoice") or rules.intents()[match.intent].risk not in READS:
        return False
    if around.sentence.concepts.isdisjoint({"role", "#email"}) or not clause.concepts.isdisjoint({"please", "canyou"}):
        return False
    words = {token.text for token in clause.tokens}
    return "permission" in clause.concepts and words.isdisjoint(_MYSELF)


def follows_a_statement(clause: Clause, around: Around) -> bool:
    """ "Nobody has asked for it to be …": the other half of a sentence that asks for nothing."""
    for part in around.sentence.clauses:
        if part is clause or part.tokens[-1] is clause.tokens[-1]:
            return False
        if not part.concepts.isdisjoint({"not", "theywant", "told", "reported"}):
            return True
    return False


def lasts(around: Around) -> bool:
    """ "I unlocked it yesterday, and it is still …" is a complaint."""
    return "still" in around.sentence.concepts and not around.sentence.is_question
