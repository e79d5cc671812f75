"""DNS records as people write them: a line of a zone file, lines with labels, or a sentence."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from core.ports import Record

_LABEL = r"[a-z0-9_*][a-z0-9_-]{0,62}"
_HOST_NAME = rf"(?:{_LABEL}\.)+{_LABEL}"
_TYPE = r"AAAA|CNAME|MX|TXT|SRV|CAA|A"
_ZONE_LINE = re.compile(
    rf"^[\s>*•-]{{0,3}}(?P<name>@|(?:{_LABEL}\.)*{_LABEL}\.?)?\s+(?:(?P<ttl>\d{{2,6}})\s+)?(?:IN\s+)?(?P<type>{_TYPE})\s+(?P<rest>\S.*)$"
)
_SPOKEN_TYPE = re.compile(
    rf"\b(?P<named>{_TYPE})(?=[- ](?:dns[- ])?(?:records?|entry|entries|eintrag|rekord))|\b(?P<type>{_TYPE})\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^\W*(?P<label>type|typ|tipo|rodzaj|host(?:name)?|name|nom|nombre|nome|naam|nazwa|value|wert|valeur|valor|valore"
    r"|waarde|wartość|content|target|ziel|points to|priority|priorität|prio|ttl)\s*[:=]\s*(?P<value>.+?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS = {
    "type": "type typ tipo rodzaj",
    "name": "host hostname name nom nombre nome naam nazwa",
    "value": "value wert valeur valor valore waarde wartość content target ziel points\xa0to",
    "priority": "priority priorität prio",
    "ttl": "ttl",
}
_FIELD_OF = {word.replace("\xa0", " "): field for field, words in _FIELDS.items() for word in words.split(" ")}
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»\n]{1,2048})[\"“”„«»]")
_KNOWN_TEXT = re.compile(r"(?:v=(?:spf1|DMARC1|DKIM1)\b[^\n]*|k=rsa;[^\n]*|[\w.-]{1,80}=\S+)", re.IGNORECASE)
_TO_THE_DOMAIN = (
    r"\s+(?:to|for|in|on|of|from|zu|für|bei|von|à|pour|de|a|para|per|di|voor|aan|van|do|dla|z)\s+"
    r"(?:the\s+)?(?:zone\s+(?:of\s+)?)?"
)
_UNDER = re.compile(
    rf"\b(?:for|named|called|name|host|subdomain|für|pour|para|per|voor|dla)\s+[\"'“]?(?P<name>{_LABEL}|@)\b",
    re.IGNORECASE,
)
_NO_NAME = frozenset("the a an my our this it domain record host name type txt mx cname aaaa value with to".split())


def records_in(text: str, domain: str) -> list[Record]:
    """The records that a text tells, their names below `domain`; of values only what can be read without guessing."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [record for line in lines if (record := _zone_line(line, domain))]
    if found:
        return found
    by_labels = _labelled(text, domain)
    if by_labels is not None:
        return [by_labels]
    spoken = _spoken(text, domain)
    return [spoken] if spoken is not None else []


def written(record: Record) -> str:
    """As a line of a zone file, so that `records_in` reads the same again."""
    value = f'"{record.value}"' if record.type == "TXT" else record.value
    priority = "" if record.priority is None else f"{record.priority} "
    return f"{record.name} {record.ttl} IN {record.type} {priority}{value}"


def name_below(name: str, domain: str) -> str:
    """ "www.bakery.example." and "www" are "www"; the domain itself is "@"."""
    name = name.lower().rstrip(".")
    if name in ("", "@", domain):
        return "@"
    return name.removesuffix(f".{domain}")


def _zone_line(line: str, domain: str) -> Record | None:
    found = _ZONE_LINE.match(f" {line}" if re.match(rf"(?:{_TYPE})\s", line) else line)
    if found is None:
        return None
    name, rest = found["name"], found["rest"]
    parts = rest.split(maxsplit=1)
    if not name and len(parts) == 2 and found["type"] in ("A", "AAAA", "CNAME") or rest.startswith("_"):
        name, rest = parts[0], parts[-1]  # "TXT _dmarc v=DMARC1 …": the type first.
    return _record(name or "@", found["type"], rest, domain, ttl=found["ttl"])


def _labelled(text: str, domain: str) -> Record | None:
    values: dict[str, str] = {}
    for found in _FIELD.finditer(text):
        values.setdefault(_FIELD_OF[found["label"].lower()], found["value"])
    if "value" not in values or not re.fullmatch(_TYPE, values.get("type", ""), re.IGNORECASE):
        return None
    rest = f"{values['priority']} {values['value']}" if "priority" in values else values["value"]
    return _record(values.get("name", "@"), values["type"].upper(), rest, domain, ttl=values.get("ttl"))


