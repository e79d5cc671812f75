"""The `helpdesk` command: one sub-command per file of bot/commands, errors as one clear line."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

from bot import __version__, logs

COMMANDS = {
    "demo": "The whole product on this machine with nothing to configure: a short real conversation, then yours.",
    "chat": "Talk to the desk from this terminal, as a client would in a chat.",
    "serve": "Run the desk: all configured channels, the worker, the sender and the scheduler.",
    "pipe": "Accept one message on standard input; exits 0 only when it is on disk, 75 when the MTA should try again.",
    "import": "Load or update the local client area from one JSON document; all of it or nothing.",
    "parse": "Read a message (or, with --jsonl, many) and print as JSON what the desk reads in it.",
    "understand": "Read a text (or, with --jsonl, many) and print as JSON what it asks for.",
    "queue": "What waits and what failed: inbox, outbox and quarantine; show, retry or drop one.",
    "ticket": "List tickets, or show one as it is stored.",
    "client": "What is known of a person.",
    "report": "What came in, how it was answered and by whom: one HTML page with charts.",
    "lessons": "What staff moved to another department: material for the words of departments, one JSON a line.",
    "triggers": "What the triggers of the configuration would do with a ticket, without doing it.",
    "audit": "Who did what, and whether the record of it is whole.",
    "bench": "Measure the desk on a workload it makes, against the limit of this machine in the same run.",
}
"""Each is a module of bot/commands; only the one that is called is loaded, for `pipe` starts once for every mail."""

EX_TEMPFAIL = 75


def main(arguments: Sequence[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    logs.set_up(logging.DEBUG if options.debug else getattr(logging, options.log_level.upper()))
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has left (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # Imported here: these know the database, which `understand` and `--help` do without.
        failures = importlib.import_module("bot.commands.failures")
        told = failures.told(error)
        if told is None:
            raise
        return _failed(options, *told)


def _failed(options: argparse.Namespace, message: str, code: int) -> int:
    if options.debug:
        logging.getLogger("helpdesk").exception("failed")
    print(f"helpdesk {options.command}: {message}", file=sys.stderr)
    return EX_TEMPFAIL if options.command == "pipe" and code == 1 else code


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="helpdesk",
        description="A help desk for web-hosting providers, driven by e-mail and chat.",
        epilog="Start with: helpdesk demo",
    )
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((word for word in arguments if not word.startswith("-")), "")
    for name, text in COMMANDS.items():
        command = commands.add_parser(
            name, help=text, description=text, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_argument("--debug", action="store_true", help="show tracebacks and every step")
        command.add_argument(
            "--log-level", default="warning", choices=("info", "warning", "error"), help=argparse.SUPPRESS
        )
        if name == wanted:
            module = importlib.import_module(f"bot.commands.{'import_' if name == 'import' else name}")
            command.epilog = f"Example: {module.EXAMPLE}"
            module.arguments(command)
            command.set_defaults(run=module.run)
    return parser
