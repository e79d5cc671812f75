"""What becomes of a clause: a request, one that must not be acted on, a statement, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Outcome(Enum):
    """What became of a clause."""

    REQUEST = "a request"
    GUARDED = "a request that must not be acted on"
    TOLD = "a statement"
    NONE = "no rule holds"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome; the intent (also of a guarded clause), the rule, and the guard."""

    outcome: Outcome
    intent: str = ""
    why: str = ""
    confidence: float = 0.0
    explicit: bool = False
    guard: str = ""
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOTHING = Verdict(Outcome.NONE)
STATEMENT = Verdict(Outcome.TOLD)
