"""The things that people name by a spelling of their own: addresses, domains, hosts, numbers, amounts of money.

Found in the raw text, before it is cut into words, so that the full stop in a domain ends no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.meaning.source import words_of

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = r"[\w.+-]+@(?:[\w-]+\.)+[\w-]{2,}"
_MONEY = r"(?:€|\$|£|r\$|zł|eur(?:o|os)?|usd|gbp|chf|pln|brl|dollars?|pounds?|bucks|quid|złotych|zlotych|reais|franken|francs|franchi)"
_FIGURE = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SPELT_ENDINGS = {
    "dot": "", "punkt": "com|net|org|de|at|ch|eu|info|shop", "point": "com|net|org|fr|eu|be|ch|info|shop",
    "punto": "com|net|org|es|it|eu|mx|ar|cl", "ponto": "com|net|org|pt|br|eu", "punt": "com|net|org|nl|be|eu",
    "kropka": "com|net|org|pl|eu|info",
}  # fmt: skip
_NAME = re.compile(
    rf"""
      (?P<email>{_EMAIL})
    | (?P<given>\b(?:epp|auth|transfer|verhuis)[\w-]{{0,16}}(?:\s(?:info|code|key|codes))?\s?(?::|=|\b(?:is|ist|lautet|est|es|é|è)\b)\s?(?=\S*[\d\#$%&*+])(?!\S*\.[a-z]{{2,}}\b)\S{{6,}})
    | (?P<url>https?://[^\s<>"')\]]+)
    | (?P<host>(?<![\w.-])(?<![\w.+-]@)(?:{_LABEL}\.)+(?:[^\W\d_]{{2,24}}|xn--[a-z0-9-]{{2,59}})(?![\w-]|\.\w)(?:/[^\s<>"')\],;]*)?)
    | (?P<spelt>\b[\w-]{{2,60}}\s*[\[(]?\s*\b(?:{"|".join(_SPELT_ENDINGS)})\b\s*[\])]?\s*[a-z]{{2,12}}(?:\s*[\[(]?\s*(?:dot|ponto|punto)\s*[\])]?\s*[a-z]{{2,3}})?\b)
    | (?P<ending>(?<![\w.])\.[a-z]{{2,12}}(?:\.[a-z]{{2}})?\b)
    | (?P<time>\b\d{{1,2}}(?::\d{{2}}(?::\d{{2}})?\s*(?:am|pm|h|uhr)?|\s?(?:am|pm|uhr)\b|h\d{{2}}\b|h\b))
    | (?P<date>\b\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{1,2}}\.\d{{1,2}}\.(?!\d))
    | (?P<amount>{_MONEY}\s?(?:{_FIGURE})(?![\w-])|(?<![\w-])(?:{_FIGURE})\s?{_MONEY}(?!\w)|(?<![\w-])(?:{_FIGURE}),-+|(?<![\w.,-])(?:\d{{1,3}}(?:[.,'’]\d{{3}})+|\d+)[.,]\d{{2}}(?![\w]|[.,]\d))
    | (?P<phone>(?:tel\.?|phone|fon|mobile|mob\.?|☎)[:.]?\s*\+?\d[\d\s()/.-]{{5,}}\d|\+\d[\d\s()/.-]{{6,}}\d|\b0\d{{2,5}}[\s/-]\d[\d\s-]{{4,}}\d)
    | (?P<percent>\d+(?:[.,]\d+)?\s?%)
    | (?P<id>(?<![\w-])\#?\s?(?:inv|re|rg|rnr|rech|fa|fac|ft|fv|f|r|fact|fakt)[-_/ ]?\d[\d/_-]*\d(?![\w])|(?<![\w.,-])\#?\d[\d/_-]*(?![\w@]|\.\d))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORTH_A_LOOK = re.compile(rf"\d|@|\w\.\w|(?<!\w)\.\w|://|\b(?:{'|'.join(_SPELT_ENDINGS)})\b", re.IGNORECASE)
"""Most lines name nothing; finding that out this way is a tenth of the price."""
_SPELT_PARTS = re.compile(rf"\s*[\[(]?\s*\b(?:{'|'.join(_SPELT_ENDINGS)})\b\s*[\])]?\s*", re.IGNORECASE)
_NAMESERVER = re.compile(
    r"(?:[a-z]{0,9}ns[-_]?\w{0,3}|p?dns[-_]?\w{0,6}|ns-?\d+|nameserver-?\d*|[a-z]+ns\d+|\w+dns\d*)\.", re.IGNORECASE
)
_NAMESERVER_INSIDE = re.compile(r"\.(?:ns|dns)\d*\.|\bawsdns-|domaincontrol\.com$|registrar-servers\.com$")
_SERVICE_HOSTS = frozenset("mail smtp imap pop pop3 ftp webmail cpanel whm autodiscover server".split())
_FILES = frozenset(
    """php js css html htm txt pdf doc docx xls xlsx jpg jpeg png gif zip gz tar sql xml json csv log exe ini conf htaccess
    py rb sh bak mp4 svg eml net5""".split()
)
_PUBLIC_SECOND = frozenset("co com org net ac gov edu ltd plc me gob or ne go nom waw".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A thing that is named: kind is email, domain, nameserver, amount, number, invoice, or other (times, phones)."""

    kind: str
    value: str
    start: int
    end: int


def names(text: str) -> list[Name]:
    """In the order of the text, without overlaps."""
    return list(_found(text)) if _WORTH_A_LOOK.search(text) else []


def _found(text: str) -> Iterator[Name]:
    at = 0
    while match := _NAME.search(text, at):
        kind = match.lastgroup or ""
        found = _READERS[kind](match) if kind in _READERS else Name("other", kind, match.start(), match.end())
        if found is None:
            at = max(match.start() + 1, _end_of_word(text, match.start()))
            continue
        yield found
        at = max(found.end, match.start() + 1)


def _end_of_word(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "_-"):
        at += 1
    return at


def _email(match: re.Match[str]) -> Name:
    value = match.group().rstrip(".-_").lower()
    return Name("email", value, match.start(), match.start() + len(value))


def _url(match: re.Match[str]) -> Name | None:
    host = re.split(r"[/?#:]", match.group().split("//", 1)[1], maxsplit=1)[0].rstrip(".,;!")
    return _as_domain(host, match.start(), match.end()) if "." in host else None


def _host(match: re.Match[str]) -> Name | None:
    host = match.group().split("/", 1)[0]
    if not _is_domain(host):
        return None
    return _as_domain(host, match.start(), match.end() if "/" in match.group() else match.start() + len(host))


def _is_domain(host: str) -> bool:
    """Not a file, not an abbreviation, not two sentences that lack the space between them."""
    first, last = host.rsplit(".", 1)
    ending = last.lower()
    if ending in _FILES or all(len(label) == 1 for label in host.split(".")):
        return False
    if ending.startswith("xn--"):
        return True
    if ending not in _endings():
        return last.islower() and len(last) > 2 and ending not in _ordinary()
    if len(ending) == 2 and ending in _ordinary():
        return last.islower() and first.lower() not in _ordinary()
    return not (last[:1].isupper() and last[1:].islower() and first[-1:].islower())


def _as_domain(host: str, start: int, end: int) -> Name:
    value = host.lower().rstrip(".").removeprefix("www.")
    if _NAMESERVER_INSIDE.search(value) or (value.count(".") >= 2 and _NAMESERVER.match(value)):
        return Name("nameserver", value, start, end)
    labels = value.split(".")
    if len(labels) > 2 and labels[0] in _SERVICE_HOSTS:
        value = ".".join(labels[1:])
    return Name("domain", value, start, end)


def is_host(value: str) -> bool:
    """A name below a registered one, as name servers are: three labels, or four with an ending like .co.uk."""
    labels = value.split(".")
    return len(labels) > (3 if len(labels) > 2 and labels[-2] in _PUBLIC_SECOND else 2)


def _spelt(match: re.Match[str]) -> Name | None:
    parts = _SPELT_PARTS.split(match.group())
    word = re.search(rf"\b(?:{'|'.join(_SPELT_ENDINGS)})\b", match.group(), re.IGNORECASE)
    allowed = _SPELT_ENDINGS[word.group().lower()] if word else ""
    last = parts[-1].lower()
    if last not in (allowed.split("|") if allowed else _endings()) or parts[0].lower() in _ordinary():
        return None
    return Name("domain", ".".join(parts).lower(), match.start(), match.end())


def _amount(match: re.Match[str]) -> Name:
    return Name("amount", decimal(match.group()), match.start(), match.end())


def decimal(text: str) -> str:
    """ "1.250,50 €" and "1,250.50" are both "1250.50"."""
    figure = re.sub(r"[^\d.,]", "", text).strip(".,")
    whole, separator, cents = figure, "", ""
    for at in range(len(figure) - 1, -1, -1):
        if figure[at] in ".,":
            whole, separator, cents = figure[:at], figure[at], figure[at + 1 :]
            break
    if not separator or len(cents) == 3:
        return re.sub(r"\D", "", figure) + ".00"
    return f"{re.sub(r'[^0-9]', '', whole)}.{cents:0<2}"


def _id(match: re.Match[str]) -> Name | None:
    value = match.group().strip().rstrip("-/_")
    end = match.start() + len(match.group().rstrip().rstrip("-/_"))
    bare = value.lstrip("# ")
    if not bare[:1].isdigit():
        return Name("invoice", bare.replace(" ", "-"), match.start(), end)
    if bare.isdigit() and len(bare) > 12:
        return Name("other", bare, match.start(), end)
    return Name("number", value.replace(" ", ""), match.start(), end)


def _given(match: re.Match[str]) -> Name:
    """ "EPP code: Qx7-rises": the writer gives a code and asks for none."""
    return Name("code", match.group(), match.start(), match.end())


def _phone(match: re.Match[str]) -> Name:
    """The figures; "phone" in front of them stays a word."""
    figures = re.search(r"[+(\d]", match.group())
    return Name("other", "phone", match.start() + (figures.start() if figures else 0), match.end())


def _ending(match: re.Match[str]) -> Name | None:
    ending = match.group()[1:].lower()
    return Name("ending", ending, match.start(), match.end()) if ending.split(".")[-1] in _endings() else None


_READERS = {
    "ending": _ending,
    "email": _email,
    "given": _given,
    "phone": _phone,
    "url": _url,
    "host": _host,
    "spelt": _spelt,
    "amount": _amount,
    "id": _id,
}


def _endings() -> frozenset[str]:
    return words_of("endings.txt")


def _ordinary() -> frozenset[str]:
    """Words that stand before or behind a full stop far more often than they end a domain."""
    return words_of("ordinary.txt")
