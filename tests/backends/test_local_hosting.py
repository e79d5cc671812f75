"""What `core.ports.Hosting` promises, and the prices that the embedded one reckons.

The first part takes any `Systems` whose client 1001 has the demo's services: another adapter can be put in its place.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.app import local_systems
from bot.demodata import WRITTEN_FOR, demo_document
from bot.importing import load
from core.backends.local import pricing
from core.database import Sessions
from core.errors import Rejected
from core.ports import Service, Systems, UpgradeOption, When

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def systems(database_sessions: Sessions) -> Systems:
    load(database_sessions, demo_document(WRITTEN_FOR))
    return local_systems(database_sessions, lambda: NOW)


def service(systems: Systems, name: str, client_id: str = "1001") -> Service:
    return next(one for one in systems.billing.services(client_id) if one.domain == name)


def option(systems: Systems, name: str, plan: str, cycle: str = "Monthly", client_id: str = "1001") -> UpgradeOption:
    options = systems.hosting.upgrade_options(service(systems, name, client_id))
    return next(one for one in options if (one.product, one.billing_cycle) == (plan, cycle))


def test_options_are_the_plans_that_can_be_reached_and_the_present_one_in_other_cycles(systems: Systems) -> None:
    options = systems.hosting.upgrade_options(service(systems, "hale.example", "1002"))
    assert [(one.product, one.billing_cycle) for one in options] == [
        ("Business", "Monthly"),
        ("Pro", "Monthly"),
        ("Reseller", "Monthly"),
        ("Business", "Annually"),
        ("Reseller", "Annually"),
    ]


def test_a_bigger_plan_costs_the_difference_for_the_days_that_are_paid(systems: Systems) -> None:
    # 2 November to 2 December are 30 days, 7 are left: 7/30 × (19 - 10).
    assert option(systems, "bakery.example", "Pro").due_now == Decimal("2.10")
    assert option(systems, "bakery.example", "Starter").due_now == Decimal("-1.17")


def test_another_cycle_of_the_same_plan_costs_nothing_now(systems: Systems) -> None:
    assert option(systems, "orders.bakery.example", "VPS 2").due_now == 0


def test_a_plan_that_costs_something_is_invoiced_and_comes_with_the_payment(systems: Systems) -> None:
    wanted = option(systems, "bakery.example", "Pro")
    invoice_id = systems.hosting.upgrade(service(systems, "bakery.example"), wanted)
    invoice = next(one for one in systems.billing.invoices("1001") if one.id == invoice_id)
    assert (invoice.status, invoice.balance, invoice.items[0].about) == ("Unpaid", Decimal("2.10"), "501")
    assert systems.shop.orders("1001")[0].invoice_id == invoice_id
    assert service(systems, "bakery.example").product == "Business"
    systems.ledger.apply_credit(invoice, invoice.balance)
    assert service(systems, "bakery.example").product == "Pro"
    assert service(systems, "bakery.example").recurring_amount == Decimal("19.00")


def test_no_other_change_is_offered_while_one_is_unpaid(systems: Systems) -> None:
    systems.hosting.upgrade(service(systems, "bakery.example"), option(systems, "bakery.example", "Pro"))
    with pytest.raises(Rejected, match="not paid"):
        systems.hosting.upgrade_options(service(systems, "bakery.example"))


def test_a_smaller_plan_comes_at_once_and_the_difference_becomes_credit(systems: Systems) -> None:
    wanted = option(systems, "bakery.example", "Starter")
    assert systems.hosting.upgrade(service(systems, "bakery.example"), wanted) == ""
    assert service(systems, "bakery.example").product == "Starter"
    assert systems.billing.client("1001").credit == Decimal("21.17")
    assert systems.ledger.credit_log("1001")[0].amount == Decimal("1.17")


def test_a_price_that_is_no_longer_so_is_rejected(systems: Systems) -> None:
    wanted = replace(option(systems, "bakery.example", "Pro"), due_now=Decimal("0.01"))
    with pytest.raises(Rejected, match="changed"):
        systems.hosting.upgrade(service(systems, "bakery.example"), wanted)


def test_a_cycle_does_not_change_while_the_next_period_is_invoiced(systems: Systems) -> None:
    options = systems.hosting.upgrade_options(service(systems, "bakery.example"))
    assert {one.billing_cycle for one in options} == {"Monthly"}


@pytest.mark.parametrize("name", ["bakery-shop.example", "croissant.example"])
def test_what_is_not_active_stays_on_its_plan(systems: Systems, name: str) -> None:
    with pytest.raises(Rejected, match="not active"):
        systems.hosting.upgrade_options(service(systems, name))


def test_ten_upgrades_at_the_same_moment_are_one(systems: Systems) -> None:
    wanted, one = option(systems, "bakery.example", "Pro"), service(systems, "bakery.example")

    def attempt(_: int) -> bool:
        try:
            return bool(systems.hosting.upgrade(one, wanted))
        except Rejected:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(10))) == 1


def test_a_service_ends_with_its_paid_period_and_stays_until_then(systems: Systems) -> None:
    one = service(systems, "bakery.example")
    ends = systems.hosting.cancel(one, When.END_OF_PERIOD, "moving")
    assert (ends.effective, ends.reason) == (date(2026, 12, 2), "moving")
    assert systems.hosting.cancellation(one) == ends
    assert service(systems, "bakery.example").status == "Active"


def test_a_period_that_is_over_ends_today(systems: Systems) -> None:
    one = service(systems, "bakery-shop.example")
    assert systems.hosting.cancel(one, When.END_OF_PERIOD, "").effective == NOW.date()


def test_an_immediate_end_takes_the_extras_along_and_cannot_be_withdrawn(systems: Systems) -> None:
    one = service(systems, "bakery.example")
    systems.hosting.cancel(one, When.IMMEDIATE, "")
    gone = service(systems, "bakery.example")
    assert (gone.status, {addon.status for addon in gone.addons}) == ("Cancelled", {"Cancelled"})
    assert systems.hosting.cancellation(one) is None
    with pytest.raises(Rejected, match="has ended"):
        systems.hosting.withdraw_cancellation(one)


def test_a_cancellation_can_be_withdrawn_made_earlier_and_not_made_twice(systems: Systems) -> None:
    one = service(systems, "bakery.example")
    systems.hosting.cancel(one, When.END_OF_PERIOD, "")
    with pytest.raises(Rejected, match="already"):
        systems.hosting.cancel(one, When.END_OF_PERIOD, "")
    systems.hosting.withdraw_cancellation(one)
    assert systems.hosting.cancellation(one) is None
    with pytest.raises(Rejected, match="not cancelled"):
        systems.hosting.withdraw_cancellation(one)
    systems.hosting.cancel(one, When.END_OF_PERIOD, "")
    assert systems.hosting.cancel(one, When.IMMEDIATE, "").effective == NOW.date()


def test_what_has_ended_does_not_end_again(systems: Systems) -> None:
    with pytest.raises(Rejected, match="ended already"):
        systems.hosting.cancel(service(systems, "croissant.example"), When.IMMEDIATE, "")


def test_somebody_else_s_service_is_not_on_record(systems: Systems) -> None:
    theirs = replace(service(systems, "bakery.example"), id="601")
    with pytest.raises(Rejected, match="not on record"):
        systems.hosting.cancel(theirs, When.IMMEDIATE, "")


def test_an_addon_is_ordered_with_its_setup_fee_and_begins_when_it_is_paid(systems: Systems) -> None:
    own_ip = next(product for product in systems.shop.products() if product.name == "Dedicated IP")
    order = systems.shop.order_addon(service(systems, "bakery.example"), own_ip, "monthly")
    invoice = next(one for one in systems.billing.invoices("1001") if one.id == order.invoice_id)
    assert (order.status, order.amount, invoice.balance) == ("Pending", Decimal("8.00"), Decimal("8.00"))

    def bought() -> tuple[str, Decimal]:
        extras = service(systems, "bakery.example").addons
        return next((one.status, one.recurring_amount) for one in extras if one.product == "Dedicated IP")

    assert bought() == ("Pending", Decimal("3.00"))
    systems.ledger.apply_credit(invoice, invoice.balance)
    assert bought() == ("Active", Decimal("3.00"))


@pytest.mark.parametrize(("name", "cycle"), [("Business", "monthly"), ("Dedicated IP", "annually")])
def test_only_addons_are_added_and_only_as_they_are_sold(systems: Systems, name: str, cycle: str) -> None:
    product = next(product for product in systems.shop.products() if product.name == name)
    with pytest.raises(Rejected):
        systems.shop.order_addon(service(systems, "bakery.example"), product, cycle)


def test_a_service_is_renewed_for_one_more_period_and_not_while_the_next_is_invoiced(systems: Systems) -> None:
    invoice = systems.shop.renew_service(service(systems, "hale.example", "1002"))
    assert (invoice.balance, invoice.due_date) == (Decimal("190.00"), date(2027, 1, 20))
    for name, client_id in (("hale.example", "1002"), ("bakery.example", "1001")):
        with pytest.raises(Rejected, match="invoiced already"):
            systems.shop.renew_service(service(systems, name, client_id))


@pytest.mark.parametrize(
    ("old", "old_cycle", "new", "new_cycle", "next_due", "today", "due"),
    [
        ("10", "Monthly", "19", "Monthly", date(2026, 12, 2), date(2026, 11, 25), "2.10"),
        ("10", "Monthly", "19", "Monthly", date(2026, 12, 2), date(2026, 12, 2), "0.00"),
        ("10", "Monthly", "19", "Monthly", date(2026, 12, 2), date(2027, 1, 5), "0.00"),
        ("10", "Monthly", "19", "Monthly", date(2026, 12, 2), date(2026, 11, 2), "9.00"),
        ("10", "Monthly", "19", "Monthly", date(2026, 12, 2), date(2026, 9, 1), "9.00"),
        ("0", "Monthly", "0.03", "Monthly", date(2026, 12, 2), date(2026, 11, 27), "0.01"),  # 0.005: half a cent is one
        ("10", "Monthly", "19", "Monthly", date(2026, 3, 31), date(2026, 3, 1), "8.71"),  # 30 of 31 days
        ("190", "Annually", "100", "Annually", date(2027, 1, 20), date(2026, 11, 25), "-13.81"),
        ("10", "Monthly", "190", "Annually", date(2026, 12, 2), date(2026, 11, 25), "1.31"),
    ],
)
def test_pro_rata(old: str, old_cycle: str, new: str, new_cycle: str, next_due: date, today: date, due: str) -> None:
    found = pricing.pro_rata(Decimal(old), old_cycle, Decimal(new), new_cycle, next_due, today)
    assert str(found) == due


def test_months_end_with_their_last_day() -> None:
    assert pricing.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert pricing.add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert pricing.add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)
