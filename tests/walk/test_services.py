"""Services by mail: what is told, what is asked first, and what a confirmation brings about."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from core.backends.local import tables
from core.ports import Invoice, Service
from tests.desk import Mails, Read, TestDesk

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def code_in(mail: Read) -> str:
    found = CODE.search(mail.text)
    assert found is not None, mail.text
    return found.group(0)


def confirms(desk: TestDesk, who: str, text: str) -> Mails:
    question = desk.says(who, text).to(who)
    return desk.says(who, code_in(question), reply_to=question)


def service(desk: TestDesk, name: str = "bakery.example", client_id: str = "1001") -> Service:
    return next(one for one in desk.app.around.billing.services(client_id) if one.domain == name)


def invoices(desk: TestDesk, client_id: str = "1001") -> list[Invoice]:
    return list(desk.app.around.billing.invoices(client_id))


def test_past_services_are_listed_apart(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "Which services do I have?").to("alice")
    assert "You have 3 services" in answer
    assert answer.text.index("croissant.example") > answer.text.index("What you had before")


def test_a_suspended_service_names_the_invoice_and_where_it_is_paid(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "bakery-shop.example is suspended").to("alice")
    assert "INV-9002" in answer and "6.00" in answer and "https://portal.desk.example" in answer
    assert "INV-9004" not in answer


def test_a_suspension_that_nothing_is_owed_for_is_for_a_person(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    with desk.app.sessions.begin() as session:
        row = session.get(tables.Invoice, "9002")
        assert row is not None
        row.status = "Paid"
    mails = desk.says("alice", "Please switch bakery-shop.example on again")
    assert desk.ticket()["status"] == "Open" and mails.all_to("sam")


def test_an_upgrade_costs_nothing_before_the_code_and_is_invoiced_with_it(desk: TestDesk) -> None:
    question = desk.says("alice", "Please upgrade bakery.example to Pro").to("alice")
    assert "2.10" in question and "19.00" in question
    before = len(invoices(desk))
    mails = desk.says("alice", code_in(question), reply_to=question)
    assert len(invoices(desk)) == before + 1 and invoices(desk)[0].balance == Decimal("2.10")
    assert invoices(desk)[0].number in mails.of_kind("answer")[0]
    desk.says("alice", code_in(question), reply_to=question)
    assert len(invoices(desk)) == before + 1


def test_a_price_that_changed_in_between_is_asked_anew(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please upgrade bakery.example to Pro").to("alice")
    with desk.app.sessions.begin() as session:
        row = session.get(tables.ProductPrice, ("3", "monthly"))
        assert row is not None
        row.amount = Decimal("24.00")
    again = desk.says("alice", code_in(question), reply_to=question).to("alice")
    assert "24.00" in again and service(desk).product == "Business" and len(invoices(desk)) == 4
    desk.says("alice", code_in(again), reply_to=again)
    assert invoices(desk)[0].balance == Decimal("3.27")


def test_the_present_plan_named_beside_the_new_one_confuses_nobody(desk_on_sqlite: TestDesk) -> None:
    question = desk_on_sqlite.says("alice", "Please upgrade bakery.example from Business to Pro").to("alice")
    assert "from Business to Pro" in " ".join(question.text.split())


def test_without_a_plan_the_ones_within_reach_are_offered(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    which = desk.says("alice", "Please upgrade bakery.example").to("alice")
    assert "Starter" in which and "Pro" in which and "VPS" not in which and "Business" not in which
    assert "from Business to Pro" in " ".join(desk.says("alice", "Pro", reply_to=which).to("alice").text.split())


def test_a_plan_out_of_reach_is_refused_with_what_is_possible(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "Please upgrade bakery.example to VPS 8").to("alice")
    assert "cannot move to VPS 8" in answer and "Pro, €19.00" in answer


def test_a_change_of_cycle_can_be_undone(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = confirms(desk, "alice", "Switch the hosting of orders.bakery.example to monthly billing")
    assert service(desk, "orders.bakery.example").billing_cycle == "Monthly"
    (notice,) = mails.of_kind("notice")
    desk.says("alice", "UNDO", reply_to=notice)
    assert service(desk, "orders.bakery.example").billing_cycle == "Annually"
    assert service(desk, "orders.bakery.example").recurring_amount == Decimal("150.00")


def test_the_end_waits_for_the_code_and_its_notice_takes_it_back(desk: TestDesk) -> None:
    around = desk.app.around
    question = desk.says("alice", "Terminate the hosting of bakery.example at the end of the period").to("alice")
    assert "2 December 2026" in question and around.systems.hosting.cancellation(service(desk)) is None
    mails = desk.says("alice", code_in(question), reply_to=question)
    assert around.systems.hosting.cancellation(service(desk)) is not None
    (notice,) = mails.of_kind("notice")
    desk.says("alice", "UNDO", reply_to=notice, proved=False)
    assert around.systems.hosting.cancellation(service(desk)) is None


def test_an_immediate_end_warns_that_it_cannot_be_undone_and_offers_no_undo(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Terminate orders.bakery.example immediately").to("alice")
    assert "cannot be undone" in question and service(desk, "orders.bakery.example").status == "Active"
    mails = desk.says("alice", code_in(question), reply_to=question)
    assert service(desk, "orders.bakery.example").status == "Cancelled"
    (notice,) = mails.of_kind("notice")
    assert "UNDO" not in notice and "STOP" in notice
    assert "cannot be undone" in desk.says("alice", "Keep orders.bakery.example after all").to("alice")


def test_when_it_shall_end_is_asked_and_never_guessed(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    asked = desk.says("alice", "Please terminate the hosting of bakery.example").to("alice")
    assert "immediately, or at the end" in asked and not CODE.search(asked.text)
    assert "immediately" in desk.says("alice", "Immediately please", reply_to=asked).to("alice")
    assert service(desk).status == "Active"


def test_an_unproved_wish_to_end_a_service_is_asked_back(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", "Terminate bakery.example immediately", proved=False)
    assert "Did you write" in mails.to("alice").subject and service(desk).status == "Active"


def test_keeping_it_is_safe_and_done_at_once(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirms(desk, "alice", "Terminate the hosting of bakery.example at the end of the period")
    assert "withdrawn" in desk.says("alice", "Keep bakery.example after all").to("alice")
    assert desk.app.around.systems.hosting.cancellation(service(desk)) is None


def test_an_addon_is_found_by_the_words_of_its_name_and_invoiced(desk: TestDesk) -> None:
    mails = confirms(desk, "alice", "Please add Gold maintenance to orders.bakery.example")
    assert invoices(desk)[0].balance == Decimal("65.00")
    assert invoices(desk)[0].number in mails.of_kind("answer")[0]
    (extra,) = service(desk, "orders.bakery.example").addons
    assert (extra.product, extra.status) == ("Website Maintenance Gold", "Pending")


def test_an_addon_that_fits_several_is_asked_about(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    which = desk.says("alice", "Please add maintenance to bakery.example").to("alice")
    assert "Silver" in which and "Premium" in which and "Dedicated IP" not in which
    question = desk.says("alice", "Website Maintenance Premium", reply_to=which).to("alice")
    assert "90.00" in question and "has Website Maintenance Silver already" in " ".join(question.text.split())


def test_wordpress_is_ordered_and_what_is_added_in_a_reply_reaches_support(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = confirms(desk, "alice", "Please install WordPress on bakery.example")
    (answer,) = mails.of_kind("answer")
    reply = desk.says("alice", "It belongs under /blog, and Bob shall write there.", reply_to=answer)
    assert reply.all_to("sam") and desk.ticket()["status"] == "Open"


def test_the_next_period_is_not_invoiced_twice(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "INV-9004" in desk.says("alice", "Renew the hosting for bakery.example now").to("alice")
    assert len(invoices(desk)) == 4


def test_a_renewal_is_paid_for_with_one_invoice(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirms(desk, "victor", "Please renew the hosting for hale.example now")
    assert [one.balance for one in invoices(desk, "1002")][0] == Decimal("190.00")


@pytest.mark.parametrize(
    "text",
    [
        "Which services do I have?",
        "Please upgrade bakery.example to Pro",
        "Terminate bakery.example immediately",
        "Please add Gold maintenance to bakery.example",
        "Renew the hosting for bakery.example now",
    ],
)
def test_a_contact_without_the_right_is_told_so_and_nothing_else(desk_on_sqlite: TestDesk, text: str) -> None:
    answer = desk_on_sqlite.says("bob", text).to("bob")
    assert "right" in answer and "Business" not in answer and not CODE.search(answer.text)


@pytest.mark.parametrize("text", ["Show the hosting of bakery.example", "Terminate bakery.example immediately"])
def test_somebody_else_s_service_is_one_that_does_not_exist(desk_on_sqlite: TestDesk, text: str) -> None:
    desk = desk_on_sqlite
    theirs = desk.says("victor", text).to("victor").text
    nobodys = desk.says("victor", text.replace("bakery.example", "nowhere.example")).to("victor").text
    assert "do not find" in theirs and theirs.partition("Ref")[0] == nobodys.partition("Ref")[0].replace(
        "nowhere.example", "bakery.example"
    )
    assert service(desk).status == "Active"


def test_a_stranger_s_wish_is_a_ticket_like_any_other(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("nina", "Please show the hosting of bakery.example")
    assert mails.all_to("sam") and "saturn" not in mails.to("nina").text


def test_another_main_domain_is_for_support(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Please change the main domain of bakery.example to fresh-bread.example")
    assert mails.all_to("sam") and desk_on_sqlite.ticket()["status"] == "Open"
