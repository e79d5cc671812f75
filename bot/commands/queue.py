"""helpdesk queue: what waits and what failed."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.commands import configured
from bot.commands.problem import Problem
from core import queues
from core.database import Sessions
from core.queues import Entry

EXAMPLE = "helpdesk queue -c helpdesk.toml retry 58342109"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("what", nargs="?", choices=("list", "show", "retry", "drop"), default="list")
    command.add_argument("id", nargs="?", type=int, metavar="ID")


def run(options: argparse.Namespace) -> int:
    sessions = configured.desk(options).sessions
    if options.what == "list":
        _list(sessions, as_json=options.json)
        return 0
    if options.id is None:
        raise Problem(f"{options.what} wants an ID; `helpdesk queue` lists them", 2)
    if options.what == "show":
        _show(sessions, options.id, as_json=options.json)
        return 0
    act = queues.retry if options.what == "retry" else queues.drop
    if not act(sessions, options.id, datetime.now(UTC)):
        raise Problem(f"{options.id}: nothing that failed or waits has this ID; `helpdesk queue` lists them")
    print(f"{options.id}: {'is tried again' if options.what == 'retry' else 'dropped; its raw bytes are kept'}")
    return 0


def _list(sessions: Sessions, *, as_json: bool) -> None:
    counts, entries = queues.counts(sessions), queues.entries(sessions)
    if as_json:
        print(json.dumps({"counts": counts, "entries": [_document(entry) for entry in entries]}, ensure_ascii=False))
        return
    print("  ".join(f"{name} {count}" for name, count in counts.items()))
    if not entries:
        return
    table = Table("ID", "Queue", "State", "Tries", "Since", "Who", "Why", box=None)
    for entry in entries:
        since = entry.since.isoformat(sep=" ", timespec="seconds")
        table.add_row(
            str(entry.id), entry.queue, entry.state, str(entry.attempts), since, entry.address, entry.error[:200]
        )
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _show(sessions: Sessions, number: int, *, as_json: bool) -> None:
    try:
        found = queues.show(sessions, number)
    except LookupError as error:
        raise Problem(f"{number}: its bytes cannot be shown: {error}") from None
    if found is None:
        raise Problem(f"{number}: no such ID; `helpdesk queue` lists them")
    entry, raw = found
    if as_json:
        print(json.dumps({**_document(entry), "raw": raw.decode("utf-8", "replace")}, ensure_ascii=False))
        return
    for name, value in _document(entry).items():
        print(f"{name}: {value}")
    print()
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)


def _document(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "queue": entry.queue,
        "state": entry.state,
        "attempts": entry.attempts,
        "since": entry.since.isoformat(),
        "address": entry.address,
        "error": entry.error,
        "result": entry.result,
    }
