"""Numbers of new invoices and orders: the next free ones, also when many draw at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

from bot.demodata import WRITTEN_FOR, demo_document
from bot.importing import load, read_document
from core.backends.local.invoicing import new_invoice, new_order
from core.database import Sessions
from tests.backends.documents import ALICE, COMPANY, document, invoice

TODAY = date(2026, 11, 25)


def make_invoice(sessions: Sessions) -> tuple[str, str]:
    with sessions.begin() as session:
        made = new_invoice(session, "1001", [("Item", None, "Work", Decimal("5.00"))], today=TODAY, due=TODAY)
        return made.id, made.number


def make_order(sessions: Sessions) -> tuple[str, str]:
    with sessions.begin() as session:
        made = new_order(session, "1001", [], today=TODAY, invoice_id=None, amount=Decimal(0))
        return made.id, made.number


def test_the_next_id_follows_the_highest_number_and_leaves_words_alone(database_sessions: Sessions) -> None:
    bills = [{**invoice(1, "5.00"), "id": key, "number": key} for key in ("99", "100", "2026-7", "ZZZ")]
    load(database_sessions, read_document(document(company=COMPANY, clients=[{**ALICE, "invoices": bills}])))
    assert [make_invoice(database_sessions) for _ in range(2)] == [("101", "INV-101"), ("102", "INV-102")]


def test_a_number_that_somebody_has_under_another_id_is_passed_over(database_sessions: Sessions) -> None:
    bills = [invoice(7, "5.00", number="INV-8")]
    load(database_sessions, read_document(document(company=COMPANY, clients=[{**ALICE, "invoices": bills}])))
    assert make_invoice(database_sessions) == ("9", "INV-9")


def test_the_first_of_all_is_one(database_sessions: Sessions) -> None:
    load(database_sessions, read_document(document(company=COMPANY, clients=[ALICE])))
    assert (make_invoice(database_sessions), make_order(database_sessions)) == (("1", "INV-1"), ("1", "202611251"))


def test_fifty_at_the_same_moment_have_numbers_of_their_own(database_sessions: Sessions) -> None:
    load(database_sessions, demo_document(WRITTEN_FOR))
    with ThreadPoolExecutor(8) as pool:
        invoices = list(pool.map(lambda _: make_invoice(database_sessions), range(50)))
        orders = list(pool.map(lambda _: make_order(database_sessions), range(50)))
    assert len(set(invoices)) == 50 and len(set(orders)) == 50
    assert {int(key) for key, _ in invoices} == set(range(9102, 9152))
