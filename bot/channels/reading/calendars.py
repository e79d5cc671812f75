"""An invitation (RFC 5545, RFC 6047) in a few words, for mails whose only text is the .ics."""

from __future__ import annotations

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_SAID = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Counter-proposal",
    "REFRESH": "Question about an invitation",
    "PUBLISH": "Event",
}
_ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentatively accepted",
    "DELEGATED": "delegated",
}
_CHARACTERS = 200_000


def in_words(ics: str) -> str:
    """What, when, where and who; "" if there is no event in it."""
    fields = _first_event(ics)
    if not fields:
        return ""
    out = [f"{_SAID.get(fields.get('METHOD', ''), 'Event')}: {_text(fields.get('SUMMARY', '')) or '(no title)'}"]
    if begins := _when(fields.get("DTSTART", ""), fields.get("DTSTART;TZID", "")):
        ends = _when(fields.get("DTEND", ""), fields.get("DTEND;TZID", ""))
        out.append(f"When: {begins}" + (f" to {ends}" if ends else ""))
    if where := _text(fields.get("LOCATION", "")):
        out.append(f"Where: {where}")
    if organizer := fields.get("ORGANIZER", ""):
        out.append(f"Organizer: {re.sub('(?i)^mailto:', '', organizer)}")
    if answer := _ANSWERS.get(fields.get("PARTSTAT", "")):
        out.append(f"Answer: {answer}")
    if description := _text(fields.get("DESCRIPTION", "")):
        out += ["", description]
    return "\n".join(out)


def _first_event(ics: str) -> dict[str, str]:
    """The properties of the calendar and of its first event, without parameters except TZID and PARTSTAT."""
    fields: dict[str, str] = {}
    inside: list[str] = []
    for line in _FOLD.sub("", ics[:_CHARACTERS]).splitlines():
        head, colon, value = line.partition(":")
        name, *parameters = head.upper().split(";")
        if name == "BEGIN":
            inside.append(value.strip().upper())
        elif name == "END":
            if value.strip().upper() in ("VEVENT", "VTODO"):
                return fields | {"EVENT": "1"}
            if inside:
                inside.pop()
        elif colon and inside and inside[-1] in ("VCALENDAR", "VEVENT", "VTODO"):
            value, parameters = _requoted(line) if '"' in head else (value, parameters)
            fields.setdefault(name, value.strip())
            for parameter in parameters:
                key, _, said = parameter.partition("=")
                if key in ("TZID", "PARTSTAT"):
                    fields.setdefault(f"{name};TZID" if key == "TZID" else key, said.strip('"'))
    return {}


def _requoted(line: str) -> tuple[str, list[str]]:
    """The value behind the first colon outside quotes."""
    match = re.match(r'((?:[^":]|"[^"]*")*):(.*)', line)
    return (match[2], re.sub(r'"[^"]*"', "", match[1]).upper().split(";")[1:]) if match else ("", [])


def _when(value: str, zone: str) -> str:
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?", value)
    if not match:
        return ""
    day = f"{match[1]}-{match[2]}-{match[3]}"
    if not match[4]:
        return day
    return f"{day} {match[4]}:{match[5]}" + (" UTC" if match[6] else f" ({zone.title()})" if zone else "")


def _text(value: str) -> str:
    return re.sub(r"\\([\\;,])", r"\1", value.replace("\\n", "\n").replace("\\N", "\n")).strip()
