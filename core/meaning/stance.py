"""How a clause is meant: as a request, a question, or as something that must not be acted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.meaning import scope
from core.meaning.acts import (
    ACTS,
    OWN_SENTENCE,
    begins_with_act,
    ends_with_act,
    is_infinitive,
    is_past_form,
    says_what_one_can,
)
from core.meaning.clauses import Clause, Sentence
from core.meaning.expecting import only_expects
from core.meaning.lexicon import Hit
from core.meaning.scope import inside as _inside

ASKING = frozenset({"please", "want", "canyou"})
WEIGHED = ("condition", "deferred", "hypothetical")
"""Guards of what is not meant now, or not yet."""
_PLEADING = frozenset({"please", "canyou"})
_QUESTIONS = frozenset({"question", "state", "amountq"})
_ASKED_ABOUT = frozenset({"question", "how", "state", "whatis", "when"})
_BEHIND = 3
_NAMED_ONES = frozenset({"#invoice", "#ticket", "#domain", "my_word"})
"""What is named or one's own is no notion to be explained: "what exactly is invoice 44?"."""
_FOR_EVERYBODY = frozenset("would mochte mochten will wollen soll souhaite demande wil zou".split())
_FIRST_PERSON = frozenset("i we ich wir je j nous on ik wij me you sie ihr".split())
_SUBJECT_NEAR = 5
_TELLERS = frozenset({"i", "we", "you", "he", "she", "they"})
_TO_CONFIRM = frozenset(
    """confirm confirmer confirmez bestatigen bestatigt bestatige confirmar confirmen confirme confirmem confermare
    confermate confermarmi bevestigen bevestig potwierdzic potwierdzcie potwierdzenie""".split()
)
_THAT = frozenset("that whether if dass ob que si se che dat of ze czy".split())
_RELATIVE = frozenset(
    "that which who whom you we i que qui dont qu che cui quem die dat ktora ktory ktore ktorej ktorego ktorych".split()
)
_CONJUNCTIONS = frozenset({"when", "where", "quand", "quando", "cuando", "wanneer", "kiedy"})
_SUBJECTS = frozenset("i we you he she they my our nous je vous noi wij we ik".split())
_ALREADY = frozenset({"already", "bereits", "deja"})
_TELLING = frozenset({"past", "not", "why", "Support.fail", "Security.hacked"})
_SAID = frozenset("asked said says wrote told requested received lost stole stolen".split())
_DECIDED = frozenset(
    "decided agreed entschieden beschlossen decide convenu decidido acordado decidimos deciso concordato besloten zdecydowalismy".split()
)
"""What was decided follows the colon, and is asked for now."""
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
    asks = asking(clause)
    acts = begins_with_act(clause) and (bool(asking(sentence)) or not is_infinitive(clause))
    acts = acts or (ends_with_act(clause) and not sentence.is_question)
    polite = bool(asks) or (acts and bool(asking(sentence) & _PLEADING)) or _is_announced(clause, sentence)
    polite = polite or _follows_a_plea(clause, sentence)
    question = _is_question(clause, sentence, first=first, acts=acts)
    guard = _guard(clause, sentence, polite=polite, question=question)
    embedded = asks_to_know(clause)
    return Stance(guard, embedded or (question and not (polite and "state" not in clause.concepts)), polite or acts)


def asking(part: Clause | Sentence) -> frozenset[str]:
    """How the writer asks. What somebody else wants ("my bank wants …") and asides ("as you can see") do not count."""
    hits = part.hits
    return frozenset(
        hit.concept
        for hit in hits
        if hit.concept in ASKING
        and not _inside(hit, hits, "aside")
        and not says_what_one_can(hit, part)
        and not (hit.concept == "want" and (_is_of_others(hit, hits) or _has_another_subject(hit, part)))
    )


def _is_of_others(want: Hit, hits: Sequence[Hit]) -> bool:
    """ "nobody should be …" is somebody else's; "the domain needs to be …" is ours although "needs" alone is not."""
    return any(
        other.concept == "theywant"
        and (set(want.at) <= set(other.at) or len(other.at) > 1 and set(want.at) & set(other.at))
        for other in hits
    )


