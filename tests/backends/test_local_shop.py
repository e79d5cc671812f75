"""What a shop promises about its price list and orders: a test for each promise, for any backend."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.app import local_systems
from bot.importing import load, read_document
from core.database import Sessions
from core.errors import Rejected
from core.ports import Order, Product, Systems
from tests.backends.documents import ALICE, COMPANY, SATURN, VICTOR, document, invoice, service

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PRODUCTS: list[dict[str, Any]] = [
    {"id": 20, "group": "Extras", "name": "Dedicated IP", "addon": True, "prices": {"monthly": "3.00"}},
    {
        "id": 2,
        "group": "Web hosting",
        "name": "Business",
        "type": "hosting",
        "prices": {"monthly": "10.00", "annually": "100.00", "msetupfee": "5.00"},
    },
    {"id": 10, "group": "Servers", "name": "VPS", "type": "server", "prices": {"annually": "150.00"}},
    {"id": 1, "group": "Web hosting", "name": "Starter", "type": "hosting", "prices": {"monthly": "5.00"}},
]
PROMOTIONS = [
    {"code": "SAVE10", "terms": "10 % off.", "valid_until": "2026-11-25"},
    {"code": "SUMMER", "terms": "Cheap.", "valid_until": "2026-08-31"},
]


def systems(sessions: Sessions, **parts: Any) -> Systems:
    clients = [{**ALICE, **parts}, VICTOR]
    load(
        sessions,
        read_document(
            document(
                company=COMPANY, products=PRODUCTS, servers=[SATURN], promotions=PROMOTIONS, tlds=[], clients=clients
            )
        ),
    )
    return local_systems(sessions, lambda: NOW)


def product(behind: Systems, name: str) -> Product:
    return next(one for one in behind.shop.products() if one.name == name)


def ordered(behind: Systems, name: str = "Business", cycle: str = "monthly", domain: str = "rolls.example") -> Order:
    return behind.shop.order_product("1001", product(behind, name), cycle, domain)


def test_products_come_with_prices_by_cycle_set_up_fees_apart_and_add_ons_last(database_sessions: Sessions) -> None:
    found = systems(database_sessions).shop.products()
    assert [one.name for one in found] == ["Starter", "Business", "VPS", "Dedicated IP"]
    assert (dict(found[1].prices), dict(found[1].setup_fees)) == ({"monthly": 10, "annually": 100}, {"monthly": 5})


def test_a_promotion_counts_to_its_last_day_whatever_its_case(database_sessions: Sessions) -> None:
    shop = systems(database_sessions).shop
    assert [shop.promotion(code) is not None for code in ("save10", " SAVE10", "SUMMER", "NONE", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_an_order_is_pending_with_an_unpaid_invoice_over_price_and_set_up(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    order = ordered(behind)
    (bill,) = behind.billing.invoices("1001")
    assert (order.status, order.amount, order.invoice_id) == ("Pending", 15, bill.id)
    assert (bill.status, bill.total, [item.amount for item in bill.items]) == ("Unpaid", 15, [10, 5])
    assert behind.shop.orders("1001") == [order] and behind.shop.orders("1002") == []
    assert (order.items[0].domain, order.items[0].billing_cycle) == ("rolls.example", "Monthly")
    (waiting,) = behind.billing.services("1001")
    assert (waiting.status, waiting.domain, waiting.recurring_amount) == ("Pending", "rolls.example", 10)
    assert (waiting.registered, waiting.next_due_date) == (None, None)


@pytest.mark.parametrize(
    ("name", "cycle", "domain", "why"),
    [
        ("Business", "triennially", "rolls.example", "not sold"),
        ("Dedicated IP", "monthly", "rolls.example", "not a plan"),
        ("Business", "monthly", "", "needs a domain name"),
        ("Business", "monthly", "no domain", "not a domain name"),
        ("Business", "monthly", "taken.example", "already"),
    ],
)
def test_what_cannot_be_delivered_is_not_ordered(
    database_sessions: Sessions, name: str, cycle: str, domain: str, why: str
) -> None:
    behind = systems(database_sessions, services=[service(5, domain="taken.example")])
    with pytest.raises(Rejected, match=why):
        ordered(behind, name, cycle, domain)
    assert behind.shop.orders("1001") == [] and behind.billing.invoices("1001") == []


def test_a_name_that_another_client_hosts_is_taken_too(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, services=[service(5, domain="taken.example")])
    with pytest.raises(Rejected, match="already"):
        behind.shop.order_product("1002", product(behind, "Business"), "monthly", "taken.example")


def test_the_same_order_twice_is_one_while_it_waits(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    ordered(behind)
    with pytest.raises(Rejected, match="waiting for its payment"):
        ordered(behind, cycle="annually")
    assert ordered(behind, domain="buns.example").status == "Pending"


def test_a_server_needs_no_name(database_sessions: Sessions) -> None:
    assert ordered(systems(database_sessions), "VPS", "annually", "").amount == 150


def test_a_price_that_changed_after_it_was_seen_is_the_one_that_counts(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    seen = product(behind, "Business")
    cheap = Product(**{**{f: getattr(seen, f) for f in seen.__slots__}, "prices": {"monthly": 0}})
    assert behind.shop.order_product("1001", cheap, "monthly", "rolls.example").amount == 15


def test_a_cancelled_order_takes_its_invoice_along_once(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    order = ordered(behind)
    behind.shop.cancel_order(order)
    (bill,) = behind.billing.invoices("1001")
    assert behind.shop.orders("1001")[0].status == "Cancelled" and (bill.status, bill.balance) == ("Cancelled", 0)
    with pytest.raises(Rejected, match="not pending"):
        behind.shop.cancel_order(order)
    assert ordered(behind).status == "Pending"


def test_an_order_that_is_paid_in_part_is_not_cancelled(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, credit="5.00")
    order = ordered(behind)
    behind.ledger.apply_credit(behind.billing.invoices("1001")[0], behind.billing.client("1001").credit)
    with pytest.raises(Rejected, match="paid"):
        behind.shop.cancel_order(order)
    assert behind.shop.orders("1001")[0].status == "Pending"


def test_only_the_client_s_own_pending_order_is_cancelled(database_sessions: Sessions) -> None:
    kept = [{"id": 1, "number": "A1", "date": "2026-11-01", "status": "Active"}]
    behind = systems(database_sessions, orders=kept, invoices=[invoice(1, "6.00")])
    with pytest.raises(Rejected):
        behind.shop.cancel_order(behind.shop.orders("1001")[0])
    mine = ordered(behind)
    strange = Order(**{**{f: getattr(mine, f) for f in mine.__slots__}, "client_id": "1002"})
    with pytest.raises(Rejected):
        behind.shop.cancel_order(strange)


def test_orders_are_newest_first(database_sessions: Sessions) -> None:
    old = [
        {"id": 9, "number": "A9", "date": "2026-11-01", "status": "Active"},
        {"id": 10, "number": "A10", "date": "2026-11-01", "status": "Fraud"},
    ]
    behind = systems(database_sessions, orders=old)
    ordered(behind)
    assert [one.id for one in behind.shop.orders("1001")] == ["11", "10", "9"]


def test_an_add_on_begins_with_its_payment_and_ends_with_its_order(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, credit="3.00", services=[service(5, domain="taken.example")])
    (mine,) = behind.billing.services("1001")
    first = behind.shop.order_addon(mine, product(behind, "Dedicated IP"), "monthly")
    behind.shop.cancel_order(first)
    assert [one.status for one in behind.billing.services("1001")[0].addons] == ["Cancelled"]
    behind.shop.order_addon(mine, product(behind, "Dedicated IP"), "monthly")
    bill = behind.billing.invoices("1001")[0]
    behind.ledger.apply_credit(bill, bill.balance)
    begun = behind.billing.services("1001")[0].addons[-1]
    assert (begun.status, str(begun.next_due_date)) == ("Active", "2026-12-25")
