"""What people say about themselves: "We moved: 12 Hill St, York YO1 7AA", "New phone +44 1904 555010".

Only what is labelled is read, and a label whose value is not clearly one is named instead of guessed: a wrong address
on an invoice costs more than a question. Each clause has one label; its value runs to the end of the clause, or, where
a label stands alone on its line, over the lines below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.entities import EMAIL

ADDRESS = ("address1", "address2", "city", "state", "postcode", "country")
LONGEST = 300
"""Characters of a value that are looked at."""
NOTHING = "-"
"""Written as a value, it empties the field: "Phone: -"."""
OPTIONAL = frozenset(["company", "address2", "state", "phone", "tax_id"])
WRITTEN_AS = {
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "address1": "Address line 1",
    "address2": "Address line 2",
    "city": "City",
    "state": "State",
    "postcode": "Postcode",
    "country": "Country",
    "phone": "Phone",
    "tax_id": "VAT number",
}
"""The label under which `stated` reads each field again."""

_LABELS = {
    "email": r"e-?mail(?:[- ]?(?:address|adresse|adres))?"
    r"|(?:adresse|adres|dirección|indirizzo|endereço) (?:e-?mail|de correo)",
    "address1": r"address line 1|street(?: address)?|straße|strasse",
    "address2": r"address line 2",
    "address": r"(?:we|i)(?:'ve| have)?(?: just| recently)? moved(?: (?:house|office|offices|premises))?"
    r"|(?:(?:postal|mailing|billing|home|office|street|business) )?address"
    r"|wir sind umgezogen|(?:post|rechnungs)?(?:adresse|anschrift)|nous avons déménagé|nos hemos mudado|dirección"
    r"|ci siamo trasferiti|indirizzo|w(?:ij|e) zijn verhuisd|adres|morada|endereço",
    "phone": r"(?:tele)?phone(?: (?:number|no\.?))?|(?:mobile|cell)(?: (?:phone|number))?|tel\.?|telefon(?:nummer|o|u)?"
    r"|téléphone|teléfono|telefoon(?:nummer)?|handynummer|telemóvel|telefone",
    "company": r"company(?: name)?|business name|firma|firmenname|société|raison sociale|empresa|azienda"
    r"|ragione sociale|bedrijf(?:snaam)?",
    "tax_id": r"(?:vat|tax)(?: (?:registration )?(?:number|id|no\.?))?|ust-?id(?:nr)?\.?|(?:numéro de )?tva|partita iva"
    r"|nip|nif|btw(?:-nummer)?",
    "first_name": r"(?:first|given) name|vorname|prénom|voornaam|imię",
    "last_name": r"last name|surname|family name|nachname|nom de famille|apellidos?|cognome|achternaam|nazwisko"
    r"|apelido",
    "name": r"full name|name",
    "city": r"city|town|stadt|ort|ville|ciudad|città|plaats|miasto|cidade",
    "postcode": r"post ?code|postal code|zip(?: code)?|plz|code postal|código postal|kod pocztowy",
    "state": r"state|province|county|bundesland|región|provincia",
    "country": r"country|land|pays|país|paese|kraj",
}
_LABEL = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items())
_NEEDS_NO_IS = frozenset(["address", "phone", "email"])
"""Their values are told by their form: "New phone +44 1904 555010"."""
_BARE_LABEL = "|".join(_LABELS.values())
_IS = (
    r"(?:\s*[:=]|\s+(?:(?:is|are)(?: now)?(?: called)?|has (?:changed|moved) to|changed to|to(?: be)?|now"
    r"|ist(?: jetzt)?|est(?: maintenant)?|es(?: ahora)?|è(?: ora)?|is nu|to teraz|é(?: agora)?)\b)"
)
_STATEMENT = re.compile(rf"(?<![\w@.-])(?:{_LABEL})(?![\w@-])(?P<is>{_IS})?[\s:=]*(?P<value>.*)", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:(?<=[.;!?])\s+|;\s*|,?\s+(?:and|und|et|y|e|en|i)\s+|,\s+)"
    rf"(?=(?:(?:also|please|my|our|the|new|change|update|set|is)\s+){{0,4}}(?:{_BARE_LABEL})(?:{_IS}|\s+\+?\d))",
    re.IGNORECASE,
)
_END = re.compile(r"(?:many )?(?:thanks|thank you|regards|kind|best|cheers|yours|danke|merci|gracias|grazie)\b", re.I)

_PHONE = re.compile(r"(\+?\(?\d[\d ()./-]{4,28}\d)\W*\Z|(\+?\(?\d[\d ()./-]{4,28}\d)[.,;!]\s")
_TAX = re.compile(r"((?:[A-Z]{2,3}[ -]?)?[\dA-Z][\dA-Z .-]{5,18})\W*\Z")
_NAME = re.compile(r"([^\W\d_][\w'’-]*(?:\.? +[^\W\d_][\w'’-]*){0,4})\W*\Z")
_BRITISH = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_CODE = rf"{_BRITISH}|[A-Z]\d[A-Z] ?\d[A-Z]\d|(?:[A-Z]{{1,2}}-)?\d{{3,5}}(?:[- ]\d{{2,4}})?(?: ?[A-Z]{{2}})?"
_TOWN = r"[^\W\d_][^\d,;.]*(?:St\.[^\d,;.]*)?"
_REST = r"(?:[.;!]\s.*|[.;!])?"
_PLACES = (
    re.compile(rf"(?P<postcode>{_CODE}) (?P<city>{_TOWN}){_REST}"),
    re.compile(rf"(?P<city>{_TOWN}?) (?P<postcode>{_BRITISH}){_REST}"),
    re.compile(rf"(?P<state>[A-Z]{{2}}) (?P<postcode>\d{{5}}(?:-\d{{4}})?|[A-Z]\d[A-Z] ?\d[A-Z]\d){_REST}"),
    re.compile(rf"(?P<postcode>{_CODE}){_REST}"),
)
"""The line of a postal address that has the code; where it has no town, that stands before it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """`fields` are those of core.ports.Client; `unclear` are the labels whose value could not be read."""

    fields: Mapping[str, str]
    unclear: tuple[str, ...] = ()


