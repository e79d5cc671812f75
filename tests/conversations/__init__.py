"""Written dialogues, replayed: what people write, and what the desk answers, word for word.

A file is one day at the demo's desk. Its sections carry the numbers of the client-area functions that they show:

    ## Let a domain expire (F73)

    Alice writes:

    > Switch auto-renew of bakery.example off

    The desk answers alice@bakery.example, "Please confirm: let bakery.example expire [#ticket]":

    > You asked us …

    Alice answers:

    > YES

"Alice writes to sales@desk.example" chooses a department, "Alice answers" replies to her last letter, "A day passes."
and "10 minutes pass." move the clock. What differs from run to run is written as {ticket}, {code}, {link},
{word} and {secret}; in what a person writes these stand for the last ones that they were sent.
`CONVERSATIONS=write pytest tests/conversations` writes down what the desk says now, for you to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.desk import CAST, Mails, Read, TestDesk

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.md"))

PERSON = re.compile(r"(?P<who>[A-Z]\w+) (?P<how>writes|answers)(?: to (?P<to>\S+@\S+?))?(?:, \"(?P<subject>.*)\")?:")
DESK = re.compile(r"The desk answers (?P<to>\S+?), \"(?P<subject>.*)\":")
PASSES = re.compile(r"(?P<number>An?|\d+) (?P<unit>minute|hour|day|week)s? pass(?:es)?\.")
_QUIET = "The desk says nothing."
_ROWS = re.compile(r"\b[FX]\d{1,3}\b")

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
TICKET = re.compile(r"#\d{8}\b")
_WORD = re.compile(r"(?<=start )[a-z2-7]{32}\b")
_LINK = re.compile(r"https?://\S+/once/[\w-]+")
_SECRET = re.compile(r"(?<=password:\n\n)\S+|(?<=Password: )\S+")


@dataclass(slots=True)
class Section:
    """A heading and its lines, as they stand."""

    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def rows(self) -> set[str]:
        return set(_ROWS.findall(self.title))


def sections(path: Path) -> Iterator[Section]:
    """The sections under a second-level heading; what stands before the first is an introduction."""
    section: Section | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            if section is not None:
                yield section
            section = Section(line.removeprefix("## "))
        elif section is not None:
            section.lines.append(line)
    if section is not None:
        yield section


@dataclass(slots=True)
class Replay:
    """A desk on which the sections of a file are played one after another."""

    desk: TestDesk
    last: dict[str, Read] = field(default_factory=dict)
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def play(self, section: Section) -> list[str]:
        """The section's lines, with what the desk really says in place of what is written there."""
        written: list[str] = []
        lines = iter(_without_answers(section.lines))
        for line in lines:
            written.append(line)
            if passes := PASSES.fullmatch(line):
                amount = 1 if passes["number"] in ("A", "An") else int(passes["number"])
                written += self._said(self._later(**{f"{passes['unit']}s": amount}))
            elif turn := PERSON.fullmatch(line):
                text = []
                for quoted in lines:
                    if quoted.startswith(">"):
                        text.append(quoted[1:].removeprefix(" "))
                    elif text:
                        break
                written += ["", *(f"> {line}".rstrip() for line in text)]
                written += ["", *self._said(self._turn(turn, "\n".join(text)))]
        return tidy(written)

    def _turn(self, turn: re.Match[str], text: str) -> Mails:
        who = turn["who"].lower()
        for name, value in self.known.get(who, {}).items():
            text = text.replace(f"{{{name}}}", value)
        if turn["how"] == "answers":
            letter = (
                self.last.get(who) or self.desk.letters().all_to(who)[-1]
            )  # What staff are told is not in the book.
            return self.desk.says(who, text, reply_to=letter)
        return self.desk.says(
            who, text, to=turn["to"] or "support@desk.example", subject=turn["subject"] or "A question"
        )

    def _later(self, **step: float) -> Mails:
        before = {mail.message_id for mail in self.desk.letters()}
        self.desk.clock.advance(**step)
        self.desk.rings()
        return Mails([mail for mail in self.desk.letters() if mail.message_id not in before])

    def _said(self, mails: Mails) -> list[str]:
        """The letters to people outside of the desk; what staff are told is another book."""
        staff = {CAST["sam"][1], CAST["dana"][1]}
        letters = [mail for mail in mails if mail.to not in staff]
        for mail in letters:
            who = next((name for name, (_, address) in CAST.items() if address == mail.to), mail.to)
            self.last[who] = mail
            for name, pattern in (("code", CODE), ("ticket", TICKET), ("link", _LINK)):
                if found := pattern.search(f"{mail.subject}\n{mail.text}"):
                    self.known.setdefault(who, {})[name] = found[0]
        if not letters:
            return [_QUIET, ""]
        return [line for mail in letters for line in _letter(mail)]


def _letter(mail: Read) -> Iterator[str]:
    text, _, _ = mail.text.partition("\nRef: ")
    yield f'The desk answers {mail.to}, "{_steady(mail.subject)}":'
    yield ""
    for line in _steady(text).strip().splitlines():
        yield f"> {line}".rstrip()
    for attachment in mail.message.iter_attachments():
        yield f"> [attached: {attachment.get_filename()}]"
    yield ""


def _steady(text: str) -> str:
    """Without what differs from run to run."""
    for placeholder, pattern in (("code", CODE), ("link", _LINK), ("secret", _SECRET), ("word", _WORD)):
        text = pattern.sub(f"{{{placeholder}}}", text)
    return TICKET.sub("#{ticket}", text)


def _without_answers(lines: list[str]) -> Iterator[str]:
    """What people write and what passes, without the desk's part."""
    skipping = False
    for line in lines:
        if DESK.fullmatch(line) or line == _QUIET:
            skipping = True
        elif skipping and line and not line.startswith(">"):
            skipping = False
        if not skipping:
            yield line


def tidy(lines: list[str]) -> list[str]:
    """No two empty lines on each other, none at the ends."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def quoted_after(lines: list[str], at: int) -> str:
    text: list[str] = []
    for line in lines[at + 1 :]:
        if line.startswith(">"):
            text.append(line[1:].removeprefix(" "))
        elif text:
            break
    return "\n".join(text)


def answers_after(lines: list[str], at: int) -> list[tuple[str, str]]:
    """The letters that follow a turn, up to the next one: to whom, and their first paragraph as it is written."""
    found: list[tuple[str, str]] = []
    to, paragraph = "", ""
    for line in [*lines[at + 1 :], ""]:
        if PERSON.fullmatch(line) or PASSES.fullmatch(line):
            break
        if answer := DESK.fullmatch(line):
            to = answer["to"]
        elif to and line.startswith("> "):
            paragraph += f"{line[2:]}\n"
        elif to and paragraph:
            found.append((to, paragraph))
            to, paragraph = "", ""
    return found
