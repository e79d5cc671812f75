"""Questions that the desk answers from the client area, by itself."""

from __future__ import annotations

import pytest

from tests.desk import TestDesk

ACCOUNT_WORDS = ("bakery-shop.example", "INV-", "Alice Bakery", "Starter")
"""What no answer to somebody else may contain."""


def test_a_client_asks_for_her_domains_and_reads_them_all(desk: TestDesk) -> None:
    answer = desk.says("alice", "Hi, which domains do I have?\n\nAlice").to("alice")
    assert "bakery.example" in answer and "bakery-shop.example" in answer
    assert "15 December 2026" in answer
    assert desk.ticket()["status"] == "Answered"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which invoices are open?", "overdue"),
        ("do i owe you anything?", "owed"),
        ("Please show me bakery.example", "Registrar lock"),
        ("When does bakery.example expire?", "2 May 2027"),
        ("Which services do I have?", "Next due"),
        ("Account overview please", "Alice Bakery"),
        ("help", "in your own words"),
    ],
)
def test_each_question_of_the_client_area_is_answered(desk_on_sqlite: TestDesk, question: str, expected: str) -> None:
    assert expected in desk_on_sqlite.says("alice", question).to("alice")


def test_the_epp_code_goes_to_the_admin_contact_and_the_asker_reads_only_where_it_went(desk: TestDesk) -> None:
    mails = desk.says("alice", "Could you send me the EPP code for bakery-shop.example, please?")
    (code_letter,) = mails.of_kind("secret")
    (answer,) = mails.of_kind("answer")
    (notice,) = mails.of_kind("notice")
    assert code_letter.to == "alice@bakery.example" and "demo-Qm4!shop" in code_letter
    assert "a…@bakery.example" in answer
    for other in (answer, notice):
        assert "demo-Qm4" not in other.message.as_string()
    assert "demo-Qm4" not in str(desk.ticket())


def test_a_locked_domain_gives_no_code_but_the_reason(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "EPP code for bakery.example please")
    assert "lock" in mails.to("alice")
    assert not mails.of_kind("secret")


def test_a_young_domain_gives_no_code_but_the_day_from_which_it_can_leave(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "EPP code for fresh-bread.example please")
    assert "4 January 2027" in mails.to("alice")
    assert not mails.of_kind("secret")


def test_somebody_elses_domain_and_one_that_does_not_exist_get_the_same_answer(desk_on_sqlite: TestDesk) -> None:
    foreign = desk_on_sqlite.says("victor", "EPP code for bakery-shop.example please").to("victor")
    unknown = desk_on_sqlite.says("victor", "EPP code for no-such-name.example please").to("victor")
    assert foreign.text.split("Ref:")[0].replace("bakery-shop", "no-such-name") == unknown.text.split("Ref:")[0]


@pytest.mark.parametrize("question", ["EPP code for croissant.example please", "show croissant.example"])
def test_a_domain_that_left_is_nothing_of_theirs_any_more(desk_on_sqlite: TestDesk, question: str) -> None:
    mails = desk_on_sqlite.says("alice", question)
    assert "no longer registered" in mails.to("alice").text.replace("\n", " ") and not mails.of_kind("secret")


def test_a_sub_account_gets_what_it_may_see_and_is_told_what_it_may_not(desk_on_sqlite: TestDesk) -> None:
    assert "INV-" in desk_on_sqlite.says("bob", "Which invoices are open?").to("bob")
    refused = desk_on_sqlite.says("bob", "EPP code for bakery-shop.example please")
    assert "right" in refused.to("bob")
    assert not refused.of_kind("secret")


def test_a_question_without_its_object_is_asked_back_once_and_answered_by_number(desk: TestDesk) -> None:
    question = desk.says("alice", "I need the EPP code please").to("alice")
    assert "1: " in question and "bakery-shop.example" in question
    options = [line.strip("* ").strip() for line in question.text.splitlines() if line.startswith("* ")]
    number = next(option.partition(":")[0] for option in options if "bakery-shop.example" in option)
    mails = desk.says("alice", number, reply_to=question)
    assert [mail.to for mail in mails.of_kind("secret")] == ["alice@bakery.example"]


def test_an_answer_that_was_not_meant_becomes_a_ticket_for_a_person_by_a_reply(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "Which domains do I have?").to("alice")
    mails = desk_on_sqlite.says("alice", "No, I mean the ones of my sister company, please call me", reply_to=answer)
    assert mails.to("sam").kind == "notification"
    assert desk_on_sqlite.ticket()["status"] == "Customer-Reply"


@pytest.mark.parametrize(
    "text",
    [
        "Please do not send the EPP code for bakery-shop.example",
        "How does the EPP code for bakery-shop.example work?",
        "I already received the EPP code for bakery-shop.example but it is refused",
        "Send the EPP code for bakery-shop.example to this other address: me@evil.example",
        "If I moved bakery-shop.example, would I need the EPP code?",
    ],
)
def test_what_only_sounds_like_a_request_goes_to_a_person_and_nothing_is_sent(
    desk_on_sqlite: TestDesk, text: str
) -> None:
    mails = desk_on_sqlite.says("alice", text)
    assert not mails.of_kind("secret")
    assert mails.of_kind("notification")


def test_an_unproved_mail_from_a_clients_address_gets_nothing_but_a_question_to_the_address_on_file(
    desk: TestDesk,
) -> None:
    mails = desk.says("alice", "Which domains do I have?", proved=False, mail_from="mallory@evil.example")
    question = mails.to("alice")
    assert len(mails) == 1 and "Did you write to us?" in question.subject
    for word in ACCOUNT_WORDS:
        assert word not in question.message.as_string()


def test_answering_yes_from_the_address_on_file_is_proof_for_that_request(desk: TestDesk) -> None:
    question = desk.says("alice", "Which domains do I have?", proved=False).to("alice")
    answer = desk.says("alice", "YES", reply_to=question, proved=False).to("alice")
    assert "bakery-shop.example" in answer
    again = desk.says("alice", "YES", reply_to=question, proved=False)
    assert not again.of_kind("answer"), "the question can be answered once"


def test_stop_sends_nothing_and_calls_security(desk_on_sqlite: TestDesk) -> None:
    question = desk_on_sqlite.says("alice", "EPP code for bakery-shop.example", proved=False).to("alice")
    mails = desk_on_sqlite.says("alice", "STOP", reply_to=question, proved=False)
    assert not mails.of_kind("secret") and mails.to("dana")
    assert "Security" in desk_on_sqlite.ticket()["also_departments"]


def test_a_vacation_note_does_not_answer_the_question(desk_on_sqlite: TestDesk) -> None:
    question = desk_on_sqlite.says("alice", "Which domains do I have?", proved=False).to("alice")
    mails = desk_on_sqlite.says(
        "alice", "Yes, I am away until Monday.", reply_to=question, headers={"Auto-Submitted": "auto-replied"}
    )
    assert len(mails) == 0


def test_a_stranger_gets_no_account_data_whatever_is_asked(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("mallory", "EPP code for bakery-shop.example")
    assert mails.to("mallory").kind == "stranger"
    assert "bakery-shop" not in mails.to("mallory").message.as_string()
