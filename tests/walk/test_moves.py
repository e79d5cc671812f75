"""Staff move a ticket, and what the desk remembers of it."""

from __future__ import annotations

import pytest

from core.lessons import lessons
from tests.desk import TestDesk
from tests.trust import thief

TROUBLE = "My site shows an error since this morning."


def test_a_moved_ticket_is_told_to_its_new_department_and_its_client_reads_nothing(desk: TestDesk) -> None:
    notification = desk.says("alice", TROUBLE, subject="Site broken").to("sam")
    moved = desk.says("sam", "#dept sales", reply_to=notification)
    assert moved.kinds() == [("dana@desk.example", "notification")] and TROUBLE in moved.to("dana")
    assert desk.ticket()["department"] == "Sales"


def test_a_department_that_does_not_exist_moves_nothing_and_is_told(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notification = desk.says("alice", TROUBLE).to("sam")
    held = desk.says("sam", "#dept Marketing\nPlease see to it.", reply_to=notification)
    assert "Marketing" in held.to("sam") and "Security" in held.to("sam") and not held.all_to("alice")
    assert desk.ticket()["department"] == "Support"


def test_a_move_is_a_lesson_and_of_several_the_last_counts(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notification = desk.says("alice", TROUBLE, subject="Site broken").to("sam")
    desk.says("alice", TROUBLE, subject="Another")
    assert list(lessons(desk.app.sessions)) == []
    back = desk.says("sam", "#dept Security", reply_to=notification).to("dana")
    desk.says("dana", "#dept Billing", reply_to=back)
    (lesson,) = lessons(desk.app.sessions)
    assert (lesson.subject, lesson.text, lesson.belongs) == ("Site broken", TROUBLE, "Billing")
    assert lesson.by == "dana@desk.example"


@pytest.mark.parametrize("text", ("My site was hacked!!", "The server is down, we lose customers every minute"))
def test_urgency_is_told_to_staff(desk_on_sqlite: TestDesk, text: str) -> None:
    mails = desk_on_sqlite.says("alice", text)
    assert "It says that it is urgent." in (mails.all_to("sam") + mails.all_to("dana"))[0]


def test_another_language_goes_to_a_person_with_its_name(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Hej, jag vill veta när vi kan flytta domänen bakery.example, tack!")
    assert "It is written in Swedish." in mails.to("sam")


@pytest.mark.parametrize(
    ("text", "answer"),
    (
        ("Welche Domains habe ich bei euch?", "Sie haben"),
        ("Quels sont mes domaines chez vous ?", "Vous avez"),
        ("Quali domini ho presso di voi?", "domini"),
    ),
)
def test_whoever_writes_in_another_language_of_ours_is_answered_in_it(
    desk_on_sqlite: TestDesk, text: str, answer: str
) -> None:
    assert answer in desk_on_sqlite.says("alice", text).to("alice")


def test_several_requests_are_answered_in_order_in_one_mail(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "Which domains do I have? And which invoices are open?").to("alice").text
    assert 0 < answer.index("6 domains") < answer.index("INV-9004")


def test_what_needs_a_person_beside_a_request_goes_to_one_and_says_what_was_answered(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    text = "Please show me my domains. Also, your technician was very rude to me on the phone and I want to complain."
    mails = desk.says("alice", text)
    assert "6 domains" in mails.to("alice") and "needs a person" in mails.to("alice")
    staff = (mails.all_to("sam") + mails.all_to("dana"))[0]
    assert "complain" in staff and "Answered already: Your domains" in staff


def test_an_article_that_fits_is_offered_beside_the_ticket_and_none_beside_a_break_in(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    titles = [article.title for article in desk.app.around.systems.library.articles()]
    told = desk.says("alice", f"There is a problem: {titles[0]}. It does not work for me.").to("alice")
    assert titles[0] in told and "Until then" in told
    assert "Until then" not in desk.says("alice", f"We were hacked! {titles[0]}").to("alice")


def test_what_was_begun_in_german_goes_on_in_german_although_a_code_is_in_no_language(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Bitte entsperrt die Domain bakery.example für den Transfer.").to("alice")
    assert "Ihr Code" in question
    answers = desk.says("alice", thief.code_in(question), reply_to=question).all_to("alice")
    assert any("Transfersperre" in mail for mail in answers) and all(
        "Not what you meant" not in mail for mail in answers
    )


def test_a_question_back_among_several_answers_says_what_it_is_for(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "Which domains do I have? And please send me an invoice as PDF.").to("alice")
    assert "An invoice as PDF" in answer and "Which of these do you mean?" in answer
