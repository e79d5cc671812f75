"""helpdesk understand: what a text asks for, as JSON."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from typing import IO, Any

from bot.commands.problem import Problem
from core.meaning.read import Reader, Reading

EXAMPLE = 'helpdesk understand "please unlock bakery.example and send me its EPP code"'


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--jsonl", action="store_true", help='read lines {"id": …, "channel": …, "subject": …, "text": …}'
    )
    command.add_argument(
        "--why", action="store_true", help="print too which rule decided, and why a person must read it"
    )
    command.add_argument("--subject", default="", help="the subject of the mail")
    command.add_argument("text", nargs="?", default="-", metavar="TEXT", help="the text, or - for standard input")


def run(options: argparse.Namespace) -> int:
    reader = Reader()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the terminal's
    if options.jsonl:
        for document in _lines(reader, _input(), why=options.why):
            print(json.dumps(document, ensure_ascii=False))
        return 0
    text = _input().read() if options.text == "-" else options.text
    print(json.dumps(as_document(None, reader.read(text, options.subject), why=options.why), ensure_ascii=False))
    return 0


def _input() -> IO[str]:
    return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")


def _lines(reader: Reader, source: IO[str], *, why: bool) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            text = str(entry.get("text") or "")
            reading = reader.read(text, str(entry.get("subject") or ""), str(entry.get("channel") or "email"))
        except (ValueError, AttributeError) as error:
            raise Problem(f"line {number} is no JSON object: {error}") from None
        yield as_document(entry.get("id"), reading, why=why)


def as_document(identifier: object, reading: Reading, *, why: bool) -> dict[str, Any]:
    """The contract's object for one message; with `why` also the reasons."""
    document: dict[str, Any] = {
        "id": identifier,
        "intents": [
            {
                "name": meant.intent,
                "confidence": round(meant.confidence, 2),
                "entities": {key: list(values) for key, values in meant.entities.items()},
                **({"why": meant.why, "clause": meant.clause} if why else {}),
            }
            for meant in reading.requests
        ],
        "department": reading.department,
        "language": reading.language,
    }
    if why:
        document |= {"urgent": reading.urgent, "guard": reading.guard, "human": reading.human}
    return document
