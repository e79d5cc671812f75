"""The requests of a text: sentence by sentence, each clause judged, each object with the clause that names it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.meaning import rules, shape, topics
from core.meaning.around import OPPOSITES, Around
from core.meaning.clauses import Clause, Sentence, concepts_of, joined
from core.meaning.found import LONG, READS, UNKNOWN_QUESTION, Found, Request
from core.meaning.judging import ALL, Outcome, Verdict, judged
from core.meaning.phrases import Phrases
from core.meaning.scope import is_negated
from core.meaning.shape import VERBS
from core.meaning.stance import ASKING, asking, stance
from core.meaning.telling import OWN_THINGS
from core.meaning.values import fallback_kind, sort_numbers

_MORE = 12
_ENOUGH = 1.5
"""The weight of a rule that needs nothing from the words before."""
_BACK_REFERENCE_WORDS = 11
_EARLY = 2
_ONLY = frozenset(
    "only nur erst seulement uniquement solo solamente so somente apenas soltanto alleen pas tylko dopiero".split()
)
_WEIGHED = ("condition", "deferred", "hypothetical")
_ASKING_ON = 5
_BARE_WORDS = 4
"""Words. "Two things please:" asks for nothing yet."""
_NEAR = 2
"""Sentences: an abbreviation in an address may have cut one in two."""
_WEIGHTY = VERBS - {"show", "send", "open", "login", "on", "off", "change", "add", "remove", "accept"}
_CHANGING = VERBS - {"show", "send", "open", "login"}
_HANDED_OUT = frozenset({"read", "meta", "secret"})
_DETAILED = frozenset({"order.new", "service.upgrade", "domain.register", "domain.renew", "domain.transfer_in"})
_WITH_TEXT = frozenset({"ticket.reply", "kb.comment"})
"""What stands behind these is the text that is to be written."""
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
        self._wrong: Request | None = None
        """What a "hang on" has called wrong, until something takes its place."""
        self._stopped = -1
        """The sentence that says stop or cancel, and nothing of what."""

    def run(self) -> Found:
        for number, sentence in enumerate(self._sentences):
            if not self._content:
                self._sentence(_Place(number, sentence, len(self.found.requests)))
        self._hand_over_what_was_turned_round()
        self.found.settle()
        self._drop_the_front_door()
        return self.found

    def _drop_the_front_door(self) -> None:
        """ "The link to the forwarders of the cPanel of …" is one link, and not the one to the cPanel as well."""
        tools = {request.sentence for request in self.found.requests if request.intent == "cpanel.shortcut"}
        self.found.requests = [
            request
            for request in self.found.requests
            if request.intent != "cpanel.login" or request.sentence not in tools or "login" in request.clause.concepts
        ]

    def sort_numbers(self) -> None:
        """Says of each bare number whose it is: a ticket's or an invoice's."""
        for sentence in self._sentences:
            self._sort_numbers(sentence)

    def _hand_over_what_was_turned_round(self) -> None:
        """ "Please stop. Unlock …" may mean the one or the other; and so may a "hang on" that nothing follows."""
        if self._stopped >= 0 and self.found.requests:
            self.found.requests.clear()
            self.found.human.append((self._stopped, "a stop beside a request"))
        elif self._wrong is not None and self._wrong in self.found.requests and shape.is_change(self._wrong.intent):
            self.found.requests.remove(self._wrong)
            self.found.human.append((self._wrong.sentence, "a correction that was not understood"))

    # ------------------------------------------------------------------ one sentence

    def _sentence(self, place: _Place) -> None:
        sentence = place.sentence
        blocked = len(self.found.blocked)
        self._sort_numbers(sentence)
        if shape.is_stop_alone(sentence) and not self.found.requests:
            self._stopped = place.number
            return
        if self._puts_off(sentence):
            self._put_off(place)
            return
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

    def _puts_off(self, sentence: Sentence) -> bool:
        """ "Not earlier, …", "But only once it is paid": what was asked for in the sentence before has its time."""
        if not self.found.requests or not sentence.concepts.isdisjoint(
            {"#domain", "#invoice", "#ticket", "#nameserver"}
        ):
            return False
        early = {hit.concept for hit in sentence.hits if hit.at[0] <= _EARLY}
        if {"later", "not"} <= early:
            return True
        bound = (
            sentence.concepts & {"if", "once"} and stance(sentence.clauses[0], sentence, first=True).guard in _WEIGHED
        )
        limits = any(token.text in _ONLY for token in sentence.tokens[:_EARLY]) or {"not", "it"} <= sentence.concepts
        return bool(bound) and limits and asking(sentence).isdisjoint({"want", "canyou"})

    def _put_off(self, place: _Place) -> None:
        last = self.found.requests[-1]
        if shape.is_change(last.intent) and place.number - last.sentence <= 1:
            self.found.requests.pop()
            self.found.blocked.append(last.intent)
            self.found.human.append((last.sentence, "deferred"))

    def _clause(self, place: _Place, clause: Clause, *, first: bool) -> None:
        if self.found.requests and shape.is_firm_correction(clause):
            self._wrong = self.found.requests[-1]
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
        if place.topic is not None and shape.is_switch_alone(clause) and self._switch(place, clause):
            return
        whole = clause
        if place.pending is not None and shape.has_matter(clause) and not _stands_alone(clause):
            whole = joined(place.pending, clause)
        verdict = judged(whole, self._around(place, first=first), self._phrases)
        if verdict.outcome is not Outcome.REQUEST and self._is_the_contrary(place, clause):
            return
        if verdict.outcome is Outcome.NONE and self._is_weighed(place, clause, first=first):
            self.found.human.append((place.number, "something that is put off or weighed"))
        if self._replacing or shape.begins_correction(clause):
            self._replace(place, verdict)
        self._take(place, whole, verdict)

    def _switch(self, place: _Place, clause: Clause) -> bool:
        """ "Sign-in with Google: off": the last word says which way."""
        last = self.found.requests[-1]
        if not last.clause.concepts.isdisjoint(
            {"on_act", "please"} | shape.VERBS - {"login", "lock", "unlock", "open"}
        ):
            return False
        whole = joined(last.clause, clause)
        bare = Around(place.sentence, True, self._words)
        verdict = judged(whole, bare, self._phrases)
        if verdict.outcome is not Outcome.REQUEST:
            return False
        self.found.requests.pop()
        self._add(place, whole, verdict)
        return True

    def _is_the_contrary(self, place: _Place, clause: Clause) -> bool:
        """ "Unlock a.example, and do the opposite for b.example"."""
        last = self.found.requests[-1] if self.found.requests else None
        if last is None or place.number - last.sentence > 1 or not shape.is_contrary(clause):
            return False
        if (opposite := OPPOSITES.get(last.intent)) is None:
            self.found.human.append((place.number, "the contrary of a request"))
            return True
        self._add(
            place, clause, Verdict(Outcome.REQUEST, opposite, f"the contrary of {last.intent}", 0.7, explicit=True)
        )
        return True

    def _is_weighed(self, place: _Place, clause: Clause, *, first: bool) -> bool:
        """ "I'll want to cancel something later, first …": no rule knows it, and yet it must not be lost."""
        if clause.concepts.isdisjoint(_WEIGHTY) or not asking(clause) or is_negated(clause):
            return False
        return stance(clause, place.sentence, first=first).guard in _WEIGHED

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
            place.told = joined(place.told, clause) if place.told is not None else clause

    def _add(self, place: _Place, clause: Clause, verdict: Verdict) -> None:
        if self._was_its_background(place, clause, verdict):
            self.found.requests.pop()
        request = Request(
            verdict.intent, clause, verdict.why, verdict.confidence, place.number, verdict.explicit, verdict.given
        )
        self.found.requests.append(request)
        self._wrong = None
        place.topic = clause
        self._content = verdict.intent in _WITH_TEXT

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
        figures = [number for clause in clauses if (number := shape.number_alone(clause))]
        if figures and any(map(shape.begins_correction, clauses)) and self._correct_number(figures[-1]):
            return
        named = [clause for clause in clauses if shape.names_only(clause)]
        if len(named) == len(clauses):
            self._attach(named)
        else:
            request = self.found.requests[-1]
            request.clause = shape.with_names_of(request.clause, named[-1])
            self._wrong = None

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
        if (self._replacing or shape.begins_correction(clause)) and (number := shape.number_alone(clause)):
            return self._correct_number(number)
        if shape.names_only(clause) and (self._replacing or shape.begins_correction(clause)):
            request = self.found.requests[-1]
            request.clause = shape.with_names_of(request.clause, clause)
            self._replacing, self._wrong = False, None
            return True
        return False

    def _correct_number(self, number: str) -> bool:
        """ "… for two years, sorry, I meant 3"."""
        request = self.found.requests[-1]
        if "year=year" not in request.clause.concepts:
            return False
        request.given = {**request.given, "years": (number,)}
        self._replacing, self._wrong = False, None
        return True

    # ------------------------------------------------------------------ what no rule explains

    def _unexplained(self, place: _Place) -> None:
        sentence, concepts = place.sentence, place.sentence.concepts
        if "why" in concepts and sentence.is_question and self.found.requests:
            self.found.human.append((place.number, "why"))
            if sentence.words() <= _EARLY:
                self.found.requests.pop()
        if sentence.words() < 3 or not concepts.isdisjoint({"confirm", "thanks"}):
            return
        guards = [stance(clause, sentence, first=n == 0).guard for n, clause in enumerate(sentence.clauses)]
        if "negation" in guards and not sentence.is_question:
            self.found.done = True
        elif guards[0] == "how-to":
            self._how_to(place)
        elif self._leaves_another_thing_alone(sentence):
            self.found.done = True
        elif guards[0] in _WEIGHED and self._asks(sentence):
            self.found.human.append((place.number, guards[0]))
        elif self._refers_back(place):
            return
        elif sentence.is_question or "why" in concepts:
            self.found.human.append((place.number, UNKNOWN_QUESTION))
        elif concepts & {"canyou", "please"} and (sentence.words() > _BARE_WORDS or shape.has_object(sentence)):
            self.found.human.append((place.number, "a request that no rule knows"))

    def _leaves_another_thing_alone(self, sentence: Sentence) -> bool:
        """ "Please leave b.example where it is until its term is over": nothing that was asked for."""
        named = {name.value for clause in sentence.clauses for name in clause.names}
        asked = {name.value for request in self.found.requests for name in request.clause.names}
        return bool(named) and named.isdisjoint(asked) and any(map(is_negated, sentence.clauses))

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
            return self._asks_on(here, place.number)
        near = [place.number - request.sentence for request in self.found.requests]
        if 1 in near and "it" in here.concepts or any(back <= _NEAR for back in near) and not shape.has_object(here):
            return True
        if self._says_it_again(here, place.number):
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

    def _asks_on(self, here: Sentence, number: int) -> bool:
        """ "How is ticket 7 doing? Has anyone answered?": no more than a second way to ask it."""
        last = self.found.requests[-1] if self.found.requests else None
        if last is None or number - last.sentence != 1 or here.words() > _ASKING_ON or "why" in here.concepts:
            return False
        known = rules.intents().get(last.intent)
        plain = not any(clause.names for clause in here.clauses) and here.concepts.isdisjoint(OWN_THINGS)
        return here.is_question and known is not None and known.risk in READS and plain

    def _says_it_again(self, here: Sentence, number: int) -> bool:
        """ "… of invoice 7. Kindly send the document": no more than what was asked for one or two sentences before."""
        if any(clause.names for clause in here.clauses):
            return False
        for request in self.found.requests:
            if number - request.sentence > _NEAR or not request.explicit:
                continue
            match = rules.best(here.concepts, risks=ALL)
            again = rules.best(here.concepts | request.clause.concepts, risks=ALL)
            same = match is None or match.intent == request.intent
            if same and again is not None and again.intent == request.intent:
                return True
        return False

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
