"""The embedded client area as the Billing port shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.importing import load, read_document
from core.backends.local.billing import LocalBilling
from core.backends.local.staff import staff
from core.database import Sessions
from core.errors import Rejected
from core.people import Permission, StaffMember
from core.ports import Billing, Company, InvoiceItem, Transaction
from tests.backends.documents import ALICE, COMPANY, SATURN, STARTER, VICTOR, document, domain, invoice, service

BOB = {"id": 1, "first_name": "Bob", "last_name": "Roux", "email": "bob@bakery.example", "permissions": ["invoices"]}


def billing(sessions: Sessions, **parts: object) -> Billing:
    load(sessions, read_document(document(**{"company": COMPANY, "products": [STARTER], "servers": [SATURN], **parts})))
    return LocalBilling(sessions)


def test_the_company_is_the_imported_one(database_sessions: Sessions) -> None:
    assert billing(database_sessions).company() == Company("Example Hosting", "EUR", "https://portal.desk.example")


def test_an_empty_client_area_says_what_to_do(database_sessions: Sessions) -> None:
    with pytest.raises(Rejected, match="helpdesk import"):
        LocalBilling(database_sessions).company()


def test_an_owner_is_found_by_address_whatever_its_ascii_case(database_sessions: Sessions) -> None:
    desk = billing(database_sessions, clients=[{**ALICE, "email": "Alice@Bakery.Example"}, VICTOR])
    (holder,) = desk.holders("aLICE@bakery.example")
    assert (holder.client.id, holder.client.email, holder.contact) == ("1001", "Alice@Bakery.Example", None)


@pytest.mark.parametrize(
    ("on_file", "written"),
    [
        ("kim@bakery.example", "\u212aim@bakery.example"),  # the Kelvin sign, lower case k in Unicode
        ("strasse@bakery.example", "stra\u00dfe@bakery.example"),
        ("\u00e9lise@bakery.example", "\u00c9lise@bakery.example"),
        ("alice@bakery.example", "alice@bakery.example "),
        ("alice@bakery.example", "alice%"),
    ],
)
def test_addresses_that_only_unicode_would_fold_together_are_two_people(
    database_sessions: Sessions, on_file: str, written: str
) -> None:
    assert billing(database_sessions, clients=[{**ALICE, "email": on_file}]).holders(written) == []


def test_owners_come_before_contacts_with_the_same_address(database_sessions: Sessions) -> None:
    shared = {**BOB, "email": "VICTOR@hale.example"}
    desk = billing(database_sessions, clients=[{**ALICE, "contacts": [shared]}, VICTOR])
    holders = [
        (holder.client.id, holder.contact and holder.contact.id) for holder in desk.holders("victor@hale.example")
    ]
    assert holders == [("1002", None), ("1001", "1")]


def test_a_contact_brings_its_client_and_its_permissions(database_sessions: Sessions) -> None:
    (holder,) = billing(database_sessions, clients=[{**ALICE, "contacts": [BOB]}]).holders("bob@bakery.example")
    assert holder.client.name == "Alice Martin"
    assert holder.contact is not None
    assert (holder.contact.name, holder.contact.client_id) == ("Bob Roux", "1001")
    assert holder.contact.permissions == {Permission.INVOICES}


def test_closed_accounts_have_no_holders_but_inactive_ones_do(database_sessions: Sessions) -> None:
    clients = [{**ALICE, "status": "Closed", "contacts": [BOB]}, {**VICTOR, "status": "Inactive"}]
    desk = billing(database_sessions, clients=clients)
    assert desk.holders("alice@bakery.example") == []
    assert desk.holders("bob@bakery.example") == []
    assert len(desk.holders("victor@hale.example")) == 1


def test_a_client_has_every_field_of_the_document(database_sessions: Sessions) -> None:
    place = {"address1": "12 rue du Four", "city": "Paris", "postcode": "75006", "country": "FR", "phone": "+33 1"}
    client = {**ALICE, **place, "company": "Alice Bakery", "language": "fr", "currency": "CHF", "credit": "20.00"}
    found = billing(database_sessions, clients=[{**client, "email_preferences": ["domain"]}]).client("1001")
    assert {name: getattr(found, name) for name in place} == place
    assert (found.company, found.language, found.currency) == ("Alice Bakery", "fr", "CHF")
    assert (found.credit, found.email_preferences) == (Decimal("20.00"), frozenset({"domain"}))


def test_a_client_without_a_currency_has_the_companys(database_sessions: Sessions) -> None:
    assert (
        billing(database_sessions, company={**COMPANY, "currency": "GBP"}, clients=[ALICE]).client("1001").currency
        == "GBP"
    )


def test_an_unknown_client_is_rejected_and_has_nothing(database_sessions: Sessions) -> None:
    desk = billing(database_sessions, clients=[ALICE])
    with pytest.raises(Rejected, match="no client 7"):
        desk.client("7")
    assert [desk.contacts("7"), desk.services("7"), desk.domains("7"), desk.invoices("7")] == [[], [], [], []]


def test_a_service_names_its_product_and_server(database_sessions: Sessions) -> None:
    own = service(501, domain="bakery.example", server_id=1, recurring_amount="5.00", next_due_date="2026-12-01")
    clients = [{**ALICE, "services": [own, service(502)]}, {**VICTOR, "services": [service(601)]}]
    bare, found = billing(database_sessions, clients=clients).services("1001")
    assert (found.product, found.group, found.server) == ("Starter", "Web hosting", "saturn")
    assert (found.domain, found.recurring_amount, found.next_due_date) == (
        "bakery.example",
        Decimal("5.00"),
        date(2026, 12, 1),
    )
    assert (bare.id, bare.server, bare.domain) == ("502", "", "")


def test_domains_are_the_clients_own_by_name(database_sessions: Sessions) -> None:
    mine = [domain(2, "shop.example"), domain(1, "bakery.example", auto_renew=True, nameservers=["ns1.desk.example"])]
    clients = [{**ALICE, "domains": mine}, {**VICTOR, "domains": [domain(3, "hale.example")]}]
    first, second = billing(database_sessions, clients=clients).domains("1001")
    assert (first.name, first.auto_renew, first.nameservers) == ("bakery.example", True, ("ns1.desk.example",))
    assert second.name == "shop.example"


def test_an_unpaid_invoice_owes_its_total_less_credit_and_what_was_paid(database_sessions: Sessions) -> None:
    paid = [
        {"id": 1, "date": "2026-11-02", "gateway": "card", "amount_in": "30.00", "reference": "ch-1"},
        {"id": 2, "date": "2026-11-03", "gateway": "card", "amount_out": "10.00"},
    ]
    bill = invoice(9001, "100.00", "-10.00", number="INV-9001", tax="18.00", credit="5.00", transactions=paid)
    (found,) = billing(database_sessions, clients=[{**ALICE, "invoices": [bill]}]).invoices("1001")
    assert (found.total, found.balance, found.tax) == (Decimal("108.00"), Decimal("83.00"), Decimal("18.00"))
    assert found.items == (InvoiceItem("Starter", Decimal("100.00")), InvoiceItem("Starter", Decimal("-10.00")))
    assert found.transactions == (
        Transaction(date(2026, 11, 2), "card", Decimal("30.00"), "ch-1", "INV-9001"),
        Transaction(date(2026, 11, 3), "card", Decimal("-10.00"), "", "INV-9001"),
    )
    assert (found.number, found.currency, found.pay_url) == ("INV-9001", "EUR", "https://portal.desk.example")


@pytest.mark.parametrize("status", ["Paid", "Cancelled", "Refunded"])
def test_an_invoice_that_is_settled_owes_nothing(database_sessions: Sessions, status: str) -> None:
    bills = [invoice(9001, "100.00", status=status)]
    (found,) = billing(database_sessions, clients=[{**ALICE, "invoices": bills}]).invoices("1001")
    assert (found.total, found.balance, found.pay_url) == (Decimal("100.00"), Decimal(0), "")


def test_invoices_come_newest_first_without_drafts(database_sessions: Sessions) -> None:
    bills = [
        invoice(1, "5.00", date="2026-09-01"),
        invoice(2, "5.00", date="2026-11-01"),
        invoice(3, "5.00", date="2026-10-01", status="Draft"),
        invoice(4, "5.00", date="2026-10-01", status="Paid"),
    ]
    clients = [{**ALICE, "invoices": bills}, {**VICTOR, "invoices": [invoice(5, "5.00")]}]
    assert [found.id for found in billing(database_sessions, clients=clients).invoices("1001")] == ["2", "4", "1"]


def test_staff_are_those_of_the_document(database_sessions: Sessions) -> None:
    members = [
        {"name": "Sam Lee", "email": "sam@desk.example", "departments": ["Support", "Billing"]},
        {"name": "Dana Cole", "email": "dana@desk.example", "departments": ["Sales"], "role": "admin"},
    ]
    billing(database_sessions, staff=members)
    assert staff(database_sessions) == (
        StaffMember("Dana Cole", "dana@desk.example", frozenset({"Sales"}), "admin"),
        StaffMember("Sam Lee", "sam@desk.example", frozenset({"Support", "Billing"}), "agent"),
    )
