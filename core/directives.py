"""What staff write in the first or last lines of a reply: `#note`, `#close`, …

A block of commands before the first ordinary line, and one after the last. All or nothing: one bad line and nothing
runs, nothing reaches the client, the text is held. Too quiet is better than an internal remark sent to a client.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """`argument` is none, text (optional, becomes part of the message) or value (required)."""

    name: str
    argument: str
    help: str


VERBS = {
    verb.name: verb
    for verb in (
        Verb("note", "text", "keep this message inside"),
        Verb("reply", "text", "send this message to the client"),
        Verb("close", "none", "close the ticket"),
        Verb("open", "none", "open it again"),
        Verb("dept", "value", "move the ticket to this department"),
        Verb("client", "value", "say whose ticket it is: the client's address on file"),
        Verb("release", "none", "allow sensitive changes of this account again: you have spoken with its owner"),
        Verb("original", "none", "mail me the client's last message as it arrived, whole"),
        Verb("help", "none", "mail me this list"),
    )
}
ALIASES = {"closed": "close", "solved": "close", "reopen": "open", "department": "dept", "move": "dept"}

_COMMAND = re.compile(r"([#!/])\s?([A-Za-z][\w-]*)(?::|\s|$)\s*(.*)\Z", re.DOTALL)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Command:
    verb: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line that looks like a command is none; a near miss of a real one is never taken for text."""

    text: str
    near_miss: bool


@dataclass(frozen=True, slots=True)
class Directives:
    """`text` is what remains to be said; `problems` (worded for the writer) mean that nothing may be done."""

    text: str
    commands: tuple[Command, ...] = ()
    problems: tuple[str, ...] = ()

    def has(self, verb: str) -> bool:
        return any(command.verb == verb for command in self.commands)

    def value(self, verb: str) -> str:
        return next((command.argument for command in self.commands if command.verb == verb), "")


def parse(text: str) -> Directives:
    lines = text.strip().splitlines()
    commands: list[Command] = []
    problems: list[str] = []
    start = _take_block(lines, range(len(lines)), commands, problems)
    kept = [command.argument for command in commands if VERBS[command.verb].argument == "text" and command.argument]
    tail: list[Command] = []
    end = _take_block(lines, range(len(lines) - 1, start - 1, -1), tail, problems, near_misses_only=True)
    commands += reversed(tail)
    body = lines[start : end + 1] if start < len(lines) else []
    problems += [_misplaced(line) for line in body if isinstance(_read(line), Command)]
    said = "\n".join([*kept, *(_literal(line) for line in body)]).strip()
    return Directives(said, tuple(commands), tuple(problems))


def _take_block(
    lines: list[str], order: range, commands: list[Command], problems: list[str], *, near_misses_only: bool = False
) -> int:
    """Read commands until the first ordinary line; returns where that is."""
    position = order.start
    for position in order:
        line = lines[position]
        if not line.strip():
            continue
        read = _read(line)
        if read is None or (near_misses_only and isinstance(read, Problem) and not read.near_miss):
            return position
        if isinstance(read, Problem):
            problems.append(read.text)
        else:
            commands.append(read)
    return position + order.step if len(order) else order.start


def _read(line: str) -> Command | Problem | None:
    """A command, a problem with what looks like one, or None for ordinary text."""
    plain = unicodedata.normalize("NFKC", line).translate(_INVISIBLE).strip()
    match = _COMMAND.match(plain)
    if match is None:
        return None
    mark, word, argument = match.group(1), match.group(2).lower(), match.group(3).strip()
    verb = VERBS.get(ALIASES.get(word, word))
    spaced = plain[1:2].isspace()
    if verb is None:
        near = difflib.get_close_matches(word, [*VERBS, *ALIASES], 1, cutoff=0.75)
        if spaced or (mark != "#" and not near):
            return None
        hint = f"; did you mean {mark}{near[0]}?" if near else ""
        return Problem(f"{plain[:60]}: unknown command{hint}", near_miss=bool(near))
    if verb.argument == "none" and argument:
        return None if spaced else Problem(f"{plain[:60]}: {mark}{word} stands alone on its line", near_miss=True)
    if verb.argument == "value" and not argument:
        return Problem(f"{plain[:60]}: {mark}{word} wants a value", near_miss=True)
    return Command(verb.name, argument)


def _misplaced(line: str) -> str:
    return f"{line.strip()[:60]}: commands stand above or below the text, not in it"


def _literal(line: str) -> str:
    """`##close` is the text `#close`."""
    return re.sub(r"^(\s*)([#!/])\2(?=[A-Za-z])", r"\1\2", line)
