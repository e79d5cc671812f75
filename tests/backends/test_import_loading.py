"""Loading an import document: all or nothing, the same twice as once, and nobody else's rows touched."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from bot.demodata import WRITTEN_FOR, demo_document
from bot.importing import DocumentErrors, ImportCounts, load, read_document
from core.backends.local import loading, tables
from core.backends.local.billing import LocalBilling
from core.database import Base, Sessions
from core.registrars.local import LocalRegistrar
from tests.backends.documents import ALICE, COMPANY, SATURN, STARTER, VICTOR, document, domain, invoice, service

BOB = {"id": 1, "email": "bob@bakery.example"}
CATALOGUE: dict[str, Any] = {"company": COMPANY, "products": [STARTER], "servers": [SATURN]}
FULL = {
    **ALICE,
    "pay_methods": [{"id": 1, "type": "card", "default": True}],
    "contacts": [BOB],
    "services": [service(501, server_id=1, addons=[service(1)])],
    "domains": [domain(701, "bakery.example", auth_code="Xy7#")],
    "invoices": [invoice(9001, "5.00", transactions=[{"id": 1, "date": "2026-11-02", "amount_in": "5.00"}])],
    "quotes": [{"id": 1, "subject": "Shop", "stage": "Delivered", "items": [{"description": "x", "amount": "1.00"}]}],
    "orders": [
        {"id": 1, "date": "2026-11-01", "status": "Active", "items": [{"product": "Starter", "amount": "5.00"}]}
    ],
    "affiliate": {"id": 1, "visitors": 10},
    "emails": [{"date": "2026-11-01", "subject": "a"}, {"date": "2026-11-02T10:00:00+01:00", "subject": "b"}],
}


def put(sessions: Sessions, **parts: Any) -> ImportCounts:
    return load(sessions, read_document(document(**parts)))


def refused(sessions: Sessions, **parts: Any) -> tuple[str, ...]:
    with pytest.raises(DocumentErrors) as raised:
        put(sessions, **parts)
    return raised.value.errors


def rows(sessions: Sessions) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the client area, by table."""
    with sessions() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
            if name.startswith("local_")
        }


def test_the_whole_demo_loads_into_every_table(database_sessions: Sessions) -> None:
    counts = load(database_sessions, demo_document())
    assert counts == ImportCounts(
        staff=2, products=15, articles=10, clients=2, contacts=1, services=5, domains=10, invoices=6
    )
    empty = [name for name, found in rows(database_sessions).items() if not found]
    assert sorted(empty) == ["local_cancellation", "local_login", "local_mailbox", "local_zone"]  # What clients do.


def test_the_same_document_twice_is_the_same_as_once(database_sessions: Sessions) -> None:
    load(database_sessions, demo_document())
    once = rows(database_sessions)
    load(database_sessions, demo_document())
    assert rows(database_sessions) == once


def test_an_updated_document_updates(database_sessions: Sessions) -> None:
    put(database_sessions, **CATALOGUE, clients=[FULL])
    dearer = {**STARTER, "name": "Starter XL", "prices": {"annually": "60.00"}}
    changed = {**FULL, "email": "Alice@new.example", "domains": [domain(701, "bakery.example", locked=False)]}
    put(database_sessions, **{**CATALOGUE, "products": [dearer]}, clients=[changed])
    desk = LocalBilling(database_sessions)
    assert desk.holders("alice@bakery.example") == []
    assert [holder.client.id for holder in desk.holders("alice@NEW.example")] == ["1001"]
    assert desk.services("1001")[0].product == "Starter XL"
    assert [row[1] for row in rows(database_sessions)["local_product_price"]] == ["annually"]
    assert [(row[1], row[10]) for row in _domains(database_sessions)] == [("1001", False)]


def _domains(sessions: Sessions) -> list[tuple[Any, ...]]:
    assert [column.name for column in tables.Domain.__table__.columns][10] == "locked"
    return rows(sessions)["local_domain"]