def stated(text: str, countries: Mapping[str, str]) -> Stated:
    """What the text says; `countries` are names in lower case with their codes of two letters (ISO 3166-1)."""
    fields: dict[str, str] = {}
    unclear: list[str] = []
    for label, value, sure in _statements(text):
        read = _read(label, value, countries)
        if read is not None:
            fields.update(read)
        elif sure:
            unclear.append(label)
    return Stated(fields, tuple(dict.fromkeys(unclear)))


def written(fields: Mapping[str, str]) -> str:
    """Fields as text that `stated` reads as the same."""
    return "\n".join(f"{WRITTEN_AS[name]}: {value or NOTHING}" for name, value in fields.items())


def _statements(text: str) -> Iterator[tuple[str, str, bool]]:
    """Label, value, and whether the words say that a value follows."""
    lines = text.splitlines()
    taken: set[int] = set()
    for number, line in enumerate(lines):
        if number in taken:
            continue
        for clause in _NEXT.split(line):
            said = _STATEMENT.search(clause)
            label = next((name for name in _LABELS if said[name]), "") if said else ""
            if said is None or (said["is"] is None and label not in _NEEDS_NO_IS):
                continue
            value = said["value"].strip()[:LONGEST]
            if not value:
                below = list(_below(lines, number + 1))[: None if label == "address" else 1]
                taken.update(index for index, _ in below)
                value = "\n".join(part for _, part in below)
            yield label, value, said["is"] is not None


def _below(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """The lines of a block with their numbers: up to an empty line, the next label or a greeting."""
    for number, line in enumerate(lines[start:], start):
        said = _STATEMENT.match(line.strip())
        if (number > start and not line.strip()) or _END.match(line.strip()) or (said and said["is"]):
            return
        if line.strip():
            yield number, line.strip()


def _read(label: str, value: str, countries: Mapping[str, str]) -> Mapping[str, str] | None:
    if value == NOTHING:
        return {label: ""} if label in OPTIONAL else None
    match label:
        case "address":
            return _address(value, countries)
        case "email":
            found = EMAIL.search(value)
            return {"email": found[0]} if found else None
        case "phone":
            return _matched("phone", _PHONE, value)
        case "tax_id":
            return _tax_id(value)
        case "name":
            return _full_name(value)
        case "first_name" | "last_name" | "city" | "state":
            return _matched(label, _NAME, value)
        case "country":
            code = _country(value, countries)
            return {"country": code} if code else None
    value = value.rstrip(" .;!")
    return {label: value} if 0 < len(value) <= 100 else None


def _matched(label: str, pattern: re.Pattern[str], value: str) -> Mapping[str, str] | None:
    found = pattern.match(value)
    return {label: next(filter(None, found.groups())).strip()} if found else None


def _tax_id(value: str) -> Mapping[str, str] | None:
    found = _TAX.match(value)
    return {"tax_id": found[1].strip()} if found and sum(sign.isdigit() for sign in found[1]) >= 5 else None


def _full_name(value: str) -> Mapping[str, str] | None:
    found = _NAME.match(value)
    first, _, last = found[1].strip().partition(" ") if found else ("", "", "")
    return {"first_name": first, "last_name": last.strip()} if last else None


def _country(value: str, countries: Mapping[str, str]) -> str:
    name = value.strip(" .;!\t")
    return name.upper() if name.upper() in countries.values() else countries.get(name.lower(), "")


def _address(value: str, countries: Mapping[str, str]) -> Mapping[str, str] | None:
    """A whole address, its parts divided by commas or lines; None when the town or its code is not clear."""
    parts = [part.strip() for part in re.split(r"[\n,]", re.sub(r"\A(?:to|nach|à|a)\s+", "", value)) if part.strip()]
    country = _country(parts[-1], countries) if parts else ""
    if country:
        parts.pop()
    place = next((found for pattern in _PLACES if parts and (found := pattern.fullmatch(parts[-1]))), None)
    if place is None:
        return None
    parts.pop()
    said = {"city": "", "state": "", **{name: it.strip() for name, it in place.groupdict().items()}}
    if not said["city"] and len(parts) > 1:
        said["city"] = parts.pop()
    if not said["city"] or not parts or any(character.isdigit() for character in said["city"]):
        return None
    address = {"address1": parts[0], "address2": ", ".join(parts[1:]), **said}
    return {**address, "country": country} if country else address
