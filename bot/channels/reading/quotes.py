"""What a person wrote now: a mail's lines without history, introductions and signatures.

Answers between quoted lines stay with the lines they answer, text below a quote stays, forwards stay whole, and where
it can't be told, more stays rather than less. mail-parser-reply (an "On … wrote:" of 15 languages, no header blocks
without separators, nothing of HTML) and talon (unmaintained, needs a machine-learning stack) were measured on our
corpus before this was written; docs/mail-reading.md has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from bot.channels.reading import introductions as intro
from bot.channels.reading import limits, signatures
from bot.channels.reading.lines import Line, Mark, joined, plain

_QUOTE_PREFIX = re.compile(r"[ \t]{0,3}(?:>|&gt;|[A-Z]{1,3}> )(?!From )")
_REFERENCE = re.compile(r"Ref:[ \xa0]?[a-z2-7]{20,60}\s*")
_SENTENCE_END = (".", "!", "?", ":", ";", "…")


class _Kind(IntEnum):
    BLANK = 0
    TEXT = 1
    QUOTE = 2
    INTRODUCTION = 3


def reply_of_text(text: str) -> str:
    """`reply_of` for plain text; of a very long one only the beginning is split into lines."""
    end = text.rfind("\n", 0, limits.TRIMMED_CHARACTERS) if len(text) > limits.TRIMMED_CHARACTERS else len(text)
    if end < 0:
        return text.strip("\n")
    head = plain(text[:end])
    if end == len(text):
        return reply_of(head)
    reply = _Reply(_without_armour(head))
    return joined(reply.kept()) if reply.history else text.strip("\n")


def reply_of(lines: list[Line]) -> str:
    """The lines that the writer of this mail wrote now, as text."""
    head = lines[: _within_limit(lines)]
    reply = _Reply(_without_armour(head))
    kept = reply.kept()
    if len(head) < len(lines) and reply.history is None:
        kept = lines
    text = joined(kept)
    if text.strip() or not reply.has_own_words():
        return text
    return joined(lines)


def _within_limit(lines: list[Line]) -> int:
    total = 0
    for number, line in enumerate(lines):
        total += len(line.text) + 1
        if total > limits.TRIMMED_CHARACTERS:
            return max(number, 1)
    return len(lines)


def _normal(text: str) -> str:
    """As `introductions.normal`; quoted and endless lines are not looked at closely."""
    if text[:1] == ">" and text[:2] != ">>":
        return text
    return intro.normal(text) if len(text) <= 2_000 else text[:100]


class _Reply:
    """The lines of one mail, each with its kind, and where history and forwards begin."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.normal = [_normal(line.text) for line in lines]
        self.kinds = [self._kind(line, clean) for line, clean in zip(lines, self.normal, strict=True)]
        self.history: int | None = None
        self.forward: int | None = None
        self.doubtful = False
        """A line within a header block is neither a label nor an address: somebody may have written it."""
        self._find_history()
        self._mend_wrapped_quotes()

    def has_own_words(self) -> bool:
        """Whether anything unquoted stands in it that is no introduction and no phone's signature."""
        return self.doubtful or any(
            kind is _Kind.TEXT and not signatures.is_sent_from(clean) and not intro.is_ruler(clean)
            for kind, clean in zip(self.kinds, self.normal, strict=True)
        )

    def kept(self) -> list[Line]:
        end = self.history if self.history is not None else len(self.lines)
        if self.forward is not None and self.forward < end:
            return self._from_start(self.forward) + self.lines[self.forward : end]
        return self._from_start(self._end(end))

    def _from_start(self, end: int) -> list[Line]:
        """Without the introductions, and without a single quote that everything else is an answer to."""
        kinds = self.kinds[:end]
        first = next((i for i, kind in enumerate(kinds) if kind is _Kind.TEXT), end)
        start = first if _Kind.QUOTE in kinds[:first] and _Kind.QUOTE not in kinds[first:] else 0
        return [
            line
            for number, line in enumerate(self.lines[start:end], start)
            if self.kinds[number] is not _Kind.INTRODUCTION and not self._is_stray(number, end)
        ]

    def _is_stray(self, number: int, end: int) -> bool:
        """A phone's line, or a signature by markup, that is followed by kept text."""
        if self.lines[number].mark is Mark.SIGNATURE and self.kinds[number] is _Kind.TEXT:
            return any(self.lines[n].mark is not Mark.SIGNATURE and self.kinds[n] is _Kind.TEXT for n in range(number))
        return False

    def _end(self, end: int) -> int:
        """Where the reply ends: trailing quotes, introductions, signatures and footers go, however they alternate."""
        for _ in range(_ALTERNATIONS):
            while end > 0 and self.kinds[end - 1] is not _Kind.TEXT:
                end -= 1
            shorter = signatures.cut(self.lines, end)
            if shorter == end:
                break
            end = shorter
        return end

    @staticmethod
    def _kind(line: Line, clean: str) -> _Kind:
        if not clean:
            return _Kind.BLANK
        if line.mark is Mark.NONE and ">" not in line.text[:8] and "&" not in line.text[:8]:
            return _Kind.TEXT
        if line.mark is Mark.INTRODUCTION:
            return _Kind.INTRODUCTION
        if clean.startswith(">>> ") and line.mark is Mark.NONE and intro.is_groupwise(clean):
            return _Kind.TEXT
        if line.mark is Mark.QUOTED or _QUOTE_PREFIX.match(line.text):
            return _Kind.QUOTE
        return _Kind.TEXT

    def _find_history(self) -> None:
        for number in range(len(self.lines)):
            if self.lines[number].mark is Mark.HISTORY:
                self._set_history(number)
            elif self.lines[number].mark in _FORWARDING and intro.is_forward(self.normal[number]):
                self.forward = number
            elif self.kinds[number] is _Kind.TEXT and len(self.lines[number].text) <= 2_000:
                self._look_at(number)
            if self.history is not None or self.forward is not None:
                return

    def _look_at(self, number: int) -> None:
        clean = self.normal[number]
        if intro.is_ordinary(clean):
            return
        if ":" in clean[-8:] or "：" in clean[-2:] or clean[:1] in "-_=*#~<>—" or "---" in clean:
            if intro.is_forward(clean):
                self.forward = number
                return
            if intro.is_separator(clean, self._following(number)):
                self._begins_history(number, number)
                return
        if intro.says_reply_above(clean):
            self._set_history(number)
            return
        if self._is_header_block(number) or self._is_introduction(number):
            return
        at = intro.shared_splitter(clean) if clean.endswith("wrote:") or "----" in clean or "____" in clean else -1
        if at > 0:
            self._split_line(number, at)

    def _following(self, number: int) -> list[str]:
        """The lines from the first with something in it behind `number`."""
        start = number + 1
        while start < len(self.normal) and start < number + 4 and not self.normal[start]:
            start += 1
        return self.normal[start : start + 14]

    def _is_header_block(self, number: int) -> bool:
        clean = self.normal[number]
        if not intro.label_of(clean) and not ("@" in clean and self._has_bare_label(number)):
            return False
        above = number - 1
        while above > 0 and not self.normal[above]:
            above -= 1
        below_ruler = above >= 0 and intro.is_ruler(self.normal[above])
        length = intro.header_block(self.normal[number : number + 14], below_separator=below_ruler)
        if length:
            block = self.normal[number : number + length]
            self.doubtful |= any(line and "@" not in line and not intro.label_of(line) for line in block)
            self._begins_history(number, number + length - 1)
        return length > 0

    def _has_bare_label(self, number: int) -> bool:
        return "subject" in self.normal[number : number + 12] or "thema" in self.normal[number : number + 12]

    def _is_introduction(self, number: int) -> bool:
        """Whether a window that ends with this line introduces a quote; its lines are marked if so."""
        clean = self.normal[number]
        follows = self._quote_follows(number)
        if not intro.may_end_introduction(clean) and not (follows and clean.endswith(">")):
            return False
        windows = list(self._windows(number))
        for start, window in windows:
            if intro.is_anchored_introduction(window, quote_follows=follows):
                self._begins_history(start, number)
                return True
        for start, window in windows[:3]:
            if intro.is_introduction_by_name(window, quote_follows=follows):
                self._begins_history(self._with_name(start), number)
                return True
        return False

    def _windows(self, last: int) -> Iterator[tuple[int, str]]:
        window = ""
        for start in range(last, max(-1, last - intro.WINDOW_LINES), -1):
            if self.kinds[start] is not _Kind.TEXT or len(window) > intro.WINDOW_CHARACTERS:
                return
            window = f"{self.normal[start]} {window}".strip()
            yield start, window

    def _with_name(self, start: int) -> int:
        """One line up if the window begins in the middle: with the verb, or with the address of a name above."""
        clean = self.normal[start]
        above = start - 1
        if above < 0 or self.kinds[above] is not _Kind.TEXT or self.normal[above].endswith((".", "!", "?", ",")):
            return start
        begins_inside = (
            clean.startswith("<")
            or intro.is_introduction_by_name(f"x {clean}", quote_follows=True)
            and (clean.split(" ", 1)[0].rstrip(":") in _VERB_WORDS)
        )
        return above if begins_inside and len(self.normal[above]) < 120 else start

    def _quote_follows(self, number: int) -> bool:
        following = next((n for n in range(number + 1, min(number + 4, len(self.kinds))) if self.normal[n]), None)
        return following is not None and self.kinds[following] is _Kind.QUOTE

    def _begins_history(self, first: int, last: int) -> None:
        """Lines that introduce a marked quote belong to it; without marks everything below them is history."""
        if self._quote_follows(last) and not self._is_unmarked_letter(last):
            for number in range(first, last + 1):
                self.kinds[number] = _Kind.INTRODUCTION if self.normal[number] else _Kind.BLANK
            above = first - 1
            while above >= 0 and (not self.normal[above] or intro.is_ruler(self.normal[above])):
                self.kinds[above] = _Kind.INTRODUCTION if self.normal[above] else _Kind.BLANK
                above -= 1
        else:
            self._set_history(first)

    def _is_unmarked_letter(self, last: int) -> bool:
        """Whether one of the desk's own letters stands below as it was: the quote at its beginning is the desk's.

        Outlook marks no line of what it answers, and the line that such a letter ends with has no mark either.
        """
        return any(line.text.startswith("Ref:") and _REFERENCE.fullmatch(line.text) for line in self.lines[last + 1 :])

    def _set_history(self, number: int) -> None:
        while number > 0 and (not self.normal[number - 1] or intro.is_ruler(self.normal[number - 1])):
            number -= 1
        self.history = number

    def _split_line(self, number: int, at: int) -> None:
        """Keeps what stands in front of a splitter in the same line; `at` counts in the normalised line."""
        text = " ".join(self.lines[number].text.split())
        self.lines = [*self.lines[:number], Line(text[:at].rstrip()), *self.lines[number + 1 :]]
        self.history = number + 1

    def _mend_wrapped_quotes(self) -> None:
        """The rest of a quoted line that was wrapped without its mark is no answer."""
        kinds = self.kinds
        if _Kind.QUOTE not in kinds:
            return
        for number in range(1, len(kinds) - 1):
            if kinds[number] is _Kind.TEXT and kinds[number - 1] is kinds[number + 1] is _Kind.QUOTE:
                above, text = self.lines[number - 1].text.rstrip(), self.lines[number].text
                if len(above) >= 60 and len(text) <= 40 and text[:1].islower() and not above.endswith(_SENTENCE_END):
                    kinds[number] = _Kind.QUOTE


_ALTERNATIONS = 40
_FORWARDING = frozenset((Mark.QUOTED, Mark.INTRODUCTION))
_VERB_WORDS = frozenset(
    {
        "wrote", "writes", "schrieb", "schreibt", "escribió", "escreveu", "skrev", "kirjoitti", "napisał", "написал",
        "пишет", "írta",
    }
)  # fmt: skip


def _without_armour(lines: list[Line]) -> list[Line]:
    """Without the lines that PGP puts around a clear-signed text (RFC 4880 section 7)."""
    begun = next(
        (i for i, line in enumerate(lines) if line.text.startswith("-----BEGIN PGP SIGNED MESSAGE-----")), None
    )
    if begun is None:
        return lines
    body = begun + 1
    while body < len(lines) and lines[body].text.strip():
        body += 1
    end = next(
        (i for i in range(body, len(lines)) if lines[i].text.startswith("-----BEGIN PGP SIGNATURE-----")), len(lines)
    )
    close = next(
        (i for i in range(end, len(lines)) if lines[i].text.startswith("-----END PGP SIGNATURE-----")), end - 1
    )
    inside = [Line(line.text.removeprefix("- "), line.mark) for line in lines[body:end]]
    return lines[:begun] + inside + lines[close + 1 :]
