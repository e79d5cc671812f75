"""What the reading of a text gathers on its way: requests, and what a person must see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.meaning.clauses import Clause

LONG = 60
"""Words. In a longer text only what is plainly asked for is a request, and trouble of the past is a story."""
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
    howto: bool = False
    done: bool = False
    """Something is told as done, or asked not to be done."""
    withdrawn: bool = False

    def since(self, before: int) -> list[Request]:
        return self.requests[before:]
