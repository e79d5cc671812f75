"""helpdesk chat: talk to the desk from a terminal, as a client does in a chat."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.commands import configured
from bot.commands.problem import Problem
from bot.talk import Shown, Talk

EXAMPLE = "helpdesk chat --as alice@bakery.example"
NEWS_SECONDS = 1.0
_AT = "@"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument(
        "--as",
        dest="who",
        required=True,
        metavar="ADDRESS",
        help="whom the desk takes you for: the address on file is believed, as you could read the database as well",
    )
    command.add_argument("--name", default="", help="the name that a stranger has (nobody's address on file)")


def run(options: argparse.Namespace) -> int:
    if _AT not in options.who:
        raise Problem(f"--as {options.who}: wants a mail address")
    talk = Talk(configured.desk(options), options.who, options.name)
    console = Console(width=None if Console().is_terminal else 100, highlight=False)
    if sys.stdin.isatty():
        return _interactive(talk, console)
    return _lines(talk, sys.stdin, lambda said: show(console, said))


def _lines(talk: Talk, lines: Iterable[str], shown: Callable[[Shown], None]) -> int:
    """One message a line; what stands in a pipe is answered line by line."""
    for line in lines:
        if not line.strip():
            continue
        try:
            for said in talk.says(line.strip()):
                shown(said)
        except TimeoutError as error:
            raise Problem(str(error)) from None
    if waiting := talk.mails_waiting():
        print(f"{len(waiting)} mails wait for the sender of `helpdesk serve`.", file=sys.stderr)
    return 0


def _interactive(talk: Talk, console: Console) -> int:
    """What staff answer in the meantime is shown when it comes."""
    console.print(f"You are {talk.mailbox}. One line is one message; Ctrl-D ends.", style="dim", markup=False)
    ended, busy = threading.Event(), threading.Lock()

    def watch() -> None:
        while not ended.wait(NEWS_SECONDS):
            with busy:
                for said in talk.news():
                    show(console, said)

    watching = threading.Thread(target=watch, name="news", daemon=True)
    watching.start()
    try:
        while True:
            line = input("> ")
            with busy:
                _lines(talk, [line], lambda said: show(console, said))
    except EOFError:
        return 0
    finally:
        ended.set()
        watching.join(NEWS_SECONDS + 1)


def show(console: Console, said: Shown) -> None:
    head = Text(f"{said.sender}\n", style="dim")
    title = Text(f"{said.title}\n\n", style="bold") if said.title else Text()
    files = Text(f"\n\nFiles: {', '.join(said.files)}", style="dim") if said.files else Text()
    console.print(Panel(head + title + Text(said.text.strip()) + files, width=min(console.width, 96)))
