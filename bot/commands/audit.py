"""helpdesk audit: who did what, and whether the record of it is whole."""

from __future__ import annotations

import argparse
import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

from bot.app import App
from bot.commands import configured
from bot.commands.problem import Problem
from core import records, sealing, trail

EXAMPLE = "helpdesk audit -c helpdesk.toml verify"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("what", nargs="?", choices=("show", "verify", "seal"), default="show")
    command.add_argument("--client", default="", metavar="ID", help="show: of this client")
    command.add_argument("--ticket", default="", metavar="N", help="show: of this ticket")
    command.add_argument("--since", type=_moment, metavar="DATE", help="show: from this day on (2026-03-01, UTC)")
    command.add_argument(
        "--expect", default="", metavar="SEAL", help="verify: a seal from the log (12:9f…) that must still be there"
    )


def run(options: argparse.Namespace) -> int:
    app = configured.desk(options)
    if options.what == "verify":
        return _verify(app, options.expect, as_json=options.json)
    if options.what == "seal":
        count = sealing.seal(app.sessions, app.around.tokens.mark, app.around.clock())
        print(f"{count} lines sealed; the newest seal is {sealing.newest(app.sessions) or 'none'}")
        return 0
    number = options.ticket.lstrip("#")
    found = trail.lines(app.sessions, client=options.client, ticket=number, since=options.since)
    what = " ".join(filter(None, ("audit trail", options.client and f"client {options.client}", number)))
    records.viewed(app.sessions, configured.operator(), what, app.around.clock())
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(map(_text, found)))
    return 0


def _verify(app: App, expected: str, *, as_json: bool) -> int:
    chain = sealing.verify(app.sessions, app.around.tokens.mark, expected)
    if as_json:
        print(json.dumps(dataclasses.asdict(chain)))
        return 1 if chain.problem else 0
    if chain.problem:
        raise Problem(f"the audit trail was tampered with, or desk.secret is another one: {chain.problem}")
    purged = f", {chain.purged} of them over lines that were purged since" if chain.purged else ""
    print(f"whole: {chain.lines} lines under {chain.seals} seals{purged}; {chain.unsealed} lines not sealed yet")
    print(f"the newest seal is {chain.newest or 'none'}")
    return 0


def _text(line: dict[str, Any]) -> str:
    about = (
        line["about"],
        f"ticket {line['ticket']}" if line["ticket"] else "",
        f"client {line['client']}" if line["client"] else "",
        json.dumps(line["detail"], ensure_ascii=False) if line["detail"] else "",
    )
    return "  ".join((line["at"][:19], line["who"], line["action"], *filter(None, about)))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
