"""Which clause a mood reaches: a condition its whole sentence, a date the act it stands with, a "not" what follows it."""

from __future__ import annotations

from collections.abc import Sequence

from core.meaning.clauses import Clause, Sentence
from core.meaning.lexicon import Hit

_OWN_DATE = frozenset({"expire", "open_state", "starts"})
"""What has a date of its own: "renew it, it expires next week"."""
_DATED_WORDS = 4
_ADVERBIAL_WORDS = 2
_NEAR = 2
_STORY_WORDS = 9
_DENIED_WORDS = 3
_INSTEAD = frozenset("instead than statt anstatt lieu vez lugar invece anziche plaats zamiast".split())
_INFINITIVES = ("ing", "er", "ir", "ar", "re", "en", "c")
_SHORT_WORD = 4
_NO_LONGER = frozenset("longer anymore more mehr plus mas mais piu meer juz".split())
_PLEADING = frozenset({"please", "canyou", "want"})
_I_WILL = frozenset("i'll we'll ich wir je j nous ik wij".split())


def weighed(clause: Clause, sentence: Sentence, *, pleading: bool) -> str:
    """Why a clause is only weighed or put off, "" when it is not."""
    if any(hit.concept == "if" and _counts(hit, sentence) for hit in _hits_before_the_text(sentence)):
        return "condition"
    if any(
        hit.concept == "once"
        and _counts(hit, sentence)
        and not _is_of_a_story_before(hit, clause, sentence)
        and not _is_of_ones_own_plan(hit, clause, sentence)
        for hit in _hits_before_the_text(sentence)
    ):
        return "deferred"
    if _is_put_off(clause, sentence):
        return "deferred"
    if has(clause, "maybe") or (has(sentence, "maybe") and not (pleading and not _is_under_a_maybe(clause, sentence))):
        return "hypothetical"
    return ""


def _is_under_a_maybe(clause: Clause, sentence: Sentence) -> bool:
    """ "In theory, could you …": the maybe is a word or two in front."""
    return any(
        part is not clause and hit.concept == "maybe" and _says_only(hit, part)
        for part in sentence.clauses
        for hit in part.hits
    )


def has(part: Clause | Sentence, concept: str) -> bool:
    """Whether a mood is there that no harmless phrase ("if possible") explains."""
    return any(
        hit.concept == concept
        and not inside(hit, part.hits, "notnot")
        and not (concept == "maybe" and (_is_denied(hit, part) or inside(hit, part.hits, "may_end")))
        for hit in part.hits
    )


def _is_denied(mood: Hit, part: Clause | Sentence) -> bool:
    """ "I don't want to think about it" weighs nothing."""
    return any(
        hit.concept == "not" and 0 < mood.at[0] - hit.at[-1] <= _DENIED_WORDS and set(hit.at).isdisjoint(mood.at)
        for hit in part.hits
    )


def inside(hit: Hit, hits: Sequence[Hit], *concepts: str) -> bool:
    """Whether the words of a hit lie within those of one of these concepts."""
    return any(other.concept in concepts and set(hit.at) <= set(range(other.at[0], other.at[-1] + 1)) for other in hits)


def is_reported(clause: Clause, sentence: Sentence) -> bool:
    """ "My colleague says you should …": somebody else's words, before the clause or in it."""
    start = next((place for place, token in enumerate(sentence.tokens) if token is clause.tokens[0]), 0)
    return any(
        hit.concept == "reported"
        and hit.at[0] < start + len(clause.tokens)
        and not inside(hit, sentence.hits, "notnot")
        for hit in sentence.hits
    )


def is_negated(clause: Clause) -> bool:
    """A "not" that belongs to none of the longer patterns ("do not need" is a cancellation), and that no request
    follows at a distance ("not that I mind, but could you …")."""
    for hit in clause.hits:
        if hit.concept == "not" and not _is_part_of_a_thing(hit, clause) and not _is_instead(hit, clause):
            return not _belongs_to_a_phrase(hit, clause) and not _is_before_a_request(hit, clause)
    return False


def _belongs_to_a_phrase(hit: Hit, clause: Clause) -> bool:
    """The "not" is one of the phrase's own words: "heb … nodig" has none."""
    phrases = ("notnot", "correct", "nevermind") if clause.words() <= _DENIED_WORDS + 1 else ("notnot", "correct")
    return any(other.concept in phrases and set(hit.at) <= set(other.at) for other in clause.hits)


def _is_part_of_a_thing(hit: Hit, clause: Clause) -> bool:
    return any(
        len(other.at) > 1
        and (other.family != 3 or _is_no_longer_needed(other, clause))
        and set(hit.at) <= set(range(other.at[0], other.at[-1] + 1))
        for other in clause.hits
    )


