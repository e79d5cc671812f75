"""The requests of a text: sentence by sentence, each clause judged, each object with the clause that names it."""

from __future__ import annotations

from collections.abc import Sequence

from core.meaning import corrections, rules, shape, unexplained
from core.meaning.acts import begins_with_act
from core.meaning.around import Around
from core.meaning.clauses import Clause, Sentence, concepts_of, joined
from core.meaning.found import Found
from core.meaning.judging import ALL, judged
from core.meaning.phrases import Phrases
from core.meaning.progress import Place, Progress, add
from core.meaning.stance import asking
from core.meaning.values import fallback_kind, sort_numbers
from core.meaning.verdict import Outcome, Verdict

_ENOUGH = 1.5
"""The weight of a rule that needs nothing from the words before."""
_DETAILED = frozenset({"order.new", "service.upgrade", "domain.register", "domain.renew", "domain.transfer_in"})


class Finder:
    """Goes through the sentences once; what it has found is in `found`."""

    def __init__(self, sentences: Sequence[Sentence], phrases: Phrases) -> None:
        self._progress = Progress(sentences, sum(sentence.words() for sentence in sentences))
        self.found = self._progress.found
        self._phrases = phrases
        concepts: frozenset[str] = frozenset().union(*(sentence.concepts for sentence in sentences))
        self._number = fallback_kind(concepts)

    def run(self) -> Found:
        for number, sentence in enumerate(self._progress.sentences):
            if not self._progress.content:
                self._sentence(Place(number, sentence, len(self.found.requests)))
        corrections.hand_over_what_was_turned_round(self._progress)
        self.found.settle()
        self._drop_the_front_door()
        self._drop_what_the_old_registrar_did()
        return self.found

    def _drop_the_front_door(self) -> None:
        """ "The link to the forwarders of the cPanel of …" is one link, and not the one to the cPanel as well."""
        tools = {request.sentence for request in self.found.requests if request.intent == "cpanel.shortcut"}
        self.found.requests = [
            request
            for request in self.found.requests
            if request.intent != "cpanel.login" or request.sentence not in tools or "login" in request.clause.concepts
        ]

    def _drop_what_the_old_registrar_did(self) -> None:
        """ "Transfer a.example to you, I have the code and the lock is off": nothing of it is ours to do."""
        moved = {request.sentence for request in self.found.requests if request.intent == "domain.transfer_in"}
        self.found.requests = [
            request
            for request in self.found.requests
            if request.intent not in ("domain.unlock", "domain.epp_code")
            or request.clause.names
            or moved.isdisjoint(range(request.sentence - 1, request.sentence + 2))
            or asking(request.clause)
            or (begins_with_act(request.clause) and not _begins_with_the_lock(request.clause))
        ]

    def sort_numbers(self) -> None:
        """Says of each bare number whose it is: a ticket's or an invoice's."""
        for sentence in self._progress.sentences:
            self._sort_numbers(sentence)

    def _sentence(self, place: Place) -> None:
        sentence = place.sentence
        blocked = len(self.found.blocked)
        self._sort_numbers(sentence)
        if shape.is_stop_alone(sentence) and not self.found.requests:
            self._progress.stopped = place.number
            return
        if corrections.puts_off(self._progress, sentence):
            corrections.put_off(self._progress, place)
            return
        if shape.is_thanks(sentence):
            place.handled = True
        elif corrections.is_more_objects(self._progress, place):
            corrections.more_objects(self._progress, sentence.clauses)
            return
        else:
            for number, clause in enumerate(sentence.clauses):
                if self.found.withdrawn and not self.found.requests:
                    return
                if self._progress.content and not _is_of_the_ticket_too(clause):
                    continue
                self._clause(place, clause, first=number == 0)
        if len(self.found.requests) > place.before and shape.is_frustrated(sentence):
            del self.found.requests[place.before :]
            self.found.human.append((place.number, "wanted, and something is in the way"))
        if not place.handled:
            unexplained.look_at(self._progress, place)
        unexplained.hand_over_topics(self._progress, place, told_as_done=len(self.found.blocked) > blocked)

    def _clause(self, place: Place, clause: Clause, *, first: bool) -> None:
        if self.found.requests and not corrections.is_of_the_statement(self._progress, place, clause):
            if shape.is_firm_correction(clause):
                self._progress.wrong = self.found.requests[-1]
            if corrections.amends(self._progress, clause):
                return
        if place.topic is not None and shape.is_a_detail(clause) and self.found.requests[-1].intent in _DETAILED:
            corrections.attach(self._progress, [clause])
            return
        if shape.names_only(clause):
            if place.pending is None and len(self.found.requests) > place.before:
                corrections.attach(self._progress, [clause])
                return
            if "not" in clause.concepts:
                return
        if place.topic is not None and shape.is_switch_alone(clause) and self._switch(place, clause):
            return
        whole = clause
        if place.pending is not None and shape.has_matter(clause) and not _stands_alone(clause, place.pending):
            whole = joined(place.pending, clause)
        if shape.is_instead(clause) and corrections.is_the_contrary(self._progress, place, clause):
            return
        verdict = judged(whole, self._around(place, clause, first=first), self._phrases)
        if verdict.outcome is not Outcome.REQUEST and corrections.is_the_contrary(self._progress, place, clause):
            return
        if verdict.outcome is Outcome.NONE and unexplained.is_weighed(self._progress, place, clause, first=first):
            self.found.human.append((place.number, "something that is put off or weighed"))
        if self._progress.replacing or shape.begins_correction(clause):
            corrections.replace_last(self._progress, place, clause, verdict)
        self._take(place, whole, verdict)

    def _switch(self, place: Place, clause: Clause) -> bool:
        """ "Sign-in with Google: off": the last word says which way."""
        last = self.found.requests[-1]
        if not last.clause.concepts.isdisjoint(
            {"on_act", "please"} | shape.VERBS - {"login", "lock", "unlock", "open"}
        ):
            return False
        whole = joined(last.clause, clause)
        bare = Around(place.sentence, True, self._progress.words)
        verdict = judged(whole, bare, self._phrases)
        if verdict.outcome is not Outcome.REQUEST:
            return False
        self.found.requests.pop()
        add(self._progress, place, whole, verdict)
        return True

    def _around(self, place: Place, clause: Clause, *, first: bool) -> Around:
        before = self.found.requests[-1] if self.found.requests else None
        near = before.intent if before and place.number - before.sentence <= 1 else ""
        last = before if place.topic is not None else None
        return Around(
            place.sentence, first, self._progress.words, place.topic,
            last.intent if last else "", bool(last and last.explicit), place.told, self._progress.replacing, near, clause,
        )  # fmt: skip

    def _take(self, place: Place, clause: Clause, verdict: Verdict) -> None:
        if verdict.outcome is not Outcome.NONE or not shape.is_filler(clause):
            place.pending = clause if verdict.outcome is Outcome.NONE and shape.may_go_on(clause) else None
        place.handled |= verdict.outcome is not Outcome.NONE
        if verdict.outcome is Outcome.REQUEST:
            if self._only_denies_more(place, clause, verdict):
                self.found.done = True
                return
            add(self._progress, place, clause, verdict)
        elif verdict.outcome is Outcome.GUARDED:
            self._guarded(place, verdict)
            place.told = clause
        elif verdict.outcome is Outcome.TOLD:
            place.told = joined(place.told, clause) if place.told is not None else clause

    def _only_denies_more(self, place: Place, clause: Clause, verdict: Verdict) -> bool:
        """ "unlock it, but do not renew it" asks for the first and for nothing else."""
        return verdict.why.endswith(": not renew") and not clause.names and len(self.found.requests) > place.before

    def _guarded(self, place: Place, verdict: Verdict) -> None:
        found = self.found
        found.blocked.append(verdict.intent)
        if verdict.guard in ("past", "negation"):
            found.done = True
        elif verdict.guard == "reported":
            found.withheld.append((place.number, verdict.guard, verdict.intent))
        elif verdict.guard == "how-to":
            unexplained.how_to(self._progress, place)
        else:
            found.human.append((place.number, verdict.guard))

    def _sort_numbers(self, sentence: Sentence) -> None:
        if "#number" not in sentence.concepts:
            return
        start = 0
        sorted_tokens = sort_numbers(sentence.tokens, sentence.hits, self._number)
        for clause in sentence.clauses:
            while start < len(sorted_tokens) and sentence.tokens[start] is not clause.tokens[0]:
                start += 1
            clause.tokens = sorted_tokens[start : start + len(clause.tokens)]
            clause.concepts = concepts_of(clause.tokens, clause.hits)


def _begins_with_the_lock(clause: Clause) -> bool:
    return any(hit.concept == "lock" and hit.at[0] == 0 for hit in clause.hits)


def _is_of_the_ticket_too(clause: Clause) -> bool:
    """ "Add to ticket 7 that …, and treat it as high priority": no text of the reply."""
    match = rules.best(clause.concepts, risks=ALL)
    return begins_with_act(clause) and match is not None and match.intent in ("ticket.priority", "ticket.close")


def _stands_alone(clause: Clause, before: Clause) -> bool:
    """A clause that says enough is not read together with the unexplained words before it, unless these name what it is
    about: "Jo (jo@a.example) should be a contact"."""
    if (shape.names_only(before) and not clause.names) or shape.asks_for_a_link(before):
        return False
    match = rules.best(clause.concepts, risks=ALL)
    return match is not None and match.rule.weight >= _ENOUGH
