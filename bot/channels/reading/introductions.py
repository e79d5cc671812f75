"""Where the history of a conversation begins: "On … wrote:", copied header blocks, separators, forwards.

Every test looks at a window of at most four lines and 1,000 characters that were normalised before; no pattern has a
quantifier inside a quantifier.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.channels.reading import languages
from bot.channels.reading.languages import alternatives

WINDOW_LINES = 4
WINDOW_CHARACTERS = 1_000
_SHARED_CHARACTERS = 400

_INVISIBLE = dict.fromkeys(
    (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0xAD, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
) | dict.fromkeys((0xA0, 0x202F, 0x2007, 0x3000), " ")
_INVISIBLE |= dict.fromkeys((0x2010, 0x2011), "-")

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SPACED_VERBS = tuple(v for v in languages.VERBS if not _CJK.search(v))
_JOINED_VERBS = tuple(v for v in languages.VERBS if _CJK.search(v))
_VERB = re.compile(
    rf"(?:(?<![^\s>)\]\"'”»,(])(?:{alternatives(_SPACED_VERBS)})(?![^\s:：,.<(\[*\"-]))|{alternatives(_JOINED_VERBS)}"
)
_OPENER = re.compile(rf"[\W_]{{0,4}}(?:{alternatives(languages.OPENERS)})(?![^\s,.:\d])")
_LEAD = re.compile(rf"[\W_]{{0,4}}(?:{alternatives(languages.LEADS)})\b")
_DATE = re.compile(
    r"\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}|\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b|\d+ ?[年月日년월일]|[٠-٩]+[/:][٠-٩]+"
)
_ADDRESS = re.compile(r"[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]+")
_ENCLOSED_ADDRESS = re.compile(r"[<(\[]\s*(?:mailto:)?[^\s<>()\[\]@]+@[^\s<>()\[\]@]+[>)\]]")
_STARTS_WITH_DATE = re.compile(
    r"[\W_]{0,4}(?:\d{1,4}[\s./年월년-]|[^\W\d_]{1,10}[.,]{1,2} ?\d|[^\W\d_]{2,10},? \d{1,2}[. ])"
)
_SENTENCE = re.compile(r"([^\W\d_]{2,})[.!?] ")
_PRONOUNS = frozenset(
    {
        "i", "we", "you", "he", "she", "they", "ich", "wir", "sie", "er", "ihr", "du", "je", "j'ai", "nous", "vous", "elle",
        "yo", "usted", "io", "noi", "lei", "eu", "nós", "ik", "wij", "jij", "jag", "ni", "hän", "minä", "ja", "my", "pan",
        "já", "jsem", "я", "мы", "вы", "ви", "ми", "ben", "siz",
    }
)  # fmt: skip
_TITLES = frozenset(
    ["dr", "mr", "mrs", "ms", "st", "jr", "sr", "prof", "herr", "frau", "ing", "mag", "dipl", "inc", "ltd", "co"]
)
_ENDS = (":", "：", ":*", ":_", ":>", ": >")
_ENDS_WITHOUT_COLON = (
    "yazdı",
    "작성",
    "作成",
    "写道",
    "寫道",
    "wrote",
    "schrieb",
    "napisał",
    "kirjoitti",
    "のメール:",
    "님이 작성",
)
_SEPARATOR = re.compile(
    r"[\s>]*([-_=*~#—–]{2,}|>{2,}|<{2,})\s*([^-_=*~#\s].{1,78}?)\s*(?:[-_=*~#—–]{2,}|<{2,}|>{2,})\s*"
)
_NOTES_LINE = re.compile(r".{2,80}? ?-{2,3} ?\d{1,4}[./-]\d{1,2}[./-]\d{2,4} .{4,20}-{3}")
_RULER = re.compile(r"[\s*]*(?:[-_=*~—–─━]{3,}|(?:- ){5,}-?)[\s*]*")
_ORIGINAL = re.compile(rf"(?:{alternatives(languages.ORIGINAL)})")
_FORWARDED = re.compile(rf"(?:{alternatives(languages.FORWARDED)})")
_REPLY_ABOVE = re.compile(rf"(?:{alternatives(languages.REPLY_ABOVE)})")
_SHARED_LINE = re.compile(rf"[-_]{{4,}}\s?(?:{alternatives(languages.ORIGINAL)})\s?[-_]{{4,}}")
_SHARED_INTRODUCTION = re.compile(
    r"(?<=\S) (on (?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d)[^<>:]{4,80}\d:\d\d[^<>]{0,120}"
    r"(?:<[^<>]{1,120}>{1,2})? ?wrote:)$"
)

_LABELS: dict[str, str] = {}
for _category, _words in (
    ("other", languages.OTHER_LABELS), ("copy", languages.COPY), ("to", languages.TO), ("subject", languages.SUBJECT),
    ("sent", languages.SENT), ("from", languages.FROM),
):  # fmt: skip
    _LABELS.update(dict.fromkeys((word.rstrip(": ") for word in _words), _category))
_BARE_LABELS = frozenset(("to", "cc", "subject", "an", "kopie", "thema", "betreff", "pour", "objet", "copy"))
_LABEL_INSIDE = re.compile(r"(?:^|\s)\*?([^\W\d_][^\W\d_ ]{0,14}(?: [^\W\d_]{1,12})?) ?\*?[:：]")
_BLOCK_LINES = 14


def normal(text: str) -> str:
    """How a line is matched: lower case, NFC, without invisible characters, single blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(text.lower().split())


