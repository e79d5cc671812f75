"""What clients can ask and staff can command, as pages: made from the declarations, so that they are never out of date.

`python -m bot.guide` writes docs/functions.md and the table in docs/staff.md (`make guide`); a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.handlers import collect
from core.intents import Intent, Registry
from core.people import Risk
from core.staff.grammar import Argument
from core.staff.verbs import Verb
from core.staff.vocabulary import VERBS

PAGE = Path(__file__).parent.parent / "docs" / "functions.md"
STAFF_PAGE = PAGE.with_name("staff.md")

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


_FROM, _TO = "<!-- verbs: made by `make guide` from core/staff -->\n", "<!-- end of verbs -->"
_ARGUMENTS = {Argument.NONE: "", Argument.TEXT: " …", Argument.VALUE: " …", Argument.OPTIONAL: " […]"}


def staff_page(text: str) -> str:
    """The page with the table of verbs as they are today."""
    before, _, rest = text.partition(_FROM)
    _, _, after = rest.partition(_TO)
    table = ["| line | what it does | also |", "|---|---|---|", *map(_verb, VERBS.values())]
    return "".join([before, _FROM, "\n".join(table), "\n", _TO, after])


def _verb(verb: Verb) -> str:
    also = ", ".join(f"`#{word}`" for word in verb.words if word != verb.name)
    return f"| `#{verb.name}{_ARGUMENTS[verb.argument]}` | {verb.help} | {also} |"


if __name__ == "__main__":
    PAGE.write_text(page(collect()), encoding="utf-8")
    STAFF_PAGE.write_text(staff_page(STAFF_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
