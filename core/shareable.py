"""What one person may read of a ticket and of a letter when they ask for their data; other people are masked."""

from __future__ import annotations

import email
import email.policy
from typing import Any

from core.messages import EMAIL
from core.models import Letter


def letter(row: Letter, number: str | None) -> dict[str, Any]:
    by_mail = row.channel == EMAIL and not row.secret
    message = email.message_from_bytes(row.payload if by_mail else b"", policy=email.policy.default)
    body = message.get_body(("plain",))
    return {
        "at": row.created_at.isoformat(),
        "ticket": number,
        "kind": row.kind,
        "state": row.state,
        "subject": str(message["Subject"] or ""),
        "text": str(body.get_content()).replace("\r\n", "\n") if body is not None else "",
    }


def ticket(whole: dict[str, Any], address: str) -> dict[str, Any]:
    own = next(person for person in whole["participants"] if person["address"] == address)
    others = [p for p in whole["participants"] if p["role"] != "staff" and p is not own]
    said = [message for message in whole["messages"] if message["kind"] == "public"]
    shown = [message for message in said if _is_for(message, own, alone=not others)]
    return {
        **whole,
        "participants": [
            {**person, "name": person["name"] if person is own else "", "address": _masked(person["address"], address)}
            for person in whole["participants"]
        ],
        "messages": [{**message, "author": _masked(message["author"], address)} for message in shown],
        "to_or_from_others": len(said) - len(shown),
        "assignee": _masked(whole["assignee"] or "", address),
        "letters": [letter for letter in whole["letters"] if letter["to"] == address],
        "internal_notes": sum(1 for message in whole["messages"] if message["kind"] in ("note", "held")),
        "audit": [
            {"at": entry["at"], "who": _masked(entry["who"], address), "action": entry["action"]}
            for entry in whole["audit"]
        ],
    }


def words_on(whole: dict[str, Any], address: str) -> dict[str, Any]:
    """Of a ticket that somebody wrote on without being of it: nothing but what they wrote."""
    said = [{"at": one["at"], "text": one["text"]} for one in whole["messages"] if one["author"] == address]
    return {"number": whole["number"], "messages": said}


def _is_for(message: dict[str, Any], own: dict[str, Any], *, alone: bool) -> bool:
    """Theirs, or said to them. What the desk answered by itself went to one person: to them, if nobody else is there.

    Where there are others, the answers that they were given are among their letters.
    """
    if message["author"] == own["address"]:
        return True
    if message["by"] == "staff":
        return bool(message["at"] >= own["joined"])
    return alone and bool(message["by"] == "desk")


def _masked(other: str, own: str) -> str:
    """Somebody else's address, so that it can be told from a third one and no more."""
    if other == own or "@" not in other:
        return other
    local, _, domain = other.partition("@")
    return f"{local[:1]}…@{domain}"
