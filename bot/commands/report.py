"""helpdesk report: what came in, how it was answered and by whom, as one HTML page with charts."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import reportpage
from bot.app import App
from bot.commands import configured
from bot.commands.problem import Problem
from core import records
from core.reports.stories import Period
from core.reports.whole import Report, report

EXAMPLE = "helpdesk report -c helpdesk.toml --since 30d --out report.html"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument(
        "--since", default="30d", metavar="WHEN", help="from this day on (2026-11-01), or so long ago (7d, 4w); 30d"
    )
    command.add_argument("--until", default="", metavar="DAY", help="to the end of this day (2026-11-30); now")
    command.add_argument(
        "--department", action="append", default=[], metavar="NAME", help="only of this department (repeatable)"
    )
    command.add_argument("--out", default="report.html", metavar="FILE", help="the page; - for standard output")
    command.add_argument("--json", action="store_true", help="print the figures as JSON, and make no page")


def run(options: argparse.Namespace) -> int:
    """Whose comments it shows makes it a look into the tickets, and noted."""
    app = configured.desk(options)
    period = _period(options.since, options.until, app.around.clock(), app.around.desk.time_zone)
    figures = _figures(app, period, options.department)
    records.viewed(app.sessions, configured.operator(), "report", app.around.clock())
    if options.json:
        print(json.dumps(dataclasses.asdict(figures), default=str, ensure_ascii=False))
        return 0
    page = reportpage.page(figures, app.around.desk, app.around.clock())
    if options.out == "-":
        sys.stdout.write(page)
        return 0
    try:
        Path(options.out).write_text(page, encoding="utf-8")
    except OSError as error:
        raise Problem(f"{options.out} cannot be written: {error.strerror}; name another file with --out") from None
    print(f"{options.out}: {figures.volume.opened} tickets opened, {figures.backlog.open} open now")
    return 0


def _figures(app: App, period: Period, names: list[str]) -> Report:
    desk = app.around.desk
    known = {department.name.lower(): department.name for department in desk.departments}
    unknown = [name for name in names if name.lower() not in known]
    if unknown:
        raise Problem(f"there is no department {unknown[0]}, only {', '.join(known.values())}", 2)
    departments = [known[name.lower()] for name in names] or None
    with app.sessions() as session:
        return report(session, desk, period, departments)


def _period(since: str, until: str, now: datetime, zone: ZoneInfo) -> Period:
    """Days begin at midnight of the desk's own zone."""
    end = _day(until, zone) + timedelta(days=1) if until else now
    if found := re.fullmatch(r"(\d{1,4})([dw])", since):
        start = end - timedelta(days=int(found[1]) * (7 if found[2] == "w" else 1))
    else:
        start = _day(since, zone)
    if start >= end:
        raise Problem("--since must be before --until and before now", 2)
    return Period(start, end, zone)


def _day(written: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=zone)
    except ValueError:
        raise Problem(f"{written!r} is no day; write one like 2026-11-01, or 7d, 4w", 2) from None
