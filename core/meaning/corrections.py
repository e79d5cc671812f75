"""What changes a request that stands already: other names for it, another one in its place, an end to it, a later day.

Who writes "unlock a.example, no, wait, b.example" asks for one thing. Where it stays open which one, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.meaning import shape
from core.meaning.around import OPPOSITES, SWITCHED_ON
from core.meaning.clauses import Clause, Sentence, joined
from core.meaning.progress import Place, Progress, add
from core.meaning.stance import WEIGHED, asking, stance
from core.meaning.verdict import Outcome, Verdict

_MORE = 12
_EARLY = 2
_STOPGAP = 4
_MEASURED_WORDS = 4
_ENDINGS = frozenset("service.cancel domain.autorenew_off contacts.remove sso.disable domain.id_protection_off".split())
_NEEDED = frozenset(
    "need needed necessary notig gebraucht brauche brauchen besoin necessaire falta necesario necesito preciso"
    " necessario serve nodig".split()
)
_OF_AN_AMOUNT = frozenset({"credit.add_funds", "invoice.pay"})
_ONLY = frozenset(
    "only nur erst seulement uniquement solo solamente so somente apenas soltanto alleen pas tylko dopiero".split()
)


def hand_over_what_was_turned_round(progress: Progress) -> None:
    """ "Please stop. Unlock …" may mean the one or the other; and so may a "hang on" that nothing follows."""
    if progress.stopped >= 0 and progress.found.requests:
        progress.found.requests.clear()
        progress.found.human.append((progress.stopped, "a stop beside a request"))
    elif (
        progress.wrong is not None
        and progress.wrong in progress.found.requests
        and shape.is_change(progress.wrong.intent)
    ):
        progress.found.requests.remove(progress.wrong)
        progress.found.human.append((progress.wrong.sentence, "a correction that was not understood"))


def puts_off(progress: Progress, sentence: Sentence) -> bool:
    """ "Not earlier, …", "But only once it is paid": what was asked for in the sentence before has its time."""
    if not progress.found.requests or not sentence.concepts.isdisjoint(
        {"#domain", "#invoice", "#ticket", "#nameserver"}
    ):
        return False
    early = {hit.concept for hit in sentence.hits if hit.at[0] <= _EARLY}
    if {"later", "not"} <= early:
        return True
    bound = sentence.concepts & {"if", "once"} and stance(sentence.clauses[0], sentence, first=True).guard in WEIGHED
    limits = any(token.text in _ONLY for token in sentence.tokens[:_EARLY]) or {"not", "it"} <= sentence.concepts
    return bool(bound) and limits and asking(sentence).isdisjoint({"want", "canyou"})


def put_off(progress: Progress, place: Place) -> None:
    """The request in front goes to a person; an older one is not meant."""
    last = progress.found.requests[-1]
    if shape.is_change(last.intent) and place.number - last.sentence <= 1:
        progress.found.requests.pop()
        progress.found.blocked.append(last.intent)
        progress.found.human.append((last.sentence, "deferred"))


def is_of_the_statement(progress: Progress, place: Place, clause: Clause) -> bool:
    """ "I was going to ask for the certificate as well, but scrap that": the request before stands as it is."""
    if len(progress.found.requests) > place.before or clause.words() > _STOPGAP or clause.names:
        return False
    before = place.sentence.clauses[: next(n for n, one in enumerate(place.sentence.clauses) if one is clause)]
    return any(hit.family < 2 for one in before if not shape.names_only(one) for hit in one.hits)


def amends(progress: Progress, clause: Clause) -> bool:
    """ "…, never mind"; "…, no, b.example": the new object in place of the one before."""
    if shape.withdraws(clause):
        last = progress.found.requests[-1].intent
        if last == "ticket.close" or (last in _ENDINGS and _needs_it_no_more(clause)):
            return True  # "It can be closed, has sorted itself out", "cancel it, no longer needed" is the reason.
        progress.found.requests.clear()
        progress.found.withdrawn = True
        return True
    if (progress.replacing or shape.begins_correction(clause)) and (number := shape.number_alone(clause)):
        return _correct_number(progress, number)
    corrected = progress.replacing or progress.wrong is not None or shape.begins_correction(clause)
    if corrected and (_turns_over(progress, clause) or _corrects_value(progress, clause)):
        progress.replacing, progress.wrong = False, None
        return True
    if shape.is_correction_alone(clause):
        progress.replacing = True
        return True
    if shape.names_only(clause) and (progress.replacing or shape.begins_correction(clause)):
        request = progress.found.requests[-1]
        request.clause = shape.with_names_of(request.clause, clause)
        progress.replacing, progress.wrong = False, None
        return True
    return False


def _needs_it_no_more(clause: Clause) -> bool:
    return any(token.text in _NEEDED or token.text.startswith("potrzeb") for token in clause.tokens)


def _turns_over(progress: Progress, clause: Clause) -> bool:
    """ "… off for a.example. Hang on: on, please."."""
    request = progress.found.requests[-1]
    opposite = OPPOSITES.get(request.intent)
    if opposite is None or not shape.is_switch_alone(clause) or request.intent.startswith("contacts."):
        return False
    ways = clause.concepts & {"on", "off"}
    if len(ways) == 1 and (request.intent in SWITCHED_ON) != ("on" in ways):
        request.intent, request.confidence = opposite, 0.7
    return True


def _corrects_value(progress: Progress, clause: Clause) -> bool:
    """ "… to Business, or rather Pro"."""
    request = progress.found.requests[-1]
    named = {hit.concept for hit in clause.hits if hit.family == 1 and hit.concept.startswith(("product=", "cycle="))}
    if len(named) != 1 or clause.names or clause.words() > _MEASURED_WORDS or shape.has_verb(clause):
        return False
    kind, _, value = named.pop().partition("=")
    request.given = {**request.given, kind: (value,)}
    return True


def _correct_number(progress: Progress, number: str) -> bool:
    """ "… for two years, sorry, I meant 3", "top up 40 euros, make that 60"."""
    request = progress.found.requests[-1]
    if "year=year" in request.clause.concepts:
        request.given = {**request.given, "years": (number,)}
    elif "#amount" in request.clause.concepts and request.intent in _OF_AN_AMOUNT:
        request.given = {**request.given, "amount": (f"{int(number)}.00",)}
    else:
        return False
    progress.replacing, progress.wrong = False, None
    return True


def is_more_objects(progress: Progress, place: Place) -> bool:
    """A line of names only belongs to the request above it."""
    clauses = place.sentence.clauses
    plain = (shape.names_only(clause) or shape.is_correction_alone(clause) for clause in clauses)
    return (
        bool(progress.found.requests) and any(map(shape.names_only, clauses)) and all(plain) and len(clauses) <= _MORE
    )


def more_objects(progress: Progress, clauses: Sequence[Clause]) -> None:
    """Added to the request; where one of the clauses is a correction ("no, wait"), in place of its own."""
    figures = [number for clause in clauses if (number := shape.number_alone(clause))]
    if figures and any(map(shape.begins_correction, clauses)) and _correct_number(progress, figures[-1]):
        return
    named = [clause for clause in clauses if shape.names_only(clause)]
    if len(named) == len(clauses) and not any(map(shape.begins_correction, named)):
        attach(progress, named)
    else:
        request = progress.found.requests[-1]
        request.clause = shape.with_names_of(request.clause, named[-1])
        progress.wrong = None


def attach(progress: Progress, clauses: Iterable[Clause]) -> None:
    """More words for the last request: names, or how long and how often it is paid."""
    request = progress.found.requests[-1]
    for clause in clauses:
        if "not" not in clause.concepts:
            request.clause = joined(request.clause, clause)


def replace_last(progress: Progress, place: Place, clause: Clause, verdict: Verdict) -> None:
    """ "Unlock it – wait, no, lock it": the corrected version only."""
    if verdict.outcome is Outcome.NONE and progress.replacing and clause.words() <= _STOPGAP and not clause.names:
        return  # "…, no, scrap that, …"
    progress.replacing = False
    last = progress.found.requests[-1] if progress.found.requests else None
    if last is not None and verdict.outcome is Outcome.REQUEST:
        progress.found.requests.pop()
        place.before = min(place.before, len(progress.found.requests))
        place.topic = None


def is_the_contrary(progress: Progress, place: Place, clause: Clause) -> bool:
    """ "Unlock a.example, and do the opposite for b.example"."""
    if not progress.found.requests or not shape.is_contrary(clause):
        return False
    near = [one for one in progress.found.requests if place.number - one.sentence <= 1]
    last = next((one for one in reversed(near) if one.intent in OPPOSITES), near[-1] if near else None)
    if last is None:
        return False
    if (opposite := OPPOSITES.get(last.intent)) is None:
        progress.found.human.append((place.number, "the contrary of a request"))
        return True
    add(
        progress,
        place,
        clause,
        Verdict(Outcome.REQUEST, opposite, f"the contrary of {last.intent}", 0.7, explicit=True),
    )
    return True
