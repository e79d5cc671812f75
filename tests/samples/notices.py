"""Samples of what the clock tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core.ports import Announcement, Cancellation, NetworkIssue, PayMethod, Quote, When
from tests.samples.cast import DOMAIN, OVERDUE, PAID, SERVICE, TODAY, UNPAID

_CARD = PayMethod("2", "1001", "card", "Mastercard ending 5100", "2026-12")
_CANCELLATION = Cancellation("501", When.END_OF_PERIOD, datetime(2026, 11, 1, tzinfo=UTC), date(2026, 12, 2))
_QUOTE = Quote("1", "1001", "Online shop", "Delivered", "EUR", Decimal("640.00"), date(2026, 12, 31))
_ISSUE = NetworkIssue("2", "Slow webmail", "Resolved", "jupiter", datetime(2026, 11, 25, tzinfo=UTC), None, "Fixed.")
_NEWS = Announcement(
    "1",
    TODAY,
    "PHP 8.4 on all plans",
    "Choose it under *Software*:\n\n1. open `Select PHP`\n2. **save**\n\n- see [the guide](https://desk.example/php)\n\n"
    "## Later\n\n```\nphp -v\n```\n\nA [bad](javascript:x) link, <b>raw</b> text  \nand a break.",
)
_ENDS = replace(DOMAIN, auto_renew=False)

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "notice_invoice": [
        {"invoice": UNPAID, "today": TODAY},
        {"invoice": OVERDUE, "today": TODAY},
        {"invoice": replace(UNPAID, pay_url="https://portal.desk.example"), "today": TODAY},
    ],
    "notice_paid": [{"invoice": PAID}],
    "notice_domain": [
        {"domain": DOMAIN, "currency": "EUR", "today": TODAY},
        {"domain": _ENDS, "currency": "EUR", "today": TODAY},
        {"domain": replace(_ENDS, expires=date(2026, 11, 20)), "currency": "EUR", "today": TODAY},
    ],
    "notice_card": [{"method": replace(_CARD, default=main), "ends": date(2026, 12, 31)} for main in (True, False)],
    "notice_suspended": [
        {"service": replace(SERVICE, suspension_reason="Invoice INV-9002 is overdue"), "owed": [OVERDUE]},
        {"service": replace(SERVICE, domain=""), "owed": [OVERDUE, UNPAID]},
        {"service": SERVICE, "owed": []},
    ],
    "notice_active": [
        {"service": replace(SERVICE, nameservers=("ns1.desk.example", "ns2.desk.example"))},
        {"service": replace(SERVICE, domain="")},
    ],
    "notice_usage": [{"service": replace(SERVICE, disk_used_mb=24000, disk_limit_mb=25000), "percent": 96}],
    "notice_ended": [
        {"service": SERVICE, "cancellation": _CANCELLATION, "stays": True, "owed": [OVERDUE, UNPAID]},
        {"service": replace(SERVICE, domain=""), "cancellation": _CANCELLATION, "stays": False, "owed": []},
    ],
    "notice_ending": [{"service": SERVICE, "cancellation": _CANCELLATION}],
    "notice_quote": [{"quote": _QUOTE}],
    "notice_news": [{"announcement": _NEWS}],
    "notice_solved": [{"issue": _ISSUE}, {"issue": replace(_ISSUE, body="")}],
    "notice_digest": [
        {"tickets": [], "unpaid": [], "domains": [], "today": TODAY},
        {
            "tickets": [SimpleNamespace(number="46057485", subject="Site broken")],
            "unpaid": [UNPAID],
            "domains": [DOMAIN, _ENDS],
            "today": TODAY,
        },
    ],
}