def test_a_list_that_is_written_is_replaced_and_one_that_is_not_stays(database_sessions: Sessions) -> None:
    put(database_sessions, **CATALOGUE, clients=[FULL])
    before = rows(database_sessions)
    put(database_sessions, clients=[{**ALICE, "services": [service(502)], "contacts": []}])
    after = rows(database_sessions)
    assert [row[0] for row in after["local_service"]] == ["502"]
    assert after["local_service_addon"] == after["local_contact"] == []
    emptied = {"local_service", "local_service_addon", "local_contact"}
    assert {name: found for name, found in after.items() if name not in emptied} == {
        name: found for name, found in before.items() if name not in emptied
    }


def test_an_affiliate_record_ends_with_null_only(database_sessions: Sessions) -> None:
    put(database_sessions, **CATALOGUE, clients=[FULL])
    put(database_sessions, clients=[ALICE])
    assert len(rows(database_sessions)["local_affiliate"]) == 1
    put(database_sessions, clients=[{**ALICE, "affiliate": None}])
    assert rows(database_sessions)["local_affiliate"] == []


def test_clients_that_are_not_in_the_document_stay_untouched(database_sessions: Sessions) -> None:
    put(database_sessions, **CATALOGUE, clients=[FULL])
    before = LocalBilling(database_sessions)
    alice = (before.client("1001"), before.services("1001"), before.domains("1001"), before.invoices("1001"))
    put(database_sessions, clients=[{**VICTOR, "services": [], "domains": [domain(1, "hale.example")], "invoices": []}])
    after = LocalBilling(database_sessions)
    assert (after.client("1001"), after.services("1001"), after.domains("1001"), after.invoices("1001")) == alice
    assert after.client("1002").first_name == "Victor"


def test_provider_lists_that_are_written_hold_exactly_what_is_written(database_sessions: Sessions) -> None:
    sam = {"name": "Sam Lee", "email": "sam@desk.example"}
    dana = {"name": "Dana Cole", "email": "dana@desk.example"}
    articles = [{"id": 1, "title": "a", "body": "x"}]
    put(database_sessions, staff=[sam, dana], articles=articles)
    put(database_sessions, staff=[dana])
    found = rows(database_sessions)
    assert [row[0] for row in found["local_staff"]] == ["dana@desk.example"]
    assert len(found["local_article"]) == 1


def test_a_domain_may_move_from_one_client_to_another(database_sessions: Sessions) -> None:
    put(database_sessions, clients=[ALICE, {**VICTOR, "domains": [domain(1, "bread.example", auth_code="v")]}])
    put(
        database_sessions,
        clients=[
            {**ALICE, "domains": [domain(1, "bread.example", auth_code="a")]},
            {**VICTOR, "domains": [domain(2, "bread.example", status="Transferred Away")]},
        ],
    )
    desk = LocalBilling(database_sessions)
    assert [(found.id, found.status) for found in desk.domains("1001")] == [("1", "Active")]
    assert [(found.id, found.status) for found in desk.domains("1002")] == [("2", "Transferred Away")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"services": [service(500), service(501)]}, "clients[0].services[1].id: 501 already belongs to client 1001"),
        ({"invoices": [invoice(9001)]}, "clients[0].invoices[0].id: 9001 already belongs to client 1001"),
        (
            {"domains": [domain(702, "bakery.example")]},
            "clients[0].domains[0].name: bakery.example already belongs to client 1001",
        ),
    ],
)
def test_what_another_client_holds_is_refused_and_nothing_is_written(
    database_sessions: Sessions, more: dict[str, Any], expected: str
) -> None:
    put(database_sessions, **CATALOGUE, clients=[FULL])
    before = rows(database_sessions)
    assert refused(database_sessions, company={**COMPANY, "name": "x"}, clients=[{**VICTOR, **more}]) == (expected,)
    assert rows(database_sessions) == before


