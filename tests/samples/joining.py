"""Samples of what is said to whoever a ticket belongs to."""

from __future__ import annotations

from typing import Any

from tests.samples.cast import TICKET

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "joined": [{"ticket": TICKET, "by": "bob@bakery.example", "joined": ["victor@hale.example", "nina@stone.example"]}],
}
