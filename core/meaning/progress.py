"""Where the finder is in a text: what it has found so far, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.meaning import rules
from core.meaning.clauses import Clause, Sentence
from core.meaning.found import READS, Found, Request
from core.meaning.telling import states
from core.meaning.verdict import Verdict

_WITH_TEXT = frozenset({"ticket.reply", "kb.comment"})
"""What stands behind these is the text that is to be written."""


@dataclass(slots=True)
class Place:
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


@dataclass(slots=True)
class Progress:
    """What is known of the text so far."""

    sentences: Sequence[Sentence]
    words: int
    found: Found = field(default_factory=Found)
    content: bool = False
    """What follows is the text of a reply to a ticket, and asks for nothing."""
    replacing: bool = False
    """The last clause was "no, wait": names that follow replace the ones before."""
    wrong: Request | None = None
    """What a "hang on" has called wrong, until something takes its place."""
    stopped: int = -1
    """The sentence that says stop or cancel, and nothing of what."""


def add(progress: Progress, place: Place, clause: Clause, verdict: Verdict) -> None:
    """One more request; it takes the place of a question that was only its background."""
    if _was_its_background(progress, place, clause, verdict):
        progress.found.requests.pop()
    request = Request(
        verdict.intent, clause, verdict.why, verdict.confidence, place.number, verdict.explicit, verdict.given
    )
    progress.found.requests.append(request)
    progress.wrong = None
    place.topic = clause
    progress.content = verdict.intent in _WITH_TEXT


def _was_stated_before(progress: Progress, place: Place, clause: Clause) -> bool:
    """ "Strangers ring because of the whois of a.example. Hide it please": the sentence before only tells."""
    last = progress.found.requests[-1] if progress.found.requests else None
    if last is None or place.number - last.sentence != 1:
        return False
    known = {name.value for name in last.clause.names}
    if any(name.kind != "email" and name.value not in known for name in clause.names):
        return False
    before = progress.sentences[last.sentence]
    return not before.is_question and any(map(states, before.clauses))


def _was_its_background(progress: Progress, place: Place, clause: Clause, verdict: Verdict) -> bool:
    """ "a.example is about to expire, extend it please": the first half is the reason, and no question."""
    if not verdict.explicit or (
        len(progress.found.requests) == place.before and not _was_stated_before(progress, place, clause)
    ):
        return False
    own = {name.value for name in clause.names}
    if "it" not in clause.concepts and own:
        kinds = {name.kind for name in clause.names} & {"domain", "ticket", "invoice", "email"}
        if "domain" in kinds or (
            kinds and own.isdisjoint(name.value for name in progress.found.requests[-1].clause.names)
        ):
            return False
    known, last = rules.intents().get(verdict.intent), progress.found.requests[-1]
    before = rules.intents().get(last.intent)
    if known is None or before is None or last.explicit:
        return False
    return known.risk not in READS and before.risk in READS
