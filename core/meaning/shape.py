"""What kind of clause one is, before any rule: names only, an act, a courtesy, a correction."""

from __future__ import annotations

from core.meaning import rules
from core.meaning.clauses import Clause, Sentence, joined
from core.meaning.found import READS
from core.meaning.stance import ASKING
from core.meaning.words import Token

VERBS = frozenset(
    """show send on off change add remove cancel order pay open login close reopen accept reset register renew transfer
    lock unlock upgrade""".split()
)
"""Concepts that say what is to be done."""
_NAMED = frozenset({"domain", "invoice", "ticket", "nameserver", "email", "amount", "number"})
_NAMING = frozenset({"domain", "domains", "invoice", "ticket", "my_word", "hosting", "new_word", "last_word"})
_NAMING_WORDS = 4
_CONTRARY = frozenset(
    "opposite contrary reverse vice inverse contraire gegenteil umgekehrt contrario tegenovergestelde omgekeerd odwrotnie"
    " przeciwnie".split()
)
_WHEREAS = frozenset("hingegen dagegen cambio invece daarentegen natomiast".split())
"""They only set one thing against another; alone with a name they turn the act round."""
_INSTEAD = frozenset("instead stattdessen dafur statt place lugar invece plaats zamiast".split())
_DETAIL_WORDS = 4
_ANY_PLACE = frozenset({"account", "interface", "onfile"})
_NO_DETAIL = frozenset({"not", "change", "cancel", "off", "please", "canyou"})
_NO = frozenset({"no", "nein", "non", "nee", "nie", "nao", "ne"})
_POLITE_CORRECTIONS = frozenset(
    """sorry pardon scusate scusa scusi desole desolee perdon perdona disculpa desculpe desculpem perdao entschuldigung
    przepraszam actually rather better besser enfin plutot mejor raczej vielmehr halt moment correct digo alias make
    edit typo znaczy erreur not""".split()
)
_IN_EARNEST = frozenset("it that ernst serio serieux serious sul meen powaznie".split())
_CORRECTING_WORDS = 3
_WITHDRAWING_WORDS = 4
_STOPPING_WORDS = 5
_POINTING = frozenset(
    "that this it das dies es ca cela tout alles eso esto todo isso isto tudo cio questo tutto dat dit".split()
)
_SWITCH_WORDS = 2
_SWITCHING = frozenset({"on", "off", "please", "stop_word", "on_act", "cancel", "not", "courtesy", "to", "told"})
_AROUND_A_STOP = frozenset({"stop_word", "please", "it", "nevermind", "canyou", "all", "courtesy"})


def names_only(clause: Clause) -> bool:
    """Names of things and hardly a word besides."""
    if not any(name.kind in _NAMED for name in clause.names) or clause.words() > _NAMING_WORDS or is_contrary(clause):
        return False
    return clause.concepts.isdisjoint(VERBS | {"year=year"}) and all(
        hit.family != 0 or hit.concept in _NAMING for hit in clause.hits
    )


def number_alone(clause: Clause) -> str:
    """The figure of a correction that names nothing else ("I meant 3"), "" for none."""
    figures = [name.value for name in clause.names]
    plain = len(figures) == 1 and clause.names[0].kind == "number" and clause.words() <= _CORRECTING_WORDS + 1
    return figures[0] if plain else ""


def is_contrary(clause: Clause) -> bool:
    """ "… and the other way round for b.example"."""
    words = {token.text for token in clause.tokens}
    if is_instead(clause):
        return True
    if not any(name.kind == "domain" for name in clause.names):
        return False
    return not words.isdisjoint(_CONTRARY) or (clause.words() <= _NAMING_WORDS and not words.isdisjoint(_WHEREAS))


def is_instead(clause: Clause) -> bool:
    """ "… and put b@a.example in her place": the contrary of what was asked for the one before."""
    words = {token.text for token in clause.tokens}
    return any(name.kind == "email" for name in clause.names) and not words.isdisjoint(_INSTEAD)


def is_a_detail(clause: Clause) -> bool:
    """ "…, yearly", "…, paid monthly", "…, for two years": belongs to the order in front."""
    values = any(hit.family == 1 and hit.concept.startswith(("cycle=", "year=", "years=")) for hit in clause.hits)
    return values and clause.words() <= _DETAIL_WORDS and not clause.names and clause.concepts.isdisjoint(_NO_DETAIL)


def has_matter(clause: Clause) -> bool:
    """It names something, or says what is to be done with what."""
    return bool(clause.names) or any(hit.family < 2 or hit.concept in VERBS for hit in clause.hits)


def is_filler(clause: Clause) -> bool:
    """A few words that name nothing ("and the like")."""
    return clause.words() <= _SWITCH_WORDS and not clause.names and all(hit.family > 2 for hit in clause.hits)


def has_verb(clause: Clause) -> bool:
    """It says what is to be done."""
    return not clause.concepts.isdisjoint(VERBS - {"on"})


