"""Billing by mail: what is answered, what is asked first, what a person gets, and what nobody else ever sees."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core.ports import Invoice
from tests.desk import Mails, Read, TestDesk

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def code_in(mail: Read) -> str:
    found = CODE.search(mail.text)
    assert found is not None
    return found.group(0)


def invoices(desk: TestDesk, client: str = "1001") -> list[Invoice]:
    return list(desk.app.around.billing.invoices(client))


def invoice(desk: TestDesk, number: str) -> Invoice:
    return next(one for one in invoices(desk) if one.number == number)


def credit(desk: TestDesk) -> Decimal:
    return desk.app.around.billing.client("1001").credit


def files(mail: Read) -> dict[str, bytes]:
    return {part.get_filename() or "": part.get_payload(decode=True) for part in mail.message.iter_attachments()}  # type: ignore[misc]


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_an_invoice_comes_as_a_pdf_to_the_address_on_file(desk: TestDesk) -> None:
    mail = desk.says("alice", "Please send me INV-9001 as PDF", headers={"Reply-To": "x@evil.example"}).to("alice")
    (content,) = files(mail).values()
    (page,) = pages(content)
    assert list(files(mail)) == ["INV-9001.pdf"] and "PAID" in page and "Alice Bakery" in page


def test_a_pdf_speaks_the_client_s_language(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.app.around.billing.set_language("1001", "de")
    (content,) = files(desk.says("alice", "INV-9001 as PDF").to("alice")).values()
    assert "18. Oktober 2026" in pages(content)[0] and "58,80" in pages(content)[0]


def test_all_of_a_year_is_one_file(desk_on_sqlite: TestDesk) -> None:
    mail = desk_on_sqlite.says("alice", "All of 2026 in one file please").to("alice")
    (content,) = files(mail).values()
    assert len(pages(content)) == 4 and "INV-9001" in pages(content)[0] and "INV-9004" in pages(content)[3]


def test_the_offer_to_get_a_period_as_pdf_is_understood(desk_on_sqlite: TestDesk) -> None:
    mail = desk_on_sqlite.says("alice", "My invoices since November").to("alice")
    says = re.search(r"    (all invoices from .* as PDF)", mail.text)
    assert says is not None
    (content,) = files(desk_on_sqlite.says("alice", says.group(1)).to("alice")).values()
    assert len(pages(content)) == 2


def test_another_client_s_invoice_is_never_sent(desk_on_sqlite: TestDesk) -> None:
    for text in ("INV-9101 as PDF", "Show invoice INV-9101", "Pay INV-9101", "When was INV-9101 paid?"):
        mail = desk_on_sqlite.says("alice", text).to("alice")
        assert not files(mail) and "25.00" not in mail.text and "30.00" not in mail.text, text


@pytest.mark.parametrize("text", ["INV-9001 as PDF", "All of 2026 in one file", "I need an account statement for 2026"])
def test_a_stranger_and_a_forger_get_no_paper(desk_on_sqlite: TestDesk, text: str) -> None:
    for mails in (
        desk_on_sqlite.says("nina", text),
        desk_on_sqlite.says("mallory", text),
        desk_on_sqlite.says("alice", text, proved=False),
    ):
        assert not [mail for mail in mails if files(mail)]


def test_a_contact_without_the_right_to_quotes_gets_none(desk_on_sqlite: TestDesk) -> None:
    assert "640" not in desk_on_sqlite.says("bob", "Show me my quotes").to("bob")
    (content,) = files(desk_on_sqlite.says("bob", "INV-9001 as PDF").to("bob")).values()
    assert "INV-9001" in pages(content)[0]


def test_a_paper_is_also_sent_when_a_forged_looking_mail_was_vouched_for(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    ask_back = desk.says("alice", "All of 2026 in one file please", proved=False).to("alice")
    (content,) = files(desk.says("alice", "YES", reply_to=ask_back).to("alice")).values()
    assert len(pages(content)) == 4


def test_credit_is_used_only_after_yes_and_only_once(desk: TestDesk) -> None:
    question = desk.says("alice", "Use my credit for INV-9002").to("alice")
    assert credit(desk) == 20
    desk.says("alice", "YES", reply_to=question)
    assert credit(desk) == 14 and invoice(desk, "INV-9002").status == "Paid"
    desk.says("alice", "YES", reply_to=question)
    assert credit(desk) == 14


def test_credit_that_changed_after_the_question_is_asked_about_anew(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Use my credit for INV-9004").to("alice")
    desk.app.around.systems.ledger.apply_credit(invoice(desk, "INV-9002"), Decimal("6.00"))
    again = desk.says("alice", "YES", reply_to=question).to("alice")
    assert "€14.00" in again and invoice(desk, "INV-9004").balance == Decimal("58.80")
    desk.says("alice", "YES", reply_to=again)
    assert invoice(desk, "INV-9004").balance == Decimal("44.80") and credit(desk) == 0


def test_a_named_part_of_the_credit_is_used(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Use 5 EUR of my credit for INV-9004").to("alice")
    desk.says("alice", "YES", reply_to=question)
    assert credit(desk) == 15 and invoice(desk, "INV-9004").balance == Decimal("53.80")


def test_which_invoice_the_credit_is_for_is_asked_when_several_are_open(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    which = desk.says("alice", "Use my credit").to("alice")
    question = desk.says("alice", "2", reply_to=which).to("alice")
    assert "INV-9004" in question.subject


def test_a_card_is_never_charged_by_mail(desk_on_sqlite: TestDesk) -> None:
    mail = desk_on_sqlite.says("alice", "Please charge my card for INV-9004").to("alice")
    assert "do not charge a card" in mail and "https://portal.desk.example" in mail
    assert invoice(desk_on_sqlite, "INV-9004").balance == Decimal("58.80")


def test_a_paid_invoice_is_not_paid_again(desk_on_sqlite: TestDesk) -> None:
    assert "is paid. Thank you" in desk_on_sqlite.says("alice", "I want to pay INV-9001").to("alice")


def test_funds_are_an_invoice_and_the_limits_are_told(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    for text in ("Put 5 EUR on my account", "Put 501 EUR on my account"):
        assert "€10.00 to €500.00" in desk.says("alice", text).to("alice")
    question = desk.says("alice", "Put 50 EUR on my account").to("alice")
    done = desk.says("alice", "YES", reply_to=question).to("alice")
    assert invoices(desk)[0].number in done and invoices(desk)[0].total == 50 and credit(desk) == 20


def test_how_much_is_asked_when_the_amount_is_missing(desk_on_sqlite: TestDesk) -> None:
    which = desk_on_sqlite.says("alice", "Add funds").to("alice")
    assert "Which amount" in which
    assert "add €30.00" in desk_on_sqlite.says("alice", "30 EUR", reply_to=which).to("alice").subject


@pytest.mark.parametrize(
    ("text", "department", "facts"),
    [
        ("I want my money back for INV-9003.", "Billing", ("INV-9003", "12.00", "ch-9003-1")),
        ("The money for INV-9002 is on its way.", "Billing", ("INV-9002", "6.00", "Unpaid")),
        ("Your offer is too expensive, can you do 10 %?", "Sales", ("quote 1", "640.00")),
        ("Order the Pro plan for loaves.example, yearly. My code: SAVE10", "Sales", ("SAVE10", "10 % off")),
    ],
)
def test_what_a_person_decides_goes_to_them_with_the_facts(
    desk_on_sqlite: TestDesk, text: str, department: str, facts: tuple[str, ...]
) -> None:
    mails = desk_on_sqlite.says("alice", text)
    assert desk_on_sqlite.ticket()["department"] == department
    told = [mail for mail in mails if mail.kind == "notification"]
    assert told and all(fact in told[0].text for fact in facts)
    assert not any(fact in mail.text for mail in mails.all_to("alice") for fact in facts[1:])


def test_a_receipt_goes_to_billing_with_its_file(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says(
        "alice",
        "Proof of payment for invoice INV-9002.",
        to="billing@desk.example",
        attach=[("receipt.pdf", "application/pdf", b"%PDF-1.4 receipt")],
    )
    assert desk_on_sqlite.ticket()["department"] == "Billing"
    notified = next(mail for mail in mails if mail.kind == "notification")
    assert "INV-9002" in notified and "receipt.pdf" in files(notified)


def accepted(desk: TestDesk, code: bool = True) -> Mails:
    question = desk.says("alice", "We accept your quote 1").to("alice")
    return desk.says("alice", code_in(question) if code else "YES", reply_to=question)


def test_a_quote_is_accepted_with_the_code_and_the_owner_is_told(desk: TestDesk) -> None:
    mails = accepted(desk)
    (answer,) = mails.of_kind("answer")
    assert invoices(desk)[0].total == 640 and invoices(desk)[0].number in answer
    assert [mail.to for mail in mails.of_kind("notice")] == ["alice@bakery.example"]


def test_a_mere_yes_accepts_no_quote(desk_on_sqlite: TestDesk) -> None:
    accepted(desk_on_sqlite, code=False)
    assert len(invoices(desk_on_sqlite)) == 4


def test_a_quote_is_declined_with_a_word_and_then_nobody_can_accept_it(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "We decline your quote 1").to("alice")
    desk.says("alice", "YES", reply_to=question)
    assert "no longer open" in desk.says("alice", "We accept your quote 1").to("alice")
    assert len(invoices(desk)) == 4


def test_a_plan_is_ordered_with_the_code_after_price_and_terms(desk: TestDesk) -> None:
    question = desk.says("alice", "I'd like the Business plan for rolls.example, yearly.").to("alice")
    assert "€100.00" in question and "obligation to pay" in question and len(invoices(desk)) == 4
    desk.says("alice", code_in(question), reply_to=question)
    order = desk.app.around.systems.shop.orders("1001")[0]
    assert (order.status, order.amount, order.items[0].domain) == ("Pending", 100, "rolls.example")
    desk.says("alice", code_in(question), reply_to=question)
    assert len(invoices(desk)) == 5


def test_an_order_asks_for_what_it_lacks_one_after_the_other(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    cycle = desk.says("alice", "I want to order the Starter plan").to("alice")
    domain = desk.says("alice", "annually", reply_to=cycle).to("alice")
    question = desk.says("alice", "crumbs.example", reply_to=domain).to("alice")
    assert "€50.00" in question and "crumbs.example" in question


def test_a_stranger_reads_the_prices_but_orders_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "€10.00" in desk.says("nina", "Which plans do you offer?", to="sales@desk.example").to("nina")
    mails = desk.says("nina", "I'd like the Business plan for rolls.example, yearly.", to="sales@desk.example")
    assert "€" not in mails.to("nina") and not mails.of_kind("question")


def test_a_pending_order_is_withdrawn_with_a_word_and_another_is_not(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please withdraw my order").to("alice")
    assert "4402918210" in question.subject
    desk.says("alice", "YES", reply_to=question)
    assert [order.status for order in desk.app.around.systems.shop.orders("1001")] == ["Cancelled", "Active"]
    assert "no pending order" in desk.says("alice", "Please withdraw my order").to("alice")
    assert "done already" in desk.says("alice", "Withdraw order 4402917765").to("alice")


def test_a_code_is_not_found_by_trying_many_in_one_mail(desk_on_sqlite: TestDesk) -> None:
    mail = desk_on_sqlite.says("nina", "Promo code? ALPHA1 BRAVO2 DELTA3 ECHO4 SAVE10", to="sales@desk.example")
    assert "10 % off" not in mail.to("nina")
