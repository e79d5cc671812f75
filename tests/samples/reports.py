"""Samples of what staff read about their own work: tickets found, and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.finding.tickets import Found, Hit, Mistake
from core.finding.words import Piece
from core.reports.bot import Bot
from core.reports.people import Comment, Person, Satisfaction
from core.reports.promises import Promise
from core.reports.stories import Period
from core.reports.times import Distribution
from core.reports.volume import Backlog, Volume
from core.reports.whole import Headline, Report

_AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
_SNIPPET = (Piece("… My site shows an ", found=False), Piece("error", found=True), Piece(" since today", found=False))
_HIT = Hit(
    number="48213077",
    subject="Site broken",
    status="Pending",
    department="Support",
    assignee="Sam Lee",
    requester="Alice Martin <alice@bakery.example>",
    updated=_AT,
    sleeps_until=_AT,
    snippet=_SNIPPET,
)
_BARE = replace(_HIT, assignee="", requester="", sleeps_until=None, snippet=())

_PERIOD = Period(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC), ZoneInfo("UTC"))
_DAYS = tuple((_PERIOD.since + timedelta(days=day)).date() for day in range(7))
_WEEK = tuple(tuple(3 if hour == 9 and day < 5 else 0 for hour in range(24)) for day in range(7))
FULL = Report(
    period=_PERIOD,
    departments=None,
    volume=Volume(15, 9, _DAYS, (3, 3, 3, 3, 3, 0, 0), (1, 2, 2, 2, 2, 0, 0), _WEEK, (("Support", 10), ("Sales", 5))),
    first_response=Distribution(8, 1800.0, 7500.0, (2, 3, 2, 1, 0, 0, 0)),
    next_response=Distribution(4, 5400.0, 180_000.0, (0, 1, 1, 1, 0, 1, 0)),
    resolution=Distribution(9, 90_000.0, 400_000.0, (0, 0, 0, 3, 3, 2, 1)),
    bot=Bot(tickets=15, alone=6, taken_over=3, people=6, came_back=2, moved=1),
    promises=(Promise("first", 9, 1, 0), Promise("next", 4, 0, 1), Promise("resolution", 7, 2, 0)),
    satisfaction=Satisfaction(5, 3, 1, (Comment("48213077", True, "Quick!"), Comment("48213078", False, "Too slow."))),
    backlog=Backlog(6, 4, 2, 12, (1, 1, 2, 2, 0, 0), (1, 1, 1, 1, 0, 0)),
    people=(Person("Sam Lee", 12, 8, 1800.0, 75), Person("Dana Cole", 0, 0, None, 30)),
    minutes=105,
    now=Headline(15, 9, 1800.0, 0.4, 0.75),
    before=Headline(11, 12, 93_600.0, None, None),
)
EMPTY = replace(
    FULL,
    departments=("Support", "Billing"),
    volume=Volume(0, 0, _DAYS, (0,) * 7, (0,) * 7, ((0,) * 24,) * 7, ()),
    first_response=Distribution(),
    next_response=Distribution(),
    resolution=Distribution(),
    bot=Bot(),
    promises=(),
    satisfaction=Satisfaction(0, 0, 0),
    backlog=Backlog(0, 0, 0, 0, (0,) * 6, (0,) * 6),
    people=(),
    minutes=0,
    now=Headline(0, 0, None, None, None),
    before=Headline(0, 0, 300.0, None, None),
)

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "staff_found": [
        {"written": "error", "found": Found((_HIT, _BARE), 2)},
        {"written": "error", "found": Found((_HIT,), 1)},
        {"written": "error", "found": Found((_HIT, _BARE), 57)},
        {"written": "error", "found": Found()},
        {
            "written": "status:broken from:@",
            "found": Found(mistakes=(Mistake("status", "broken", ("open", "closed")), Mistake("from", "@"))),
        },
        {"written": "!!", "found": Found(mistakes=(Mistake("", "!!"),))},
    ],
    "staff_stats": [
        {"report": FULL, "days": 7, "departments": None},
        {"report": EMPTY, "days": 1, "departments": ("Support", "Billing")},
    ],
    "weekly_report": [
        {"report": FULL, "departments": None},
        {"report": EMPTY, "departments": ("Support", "Billing")},
    ],
}
