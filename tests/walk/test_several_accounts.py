"""One person, one address, two accounts: each question is about one of them, and never mixes them."""

from __future__ import annotations

import pytest

from bot.importing import load, read_document
from tests.backends.test_import_loading import document
from tests.desk import TestDesk

SECOND = {
    "id": "1077",
    "first_name": "Alice",
    "last_name": "Martin",
    "company": "Cakes of Alice",
    "email": "alice@bakery.example",
    "domains": [{"id": "771", "name": "cakes-of-alice.example", "status": "Active", "expires": "2027-08-01"}],
}


@pytest.fixture
def two(desk_on_sqlite: TestDesk) -> TestDesk:
    load(desk_on_sqlite.app.sessions, read_document(document(clients=[SECOND])))
    return desk_on_sqlite


def test_without_a_word_it_is_the_first_account(two: TestDesk) -> None:
    assert "bakery.example" in two.says("alice", "which domains do i have").to("alice")


def test_the_account_that_is_named_is_meant(two: TestDesk) -> None:
    answer = two.says("alice", "which domains do i have", subject="Account 1077").to("alice")
    assert "cakes-of-alice.example" in answer
    assert "bakery-shop.example" not in answer


def test_whose_domain_is_named_is_meant(two: TestDesk) -> None:
    assert "1 August 2027" in two.says("alice", "show cakes-of-alice.example").to("alice")


def test_a_confirmation_acts_on_the_account_that_was_asked_for(two: TestDesk) -> None:
    question = two.says("alice", "Switch auto-renew of cakes-of-alice.example on").to("alice")
    if question.kind == "question":
        question = two.says("alice", "YES", reply_to=question).to("alice")
    domain = next(d for d in two.app.around.billing.domains("1077") if d.name == "cakes-of-alice.example")
    assert domain.auto_renew


def test_an_answer_stays_with_the_account_of_its_ticket(two: TestDesk) -> None:
    answer = two.says("alice", "which domains do i have", subject="Account 1077").to("alice")
    again = two.says("alice", "account overview", reply_to=answer).to("alice")
    assert "#1077" in again
