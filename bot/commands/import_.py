"""helpdesk import: load or update the local client area from one JSON document."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.progress import Progress

from bot.commands import configured
from bot.commands.problem import Problem
from bot.importing import DocumentErrors, ImportCounts, ImportDocument, load, read_document
from core.database import Sessions

EXAMPLE = "helpdesk import -c helpdesk.toml clients.json"


def arguments(command: argparse.ArgumentParser) -> None:
    configured.arguments(command)
    command.add_argument("file", type=Path, metavar="FILE.json")


def run(options: argparse.Namespace) -> int:
    try:
        text = options.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{options.file} cannot be read: {error}") from None
    try:
        document = read_document(text)
        counts = _load(configured.desk(options).sessions, document)
    except DocumentErrors as error:
        lines = "\n  ".join(error.errors)
        raise Problem(f"{options.file} was not loaded, nothing was changed:\n  {lines}") from None
    print(
        f"{counts.clients} clients, {counts.services} services, {counts.domains} domains, "
        f"{counts.invoices} invoices loaded"
    )
    return 0


def _load(sessions: Sessions, document: ImportDocument) -> ImportCounts:
    if not sys.stderr.isatty():
        return load(sessions, document)
    with Progress(transient=True) as progress:
        task = progress.add_task("importing", total=None)
        return load(sessions, document, lambda done, total: progress.update(task, completed=done, total=total))
