"""helpdesk pipe: one message on standard input, for an MTA's alias file; exit codes as sysexits.h has them."""

from __future__ import annotations

import argparse
import sys

from bot import disk
from bot.channels import envelope
from bot.channels.ports import Delivery
from bot.commands import configured
from bot.commands.problem import Problem
from bot.intake import received
from core import inbox

EXAMPLE = "|/usr/bin/helpdesk pipe -c /etc/helpdesk/helpdesk.toml --recipient support@desk.example   (in /etc/aliases)"

EX_DATAERR, EX_NOUSER, EX_TEMPFAIL = 65, 67, 75


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("--recipient", default="", metavar="ADDRESS", help="the address of the desk it was sent to")
    command.add_argument(
        "--sender", default=None, metavar="ADDRESS", help="the envelope's sender (empty: the null sender)"
    )


def run(options: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise Problem("there is no message on standard input", EX_DATAERR)
    try:
        app = configured.desk(options)
        if len(raw) > app.settings.email.listener.max_message_size:
            raise Problem("the message is larger than email.listener.max_message_size", EX_DATAERR)
        desk = app.around.desk
        if options.recipient and not desk.owns(options.recipient):
            raise Problem(f"{options.recipient} is no address of this desk", EX_NOUSER)
        recipients = (options.recipient,) if options.recipient else envelope.recipients(raw, desk.owns, desk.address)
        delivery = Delivery("email", raw, recipients, options.sender, {"door": "pipe"})
        if not disk.under(app.engine.url, app.settings.limits.min_free_mb).has_room(len(raw)):
            raise Problem("the disk of the database is nearly full, try again later", EX_TEMPFAIL)
        with app.sessions() as session:
            inbox.accept(session, [received(delivery)], app.around.clock())
            session.commit()
    except Problem:
        raise
    except Exception as error:
        # Whatever it was, the MTA keeps the message and tries again: nothing is lost.
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise Problem(f"not accepted, try again: {reason}", EX_TEMPFAIL) from error
    return 0
