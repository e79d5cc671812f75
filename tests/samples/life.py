"""Samples of what the clock says of tickets that wait, and of the question how content a client is."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

_TICKET = SimpleNamespace(
    number="46057485", subject="Site broken", status="Open", client_id="1001", department="Support"
)
_STRANGERS = SimpleNamespace(**{**vars(_TICKET), "client_id": ""})
_PAGE = "https://desk.example/once/pZ3lUYkSoS3iLr0vQ2cRb1nA"

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "ticket_reminder": [
        {"ticket": _TICKET, "closes": date(2026, 12, 5), "said": "The plugin is repaired.\nPlease test your shop."},
        {"ticket": _STRANGERS, "closes": None, "said": ""},
    ],
    "ticket_closed_unanswered": [{"ticket": _TICKET, "days": days} for days in (30, 1, 0)],
    "ticket_woken": [
        {"ticket": _TICKET, "pending": False, "by": "Sam Lee", "waits": "It is slow.", "department": "Support"},
        {"ticket": _TICKET, "pending": False, "by": "", "waits": "", "department": "Support"},
        {"ticket": _TICKET, "pending": True, "by": "", "waits": "It is slow.", "department": "Support"},
    ],
    "acknowledgement_continues": [{"number": "46057485"}],
    "satisfaction_question": [{"ticket": _TICKET, "page": _PAGE}, {"ticket": _TICKET, "page": ""}],
    "satisfaction_answer": [
        {"ticket": _TICKET, "result": result, "bad": bad, "by_mail": by_mail}
        for result, bad, by_mail in (
            ("rated", False, True),
            ("rated", True, True),
            ("changed", False, False),
            ("changed", True, True),
            ("same", False, True),
            ("late", False, True),
        )
    ],
    "satisfaction_low": [
        {"ticket": _TICKET, "comment": "It took a week.", "assignee": "Sam Lee", "department": "Support"},
        {"ticket": _TICKET, "comment": "", "assignee": "", "department": "Support"},
    ],
}