def _is_instead(hit: Hit, clause: Clause) -> bool:
    """ "Let it run out instead of charging me": what was said before stands."""
    following = clause.tokens[hit.at[-1] + 1].text if hit.at[-1] + 1 < len(clause.tokens) else ""
    doing = len(following) > _SHORT_WORD and following.endswith(_INFINITIVES)
    return doing and hit.at[0] > _NEAR and not {clause.tokens[place].text for place in hit.at}.isdisjoint(_INSTEAD)


def _is_no_longer_needed(hit: Hit, clause: Clause) -> bool:
    """ "Das Hosting … brauchen wir nicht mehr" ends it; "we don't need hosting with it" does not."""
    if hit.concept != "cancel" or clause.concepts.isdisjoint({"hosting", "plan", "service"}):
        return False
    return not {clause.tokens[place].text for place in hit.at}.isdisjoint(_NO_LONGER)


def _is_before_a_request(hit: Hit, clause: Clause) -> bool:
    return any(other.concept in ("please", "canyou") and other.at[0] > hit.at[-1] + _NEAR for other in clause.hits)


def _counts(hit: Hit, sentence: Sentence) -> bool:
    """An "if" that is no "whether" and no courtesy ("grateful if …"); its first word tells."""
    first = Hit(hit.concept, hit.family, hit.at[:1])
    courteous = [other for other in sentence.hits if other.concept == "please" and len(other.at) > 1]
    harmless = [other for other in sentence.hits if len(other.at) >= len(hit.at)]
    return not inside(first, harmless, "notnot") and not inside(first, courteous, "please")


def _is_of_a_story_before(hit: Hit, clause: Clause, sentence: Sentence) -> bool:
    """ "After the trainee had sorted all that, this is what came of it: …": the colon ends what was told."""
    start = next((place for place, token in enumerate(sentence.tokens) if token is clause.tokens[0]), 0)
    colon = next((place for place in range(start - 1, hit.at[-1], -1) if sentence.tokens[place].text == ":"), -1)
    return colon - hit.at[0] > _STORY_WORDS


def _is_of_ones_own_plan(hit: Hit, clause: Clause, sentence: Sentence) -> bool:
    """ "Send the code, and we'll pass it on once we have it": what the writer himself will do, and then."""
    asked_before = False
    first = 0
    for part in sentence.clauses:
        first = next((place for place, token in enumerate(sentence.tokens) if token is part.tokens[0]), first)
        if first <= hit.at[0] < first + len(part.tokens):
            before = {token.text for token in sentence.tokens[first : hit.at[0]]}
            return asked_before and not before.isdisjoint(_I_WILL)
        asked_before = asked_before or part.tokens[-1] is clause.tokens[-1]
    return False


def _hits_before_the_text(sentence: Sentence) -> Sequence[Hit]:
    """ "Please add to ticket 7: it only happens if …": behind the colon stands what is to be written."""
    if "addtext" not in sentence.concepts or sentence.concepts.isdisjoint({"ticket", "#ticket"}):
        return sentence.hits
    colon = next((place for place, token in enumerate(sentence.tokens) if token.text == ":"), len(sentence.tokens))
    return [hit for hit in sentence.hits if hit.at[0] < colon]


def _is_put_off(clause: Clause, sentence: Sentence) -> bool:
    """A date of the act's own clause, or of a part of the sentence that says nothing but the date."""
    behind = False
    for part in sentence.clauses:
        for hit in part.hits:
            if hit.concept != "later" or inside(hit, part.hits, "notnot") or _is_its_own_date(hit, part):
                continue
            if _ends_with(clause, part) or _says_only(hit, part):
                return True
            if hit.at[0] <= 1 and behind:
                return True  # "…, but not before …"
        behind = behind or _ends_with(clause, part)
    return False


def _ends_with(clause: Clause, part: Clause) -> bool:
    """Whether the part is the clause, or the last of those that were put together."""
    return part is clause or clause.tokens[-len(part.tokens) :] == part.tokens


def _is_its_own_date(date: Hit, part: Clause) -> bool:
    return any(
        hit.concept in _OWN_DATE
        and (0 < date.at[0] - hit.at[-1] <= _DATED_WORDS or hit.at[0] < date.at[0] < hit.at[-1])
        for hit in part.hits
    )


def _says_only(date: Hit, part: Clause) -> bool:
    """ "Next Tuesday at eight, …": hardly a word besides, and nothing that makes a statement."""
    if "told" in part.concepts or any(hit.family == 0 for hit in part.hits):
        return False
    return part.words() - len(date.at) <= _ADVERBIAL_WORDS
