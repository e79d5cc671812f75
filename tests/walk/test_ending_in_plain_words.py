""" "Cancel" and "stop" are what people write: they reach what ends something, and never what they turn round."""

from __future__ import annotations

import pytest

from tests.desk import TestDesk


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Please cancel the hosting of bakery.example at the end of the period.", "end bakery.example"),
        ("Please stop renewing bakery.example", "let bakery.example expire"),
    ],
)
def test_what_they_want_to_end_is_asked_about(desk_on_sqlite: TestDesk, text: str, subject: str) -> None:
    question = desk_on_sqlite.says("alice", text).to("alice")
    assert question.kind == "question" and subject in question.subject, question.subject


@pytest.mark.parametrize(
    "text",
    [
        "Stop the transfer of bakery-shop.example",
        "Cancel my request for the EPP code of bakery-shop.example",
        "Please cancel that. EPP code for bakery-shop.example",
        "Please stop. Unlock bakery.example",
        "Don't cancel the hosting of bakery.example",
    ],
)
def test_what_they_turn_round_is_read_by_a_person(desk_on_sqlite: TestDesk, text: str) -> None:
    letters = desk_on_sqlite.says("alice", text)
    assert not letters.of_kind("question") and not letters.of_kind("secret")
    assert desk_on_sqlite.ticket()["status"] == "Open" and letters.of_kind("notification")
