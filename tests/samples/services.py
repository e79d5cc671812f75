"""Samples of what is said about services: plans, extras, their end, and the control panel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from core.ports import CYCLES, TOOLS, Cancellation, Product, ServiceAddon, UpgradeOption, When
from tests.samples.cast import (
    ALICE,
    CONTACT,
    OVERDUE,
    PLAIN_SERVICE,
    SERVICE,
    SOON,
    TODAY,
    UNPAID,
)

LINK = "https://desk.example/once/abc"
SILVER = ServiceAddon(
    "1",
    "1",
    "Website Maintenance Silver",
    "Active",
    Decimal("35.00"),
    "Monthly",
    SOON,
    "20",
    Decimal(1),
    Decimal("0.5"),
)
IP = ServiceAddon("2", "1", "Dedicated IP", "Pending", Decimal("3.00"), "Monthly")
FULL = replace(
    SERVICE,
    hostname="saturn.desk.example",
    ip_address="192.0.2.10",
    nameservers=("ns1.desk.example", "ns2.desk.example"),
    bandwidth_used_mb=48200,
    bandwidth_limit_mb=250000,
    payment_method="Card",
    product_id="2",
    addons=(SILVER, IP),
)
SUSPENDED = replace(FULL, status="Suspended", suspension_reason="Invoice INV-9002 is overdue", addons=())
ENDED = replace(SERVICE, status="Cancelled")
FREE = replace(PLAIN_SERVICE, status="Active")
ENDING = Cancellation("1", When.END_OF_PERIOD, datetime(2026, 11, 25, 9, tzinfo=UTC), SOON)

GOLD = Product(
    "21",
    "Website maintenance",
    "Website Maintenance Gold",
    "other",
    "Two hours a month",
    True,
    {"monthly": Decimal(65)},
)
OWN_IP = Product(
    "24",
    "Extras",
    "Dedicated IP",
    "other",
    "",
    True,
    {"monthly": Decimal(3), "annually": Decimal(30)},
    {"monthly": Decimal(5)},
)

PRO = UpgradeOption("3", "Pro", "Monthly", Decimal("19.00"), Decimal("2.10"))
STARTER = UpgradeOption("1", "Starter", "Monthly", Decimal("5.00"), Decimal("-1.17"))
YEARLY = UpgradeOption("2", "Business", "Annually", Decimal("100.00"), Decimal(0))
OPTIONS = [STARTER, PRO, YEARLY]

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "addon_ordered": [
        {"service": FULL, "product": GOLD, "currency": "EUR", "made": made} for made in ([UNPAID], [OVERDUE], [])
    ],
    "addon_question": [
        {
            "service": FULL,
            "product": GOLD,
            "currency": "EUR",
            "price": Decimal(65),
            "setup": None,
            "cycle": "Monthly",
            "has": [],
        },
        {
            "service": FULL,
            "product": OWN_IP,
            "currency": "EUR",
            "price": Decimal(3),
            "setup": Decimal(5),
            "cycle": "Monthly",
            "has": [IP],
        },
    ],
    "addons": [
        {
            "products": [GOLD, OWN_IP],
            "bought": [(FULL, SILVER), (FULL, IP)],
            "service": FULL,
            "cycles": CYCLES,
            "currency": "EUR",
        },
        {"products": [], "bought": [], "service": None, "cycles": CYCLES, "currency": "EUR"},
    ],
    "cancel_already": [{"service": service, "cancellation": ENDING} for service in (FULL, FREE)],
    "cancel_done": [
        {"service": service, "immediate": immediate, "ends": ends}
        for service, immediate, ends in ((FULL, True, TODAY), (FULL, False, SOON), (FREE, False, SOON))
    ],
    "cancel_question": [
        {"service": FULL, "immediate": True, "ends": TODAY, "domain": "bakery.example", "unpaid": ["INV-9004"]},
        {"service": FREE, "immediate": False, "ends": SOON, "domain": "", "unpaid": []},
    ],
    "cycle_invoiced": [{"service": FULL, "invoice": invoice} for invoice in (UNPAID, OVERDUE)],
    "mailbox_link": [{"address": "sales@bakery.example", "url": LINK}],
    "mailbox_no_service": [{"address": "sales@stone.example", "domain": "stone.example"}],
    "mailbox_sent": [{"address": "sales@bakery.example", "sent_to": ALICE.email}],
    "maintenance_hours": [
        {"plans": [(FULL, SILVER)]},
        {"plans": [(FULL, replace(SILVER, next_due_date=None, hours_used=None))]},
        {"plans": []},
    ],
    "no_panel": [{"service": FULL}],
    "not_cancelled": [
        {"service": service, "ended": ended} for service, ended in ((FULL, False), (ENDED, True), (None, False))
    ],
    "panel_details": [
        {"service": service, "url": "https://saturn.desk.example:2083/"}
        for service in (FULL, replace(FREE, hostname="", username=""))
    ],
    "panel_link": [{"service": FULL, "tool": tool, "url": LINK} for tool in ("", *TOOLS)],
    "panel_link_sent": [
        {"service": FULL, "tool": tool, "sent_to": ALICE.email, "public": "https://saturn.desk.example:2083/"}
        for tool in ("", *TOOLS)
    ],
    "panel_notice": [{"service": FULL, "what": what, "who": CONTACT} for what in ("password", "mailbox", "panel")],
    "panel_password_link": [{"service": FULL, "url": LINK}],
    "panel_password_sent": [{"service": FULL, "sent_to": ALICE.email}],
    "plan_not_offered": [
        {
            "service": FULL,
            "plan": plan,
            "cycle": "Monthly",
            "same": same,
            "options": options,
            "currency": "EUR",
        }
        for plan, same, options in (("Business", True, OPTIONS), ("VPS 8", False, []))
    ],
    "service": [
        {"service": service, "past": past, "ending": ending, "currency": "EUR"}
        for service, past, ending in (
            (FULL, False, None),
            (FULL, False, ENDING),
            (SUSPENDED, False, None),
            (ENDED, True, None),
            (FREE, False, None),
            (replace(FREE, status="Pending"), False, None),
        )
    ],
    "service_billing": [
        {
            "service": service,
            "addons": [SILVER, replace(IP, next_due_date=None)],
            "unpaid": unpaid,
            "ending": ending,
            "pays_by": pays_by,
            "currency": "EUR",
            "today": today,
        }
        for service, unpaid, ending, pays_by, today in (
            (FULL, [UNPAID, OVERDUE], None, "Card", TODAY),
            (FULL, [], ENDING, "Card", TODAY),
            (FULL, [], None, "", date(2027, 1, 1)),
            (FREE, [], None, "", TODAY),
        )
    ],
    "service_ended": [{"service": ENDED}],
    "service_not_active": [{"service": service} for service in (SUSPENDED, replace(FREE, status="Pending"))],
    "service_not_suspended": [{"service": service, "past": past} for service, past in ((FULL, False), (ENDED, True))],
    "service_renew_done": [{"service": FULL, "currency": "EUR", "made": made} for made in ([UNPAID], [OVERDUE], [])],
    "service_renew_open": [{"service": FULL, "invoice": invoice} for invoice in (UNPAID, OVERDUE)],
    "service_renew_question": [
        {"service": service, "ending": ends, "currency": "EUR"} for service, ends in ((FULL, ENDING), (FREE, None))
    ],
    "service_suspended": [{"service": SUSPENDED, "invoices": [UNPAID, OVERDUE], "today": TODAY}],
    "service_usage": [
        {"service": service}
        for service in (
            FULL,
            replace(FULL, disk_used_mb=20500),
            replace(FULL, disk_used_mb=24500),
            replace(FREE, status="Suspended"),
        )
    ],
    "services": [
        {"services": services, "past": past, "currency": "EUR"}
        for services, past in (
            ([FULL], []),
            (
                [FULL, SUSPENDED, FREE, replace(FULL, addons=(replace(IP, status="Pending"),))],
                [ENDED, replace(PLAIN_SERVICE, status="Terminated")],
            ),
            ([], []),
        )
    ],
    "upgrade_done": [
        {"service": service, "option": option, "currency": "EUR", "made": made}
        for service, option, made in (
            (FULL, PRO, [UNPAID]),
            (FULL, PRO, [OVERDUE]),
            (FULL, PRO, []),
            (FULL, STARTER, []),
            (FREE, YEARLY, []),
        )
    ],
    "upgrade_open": [{"service": FULL, "invoice": invoice} for invoice in (UNPAID, OVERDUE)],
    "upgrade_options": [
        {"service": service, "options": options, "currency": "EUR"}
        for service, options in ((FULL, OPTIONS), (FREE, [YEARLY]), (FULL, []))
    ],
    "upgrade_question": [
        {"service": service, "option": option, "currency": "EUR", "smaller": smaller, "invoiced": invoiced}
        for service, option, smaller, invoiced in (
            (FULL, PRO, False, UNPAID),
            (FULL, STARTER, True, None),
            (FULL, YEARLY, False, None),
            (FREE, STARTER, True, None),
        )
    ],
    "webmail": [{"service": FULL, "url": "https://saturn.desk.example:2096/"}],
    "withdraw_done": [{"service": service} for service in (FULL, FREE)],
    "withdraw_question": [{"service": FULL}],
}

SECRET = frozenset({"panel_link", "panel_password_link", "mailbox_link"})
