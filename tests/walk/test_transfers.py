"""Transfers to the provider: the checks made for the client, and the code that is kept nowhere."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from core.backends.local import domains, tables
from core.models import TicketMessage
from core.ports import Domain
from tests.desk import TestDesk
from tests.walk.test_domains import code_in, domain, invoices, names

SECRET = "Bread#7-rises"


def ordered(desk: TestDesk) -> Domain:
    question = desk.says("alice", "Please transfer sourdough.example to you").to("alice")
    desk.says("alice", f"{code_in(question)}\nEPP code: {SECRET}", reply_to=question)
    return domain(desk, "sourdough.example")


def everything_kept(desk: TestDesk) -> str:
    """Every table but the raw mails (kept apart, for a day) and the registrar's own, as text."""
    kept = []
    with desk.app.sessions() as session:
        tables_here = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for name in tables_here:
            if name not in ("blob", "local_domain"):
                kept += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608
    return "\n".join(kept)


def test_a_transfer_is_ordered_with_both_codes_in_one_answer(desk: TestDesk) -> None:
    found = ordered(desk)
    assert (found.status, found.transfer_requested) == ("Pending Transfer", None)
    with desk.app.sessions() as session:
        assert session.get_one(tables.Domain, found.id).auth_code == SECRET
    assert "INV-" in desk.says("alice", "Status of my transfer?").to("alice")


def test_the_transfer_code_is_in_no_ticket_letter_or_record(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    ordered(desk)
    assert SECRET not in everything_kept(desk)
    assert not [mail for mail in desk.letters() if SECRET in mail.message.as_string()]


def test_a_transfer_code_in_the_first_mail_is_neither_kept_nor_repeated(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", f"Please bring sourdough.example over to you. EPP code: {SECRET}")
    assert SECRET not in everything_kept(desk)
    assert all(SECRET not in mail.message.as_string() for mail in mails)


def test_an_answer_without_the_transfer_code_orders_nothing_and_says_what_to_do(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    before = len(invoices(desk))
    question = desk.says("alice", "Please transfer sourdough.example to you").to("alice")
    answer = desk.says("alice", code_in(question), reply_to=question).to("alice")
    assert "Nothing was ordered" in answer and "EPP code:" in answer
    assert "sourdough.example" not in names(desk) and len(invoices(desk)) == before


@pytest.mark.parametrize(
    ("name", "why"), [("locked-loaf.example", "locked at Other Registrar"), ("new-oven.example", "31 December 2026")]
)
def test_what_cannot_leave_its_registrar_is_not_ordered_and_the_reason_is_told(
    desk_on_sqlite: TestDesk, name: str, why: str
) -> None:
    for asked in (f"Please transfer {name} to you", f"Can {name} be transferred?"):
        mail = desk_on_sqlite.says("alice", asked).to("alice")
        assert why in mail.text.replace("\n", " ") and "Nothing was ordered" in mail.text.replace("\n", " ")
    assert name not in names(desk_on_sqlite)


def test_a_lock_that_was_switched_on_since_the_question_stops_the_order(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please transfer sourdough.example to you").to("alice")
    with desk.app.sessions.begin() as session:
        session.get_one(tables.RegistryEntry, "sourdough.example").locked = True
    desk.says("alice", f"{code_in(question)}\nEPP code: {SECRET}", reply_to=question)
    assert "sourdough.example" not in names(desk)


def test_another_client_s_domain_is_for_a_person_and_nothing_is_told_of_its_holder(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Please transfer hale.example to you")
    assert mails.all_to("dana") and "Hale" not in mails.to("alice").text.replace("hale.example", "")


def test_one_s_own_domain_and_one_on_its_way_are_not_transferred_again(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "is with us already" in desk.says("alice", "Please transfer bakery.example to you").to("alice")
    assert "on its way" in desk.says("alice", "Please transfer rye-bakery.example to you").to("alice")
    assert "nothing to transfer" in desk.says("alice", "Can bread.example be transferred?").to("alice")


def test_progress_is_told_by_the_day_it_began_and_what_holds_it_up(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "4 December 2026" in desk.says("alice", "Status of my transfer?").to("alice")
    with desk.app.sessions.begin() as session:
        session.get_one(tables.RegistryEntry, "rye-bakery.example").locked = True
    assert "is held up" in desk.says("alice", "Status of my transfer?").to("alice")
    with desk.app.sessions.begin() as session:
        session.get_one(tables.RegistryEntry, "rye-bakery.example").locked = False
    desk.clock.advance(days=10)
    assert "longer than the usual" in desk.says("alice", "Status of my transfer?").to("alice")


def test_the_transfer_begins_with_the_payment_and_the_code_is_let_go(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    found = ordered(desk)
    with desk.app.sessions.begin() as session:
        domains.paid(session, invoices(desk)[0].id, date(2026, 11, 26))
    assert domain(desk, "sourdough.example").transfer_requested == date(2026, 11, 26)
    with desk.app.sessions() as session:
        assert session.get_one(tables.Domain, found.id).auth_code == ""


@pytest.mark.parametrize("line", ["Xy7-kk21!", "code: Xy7-kk21!", "\nXy7-kk21!"])
def test_a_bare_code_below_ours_is_used_and_not_kept(desk_on_sqlite: TestDesk, line: str) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please transfer sourdough.example to you").to("alice")
    desk.says("alice", f"{code_in(question)}\n{line}", reply_to=question)
    found = domain(desk, "sourdough.example")
    with desk.app.sessions() as session:
        assert session.get_one(tables.Domain, found.id).auth_code == "Xy7-kk21!"
        texts = session.scalars(select(TicketMessage.text)).all()
    assert not any("Xy7-kk21" in said for said in texts)


@pytest.mark.parametrize("line", ["Thanks!", "Regards,", "Alice"])
def test_a_courtesy_below_our_code_is_no_transfer_code(desk_on_sqlite: TestDesk, line: str) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please transfer sourdough.example to you").to("alice")
    answer = desk.says("alice", f"{code_in(question)}\n{line}", reply_to=question).to("alice")
    assert "Nothing was ordered" in answer
