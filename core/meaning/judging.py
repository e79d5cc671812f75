"""One clause: which request it is, or why it is none."""

from __future__ import annotations

from core.meaning import rules
from core.meaning.acts import begins_with_act, says_what_one_can
from core.meaning.around import (
    SWITCHES,
    Around,
    follows_a_statement,
    goes_on,
    is_about_a_contact,
    is_an_attribute,
    is_one_more_thing,
    is_what_another_gets,
    lasts,
    undoes,
)
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import LONG, READS, SHORT
from core.meaning.phrases import Phrase, Phrases, is_said, says_more
from core.meaning.scope import is_negated
from core.meaning.shape import VERBS, is_about_the_statement_before
from core.meaning.stance import ASKING, Stance, asking, asks_to_know, stance
from core.meaning.telling import is_of_another_thing, states, tells_of_an_act, unknown_words
from core.meaning.turning import renewal_denied, switched_over
from core.meaning.verdict import NOTHING, STATEMENT, Outcome, Verdict

ALL = frozenset({"read", "meta", "secret", "change"})
_CHANGING = frozenset({"change"})
_ASKED = frozenset({"read", "meta", "secret"})
"""What a question may ask for; it changes nothing."""
_BEFORE_A_CODE = frozenset({"domain.unlock", "domain.epp_code", "domain.autorenew_off", "domain.id_protection_off"})
_ENDING = frozenset({"close", "reopen", "pay", "cancel", "renew", "lock", "unlock", "remove", "accept", "priority"})
"""Acts that an "it" may follow: "the one in ticket 7 needs opening again"."""
_HANDING_OVER = frozenset({"send", "want", "please", "canyou"})
_CARRIED = frozenset({"show", "send", "please", "want", "canyou", "state", "question"})
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
_FEW = 7
_SAYS_WHICH_WAY = frozenset(
    {"on", "on_act", "off", "add", "remove", "again", "locked", "close", "change", "order", "becomes"}
)
_VERB = 4
_ARTICLES = frozenset("the le la l les el il lo o het die der das den un une una uma een my our mon notre".split())
_PRICED = frozenset({"service.upgrade_options", "service.addons_list", "products.list"})
"""Questions that a "would" makes no less of a question: "what would the next size cost?"."""
_HELD_ON_FILE = frozenset({"account.update_details", "domain.contact_update"})
_FOUND = frozenset({"downloads", "webmail.login"})
_WHERE = frozenset("where wo ou donde onde dove waar gdzie".split())
_BARE = 4
"""Words. A single concept is a request only where hardly anything else is said ("forwarders for bakery.example")."""


def judged(clause: Clause, around: Around, phrases: Phrases) -> Verdict:
    """Guards first, then the phrases of intents that have no rules, then the rules, then all phrases."""
    meant = stance(clause, around.sentence, first=around.first)
    phrase = phrases.best(clause)
    if phrase is not None and phrase.intent not in rules.intents() and _may_be_done(phrase, meant, clause, around):
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.9, explicit=True)
    if around.topic is not None and clause.reason and clause.concepts.isdisjoint(ASKING):
        return STATEMENT
    if _goes_over_to_an_act(clause, around):
        meant = Stance(meant.guard, meant.question, explicit=True)
    if around.topic_explicit and goes_on(clause):
        meant = Stance(meant.guard, meant.question, explicit=True)
    if meant.guard == "negation" and (denied := renewal_denied(clause, around)) is not None:
        return denied
    if phrase is not None and phrase.asks and meant.guard == "how-to" and len(phrase.words) > 1:
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.85, explicit=True)
    if (switched := switched_over(clause, around, meant)) is not None:
        return switched
    match, carried, meant = _matched(clause, around, meant)
    if match is not None and phrase is not None and not meant.guard and says_more(phrase, match, clause):
        return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.85, explicit=True)
    if match is not None and (is_an_attribute(match, clause, around) or undoes(match, clause, around)):
        return STATEMENT
    if match is None:
        if phrase is not None and not meant.guard:
            return Verdict(Outcome.REQUEST, phrase.intent, f"phrase {phrase.text!r}", 0.8, explicit=meant.explicit)
        return NOTHING
    if _may_mean_the_contrary(match, clause):
        return NOTHING
    if is_about_a_contact(match, clause, around) or is_what_another_gets(match, clause, around):
        return STATEMENT
    if meant.guard:
        return _guarded(clause, match, meant, around)
    if not _is_asked(match, clause, meant, around):
        return STATEMENT
    confidence = 0.7 if carried else 0.95 if meant.explicit and match.lead >= 0.5 else 0.85
    return _request(match, confidence, explicit=meant.explicit or meant.question)


