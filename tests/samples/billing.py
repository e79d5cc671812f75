"""Samples of invoices, payments, quotes, orders and the price list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.periods import Period
from core.ports import (
    CYCLES,
    Company,
    CreditEntry,
    Invoice,
    Order,
    OrderItem,
    Product,
    Promotion,
    Quote,
    QuoteItem,
    Statement,
    StatementLine,
    Tld,
    Transaction,
)
from tests.samples.cast import ALICE, NAMELESS, OVERDUE, PAID, SERVICE, TODAY, UNPAID

COMPANY = Company(
    "Example Hosting",
    "EUR",
    "https://portal.desk.example",
    address="Example Hosting B.V.\nKanaalweg 18\n1012 AB Amsterdam\nNetherlands",
    tax_id="NL000000000B01",
    payment_instructions="Example Hosting B.V., IBAN NL00 DEMO 0123 4567 89\nPlease quote the number of the invoice.",
)
BARE_COMPANY = Company("Example Hosting", "EUR")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
EUR = {"currency": "EUR"}
CREDITED = replace(PAID, transactions=(), credit=Decimal("58.80"))
NOT_PAID = replace(UNPAID, transactions=(), balance=Decimal("58.80"))
NOTHING = replace(NOT_PAID, status="Cancelled", balance=Decimal(0))
IN_PART = replace(UNPAID, credit=Decimal("10.00"))
PAID_IN_FULL = replace(PAID, transactions=(Transaction(TODAY, "banktransfer", Decimal("58.80"), "ref-1"),))
NO_PAGE = replace(UNPAID, pay_url="")

QUOTE = Quote(
    id="1",
    client_id="1001",
    subject="Online shop for Alice Bakery",
    stage="Delivered",
    currency="EUR",
    total=Decimal("640.00"),
    valid_until=date(2026, 12, 31),
    notes="Set-up within two weeks of your order.\nTraining at your place.",
    items=(QuoteItem("Set-up of the shop", Decimal("480.00")), QuoteItem("Training", Decimal("160.00"))),
)
ENDLESS = replace(QUOTE, valid_until=None, notes="", stage="On Hold")
EXPIRED = replace(QUOTE, valid_until=date(2026, 10, 31))
CLOSED = [replace(QUOTE, stage=stage) for stage in ("Accepted", "Lost", "Dead")]

PLAN = Product("2", "Web hosting", "Business", "hosting", "Five websites, 25 GB", False, {"annually": Decimal(100)})
VPS = Product(
    "5", "Virtual servers", "VPS 2", "server", "", False, {"monthly": Decimal(15)}, {"monthly": Decimal("5.00")}
)
EXTRA = Product("23", "Extras", "WordPress Addon", "other", "We install WordPress", True, {"onetime": Decimal(25)})
TLDS = [Tld("com", Decimal(12), Decimal(12), Decimal(12)), Tld("eu", Decimal(8), Decimal(9), None)]

ORDER = Order(
    id="303",
    client_id="1001",
    number="20261125303",
    date=TODAY,
    status="Pending",
    amount=Decimal("100.00"),
    invoice_id="9004",
    items=(OrderItem("Business", "rolls.example", "Annually", Decimal(100)), OrderItem("Dedicated IP")),
)
STATEMENT = Statement(
    YEAR.start,
    TODAY,
    Decimal("10.00"),
    tuple(
        StatementLine(TODAY, kind, "INV-9004", amount, Decimal("68.80"), "card")
        for kind, amount in (
            ("invoice", Decimal("58.80")),
            ("payment", Decimal("-48.80")),
            ("refund", Decimal("10.00")),
            ("credit", Decimal("-10.00")),
            ("adjustment", Decimal("-10.00")),
        )
    ),
)
TRANSACTIONS = [
    Transaction(TODAY, "card", Decimal("58.80"), "ch-1", "INV-9001"),
    Transaction(TODAY, "", Decimal("-5.00")),
]


def _pay(
    *invoices: Invoice, url: str = "https://portal.desk.example", card: bool = False, **more: Any
) -> dict[str, Any]:
    owed = sum((one.balance for one in invoices), Decimal(0))
    return {
        "invoices": list(invoices),
        "owed": owed,
        "url": url,
        "company": COMPANY,
        "client": ALICE,
        "card": card,
        "today": TODAY,
        **more,
    }


def _credit(left: str, owed: str, invoice: Invoice = UNPAID) -> dict[str, Any]:
    return {"invoice": invoice, "used": Decimal("20.00"), "left": Decimal(left), "owed": Decimal(owed), **EUR}


def _order(product: Product, cycle: str, domain: str, fee: str = "0") -> dict[str, Any]:
    return {"product": product, "cycle": cycle, "domain": domain, "price": Decimal(100), "fee": Decimal(fee), **EUR}


SAMPLES: dict[str, list[dict[str, Any]]] = {
    "credit": [
        {"client": ALICE, "entries": [CreditEntry(TODAY, "Used for INV-8990", Decimal("-30.00"))], "unpaid": [UNPAID]},
        {"client": NAMELESS, "entries": [], "unpaid": []},
    ],
    "credit_done": [_credit("0.00", "18.80"), _credit("5.00", "0.00"), _credit("0.00", "18.80", NO_PAGE)],
    "credit_none": [{"invoice": UNPAID}],
    "credit_not_needed": [{"invoice": PAID}],
    "credit_question": [_credit("0.00", "18.80")],
    "funds_done": [{"made": made, "amount": Decimal(50), **EUR} for made in ([UNPAID], [NO_PAGE], [])],
    "funds_limits": [{"least": Decimal(10), "most": most, **EUR} for most in (Decimal(500), None)],
    "funds_question": [{"amount": Decimal(50), **EUR}],
    "invoice_payments": [
        {"invoice": one, "today": TODAY} for one in (IN_PART, PAID, PAID_IN_FULL, CREDITED, NOT_PAID, NOTHING)
    ],
    "invoice_pdf": [{"invoice": UNPAID}, {"invoice": PAID}],
    "invoices_none": [{"period": YEAR}, {"period": None}],
    "invoices_pdf": [{"invoices": [PAID]}, {"invoices": [PAID, UNPAID]}],
    "invoices_period": [
        {"invoices": found, "period": YEAR, "owed": owed, "today": TODAY, **EUR}
        for found, owed in (([OVERDUE, PAID], Decimal("38.80")), ([PAID], Decimal(0)), ([], Decimal(0)))
    ],
    "invoices_too_many": [{"count": 312, "most": 200}],
    "order": [
        {"order": order, "invoice": invoice, "today": TODAY, **EUR}
        for order, invoice in (
            (ORDER, UNPAID),
            (ORDER, OVERDUE),
            (replace(ORDER, items=()), None),
            (replace(ORDER, status="Active"), PAID),
            (replace(ORDER, status="Cancelled"), None),
            (replace(ORDER, status="Fraud"), None),
        )
    ],
    "order_cancel_done": [{"order": ORDER}],
    "order_cancel_question": [{"order": ORDER, **EUR}, {"order": replace(ORDER, invoice_id=""), **EUR}],
    "order_cycle": [{"product": PLAN, "cycles": ["Annually", "Monthly"]}],
    "order_domain_taken": [{"service": SERVICE}, {"service": replace(SERVICE, status="Pending")}],
    "cancel_ordered": [{"service": replace(SERVICE, status="Pending"), "order": ORDER}],
    "order_done": [
        {**_order(PLAN, "Annually", "rolls.example"), "orders": orders, "invoices": invoices}
        for orders, invoices in (([ORDER], [UNPAID]), ([], []), ([ORDER], [NO_PAGE]))
    ],
    "order_is_addon": [{"product": EXTRA, "service": name} for name in ("", "bakery.example")],
    "order_not_pending": [{"order": replace(ORDER, status=status)} for status in ("Active", "Cancelled")],
    "order_question": [
        _order(PLAN, "Annually", "rolls.example"),
        _order(VPS, "Monthly", "", "5.00"),
        _order(VPS, "One Time", ""),
    ],
    "orders": [{"orders": orders, **EUR} for orders in ([ORDER], [ORDER, replace(ORDER, status="Active")], [])],
    "orders_none_pending": [{}],
    "pay": [
        _pay(UNPAID, card=True),
        _pay(OVERDUE, client=NAMELESS, company=BARE_COMPANY, url=""),
        _pay(OVERDUE, UNPAID),
    ],
    "pay_nothing": [{}],
    "product": [{"product": product, "cycles": CYCLES, **EUR} for product in (PLAN, VPS, EXTRA)],
    "products": [{"groups": {"Web hosting": [PLAN], "Servers": [VPS]}, "cycles": CYCLES, **EUR}],
    "promotion": [
        {"promotion": Promotion("SAVE10", "10 % off the first year.", TODAY), "code": "SAVE10"},
        {"promotion": Promotion("SAVE10", "10 % off the first year."), "code": "SAVE10"},
        {"promotion": None, "code": "SAVE10"},
        {"promotion": None, "code": ""},
    ],
    "quote": [{"quote": quote, "today": TODAY} for quote in (QUOTE, ENDLESS, EXPIRED, *CLOSED)],
    "quote_accept_done": [{"quote": QUOTE, "made": made} for made in ([UNPAID], [])],
    "quote_accept_question": [{"quote": QUOTE}, {"quote": ENDLESS}],
    "quote_decline_done": [{"quote": QUOTE}],
    "quote_decline_question": [{"quote": QUOTE}],
    "quote_not_open": [{"quote": quote, "today": TODAY} for quote in (EXPIRED, *CLOSED)],
    "quote_pdf": [{"quote": QUOTE}],
    "quotes": [{"quotes": quotes, "today": TODAY} for quotes in ([QUOTE], [QUOTE, ENDLESS, EXPIRED, *CLOSED], [])],
    "quotes_none_open": [{}],
    "statement": [
        {"statement": STATEMENT, "lines": lines, **EUR}
        for lines in (STATEMENT.lines, STATEMENT.lines[1:], STATEMENT.lines[2:])
    ]
    + [{"statement": Statement(YEAR.start, TODAY, Decimal(0), ()), "lines": (), **EUR}],
    "tlds": [{"tlds": TLDS, **EUR}],
    "transactions": [
        {"entries": entries, "period": period, "total": Decimal("53.80"), "more": 2, **EUR}
        for entries in (TRANSACTIONS[:1], TRANSACTIONS, [])
        for period in (YEAR, None)
    ],
}
SECRET: frozenset[str] = frozenset()
