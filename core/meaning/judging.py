"""One clause: which request it is, or why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from core.meaning import rules
from core.meaning.around import (
    Around,
    follows_a_statement,
    goes_on,
    is_about_a_contact,
    is_an_attribute,
    is_one_more_thing,
    lasts,
    undoes,
)
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import READS, SHORT
from core.meaning.phrases import Phrase, Phrases, is_said, says_more
from core.meaning.scope import is_negated
from core.meaning.shape import VERBS, is_about_the_statement_before
from core.meaning.stance import ASKING, Stance, asks_to_know, says_what_one_can, stance
from core.meaning.telling import is_of_another_thing, states, tells_of_an_act

ALL = frozenset({"read", "meta", "secret", "change"})
_ASKED = frozenset({"read", "meta", "secret"})
"""What a question may ask for; it changes nothing."""
_CARRIED = frozenset({"show", "send", "please", "want", "canyou", "state", "question"})
_SERVICES = frozenset({"hosting", "plan", "product", "service"})
_UNSURE = frozenset({"all", "reported", "theywant"})
_BACKGROUND = frozenset({"question", "state", "past", "still"})
_ANSWERS_TO_CAN_I = frozenset(
    """downloads service.upgrade_options service.addons_list products.list domain.check_availability help
    webmail.login""".split()
)
"""Reads that answer a "what can I …?" themselves."""
_SAID_IS_ASKED = frozenset({"password.reset", "service.password_change"})
"""To have forgotten a password is to ask for a new one."""
_DESTINATION = frozenset({"onfile", "address", "email_word", "whois", "owner_word", "contact", "account"})
"""Where a code goes to ("to the registrant's address on file") is not what is asked about."""
_ASKING_TO_SEE = frozenset("show send question state status overview open login again amountq downloads".split())
_ANYTHING = frozenset(
    "anything nothing irgendetwas irgendwas nichts rien nada niente nulla niets nic niczego whatever".split()
)
_DID = frozenset(
    "did done renewed extended erledigt verlangert fait renouvele hecho renovado feito fatto rinnovato gedaan".split()
)
_FEW = 7
_FOUND = frozenset({"downloads", "webmail.login"})
_WHERE = frozenset("where wo ou donde onde dove waar gdzie".split())
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


def judged(clause: Clause, around: Around, phrases: Phrases) -> Verdict:
    """Guards first, then the phrases of intents that have no rules, then the rules, then all phrases."""
    meant = stance(clause, around.sentence, first=around.first)
    phrase = phrases.best(clause)
    if phrase is not None and phrase.intent not in rules.intents() and _may_be_done(phrase, meant, clause, around):
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.9, explicit=True)
    if around.topic is not None and clause.reason and clause.concepts.isdisjoint(ASKING):
        return STATEMENT
    if around.topic_explicit and goes_on(clause):
        meant = Stance(meant.guard, meant.question, explicit=True)
    if meant.guard == "negation" and (denied := _renewal_denied(clause, around)) is not None:
        return denied
    if phrase is not None and phrase.asks and meant.guard == "how-to" and len(phrase.words) > 1:
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.85, explicit=True)
    match, carried, meant = _matched(clause, around, meant)
    if match is not None and phrase is not None and not meant.guard and says_more(phrase, match, clause):
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.85, explicit=True)
    if match is not None and (is_an_attribute(match, clause, around) or undoes(match, clause, around)):
        return STATEMENT
    if match is None:
        if phrase is not None and not meant.guard:
            return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.8, explicit=meant.explicit)
        return NOTHING
    if is_about_a_contact(match, clause, around):
        return STATEMENT
    if meant.guard:
        return _guarded(clause, match, meant, around)
    if not _is_asked(match, clause, meant, around):
        return STATEMENT
    confidence = 0.7 if carried else 0.95 if meant.explicit and match.lead >= 0.5 else 0.85
    return _request(match, confidence, explicit=meant.explicit or meant.question)


def _may_be_done(phrase: Phrase, meant: Stance, clause: Clause, around: Around) -> bool:
    """A date belongs to what has a place for any words: "remind me of it in three days". A phrase that asks is what the
    clause asks, and a short text that says a phrase word by word means it."""
    if not meant.guard or (meant.guard == "deferred" and phrase.open):
        return True
    if meant.guard in ("how-to", "why"):
        return phrase.asks
    return meant.guard in ("past", "negation") and around.words <= SHORT and is_said(phrase, clause)


def _request(match: rules.Match, confidence: float, *, explicit: bool) -> Verdict:
    return Verdict(Outcome.REQUEST, match.intent, f"{match.intent}: {match.rule.text}", confidence, explicit)


def _matched(clause: Clause, around: Around, meant: Stance) -> tuple[rules.Match | None, bool, Stance]:
    """The rule for the clause alone, else together with what it refers to (then the second value is true)."""
    concepts = clause.concepts
    if around.sentence.is_question and around.sentence.concepts.isdisjoint(ASKING):
        concepts |= {"state"}
    if around.topic is not None and concepts.isdisjoint(VERBS):
        concepts |= around.topic.concepts & _CARRIED
    if meant.guard == "how-to" and (not _tells_how(clause) or _asks_where(clause)):
        answer = rules.best(concepts, risks=READS)
        if answer is not None and answer.intent in (_FOUND if _tells_how(clause) else _ANSWERS_TO_CAN_I):
            return answer, False, Stance("", question=True, explicit=True)
    if {"epp", "code"} & concepts and "send" in concepts:
        concepts -= _DESTINATION
    risks = ALL
    if meant.question and not meant.guard:
        risks = READS if asks_to_know(clause) else _ASKED
    if (match := rules.best(concepts, risks=risks)) is not None:
        return match, False, meant
    if around.topic_intent.startswith("domain.") and {"code", "send"} <= concepts:
        match = rules.best(concepts | {"epp"}, risks=risks)
    elif around.topic is not None and (("year=year" in concepts and clause.names) or is_one_more_thing(clause)):
        match = rules.best(concepts | (around.topic.concepts & VERBS), risks=risks)
    elif around.topic is not None and (clause.names or around.correcting) and not concepts.isdisjoint(VERBS):
        match = rules.best(concepts | _things_of(around.topic), risks=risks)
    about_it = is_about_the_statement_before(clause) and "site_word" not in clause.concepts
    if match is None and around.told is not None and meant.explicit and about_it:
        match = rules.best(concepts | (_things_of(around.told) - _BACKGROUND), risks=risks)
    return match, match is not None, meant


def _tells_how(clause: Clause) -> bool:
    return "how" in clause.concepts


def _asks_where(clause: Clause) -> bool:
    """ "Where do I read my mails in the browser?" is answered by the address."""
    return any(hit.concept == "how" and clause.tokens[hit.at[0]].text in _WHERE for hit in clause.hits)


def _things_of(topic: Clause) -> frozenset[str]:
    """What the last request was about, without what was to be done: "off for a.example and on for b.example"."""
    return frozenset(one for one in topic.concepts - VERBS if one[0] != "#" and one not in ("past", "not"))


def _renewal_denied(clause: Clause, around: Around) -> Verdict | None:
    """ "Do not renew …" asks for something: auto-renew off for a domain, the end of the period for a service."""
    concepts = clause.concepts
    if concepts.isdisjoint({"renew", "autorenew"}) or not concepts.isdisjoint({"lapse", "off"} - _explained(clause)):
        return None
    if not concepts.isdisjoint(_UNSURE) or (around.sentence.is_question and concepts.isdisjoint({"please", "canyou"})):
        return None
    if _is_of_no_one_thing(clause) or _was_done(clause, around):
        return None
    if "it" in concepts and not clause.names and "domain" not in concepts:
        concepts |= around.sentence.concepts & _SERVICES
    if not concepts.isdisjoint(_SERVICES):
        end = {"when": ("end_of_period",)}
        return Verdict(Outcome.REQUEST, "service.cancel", "service.cancel: not renew", 0.9, explicit=True, given=end)
    return Verdict(Outcome.REQUEST, "domain.autorenew_off", "domain.autorenew_off: not renew", 0.9, explicit=True)


def _is_of_no_one_thing(clause: Clause) -> bool:
    """ "Do not renew anything"."""
    return not clause.names and any(token.text in _ANYTHING for token in clause.tokens)


def _was_done(clause: Clause, around: Around) -> bool:
    """ "No need to renew it, we did it yesterday": there is nothing to be switched off."""
    return any(
        part is not clause
        and not part.names
        and "past" in part.concepts
        and (part.concepts & {"renew", "it"} or any(token.text in _DID for token in part.tokens))
        for part in around.sentence.clauses
    )


def _explained(clause: Clause) -> set[str]:
    """ "no more", "any more" sound like an off, and belong to the not."""
    denying = {place for hit in clause.hits if hit.concept == "not" for place in hit.at}
    return {"off"} if all(denying & set(hit.at) for hit in clause.hits if hit.concept == "off") else set()


def _guarded(clause: Clause, match: rules.Match, meant: Stance, around: Around) -> Verdict:
    is_read = rules.intents()[match.intent].risk in READS
    asked_before = meant.guard == "condition" and meant.explicit and "if" not in clause.concepts
    if is_read and (meant.guard == "deferred" or (asked_before and _stands_before_the_if(clause, around.sentence))):
        return _request(match, 0.8, explicit=meant.explicit) if _is_asked(match, clause, meant, around) else STATEMENT
    if meant.guard == "past" and is_read and (meant.question or meant.explicit) and not lasts(around):
        return _request(match, 0.8, explicit=meant.explicit)
    weighed = meant.guard not in ("past", "negation", "how-to")
    if weighed and not meant.explicit and not meant.question and around.words > SHORT:
        return STATEMENT
    denied = meant.guard == "deferred" and is_negated(clause) and clause.concepts.isdisjoint({"later", "once"})
    return Verdict(Outcome.GUARDED, match.intent, guard="negation" if denied else meant.guard)


def _stands_before_the_if(clause: Clause, sentence: Sentence) -> bool:
    """ "Please tell me which plans there are, if we wanted a larger one": the question stands by itself."""
    start = next((place for place, token in enumerate(sentence.tokens) if token is clause.tokens[0]), 0)
    return all(hit.at[0] > start for hit in sentence.hits if hit.concept == "if")


def _is_asked(match: rules.Match, clause: Clause, meant: Stance, around: Around) -> bool:
    """A statement is no request: in a long text only what is plainly asked for counts."""
    risk = rules.intents()[match.intent].risk
    if risk not in READS and (
        is_of_another_thing(clause) or any(says_what_one_can(hit, clause) for hit in clause.hits)
    ):
        return False
    if "forgot" in clause.concepts and match.intent in _SAID_IS_ASKED:
        return True
    faint = match.rule.weight <= 1
    if faint and risk in READS and clause.words() > _FEW and not meant.question:
        return False
    if risk in READS and clause.words() > _FEW and not (clause.names or meant.question):
        return meant.explicit and not clause.concepts.isdisjoint(_ASKING_TO_SEE | {"please", "canyou", "pdf"})
    if meant.explicit or around.sentence.item:
        return True
    if "tells" in clause.concepts and not meant.question:
        return False
    if risk not in READS and (tells_of_an_act(clause) or states(clause) or follows_a_statement(clause, around)):
        return False
    if (
        risk in READS
        and {"told", "past"} <= around.sentence.concepts
        and "told" in clause.concepts
        and not meant.question
    ):
        return False
    if "still" in clause.concepts and "told" in around.sentence.concepts:
        return meant.question
    if around.words <= SHORT and (not faint or clause.words() <= _BARE):
        return True
    return meant.question and risk in _ASKED
