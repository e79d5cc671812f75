"""How long people waited for a person, as distributions.

Time is counted by the wall clock: it is what the client lived through. Deadlines in working hours are the clocks'
(core/reports/promises.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from core.reports.stories import BOT, CLIENT, Period, Story

STEPS = (900, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600)
"""Seconds: up to a quarter of an hour, an hour, four, eight, a day, three days; and what took longer."""


@dataclass(frozen=True, slots=True)
class Wait:
    """From the oldest unanswered message of a client to the answer of `by`. `first`: no person had answered before."""

    seconds: float
    first: bool
    by: str
    department: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Seconds; `steps` has how many fell into each of `STEPS` and, last, how many took longer."""

    count: int = 0
    median: float = 0.0
    ninetieth: float = 0.0
    """Nine of ten took no longer (nearest rank)."""
    steps: tuple[int, ...] = (0,) * (len(STEPS) + 1)


def distribution(seconds: Iterable[float]) -> Distribution:
    values = sorted(seconds)
    if not values:
        return Distribution()
    steps = [0] * (len(STEPS) + 1)
    for value in values:
        steps[next((place for place, most in enumerate(STEPS) if value <= most), len(STEPS))] += 1
    return Distribution(len(values), median(values), values[math.ceil(0.9 * len(values)) - 1], tuple(steps))


def waits(story: Story, period: Period) -> Iterator[Wait]:
    """The waits that began in the period and have ended.

    What the bot said ends none by itself: where a person speaks next, the client waited for that person all along;
    where the client writes again, they wait from then on.
    """
    since, answered_by_bot, first = None, False, True
    for said in story.said:
        if said.by == CLIENT:
            since = said.at if since is None or answered_by_bot else since
            answered_by_bot = False
        elif said.by == BOT:
            answered_by_bot = True
        else:
            if since is not None and since in period:
                yield Wait((said.at - since).total_seconds(), first, said.author, story.department)
            since, answered_by_bot, first = None, False, False


def resolutions(stories: Sequence[Story], period: Period) -> Distribution:
    """From the opening to the end, of what was closed in the period."""
    return distribution(
        (story.closed - story.opened).total_seconds()
        for story in stories
        if story.closed is not None and story.closed in period
    )
