"""What clients are told without asking: once, by preference, at a decent hour, and answerable in a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread

import pytest

from bot import i18n
from bot.app import schedule
from core import reminders
from core.dialogs import OFFERS
from core.ports import Client, Domain, Invoice, PayMethod, Transaction
from core.reminders import Account, step_reached
from core.schedule import Hours, Schedule
from tests.desk import Mails, TestDesk

TODAY = date(2026, 11, 25)
ALICE = Client("1001", "Alice", "Martin", "alice@bakery.example", email_preferences=frozenset({"invoice", "domain"}))


def invoice(due: int, *, status: str = "Unpaid", issued: int = -30, paid: int | None = None) -> Invoice:
    """Due so many days from today."""
    payments = (Transaction(TODAY + timedelta(days=paid), "card", Decimal(10)),) if paid is not None else ()
    return Invoice(
        id="9002",
        client_id="1001",
        number="INV-9002",
        date=TODAY + timedelta(days=issued),
        due_date=TODAY + timedelta(days=due),
        status=status,
        currency="EUR",
        total=Decimal(10),
        balance=Decimal(0 if status == "Paid" else 10),
        transactions=payments,
    )


def keys(*invoices: Invoice, domains: Iterable[Domain] = (), cards: Iterable[PayMethod] = ()) -> list[str]:
    account = Account(ALICE, invoices=invoices, domains=tuple(domains), pay_methods=tuple(cards))
    return [notice.key for notice in reminders.due(account, TODAY)]


@pytest.mark.parametrize(
    ("due", "key"),
    [
        (8, []),
        (7, ["invoice/9002/-7"]),
        (5, ["invoice/9002/-7"]),
        (4, []),
        (3, ["invoice/9002/-3"]),
        (1, ["invoice/9002/-1"]),
        (0, ["invoice/9002/-1"]),
        (-1, ["invoice/9002/+1"]),
        (-4, []),
        (-5, ["invoice/9002/+5"]),
        (-10, ["invoice/9002/+10"]),
        (-13, []),
        (-400, []),
    ],
)
def test_an_invoice_is_told_of_by_the_ladder_and_a_step_that_was_missed_long_ago_never(
    due: int, key: list[str]
) -> None:
    assert keys(invoice(due)) == key


def test_a_new_invoice_and_a_payment_are_told_of_while_they_are_news() -> None:
    assert keys(invoice(20, issued=0)) == ["invoice/9002/new"]
    assert keys(invoice(20, issued=-5)) == []
    assert keys(invoice(-9, status="Paid", paid=-1)) == ["invoice/9002/paid"]
    assert keys(invoice(-9, status="Paid", paid=-9)) == []
    assert keys(invoice(-9, status="Cancelled")) == []


@pytest.mark.parametrize(
    ("ends", "step"), [(61, None), (60, -60), (30, -30), (29, -30), (27, None), (7, -7), (1, -1), (-3, 3), (-30, None)]
)
def test_a_domain_is_told_of_before_and_after_its_end(ends: int, step: int | None) -> None:
    domain = Domain("701", "1001", "bakery.example", "Active", expires=TODAY + timedelta(days=ends))
    day = domain.expires
    assert keys(domains=[domain]) == ([] if step is None else [f"domain/701/{day}/{step:+d}"])


def test_a_domain_that_left_is_nobody_s_concern() -> None:
    gone = Domain("701", "1001", "bakery.example", "Transferred Away", expires=TODAY + timedelta(days=7))
    assert keys(domains=[gone]) == []


def test_a_card_ends_with_the_last_day_of_its_month() -> None:
    assert keys(cards=[PayMethod("2", "1001", "card", "ending 5100", expires="2026-12")]) == []
    assert keys(cards=[PayMethod("2", "1001", "card", "ending 5100", expires="2026-11")]) == ["card/2/2026-11/-7"]


def test_of_several_steps_that_passed_in_one_jump_of_the_clock_only_the_last_is_told() -> None:
    assert step_reached(TODAY - timedelta(days=5), (-7, -3, -1, 1, 5, 10), TODAY) == 5
    assert step_reached(TODAY, (), TODAY) is None


# ------------------------------------------------------------------------------------------------ on a desk


def due_on(desk: TestDesk, day: date, hour: int = 12) -> Mails:
    """The clock shows that hour (UTC), and rings."""
    desk.clock.now = desk.clock.now.replace(year=day.year, month=day.month, day=day.day, hour=hour, minute=0)
    before = {mail.message_id for mail in desk.letters()}
    desk.rings()
    return Mails([mail for mail in desk.letters() if mail.message_id not in before])


DAY = date(2026, 11, 30)
"""Alice's bakery-shop.example is suspended; invoice INV-9101 of Victor is due in four days."""


def test_nothing_is_ever_told_twice(desk: TestDesk) -> None:
    first = due_on(desk, date(2026, 12, 1))
    assert [mail.subject for mail in first.all_to("victor")] == ["Invoice INV-9101, due on 4 December 2026"]
    desk.app.around = replace(desk.app.around)  # A restart forgets what was looked at.
    assert len(due_on(desk, date(2026, 12, 1), 13)) == 0
    assert len(due_on(desk, date(2026, 12, 1), 19)) == 0


