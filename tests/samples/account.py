"""Samples of the account: details, contacts, ways to pay, signing in, correspondence, affiliate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core.people import Permission, Principal
from core.ports import PREFERENCES, AccountHolder, Affiliate, Contact, PayMethod, SentEmail
from tests.samples.cast import ALICE, CONTACT, DOMAIN, ENDING, NAMELESS, OVERDUE, TODAY, UNPAID, UNTIL, WHO

NOBODY = Principal("Nina Stone")
PORTAL = "https://portal.desk.example"
LINK = "https://desk.example/once/abc"
FULL = replace(ALICE, tax_id="FR00000000000", payment_method="Card", time_zone="Europe/Paris", since=date(2023, 5, 2))
BOB = Contact(
    id="1",
    client_id="1001",
    first_name="Bob",
    last_name="Roux",
    email="bob@bakery.example",
    permissions=frozenset({Permission.INVOICES, Permission.TICKETS}),
    email_preferences=frozenset({"invoice"}),
    may_log_in=True,
)
MAILS_ONLY = replace(BOB, id="2", permissions=frozenset(), email_preferences=frozenset(), may_log_in=False)
ALL_RIGHTS = [str(right) for right in Permission]
VISA = PayMethod("1", "1001", "card", "Visa ending 4242", "2028-04", default=True)
OTHER_CARD = PayMethod("2", "1001", "card", "Mastercard ending 5100", "2026-12")
BANK = PayMethod("3", "1001", "account", "Account ending 89", "", default=True)
SENT = SentEmail("1", "1001", datetime(2026, 11, 18, 6, tzinfo=UTC), "Invoice INV-9004", "Invoice Created")
REFERRALS = Affiliate("1", "1001", 48, 2, Decimal("15.00"), Decimal("30.00"), f"{PORTAL}/aff/1")
NO_REFERRALS = Affiliate("2", "1001", 0, 0, Decimal(0), Decimal(0))
ROWS = [
    ("company", "Alice Bakery", "Martin & Roux"),
    ("address1", "12 rue du Four", "5 rue du Lac"),
    ("address2", "", "Hof 2"),
    ("first_name", "Alice", "Alicia"),
    ("last_name", "Martin", "Roux"),
    ("city", "Paris", "Lyon"),
    ("state", "", "Rhône"),
    ("postcode", "75006", "69001"),
    ("country", "FR", "CH"),
    ("phone", "+33 1 99 00 12 34", ""),
    ("tax_id", "", "FR00000000001"),
]
TICKET_OPEN = SimpleNamespace(number="46057485", subject="Site broken", status="Open")
COUNTS = {"services": 3, "domains": 4, "invoices": 2}
FEW = ["invoices", "tickets"]
MOVE = {"before": ALICE.email, "after": "alice@bread.example"}
CHANGES = [{"on": True}, {"on": False}]

SECRET = frozenset({"sign_in_link", "password_link"})

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "account": [{"client": FULL, "billing": BOB}, {"client": NAMELESS, "billing": None}],
    "overview": [
        {
            "client": ALICE,
            "today": TODAY,
            "unpaid": [OVERDUE, UNPAID],
            "owed": Decimal("97.60"),
            "expiring": [DOMAIN, ENDING],
            "counts": COUNTS,
            "tickets": [TICKET_OPEN, TICKET_OPEN],
            "affiliate": REFERRALS,
            "shows_credit": True,
        },
        {
            "client": NAMELESS,
            "today": TODAY,
            "unpaid": [UNPAID],
            "owed": Decimal("38.80"),
            "expiring": [ENDING],
            "counts": {**COUNTS, "invoices": 1},
            "tickets": [TICKET_OPEN],
            "affiliate": None,
            "shows_credit": True,
        },
        {
            "client": NAMELESS,
            "today": TODAY,
            "unpaid": [],
            "owed": Decimal(0),
            "expiring": [],
            "counts": {**COUNTS, "services": None, "invoices": 0},
            "tickets": [],
            "affiliate": None,
            "shows_credit": False,
        },
        {
            "client": ALICE,
            "today": TODAY,
            "unpaid": [],
            "owed": Decimal(0),
            "expiring": [],
            "counts": dict.fromkeys(COUNTS),
            "tickets": [],
            "affiliate": None,
            "shows_credit": False,
        },
    ],
    "account_which": [
        {"who": WHO, "client": ALICE, "others": []},
        {"who": CONTACT, "client": ALICE, "others": [AccountHolder(NAMELESS), AccountHolder(FULL, BOB)]},
    ],
    "export_sent": [{"sent_to": ALICE.email}],
    "export_letter": [{"tickets": 1}, {"tickets": 4}],
    "export_nothing": [{}],
    "portal": [{"url": PORTAL, "who": WHO}, {"url": PORTAL, "who": CONTACT}, {"url": PORTAL, "who": NOBODY}],
    "portal_none": [{}],
    "portal_only": [
        {"url": PORTAL, "what": what} for what in ("security_question", "two_factor", "api_key", "linked_accounts")
    ],
    "sign_in_sent": [{"sent_to": ALICE.email}],
    "sign_in_link": [{"url": LINK}],
    "sign_in_off": [{"url": PORTAL}],
    "sign_in_owner_only": [{"url": PORTAL}],
    "owner_only": [{}],
    "password_sent": [{"sent_to": ALICE.email}],
    "password_link": [{"url": LINK, "shortest": 12}, {"url": LINK, "shortest": 1}],
    "password_notice": [{"who": CONTACT}],
    "password_advice": [{"shortest": 12, "who": WHO}, {"shortest": 1, "who": NOBODY}],
    "login_not_active": [{}],
    "sso_question": CHANGES,
    "sso_done": [{**change, "before": before} for change in CHANGES for before in (True, False)],
    "affiliate": [
        {"affiliate": REFERRALS, "currency": "EUR"},
        {"affiliate": NO_REFERRALS, "currency": "EUR"},
        {"affiliate": None, "currency": "EUR"},
    ],
    "affiliate_question": [{}],
    "affiliate_joined": [{}],
    "emails": [{"emails": [SENT], "more": 1}, {"emails": [SENT], "more": 3}, {"emails": [], "more": 0}],
    "email_resent": [{"email": SENT, "sent_to": ALICE.email}],
    "paymethods": [
        {"methods": [VISA, OTHER_CARD], "gateway": "Card", "url": PORTAL, "today": TODAY},
        {"methods": [BANK], "gateway": "", "url": "", "today": TODAY},
        {"methods": [], "gateway": "", "url": PORTAL, "today": TODAY},
    ],
    "paymethod_page": [{"url": PORTAL}, {"url": ""}],
    "paymethod_default_question": [{"method": OTHER_CARD, "present": VISA}, {"method": OTHER_CARD, "present": None}],
    "paymethod_default_done": [{"method": VISA, "before": True}, {"method": VISA, "before": False}],
    "paymethod_remove_question": [{"method": VISA}, {"method": OTHER_CARD}],
    "paymethod_removed": [{"method": OTHER_CARD}],
    "paymethod_is_default": [{"method": VISA}],
    "gateway_which": [
        {"offered": ("Card", "Bank transfer", "PayPal"), "present": "Card"},
        {"offered": ("Card", "Bank transfer"), "present": ""},
    ],
    "gateway_question": [{"gateway": "PayPal", "present": "Card"}, {"gateway": "PayPal", "present": ""}],
    "gateway_done": [{"gateway": "PayPal", "before": True}, {"gateway": "PayPal", "before": False}],
    "details_question": [{"rows": ROWS, "email": MOVE["after"]}, {"rows": ROWS[:1], "email": ""}],
    "details_done": [{"rows": ROWS}],
    "details_notice": [{"rows": ROWS, "who": CONTACT}],
    "details_unclear": [{"labels": ("phone", "address")}, {"labels": ()}],
    "details_same": [{}],
    "details_email": [{"email": MOVE["after"]}],
    "email_question": [{**MOVE, "name": "Alice Martin"}],
    "email_done": [MOVE],
    "email_same": [{"email": ALICE.email}],
    "new_address_asked": [{"email": MOVE["after"], "until": UNTIL}],
    "new_address_question": [{"email": MOVE["after"], "before": ALICE.email, "until": UNTIL}],
    "new_address_unusable": [{"email": "support@desk.example"}],
    "address_changed_notice": [{**MOVE, "name": "Alice Martin"}],
    "address_changed_lately": [{}],
    "language_done": [{"language": language} for language in ("en", "de", "fr", "es", "it", "nl", "pl", "pt")],
    "time_zone_done": [{"zone": "Europe/Paris"}],
    "time_zone_which": [{"present": "Europe/Paris"}, {"present": ""}],
    "preferences": [{"people": [("Alice Martin", ALICE.email, list(PREFERENCES)), ("Bob Roux", BOB.email, [])]}],
    "preferences_which": [{"kinds": list(PREFERENCES)}],
    "preferences_question": [{"who": "Bob Roux", "before": ["invoice"], "after": []}],
    "preferences_done": [
        {"who": "Bob Roux", "kinds": ["invoice"], "before": True},
        {"who": "Bob Roux", "kinds": ["invoice"], "before": False},
    ],
    "preferences_last": [{"who": "Alice Martin"}],
    "marketing_done": CHANGES,
    "contacts": [{"contacts": [BOB, MAILS_ONLY], "billing": "1"}, {"contacts": [], "billing": ""}],
    "contact_known": [{"email": BOB.email}],
    "contact_add_question": [{"contact": BOB, "rights": FEW}, {"contact": MAILS_ONLY, "rights": []}],
    "contact_added": [{"contact": BOB, "rights": ALL_RIGHTS}],
    "contact_welcome": [{"owner": ALICE, "contact": BOB}],
    "rights_which": [{"contact": BOB, "rights": FEW}],
    "rights_question": [
        {"contact": BOB, "before": FEW, "after": ALL_RIGHTS},
        {"contact": BOB, "before": FEW, "after": []},
    ],
    "rights_done": [
        {"contact": BOB, "rights": FEW, "before": True},
        {"contact": BOB, "rights": FEW, "before": False},
    ],
    "contact_remove_question": [{"contact": BOB, "rights": FEW}],
    "contact_removed": [{"contact": BOB}],
    "contact_login_question": [{**change, "contact": BOB, "rights": FEW} for change in CHANGES],
    "contact_login_done": [
        {**change, "before": before, "contact": BOB} for change in CHANGES for before in (True, False)
    ],
    "billing_contact_which": [{"contacts": [BOB]}, {"contacts": []}],
    "billing_contact_question": [{"name": "Bob Roux", "email": BOB.email}],
    "billing_contact_done": [{"name": "Bob Roux", "before": True}, {"name": "Bob Roux", "before": False}],
}
