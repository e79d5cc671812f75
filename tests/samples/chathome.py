"""Samples of a chat's own page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.samples.cast import ALICE, NAMELESS

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "chat_home": [
        {"client": ALICE, "services": 3, "domains": 4, "invoices": 2, "owed": Decimal("48.00"), "tickets": 1},
        {"client": NAMELESS, "services": 0, "domains": 0, "invoices": 0, "owed": Decimal(0), "tickets": 0},
        {"client": ALICE, "services": None, "domains": None, "invoices": None, "owed": Decimal(0), "tickets": 0},
    ],
}
