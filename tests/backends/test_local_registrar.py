"""The embedded registrar: locks, codes, and who holds a name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.importing import load, read_document
from core.database import Sessions
from core.errors import Rejected
from core.ports import DomainContact
from core.registrars.local import LocalRegistrar
from tests.backends.documents import ALICE, document

TODAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def registrar(sessions: Sessions, *domains: dict[str, Any], tlds: list[dict[str, Any]] | None = None) -> LocalRegistrar:
    numbered = [{"id": number, "status": "Active", **domain} for number, domain in enumerate(domains, 1)]
    load(sessions, read_document(document(tlds=tlds or [], clients=[{**ALICE, "domains": numbered}])))
    return LocalRegistrar(sessions, lambda: TODAY)


def test_a_registration_tells_lock_contacts_and_nameservers(database_sessions: Sessions) -> None:
    answer = registrar(
        database_sessions,
        {
            "name": "Bakery.example",
            "locked": True,
            "expires": "2027-05-02",
            "nameservers": ["ns1.desk.example", "ns2.desk.example"],
            "admin": {"name": "Alice Martin", "email": "alice@bakery.example"},
            "registrant": {"name": "Alice Bakery", "email": "shop@bakery.example"},
        },
    ).registration("bakery.EXAMPLE.")
    assert (answer.name, answer.locked, answer.expires) == ("bakery.example", True, date(2027, 5, 2))
    assert answer.admin == DomainContact("Alice Martin", "alice@bakery.example")
    assert answer.registrant == DomainContact("Alice Bakery", "shop@bakery.example")
    assert answer.nameservers == ("ns1.desk.example", "ns2.desk.example")
    assert answer.transfer_lock_until is None


@pytest.mark.parametrize(
    ("registered", "transferred", "until"),
    [
        ("2026-11-05", None, date(2027, 1, 4)),
        ("2026-09-27", None, date(2026, 11, 26)),
        ("2026-09-26", None, None),
        ("2020-01-01", "2026-11-01", date(2026, 12, 31)),
        ("2026-11-05", "2026-11-01", date(2027, 1, 4)),
        (None, None, None),
    ],
)
def test_a_fresh_domain_may_leave_sixty_days_after_the_later_of_registration_and_arrival(
    database_sessions: Sessions, registered: str | None, transferred: str | None, until: date | None
) -> None:
    domain = {"name": "bread.example", "registered": registered, "transferred": transferred}
    assert registrar(database_sessions, domain).registration("bread.example").transfer_lock_until == until


def test_the_longest_ending_gives_the_lock_days(database_sessions: Sessions) -> None:
    tlds: list[dict[str, Any]] = [
        {"tld": "example", "lock_days_after_transfer": 90},
        {"tld": "co.example", "lock_days_after_transfer": 0},
    ]
    desk = registrar(
        database_sessions,
        {"name": "bakery.example", "registered": "2026-11-05"},
        {"name": "bakery.co.example", "registered": "2026-11-05"},
        tlds=tlds,
    )
    assert desk.registration("bakery.example").transfer_lock_until == date(2027, 2, 3)
    assert desk.registration("bakery.co.example").transfer_lock_until is None


def test_the_auth_code_is_the_stored_one(database_sessions: Sessions) -> None:
    desk = registrar(database_sessions, {"name": "bakery.example", "auth_code": "Xy7#"}, {"name": "shop.example"})
    assert desk.auth_code("bakery.example") == "Xy7#"
    with pytest.raises(Rejected, match="no auth code"):
        desk.auth_code("shop.example")


@pytest.mark.parametrize("status", ["Pending", "Pending Transfer", "Expired", "Transferred Away", "Cancelled", "Fraud"])
def test_a_domain_that_is_not_held_is_unknown_to_the_registrar(database_sessions: Sessions, status: str) -> None:
    desk = registrar(database_sessions, {"name": "bakery.example", "status": status, "auth_code": "Xy7#"})
    with pytest.raises(Rejected, match="not registered with us"):
        desk.registration("bakery.example")
    with pytest.raises(Rejected):
        desk.auth_code("bakery.example")


def test_of_two_records_of_one_name_the_held_one_answers(database_sessions: Sessions) -> None:
    desk = registrar(
        database_sessions,
        {"name": "bakery.example", "status": "Transferred Away", "auth_code": "old"},
        {"name": "bakery.example", "status": "Redemption Period (Expired)", "auth_code": "new"},
        {"name": "bakery.example", "status": "Cancelled", "auth_code": "older"},
    )
    assert desk.auth_code("bakery.example") == "new"


def test_a_name_nobody_registered_is_rejected(database_sessions: Sessions) -> None:
    with pytest.raises(Rejected, match=r"stone\.example is not registered with us"):
        LocalRegistrar(database_sessions, lambda: TODAY).registration("stone.example")
