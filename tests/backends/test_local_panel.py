"""What `core.ports.Panel` promises, and what the embedded one stores."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.app import local_systems
from bot.demodata import WRITTEN_FOR, demo_document
from bot.importing import load
from core.backends.local import tables
from core.database import Sessions
from core.errors import Rejected
from core.ports import TOOLS, Service, Systems

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PASSWORD = "a password of some length"


@pytest.fixture
def systems(database_sessions: Sessions) -> Systems:
    load(database_sessions, demo_document(WRITTEN_FOR))
    return local_systems(database_sessions, lambda: NOW)


def service(systems: Systems, name: str) -> Service:
    return next(one for one in systems.billing.services("1001") if one.domain == name)


def is_hash_of(stored: str, password: str) -> bool:
    kind, salt, hashed = stored.split("$")
    again = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
    return kind == "scrypt" and hashed == again


def test_a_hosting_has_a_panel_and_webmail_and_a_virtual_server_has_neither(systems: Systems) -> None:
    bakery, orders = service(systems, "bakery.example"), service(systems, "orders.bakery.example")
    assert systems.panel.panel_url(bakery) == "https://saturn.desk.example:2083/"
    assert systems.panel.webmail_url(bakery) == "https://saturn.desk.example:2096/"
    assert (systems.panel.panel_url(orders), systems.panel.webmail_url(orders)) == ("", "")


def test_each_tool_has_a_page_of_its_own_and_no_other_is_opened(systems: Systems) -> None:
    bakery = service(systems, "bakery.example")
    pages = {systems.panel.session_url(bakery, tool) for tool in ("", *TOOLS)}
    assert len(pages) == len(TOOLS) + 1
    assert all(page.startswith("https://saturn.desk.example:2083/") for page in pages)
    with pytest.raises(Rejected):
        systems.panel.session_url(bakery, "../../etc/passwd")


def test_a_password_is_stored_as_its_hash_alone(systems: Systems, database_sessions: Sessions) -> None:
    systems.panel.set_password(service(systems, "bakery.example"), PASSWORD)
    with database_sessions() as session:
        row = session.get(tables.Login, "service/501")
    assert row is not None and row.changed == NOW
    assert is_hash_of(row.password_hash, PASSWORD) and not is_hash_of(row.password_hash, "another one of the kind")


def test_a_mailbox_is_made_once_whatever_its_case_with_its_hash_alone(
    systems: Systems, database_sessions: Sessions
) -> None:
    bakery = service(systems, "bakery.example")
    systems.panel.create_mailbox(bakery, "Sales@bakery.example", PASSWORD)
    with database_sessions() as session:
        row = session.get(tables.Mailbox, ("501", "sales@bakery.example"))
    assert row is not None and is_hash_of(row.password_hash, PASSWORD)
    with pytest.raises(Rejected, match="exists"):
        systems.panel.create_mailbox(bakery, "sales@bakery.example", PASSWORD)


@pytest.mark.parametrize(
    "address",
    ["sales@hale.example", "sales@sub.bakery.example", "@bakery.example", "a b@bakery.example", "-x@bakery.example"],
)
def test_no_mailbox_of_another_domain_or_without_a_proper_name(systems: Systems, address: str) -> None:
    with pytest.raises(Rejected):
        systems.panel.create_mailbox(service(systems, "bakery.example"), address, PASSWORD)


def test_what_is_not_active_or_has_no_panel_cannot_be_entered_or_changed(systems: Systems) -> None:
    for name in ("bakery-shop.example", "orders.bakery.example"):
        one = service(systems, name)
        with pytest.raises(Rejected):
            systems.panel.session_url(one, "")
        with pytest.raises(Rejected):
            systems.panel.set_password(one, PASSWORD)
        with pytest.raises(Rejected):
            systems.panel.create_mailbox(one, f"sales@{name}", PASSWORD)


def test_a_value_that_is_out_of_date_opens_nothing(systems: Systems) -> None:
    stale = replace(service(systems, "bakery-shop.example"), status="Active")
    with pytest.raises(Rejected, match="not active"):
        systems.panel.session_url(stale, "")


def test_a_short_password_is_rejected(systems: Systems) -> None:
    with pytest.raises(Rejected, match="characters"):
        systems.panel.set_password(service(systems, "bakery.example"), "short")