def _goes_over_to_an_act(clause: Clause, around: Around) -> bool:
    """ "It belongs to our sister company, so unlock it": judged together, and yet no less an order."""
    if around.own is None or around.own is clause or not begins_with_act(around.own):
        return False
    return "past" not in around.sentence.concepts or bool(asking(around.sentence))


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
    if around.near_intent in _BEFORE_A_CODE and "code" in concepts and concepts & _HANDING_OVER:
        match = rules.best(concepts | {"epp"}, risks=risks)
    elif around.topic is not None and (("year=year" in concepts and clause.names) or is_one_more_thing(clause)):
        match = rules.best(concepts | (around.topic.concepts & VERBS), risks=risks)
    elif around.topic is not None and (clause.names or around.correcting) and not concepts.isdisjoint(VERBS):
        match = rules.best(concepts | _things_of(around.topic), risks=risks)
    elif around.topic is not None and "it" in concepts and meant.explicit and not concepts.isdisjoint(_ENDING):
        named = frozenset(f"#{name.kind}" for name in around.topic.names)
        named |= {"ticket"} if around.topic_intent.startswith("ticket.") else frozenset()
        match = rules.best(concepts | _things_of(around.topic) - _CARRIED | named, risks=_CHANGING)
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
    return frozenset(one for one in topic.concepts - VERBS if one[0] != "#" and one not in ("past", "not", "on_act"))


def _guarded(clause: Clause, match: rules.Match, meant: Stance, around: Around) -> Verdict:
    is_read = rules.intents()[match.intent].risk in READS
    asked_before = meant.guard == "condition" and meant.explicit and "if" not in clause.concepts
    if is_read and meant.guard == "deferred" and _is_the_condition(clause):
        return Verdict(Outcome.GUARDED, match.intent, guard=meant.guard)
    if is_read and (meant.guard == "deferred" or (asked_before and _stands_before_the_if(clause, around.sentence))):
        return _request(match, 0.8, explicit=meant.explicit) if _is_asked(match, clause, meant, around) else STATEMENT
    if (
        meant.guard == "hypothetical"
        and meant.question
        and (match.intent in _PRICED or _doubts_behind(clause, is_read and around.words <= LONG))
    ):
        return _request(match, 0.8, explicit=True)
    if meant.guard == "past" and is_read and (meant.question or meant.explicit) and not lasts(around):
        return _request(match, 0.8, explicit=meant.explicit)
    weighed = meant.guard not in ("past", "negation", "how-to")
    if weighed and not meant.explicit and not meant.question and around.words > SHORT:
        return STATEMENT
    denied = meant.guard == "deferred" and is_negated(clause) and clause.concepts.isdisjoint({"later", "once"})
    return Verdict(Outcome.GUARDED, match.intent, guard="negation" if denied else meant.guard)


def _may_mean_the_contrary(match: rules.Match, clause: Clause) -> bool:
    """ "… le verrou de a.example" with a verb that no list knows: on or off, nothing says."""
    thing = SWITCHES.get(match.intent)
    if thing is None or not clause.concepts.isdisjoint(_SAYS_WHICH_WAY):
        return False
    for hit in clause.hits:
        if hit.concept == thing and hit.at[0] > 0 and clause.tokens[hit.at[0] - 1].text in _ARTICLES:
            return unknown_words(clause, shortest=_VERB) > 0
    return False


def _doubts_behind(clause: Clause, is_read: bool) -> bool:
    """ "Is there a handbook that I might pass on?": the thing itself is asked for without a maybe."""
    things = [hit.at[0] for hit in clause.hits if hit.family == 0]
    maybes = [hit.at[0] for hit in clause.hits if hit.concept == "maybe"]
    return is_read and bool(things and maybes) and min(maybes) > min(things) + 2


def _states_the_new_ones(clause: Clause, around: Around) -> bool:
    """ "The new name servers are …", "a.example should use …": why else should they be told?"""
    told = {"ns", "#nameserver"} <= clause.concepts and clause.concepts & {"new_word", "becomes"}
    if not told or around.sentence.is_question:
        return False
    return around.sentence.concepts.isdisjoint({"past", "not", "still", "if", "once", "later"})


def _says_what_it_becomes(clause: Clause, meant: Stance, around: Around) -> bool:
    """ "The company on our account should now read …"."""
    if "becomes" not in clause.concepts or "change" not in clause.concepts or meant.question:
        return False
    return (
        around.sentence.concepts.isdisjoint({"not", "still", "if", "once", "later"}) and "past" not in clause.concepts
    )


def _is_the_condition(clause: Clause) -> bool:
    """ "Once the invoice is paid you should unlock …" asks for no invoice."""
    return any(hit.concept == "once" and hit.at[0] == 0 for hit in clause.hits) and "paid" in clause.concepts


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
    if "may_end" in clause.concepts and match.intent == "service.cancel" and not meant.question:
        return True
    if match.intent == "domain.nameservers_set" and _states_the_new_ones(clause, around):
        return True
    if match.intent in _HELD_ON_FILE and _says_what_it_becomes(clause, meant, around):
        return True
    if match.intent == "contacts.add" and {"theywant", "account"} <= clause.concepts and not meant.question:
        return True  # "She should be on the account as a contact"
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
