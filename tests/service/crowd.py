"""A crowd of clients, each with an address of their own, so that every acknowledgement names the mail it answers."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from bot.importing import ImportDocument, read_document

_KEY = re.compile(r"K(\d{6})")


def document(count: int) -> ImportDocument:
    clients = [
        {"id": number, "first_name": "Alice", "last_name": "Martin", "email": address(key(number))}
        for number in range(1, count + 1)
    ]
    return read_document(json.dumps({"clients": clients}))


def key(number: int) -> str:
    return f"K{number:06}"


def address(key: str) -> str:
    return f"alice{int(key[1:])}@bakery.example"


def key_in(text: str) -> str:
    """The key that a subject carries, "" if none."""
    found = _KEY.search(text)
    return found[0] if found else ""


def mail(key: str) -> bytes:
    """What the client of that key writes; a person has to read it, so it becomes a ticket and is acknowledged."""
    message = EmailMessage()
    message["From"] = f"Alice Martin <{address(key)}>"
    message["To"] = "support@desk.example"
    message["Subject"] = f"The shop is slow {key}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{key}@bakery.example>"
    message.set_content(f"Since this morning the pages of our shop need ten seconds to load.\n\n{key}")
    return message.as_bytes()