def _spoken(text: str, domain: str) -> Record | None:
    """ "Add an A record for www.bakery.example pointing to 192.0.2.10"; the domain's own name is no value."""
    kind = next(_types_in(text), None)
    if kind is None:
        return None
    type_ = kind[0].upper()
    behind = text[kind.end() :].partition("\n")[0]
    value, names = _spoken_value(type_, text, behind, domain)
    if not value:
        return None
    named = _UNDER.search(behind) or _UNDER.search(text)
    name = next(iter(names), "")
    if not name and named and named["name"].lower() not in _NO_NAME and named["name"].lower() not in domain.split("."):
        name = named["name"]
    return _record(name or "@", type_, value, domain, ttl=None)


def _types_in(text: str) -> Iterator[re.Match[str]]:
    """ "a" alone is an article."""
    return (found for found in _SPOKEN_TYPE.finditer(text) if found["named"] or found[0] != "a")


def _spoken_value(type_: str, text: str, behind: str, domain: str) -> tuple[str, list[str]]:
    """The value, and the names below the domain (in full) that are none."""
    hosts = [host.lower().rstrip(".") for host in re.findall(_HOST_NAME, text, re.IGNORECASE)]
    below = [host for host in dict.fromkeys(hosts) if host.endswith(f".{domain}")]
    if type_ in ("A", "AAAA"):
        found = (_IPV4 if type_ == "A" else _IPV6).search(text)
        return (found[0] if found else "", below)
    if type_ in ("CNAME", "MX"):
        others = [host for host in dict.fromkeys(hosts) if host != domain and "." in host and not _is_number(host)]
        if not others:
            return "", []
        target = next((host for host in others if host not in below), others[-1])
        priority = re.search(r"(?<![\w.])(\d{1,5})\b(?!\.)", behind)
        prefix = f"{priority[1]} " if type_ == "MX" and priority else ""
        return f"{prefix}{target}", [host for host in below if host != target]
    if type_ == "TXT":
        behind = re.sub(r"^(?:[- ]?records?|[- ]?entry|[- ]?eintrag)?\s*[:=]?\s*", "", behind, flags=re.IGNORECASE)
        found = _QUOTED.search(text) or _KNOWN_TEXT.search(
            re.sub(rf"{_TO_THE_DOMAIN}{re.escape(domain)}\W*$", "", behind)
        )
        value = (found[1] if found and found.re is _QUOTED else found[0] if found else "").strip()
        return value, [host for host in below if host not in value]
    return "", []


def _is_number(host: str) -> bool:
    return host.replace(".", "").isdigit()


def _record(name: str, type_: str, rest: str, domain: str, *, ttl: str | None) -> Record:
    rest = rest.strip()
    priority: int | None = None
    if type_ in ("MX", "SRV") and (found := re.match(r"(\d{1,5})\s+(\S.*)$", rest)):
        priority, rest = int(found[1]), found[2]
    elif type_ == "MX":
        priority = 10
    if type_ == "TXT":
        value = "".join(_QUOTED.findall(rest)) or rest
    elif type_ in ("CNAME", "MX"):
        value = rest.split()[0].lower().rstrip(".")
    else:
        value = rest.rstrip(".") if type_ == "SRV" else rest
    with suppress(ValueError):
        value = str(ipaddress.ip_address(value)) if type_ in ("A", "AAAA") else value
    return Record(name_below(name, domain), type_, value, priority, int(ttl) if ttl else 3600)


def matching(wanted: Sequence[Record], zone: Sequence[Record]) -> list[Record]:
    """Those of the zone that these are, whatever their priority and time to live."""
    keys = {(one.name, one.type, one.value.lower()) for one in wanted}
    return [record for record in zone if (record.name, record.type, record.value.lower()) in keys]


def named_in(text: str, domain: str, zone: Sequence[Record]) -> list[Record]:
    """Records that a text tells by type and name only: "remove the A record www"."""
    kinds = {found[0].upper() for found in _types_in(text)}
    words = {word.lower().rstrip(".") for word in re.findall(r"@|[\w*.-]+", text)}
    fitting = [one for one in zone if one.type in kinds]
    by_name = [one for one in fitting if one.name != "@" and words & {one.name, f"{one.name}.{domain}"}]
    return by_name or [one for one in fitting if one.name == "@"]
