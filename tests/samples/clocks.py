"""Samples of deadlines, and of the letters about clocks that ran on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from core.sla.deadlines import Due

_FRIDAY = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
_DUE = Due("first", _FRIDAY, timedelta(hours=3), overdue=False, zone=ZoneInfo("Europe/Paris"))

DUE = (
    _DUE,
    replace(_DUE, left=timedelta(minutes=45)),
    replace(_DUE, left=timedelta(minutes=1)),
    replace(_DUE, left=timedelta(minutes=62)),
    replace(_DUE, kind="next", overdue=True),
    replace(_DUE, kind="resolution", left=timedelta(hours=24)),
)
_TICKET = SimpleNamespace(number="46057485", subject="Site broken", priority="High", department="Support")


def _passed(due: Due, assignee: str = "Sam Lee", raised: str = "", moved: str = "") -> SimpleNamespace:
    waits = "The shop page is empty." if assignee else ""
    return SimpleNamespace(ticket=_TICKET, due=due, waits=waits, assignee=assignee, raised=raised, moved=moved)


_ALL = [
    _passed(replace(_DUE, kind=kind, overdue=overdue))
    for kind in ("first", "next", "resolution")
    for overdue in (False, True)
]

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "staff_clock": [
        *({"news": [passed], "ticket": _TICKET, "department": "Support"} for passed in _ALL),
        {"news": _ALL[:2], "ticket": _TICKET, "department": "Support"},
        *(
            {"news": [_passed(_DUE, "", raised, "Security")], "ticket": _TICKET, "department": "Security"}
            for raised in ("Medium", "High", "Urgent")
        ),
    ],
    "staff_clocks": [{"news": _ALL}, {"news": [_passed(_DUE, "")]}],
}