def _has_another_subject(want: Hit, part: Clause | Sentence) -> bool:
    """ "Our new agency would like …": the verb is the same for everybody, and no "I" or "we" stands with it."""
    if part.tokens[want.at[0]].text not in _FOR_EVERYBODY:
        return False
    around = {token.text for token in part.tokens[max(0, want.at[0] - _SUBJECT_NEAR) : want.at[-1] + 3]}
    owned = any(hit.concept == "my_word" and 0 < want.at[0] - hit.at[0] <= _SUBJECT_NEAR for hit in part.hits)
    return owned and around.isdisjoint(_FIRST_PERSON)


def asks_to_know(clause: Clause) -> bool:
    """ "I would like to know who …", "tell me whether …": whatever follows is asked about, and not asked for."""
    asked = [hit.at[-1] for hit in clause.hits if hit.concept in _ASKED_ABOUT]
    if "theywant" in clause.concepts and not asking(clause):
        return False  # "our bank must be able to see who …"
    if _is_to_be_confirmed(clause):
        return True
    return any(
        hit.concept == "show"
        and (any(hit.at[-1] < place <= hit.at[-1] + _BEHIND for place in asked) or _is_whether(hit, clause))
        for hit in clause.hits
    )


def _is_to_be_confirmed(clause: Clause) -> bool:
    """ "Can you confirm that it has been …": whether it is so."""
    words = [token.text for token in clause.tokens if token.is_word]
    return any(
        word in _TO_CONFIRM and not _THAT.isdisjoint(words[place + 1 : place + 4]) for place, word in enumerate(words)
    )


def _is_whether(show: Hit, clause: Clause) -> bool:
    """ "saber se …": an "if" that no condition is."""
    ifs = [set(hit.at) for hit in clause.hits if hit.concept == "if"]
    return any(
        hit.concept == "notnot" and hit.at[0] == show.at[0] and any(places & set(hit.at) for places in ifs)
        for hit in clause.hits
    )


def _is_question(clause: Clause, sentence: Sentence, *, first: bool, acts: bool) -> bool:
    asked = any(
        hit.concept in _QUESTIONS
        and _is_early(hit, clause)
        and not _joins(hit, clause, sentence)
        and not _tells_what_was(hit, clause)
        for hit in clause.hits
    )
    if sentence.is_question and not asking(sentence):
        return not (acts and clause is not sentence.clauses[-1] and sentence.clauses[-1].words() > _EARLY)
    if "past" in clause.concepts and "still" in sentence.concepts and not sentence.is_question:
        return False  # "have unlocked it, and it is still …" leaves out its "I"
    return asked and (first or sentence.is_question) and not asking(clause)


def _guard(clause: Clause, sentence: Sentence, *, polite: bool, question: bool) -> str:
    own, whole = clause.concepts, sentence.concepts
    own_asks, all_asks = asking(clause), asking(sentence)
    if weighed := scope.weighed(clause, sentence, pleading=bool(own_asks & _PLEADING)):
        return weighed
    if "whatis" in whole and not polite and own.isdisjoint(_NAMED_ONES):
        return "how-to"
    if scope.has(sentence, "how") and not (polite and "how" not in own):
        return "how-to"
    asks = "cani" in own or ("cani" in whole and not all_asks)
    if asks and "please" not in all_asks and own_asks.isdisjoint({"canyou", "want"}):
        return "how-to"
    if "why" in own or ("why" in whole and sentence.is_question and not own_asks & _PLEADING):
        return "why"
    if _is_told(clause, sentence):
        return "past"
    if own_asks and not own_asks & _PLEADING and only_expects(clause, sentence):
        return "expected"
    if scope.is_reported(clause, sentence) and not own_asks & _PLEADING:
        return "reported"
    if scope.is_negated(clause):
        return "negation"
    return "past" if not question and _is_past(clause) else ""


def _is_told(clause: Clause, sentence: Sentence) -> bool:
    """ "Yesterday I asked: unlock …", "please not: …": what stands before the colon says that it is no request now."""
    start = next((place for place, token in enumerate(sentence.tokens) if token is clause.tokens[0]), 0)
    colons = [place for place, token in enumerate(sentence.tokens[:start]) if token.text == ":"]
    if not colons:
        return False
    introducing = _concepts_before(colons[-1], sentence)
    if introducing & ASKING and introducing.isdisjoint({"not", "why"}):
        return False
    words = {token.text for token in sentence.tokens[: colons[-1]]}
    if not words.isdisjoint(_SAID):
        return True
    if not words.isdisjoint(_DECIDED):
        return False
    return not introducing.isdisjoint(_TELLING) and clause.concepts.isdisjoint({"please", "canyou"})


