"""The written dialogues, had in a chat: what is said to whom there, beside what mail answers.

A `Voice` (voices.py) says what somebody of the cast says; a `Turn` holds what they read then, what was mailed, and all
that was composed for it. What only a mail asked is answered by mail: a dialogue may go on there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.templating import Templates
from core.content import Content, Heading, Pre, Secret, Span, spans_of
from core.messages import Reply
from core.post import ONE_TIME_PAGE, Composed, Draft
from tests.conversations import CODE, PASSES, PERSON, TICKET, Section, answers_after, quoted_after
from tests.conversations.voices import Shown, Voice
from tests.desk import CAST, Read, TestDesk

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Letter:
    """What was composed: of which content, for whom, and what came of it."""

    draft: Draft
    content: tuple[Content, ...]
    composed: Composed

    @property
    def mail_only(self) -> bool:
        """No chat may have it."""
        return self.composed.secret or ONE_TIME_PAGE in self.composed.text or bool(self.secrets)

    @property
    def secrets(self) -> list[str]:
        return [span.text for span in self._spans() if isinstance(span, Secret)]

    @property
    def words(self) -> list[str]:
        """Of all its blocks but buttons; of the names of columns each chat shows only some."""
        texts = [block.text for one in self.content for block in one.blocks if isinstance(block, Heading | Pre)]
        return WORD.findall(" ".join((*texts, *(span.text for span in self._spans()))))

    def _spans(self) -> Iterator[Span]:
        return (span for one in self.content for block in one.blocks for span in spans_of(block))


@dataclass(slots=True)
class Recorded:
    """A composer whose letters are kept; it renders through `content`."""

    composer: Any
    templates: Templates
    kept: list[Letter]
    _made: list[Content] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.composer = replace(self.composer, templates=self)

    def content(self, reply: Reply, language: str, **shared: object) -> Content:
        self._made.append(self.templates.content(reply, language, **shared))
        return self._made[-1]

    def compose(self, draft: Draft) -> Composed:
        self._made.clear()
        composed: Composed = self.composer.compose(draft)
        self.kept.append(Letter(draft, tuple(self._made), composed))
        return composed


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody of the cast said in a chat, what mail answers to it, and what was shown and mailed."""

    who: str
    text: str
    by_mail: tuple[str, ...]
    """The first paragraphs of the letters to them in the written dialogue."""
    shown: Shown
    mailed: tuple[Read, ...]
    letters: tuple[Letter, ...]
    """All that was composed for it, for any channel."""

    @property
    def agrees(self) -> bool:
        """What mail says is shown here, or mailed here as well; a new ticket is told in words of a chat's own."""
        read = [" ".join(words.split()) for words in (self.shown.text, *(mail.text for mail in self.mailed))]
        told = "ticket #" in self.shown.text.lower()
        return all(_is_in(each, read) or (told and _tells_of_a_ticket(each)) for each in self.by_mail)


def _is_in(paragraph: str, read: Sequence[str]) -> bool:
    """Each piece of it: the rows of a table are lines in a chat, and the names of columns are not all shown."""
    return all(any(piece.search(text) for text in read) for piece in _pieces(paragraph))


def _pieces(paragraph: str) -> list[re.Pattern[str]]:
    lines = paragraph.splitlines()
    rule = next((at for at, line in enumerate(lines) if line and not line.strip("- ")), len(lines))
    if rule == len(lines) - 1:  # That was the line below a heading.
        del lines[rule]
    if rule >= len(lines):
        told, _, _ = " ".join(lines).partition(" by e-mail")  # Notices say where it was asked.
        return [_pattern(told)]
    return [_pattern(cell) for line in lines[rule + 1 :] for cell in re.split(r"\s{2,}", line.strip())]


def _pattern(words: str) -> re.Pattern[str]:
    """What differs from run to run may be anything; what a ticket is called, any words."""
    made = re.escape(" ".join(words.split())).replace(r"\{subject\}", ".+")
    return re.compile(re.sub(r"\\{\w+\\}", r"\\S+", re.sub(r"\d+\\ tickets", r"\\d+ tickets", made)))


def _tells_of_a_ticket(paragraph: str) -> bool:
    return paragraph.startswith(("Hello", "Thank you for your message"))


@dataclass(slots=True)
class ChatReplay:
    """The dialogues in one channel; staff go on writing mails, and secrets and codes come by mail."""

    desk: TestDesk
    voice: Voice
    kept: list[Letter] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    mailed: dict[str, Read] = field(default_factory=dict)
    """By person: the mail that was the last thing said to them, where no chat showed the same."""
    subjects: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        around = self.desk.app.around
        for name, composer in around.composers.items():
            around.composers[name] = Recorded(composer, Templates(), self.kept)  # type: ignore[index]

    def play(self, section: Section) -> Iterator[Turn]:
        lines = section.lines
        for at, line in enumerate(lines):
            if passes := PASSES.fullmatch(line):
                amount = 1 if passes["number"] in ("A", "An") else int(passes["number"])
                self.desk.clock.advance(**{f"{passes['unit']}s": amount})
                self.desk.rings()
            elif turn := PERSON.fullmatch(line):
                self.subjects |= {turn["subject"]} if turn["subject"] else set()
                answers = [(to, self._as_in_a_chat(words)) for to, words in answers_after(lines, at)]
                yield self._turn(turn["who"].lower(), quoted_after(lines, at), turn["how"] == "answers", answers)

    def _as_in_a_chat(self, paragraph: str) -> str:
        """A ticket that a mail began has the mail's subject; one of a chat has its first words."""
        for subject in self.subjects:
            paragraph = re.sub(r"\s+".join(map(re.escape, subject.split())), "{subject}", paragraph)
        return paragraph

    def _turn(self, who: str, text: str, answering: bool, answers: list[tuple[str, str]]) -> Turn:
        for key, value in self.codes.items():
            text = text.replace(f"{{{key}}}", value)
        before = {mail.message_id for mail in self.desk.letters()}
        self.kept.clear()
        asked_by_mail = self.mailed.pop(who, None)
        if answering and asked_by_mail is not None:
            self.desk.says(who, text, reply_to=asked_by_mail)
            shown = Shown("")
        else:
            shown = self.voice.says(who, text, answers=answering)
        mailed = tuple(mail for mail in self.desk.letters() if mail.message_id not in before)
        for found in [CODE.search(mail.text) for mail in mailed]:
            self.codes |= {"code": found[0]} if found else {}
        if tickets := TICKET.findall(shown.text):
            self.codes["ticket"] = tickets[-1]
        turn = Turn(
            who, text, tuple(line for to, line in answers if to == CAST[who][1]), shown, mailed, tuple(self.kept)
        )
        self._note(turn, answers)
        return turn

    def _note(self, turn: Turn, answers: list[tuple[str, str]]) -> None:
        """A question or a notice that only a mail held is answered by mail."""
        for to, paragraph in answers:
            who = next((name for name, (_, address) in CAST.items() if address == to), "")
            own = who == turn.who and _is_in(paragraph, [" ".join(turn.shown.text.split())])
            letters = [
                mail for mail in turn.mailed if mail.to == to and _is_in(paragraph, [" ".join(mail.text.split())])
            ]
            self.mailed.pop(who, None)
            if letters and not own:
                self.mailed[who] = letters[-1]
