"""The details of a domain's contact as people write them: lines with a label, or one sentence; in eight languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.ports import DomainContact

FIELDS = ("name", "organisation", "email", "phone", "address")
EMPTY = "-"
"""Stands for a field without a value."""
_EMPTY = frozenset("-–—")
_LONGEST = 255

_LABELS = {
    "name": r"(?:full )?name|(?:vor- und nach)?name|nom(?: complet)?|nombre(?: completo)?|nome(?: completo)?|naam"
    r"|imię i nazwisko|nazwisko",
    "organisation": r"organi[sz]ation|company(?: name)?|firma|unternehmen|société|entreprise|organización|empresa"
    r"|organizzazione|azienda|società|organisatie|bedrijf|organizacja|organização",
    "email": r"e-?mail(?:[ -]?(?:address|adresse|adres))?|adresse e-?mail|correo(?: electrónico)?|courriel"
    r"|indirizzo e-?mail|adres e-?mail",
    "phone": r"(?:tele)?phone(?: number)?|tel\.?|mobile|telefon(?:nummer)?|rufnummer|téléphone|teléfono|telefono"
    r"|telefoon(?:nummer)?|numer telefonu|telefone",
    "address": r"(?:postal )?address|(?:post)?anschrift|(?:post)?adresse(?: postale)?|dirección(?: postal)?"
    r"|indirizzo(?: postale)?|(?:post)?adres(?: pocztowy)?|morada|endereço",
}
_IS = r"(?:\s*[:=]|\s+(?:is|to|ist|auf|in|zu|est|en|à|es|a|è|is|naar|jest|na|é|para|por))"
_OF_WHOM = r"(?:(?:the|my|our|new|neue[rs]?|nouve(?:au|lle)|nuev[oa]|nuov[oa]|nieuwe?|now[yae]|nov[oa])\s+){0,2}"
_LINE = {
    field: re.compile(rf"(?:^|:)[^\w+]*{_OF_WHOM}(?:{words}){_IS}\s*(?P<value>.+)$", re.IGNORECASE)
    for field, words in _LABELS.items()
}
_SENTENCE = {
    field: re.compile(
        rf"\b(?:{words})\b[^:=\n]{{0,40}}?\b(?P<of>(?:[\w-]+\.)+[^\W\d_]{{2,24}}){_IS}\s*(?P<value>.+)$", re.IGNORECASE
    )
    for field, words in _LABELS.items()
}
""" "Change the registrant phone of bakery.example to +33 …": the domain stands between what and how."""
_ANY = "|".join(_LABELS.values())
_LABELLED = re.compile(rf"[^\w+]*{_OF_WHOM}(?:{_ANY})\s*[:=]", re.IGNORECASE)
_PARTS = re.compile(rf"[;,]\s+(?=(?:{_ANY})\s*[:=])", re.IGNORECASE)
_COURTESY = re.compile(
    r"[,.]?\s*\b(?:please|thanks?(?: you)?|bitte|danke|merci|gracias|grazie)\b[\s.!]*\Z", re.IGNORECASE
)
_HOLDER = (
    r"(?:registrant|owner|holder|admin(?:istrative)?[ -]contact|inhaber|admin-kontakt|titulaire|titular|intestatario"
    r"|houder|admin-contact|abonenta?)"
)
_EMAIL = re.compile(r"[^\s@<>\"(),;:]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
_TO_WHOM = re.compile(
    rf"\b(?i:{_HOLDER})\b[^\n]{{0,80}}?\s(?i:to|auf|in|à|en|a|naar|na|para)\s+"
    rf"(?P<name>[^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*){{1,3}}),? [(<]?(?P<email>{_EMAIL.pattern})[)>]?[.!]*\s*$",
    re.MULTILINE,
)
""" "Change the registrant of bakery.example to Bob Roux, bob@bakery.example": a name with its address only."""
_PHONE = re.compile(r"\+?(?:[\s()/.-]*\d){6,15}(?:\s*(?:x|ext\.?)\s*\d{1,6})?")
_ADMIN = re.compile(r"\badmin|\bverwaltungs|\bamministrativ|\badministrac", re.IGNORECASE)


def role_in(text: str) -> str:
    """Which contact is meant: admin, or the registrant when nothing else is said. Addresses are no such word."""
    said = _EMAIL.sub(" ", "\n".join(line for line in text.splitlines() if not _LABELLED.match(line)))
    return "admin" if _ADMIN.search(said) else "registrant"


def fields_in(text: str) -> dict[str, str]:
    """What lines such as "Phone: +33 1 99 00 12 34" or a sentence say, by the fields of `DomainContact`.

    A label without a value says nothing; a dash empties the field.
    """
    found: dict[str, str] = {}
    for part in _parts(text):
        for field in FIELDS:
            said = _LINE[field].search(part) or _SENTENCE[field].search(part)
            if said and field not in found:
                found[field] = _value(field, said["value"])
                break
    return found or _to_whom(text)


def _to_whom(text: str) -> dict[str, str]:
    said = _TO_WHOM.search(text)
    return {"name": said["name"], "email": said["email"]} if said else {}


def fits(field: str, value: str) -> bool:
    if len(value) > _LONGEST or (field == "email" and not _EMAIL.fullmatch(value)):
        return False
    return field != "phone" or not value or _PHONE.fullmatch(value) is not None


def as_lines(contact: DomainContact, role: str) -> list[tuple[str, str]]:
    """Each field and its value on one line, so that `fields_in` reads the same again; of an admin what is kept."""
    values = {field: str(getattr(contact, field)) for field in FIELDS}
    shown = [field for field in FIELDS if role != "admin" or values[field] or field in ("name", "email")]
    return [(field, _on_one_line(field, values[field])) for field in shown]


def as_text(role: str, contact: DomainContact) -> str:
    """The whole contact as a text that `role_in` and `fields_in` read."""
    lines = [(field, _on_one_line(field, str(getattr(contact, field)))) for field in FIELDS]
    return "\n".join([role, *(f"{field}: {value}" for field, value in lines)])


def _on_one_line(field: str, value: str) -> str:
    lines = value.splitlines()
    if field != "address" or not lines:
        return value or EMPTY
    plain = not any("," in line or " / " in line for line in lines)
    return ", ".join(lines) if plain else " / ".join(lines) + " /"


def _parts(text: str) -> Iterator[str]:
    """The lines, with those that go on an address put behind it; several labels on one line are parts of their own."""
    parts: list[str] = []
    continues = False
    for line in text.splitlines():
        line = line.strip(" \t>*•")
        if continues and line and not _LABELLED.match(line):
            parts[-1] += f", {line.strip(',')}"
            continue
        pieces = [piece for piece in _PARTS.split(line) if piece.strip()]
        parts += pieces
        continues = bool(pieces) and _LINE["address"].match(pieces[-1]) is not None
    return iter(part.strip() for part in parts)


def _value(field: str, said: str) -> str:
    """An address is written on one line, with commas (or slashes, if a comma belongs into it) between its lines."""
    said = _COURTESY.sub("", said.strip()).strip().strip(",;")
    if said in _EMPTY:
        return ""
    if field in ("email", "phone"):
        return said.removeprefix("mailto:").rstrip(".")
    if field != "address":
        return said
    lines = said.split(" / ") if said.endswith(" /") or " / " in said else said.split(",")
    return "\n".join(line.strip(" /") for line in lines if line.strip(" /"))
