"""What the reading of a text gathers on its way: requests, and what a person must see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.meaning.clauses import Clause

READS = frozenset({"read", "meta"})
"""The classes of intents that change nothing and give no secret away."""
LONG = 60
"""Words. In a longer text only what is plainly asked for is a request, and trouble of the past is a story."""
UNKNOWN_QUESTION = "a question that no rule knows"
OF_TICKETS = frozenset({"ticket.reply", "ticket.reopen", "ticket.priority"})
_IN_THE_TICKET = frozenset({"Support.fail", "Support.trouble", "done, and still"})
"""What is told beside "open it again" is what the ticket is about."""
SHORT = 14
"""Words. In a shorter one a bare thing is a request ("open invoices")."""


@dataclass(slots=True)
class Request:
    """An intent, the clause that asks for it, and why; objects are bound later."""

    intent: str
    clause: Clause
    why: str
    confidence: float
    sentence: int
    explicit: bool
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values that follow from the rule."""


@dataclass(slots=True)
class Found:
    """All that a text asks for, and all that a person must see (`human`: the sentence and the reason)."""

    requests: list[Request] = field(default_factory=list)
    human: list[tuple[int, str]] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    """Intents that were recognised in a guarded clause."""
    withheld: list[tuple[int, str, str]] = field(default_factory=list)
    """Sentence, reason and intent of what others want: it counts only where the writer asks for nothing himself."""
    faint: list[tuple[int, str]] = field(default_factory=list)
    """Words of trouble that may belong to the story around a plain request."""
    howto: bool = False
    asked_how: bool = False
    """The how is a question of its own, and no aside."""
    done: bool = False
    """Something is told as done, or asked not to be done."""
    withdrawn: bool = False

    def settle(self) -> None:
        """At the end: what the plain requests explain is no matter for a person."""
        asked = {request.intent for request in self.requests if request.explicit}
        if not asked:
            self.human += [(number, reason) for number, reason, _ in self.withheld]
            self.human += self.faint
        if asked and asked <= OF_TICKETS:
            self.human = [one for one in self.human if one[1] not in _IN_THE_TICKET]

    def since(self, before: int) -> list[Request]:
        return self.requests[before:]
