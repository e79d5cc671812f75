"""What clients can ask, as a page: made from the handlers' own declarations, so that it cannot be out of date.

`python -m bot.guide` writes docs/functions.md (`make guide`); a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.handlers import collect
from core.intents import Intent, Registry
from core.people import Risk

PAGE = Path(__file__).parent.parent / "docs" / "functions.md"

_HEAD = """# What clients can ask

Made by `make guide` from the declarations in `bot/handlers/`. Every line has a written dialogue in
[tests/conversations](../tests/conversations), which the tests replay word for word: that is the user's guide.

*What it takes*: **open** – anybody; **read** – a mail that proves its sender; **change** – a YES to the question that
repeats what will happen; **sensitive** – a one-time code sent to the address on file; **secret** – goes to the address
on record and nowhere else; **person** – a ticket. Changes in the safe direction are done at once. *Right* is what a
sub-account needs.
"""
_TAKES = {
    Risk.PUBLIC: "open",
    Risk.READ: "read",
    Risk.CHANGE: "change",
    Risk.SENSITIVE: "sensitive",
    Risk.SECRET: "secret",
    Risk.HUMAN: "person",
}


def page(registry: Registry) -> str:
    """The whole page, a table for each subject."""
    return "\n".join([_HEAD, *_tables(registry)]) + "\n"


def _tables(registry: Registry) -> Iterator[str]:
    subjects: dict[str, list[Intent]] = {}
    for entry in registry:
        subjects.setdefault(_subject(entry), []).append(entry)
    for subject, entries in subjects.items():
        yield f"## {subject}\n"
        yield "| what it does | for example | what it takes | right | function |"
        yield "|---|---|---|---|---|"
        yield from map(_row, entries)
        yield ""


def _subject(entry: Intent) -> str:
    """The handler's file is the page of the client area."""
    return entry.run.__module__.rpartition(".")[2].replace("_", " ").capitalize()


def _row(entry: Intent) -> str:
    takes = f"{_TAKES[entry.risk]}, at once" if entry.safe else _TAKES[entry.risk]
    phrases = "; ".join(f"“{phrase}”" for phrase in entry.says[:2])
    right = f"`{entry.permission}`" if entry.permission else "–"
    return f"| {entry.help} | {phrases} | {takes} | {right} | `{entry.name}` {' '.join(entry.rows)} |"


if __name__ == "__main__":
    PAGE.write_text(page(collect()), encoding="utf-8")