def is_ordinary(line: str) -> bool:
    """Whether a line is not worth a closer look: most are not, and this is a tenth of the price."""
    return (
        line.isascii()
        and ":" not in line
        and line[0].isalnum()
        and line[-1] not in ">)"
        and "---" not in line
        and "____" not in line
        and "above" not in line
        and "line" not in line
        and "@" not in line
        and not line.endswith(_ENDS_WITHOUT_COLON)
    )


def is_ruler(line: str) -> bool:
    return _RULER.fullmatch(line) is not None


def is_forward(line: str) -> bool:
    """A line that says that what follows is a forwarded mail."""
    separator = _SEPARATOR.fullmatch(line)
    inner = separator[2] if separator else line
    if not separator and not line.endswith((":", "：")) and len(line) > 60:
        return False
    match = _FORWARDED.match(inner.strip(" :>-*"))
    if match is None:
        return False
    return separator is not None or len(inner) - match.end() < (40 if line.endswith((":", "：")) else 3)


def is_separator(line: str, following: Sequence[str]) -> bool:
    """ "-----Original Message-----" in any language, or any words between dashes above a header block."""
    separator = _SEPARATOR.fullmatch(line)
    if separator is None:
        return _NOTES_LINE.match(line) is not None
    inner = separator[2].strip(" :")
    original = _ORIGINAL.match(inner)
    if original and len(inner) - original.end() < 30:
        return True
    if inner.startswith(("begin pgp", "end pgp", "begin certificate", "end certificate", "cut here", "snip")):
        return False
    if separator[1].startswith(">>") and is_groupwise(line):
        return True
    if _VERB.search(inner) and (_ADDRESS.search(inner) or inner.endswith("wrote")):
        return True
    return bool(re.match(r"-{3}|_{3}", separator[1])) and header_block(following, below_separator=True) > 0


def is_groupwise(line: str) -> bool:
    """ ">>> Sam Lee <sam@desk.example> 05/01/2026 09:12 >>>": looks quoted, and introduces text that is not."""
    inside = line.strip("> ")
    return bool(line.endswith(">>>") or inside.startswith("on ")) and bool(
        _DATE.search(inside) or _ADDRESS.search(inside)
    )


def says_reply_above(line: str) -> bool:
    if line.isascii() and "line" not in line and "above" not in line and line[:1] not in "-_=*#":
        return False
    return (
        len(line) < 200
        and _REPLY_ABOVE.search(line) is not None
        and re.search(r"[-_=#*~]{2,}|line|^\W|\W$", line) is not None
    )


def shared_splitter(line: str) -> int:
    """Where in a line with text in front the history begins, -1 for nowhere."""
    match = _SHARED_LINE.search(line)
    if match and match.start() > 0:
        return match.start()
    if not line.endswith("wrote:"):
        return -1
    start = max(0, len(line) - _SHARED_CHARACTERS)
    match = _SHARED_INTRODUCTION.search(line, start)
    return match.start(1) if match else -1


def may_end_introduction(line: str) -> bool:
    return line.endswith(_ENDS) or line.endswith(_ENDS_WITHOUT_COLON)


def is_anchored_introduction(window: str, *, quote_follows: bool) -> bool:
    """A window that begins like an introduction and holds a verb, or a date and an address with a colon behind."""
    if len(window) > WINDOW_CHARACTERS:
        return False
    date, address = _DATE.search(window), _ADDRESS.search(window)
    if not (date or address or quote_follows):
        return False
    starts = _OPENER.match(window) or (date and _STARTS_WITH_DATE.match(window))
    if starts and (verb := _last_verb(window)) and _is_only_introduction(window, verb, quote_follows):
        return True
    if _LEAD.match(window) and (address or quote_follows):
        return True
    ends = window.endswith((":", "：")) or (quote_follows and window.endswith((">", ")")))
    return bool(date and starts and len(window) < 300 and ends and _ENCLOSED_ADDRESS.search(window))


def _last_verb(window: str) -> re.Match[str] | None:
    verb = None
    for found in _VERB.finditer(window):
        verb = found
    return verb


