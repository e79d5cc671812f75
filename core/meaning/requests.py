"""The requests of a text: sentence by sentence, each clause judged, each object with the clause that names it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.meaning import rules, shape, topics
from core.meaning.around import Around
from core.meaning.clauses import Clause, Sentence, concepts_of, joined
from core.meaning.found import LONG, READS, Found, Request
from core.meaning.judging import ALL, Outcome, Verdict, judged
from core.meaning.phrases import Phrases
from core.meaning.shape import VERBS
from core.meaning.stance import ASKING, asking, stance
from core.meaning.values import fallback_kind, sort_numbers

_MORE = 12
_ENOUGH = 1.5
"""The weight of a rule that needs nothing from the words before."""
_BACK_REFERENCE_WORDS = 11
_NEAR = 2
"""Sentences: an abbreviation in an address may have cut one in two."""
_WEIGHTY = VERBS - {"show", "send", "open", "login", "on", "off", "change", "add", "remove", "accept"}
_CHANGING = VERBS - {"show", "send", "open", "login"}
_HANDED_OUT = frozenset({"read", "meta", "secret"})
_DETAILED = frozenset({"order.new", "service.upgrade", "domain.register", "domain.renew", "domain.transfer_in"})
_FOR_PEOPLE = "a question before buying, or about money"


@dataclass(slots=True)
class _Place:
    """Where the finder is within a sentence."""

    number: int
    sentence: Sentence
    before: int
    """How many requests were found in front of the sentence."""
    pending: Clause | None = None
    """Words that no rule explains yet: they may belong to the next clause."""
    topic: Clause | None = None
    told: Clause | None = None
    handled: bool = False


class Finder:
    """Goes through the sentences once; what it has found is in `found`."""

    def __init__(self, sentences: Sequence[Sentence], phrases: Phrases) -> None:
        self.found = Found()
        self._sentences = sentences
        self._phrases = phrases
        self._words = sum(sentence.words() for sentence in sentences)
        concepts: frozenset[str] = frozenset().union(*(sentence.concepts for sentence in sentences))
        self._number = fallback_kind(concepts)
        self._content = False
        """What follows is the text of a reply to a ticket, and asks for nothing."""
        self._replacing = False
        """The last clause was "no, wait": names that follow replace the ones before."""

    def run(self) -> Found:
        for number, sentence in enumerate(self._sentences):
            if not self._content:
                self._sentence(_Place(number, sentence, len(self.found.requests)))
        self.found.settle()
        return self.found

    # ------------------------------------------------------------------ one sentence

    def _sentence(self, place: _Place) -> None:
        sentence = place.sentence
        blocked = len(self.found.blocked)
        self._sort_numbers(sentence)
        if shape.is_thanks(sentence):
            place.handled = True
        elif self._is_more_objects(place):
            self._more_objects(sentence.clauses)
            return
        else:
            for number, clause in enumerate(sentence.clauses):
                if self._content or (self.found.withdrawn and not self.found.requests):
                    return
                self._clause(place, clause, first=number == 0)
        if len(self.found.requests) > place.before and shape.is_frustrated(sentence):
            del self.found.requests[place.before :]
            self.found.human.append((place.number, "wanted, and something is in the way"))
        if not place.handled:
            self._unexplained(place)
        self._for_people(place, told_as_done=len(self.found.blocked) > blocked)

    def _clause(self, place: _Place, clause: Clause, *, first: bool) -> None:
        if self.found.requests and self._amends(clause):
            return
        if place.topic is not None and shape.is_a_detail(clause) and self.found.requests[-1].intent in _DETAILED:
            self._attach([clause])
            return
        if shape.names_only(clause):
            if place.pending is None and len(self.found.requests) > place.before:
                self._attach([clause])
                return
            if "not" in clause.concepts:
                return
        whole = clause
        if place.pending is not None and shape.has_matter(clause) and not _stands_alone(clause):
            whole = joined(place.pending, clause)
        verdict = judged(whole, self._around(place, first=first), self._phrases)
        if verdict.outcome is Outcome.NONE and self._is_weighed(place, clause, first=first):
            self.found.human.append((place.number, "something that is put off or weighed"))
        if self._replacing or shape.begins_correction(clause):
            self._replace(place, verdict)
        self._take(place, whole, verdict)

    def _is_weighed(self, place: _Place, clause: Clause, *, first: bool) -> bool:
        """ "I'll want to cancel something later, first …": no rule knows it, and yet it must not be lost."""
        if clause.concepts.isdisjoint(_WEIGHTY) or not asking(clause):
            return False
        return stance(clause, place.sentence, first=first).guard in ("condition", "deferred", "hypothetical")

    def _replace(self, place: _Place, verdict: Verdict) -> None:
        """ "Unlock it – wait, no, lock it": the corrected version only."""
        self._replacing = False
        last = self.found.requests[-1] if self.found.requests else None
        if last is not None and verdict.outcome is Outcome.REQUEST:
            self.found.requests.pop()
            place.before = min(place.before, len(self.found.requests))
            place.topic = None

    def _around(self, place: _Place, *, first: bool) -> Around:
        last = self.found.requests[-1] if place.topic is not None else None
        return Around(
            place.sentence, first, self._words, place.topic,
            last.intent if last else "", bool(last and last.explicit), place.told, self._replacing,
        )  # fmt: skip

    def _take(self, place: _Place, clause: Clause, verdict: Verdict) -> None:
        place.pending = clause if verdict.outcome is Outcome.NONE and shape.may_go_on(clause) else None
        place.handled |= verdict.outcome is not Outcome.NONE
        if verdict.outcome is Outcome.REQUEST:
            if self._only_denies_more(place, clause, verdict):
                self.found.done = True
                return
            self._add(place, clause, verdict)
        elif verdict.outcome is Outcome.GUARDED:
            self._guarded(place, verdict)
            place.told = clause
        elif verdict.outcome is Outcome.TOLD:
            place.told = clause

    def _add(self, place: _Place, clause: Clause, verdict: Verdict) -> None:
        if self._was_its_background(place, clause, verdict):
            self.found.requests.pop()
        request = Request(
            verdict.intent, clause, verdict.why, verdict.confidence, place.number, verdict.explicit, verdict.given
        )
        self.found.requests.append(request)
        place.topic = clause
        self._content = verdict.intent == "ticket.reply"

    def _was_its_background(self, place: _Place, clause: Clause, verdict: Verdict) -> bool:
        """ "a.example is about to expire, extend it please": the first half is the reason, and no question."""
        if len(self.found.requests) == place.before or not verdict.explicit:
            return False
        if "it" not in clause.concepts and any(name.kind == "domain" for name in clause.names):
            return False
        known = rules.intents().get(verdict.intent)
        return known is not None and known.risk not in READS and not self.found.requests[-1].explicit

    def _only_denies_more(self, place: _Place, clause: Clause, verdict: Verdict) -> bool:
        """ "unlock it, but do not renew it" asks for the first and for nothing else."""
        return verdict.why.endswith(": not renew") and not clause.names and len(self.found.requests) > place.before

    def _guarded(self, place: _Place, verdict: Verdict) -> None:
        found = self.found
        found.blocked.append(verdict.intent)
        if verdict.guard in ("past", "negation"):
            found.done = True
        elif verdict.guard == "reported":
            found.withheld.append((place.number, verdict.guard, verdict.intent))
        elif verdict.guard == "how-to":
            self._how_to(place)
        else:
            found.human.append((place.number, verdict.guard))

    def _how_to(self, place: _Place) -> None:
        self.found.howto = True
        if topics.is_question_for_people(place.sentence):
            self.found.human.append((place.number, _FOR_PEOPLE))

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

    # ------------------------------------------------------------------ more for the request before

    def _is_more_objects(self, place: _Place) -> bool:
        """A line of names only belongs to the request above it."""
        clauses = place.sentence.clauses
        plain = (shape.names_only(clause) or shape.is_correction_alone(clause) for clause in clauses)
        return (
            bool(self.found.requests) and any(map(shape.names_only, clauses)) and all(plain) and len(clauses) <= _MORE
        )

    def _more_objects(self, clauses: Sequence[Clause]) -> None:
        """Added to the request; where one of the clauses is a correction ("no, wait"), in place of its own."""
        named = [clause for clause in clauses if shape.names_only(clause)]
        if len(named) == len(clauses):
            self._attach(named)
        else:
            request = self.found.requests[-1]
            request.clause = shape.with_names_of(request.clause, named[-1])

    def _attach(self, clauses: Iterable[Clause]) -> None:
        request = self.found.requests[-1]
        for clause in clauses:
            if "not" not in clause.concepts:
                request.clause = joined(request.clause, clause)

    def _amends(self, clause: Clause) -> bool:
        """ "…, never mind"; "…, no, b.example": the new object in place of the one before."""
        if shape.withdraws(clause):
            self.found.requests.clear()
            self.found.withdrawn = True
            return True
        if shape.is_correction_alone(clause):
            self._replacing = True
            return True
        if shape.names_only(clause) and (self._replacing or shape.begins_correction(clause)):
            request = self.found.requests[-1]
            request.clause = shape.with_names_of(request.clause, clause)
            self._replacing = False
            return True
        return False

    # ------------------------------------------------------------------ what no rule explains

    def _unexplained(self, place: _Place) -> None:
        sentence, concepts = place.sentence, place.sentence.concepts
        if sentence.words() < 3 or not concepts.isdisjoint({"confirm", "thanks"}):
            return
        guards = [stance(clause, sentence, first=n == 0).guard for n, clause in enumerate(sentence.clauses)]
        if "negation" in guards and not sentence.is_question:
            self.found.done = True
        elif guards[0] == "how-to":
            self._how_to(place)
        elif guards[0] in ("condition", "deferred", "hypothetical") and self._asks(sentence):
            self.found.human.append((place.number, guards[0]))
        elif self._refers_back(place):
            return
        elif sentence.is_question or "why" in concepts:
            self.found.human.append((place.number, "a question that no rule knows"))
        elif concepts & {"canyou", "please"}:
            self.found.human.append((place.number, "a request that no rule knows"))

    def _asks(self, sentence: Sentence) -> bool:
        """In a long text a "who" or "what" is mostly none that asks."""
        questioning = "question" in sentence.concepts and self._words <= LONG
        return sentence.is_question or questioning or bool(asking(sentence) & {"please", "canyou"})

    def _refers_back(self, place: _Place) -> bool:
        """ "Our new address is … Could you update it?": the act here, its object in the sentence before."""
        here = place.sentence
        if not place.number or here.words() > _BACK_REFERENCE_WORDS:
            return False
        if here.concepts.isdisjoint(ASKING):
            return False
        near = [place.number - request.sentence for request in self.found.requests]
        if 1 in near and "it" in here.concepts or any(back <= _NEAR for back in near) and not shape.has_object(here):
            return True
        if "it" not in here.concepts:
            return False
        before = self._sentences[place.number - 1]
        concepts = (before.concepts - {"past", "question", "state", "want"}) | here.concepts
        match = rules.best(concepts, risks=ALL if here.concepts & _CHANGING else _HANDED_OUT)
        if match is None or "not" in concepts or any("." in one for one in concepts):
            return False
        whole = here.clauses[0]
        for clause in reversed(before.clauses):
            whole = joined(clause, whole)
        why = f"{match.intent}: {match.rule.text}"
        self._add(place, whole, Verdict(Outcome.REQUEST, match.intent, why, 0.8, explicit=True))
        return True

    def _for_people(self, place: _Place, *, told_as_done: bool) -> None:
        since = self.found.since(place.before)
        new = {request.intent for request in since if request.explicit or request.intent not in topics.NEWS}
        if not since and told_as_done and {"still", "past"} <= place.sentence.concepts and self._words <= LONG:
            self.found.human.append((place.number, "done, and still"))
        told = shape.is_thanks(place.sentence) or (self._words > LONG and "past" in place.sentence.concepts)
        for topic in topics.for_people(self._beside_phrases(place), new, told=told):
            faint = topics.is_faint(topic, place.sentence, long=self._words > LONG) or (
                topic == "Support.trouble" and self._is_its_reason(place)
            )
            (self.found.faint if faint else self.found.human).append((place.number, topic))

    def _is_its_reason(self, place: _Place) -> bool:
        """ "Since it has become slow, please move …": the trouble is why the rest of the sentence asks."""
        classes = rules.intents()
        return any(
            request.explicit and request.intent in classes and classes[request.intent].risk == "change"
            for request in self.found.since(place.before)
        )

    def _beside_phrases(self, place: _Place) -> frozenset[str]:
        """What the sentence speaks of besides requests that are known by their phrases: these settle their own words."""
        known = [one.clause.tokens for one in self.found.since(place.before) if one.why.startswith("phrase ")]
        if not known:
            return place.sentence.concepts
        inside = {id(token) for tokens in known for token in tokens}
        others = (c for c in place.sentence.clauses if not any(id(token) in inside for token in c.tokens))
        return frozenset().union(*(clause.concepts for clause in others))


def _stands_alone(clause: Clause) -> bool:
    """A clause that says enough is not read together with the unexplained words before it."""
    match = rules.best(clause.concepts, risks=ALL)
    return match is not None and match.rule.weight >= _ENOUGH
