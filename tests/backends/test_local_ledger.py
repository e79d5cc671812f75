"""What a ledger promises about credit, funds, payments and quotes: a test for each promise, for any backend."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.app import local_systems
from bot.importing import load, read_document
from core.database import Sessions
from core.errors import Rejected, Unavailable
from core.ports import Domain, Invoice, Quote, Systems
from tests.backends.documents import ALICE, COMPANY, SATURN, STARTER, VICTOR, document, domain, invoice, service

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TLD = {"tld": "example", "register": "10.00", "renew": "12.00", "transfer": "12.00"}
OFFER = {
    "id": 7,
    "subject": "A shop",
    "stage": "Delivered",
    "valid_until": "2026-12-31",
    "items": [{"description": "Set-up", "amount": "480.00"}, {"description": "Training", "amount": "160.00"}],
}


def systems(sessions: Sessions, *, company: dict[str, Any] | None = None, **parts: Any) -> Systems:
    """Alice with 20.00 of credit and two open invoices, 6.00 and 58.80."""
    alice = {
        **ALICE,
        "credit": "20.00",
        "credit_log": [{"date": "2026-09-14", "description": "Funds added", "amount": "20.00"}],
        "invoices": [invoice(1, "6.00", number="INV-1"), invoice(2, "58.80", number="INV-2")],
        **parts,
    }
    limits = {"funds_minimum": "10.00", "funds_maximum": "500.00", **(company or {})}
    content = document(
        company={**COMPANY, **limits}, products=[STARTER], servers=[SATURN], tlds=[TLD], clients=[alice, VICTOR]
    )
    load(sessions, read_document(content))
    return local_systems(sessions, lambda: NOW)


def of(behind: Systems, number: str) -> Invoice:
    return next(one for one in behind.billing.invoices("1001") if one.number == number)


def credit(behind: Systems) -> Decimal:
    return behind.billing.client("1001").credit


def quote(behind: Systems) -> Quote:
    return behind.ledger.quotes("1001")[0]


def test_credit_pays_an_invoice_and_is_gone_from_the_account(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    behind.ledger.apply_credit(of(behind, "INV-1"), Decimal("6.00"))
    paid = of(behind, "INV-1")
    assert (paid.status, paid.balance, paid.credit, credit(behind)) == ("Paid", 0, 6, 14)


def test_credit_pays_a_part_and_the_rest_stays_owed(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    behind.ledger.apply_credit(of(behind, "INV-2"), Decimal("20.00"))
    left = of(behind, "INV-2")
    assert (left.status, left.balance, credit(behind)) == ("Unpaid", Decimal("38.80"), 0)


@pytest.mark.parametrize("amount", ["20.01", "6.01", "0.00", "-5.00"])
def test_more_than_is_owed_or_there_is_never_used(database_sessions: Sessions, amount: str) -> None:
    behind = systems(database_sessions)
    with pytest.raises(Rejected):
        behind.ledger.apply_credit(of(behind, "INV-1"), Decimal(amount))
    assert credit(behind) == 20 and of(behind, "INV-1").balance == 6


def test_a_paid_invoice_takes_no_more_credit_whatever_the_caller_remembers(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    before = of(behind, "INV-1")
    behind.ledger.apply_credit(before, Decimal("6.00"))
    with pytest.raises(Rejected, match="not open"):
        behind.ledger.apply_credit(before, Decimal("6.00"))
    assert credit(behind) == 14


def test_two_at_once_never_use_the_same_credit_twice(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    before, start = of(behind, "INV-2"), threading.Barrier(4)

    def use() -> None:
        start.wait()
        try:
            behind.ledger.apply_credit(before, Decimal("20.00"))
        except Exception as error:  # a lock that was not had in time is a no as well
            assert isinstance(error, Rejected | Unavailable) or "lock" in str(error).lower(), error

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (of(behind, "INV-2").balance, credit(behind)) == (Decimal("38.80"), 0)


def test_another_client_s_invoice_is_not_there(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    strange = of(behind, "INV-1")
    with pytest.raises(Rejected):
        behind.ledger.apply_credit(
            Invoice(**{**{f: getattr(strange, f) for f in strange.__slots__}, "client_id": "1002"}), Decimal("1.00")
        )


def test_the_credit_log_tells_what_was_used_newest_first(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    behind.ledger.apply_credit(of(behind, "INV-1"), Decimal("6.00"))
    log = behind.ledger.credit_log("1001")
    assert [(entry.amount, entry.description) for entry in log] == [(-6, "Used for INV-1"), (20, "Funds added")]
    assert sum(entry.amount for entry in log) == credit(behind)


def test_what_slept_for_an_invoice_runs_again_when_credit_pays_it(database_sessions: Sessions) -> None:
    asleep = service(
        5,
        domain="shop.example",
        next_due_date="2026-11-12",
        status="Suspended",
        suspension_reason="Invoice INV-1 is overdue",
    )
    bill = invoice(1, number="INV-1", items=[{"description": "x", "amount": "6.00", "type": "Hosting", "relid": 5}])
    behind = systems(database_sessions, services=[asleep], invoices=[bill])
    behind.ledger.apply_credit(of(behind, "INV-1"), Decimal("6.00"))
    (awake,) = behind.billing.services("1001")
    assert (awake.status, awake.suspension_reason, str(awake.next_due_date)) == ("Active", "", "2026-12-12")


def test_credit_that_pays_a_renewal_renews_the_domain(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, domains=[domain(9, "bakery.example", expires="2027-05-02")])
    mine: Domain = behind.billing.domains("1001")[0]
    behind.ledger.apply_credit(behind.shop.renew_domain(mine, 1), Decimal("12.00"))
    assert str(behind.billing.domains("1001")[0].expires) == "2028-05-02"


def test_funds_are_an_unpaid_invoice_that_credit_cannot_pay(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    made = behind.ledger.add_funds("1001", Decimal("20.00"))
    assert (made.status, made.balance, made.total) == ("Unpaid", 20, 20) and of(behind, made.number) == made
    assert credit(behind) == 20
    with pytest.raises(Rejected, match="cannot be paid from credit"):
        behind.ledger.apply_credit(made, Decimal("20.00"))


@pytest.mark.parametrize("amount", ["9.99", "500.01", "0", "-10"])
def test_funds_stay_within_the_provider_s_limits(database_sessions: Sessions, amount: str) -> None:
    behind = systems(database_sessions)
    with pytest.raises(Rejected):
        behind.ledger.add_funds("1001", Decimal(amount))
    assert len(behind.billing.invoices("1001")) == 2


def test_transactions_are_newest_first_refunds_negative_and_name_their_invoice(database_sessions: Sessions) -> None:
    entries = [
        {"id": 1, "date": "2026-11-02", "gateway": "card", "amount_in": "6.00", "reference": "ch-1"},
        {"id": 2, "date": "2026-11-09", "gateway": "card", "amount_out": "6.00"},
    ]
    behind = systems(
        database_sessions, invoices=[invoice(1, "6.00", number="INV-1", status="Refunded", transactions=entries)]
    )
    found = behind.ledger.transactions("1001")
    assert [(str(one.date), one.amount, one.invoice_number) for one in found] == [
        ("2026-11-09", -6, "INV-1"),
        ("2026-11-02", 6, "INV-1"),
    ]
    assert behind.ledger.transactions("1002") == []


def test_an_accepted_quote_is_an_invoice_with_its_lines_once(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, quotes=[OFFER])
    before = quote(behind)
    made = behind.ledger.accept_quote(before)
    assert (made.total, made.status, [item.description for item in made.items]) == (
        640,
        "Unpaid",
        ["Set-up", "Training"],
    )
    assert quote(behind).stage == "Accepted"
    for again in (behind.ledger.accept_quote, behind.ledger.decline_quote):
        with pytest.raises(Rejected, match="not open"):
            again(before)
    assert len(behind.billing.invoices("1001")) == 3


def test_a_declined_quote_cannot_be_accepted(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, quotes=[OFFER])
    before = quote(behind)
    behind.ledger.decline_quote(before)
    assert quote(behind).stage == "Lost"
    with pytest.raises(Rejected):
        behind.ledger.accept_quote(before)


def test_a_quote_that_ran_out_cannot_be_accepted(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, quotes=[{**OFFER, "valid_until": "2026-11-24"}])
    with pytest.raises(Rejected, match="valid until"):
        behind.ledger.accept_quote(quote(behind))
    assert len(behind.billing.invoices("1001")) == 2


def test_drafts_are_no_quotes_and_the_newest_comes_first(database_sessions: Sessions) -> None:
    behind = systems(database_sessions, quotes=[OFFER, {**OFFER, "id": 10}, {**OFFER, "id": 11, "stage": "Draft"}])
    assert [one.id for one in behind.ledger.quotes("1001")] == ["10", "7"]
    assert behind.ledger.quotes("1002") == []


def test_open_invoices_have_a_page_on_which_they_are_paid(database_sessions: Sessions) -> None:
    behind = systems(database_sessions)
    assert behind.ledger.pay_page(behind.billing.invoices("1001")) == "https://portal.desk.example"
