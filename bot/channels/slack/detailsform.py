"""The modal "Change my details": what is filled in becomes the lines that a mail about it would have.

Its fields stand empty: opening it tells nobody what is on file, and what is left empty is left as it is. Whether it may
be changed, and the question before it is, are the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.slack import blocks, forms, limits, mrkdwn

DETAILS = "details"
"""callback_id of the modal, and action_id of the button that opens it."""
SAYS = "Change my details:"
LABELS: Mapping[str, str] = {
    "company": "Company",
    "first_name": "First name",
    "last_name": "Last name",
    "address1": "Address line 1",
    "address2": "Address line 2",
    "postcode": "Postcode",
    "city": "City",
    "state": "State",
    "country": "Country",
    "phone": "Phone",
    "tax_id": "VAT number",
}
"""Each field with the words before its value, as the desk reads them (core/details.py); a test compares the two."""
_LENGTH = 100
"""Characters of a value, as many as the desk takes."""


def view(gettext: Callable[[str], str]) -> dict[str, Any]:
    said = gettext("Fill in what has changed; the rest stays as it is. A “-” empties a field. You are asked once more.")
    return {
        "type": "modal",
        "callback_id": DETAILS,
        "title": forms.plain(gettext("Change my details")[: limits.MODAL_TITLE]),
        "submit": forms.plain(gettext("Send")[: limits.MODAL_SUBMIT]),
        "close": forms.plain(gettext("Cancel")[: limits.MODAL_SUBMIT]),
        "blocks": [blocks.section(mrkdwn.escaped(said)), *(_line(name, text) for name, text in _shown(gettext))],
    }


def words(filled: Mapping[str, Any]) -> str:
    """What a sent modal says; nothing filled in says only what it is about, and the desk says how to go on."""
    values = filled["state"]["values"]
    lines = [f"{label}: {value}" for name, label in LABELS.items() if (value := _value(values, name))]
    return "\n".join((SAYS if lines else SAYS.rstrip(":"), *lines))


def button(gettext: Callable[[str], str]) -> dict[str, Any]:
    return {"type": "button", "action_id": DETAILS, "text": forms.plain(gettext("Change my details"))}


def _value(values: Mapping[str, Any], name: str) -> str:
    """On one line: a line break would begin another field."""
    return " ".join(str(((values.get(name) or {}).get(name) or {}).get("value") or "").split())


def _shown(gettext: Callable[[str], str]) -> list[tuple[str, str]]:
    return [
        ("company", gettext("Company")),
        ("first_name", gettext("First name")),
        ("last_name", gettext("Last name")),
        ("address1", gettext("Address")),
        ("address2", gettext("Address, line 2")),
        ("postcode", gettext("Postcode")),
        ("city", gettext("City")),
        ("state", gettext("State")),
        ("country", gettext("Country")),
        ("phone", gettext("Phone")),
        ("tax_id", gettext("VAT number")),
    ]


def _line(name: str, label: str) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": name, "max_length": _LENGTH}
    return {"type": "input", "block_id": name, "optional": True, "label": forms.plain(label), "element": element}
