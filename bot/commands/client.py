"""helpdesk client: what is known of a person."""

from __future__ import annotations

import argparse
import json
from typing import Any

from bot.app import App
from bot.commands import configured
from bot.commands.problem import Problem
from core import privacy, records

EXAMPLE = "helpdesk client -c helpdesk.toml show alice@bakery.example"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--yes", action="store_true", help="erase without asking")
    command.add_argument("what", choices=("show", "export", "erase"))
    command.add_argument("address", metavar="ADDRESS")


def run(options: argparse.Namespace) -> int:
    app = configured.desk(options)
    if options.what == "erase":
        return _erase(app, options.address, asked=options.yes)
    look = privacy.export if options.what == "export" else records.client
    document = look(app.sessions, app.around.billing, options.address)
    if document is None:
        raise Problem(f"nothing is known of {options.address}: it is on no account and on no ticket")
    records.viewed(app.sessions, configured.operator(), f"{options.what} {options.address}", app.around.clock())
    if options.json or options.what == "export":
        print(json.dumps(document, ensure_ascii=False, indent=None if options.json else 2))
        return 0
    _print(document)
    return 0


def _erase(app: App, address: str, *, asked: bool) -> int:
    if not asked:
        print(f"Everything that the desk keeps of {address} is erased for ever; accounts and invoices are not touched.")
        if input("Type the address again to go on: ").strip().lower() != address.lower():
            raise Problem("nothing was erased: the address was not repeated")
    gone = privacy.erase(app.sessions, address, app.around.clock(), app.around.tokens.mark)
    print(
        f"erased: {gone.messages} messages of {gone.tickets} tickets, {gone.letters} letters, {gone.arrivals} arrivals"
    )
    return 0


def _print(document: dict[str, Any]) -> None:
    print(f"{document['address']}")
    if document["undeliverable"]:
        print(f"  mail to it comes back: {document['undeliverable']}")
    if document["linked_to"]:
        print(f"  belongs to client {document['linked_to']['client']}, says {document['linked_to']['by']}")
    for account in document["accounts"]:
        print(
            f"  {account['as']} of account {account['client']} ({account['status']}): "
            f"{', '.join(filter(None, (account['name'], account['company'])))}"
        )
        for name in ("email", "permissions", "services", "domains", "unpaid_invoices"):
            value = account[name]
            print(f"    {name}: {', '.join(value) if isinstance(value, list) else value}")
    for ticket in document["tickets"]:
        print(f"  ticket {ticket['number']} {ticket['status']} {ticket['department']}: {ticket['subject']}")
