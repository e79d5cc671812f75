"""helpdesk parse: what the desk reads in a message, as JSON."""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from bot.channels.reading.document import as_document
from bot.channels.reading.mail import read
from bot.commands.problem import Problem

EXAMPLE = "helpdesk parse - < message.eml"


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jsonl", action="store_true", help='read lines {"id": …, "raw_base64": …}')
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file, or - for standard input")


def run(options: argparse.Namespace) -> int:
    with _source(options.file) as source:
        for document in _documents(source, jsonl=options.jsonl):
            print(json.dumps(document, ensure_ascii=False))
    return 0


def _source(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return open(file, "rb")
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}") from None


def _documents(source: BinaryIO, *, jsonl: bool) -> Iterator[dict[str, Any]]:
    if not jsonl:
        yield as_document(read(source.read(), with_html=False))
        return
    for line in source:
        if line.strip():
            yield _line(line)


def _line(line: bytes) -> dict[str, Any]:
    """A line that is not what it should be gives an object with its defect: the lines after it go on."""
    try:
        entry = json.loads(line)
        raw = base64.b64decode(entry["raw_base64"], validate=False)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        return {"id": None, **as_document(read(b"")), "defects": [f"this line is no message: {error}"]}
    return {"id": entry.get("id"), **as_document(read(raw, with_html=False))}
