"""helpdesk serve: the service, whole or in parts."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal

from bot.app import ROLES, App
from bot.app import run as run_app
from bot.channels.smtp import SmtpListener
from bot.commands import configured
from bot.commands.problem import Problem

EXAMPLE = "helpdesk serve -c /etc/helpdesk/helpdesk.toml"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument(
        "--role",
        action="append",
        choices=ROLES,
        help="run only this part (repeatable), beside others on the same PostgreSQL",
    )
    command.set_defaults(log_level="info")


def run(options: argparse.Namespace) -> int:
    app = configured.desk(options)
    opened: list[bool] = []
    try:
        asyncio.run(_serve(app, options.role or list(ROLES), opened))
    except OSError as error:
        if opened:
            raise
        listen = app.settings.email.listener.listen
        raise Problem(f"the mail door could not be opened on {listen}: {error}; see email.listener") from None
    return 0


async def _serve(app: App, roles: list[str], opened: list[bool]) -> None:
    until = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, until.set)

    def started(smtp: SmtpListener | None) -> None:
        opened.append(True)
        where = f", mail door on port {smtp.port}" if smtp is not None and smtp.port else ""
        logging.getLogger("helpdesk").info("started: %s%s", ", ".join(roles), where)

    await run_app(app, roles, until=until, started=started)
