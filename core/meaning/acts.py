"""Whether a clause orders something: an imperative at its beginning, or an infinitive at its end."""

from __future__ import annotations

import re

from core.meaning.clauses import Clause, Sentence
from core.meaning.lexicon import Hit

ACTS = frozenset(
    """show send change add remove cancel renew register order unlock lock upgrade pay open login reset close reopen
    accept funds transfer on off downloads epp tool_create_email addtext priority again answer lapse""".split()
)
"""What an imperative may begin with."""
_LEADING = frozenset({"please", "canyou", "greet", "thanks"})
_FILLERS = frozenset(
    "also then just now so kindly and first second only nur seulement solo solamente apenas soltanto alleen tylko auch noch dann nun zuerst aussi ensuite tambien também anche ook dan".split()
)
_SO_THAT = frozenset({("asi", "que"), ("pelo", "que"), ("por", "isso"), ("por", "eso"), ("por", "tanto")})
_NOUN_BEFORE = frozenset("of number no button link page form buttons links".split())
_COPULAS = frozenset(
    "is was are were isn't has had ist sind war est etait esta estaba era foi estava jest byla zostala staat".split()
)
_SHORTEST_PAST = 4
_NO_GERUND = frozenset({"bring", "ring", "ping", "string"})
_TELLING_WHAT_ONE_CAN = frozenset("you u sie ihr du vous tu jullie je".split())
_MEANT = frozenset(
    {"my_word", "it", "ticket", "account", "interface", "#ticket", "#domain", "#invoice", "#email", "please"}
)
_NO_PAST = frozenset({"speed", "embed", "exceed", "proceed", "indeed", "hundred", "interested", "united", "limited"})
_ZU = re.compile(r"^\w{2,}zu\w{2,}en$")
OWN_SENTENCE = frozenset({"told", "theywant", "past", "tells", "not", "if"})
_NO_INFINITIVE = frozenset("open reopen daten seiten kosten rechnungen domainen when then".split())
_ENDED = frozenset("send cancel change add remove on off login accept".split())


def says_what_one_can(can: Hit, part: Clause | Sentence) -> bool:
    """ "So you can unlock domains": no inversion, and nothing of one's own."""
    if can.concept != "canyou":
        return False
    return part.tokens[can.at[0]].text in _TELLING_WHAT_ONE_CAN and part.concepts.isdisjoint(_MEANT)


def is_past_form(word: str) -> bool:
    return word.endswith("ed") and len(word) > _SHORTEST_PAST and word not in _NO_PAST


def begins_with_act(clause: Clause) -> bool:
    """ "unlock …", "also renew …", "auto renew off for …": no subject stands in front of the act."""
    leading = [hit for hit in clause.hits if hit.concept in _LEADING]
    before = {place for hit in leading if not says_what_one_can(hit, clause) for place in hit.at}
    before |= {place for place, token in enumerate(clause.tokens) if not token.is_word or token.text in _FILLERS}
    if tuple(token.text for token in clause.tokens[:2]) in _SO_THAT:
        before |= {0, 1}
    return any(
        hit.concept in ACTS and before.issuperset(range(hit.at[0])) and not _is_noun(hit, clause) for hit in clause.hits
    )


def ends_with_act(clause: Clause) -> bool:
    """German and Dutch: "Außerdem das Hosting zum Laufzeitende kündigen." has no subject and no other verb."""
    if not clause.concepts.isdisjoint(OWN_SENTENCE | {"reported"}) or clause.words() < _SHORTEST_PAST - 1:
        return False
    last = max((place for place, token in enumerate(clause.tokens) if token.is_word), default=0)
    word = clause.tokens[last].text
    if not word.endswith("en") or word in _NO_INFINITIVE or _ZU.search(word):
        return False
    return any(
        hit.concept in ACTS and hit.at[-1] == last and hit.family != 3 or hit.concept in _ENDED and hit.at[-1] == last
        for hit in clause.hits
    )


def is_infinitive(clause: Clause) -> bool:
    """German: "… hat darum gebeten, a.example freizugeben" is no imperative."""
    return any(_ZU.search(clause.tokens[place].text) for hit in clause.hits if hit.concept in ACTS for place in hit.at)


def _is_noun(hit: Hit, clause: Clause) -> bool:
    """ "change of address", "cancel button", "cancelled it", "renewing it", "lock is off": no imperative."""
    word = clause.tokens[hit.at[0]].text
    if is_past_form(word) or (word.endswith("ing") and len(word) > _SHORTEST_PAST and word not in _NO_GERUND):
        return True
    following = clause.tokens[hit.at[-1] + 1] if hit.at[-1] + 1 < len(clause.tokens) else None
    if following is None:
        return False
    after = clause.tokens[hit.at[-1] + 2 : hit.at[-1] + 3] if following.name is not None else [following]
    if hit.at[-1] - hit.at[0] < len(hit.at) and any(token.text in _COPULAS for token in after):
        return True
    return len(hit.at) == 1 and following.text in _NOUN_BEFORE
