"""Samples of what is said about one's own tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.desk import Department
from core.owntickets import OwnTicket, Said

NOW = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
OPEN = OwnTicket(
    number="46057485",
    subject="Site broken",
    department="Support",
    status="Open",
    priority="Medium",
    opened=NOW - timedelta(days=1),
    updated=NOW,
    closed=None,
    opened_by="Alice Martin",
    mine=True,
    may_decide=True,
)
BOBS = replace(OPEN, number="46057486", status="Answered", priority="High", opened_by="Bob Roux", mine=False)
WAITING = replace(OPEN, number="46057487", status="On Hold", priority="Low")
CLOSED = replace(OPEN, number="46057488", status="Closed", closed=NOW)
BOBS_CLOSED = replace(CLOSED, opened_by="Bob Roux", mine=False)
COPIED = replace(OPEN, may_decide=False, mine=False)
HIDDEN = replace(OPEN, subject="")

DEPARTMENTS = [Department(name, f"{name.lower()}@desk.example") for name in ("Sales", "Billing", "Support", "Security")]
SAID = Said("Sam Lee", True, NOW, "It works again.\n\nPlease look.")
ASKED = Said("Alice Martin", False, NOW, "My site shows an error.")
BOB = "bob@bakery.example"

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "departments": [{"departments": [*DEPARTMENTS, Department("Design", "design@desk.example")]}],
    "tickets": [
        {"open": [OPEN, BOBS, WAITING], "closed": [CLOSED, BOBS_CLOSED], "left_out": 2, "colleagues": True},
        {"open": [OPEN], "closed": [CLOSED], "left_out": 1, "colleagues": False},
        {"open": [], "closed": [CLOSED], "left_out": 0, "colleagues": True},
        {"open": [], "closed": [], "left_out": 0, "colleagues": False},
    ],
    "ticket": [
        {"ticket": OPEN, "words": [(SAID, SAID.text, False), (ASKED, ASKED.text, True)], "people": [BOB], "too_old": 0},
        {"ticket": CLOSED, "words": [(SAID, SAID.text, False)], "people": ["alice@bakery.example", BOB], "too_old": 0},
        {"ticket": replace(CLOSED, priority="Low"), "words": [], "people": [], "too_old": True},
        {"ticket": BOBS, "words": [], "people": [], "too_old": False},
        {"ticket": COPIED, "words": [], "people": [], "too_old": False},
    ],
    "ticket_state": [
        {"ticket": replace(HIDDEN, status=status)} for status in ("Open", "Answered", "On Hold", "Closed")
    ],
    "ticket_replied": [{"ticket": ticket, "said": "It is the shop page."} for ticket in (OPEN, CLOSED)],
    "ticket_closed": [{"ticket": OPEN, "before": before} for before in (True, False)],
    "ticket_reopened": [{"ticket": OPEN, "before": before} for before in (True, False)],
    "ticket_priority_question": [
        {"ticket": ticket, "priority": priority} for ticket, priority in ((OPEN, "High"), (BOBS, "Low"), (OPEN, "Low"))
    ],
    "ticket_priority_done": [
        {"ticket": OPEN, "priority": priority, "before": before}
        for priority, before in (("High", False), ("Medium", True), ("Low", False))
    ],
    "ticket_copied": [{"ticket": OPEN, "email": BOB, "before": before} for before in (True, False)],
    "ticket_not_copied": [{"ticket": OPEN, "email": "sam@desk.example"}],
    "ticket_uncopied": [
        {"ticket": OPEN, "email": BOB, "removed": True, "people": ["alice@bakery.example"]},
        {"ticket": OPEN, "email": BOB, "removed": False, "people": []},
    ],
    "ticket_only_copied": [{"ticket": COPIED}],
    "ticket_is_closed": [{"ticket": CLOSED, "too_old": too_old} for too_old in (True, False)],
    "ticket_too_old": [{"ticket": CLOSED, "days": days} for days in (1, 30)],
}
