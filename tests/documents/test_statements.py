"""The statement of account: what it counts, and that it ends at what is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period
from core.ports import CreditEntry, Invoice, Transaction
from core.statements import statement

ALWAYS = Period(date(2000, 1, 1), date(2100, 1, 1))


def invoice(number: str, day: date, total: str, balance: str = "0", status: str = "Paid", credit: str = "0") -> Invoice:
    return Invoice(
        number, "1", number, day, day, status, "EUR", Decimal(total), Decimal(balance), credit=Decimal(credit)
    )


def paid(number: str, day: date, amount: str) -> Transaction:
    return Transaction(day, "card", Decimal(amount), "", number)


def kinds(*args: object) -> list[tuple[str, str, Decimal]]:
    made = statement(*args)  # type: ignore[arg-type]
    return [(line.kind, line.invoice_number, line.amount) for line in made.lines]


def test_charges_and_payments_stand_by_day_and_the_charge_first() -> None:
    one, two = invoice("A", date(2026, 2, 1), "10"), invoice("B", date(2026, 1, 1), "20", "20", "Unpaid")
    lines = kinds([one, two], [paid("A", date(2026, 2, 1), "10")], [], ALWAYS)
    assert lines == [("invoice", "B", 20), ("invoice", "A", 10), ("payment", "A", -10)]


def test_what_was_before_is_brought_forward_and_what_is_later_left_out() -> None:
    old, new = invoice("A", date(2025, 5, 1), "10", "10", "Unpaid"), invoice("B", date(2027, 1, 1), "5", "5", "Unpaid")
    made = statement([old, new], [], [], Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert (made.opening, made.closing, made.lines) == (10, 10, ())


def test_credit_is_counted_on_the_day_of_its_use() -> None:
    one = invoice("INV-1", date(2026, 1, 1), "10", credit="10")
    used = CreditEntry(date(2026, 3, 4), "Used for INV-1", Decimal(-10))
    made = statement([one], [], [used], ALWAYS)
    assert [(line.kind, line.date) for line in made.lines] == [
        ("invoice", date(2026, 1, 1)),
        ("credit", date(2026, 3, 4)),
    ]


def test_credit_used_for_another_invoice_with_a_longer_number_is_not_this_one() -> None:
    one = invoice("INV-1", date(2026, 1, 1), "10", credit="10")
    used = CreditEntry(date(2026, 3, 4), "Used for INV-12", Decimal(-10))
    assert statement([one], [], [used], ALWAYS).lines[1].date == date(2026, 1, 1)


def test_a_cancelled_invoice_that_nobody_paid_is_not_there() -> None:
    assert kinds([invoice("A", date(2026, 1, 1), "10", status="Cancelled")], [], [], ALWAYS) == []


def test_a_refunded_invoice_ends_at_nothing() -> None:
    one = invoice("A", date(2026, 1, 1), "10", status="Refunded")
    entries = [paid("A", date(2026, 1, 2), "10"), paid("A", date(2026, 1, 9), "-10")]
    made = statement([one], entries, [], ALWAYS)
    assert [line.kind for line in made.lines] == ["invoice", "payment", "refund", "adjustment"] and made.closing == 0


amounts = st.decimals(min_value=0, max_value=500, places=2)
days = st.dates(min_value=date(2025, 1, 1), max_value=date(2026, 12, 31))


@given(st.lists(st.tuples(days, amounts, amounts, amounts, st.booleans()), max_size=8), days)
def test_it_always_ends_at_what_is_owed_and_a_cut_in_time_loses_nothing(
    rows: list[tuple[date, Decimal, Decimal, Decimal, bool]], cut: date
) -> None:
    invoices, payments = [], []
    for number, (day, total, part, credit, open_) in enumerate(rows):
        balance = total - part - credit if open_ else Decimal(0)
        status = "Unpaid" if open_ else "Paid"
        invoices.append(replace(invoice(str(number), day, str(total), str(balance), status), credit=credit))
        if part:
            payments.append(paid(str(number), day, str(part)))
    whole = statement(invoices, payments, [], ALWAYS)
    assert whole.closing == sum((one.balance for one in invoices), Decimal(0))
    before = statement(invoices, payments, [], Period(ALWAYS.start, cut))
    after = statement(invoices, payments, [], Period(date.fromordinal(cut.toordinal() + 1), ALWAYS.end))
    assert before.closing == after.opening and after.closing == whole.closing
    assert len(before.lines) + len(after.lines) == len(whole.lines)
