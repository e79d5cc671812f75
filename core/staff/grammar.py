"""What staff write in the first or last lines of a message: `#note`, `#close`, …

A block of commands before the first ordinary line, and one after the last. All or nothing: one bad line and nothing
runs, nothing reaches the client, the text is held. Too quiet is better than an internal remark sent to a client.
The same grammar serves mail, threads in Slack and topics in Telegram; each of these eats another mark, so there are
three of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Argument(Enum):
    """What follows a verb."""

    NONE = "none"
    TEXT = "text"
    """Optional, and part of the message."""
    VALUE = "value"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is a command. `preset` is the argument that it stands for ("take" is "assign me")."""

    verb: str
    argument: Argument
    preset: str = ""
    shape: str = ""
    """What an argument looks like that nobody would write in a heading, as a regular expression."""


Words = Mapping[str, Word]

_COMMAND = re.compile(r"([#!/])\s{0,3}([A-Za-z][\w-]*)(?:[.,;!…]+(?=\s|\Z)|:|\s|\Z)\s*(.*)\Z", re.DOTALL)
"""A phone puts a dot behind whatever ends with two spaces."""
_DRESSED = re.compile(r"[^\w\s#!/]{0,3}#[^\w#!/]{0,3}([A-Za-z]+)(?![\w-])")
"""A command in quotes, bold, in brackets, or with a dash or smiley at its end."""
_MAIL_LINK = re.compile(r"\s*<mailto:[^<>]*>", re.IGNORECASE)
"""What Outlook writes behind an address, in plain text."""
_SELECTORS = range(0xFE00, 0xFE10)
"""They choose how the character before them looks."""
_MARKS = frozenset("#!/")
_BEGINNING = 12
_NEAR = 0.75
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Command:
    verb: str
    argument: str = ""
    written: str = ""
    """The line as it was written, for the record and for complaints."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that looks like a command and is none. `near` is the word that was probably meant, with its mark."""

    line: str
    reason: str
    """unknown, alone (the verb takes nothing), value (it wants one) or misplaced (it stands in the text)."""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Directives:
    """`text` is what remains to be said; with `slips` nothing may be done."""

    text: str
    commands: tuple[Command, ...] = ()
    slips: tuple[Slip, ...] = ()

    def has(self, verb: str) -> bool:
        return any(command.verb == verb for command in self.commands)

    def value(self, verb: str) -> str:
        return next((command.argument for command in self.commands if command.verb == verb), "")


def parse(text: str, words: Words, *, slips_are_text: bool = False) -> Directives:
    """`slips_are_text`: what was held before and is sent all the same, so that a doubtful line is the writer's text."""
    lines = text.strip().splitlines()
    read = [_read(line, words) for line in lines]
    if slips_are_text:
        read = [None if isinstance(one, Slip) else one for one in read]
    start = _end_of_block(lines, read, range(len(lines)))
    end = _end_of_block(lines, _only_near(read), range(len(lines) - 1, start - 1, -1))
    top, tail = read[:start], read[end + 1 :] if start < len(lines) else []
    body = list(zip(lines, read, strict=True))[start : end + 1]
    commands = [one for one in (*top, *tail) if isinstance(one, Command)]
    slips = [one for one in (*top, *tail) if isinstance(one, Slip)]
    if not slips_are_text:
        slips += [Slip(line.strip(), "misplaced") for line, one in body if isinstance(one, Command)]
    kept = [one.argument for one in top if isinstance(one, Command) and _says(one, words)]
    after = [one.argument for one in tail if isinstance(one, Command) and _says(one, words)]
    said = "\n".join([*kept, *(_literal(line) for line, _ in body), *after]).strip()
    return Directives(said, tuple(commands), tuple(slips))


def _says(command: Command, words: Words) -> bool:
    """Is what follows the verb a part of the message?"""
    return bool(command.argument) and words[command.verb].argument is Argument.TEXT


def _only_near(read: Iterable[Command | Slip | None]) -> list[Command | Slip | None]:
    """Below the text an unknown word after a mark is text, unless it is close to a real one."""
    return [None if isinstance(one, Slip) and one.reason == "unknown" and not one.near else one for one in read]


def _end_of_block(lines: list[str], read: list[Command | Slip | None], order: range) -> int:
    """The position of the first ordinary line in that order; one past the range where there is none."""
    for position in order:
        if lines[position].strip() and read[position] is None:
            return position
    return order.stop


def _read(line: str, words: Words) -> Command | Slip | None:
    """A command, a slip, or None for ordinary text."""
    if _MARKS.isdisjoint(unicodedata.normalize("NFKC", line.lstrip()[:_BEGINNING])):
        return None
    plain = _MAIL_LINK.sub("", _visible(line)).strip()
    match = _COMMAND.match(plain)
    if match is None:
        dressed = _DRESSED.match(plain)
        meant = dressed[1].lower() if dressed else ""
        return Slip(plain[:_SHOWN], "unknown", f"#{meant}") if meant in words else None
    mark, name, argument = match.group(1), match.group(2).lower(), match.group(3).strip()
    spaced = plain[1:2].isspace()
    word = words.get(name)
    if word is None:
        near = difflib.get_close_matches(name, words, 1, cutoff=_NEAR)
        if (spaced and (argument or not near)) or (mark != "#" and not near):
            return None
        return Slip(plain[:_SHOWN], "unknown", f"{mark}{near[0]}" if near else "")
    if word.argument is Argument.TEXT and isinstance(_read(argument, words), Command):
        return Slip(plain[:_SHOWN], "misplaced")
    if spaced and word.argument is Argument.TEXT and argument:
        return Slip(plain[:_SHOWN], "unknown", f"{mark}{name}")
    if spaced and _is_heading(word, argument):
        return None
    takes_nothing = word.argument is Argument.NONE or word.preset
    if takes_nothing and argument:
        return Slip(plain[:_SHOWN], "alone", f"{mark}{name}")
    if word.argument is not Argument.TEXT:
        argument = argument.rstrip(" .,;…")
    if word.argument is Argument.VALUE and not (argument or word.preset):
        return Slip(plain[:_SHOWN], "value", f"{mark}{name}")
    return Command(word.verb, word.preset or argument, plain)


def _visible(line: str) -> str:
    """Full-width marks folded, and without what has no width: phones and copied text bring it along."""
    folded = unicodedata.normalize("NFKC", line)
    return "".join(one for one in folded if unicodedata.category(one) != "Cf" and ord(one) not in _SELECTORS)


def _is_heading(word: Word, argument: str) -> bool:
    """ "# Close the window" is one, "# close" and "# client alice@bakery.example" are none."""
    if not argument:
        return word.argument is Argument.VALUE and not word.preset
    return not (word.shape and not word.preset and re.fullmatch(word.shape, argument, re.IGNORECASE))


def _literal(line: str) -> str:
    """`##close` is the text `#close`."""
    return re.sub(r"^(\s*)([#!/])\2(?=[A-Za-z])", r"\1\2", line)
