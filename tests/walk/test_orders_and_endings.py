"""Orders that need a hand, services that wait for their payment or end by the clock, and mails that go out again."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot.app import schedule
from core.backends.local import tables
from core.errors import Unavailable, Unsupported
from core.models import Audit, JournalEntry, Letter
from core.ports import Service
from tests.desk import Mails, TestDesk
from tests.walk.test_services import confirms, invoices, service

WORDPRESS = "Please install WordPress on bakery.example, below /blog."


def note_to(mails: Mails, who: str) -> str:
    (note,) = [mail for mail in mails.all_to(who) if mail.kind == "notification"]
    return note.text


# ------------------------------------------------------------------------------------------- what a person does


def test_an_add_on_becomes_support_s_ticket_with_what_was_asked_and_ordered(desk: TestDesk) -> None:
    mails = confirms(desk, "alice", WORDPRESS)
    (answer,) = mails.of_kind("answer")
    ticket = desk.ticket()
    assert (ticket["department"], ticket["status"]) == ("Support", "Open")
    assert "done by a person: Support has it" in answer.text.replace("\n", " ")
    told = note_to(mails, "sam").replace("\n", " ")
    assert "below /blog" in told and "Set up WordPress Addon for bakery.example" in told
    order = desk.app.around.systems.shop.orders("1001")[0]
    assert order.number in told and invoices(desk)[0].number in told


def test_whoever_was_written_to_it_is_done_where_it_is_done(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", WORDPRESS, to="billing@desk.example").to("alice")
    assert desk.ticket()["department"] == "Billing"
    code = question.text.split("Your code:")[1].split()[0]
    desk.says("alice", code, reply_to=question)
    assert desk.ticket()["department"] == "Support"


def test_an_order_whose_answer_was_lost_still_reaches_who_does_it(desk_on_sqlite: TestDesk) -> None:
    """The act is in the journal, and nothing else of that walk was committed."""
    desk = desk_on_sqlite
    question = desk.says("alice", WORDPRESS).to("alice")
    dialog = desk.app.around.tokens.read_address(question.reply_to)
    assert dialog is not None
    with desk.app.sessions.begin() as session:
        lost = JournalEntry(arrival_id=dialog.id, step="act service.addon_order", state="done", result="7", at=NOW)
        session.add(lost)
    before = len(invoices(desk))
    code = question.text.split("Your code:")[1].split()[0]
    mails = desk.says("alice", code, reply_to=question)
    assert len(invoices(desk)) == before
    assert "Set up WordPress Addon for bakery.example" in note_to(mails, "sam").replace("\n", " ")


NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_question_that_is_asked_anew_keeps_what_was_written(desk_on_sqlite: TestDesk) -> None:
    """Staff read the wish, and not the code that confirmed a question which was out of date."""
    desk = desk_on_sqlite
    first = desk.says("alice", WORDPRESS).to("alice")
    with desk.app.sessions.begin() as session:
        row = session.get(tables.ProductPrice, ("23", "onetime"))
        assert row is not None
        row.amount += 1
    again = desk.says("alice", first.text.split("Your code:")[1].split()[0], reply_to=first).to("alice")
    mails = desk.says("alice", again.text.split("Your code:")[1].split()[0], reply_to=again)
    assert "below /blog" in note_to(mails, "sam")


def test_a_hosting_plan_needs_nobody_and_a_server_does(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert not confirms(desk, "alice", "I'd like the Business plan for rolls.example, yearly.").all_to("sam")
    mails = confirms(desk, "alice", "I want to order the VPS 8 plan, monthly")
    assert "Set up VPS 8 (Monthly)" in note_to(mails, "sam")


def test_what_is_open_for_a_service_that_ends_is_told_to_billing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = confirms(desk, "alice", "Terminate bakery.example at the end of the period")
    assert desk.ticket()["department"] == "Billing" and desk.ticket()["status"] == "Open"
    assert "INV-9004" in note_to(mails, "sam")
    alone = confirms(desk, "alice", "Terminate orders.bakery.example at the end of the period")
    assert not alone.all_to("sam")


# ------------------------------------------------------------------------------------------- the clock ends it


def rings_on(desk: TestDesk, day: int, month: int = 12) -> Mails:
    desk.clock.now = desk.clock.now.replace(month=month, day=day, hour=12)
    before = {mail.message_id for mail in desk.letters()}
    desk.rings()
    return Mails([mail for mail in desk.letters() if mail.message_id not in before])


def ended(mails: Mails) -> list[str]:
    return [mail.to for mail in mails if mail.subject == "bakery.example has ended"]


def cancelled(desk: TestDesk) -> None:
    confirms(desk, "alice", "Terminate bakery.example at the end of the period")


def test_a_cancelled_service_runs_to_the_end_of_its_period_and_ends_that_day(desk: TestDesk) -> None:
    cancelled(desk)
    assert ended(rings_on(desk, 1)) == [] and service(desk).status == "Active"
    told = rings_on(desk, 2)
    assert ended(told) == ["alice@bakery.example"]
    assert service(desk).status == "Cancelled" and {one.status for one in service(desk).addons} == {"Cancelled"}
    bills = {one.number: one.status for one in invoices(desk)}
    assert (bills["INV-9004"], bills["INV-9002"]) == ("Cancelled", "Unpaid")


def test_after_days_of_downtime_it_ends_once_and_is_told_once(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    cancelled(desk)
    assert ended(rings_on(desk, 11)) == ["alice@bakery.example"]
    desk.app.around = replace(desk.app.around)  # A restart forgets what was looked at.
    assert ended(rings_on(desk, 12)) == [] and service(desk).status == "Cancelled"
    with desk.app.sessions() as session:
        assert len(session.scalars(select(Audit).where(Audit.action == "service.ended")).all()) == 1


def test_what_was_withdrawn_goes_on(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    cancelled(desk)
    desk.says("alice", "Keep bakery.example after all")
    rings_on(desk, 3)
    assert service(desk).status == "Active"


def test_an_end_that_was_never_told_is_told_late(desk_on_sqlite: TestDesk) -> None:
    """The process died between the end and the letter."""
    desk = desk_on_sqlite
    cancelled(desk)
    desk.clock.now = desk.clock.now.replace(month=12, day=2)
    assert len(desk.app.around.systems.hosting.end_due(desk.clock.now.date())) == 1
    assert ended(rings_on(desk, 5)) == ["alice@bakery.example"]


def test_an_invoice_with_other_things_on_it_stays_for_a_person(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    with desk.app.sessions.begin() as session:
        item = tables.InvoiceItem(
            invoice_id="9004", position=9, type="Item", relid=None, description="Advice, one hour", amount=80
        )
        session.add(item)
    cancelled(desk)
    rings_on(desk, 2)
    assert {one.number: one.status for one in invoices(desk)}["INV-9004"] == "Unpaid"


def test_two_clocks_end_it_once(desk: TestDesk) -> None:
    cancelled(desk)
    desk.clock.now = desk.clock.now.replace(month=12, day=2, hour=12)
    together, found = Barrier(3), []

    def end() -> None:
        together.wait()
        found.extend(desk.app.around.systems.hosting.end_due(desk.clock.now.date()))

    threads = [Thread(target=end) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.domain for one in found] == ["bakery.example"]


@pytest.mark.parametrize("problem", [Unsupported("end_due"), Unavailable("closed for the night")])
def test_a_billing_system_that_ends_nothing_keeps_no_notice_back(desk_on_sqlite: TestDesk, problem: Exception) -> None:
    desk = desk_on_sqlite

    class Elsewhere:
        def __getattr__(self, name: str) -> object:
            return getattr(hosting, name)

        def end_due(self, today: object) -> list[Service]:
            raise problem

    hosting = desk.app.around.systems.hosting
    systems = replace(desk.app.around.systems, hosting=Elsewhere())  # type: ignore[arg-type]
    desk.app.around = replace(desk.app.around, systems=systems)
    desk.clock.now = desk.clock.now.replace(month=12, day=1, hour=12)
    assert schedule(desk.app).ring() > 0


# ------------------------------------------------------------------------------------------- waiting for payment


def test_what_was_ordered_is_among_the_services_until_it_is_paid_or_withdrawn(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirms(desk, "alice", "I'd like the Starter plan for crumbs.example, monthly")
    assert (service(desk, "crumbs.example").status, service(desk, "crumbs.example").next_due_date) == ("Pending", None)
    listed = desk.says("alice", "Which services do I have?").to("alice")
    assert "crumbs.example" in listed and "Pending" in listed
    number = desk.app.around.systems.shop.orders("1001")[0].number
    assert number in desk.says("alice", "Terminate crumbs.example immediately").to("alice")
    question = desk.says("alice", f"Please withdraw order {number}").to("alice")
    desk.says("alice", "YES", reply_to=question)
    assert service(desk, "crumbs.example").status == "Cancelled"


def test_the_payment_sets_it_up_and_the_client_is_told(desk: TestDesk) -> None:
    confirms(desk, "alice", "I'd like the Starter plan for crumbs.example, monthly")
    bill = invoices(desk)[0]
    desk.app.around.systems.ledger.apply_credit(bill, bill.balance)
    one = service(desk, "crumbs.example")
    assert (one.status, str(one.registered), str(one.next_due_date)) == ("Active", "2026-11-25", "2026-12-25")
    assert desk.app.around.systems.shop.orders("1001")[0].status == "Active"
    desk.clock.advance(hours=2)
    before = len(desk.letters())
    desk.rings()
    assert any(mail.subject == "crumbs.example is ready" for mail in list(desk.letters())[before:])


def test_the_payment_of_an_add_on_ends_its_order_as_well(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirms(desk, "alice", "Please add extra disk space to bakery.example")
    bill = invoices(desk)[0]
    desk.app.around.systems.ledger.apply_credit(bill, bill.balance)
    assert desk.app.around.systems.shop.orders("1001")[0].status == "Active"


# ------------------------------------------------------------------------------------------- mails again


def test_a_notice_that_is_kept_goes_out_again_to_the_address_on_file(desk: TestDesk) -> None:
    (first,) = [mail for mail in rings_on(desk, 1) if "INV-9101" in mail.subject]
    mails = desk.says("victor", "Please resend the invoice mail of INV-9101, due on 4 December")
    (copy,), (asked,) = mails.of_kind("again"), mails.of_kind("answer")
    assert (copy.to, copy.subject, copy.text) == (first.to, first.subject, first.text)
    assert copy.message_id != first.message_id and "again, to v…@hale.example" in asked.text.replace("\n", " ")


def test_what_only_the_log_knows_is_for_a_person(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", 'Resend the mail "Domain registration confirmed"')
    assert mails.of_kind("again") == [] and desk_on_sqlite.ticket()["status"] == "Open"


def test_secrets_and_what_is_on_a_ticket_are_never_offered_again(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirms(desk, "victor", "Please add Silver maintenance to hale.example")
    desk.says("victor", "Log in to cpanel of hale.example")
    kept = desk.app.around.systems.profiles.sent_emails("1002")
    assert all(not one.id.startswith("letter-") for one in kept)


def test_five_mails_an_hour_go_out_again_and_no_sixth(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    rings_on(desk, 1)
    profiles = desk.app.around.systems.profiles
    one = next(mail for mail in profiles.sent_emails("1002") if mail.id.startswith("letter-"))
    for _ in range(5):
        profiles.resend_email(one)
    with pytest.raises(Exception, match="five mails"):
        profiles.resend_email(one)
    with desk.app.sessions() as session:
        copies = session.scalars(select(Letter).where(Letter.kind == "again")).all()
    dates = {email.message_from_bytes(row.payload, policy=email.policy.default)["Date"] for row in copies}
    assert len(copies) == 5 and len({row.message_id for row in copies}) == 5 and len(dates) == 1


# ------------------------------------------------------------------------------------------- notices of changes


def test_a_change_is_told_in_words_in_the_reader_s_language(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.app.around.billing.set_language("1001", "de")
    question = desk.says("alice", "Terminate bakery.example at the end of the period").to("alice")
    code = next(line for line in question.text.splitlines() if len(line) == 9 and line[4] == "-")
    (notice,) = desk.says("alice", code, reply_to=question).of_kind("notice")
    assert "end_of_period" not in notice and "bakery.example, " in notice


def test_a_long_text_is_shortened_in_the_notice(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    text = "Please add a contact for invoices: Nina Stone <nina@stone.example>\n\n" + "She keeps our books. " * 20
    mails = confirms(desk, "alice", text)
    (notice,) = [mail for mail in mails.of_kind("notice") if mail.subject.startswith("A sensitive change")]
    assert "…”" in notice.text and notice.text.count("She keeps our books") <= 2
