"""Passwords and transfer codes that people write into a mail, found by the words that announce them.

"my password is …", "pw: …", "auth code for x.example is …" in the languages of the desk. What follows the word counts
only when it looks like a secret (figures among letters, signs, capitals inside, quotes), or when it is all there is
behind a colon. A transfer code also counts alone on the line below the words that lead to it, or below one of our own
codes: that is how people answer when they are asked for both. So "how do I change my password?" and "the password is
wrong" stay as they are, and so does a secret that is a plain word behind "is": to take every word for one would make
nonsense of honest questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

_LABELS = r"""
    [\w-]{0,30}(?:passwor[dt]|passwd|kennwort|wachtwoord|passphrase) | pwd? | \w{1,20}_pwd? | pass(?=[ \t]*[:=])
  | mots?[ ]de[ ]passe | mdp | contrase[nñ]as? | (?<!palabra[ ])(?<!palabras[ ])clave[ ]de[ ]acceso
  | (?<!palabra[ ])(?<!palabras[ ])clave(?=[ \t]*[:=]|[ ]es\b) | parola[ ]d['’]ordine | has[łl](?:o|em|a)
  | palavra[- ]passe | senha
  | (?:epp|auth|auth[- ]?info|authori[sz]ation|transfer|autorisierungs|autorisatie|verhuis)[- ]?(?:code|key|token)
  | auth[- ]?info | code[ ](?:epp|auth|d['’]autorisation|de[ ]transfert)
  | c[oó]digo[ ](?:epp|auth|de[ ]autorizaci[oó]n|de[ ]autoriza[cç][aã]o|de[ ]transfer[eê]ncia)
  | codice[ ](?:epp|auth(?:info)?|di[ ]autorizzazione|di[ ]trasferimento)
  | kod[ ](?:epp|auth(?:info)?|autoryzacji|autoryzacyjny|transferu)
"""
_LABEL = re.compile(rf"(?<![\w@./-])(?<!removed:[ ])(?:{_LABELS})(?![\w@]|-\w)", re.IGNORECASE | re.VERBOSE)
_TRANSFER = r"transf[eé]r\w*|trasfer\w*|umzug|umziehen|umzuziehen|verhuiz\w*|verhuis\w*|przenie\w*|move|bring"
_NAME = r"[\w-]{1,63}\.[^\W\d_]{2,24}\b"
_SPEAKS_OF_TRANSFER = re.compile(
    rf"\b(?:epp|auth-?info|auth[- ]?code)\b|\b(?:{_TRANSFER})\b[^\n]{{0,200}}?\b{_NAME}"
    rf"|{_NAME}[^\n]{{0,200}}?\b(?:{_TRANSFER})\b",
    re.IGNORECASE,
)
"""Of a domain's: money is transferred as well."""
_BARE_LABEL = re.compile(
    r"(?<![\w@./-])(?<!promo )(?<!error )(?<!discount )(?<!postal )(?<!zip )(?<!post )(?<!country )"
    r"(?:code|key|kod|c[oó]digo|codice)(?![\w@]|-\w)",
    re.IGNORECASE,
)
"""In a text that speaks of a transfer, "code" alone announces one."""
_OUR_CODE = r"[2-9A-HJ-NP-Za-hj-np-z]{4}[- ]?[2-9A-HJ-NP-Za-hj-np-z]{4}"
_BELOW_OUR_CODE = re.compile(
    rf"\A[\s>*]*{_OUR_CODE}[ \t*]*\r?\n[ \t\r\n>*]*"
    r"(?:[\w-]{1,20}[ -]?){0,3}[:=]?[ \t*]*(?<![^\s:=*>])(\S{6,64})[ \t*]*$",
    re.MULTILINE,
)
_LINE_BELOW = re.compile(r"[^\n]{0,400}\n(?:[ \t\r>*]*\n){0,2}[ \t>*]*(\S{6,64})[ \t\r*]*(?=\n|\Z)")
_GAP = re.compile(r"[ \t\xa0*_`~|]*")
_GAP_AND_LINE = re.compile(r"[ \t\xa0*_`~|>]*(?:\r?\n[ \t\xa0*_`~|>]*){0,4}")
_POINTS = re.compile(r"[:=：]+>?|[-–](?:>|&gt;)|→|[-–](?=[ \t])")
_WORD = re.compile(r"[^\s:=：]{1,80}")
_VALUE = re.compile(r"\S{1,200}")
_MOST_WORDS = 9
_MOST_LABELS = 5000

_IS = frozenset("is was are ist war lautet lautete heißt est était es era è e' luidt jest brzmi brzmiało é são".split())
_BECOMES = frozenset("to auf in zu en à a su naar na para por als como".split())
_OPENING, _CLOSING = "\"'`«»„“”‘’‹›", "\"'`«»”“’‘‹›"
_QUOTED = re.compile(rf"[{_OPENING}][^{_OPENING}{_CLOSING}\n]{{3,60}}[{_CLOSING}]")
_AT_THE_END = ".,;:!?)]}>\"'’”»"
_NO_SECRET = re.compile(
    r"""
    [\w.+-]+@[\w-]+(?:\.[\w-]+)+ | (?:https?:)?//\S* | www\.\S* | (?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?
  | [*•x.…_-]+ | [<\[{(].* | \#?\d{8} | \#\d+ | inv-?\d+ | \d{1,4}[./-]\d{1,2}[./-]\d{1,4} | \d{1,2}:\d\d(?::\d\d)?
  | \d{1,3}-\w+ | \d{1,3}% | 2fa | [€$£]\d[\d.,]* | \d[\d.,]*[€$£]
  | (?:sha|md|ipv|imap|pop|smtp|ftp|http|oauth|base|utf|php|mysql|office|windows|outlook|ssh|tls)-?\d[\w-]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SIGNS = re.compile(r"[!$%&#@^*+=?~|\\{}\[\]§€]")
_PLAIN = re.compile(r"[^\W\d_]+(?:['’/-][^\W\d_]+)*")
_NOT_GIVEN = frozenset(
    """
    forgotten forgot lost wrong incorrect invalid unknown none empty missing expired changed reset required same
    hidden secret yes no below above attached help urgent please thanks vergessen verloren falsch ungültig unbekannt
    keins leer fehlt abgelaufen geändert siehe hilfe dringend oublié perdu incorrect inconnu aucun vide expiré modifié
    olvidada olvidado perdida incorrecta caducada ninguna dimenticata persa errata scaduta nessuna vergeten kwijt
    onjuist verlopen geen zapomniane nieprawidłowe błędne brak wygasło esquecida esqueci perdida incorreta expirada
    """.split()
)


class Span(NamedTuple):
    start: int
    end: int


def spans(text: str) -> Iterator[Span]:
    """Where the secrets stand, from left to right, none within another; behind the first 5,000 words that announce one.

    Time grows with the length of the text, whatever it is.
    """
    end = 0
    for found in sorted((*_behind_a_label(text), *_transfer_codes(text))):
        if found.start >= end:
            end = found.end
            yield found


def transfer_code(text: str) -> str:
    """The transfer code that a text carries, "" when there is none; never what `spans` would leave standing."""
    found = next(_transfer_codes(text), None) or next(_behind_a_label(text), None)
    return text[found.start : found.end] if found else ""


def _behind_a_label(text: str) -> Iterator[Span]:
    end = 0
    for label in islice(_LABEL.finditer(text), _MOST_LABELS):
        if label.start() >= end and (found := _announced(text, label.end())):
            end = found.end
            yield found


def _transfer_codes(text: str) -> Iterator[Span]:
    """Those that no label of their own announces."""
    if (answer := _BELOW_OUR_CODE.match(text)) and _strong(answer[1], 6):
        yield _trimmed(text, *answer.span(1))
    spoken = _SPEAKS_OF_TRANSFER.search(text)
    if spoken is None:
        return
    below = _LINE_BELOW.match(text, text.rfind("\n", 0, spoken.start()) + 1)
    if below and _strong(below[1], 6) and not below[1].strip("+()").isdecimal():
        yield _trimmed(text, *below.span(1))
    for label in islice(_BARE_LABEL.finditer(text, spoken.end()), _MOST_LABELS):
        if found := _announced(text, label.end()):
            yield found


def _announced(text: str, at: int) -> Span | None:
    """The secret that the words from here lead to, on the same line."""
    for number in range(_MOST_WORDS):
        at = _end(_GAP, text, at)
        if points := _POINTS.match(text, at):
            return _behind_a_colon(text, points.end())
        word = _WORD.match(text, at)
        if word is None:
            return None
        said = word[0].lower()
        if number == 0 and _strong(word[0], 6) and _end(_VALUE, text, at) == word.end():
            return _trimmed(text, at, word.end())
        if said in _IS and (found := _next(text, word.end(), 4)):
            return found
        if said in _BECOMES and (found := _next(text, word.end(), 8)):
            return found
        if said[-1] in ".!?;" or said == "[removed" or _quoted(text, at):
            return None
        at = word.end()
    return None


def _quoted(text: str, at: int) -> Span | None:
    found = _QUOTED.match(text, at)
    return Span(found.start() + 1, found.end() - 1) if found else None


def _next(text: str, at: int, shortest: int) -> Span | None:
    """The secret that stands right behind "is" or "to"."""
    points = _POINTS.match(text, _end(_GAP, text, at))
    if points:
        return _behind_a_colon(text, points.end())
    at = _end(_GAP, text, at)
    if found := _quoted(text, at):
        return found
    value = _VALUE.match(text, at)
    return _trimmed(text, at, value.end()) if value and _strong(value[0], shortest) else None


def _behind_a_colon(text: str, at: int) -> Span | None:
    start = _end(_GAP, text, at)
    if found := _quoted(text, start):
        return found
    value = _VALUE.match(text, start)
    if value is None:
        start = _end(_GAP_AND_LINE, text, at)
        value = _VALUE.match(text, start)
        return _trimmed(text, start, value.end()) if value and _strong(value[0], 4) and _alone(text, value) else None
    if _strong(value[0], 4) or (_plain(value[0]) and _alone(text, value)):
        return _trimmed(text, start, value.end())
    return None


def _strong(word: str, shortest: int) -> bool:
    """Does it look like nothing that people write but a secret?"""
    core = word.rstrip(_AT_THE_END)
    if len(core) < shortest or _NO_SECRET.fullmatch(core):
        return False
    inside = core[1:] if core[0] in _OPENING else core
    figures = any(sign.isdigit() for sign in inside)
    capitals = re.search(r"[^\W\d_A-Z][A-Z]", inside) is not None
    return figures or capitals or (_SIGNS.search(inside) is not None)


def _plain(word: str) -> bool:
    core = word.rstrip(_AT_THE_END)
    return len(core) >= 4 and core.lower() not in _NOT_GIVEN and _PLAIN.fullmatch(core) is not None


def _alone(text: str, value: re.Match[str]) -> bool:
    """Nothing follows on its line."""
    rest, _, _ = text[value.end() : value.end() + 100].partition("\n")
    return not rest.strip(" \t\r\xa0*_`~|")


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without the one sign that ends the sentence rather than the secret."""
    return Span(start, end - 1 if text[end - 1] in ".,;)" and end - start > 4 else end)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