def test_references_may_lead_to_what_is_already_stored(database_sessions: Sessions) -> None:
    put(database_sessions, **CATALOGUE)
    put(database_sessions, clients=[{**ALICE, "services": [service(1, server_id=1)]}])
    assert LocalBilling(database_sessions).services("1001")[0].server == "saturn"
    lost = [service(1, product_id=2, server_id=3)]
    assert refused(database_sessions, clients=[{**ALICE, "services": lost}]) == (
        "clients[0].services[0].product_id: there is no product 2",
        "clients[0].services[0].server_id: there is no server 3",
    )


def test_a_product_that_somebody_elses_service_needs_cannot_be_dropped(database_sessions: Sessions) -> None:
    addons = [service(1, product_id=2)]
    two = {**CATALOGUE, "products": [STARTER, {"id": 2, "name": "Daily Backup", "addon": True}]}
    put(database_sessions, **two, clients=[{**ALICE, "services": [service(501, server_id=1, addons=addons)]}])
    before = rows(database_sessions)
    needed = "is still needed by service 501 of client 1001, whose services are not in the document"
    assert refused(database_sessions, products=[], servers=[], clients=[VICTOR]) == (
        f"products: 1 {needed}",
        f"servers: 1 {needed}",
        f"products: 2 {needed}",
    )
    assert rows(database_sessions) == before


def test_a_failure_half_way_leaves_everything_as_it_was(
    database_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database_sessions, **CATALOGUE, clients=[FULL])
    before = rows(database_sessions)
    monkeypatch.setattr(loading, "CHUNK", 1)

    def stop(done: int, total: int) -> None:
        if done == total - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(database_sessions, demo_document(), stop)
    assert rows(database_sessions) == before


def test_chunks_do_not_change_the_result(database_sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    load(database_sessions, demo_document())
    whole = rows(database_sessions)
    monkeypatch.setattr(loading, "CHUNK", 1)
    load(database_sessions, demo_document())
    assert rows(database_sessions) == whole


def test_progress_rises_from_nothing_to_all(database_sessions: Sessions) -> None:
    seen: list[tuple[int, int]] = []
    load(database_sessions, demo_document(), lambda done, total: seen.append((done, total)))
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1] > 50
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len({total for _, total in seen}) == 1


def test_an_empty_document_changes_nothing(database_sessions: Sessions) -> None:
    load(database_sessions, demo_document())
    before = rows(database_sessions)
    assert put(database_sessions).clients == 0
    assert rows(database_sessions) == before


def test_a_company_of_null_is_no_company_and_leaves_the_stored_one(database_sessions: Sessions) -> None:
    put(database_sessions, **CATALOGUE)
    put(database_sessions, company=None)
    assert LocalBilling(database_sessions).company().name == "Example Hosting"


def test_the_demos_dates_move_with_the_calendar_and_its_sentences_do_not() -> None:
    later = demo_document(date(2027, 3, 5))
    bread = next(found for found in later.clients[0].domains if found.name == "fresh-bread.example")
    assert bread.registered is not None
    assert (date(2027, 3, 5) - bread.registered).days == 20
    assert later.articles == demo_document().articles


def test_in_the_demo_one_domain_may_leave_one_is_locked_and_one_is_too_fresh(database_sessions: Sessions) -> None:
    load(database_sessions, demo_document())
    registrar = LocalRegistrar(database_sessions, lambda: datetime.combine(WRITTEN_FOR, time(), UTC))
    answers = [registrar.registration(f"{name}.example") for name in ("bakery", "bakery-shop", "fresh-bread")]
    assert [(answer.locked, answer.transfer_lock_until) for answer in answers] == [
        (True, None),
        (False, None),
        (False, date(2027, 1, 4)),
    ]
    assert {answer.admin.email for answer in answers} == {"alice@bakery.example"}