def test_two_processes_that_ring_at_once_send_each_letter_once(desk: TestDesk) -> None:
    desk.clock.advance(days=6)
    desk.clock.now = desk.clock.now.replace(hour=12)
    together = Barrier(4)
    problems: list[BaseException] = []

    def ring() -> None:
        own = schedule(desk.app)
        together.wait()
        try:
            own.ring()
        except BaseException as problem:
            problems.append(problem)

    threads = [Thread(target=ring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subjects = [(mail.to, mail.subject) for mail in desk.letters()]
    assert subjects and len(subjects) == len(set(subjects))
    assert problems == []


def test_a_month_of_downtime_brings_no_flood(desk_on_sqlite: TestDesk) -> None:
    late = due_on(desk_on_sqlite, date(2027, 1, 15))
    per_thing = [mail.subject for mail in late.all_to("alice")]
    assert len(per_thing) == len(set(per_thing)) <= 3


def test_nobody_is_told_at_night(desk_on_sqlite: TestDesk) -> None:
    """Alice lives in Paris (UTC+1), Victor in London."""
    assert len(due_on(desk_on_sqlite, date(2026, 12, 1), 3)) == 0
    early = due_on(desk_on_sqlite, date(2026, 12, 1), 8)
    assert {mail.to for mail in early} <= {"alice@bakery.example", "bob@bakery.example"}
    assert "victor@hale.example" in {mail.to for mail in due_on(desk_on_sqlite, date(2026, 12, 1), 9)}
    assert len(due_on(desk_on_sqlite, date(2026, 12, 2), 23)) == 0


def test_who_does_not_want_a_kind_of_mail_does_not_get_it(desk_on_sqlite: TestDesk) -> None:
    letters = due_on(desk_on_sqlite, date(2026, 12, 1))
    """Bob wants what is about invoices; the card is what pays them."""
    assert {mail.subject for mail in letters.all_to("bob")} == {
        "Invoice INV-9004, due on 2 December 2026",
        "Your card on file ends on 31 December 2026",
    }
    late = due_on(desk_on_sqlite, date(2026, 12, 8))
    assert [mail.to for mail in late if "alice-cakes" in mail.subject] == ["alice@bakery.example"]


def test_what_the_operator_leaves_to_the_billing_system_is_not_sent(desk_on_sqlite: TestDesk) -> None:
    desk_on_sqlite.clock.advance(days=6)
    own = Schedule(desk_on_sqlite.app.around, Hours(0, 24, frozenset({"domain"})))
    own.ring()
    assert [mail for mail in desk_on_sqlite.letters() if "Invoice" in mail.subject] == []


def test_a_notice_is_answered_in_a_word_and_the_answer_is_about_its_thing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notice = due_on(desk, date(2026, 12, 1)).to("victor")
    shown = desk.says("victor", "show", reply_to=notice).to("victor")
    assert "INV-9101" in shown.subject


def test_the_answer_of_somebody_else_to_a_notice_shows_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notice = due_on(desk, date(2026, 12, 1)).to("victor")
    stolen = desk.says("mallory", "show", reply_to=notice)
    assert all("INV-9101" not in mail for mail in stolen.all_to("mallory"))
    forged = desk.says("victor", "show", reply_to=notice, proved=False)
    assert all(mail.kind in ("ask-back", "notification") for mail in forged)


def test_a_longer_answer_to_a_notice_is_read_by_a_person(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notice = due_on(desk, date(2026, 12, 1)).to("victor")
    answer = desk.says("victor", "We never ordered this, so please explain.", reply_to=notice)
    assert desk.ticket()["status"] == "Open"
    assert answer.all_to("sam") or answer.all_to("dana")


def test_every_word_that_a_notice_offers_is_known() -> None:
    folder = Path(__file__).parents[2] / "templates" / "replies"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("notice_*.html")]
    asked = {word for text in texts for word in re.findall(r'_\("([A-Z]+)"\)', text)}
    assert {"PAY", "RENEW", "KEEP"} <= asked
    for language in i18n.LANGUAGES:
        gettext = i18n.translations(language).gettext
        unknown = {word for word in asked if gettext(word).lower() not in OFFERS[word.lower()].split()}
        assert not unknown, language


def test_a_suspended_service_names_the_invoice_that_is_for_it_and_no_other(desk_on_sqlite: TestDesk) -> None:
    told = due_on(desk_on_sqlite, date(2026, 11, 26)).all_to("alice")
    suspended = next(mail for mail in told if "suspended" in mail.subject)
    assert "INV-9002" in suspended and "INV-9004" not in suspended


def test_the_lines_of_an_invoice_add_up_to_what_is_due(desk_on_sqlite: TestDesk) -> None:
    told = due_on(desk_on_sqlite, date(2026, 11, 26)).all_to("alice")
    invoice = next(mail for mail in told if "INV-9004" in mail.subject)
    lines, _, owed = invoice.text.partition("Owed  ")
    amounts = [Decimal(found) for found in re.findall(r"€([\d.]+)$", lines, re.MULTILINE)]
    assert sum(amounts) == Decimal("58.80") and "€58.80" in owed
