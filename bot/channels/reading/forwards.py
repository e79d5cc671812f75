"""What a mail passes on: another mail copied into its text, in any program's way, or attached as a message.

Only the outermost one counts: whoever forwards a thread means the mail on its top, and looking for "the first address
in the text" is how other desks pick the wrong person. What cannot be told is left open, for the desk to ask.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.reading import copied, languages, quotes, wording
from bot.channels.reading import introductions as intro
from bot.channels.reading.addresses import Mailbox
from bot.channels.reading.attachments import Part
from bot.channels.reading.mail import Mail, read
from core.messages import Kind

MOST_ATTACHED = 10
"""So many attached messages of a mail are opened; the others stay files."""
_LOOKED_THROUGH = 2_000
_WINDOW = 4

_FOR_ANOTHER = re.compile(rf"\b(?:{languages.alternatives(languages.ON_BEHALF)})\b", re.IGNORECASE)
_DELIMITER = re.compile(r"(?:--|—|__) ?(?:\n|$)")
_COMMAND = re.compile(r"\s*[#!/]\s?[A-Za-z]")
_ANSWER_SUBJECT = re.compile(
    rf"\s*(?:{languages.alternatives(languages.ANSWER_PREFIXES)})\s?(?:\[\d+\])?\s?[:：]", re.IGNORECASE
)
_FORWARD_SUBJECT = re.compile(rf"\s*(?:{languages.alternatives(languages.FORWARD_PREFIXES)})\s?[:：]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passed:
    """A mail that is passed on. `senders` has one, none, or several where it can't be told."""

    text: str
    """What its writer wrote then, without history and signature."""
    full_text: str
    senders: tuple[Mailbox, ...] = ()
    others: tuple[Mailbox, ...] = ()
    """Whom it names besides: where it wants answers, and who wrote what it passes on itself."""
    subject: str = ""
    date: str = ""
    """As it stands there."""
    automatic: bool = False
    """A robot or a list sent it."""
    marked: bool = True
    """It is said to be forwarded; else it may be the history of an answer."""
    files: tuple[Part, ...] = ()
    message_id: str = ""
    """Of an attached message."""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassedOn:
    """`comment` is what the one who passes it on wrote above or below."""

    mails: tuple[Passed, ...] = ()
    comment: str = ""


def passed_on(mail: Mail) -> PassedOn:
    """The mails that are copied into this one or attached. One in its text is meant, not what that one carried."""
    if mail.kind is not Kind.PERSON:
        return PassedOn()
    found = _found(mail)
    subject = _bare_subject(mail.subject)
    return PassedOn(tuple(replace(one, subject=one.subject or subject) for one in found.mails), found.comment)


def _found(mail: Mail) -> PassedOn:
    forwarded = _FORWARD_SUBJECT.match(mail.subject) is not None
    answers = _ANSWER_SUBJECT.match(mail.subject) is not None
    inline = _inline(mail.text, forwarded=forwarded, answers=answers) if forwarded or _may_copy(mail.text) else None
    if inline is not None and inline.mails[0].marked:
        return inline
    attached = [part for part in mail.attachments if is_message(part)]
    if attached:
        mails = tuple(_attached(part) for part in attached[:MOST_ATTACHED])
        return PassedOn(mails, _own_words(inline.comment if inline is not None else mail.reply))
    if inline is None and forwarded:
        above, below = _commands(mail.text)
        return PassedOn((Passed(below, below),), above)
    return inline or PassedOn()


def _may_copy(text: str) -> bool:
    """Most mails have neither an address in them nor a line of dashes, and are not looked through."""
    return "@" in text or "---" in text


def is_message(part: Part) -> bool:
    return part.media_type in ("message/rfc822", "message/global") or part.filename.lower().endswith(".eml")


def _bare_subject(subject: str) -> str:
    """Without the words that say that it was forwarded."""
    while match := _FORWARD_SUBJECT.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def _attached(part: Part) -> Passed:
    mail = read(part.content, with_html=False)
    senders = (mail.sender,) if mail.sender is not None and copied.ADDRESS.fullmatch(mail.sender.address) else ()
    inner = _inline(mail.text, forwarded=True, deeper=False)
    return Passed(
        text=mail.reply,
        full_text=mail.text,
        senders=senders,
        others=_different((*mail.reply_to, *(inner.mails[0].senders if inner is not None else ())), senders),
        subject=mail.subject,
        date=mail.date.isoformat(sep=" ", timespec="minutes") if mail.date else "",
        automatic=mail.kind is not Kind.PERSON or _is_robot(senders),
        files=mail.attachments,
        message_id=mail.message_id,
        references=(mail.message_id, *mail.in_reply_to, *reversed(mail.references)),
    )


