"""People who write to the desk by SMTP, and what they write."""

from __future__ import annotations

import email.policy
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from bot.demo import Caught
from tests.desk import CAST


def mail(who: str, text: str, *, to: str = "support@desk.example", subject: str = "A question") -> EmailMessage:
    name, address = CAST[who]
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"{name} <{address}>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=address.partition("@")[2])
    message.set_content(text)
    return message


def answer(who: str, text: str, received: Caught) -> EmailMessage:
    """A reply to a mail of the desk, as a mail program makes it."""
    message = mail(who, text, to=received.reply_to, subject=f"Re: {received.subject}")
    message["In-Reply-To"] = received.message_id
    message["References"] = received.message_id
    return message


def send(port: int, message: EmailMessage, *, lmtp: bool = False) -> None:
    """Raises smtplib.SMTPException when the desk does not take it."""
    protocol = smtplib.LMTP if lmtp else smtplib.SMTP
    with protocol("127.0.0.1", port, "mx.bakery.example") as connection:
        connection.send_message(message)
