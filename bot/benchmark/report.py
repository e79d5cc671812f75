"""The whole bench: every run some rounds long, the limits beside the desk in each, and the ratios between them.

Machines differ and are busy with other things, so only ratios within one round carry over; each figure and each ratio
is the median of the rounds.
"""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from bot.benchmark import population
from bot.benchmark.measure import (
    Accepting,
    Bench,
    Reading,
    Steady,
    Understanding,
    Walking,
    read_all,
    understand_all,
)
from bot.benchmark.places import Databases
from bot.benchmark.service import HOST
from bot.benchmark.workload import Mail, Mix, mails

STEADY_PER_SECOND = 50.0
STEADY_MAILS = 250
READ_MAILS = 300
Figures = TypeVar("Figures", Accepting, Walking)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure; `sync_delay` is in milliseconds."""

    mix: Mix
    connections: int
    tickets: Sequence[int]
    rounds: int
    sync_delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the limits and, for each number of old tickets, the desk."""

    dropping: Accepting
    syncing: Accepting
    door: Accepting
    whole: dict[int, Walking]
    slow_syncing: Accepting | None = None
    slow_whole: Walking | None = None


@dataclass(frozen=True, slots=True)
class Report:
    plan: Plan
    rounds: Sequence[Round]
    steady: Steady
    reading: Reading
    understanding: Understanding

    def document(self) -> dict[str, Any]:
        """All figures, as JSON has them."""
        plan = self.plan
        return {
            "workload": {
                "mails": plan.mix.count,
                "connections": plan.connections,
                "seed": plan.mix.seed,
                "automatic": plan.mix.automatic,
                "rounds": len(self.rounds),
                "sync_delay_ms": plan.sync_delay,
            },
            "machine": {
                "processors": os.cpu_count(),
                "python": platform.python_version(),
                "sqlite": sqlite3.sqlite_version,
            },
            "limits": {
                "dropping_sink": asdict(_median([one.dropping for one in self.rounds])),
                "syncing_sink": asdict(_median([one.syncing for one in self.rounds])),
            },
            "door_alone": asdict(_median([one.door for one in self.rounds])),
            "whole_desk": {
                str(tickets): asdict(_median([one.whole[tickets] for one in self.rounds])) for tickets in plan.tickets
            },
            "at_50_per_second": asdict(self.steady),
            "reading": asdict(self.reading),
            "understanding": asdict(self.understanding),
            "ratios": self.ratios(),
        }

    def ratios(self) -> dict[str, float]:
        first, rounds = self.plan.tickets[0], self.rounds
        found = {
            "accepted (door alone) / syncing sink": _ratio(
                rounds, lambda r: r.door.mails_per_second / r.syncing.mails_per_second
            ),
            "accepted (door alone) / dropping sink": _ratio(
                rounds, lambda r: r.door.mails_per_second / r.dropping.mails_per_second
            ),
            "accepted (while walking) / syncing sink": _ratio(
                rounds, lambda r: r.whole[first].accepted_per_second / r.syncing.mails_per_second
            ),
            "walked / syncing sink": _ratio(
                rounds, lambda r: r.whole[first].walked_per_second / r.syncing.mails_per_second
            ),
            "parse / standard library": self.reading.mails_per_second / self.reading.library_per_second,
            "understand / parse": self.understanding.messages_per_second / self.reading.mails_per_second,
        }
        for tickets in self.plan.tickets[1:]:
            found[f"cost per mail at {tickets} tickets / at {first}"] = median(
                one.whole[tickets].cpu_ms_per_mail / one.whole[first].cpu_ms_per_mail for one in rounds
            )
        if rounds[0].slow_whole is not None:
            found |= self._slow_ratios(first)
        return found

    def _slow_ratios(self, first: int) -> dict[str, float]:
        delay = f"{self.plan.sync_delay:g} ms"
        slow = [(one, one.slow_whole, one.slow_syncing) for one in self.rounds]
        return {
            f"walked with {delay} more for each sync / without": median(
                whole.walked_per_second / one.whole[first].walked_per_second for one, whole, _ in slow if whole
            ),
            f"walked with {delay} more for each sync / syncing sink with it": median(
                whole.walked_per_second / sink.mails_per_second for _, whole, sink in slow if whole and sink
            ),
        }


def _ratio(rounds: Sequence[Round], of: Callable[[Round], float]) -> float:
    return median(map(of, rounds))


def _median(rounds: Sequence[Figures]) -> Figures:
    """Each figure's own median; the counts are whole numbers and must not become fractions."""
    values = {field.name: median(getattr(one, field.name) for one in rounds) for field in fields(rounds[0])}
    return replace(rounds[0], **values)


async def measure(plan: Plan, databases: Databases, folder: Path, say: Say) -> Report:
    say("making the workload")
    key = folder / "key.pem"
    population.write_dns(folder / "zone.json", population.signing_key(key), peer=HOST)
    loads = {tickets: mails(replace(plan.mix, tickets=tickets), key) for tickets in plan.tickets}
    bench = Bench(folder, plan.connections)
    rounds = []
    for number in range(plan.rounds):
        rounds.append(await _round(bench, plan, databases, loads, partial(_of_round, say, number + 1)))
    first = plan.tickets[0]
    say(f"the desk at {STEADY_PER_SECOND:g} mails a second")
    steady = await bench.steady(databases.fresh(first), loads[first][:STEADY_MAILS], STEADY_PER_SECOND)
    say("reading and understanding")
    some = loads[first][:READ_MAILS]
    return Report(plan, rounds, steady, read_all(some), understand_all(some, folder))


def _of_round(say: Say, number: int, what: str) -> None:
    say(f"round {number}: {what}")


async def _round(bench: Bench, plan: Plan, databases: Databases, loads: dict[int, list[Mail]], say: Say) -> Round:
    first = plan.tickets[0]
    some = loads[first]
    say("the dropping sink")
    dropping = await bench.dropping(some)
    say("the syncing sink")
    syncing = await bench.syncing(some)
    say("the door alone")
    door = await bench.door(databases.fresh(first), some)
    whole = {}
    for tickets in plan.tickets:
        say(f"the whole desk, {tickets} tickets in it")
        whole[tickets] = await bench.whole(databases.fresh(tickets), loads[tickets])
    if not plan.sync_delay:
        return Round(dropping, syncing, door, whole)
    slow = replace(bench, sync_delay=plan.sync_delay / 1000)
    say("the syncing sink on a slow disk")
    slow_syncing = await slow.syncing(some)
    say("the whole desk on a slow disk")
    return Round(dropping, syncing, door, whole, slow_syncing, await slow.whole(databases.fresh(first), some))
