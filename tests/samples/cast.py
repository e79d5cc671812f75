"""The cast and their things, for the samples of replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core.background import Background
from core.people import Permission, Principal
from core.ports import Client, Domain, Invoice, InvoiceItem, Registration, Service, Transaction

TODAY = date(2026, 11, 25)
UNTIL = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
SOON, PAST = date(2026, 12, 2), date(2026, 11, 12)
ALICE = Client(
    id="1001",
    first_name="Alice",
    last_name="Martin",
    email="alice@bakery.example",
    company="Alice Bakery",
    address1="12 rue du Four",
    postcode="75006",
    city="Paris",
    country="FR",
    phone="+33 1 99 00 12 34",
    credit=Decimal("20.00"),
)
NAMELESS = Client(id="1003", first_name="", last_name="", email="nina@stone.example")
WHO = Principal("Alice Martin", client_id="1001", email=ALICE.email)
CONTACT = Principal("Bob Roux", "1001", "2", "bob@bakery.example", frozenset({Permission.INVOICES, Permission.TICKETS}))
TICKET = SimpleNamespace(number="46057485", subject="Site broken", priority="Medium")

DOMAIN = Domain(
    id="1",
    client_id="1001",
    name="bakery.example",
    status="Active",
    registered=date(2023, 5, 2),
    expires=date(2027, 5, 2),
    recurring_amount=Decimal("12.00"),
    auto_renew=True,
    id_protection=True,
    nameservers=("ns1.desk.example", "ns2.desk.example"),
)
ENDING = replace(DOMAIN, name="alice-cakes.example", auto_renew=False, id_protection=False, nameservers=())
GONE = replace(DOMAIN, name="croissant.example", status="Expired")
BARE = Domain(id="2", client_id="1001", name="fresh-bread.example", status="Pending")
LOCKED = Registration("bakery.example", locked=True, nameservers=("ns1.desk.example",))
YOUNG = Registration("bakery.example", locked=False, transfer_lock_until=date(2027, 1, 4))

SERVICE = Service(
    id="1",
    client_id="1001",
    product="Business",
    group="Web hosting",
    domain="bakery.example",
    status="Active",
    recurring_amount=Decimal("10.00"),
    billing_cycle="Monthly",
    registered=date(2023, 5, 2),
    next_due_date=SOON,
    server="saturn",
    username="bakery",
    disk_used_mb=9120,
    disk_limit_mb=25000,
)
PLAIN_SERVICE = Service("2", "1001", "Dedicated IP", "", "", "Suspended", Decimal(0), "Free Account")

UNPAID = Invoice(
    id="9004",
    client_id="1001",
    number="INV-9004",
    date=date(2026, 11, 18),
    due_date=SOON,
    status="Unpaid",
    currency="EUR",
    total=Decimal("58.80"),
    balance=Decimal("38.80"),
    tax=Decimal("9.80"),
    items=(InvoiceItem("Business (bakery.example), one month", Decimal("49.00")),),
    transactions=(Transaction(TODAY, "card", Decimal("5.00")), Transaction(TODAY, "", Decimal("5.00"))),
    pay_url="https://portal.desk.example",
)
OVERDUE = replace(UNPAID, number="INV-9002", due_date=PAST, tax=Decimal(0), transactions=(), pay_url="")
PAID = replace(
    UNPAID,
    number="INV-9001",
    status="Paid",
    balance=Decimal(0),
    transactions=(*UNPAID.transactions, Transaction(TODAY, "card", Decimal("-2.00"))),
)
CANCELLED = replace(OVERDUE, number="INV-9000", status="Cancelled", balance=Decimal(0), items=())

NOTIFICATION: dict[str, Any] = {
    "event": "new",
    "ticket": TICKET,
    "entry": SimpleNamespace(text="The shop page is empty."),
    "text": "Hello,\n\nthe shop page is empty.",
    "cut": False,
    "who": WHO,
    "client": ALICE,
    "sender_address": ALICE.email,
    "sender_name": "Alice Martin",
    "trust": "Proved to be Alice Martin",
    "hint": None,
    "files": ["screen.png", "log.txt"],
    "left_out": 0,
    "member": None,
    "note": False,
    "facts": ["One invoice: lines, amount, due date, paid or not. About: INV-9002."],
    "department": "Support",
    "behind": Background(),
    "named": False,
    "due": None,
}
