"""Samples of what the desk says to its staff about their own commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from core.people import StaffMember
from core.sla.deadlines import Due
from core.staff.cards import Card, Said
from core.staff.held import Problem
from core.staff.vocabulary import VERBS
from tests.samples.cast import ALICE, TICKET

_NAMES = ["Sam Lee", "Dana Cole"]
_AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
_PROBLEMS = (
    Problem("slip_unknown", "#clsoe", {"near": "#close"}),
    Problem("slip_unknown", "#frobnicate", {"near": ""}),
    Problem("slip_alone", "#close it", {"near": "#close"}),
    Problem("slip_value", "#dept", {"near": "#dept"}),
    Problem("slip_misplaced", "#close", {"near": ""}),
    Problem("too_long", about={"most": 100_000}),
    Problem("note_or_reply"),
    Problem("one_state", about={"commands": ["#close", "#hold"]}),
    Problem("answers_you_alone"),
    Problem("send_stands_alone", "#send"),
    Problem("nothing_held", "#send"),
    Problem("not_your_token"),
    Problem("not_your_address", about={"sender": "mallory@evil.example"}),
    Problem("not_proved", about={"reasons": ("SPF fails",)}),
    Problem("not_proved", about={"reasons": ()}),
    Problem("not_your_department", about={"department": "Sales"}),
    Problem("no_client", "#client x@y.example", {"address": "x@y.example"}),
    Problem("several_clients", "#client x@y.example", {"address": "x@y.example", "accounts": ["#1", "#2"]}),
    Problem("merge_closes_itself", "#merge 48213078", {"number": "48213078"}),
    Problem("mail_for_all", "#spam domain", {"domain": "gmail.com"}),
    Problem("no_department", "#dept Billing", {"departments": ["Sales", "Billing"]}),
    Problem("no_colleague", "#assign x", {"colleagues": _NAMES}),
    Problem("several_colleagues", "#assign a", {"colleagues": _NAMES}),
    Problem("not_their_department", "#assign sam", {"name": "Sam Lee", "department": "Sales"}),
    Problem("no_priority", "#priority huge"),
    Problem("no_tags", "#tag ???"),
    Problem("no_time", "#time long"),
    Problem("no_moment", "#snooze never", {"written": "never"}),
    Problem("no_ticket", "#merge 1"),
    Problem("same_ticket", "#merge 48213077"),
    Problem("other_client", "#merge 48213078", {"number": "48213078"}),
    Problem("nothing_to_split", "#split"),
    Problem("no_address", "#cc bob"),
    Problem("no_reader", "#cc sam@desk.example"),
    Problem("not_in_copy", "#uncc bob@bakery.example"),
    Problem("quotes_notice"),
    Problem("nobody_reads"),
    Problem("spam_takes_domain", "#spam all"),
    Problem("clients_are_no_spam", "#spam"),
    Problem("not_yours_to_release", "#release"),
    Problem("no_canned", "#macro refund", {"names": ["welcome"]}),
    Problem("no_canned", "#macro refund", {"names": []}),
    Problem("leads_only", "#learn refund"),
    Problem("no_such_field", "#set x=1", {"names": ["registrar"]}),
    Problem("no_such_field", "#set x=1", {"names": []}),
    Problem("no_such_value", "#set registrar=x", {"values": ["Acme", "Other"]}),
    Problem("no_name", "#learn a b c"),
    Problem("nothing_to_learn", "#learn refund"),
    Problem("no_field", "#learn refund", {"names": ["{klient}"], "fields": ["client", "ticket"]}),
)
_DUE = Due("first", _AT, timedelta(hours=2), overdue=False, zone=ZoneInfo("UTC"))
_CARD = Card(
    number="48213077",
    subject="Site broken",
    status="Pending",
    department="Support",
    priority="High",
    assignee="Sam Lee",
    client=ALICE,
    requester="alice@bakery.example (Alice Martin)",
    opened=_AT,
    updated=_AT,
    sleeps_until=_AT,
    due=_DUE,
    tags=("shop", "php"),
    fields=(("registrar", "Acme"),),
    readers=("alice@bakery.example (Alice Martin)", "bob@bakery.example"),
    links=("48213078", "48213079"),
    minutes=75,
    latest=(Said(_AT, "Alice Martin", "public", "It is down."), Said(_AT, "Sam Lee", "note", "PHP again.")),
)
_BARE = Card("7", "Hello", "Open", "Support", "Medium", "", None, "", _AT, _AT, None, None, (), (), (), (), 0, ())

_BRIEF = replace(_BARE, minutes=1, due=replace(_DUE, kind="resolution"))
_LATE = replace(_BARE, due=replace(_DUE, overdue=True))

_SAM = StaffMember("Sam Lee", "sam@desk.example")

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "staff_held": [
        {"ticket": TICKET, "problems": _PROBLEMS, "text": "#clsoe\nHello", "sendable": True},
        {"ticket": TICKET, "problems": _PROBLEMS[:1], "text": "Hello", "sendable": False},
    ],
    "staff_help": [{"verbs": list(VERBS.values())}],
    "staff_footer": [{"note": True}, {"note": False}],
    "staff_card": [
        {"card": _CARD, "open": True, "form": True, "colleagues": [_SAM]},
        {"card": _BARE, "open": True, "form": False, "colleagues": []},
        {"card": _BRIEF, "open": False, "form": True, "colleagues": []},
        {"card": _LATE, "open": True, "form": True, "colleagues": [_SAM]},
    ],
    "staff_thread": [
        {"entry": SimpleNamespace(kind="public", by_desk=False), "by": "Alice Martin", "text": "", "to_client": False},
        {"entry": SimpleNamespace(kind="note", by_desk=False), "by": "Sam Lee", "text": "PHP.", "to_client": True},
        {"entry": SimpleNamespace(kind="public", by_desk=False), "by": "Sam Lee", "text": "Hi.", "to_client": True},
        {"entry": SimpleNamespace(kind="public", by_desk=True), "by": "Desk", "text": "Hi.", "to_client": False},
    ],
    "staff_not_yours": [
        {"known": True, "ticket": SimpleNamespace(number="7", department="Support"), "account": "slack: T1/U1"},
        {"known": False, "ticket": SimpleNamespace(number="7", department="Support"), "account": "slack: T1/U1"},
    ],
    "staff_status": [{"card": _CARD}, {"card": _BARE}, {"card": _BRIEF}, {"card": _LATE}],
}
