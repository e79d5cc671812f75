"""Canned replies: a name, a text in one or more languages, and what is done when it is sent.

One is written as a member of staff would write the mail: commands above or below the text, the same grammar. `#macro
name` adds the text to what is written and runs the commands with it. `{client}` and the like are filled in; nothing in
a canned reply is ever a template that could run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.models import Ticket
from core.staff.grammar import Command, Words, parse

_FIELD = re.compile(r"\{(\w+)\}")
FIELDS = ("client", "first_name", "ticket", "subject", "staff", "desk", "department")


@dataclass(frozen=True, slots=True)
class Canned:
    """`texts` by language, as they were written. `department` "" means that everybody may use it."""

    name: str
    texts: Mapping[str, str] = field(default_factory=dict)
    department: str = ""

    def in_language(self, language: str, otherwise: str) -> str:
        """The text for that language, else for the desk's own, else whichever there is."""
        for wanted in (language.partition("-")[0], otherwise.partition("-")[0]):
            if wanted in self.texts:
                return self.texts[wanted]
        return next(iter(self.texts.values()), "")


Shelf = Callable[[], Sequence[Canned]]


def faults(text: str, words: Words) -> list[str]:
    """What is wrong with the text of a canned reply, in plain words; [] when it is good."""
    read = parse(text, words)
    found = [f"{slip.line}: {slip.reason}" for slip in read.slips]
    found += [f"#{command.verb}: not in a canned reply" for command in read.commands if command.verb == "macro"]
    return found + [f"{name}: there is no such field, only {', '.join(FIELDS)}" for name in wrong_fields(read.text)]


def wrong_fields(text: str) -> list[str]:
    """What stands in braces and is no field."""
    return [f"{{{name}}}" for name in _FIELD.findall(text) if name not in FIELDS]


def usable(shelf: Sequence[Canned], ticket: Ticket) -> list[Canned]:
    """Those for the ticket's department, and those for all; a department's own goes before one for all of that name."""
    own = [one for one in shelf if one.department == ticket.department]
    names = {one.name.lower() for one in own}
    return own + [one for one in shelf if not one.department and one.name.lower() not in names]


def opened(text: str, words: Words, fields: Mapping[str, str]) -> tuple[str, tuple[Command, ...]]:
    """What it says and does, its fields filled in."""
    read = parse(text, words, slips_are_text=True)
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), read.text), read.commands
