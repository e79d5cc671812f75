"""helpdesk demo: the whole product with nothing to configure."""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
import sys
import threading
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot import demo
from bot.app import App
from bot.channels.smtp import SmtpListener
from bot.commands.chat import show
from bot.commands.problem import Problem
from bot.talk import Talk

EXAMPLE = "helpdesk demo --once"
PORT = 8025
CHATS_AS = "alice@bakery.example"


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--once", action="store_true", help="end after the conversation")
    command.add_argument("--port", type=int, default=None, help=f"the mail door's port ({PORT}, or any free one)")


def run(options: argparse.Namespace) -> int:
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    console = Console(width=None if Console().is_terminal else 100, highlight=False)
    port = options.port if options.port is not None else _usual_or_any_port(once=options.once)
    with demo.folder() as folder:
        sink = demo.Sink()
        try:
            app = demo.desk(Path(folder), port=port, sink_port=sink.start())
            asyncio.run(_play(app, sink, console, once=options.once))
        except TimeoutError as error:
            raise Problem(f"the conversation stopped: {error}; run it with --debug to see why") from None
        except OSError as error:
            raise Problem(
                f"the mail door could not be opened on port {port}: {error}; choose another with --port"
            ) from None
        finally:
            sink.stop()
    return 0


def _usual_or_any_port(*, once: bool) -> int:
    if once:
        return 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((demo.HOST, PORT))
        except OSError:
            return 0
    return PORT


async def _play(app: App, sink: demo.Sink, console: Console, *, once: bool) -> None:
    until, opened = asyncio.Event(), asyncio.get_running_loop().create_future()

    def started(smtp: SmtpListener | None) -> None:
        opened.set_result(smtp.port if smtp else 0)

    serving = asyncio.create_task(demo.serve(app, until, started))
    await asyncio.wait({serving, opened}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    port = opened.result()
    try:
        playing = demo.Demo(port, sink, lambda *mail: _show(console, *mail), lambda text: _say(console, text))
        await asyncio.to_thread(playing.play)
        if not once:
            if sys.stdin.isatty():
                threading.Thread(target=_chat, args=(app, console), daemon=True).start()
            await _stay(console, sink, port)
    finally:
        until.set()
        await serving


async def _stay(console: Console, sink: demo.Sink, port: int) -> None:
    console.print(
        f"\nNow you. The desk listens on {demo.HOST} port {port} until Ctrl-C; what leaves it is shown here.\n"
        f"  swaks --server {demo.HOST}:{port} --from alice@bakery.example --to help@desk.example \\\n"
        '        --header "Subject: hello" --body "Which invoices are open?"\n'
        "Clients: alice@bakery.example, bob@bakery.example (invoices only), victor@hale.example. "
        "Departments: sales, billing, support, security @desk.example.\n"
        f"Or chat: what you type here is said by {CHATS_AS}, as with `helpdesk chat`.\n",
        markup=False,
    )
    shown = len(sink.caught)
    try:
        while True:
            for mail in sink.caught[shown:]:
                _show(console, mail.sender, mail.recipient, mail.subject, mail.text)
                shown += 1
            await asyncio.sleep(0.2)
    except asyncio.CancelledError:
        console.print("\nThe desk is closed.")


def _chat(app: App, console: Console) -> None:
    """Whoever types here is a client in a chat; what must not stand in a chat comes as a mail."""
    talk = Talk(app, CHATS_AS)
    for line in sys.stdin:
        try:
            for said in talk.says(line.strip()) if line.strip() else ():
                show(console, said)
        except TimeoutError as error:
            _say(console, str(error))


def _say(console: Console, text: str) -> None:
    console.print(f"\n[bold]{text}[/bold]")


def _show(console: Console, sender: str, recipient: str, subject: str, text: str) -> None:
    head = Text(f"From: {sender}\nTo: {recipient}\nSubject: {subject}\n\n", style="dim")
    console.print(Panel(head + Text(text.strip()), width=min(console.width, 96)))
