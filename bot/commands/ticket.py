"""helpdesk ticket: a ticket as it is stored."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.commands import configured
from bot.commands.problem import Problem
from core import records

EXAMPLE = "helpdesk ticket -c helpdesk.toml show 48213077"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("what", choices=("list", "show"))
    command.add_argument("number", nargs="?", metavar="N", help="the ticket's number")


def run(options: argparse.Namespace) -> int:
    sessions = configured.desk(options).sessions
    if options.what == "list":
        _list(records.tickets(sessions), as_json=options.json)
        return 0
    if not options.number:
        raise Problem("show wants a ticket number; `helpdesk ticket list` has them", 2)
    document = records.ticket(sessions, options.number.lstrip("#"))
    if document is None:
        raise Problem(f"there is no ticket {options.number}; `helpdesk ticket list` has them")
    records.viewed(sessions, configured.operator(), f"ticket {document['number']}", datetime.now(UTC))
    if options.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _show(document)
    return 0


def _list(tickets: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(tickets, ensure_ascii=False))
        return
    table = Table("Number", "Status", "Department", "Updated", "Requester", "Subject", box=None)
    for ticket in tickets:
        table.add_row(
            ticket["number"],
            ticket["status"],
            ticket["department"],
            ticket["updated"],
            ticket["requester"],
            ticket["subject"],
        )
    Console().print(table)


_CLOCKS = {"first": "first answer", "next": "next answer", "resolution": "solution"}


def _clock(clock: dict[str, Any]) -> str:
    """One line; the times are UTC, the minutes working time."""
    moment = f", due {clock['due']}" if clock["due"] else ""
    moment += f", stopped {clock['stopped']}" if clock["stopped"] else ""
    target = f" of {clock['target_minutes']}" if clock["target_minutes"] is not None else ""
    passed = f", {clock['worked_minutes']}{target} minutes" if clock["state"] != "running" else ""
    steps = f", warned {', '.join(clock['steps'])}" if clock["steps"] else ""
    return f"{clock['state']}{moment}{passed}{steps} ({clock['policy'] or 'no policy'})"


def _show(ticket: dict[str, Any]) -> None:
    for name in (
        "number",
        "subject",
        "status",
        "priority",
        "department",
        "also_departments",
        "client",
        "assignee",
        "tags",
        "fields",
        "wakes",
        "merged_into",
        "created",
        "updated",
    ):
        print(f"{name}: {ticket[name]}")
    for clock in ticket["clocks"]:
        print(f"{_CLOCKS[clock['kind']]}: {_clock(clock)}")
    print("participants:")
    for person in ticket["participants"]:
        print(f"  {person['role']}: {person['name']} <{person['address']}>")
    for message in ticket["messages"]:
        print(f"\n--- {message['at']} {message['kind']} by {message['author_name']} <{message['author']}>")
        for reason in message["evidence"]:
            print(f"    ({reason})")
        print(message["text"])
        for attachment in message["attachments"]:
            print(f"    [{attachment['filename']}, {attachment['content_type']}, {attachment['size']} bytes]")
    print("\naudit trail:")
    for entry in ticket["audit"]:
        print(f"  {entry['at']} {entry['who']}: {entry['action']} {json.dumps(entry['detail'], ensure_ascii=False)}")