def _inline(text: str, *, forwarded: bool, answers: bool = False, deeper: bool = True) -> PassedOn | None:
    """The first mail that is copied into a text, None for a text without one.

    `forwarded`, `answers`: what the subject says; it decides where programs write both alike. `deeper`: look also what
    the copied mail copies.
    """
    lines = text.replace("\ufeff", "").split("\n")
    for number, line in enumerate(lines[:_LOOKED_THROUGH]):
        clean = intro.normal(copied.QUOTE.sub("", line[:500], count=1))
        if not clean or intro.is_ordinary(clean):
            continue
        quoted = copied.QUOTE.match(line) is not None
        if intro.is_forward(clean):
            at = _filled(lines, number + 1)
            if copied.begins(lines, at):
                return _copied(lines, number, at, marked=True, deeper=deeper)
            if clean.endswith((":", "：")) or clean[:1] in "-_=*~":
                return _copied(lines, number, number + 1, marked=True, deeper=deeper)
        elif not quoted and copied.begins(lines, number):
            return _copied(lines, number, number, marked=not answers, deeper=deeper)
        elif not quoted and (start := _introduced(lines, number)) is not None:
            return _quoted_reply(lines, start, number, marked=forwarded)
    return None


def _filled(lines: Sequence[str], number: int) -> int:
    """The next line with something in it, at most three further."""
    return next((n for n in range(number, min(number + 4, len(lines))) if copied.bare(lines[n])), number)


def _introduced(lines: Sequence[str], last: int) -> int | None:
    """Where an "On … wrote:" that ends with this line begins."""
    if not intro.may_end_introduction(intro.normal(lines[last][:500])):
        return None
    window, follows = "", lines[_filled(lines, last + 1)].startswith(">") if last + 1 < len(lines) else False
    for start in range(last, max(-1, last - _WINDOW), -1):
        if not lines[start].strip():
            return None
        window = f"{intro.normal(lines[start][:500])} {window}".strip()
        if intro.is_anchored_introduction(window, quote_follows=follows):
            return start
    return None


def _copied(lines: Sequence[str], start: int, header: int, *, marked: bool, deeper: bool) -> PassedOn:
    found, end = copied.fields(lines, header)
    quoted = copied.QUOTE.match(lines[_filled(lines, header)]) is not None if header < len(lines) else False
    body, below = _quoted_part(lines[end:]) if quoted else (list(lines[end:]), [])
    full_text = "\n".join(body).strip("\n")
    senders = copied.mailboxes(found.get("from", ""))
    below_it = _inline(full_text, forwarded=True, deeper=False) if deeper else None
    nested = below_it.mails[0].senders if below_it is not None else ()
    others = (*copied.mailboxes(found.get("reply-to", "")), *nested)
    mail = Passed(
        text=quotes.reply_of_text(full_text).strip() or full_text,
        full_text=full_text,
        senders=senders,
        others=_different(others, senders),
        subject=found.get("subject", ""),
        date=found.get("sent", ""),
        automatic=_is_robot(senders) or _FOR_ANOTHER.search(found.get("from", "")) is not None,
        marked=marked,
    )
    return PassedOn((mail,), _own_words("\n".join([*_above(lines, start), "", *below])))


def _quoted_reply(lines: Sequence[str], start: int, last: int, *, marked: bool) -> PassedOn:
    """A program that forwards as it answers; without a word of forwarding in the subject, an answer."""
    body, below = _quoted_part(lines[_filled(lines, last + 1) :])
    full_text = "\n".join(body).strip("\n")
    senders = copied.mailboxes(" ".join(copied.ADDRESS.findall(" ".join(lines[start : last + 1]))[:3]))
    text = quotes.reply_of_text(full_text).strip() or full_text
    mail = Passed(text, full_text, senders, automatic=_is_robot(senders), marked=marked)
    return PassedOn((mail,), _own_words("\n".join([*lines[:start], "", *below])))


def _above(lines: Sequence[str], start: int) -> Sequence[str]:
    """What stands above, without the lines that part it from the copy."""
    while start > 0 and (
        not (bare := copied.bare(lines[start - 1]))
        or intro.is_ruler(bare)
        or (bare[:1] in "-_*=~#" and intro.is_separator(intro.normal(bare), ()))
    ):
        start -= 1
    return lines[:start]


def _quoted_part(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of a quote without their marks, and what stands below; unmarked lines are all of the quote."""
    last = max((n for n, line in enumerate(lines) if line.lstrip().startswith(">")), default=-1)
    if last < 0:
        return list(lines), []
    return [copied.QUOTE.sub("", line, count=1) for line in lines[: last + 1]], list(lines[last + 1 :])


def _different(boxes: Sequence[Mailbox], from_: Sequence[Mailbox]) -> tuple[Mailbox, ...]:
    known = {box.address.lower() for box in from_}
    return tuple({box.address.lower(): box for box in boxes if box.address.lower() not in known}.values())


def _is_robot(senders: Sequence[Mailbox]) -> bool:
    return any(wording.NO_REPLY.match(box.address) for box in senders)


def _own_words(text: str) -> str:
    """Without a signature, even where nothing else is written."""
    text = text.strip()
    if not text or _DELIMITER.match(text):
        return ""
    words = quotes.reply_of_text(text).strip()
    return "" if _DELIMITER.match(words) else words


def _commands(text: str) -> tuple[str, str]:
    """The lines at the top that look like commands, and the rest."""
    lines = text.strip().split("\n")
    end = next((n for n, line in enumerate(lines) if line.strip() and not _COMMAND.match(line)), len(lines))
    return "\n".join(lines[:end]).strip(), "\n".join(lines[end:]).strip()
