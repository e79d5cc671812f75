"""What a client names in passing, in their own language, counts: a cycle, an end, a number of years, a new holder."""

from __future__ import annotations

import re

import pytest

from bot.handlers.contact_forms import fields_in
from bot.handlers.help import SUBJECTS
from tests.desk import TestDesk


def test_a_cycle_in_german_is_not_asked_for_again(desk_on_sqlite: TestDesk) -> None:
    (question,) = desk_on_sqlite.says(
        "alice", "Ich möchte gerne einen Starter-Tarif für mehl.example bestellen, monatlich bitte."
    ).of_kind("question")
    assert "5,00\xa0€" in question


def test_immediately_in_german_is_what_the_question_says(desk_on_sqlite: TestDesk) -> None:
    (question,) = desk_on_sqlite.says("alice", "Ich möchte das Hosting bakery-shop.example sofort kündigen.").of_kind(
        "question"
    )
    assert "bakery-shop.example" in question


def test_when_it_shall_end_is_answered_in_the_language_of_the_question(desk_on_sqlite: TestDesk) -> None:
    asked = desk_on_sqlite.says("alice", "Ich möchte das Hosting orders.bakery.example kündigen.").to("alice")
    (question,) = desk_on_sqlite.says("alice", "Zum Ende des Abrechnungszeitraums bitte", reply_to=asked).of_kind(
        "question"
    )
    assert "2027" in question


def test_two_years_in_french_are_two(desk_on_sqlite: TestDesk) -> None:
    (question,) = desk_on_sqlite.says(
        "alice", "Je voudrais réserver le domaine boulange.example pour deux ans"
    ).of_kind("question")
    assert "22,00\xa0€" in question and "deux ans" not in question.subject


def test_yearly_instead_of_monthly_is_yearly(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("victor", "I'd like to pay hale.example monthly instead of yearly")
    (question,) = answer.of_kind("question")
    assert "Monthly" in question


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Ich brauche eine neue Datenbank für bakery.example", "MySQL"),
        ("I need to get at the files of bakery.example", "File manager"),
    ],
)
def test_a_page_of_the_panel_is_known_by_plain_words(desk_on_sqlite: TestDesk, text: str, page: str) -> None:
    (letter,) = desk_on_sqlite.says("alice", text).of_kind("secret")
    assert page in letter


@pytest.mark.parametrize(
    "text",
    [
        "Please change the registrant of bakery-shop.example to Bob Roux, bob@bakery.example",
        "Change the owner of bakery-shop.example to Bob Roux <bob@bakery.example>.",
    ],
)
def test_a_new_holder_is_named_in_one_sentence(desk_on_sqlite: TestDesk, text: str) -> None:
    assert fields_in(text) == {"name": "Bob Roux", "email": "bob@bakery.example"}
    (question,) = desk_on_sqlite.says("alice", text).of_kind("question")
    assert "Bob Roux" in question and "bob@bakery.example" in question


def test_a_holder_without_an_address_is_asked_for_with_the_form() -> None:
    assert fields_in("Please change the owner of bakery-shop.example to my brother") == {}
    assert fields_in("Please change the owner of bakery-shop.example to Bob Roux") == {}


def test_an_extra_that_was_ordered_like_a_plan_is_offered_for_the_service_they_named(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says(
        "alice", "I'd like the Premium maintenance plan for bakery.example instead of Silver"
    ).to("alice")
    assert "add Website Maintenance Premium to bakery.example" in answer


def test_maintenance_that_is_planned_stands_before_the_news(desk_on_sqlite: TestDesk) -> None:
    text = desk_on_sqlite.says("alice", "Is there any maintenance planned this week?").to("alice").text
    assert text.index("Kernel update of saturn") < text.index("PHP 8.4")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_help_names_no_places_of_phrases(desk_on_sqlite: TestDesk, subject: str) -> None:
    answer = desk_on_sqlite.says("alice", f"help {subject}").to("alice")
    assert not re.search(r"\{\w+\}", answer.text)


def test_dns_is_told_among_the_domains(desk_on_sqlite: TestDesk) -> None:
    assert "DNS records" in desk_on_sqlite.says("alice", "help domains").to("alice")


def test_a_bare_yes_to_a_question_with_a_code_is_told_what_is_missing(desk_on_sqlite: TestDesk) -> None:
    question = desk_on_sqlite.says("alice", "unlock bakery.example").to("alice")
    told = desk_on_sqlite.says("alice", "YES", reply_to=question).to("alice")
    assert "write that code" in told.text.replace("\n", " ")
    found = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})$", question.text, re.MULTILINE)
    assert found is not None
    assert "unlocked" in desk_on_sqlite.says("alice", found[1], reply_to=question).of_kind("answer")[0]


def test_a_stranger_who_asks_for_a_ticket_is_asked_for_its_number(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("nina", "What's the status of my ticket?").to("nina")
    assert "status of ticket #12345678" in answer and "in your account" not in answer
