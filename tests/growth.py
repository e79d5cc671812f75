"""Work that grows in step with its input, told from work that explodes, on machines of any speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

ENOUGH_SECONDS = 5.0
"""Processor time for a megabyte that needs no second look: many times what ours take, nothing of what n² would."""
STEP = 10
"""Four times the input may take this many times as long: in step means 4, n² means 16, and a machine is restless."""


def assert_in_step(act: Callable[[Input], object], quarters: Callable[[int], Input]) -> None:
    """`quarters(4)` is the whole input, `quarters(1)` a fourth of it; that one runs only when the whole took long."""
    whole = _seconds(act, quarters(4))
    if whole > ENOUGH_SECONDS:
        part = _seconds(act, quarters(1))
        assert whole < STEP * part, f"{whole:.1f} s for the whole, {part:.1f} s for a fourth of it"


def _seconds(act: Callable[[Input], object], given: Input) -> float:
    began = time.process_time()
    act(given)
    return time.process_time() - began