def _is_only_introduction(window: str, verb: re.Match[str], quote_follows: bool) -> bool:
    """Not a sentence that goes on behind its verb, and not one about what the writer or reader wrote."""
    behind = _ENCLOSED_ADDRESS.sub("", window[verb.end() :]).strip(" :：")
    if behind.count(" ") > 7 or re.search(r"[^\W\d_]{3}[.!?] ", behind):
        return False
    return quote_follows or not _is_about_themselves(window[: verb.start()], behind)


def _is_about_themselves(before: str, behind: str) -> bool:
    return before.rstrip(" ,").rpartition(" ")[2] in _PRONOUNS or behind.partition(" ")[0] in _PRONOUNS


def is_introduction_by_name(window: str, *, quote_follows: bool) -> bool:
    """ "Bob <bob@bakery.example> wrote:", the name in front; needs more evidence, since sentences look like it."""
    if len(window) > 300:
        return False
    verb = _last_verb(window)
    if quote_follows and window.count(" ") <= 8 and window.endswith(":") and _DATE.search(window):
        return True
    address, date = _ENCLOSED_ADDRESS.search(window), _DATE.search(window)
    if verb is None:
        return bool(address and date and window.endswith((":", "：")))
    before = window[: verb.start()]
    if not quote_follows and _is_about_themselves(before, window[verb.end() :].strip()):
        return False
    if any(word not in _TITLES for word in _SENTENCE.findall(before)):
        return False
    if address or (quote_follows and before.count(" ") < 12):
        return True
    return bool(date) and window.count(" ") <= 14 and before.count(" ") <= 4 and _dated_closely(window, verb)


def _dated_closely(window: str, verb: re.Match[str]) -> bool:
    """The date stands right behind the verb, and nothing else does: "Bob Roux schrieb am 12.05.2026 um 10:00:"."""
    behind = window[verb.end() :].strip(" :：")
    rest = re.sub(
        r"[\d\s:./,h+-]|\b(?:am|um|on|at|le|à|el|a|las|il|alle|ore|em|às|op|om|den|d|kl|uhr|dne|v|w|dniu|o|gmt|utc|cet|pm)\b",
        "",
        behind,
    )
    return bool(behind) and (len(rest) <= 12)


def label_of(line: str) -> str:
    """The category of a header-block line ("from", "sent", "to", "copy", "subject", "other"), "" for any other line."""
    head = line[:40].lstrip(" >*_|\t-•").replace("：", ":")
    key, colon, _ = head.partition(":")
    return _LABELS.get(key.rstrip(" *_"), "") if colon else ""


def header_block(lines: Sequence[str], *, below_separator: bool = False) -> int:
    """How many of the (normalised) lines are a copied header block, 0 if it is none. A From-like line must be in it."""
    if not lines or not (first := label_of(lines[0])):
        return _lotus_block(lines)
    seen = {first}
    last, evidence = 1, _is_evidence(first, lines[0])
    if one := _one_line_block(lines[0]):
        return one
    for number, line in enumerate(lines[1:_BLOCK_LINES], 1):
        if not line:
            if number - last >= 2:
                break
            continue
        label = label_of(line)
        if label:
            seen.add(label)
            evidence = evidence or _is_evidence(label, line)
            last = number + 1
        elif number - last >= 2:
            break
        else:
            evidence = evidence or bool(_ADDRESS.search(line[:300]))
    enough = "from" in seen and ("sent" in seen or ("subject" in seen and (len(seen) > 2 or below_separator)))
    return last if enough and evidence else 0


def _is_evidence(label: str, line: str) -> bool:
    return bool(_ADDRESS.search(line[:300])) or (label == "sent" and any(map(str.isdigit, line[:100])))


def _one_line_block(line: str) -> int:
    """A header block whose line breaks were lost."""
    if len(line) > WINDOW_CHARACTERS:
        return 0
    found = [category for word in _LABEL_INSIDE.findall(line) for category in (_LABELS.get(word),) if category]
    found += [
        _LABELS[word.split()[-1]] for word in _LABEL_INSIDE.findall(line) if " " in word and word.split()[-1] in _LABELS
    ]
    return 1 if len(set(found)) >= 3 and found[0] == "from" and {"sent", "subject"} & set(found) else 0


def _lotus_block(lines: Sequence[str]) -> int:
    """Notes puts "To", "cc" and "Subject" on lines of their own, below the sender and the date."""
    if not lines or not (_ADDRESS.search(lines[0][:300]) or _DATE.search(lines[0][:100])):
        return 0
    found = [number for number, line in enumerate(lines[:_BLOCK_LINES]) if line in _BARE_LABELS]
    dated = any(_DATE.search(line[:100]) for line in lines[:4])
    return found[-1] + 2 if len(found) >= 2 and found[0] <= 5 and dated else 0
