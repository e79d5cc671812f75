"""Samples of what the desk itself says, and of the first answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core.background import Background, Earlier
from core.messages import RefusedFile
from core.people import Permission, Principal
from tests.samples.cast import (
    ALICE,
    BARE,
    CANCELLED,
    CONTACT,
    DOMAIN,
    ENDING,
    GONE,
    LOCKED,
    NAMELESS,
    NOTIFICATION,
    OVERDUE,
    PAID,
    TICKET,
    TODAY,
    UNPAID,
    UNTIL,
    WHO,
    YOUNG,
)
from tests.samples.clocks import DUE

BACKGROUND = Background(
    services=("Starter bakery.example", "Domain parking"),
    earlier=(Earlier("48213078", "Mail is slow", "Closed"), Earlier("48213079", "A new domain", "Answered")),
    canned=("cache", "refund"),
)

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "account_held": [{}],
    "acknowledgement": [
        {"ticket": TICKET, "name": "Alice Martin", "department": "Support"},
        {"ticket": TICKET, "name": "", "department": "Billing"},
    ],
    "acknowledgement_stranger": [{"ticket": TICKET, "name": "", "department": "Sales"}],
    "any_questions": [{}],
    "auto_renew_done": [
        {"domain": domain, "on": on, "before": not on}
        for domain, on in ((DOMAIN, True), (ENDING, False), (BARE, False))
    ],
    "auto_renew_question": [
        {"domain": domain, "on": on} for domain, on in ((ENDING, True), (DOMAIN, False), (BARE, False))
    ],
    "change_notice": [
        {"who": replace(WHO, in_chat=True), "what": "One domain: dates, price.", "about": [], "undo": False},
    ]
    + [
        {"who": WHO, "what": "One domain: dates, price.", "about": about, "undo": undo}
        for undo, about in (
            (True, [("domain", "bakery.example"), ("when", "end_of_period")]),
            (True, [("domain", "bakery.example"), ("when", "immediate")]),
            (True, [("domain", "bakery.example"), ("years", "1")]),
            (False, [("domain", "bakery.example"), ("years", "2"), ("cycle", "Annually")]),
            (False, [("text", "bob@bakery.example"), ("written", "His phone number is +33 1 99 00 12 35")]),
        )
    ],
    "confirm_by_code": [{"code": "493 027", "until": UNTIL}],
    "confirm_by_word": [{"until": UNTIL}],
    "done_before": [{}],
    "ask_back": [{"ticket": TICKET}],
    "domain": [
        {"domain": domain, "registration": registration, "currency": "EUR", "today": TODAY}
        for domain, registration in ((DOMAIN, LOCKED), (ENDING, YOUNG), (GONE, LOCKED), (BARE, YOUNG))
    ],
    "domain_not_held": [{"domain": replace(DOMAIN, status="Transferred Away")}],
    "domains": [
        {"domains": [DOMAIN], "currency": "EUR", "today": TODAY},
        {"domains": [DOMAIN, ENDING, GONE, BARE], "currency": "EUR", "today": TODAY},
        {"domains": [], "currency": "EUR", "today": TODAY},
    ],
    "epp_code": [{"domain": DOMAIN, "code": "Qm4!shop", "who": WHO}],
    "epp_locked": [{"domain": DOMAIN}],
    "epp_no_contact": [{"domain": DOMAIN}],
    "epp_notice": [{"domain": DOMAIN, "sent_to": ALICE.email, "who": WHO}],
    "epp_sent": [{"domain": DOMAIN, "sent_to": ALICE.email}],
    "epp_too_young": [{"domain": DOMAIN, "until": date(2027, 1, 4)}],
    "help": [
        {"abilities": [("What you can ask this desk.", "epp code for {domain}")], "who": WHO},
        {"abilities": [], "who": Principal("nina@stone.example")},
    ],
    "invoice": [{"invoice": invoice, "today": TODAY} for invoice in (UNPAID, OVERDUE, PAID, CANCELLED)],
    "invoices": [
        {"unpaid": unpaid, "paid": paid, "owed": Decimal("58.80"), "currency": "EUR", "today": TODAY}
        for unpaid, paid in (([UNPAID], []), ([UNPAID, OVERDUE], [PAID]), ([], [PAID]), ([], []))
    ],
    "lock_done": [{"domain": DOMAIN, "before": before} for before in (True, False)],
    "lock_question": [{"domain": DOMAIN}],
    "not_undone": [{}],
    "not_valid": [{}],
    "no_permission": [{"help": "What you can ask this desk.", "permission": Permission.DOMAINS}],
    "nothing_of_the_kind": [
        {"slot": "domain", "unknown": "shop.example"},
        {"slot": "domain", "unknown": ""},
        {"slot": "ticket", "unknown": ""},
    ],
    "person_does_it": [{"department": "Support", "ticket": TICKET}],
    "rejected": [{"reason": "the registry is closed for maintenance"}],
    "secret_sent_lately": [{}],
    "stopped": [{}],
    "too_many_codes": [{}],
    "undone": [{}],
    "unlock_done": [{"domain": DOMAIN, "before": before} for before in (True, False)],
    "unlock_question": [{"domain": DOMAIN}],
    "files_refused": [
        {"files": [RefusedFile("a.exe", "dangerous"), RefusedFile("b.iso", "too_large"), RefusedFile("c", "too_many")]}
    ],
    "staff_original": [{"text": "As it was\n> quoted"}, {"text": ""}],
    "staff_notification": [
        NOTIFICATION,
        {**NOTIFICATION, "event": "reply", "who": CONTACT, "text": "", "files": [], "facts": [], "sender_name": ""},
        {**NOTIFICATION, "event": "alarm"},
        *({**NOTIFICATION, "due": due} for due in DUE),
        {**NOTIFICATION, "event": "assigned", "behind": BACKGROUND},
        {**NOTIFICATION, "event": "note", "note": True, "named": True},
        {**NOTIFICATION, "event": "work"},
        {**NOTIFICATION, "event": "referred", "who": replace(CONTACT, permissions=frozenset()), "left_out": 1},
        {**NOTIFICATION, "event": "failed", "client": None, "who": Principal("Nina Stone"), "trust": "", "left_out": 3},
        {**NOTIFICATION, "event": "note", "note": True, "cut": True, "client": replace(ALICE, status="Inactive")},
        {
            **NOTIFICATION,
            "ticket": SimpleNamespace(number="7", subject="Site broken", priority="Urgent"),
        },
        {
            **NOTIFICATION,
            "ticket": SimpleNamespace(number="7", subject="Site broken", priority="High"),
            "hint": TICKET,
            "client": replace(NAMELESS, status="Closed"),
        },
    ],
    "staff_quarantine": [{"ticket": TICKET, "text": "A message could not be processed.\n\nNothing is lost."}],
    "staff_reply": [{"ticket": TICKET, "text": "Hello Alice,\n\nit works.", "signature": "Sam Lee\nExample Hosting"}],
    "which_one": [
        {"slot": "domain", "options": ("bakery.example", "fresh-bread.example"), "unknown": unknown, "about": about}
        for unknown, about in (("shop.example", ""), ("", "The DNS records of a domain."))
    ],
}

SAMPLES |= {
    "rest_for_person": [
        {"rest": rest, "department": "Billing"} for rest in (["One invoice: lines, amount, due date, paid or not."], [])
    ],
    "which_value": [
        {"kind": kind}
        for kind in (
            "domain",
            "nameserver",
            "email",
            "amount",
            "years",
            "cycle",
            "priority",
            "language",
            "when",
            "tool",
            "text",
        )
    ],
}
