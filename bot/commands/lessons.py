"""helpdesk lessons: the tickets that staff moved to another department, as material for its words."""

from __future__ import annotations

import argparse
import dataclasses
import json
from datetime import UTC, datetime

from bot.commands import configured
from core import records
from core.lessons import lessons

EXAMPLE = "helpdesk lessons -c helpdesk.toml --since 2026-03-01 > lessons.jsonl"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--since", type=_moment, metavar="DATE", help="from this day on (2026-03-01, UTC)")


def run(options: argparse.Namespace) -> int:
    """A line of JSON for each move; what the texts say of people makes this a look into the tickets, and noted."""
    app = configured.desk(options)
    records.viewed(app.sessions, configured.operator(), "lessons", app.around.clock())
    for lesson in lessons(app.sessions, options.since):
        print(json.dumps({**dataclasses.asdict(lesson), "at": lesson.at.isoformat()}, ensure_ascii=False))
    return 0


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