def may_go_on(clause: Clause) -> bool:
    """A clause without a request whose words may belong to the next one's."""
    if asks_for_a_link(clause):
        return True
    return "not" not in clause.concepts and (bool(clause.names) or any(hit.family == 0 for hit in clause.hits))


def asks_for_a_link(clause: Clause) -> bool:
    """ "Please send us the link, so that we can …"."""
    return {"send", "open", "please"} <= clause.concepts and not clause.names


def is_about_the_statement_before(clause: Clause) -> bool:
    """ "My card has expired, I need to enter a new one"; "…, could you send it again?"; "…, turn it on"."""
    turns = "it" in clause.concepts and not clause.concepts.isdisjoint({"on", "off"})
    turns = turns or ("becomes" in clause.concepts and bool(clause.names))
    return turns or (not VERBS.isdisjoint(clause.concepts) and not _CONTINUING.isdisjoint(clause.concepts))


_CONTINUING = frozenset({"please", "canyou", "change", "add", "new_word", "becomes"})


def is_frustrated(sentence: Sentence) -> bool:
    """ "I want to renew it, but the page says …"."""
    if not {"still", "tells"} <= sentence.concepts or sentence.is_question:
        return False
    return sentence.concepts.isdisjoint({"please", "canyou"})


def has_object(sentence: Sentence) -> bool:
    """It names a thing of its own; "in our account" does not."""
    return any(clause.names for clause in sentence.clauses) or any(
        hit.family == 0 and hit.concept not in _ANY_PLACE for hit in sentence.hits
    )


def is_thanks(sentence: Sentence) -> bool:
    """A sentence that begins with thanks and asks for nothing: "thanks for fixing the mailboxes last week"."""
    if sentence.is_question or not sentence.concepts.isdisjoint(ASKING):
        return False
    return any(hit.concept == "thanks" and hit.at[0] <= 1 for hit in sentence.hits)


def is_stop_alone(sentence: Sentence) -> bool:
    """ "Please stop." "Please cancel that!": an end to something, and nothing says of what."""
    if sentence.words() > _STOPPING_WORDS or any(clause.names for clause in sentence.clauses):
        return False
    said = {hit.concept for hit in sentence.hits}
    if "stop_word" not in said:
        return False
    ours = {p for hit in sentence.hits if hit.concept in _AROUND_A_STOP for p in range(hit.at[0], hit.at[-1] + 1)}
    return all(place in ours or token.text in _POINTING for place, token in enumerate(sentence.tokens) if token.is_word)


def is_change(intent: str) -> bool:
    """Whether acting on it changes something, or gives a secret away."""
    known = rules.intents().get(intent)
    return known is not None and known.risk not in READS


def is_switch_alone(clause: Clause) -> bool:
    """ "…: off", "…: on please"."""
    said = {hit.concept for hit in clause.hits}
    return not clause.names and clause.words() <= _SWITCH_WORDS and bool(said & {"on", "off"}) and said <= _SWITCHING


def withdraws(clause: Clause) -> bool:
    """ "…, never mind"."""
    return "nevermind" in clause.concepts and clause.words() <= _WITHDRAWING_WORDS and not clause.names


def begins_correction(clause: Clause) -> bool:
    """ "…, no, …", "…, sorry, I mean …"."""
    words = [token.text for token in clause.tokens if token.is_word]
    if not words or _insists(clause):
        return False
    return words[0] in _NO or any(hit.concept == "correct" and hit.at[0] <= 1 for hit in clause.hits)


def _insists(clause: Clause) -> bool:
    """ "I mean it.", "Ich meine es ernst."."""
    correcting = {place for hit in clause.hits if hit.concept == "correct" for place in hit.at}
    rest = {token.text for place, token in enumerate(clause.tokens) if place > 1 and place not in correcting}
    return bool(correcting) and clause.words() <= _CORRECTING_WORDS + 2 and not _IN_EARNEST.isdisjoint(rest)


def is_firm_correction(clause: Clause) -> bool:
    """ "Hang on", "my mistake": the request before is wrong. A "sorry" may be no more than polite."""
    if not begins_correction(clause):
        return False
    return any(
        hit.concept == "correct" and hit.at[0] <= 1 and clause.tokens[hit.at[0]].text not in _POLITE_CORRECTIONS | _NO
        for hit in clause.hits
    )


def is_correction_alone(clause: Clause) -> bool:
    """ "no, wait", "no sorry fat fingers": what is meant instead follows."""
    if not begins_correction(clause) or clause.names:
        return False
    firm = any(hit.concept == "correct" and hit.at[0] <= 1 and len(hit.at) > 1 for hit in clause.hits)
    matter = has_matter(clause) or "not" in clause.concepts
    return clause.words() <= _CORRECTING_WORDS or (firm and not matter and clause.words() <= _STOPPING_WORDS)


def with_names_of(clause: Clause, other: Clause) -> Clause:
    """The clause with the other's names in place of its own of the same kinds."""
    kinds = {name.kind for name in other.names}
    kept = [Token("") if token.name is not None and token.name.kind in kinds else token for token in clause.tokens]
    return joined(Clause(kept, clause.hits, clause.concepts), other)
