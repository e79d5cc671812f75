"""helpdesk bench: what the desk does on this machine, beside what the machine can do at most."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.benchmark.places import databases
from bot.benchmark.report import Plan, Report, measure
from bot.benchmark.workload import Mix

EXAMPLE = "helpdesk bench --count 300 --rounds 1"
LARGE = 20_000
WIDTH = 130
"""Columns for whoever reads it from a file."""


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--count", type=_positive, default=1000, metavar="N", help="mails in the workload (1000)")
    command.add_argument("--connections", type=_positive, default=8, metavar="N", help="SMTP connections (8)")
    command.add_argument(
        "--tickets", type=_numbers, default=(100, 1000), metavar="N,N", help="tickets in the desk before (100,1000)"
    )
    command.add_argument("--large", action="store_true", help=f"with {LARGE} tickets in the desk as well")
    command.add_argument("--rounds", type=_positive, default=3, metavar="N", help="the figures are their medians (3)")
    command.add_argument("--database", default="", metavar="URL", help="an empty database instead of SQLite files")
    command.add_argument(
        "--sync-delay", type=float, default=0.0, metavar="MS", help="once more with this added to each sync"
    )
    command.add_argument(
        "--automatic", type=_share, default=0.0, metavar="SHARE", help="share of robots' mail, as in 0.2"
    )
    command.add_argument("--seed", type=int, default=1, metavar="N", help="another workload of the same mix")
    command.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(options: argparse.Namespace) -> int:
    tickets = (*options.tickets, LARGE) if options.large else options.tickets
    mix = Mix(options.count, tickets[0], options.seed, options.automatic)
    plan = Plan(mix, options.connections, tickets, options.rounds, options.sync_delay)
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-", ignore_cleanup_errors=True) as folder:
        report = _measured(plan, options.database, Path(folder))
    if options.json:
        print(json.dumps(report.document(), indent=1))
    else:
        _show(Console(width=None if Console().is_terminal else WIDTH, highlight=False), report.document())
    return 0


def _measured(plan: Plan, url: str, folder: Path) -> Report:
    progress = Console(stderr=True)
    places = databases(url, folder)
    try:
        if not progress.is_terminal:
            return asyncio.run(measure(plan, places, folder, lambda _: None))
        with progress.status("starting") as status:
            return asyncio.run(measure(plan, places, folder, status.update))
    finally:
        places.close()


def _show(console: Console, found: dict[str, Any]) -> None:
    load = found["workload"]
    console.print(
        f"{load['mails']} mails over {load['connections']} connections, medians of {load['rounds']} round(s). "
        "The limits on automatic mail are raised, so that every mail of a person is acknowledged."
    )
    console.print(_accepting(found))
    console.print(_walking(found))
    steady, reading = found["at_50_per_second"], found["reading"]
    console.print(
        f"At {steady['offered_per_second']:g} mails/s: 250 after {steady['p50_ms']:.1f} ms "
        f"(p99 {steady['p99_ms']:.1f}), acknowledged after {steady['acknowledged_p50_ms']:.0f} ms "
        f"(p95 {steady['acknowledged_p95_ms']:.0f})"
    )
    console.print(
        f"Reading alone: {reading['mails_per_second']:.0f} mails/s; the standard library's parser alone: "
        f"{reading['library_per_second']:.0f}"
    )
    understood = found["understanding"]
    console.print(
        f"Understanding alone, with its start: {understood['messages_per_second']:.0f} messages/s; the first after "
        f"{understood['first_message_seconds']:.2f} s, {understood['peak_mb']:.0f} MB at most"
    )
    ratios = Table("Ratio", "", title="Ratios", title_justify="left", box=None, show_header=False)
    for name, value in found["ratios"].items():
        ratios.add_row(name, f"{value:.2f}")
    console.print(ratios)


def _accepting(found: dict[str, Any]) -> Table:
    table = Table("Accepting", "mails/s", "CPU ms/mail", "syncs/mail", "p50 ms", "p99 ms", box=None)
    rows = {
        "plain aiosmtpd that drops": found["limits"]["dropping_sink"],
        "plain aiosmtpd, file synced": found["limits"]["syncing_sink"],
        "the desk's door, committed": found["door_alone"],
    }
    for name, row in rows.items():
        table.add_row(
            name,
            f"{row['mails_per_second']:.0f}",
            f"{row['cpu_ms_per_mail']:.2f}",
            f"{row['syncs_per_mail']:.2f}",
            f"{row['p50_ms']:.1f}",
            f"{row['p99_ms']:.1f}",
        )
    return table


_COLUMNS = {
    "accepted/s": ("accepted_per_second", ".0f"),
    "walked/s": ("walked_per_second", ".0f"),
    "CPU ms/mail": ("cpu_ms_per_mail", ".2f"),
    "peak MB": ("peak_mb", ".0f"),
    "SQL/mail": ("statements_per_mail", ".1f"),
    "syncs/mail": ("syncs_per_mail", ".2f"),
    "letters/mail": ("letters_per_mail", ".2f"),
    "p50 ms": ("p50_ms", ".1f"),
    "p99 ms": ("p99_ms", ".1f"),
}


def _walking(found: dict[str, Any]) -> Table:
    table = Table("Whole desk", *_COLUMNS, "acknowledged", box=None)
    for tickets, row in found["whole_desk"].items():
        cells = [format(row[name], form) for name, form in _COLUMNS.values()]
        table.add_row(f"{tickets} tickets", *cells, f"{row['acknowledged']:g} of {row['expected']:g}")
    return table


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("wants a number from 1")
    return number


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_positive(part) for part in text.split(",")))


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("wants a share from 0 to 1")
    return share
