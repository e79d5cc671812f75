"""The mails of tests/mail: `<name>.eml` as it came and `<name>.json`, what must come out of it.

The expectation is a part of the `helpdesk parse` document: objects match by the keys they name, lists by length and
order. A key "<field> contains" (or "<field> lacks") holds strings that must (must not) stand in the field.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "mail"


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.eml"))


def mail(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def expected(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document


def differences(wanted: Any, found: Any, where: str = "") -> list[str]:
    """What of `wanted` is not in `found`, one line each."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [line for key, value in wanted.items() for line in _of_key(key, value, found, where)]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(wanted, found, strict=True))
        return [line for number, (one, other) in pairs for line in differences(one, other, f"{where}[{number}]")]
    return [] if wanted == found else [f"{where}: wanted {wanted!r}, found {found!r}"]


def _of_key(key: str, value: Any, found: dict[str, Any], where: str) -> list[str]:
    field, _, test = key.partition(" ")
    here = f"{where}.{field}" if where else field
    if test == "contains":
        text = "\n".join(found[field]) if isinstance(found[field], list) else found[field]
        return [f"{here}: {one!r} is not in {text!r}" for one in value if one not in text]
    if test == "lacks":
        return [f"{here}: {one!r} is in {found[field]!r}" for one in value if one in found[field]]
    if key not in found:
        return [f"{here}: missing"]
    return differences(value, found[key], here)