def _is_announced(clause: Clause, sentence: Sentence) -> bool:
    """ "What I still need: the link to the cPanel, and …": a list of what is wanted."""
    start = next((place for place, token in enumerate(sentence.tokens) if token is clause.tokens[0]), 0)
    colons = [place for place, token in enumerate(sentence.tokens[:start]) if token.text == ":"]
    relative = _relative_clause(clause) or len(clause.tokens)
    if not colons or not {hit.concept for hit in clause.hits if hit.at[0] < relative}.isdisjoint(OWN_SENTENCE):
        return False
    before = _concepts_before(colons[0], sentence)
    return bool(before & ASKING) and before.isdisjoint({"past", "not", "theywant", "aside"})


def _follows_a_plea(clause: Clause, sentence: Sentence) -> bool:
    """ "While you're at it, invoice 7 as PDF": nothing else is asked for in front, and no sentence of its own follows."""
    number = next((n for n, part in enumerate(sentence.clauses) if part is clause), 0)
    if not number or not clause.names or not clause.concepts.isdisjoint(OWN_SENTENCE | _QUESTIONS):
        return False
    before = sentence.clauses[number - 1]
    return "please" in before.concepts and not before.names and all(hit.family > 2 for hit in before.hits)


def _concepts_before(colon: int, sentence: Sentence) -> set[str]:
    """Of the clause that ends in the colon."""
    start = next(
        (n for n in range(colon - 1, -1, -1) if not sentence.tokens[n].is_word and not sentence.tokens[n].name), 0
    )
    return {
        hit.concept
        for hit in sentence.hits
        if start <= hit.at[0]
        and hit.at[-1] < colon
        and not _inside(hit, sentence.hits, "notnot")
        and not (hit.concept == "past" and _inside(hit, sentence.hits, "want"))
    }


def _is_past(clause: Clause) -> bool:
    """Something told as done; "I want to end what I ordered last year" is not."""
    wants = {hit.at[0] for hit in clause.hits if hit.concept == "want"}
    listed = any(hit.concept in ("show", "overview") and hit.at[0] <= 1 for hit in clause.hits)
    relative = _relative_clause(clause) if listed or begins_with_act(clause) else 0
    past = [
        hit.at[0]
        for hit in clause.hits
        if hit.concept == "past"
        and wants.isdisjoint((*hit.at, hit.at[-1] + 1))
        and not (relative and hit.at[0] > relative)
        and not (len(hit.at) == 1 and _inside(hit, clause.hits, "ihave"))
        and not _inside(hit, clause.hits, "notnot", "stops_being")
    ]
    if clause.concepts & {"please", "canyou"}:
        return False
    if not past:
        return not wants and _tells_in_the_past(clause)
    return not wants or min(past) < min(wants) or any(token.text in _ALREADY for token in clause.tokens)


def _relative_clause(clause: Clause) -> int:
    """Where "… the card that you have on file" begins to tell of the thing; 0 for nowhere."""
    return next((n for n, token in enumerate(clause.tokens) if n > 1 and token.text in _RELATIVE), 0)


def _tells_in_the_past(clause: Clause) -> bool:
    """English: "we closed …", or "cancelled it" behind a comma or an "and"."""
    words = [token.text for token in clause.tokens if token.is_word]
    acts = {clause.tokens[place].text for hit in clause.hits if hit.concept in ACTS for place in hit.at[:1]}
    if words and words[0] in acts and is_past_form(words[0]):
        return True
    return any(
        word in _TELLERS and any(map(is_past_form, words[place + 1 : place + 1 + _EARLY]))
        for place, word in enumerate(words)
    )


def _tells_what_was(state: Hit, clause: Clause) -> bool:
    """ "Avete chiuso il ticket": the verb in front belongs to the past, and asks only where a question mark says so."""
    return any(hit.concept == "past" and len(hit.at) > 1 and hit.at[0] == state.at[0] for hit in clause.hits)


def _joins(hit: Hit, clause: Clause, sentence: Sentence) -> bool:
    """ "When we registered it, …": a conjunction, for the subject follows at once."""
    if (
        sentence.is_question
        or clause.tokens[hit.at[0]].text not in _CONJUNCTIONS
        or hit.at[-1] + 1 >= len(clause.tokens)
    ):
        return False
    return clause.tokens[hit.at[-1] + 1].text in _SUBJECTS


def _is_early(hit: Hit, clause: Clause) -> bool:
    return sum(1 for token in clause.tokens[: hit.at[0]] if token.is_word) <= _EARLY
