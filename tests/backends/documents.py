"""Small import documents to start a test from."""

from __future__ import annotations

import json
from typing import Any

COMPANY = {"name": "Example Hosting", "currency": "EUR", "portal_url": "https://portal.desk.example"}
ALICE: dict[str, Any] = {"id": 1001, "first_name": "Alice", "last_name": "Martin", "email": "alice@bakery.example"}
VICTOR: dict[str, Any] = {"id": 1002, "first_name": "Victor", "last_name": "Hale", "email": "victor@hale.example"}
STARTER = {"id": 1, "group": "Web hosting", "name": "Starter", "prices": {"monthly": "5.00"}}
SATURN = {"id": 1, "name": "saturn"}


def document(**parts: Any) -> str:
    return json.dumps(parts)


def service(key: int | str, **more: Any) -> dict[str, Any]:
    return {"id": key, "product_id": 1, "status": "Active", "billing_cycle": "Monthly", **more}


def domain(key: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "name": name, "status": "Active", **more}


def invoice(key: int, *amounts: str, **more: Any) -> dict[str, Any]:
    items = [{"description": "Starter", "amount": amount} for amount in amounts]
    return {"id": key, "date": "2026-11-01", "due_date": "2026-11-15", "status": "Unpaid", "items": items, **more}
