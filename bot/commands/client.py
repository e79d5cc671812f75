"""helpdesk client: what is known of a person."""

from __future__ import annotations

import argparse
import json

from bot.commands import configured
from bot.commands.problem import Problem
from core import records

EXAMPLE = "helpdesk client -c helpdesk.toml show alice@bakery.example"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("what", choices=("show",))
    command.add_argument("address", metavar="ADDRESS")


def run(options: argparse.Namespace) -> int:
    app = configured.desk(options)
    document = records.client(app.sessions, app.around.billing, options.address)
    if document is None:
        raise Problem(f"nothing is known of {options.address}: it is on no account and on no ticket")
    if options.json:
        print(json.dumps(document, ensure_ascii=False))
        return 0
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
    return 0
