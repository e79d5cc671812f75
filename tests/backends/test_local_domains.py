"""What orders for domains and the registrar promise: each test asks the ports only, so that another backend can run it.

What a payment brings about is the embedded client area's own affair, and stands at the end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.app import local_systems
from bot.importing import load, read_document
from core.backends.local import domains, tables
from core.database import Sessions
from core.errors import Rejected, Unsupported
from core.ports import Domain, DomainContact, Lookup, Systems
from tests.backends.documents import ALICE, COMPANY, VICTOR, document, domain

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PRICES = {
    "register": "10.00",
    "renew": "12.00",
    "transfer": "12.00",
    "id_protection": "4.00",
    "redemption_fee": "80.00",
    "years_max": 5,
}
OWNED: list[dict[str, Any]] = [
    domain(1, "bakery.example", expires="2027-05-02", auto_renew=True, locked=True),
    domain(2, "lost.example", status="Redemption Period (Expired)", expires="2026-10-01"),
    domain(3, "late.example", status="Grace Period (Expired)", expires="2026-11-20"),
    domain(4, "left.example", status="Transferred Away"),
    domain(5, "long.example", expires="2036-05-02"),
]
ELSEWHERE = [
    {"name": "sourdough.example", "registrar": "Other Registrar", "locked": False, "created": "2019-03-04"},
    {"name": "locked-loaf.example", "registrar": "Other Registrar", "locked": True, "created": "2020-06-01"},
    {"name": "new-oven.example", "registrar": "Other Registrar", "locked": False, "created": "2026-11-01"},
    {"name": "free-ride.test", "registrar": "Other Registrar", "locked": False, "created": "2020-11-01"},
]


@pytest.fixture
def behind(database_sessions: Sessions) -> Systems:
    load(
        database_sessions,
        read_document(
            document(
                company=COMPANY,
                tlds=[{"tld": "example", **PRICES}, {"tld": "test", **PRICES, "transfer": "0.00"}],
                registry=ELSEWHERE,
                clients=[{**ALICE, "domains": OWNED}, VICTOR],
            )
        ),
    )
    return local_systems(database_sessions, lambda: NOW)


def held(behind: Systems, name: str, client_id: str = "1001") -> Domain:
    return next(one for one in behind.billing.domains(client_id) if one.name == name)


def test_a_registration_is_ordered_and_nothing_is_registered_before_it_is_paid(behind: Systems) -> None:
    order = behind.shop.register_domain("1001", "bread.example", 2)
    invoice = next(one for one in behind.billing.invoices("1001") if one.id == order.invoice_id)
    assert (order.status, order.amount, invoice.status, invoice.total) == (
        "Pending",
        Decimal("22.00"),
        "Unpaid",
        Decimal("22.00"),
    )
    assert invoice.due_date > NOW.date() and invoice.pay_url
    assert held(behind, "bread.example").status == "Pending"
    assert not behind.registrar.lookup("bread.example").registered
    with pytest.raises(Rejected):
        behind.registrar.registration("bread.example")


@pytest.mark.parametrize("name", ["bakery.example", "sourdough.example", "bread.invalid", "a.bread.example"])
def test_a_name_that_is_taken_or_not_on_offer_is_not_registered(behind: Systems, name: str) -> None:
    with pytest.raises(Rejected):
        behind.shop.register_domain("1002", name, 1)
    assert not behind.billing.invoices("1002") and not behind.billing.domains("1002")


@pytest.mark.parametrize("years", [0, 6])
def test_a_registration_has_at_most_the_years_of_its_ending(behind: Systems, years: int) -> None:
    with pytest.raises(Rejected, match="1 to 5 years"):
        behind.shop.register_domain("1001", "bread.example", years)


def test_the_same_name_is_not_ordered_twice(behind: Systems) -> None:
    behind.shop.register_domain("1001", "bread.example", 1)
    with pytest.raises(Rejected, match="ordered already"):
        behind.shop.register_domain("1001", "bread.example", 1)
    assert len(behind.billing.invoices("1001")) == 1


def test_a_renewal_is_an_invoice_for_its_years_and_changes_nothing_before_it_is_paid(behind: Systems) -> None:
    invoice = behind.shop.renew_domain(held(behind, "bakery.example"), 2)
    assert (invoice.total, invoice.balance, invoice.items[0].about) == (Decimal("24.00"), Decimal("24.00"), "1")
    assert held(behind, "bakery.example").expires == date(2027, 5, 2)


def test_a_renewal_is_ordered_once_until_it_is_paid(behind: Systems) -> None:
    first = behind.shop.renew_domain(held(behind, "bakery.example"), 1)
    with pytest.raises(Rejected, match=first.number):
        behind.shop.renew_domain(held(behind, "bakery.example"), 1)


@pytest.mark.parametrize(
    ("name", "years"), [("lost.example", 1), ("left.example", 1), ("long.example", 1), ("bakery.example", 6)]
)
def test_what_cannot_be_renewed_is_rejected(behind: Systems, name: str, years: int) -> None:
    with pytest.raises(Rejected):
        behind.shop.renew_domain(held(behind, name), years)


def test_a_domain_in_redemption_is_restored_for_the_fee_and_a_year(behind: Systems) -> None:
    assert behind.shop.restore_domain(held(behind, "lost.example")).total == Decimal("92.00")
    for name in ("bakery.example", "late.example"):
        with pytest.raises(Rejected, match="not in redemption"):
            behind.shop.restore_domain(held(behind, name))


def test_somebody_else_s_domain_is_neither_renewed_nor_restored_nor_protected(behind: Systems) -> None:
    for name, order in (
        ("bakery.example", lambda one: behind.shop.renew_domain(one, 1)),
        ("lost.example", behind.shop.restore_domain),
        ("bakery.example", behind.shop.order_id_protection),
    ):
        with pytest.raises(Rejected, match="not in this account"):
            order(replace(held(behind, name), client_id="1002"))


def test_id_protection_is_ordered_for_the_price_of_the_ending(behind: Systems) -> None:
    assert behind.shop.order_id_protection(held(behind, "bakery.example")).total == Decimal("4.00")
    assert not held(behind, "bakery.example").id_protection
    behind.registrar.set_id_protection("late.example", on=True)
    with pytest.raises(Rejected, match="on already"):
        behind.shop.order_id_protection(held(behind, "late.example"))


def test_a_transfer_waits_for_its_payment_and_shows_its_code_nowhere(behind: Systems) -> None:
    order = behind.shop.transfer_domain("1001", "sourdough.example", "Bread#7-rises")
    coming = held(behind, "sourdough.example")
    assert (order.status, coming.status, coming.transfer_requested) == ("Pending", "Pending Transfer", None)
    told = f"{order} {coming} {behind.billing.invoices('1001')} {behind.shop.orders('1001')}"
    assert "Bread#7-rises" not in told


def test_a_transfer_that_costs_nothing_begins_at_once(behind: Systems) -> None:
    order = behind.shop.transfer_domain("1001", "free-ride.test", "Bread#7-rises")
    assert (order.status, order.invoice_id) == ("Active", "")
    assert held(behind, "free-ride.test").transfer_requested == NOW.date()


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("locked-loaf.example", "Bread#7", "locked"),
        ("new-oven.example", "Bread#7", "60 days"),
        ("nobody.example", "Bread#7", "not registered"),
        ("bakery.example", "Bread#7", "not registered elsewhere"),
        ("sourdough.example", " ", "transfer code"),
    ],
)
def test_a_transfer_that_a_registry_would_refuse_is_rejected(behind: Systems, name: str, code: str, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        behind.shop.transfer_domain("1002", name, code)
    assert not behind.billing.domains("1002")


def test_the_registry_tells_what_is_registered_here_elsewhere_and_not_at_all(behind: Systems) -> None:
    assert behind.registrar.lookup("Bakery.Example.").registrar == "Example Hosting"
    assert behind.registrar.lookup("sourdough.example") == Lookup(
        "sourdough.example", True, "Other Registrar", False, date(2019, 3, 4)
    )
    assert behind.registrar.lookup("bread.example") == Lookup("bread.example", False)
    assert not behind.registrar.lookup("left.example").registered


def test_an_international_name_is_looked_up_in_its_ascii_form(behind: Systems) -> None:
    assert behind.registrar.lookup("Bäckerei.example").name == "xn--bckerei-5wa.example"


@pytest.mark.parametrize("name", ["-bread.example", "a.bread.example", "bread!.example", f"{'a' * 64}.example"])
def test_what_no_registry_would_register_is_rejected(behind: Systems, name: str) -> None:
    with pytest.raises(Rejected):
        behind.registrar.lookup(name)


def test_an_ending_that_is_not_on_offer_is_not_looked_up(behind: Systems) -> None:
    with pytest.raises(Unsupported):
        behind.registrar.lookup("bread.invalid")


@pytest.mark.parametrize(
    "hosts",
    [
        ("ns1.cloud.example",),
        ("ns1.cloud.example", "NS1.cloud.example."),
        ("ns1.cloud.example", "ns2"),
        ("ns1.cloud.example", "-ns2.cloud.example"),
        tuple(f"ns{number}.cloud.example" for number in range(14)),
    ],
)
def test_nameservers_that_are_too_few_too_many_doubled_or_no_hosts_change_nothing(
    behind: Systems, hosts: tuple[str, ...]
) -> None:
    behind.registrar.set_nameservers("bakery.example", ("ns1.desk.example", "ns2.desk.example"))
    with pytest.raises(Rejected):
        behind.registrar.set_nameservers("bakery.example", hosts)
    assert behind.registrar.registration("bakery.example").nameservers == ("ns1.desk.example", "ns2.desk.example")


HOLDER = DomainContact("Alice Martin", "alice@bakery.example", "Alice Bakery", "+33 1 99 00 12 34", "12 rue\nParis")


def test_a_new_registrant_is_locked_in_and_a_new_address_has_to_be_verified(behind: Systems) -> None:
    behind.registrar.set_contact("bakery.example", "registrant", HOLDER)
    found = behind.registrar.registration("bakery.example")
    assert (found.registrant, found.verification_open) == (HOLDER, True)
    assert found.transfer_lock_until == NOW.date() + timedelta(days=60)
    with pytest.raises(Unsupported):  # No registry stands behind the embedded registrar that would mail it.
        behind.registrar.resend_verification("bakery.example")


def test_a_new_phone_number_is_no_new_registrant(behind: Systems, database_sessions: Sessions) -> None:
    with database_sessions.begin() as session:
        row = session.get_one(tables.Domain, "1")
        row.registrant_name, row.registrant_email = HOLDER.name, HOLDER.email
        row.registrant_organisation = HOLDER.organisation
    behind.registrar.set_contact("bakery.example", "registrant", HOLDER)
    found = behind.registrar.registration("bakery.example")
    assert (found.registrant.phone, found.transfer_lock_until, found.verification_open) == (HOLDER.phone, None, False)
    with pytest.raises(Rejected, match="verified"):
        behind.registrar.resend_verification("bakery.example")


@pytest.mark.parametrize("contact", [DomainContact("", "a@bakery.example"), DomainContact("Alice Martin", "alice at")])
def test_a_contact_without_name_or_address_is_rejected(behind: Systems, contact: DomainContact) -> None:
    for role in ("registrant", "admin"):
        with pytest.raises(Rejected):
            behind.registrar.set_contact("bakery.example", role, contact)


def settle(sessions: Sessions, invoice_id: str) -> None:
    with sessions.begin() as session:
        domains.paid(session, invoice_id, NOW.date())


def test_what_was_ordered_is_done_when_it_is_paid_and_once(behind: Systems, database_sessions: Sessions) -> None:
    renewal = behind.shop.renew_domain(held(behind, "bakery.example"), 2)
    restored = behind.shop.restore_domain(held(behind, "lost.example"))
    hidden = behind.shop.order_id_protection(held(behind, "bakery.example"))
    new = behind.shop.register_domain("1001", "bread.example", 3)
    coming = behind.shop.transfer_domain("1001", "sourdough.example", "Bread#7-rises")
    for number in (renewal.id, restored.id, hidden.id, new.invoice_id, coming.invoice_id) * 2:
        settle(database_sessions, number)
    bakery, lost, bread = (held(behind, name) for name in ("bakery.example", "lost.example", "bread.example"))
    assert (bakery.expires, bakery.id_protection) == (date(2029, 5, 2), True)
    assert (lost.status, lost.expires) == ("Active", date(2027, 10, 1))
    assert (bread.status, bread.expires) == ("Active", date(2029, 11, 25))
    assert behind.registrar.registration("bread.example").registrant.email == "alice@bakery.example"
    assert held(behind, "sourdough.example").transfer_requested == NOW.date()
    assert {order.status for order in behind.shop.orders("1001")} == {"Active"}
    with database_sessions() as session:
        assert not session.get_one(tables.Domain, held(behind, "sourdough.example").id).auth_code


def test_of_two_who_ordered_one_name_the_first_to_pay_has_it(behind: Systems, database_sessions: Sessions) -> None:
    alice = behind.shop.register_domain("1001", "bread.example", 1)
    victor = behind.shop.register_domain("1002", "bread.example", 1)
    settle(database_sessions, victor.invoice_id)
    settle(database_sessions, alice.invoice_id)
    assert held(behind, "bread.example", "1002").status == "Active"
    assert held(behind, "bread.example").status == "Pending"
    assert [order.status for order in behind.shop.orders("1001")] == ["Pending"]


def test_a_domain_that_left_before_the_payment_is_not_renewed(behind: Systems, database_sessions: Sessions) -> None:
    invoice = behind.shop.renew_domain(held(behind, "bakery.example"), 1)
    with database_sessions.begin() as session:
        session.get_one(tables.Domain, "1").status = "Transferred Away"
    settle(database_sessions, invoice.id)
    assert held(behind, "bakery.example").status == "Transferred Away"


def test_a_cancelled_order_lets_its_domain_and_its_transfer_code_go(
    behind: Systems, database_sessions: Sessions
) -> None:
    order = behind.shop.transfer_domain("1001", "sourdough.example", "Bread#7-rises")
    behind.shop.cancel_order(next(one for one in behind.shop.orders("1001") if one.id == order.id))
    assert held(behind, "sourdough.example").status == "Cancelled"
    with database_sessions() as session:
        assert not session.get_one(tables.Domain, held(behind, "sourdough.example").id).auth_code
