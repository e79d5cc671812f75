"""What must not live on in tickets and logs."""

from __future__ import annotations

import io
import logging

import pytest

from bot.logs import Redacting
from core.redaction import CARD_REMOVED, for_log, without_cards
from tests.desk import TestDesk


@pytest.mark.parametrize("card", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "378282246310005"])
def test_card_numbers_are_removed(card: str) -> None:
    assert without_cards(f"my card is {card}, take it") == f"my card is {CARD_REMOVED}, take it"


@pytest.mark.parametrize(
    "text",
    [
        "invoice 20261125000123456",
        "0000000000000000",
        "383931381580228717",
        "+33 1 23 45 67 89 00",
        "192.168.100.200",
        "4242424242424241",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert without_cards(text) == text


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("from alice@bakery.example", "alice"),
        ("reply to support+aecvh74o2cegivqbvdj4gacrhv3kmlvg@desk.example", "aecvh74o2cegivqbvdj4gacrhv3kmlvg"),
        ("code K7MQ-29TX was wrong", "K7MQ-29TX"),
        ("postgresql+psycopg://desk:hunter2@db/helpdesk", "hunter2"),
        ("password=hunter2", "hunter2"),
        ("token xoxb-12345-abcdef", "xoxb-12345"),
        ("card 4242 4242 4242 4242", "4242 4242"),
    ],
)
def test_a_log_line_shows_none_of_it(line: str, hidden: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Redacting("%(message)s"))
    handler.handle(logging.LogRecord("x", logging.INFO, "", 0, "%s", (line,), None))
    assert hidden not in stream.getvalue() and hidden not in for_log(line)


def test_a_card_number_in_a_mail_reaches_neither_ticket_nor_staff(desk: TestDesk) -> None:
    mails = desk.says(
        "alice", "Please charge 4242 4242 4242 4242, the old one expired", subject="card 4242424242424242"
    )
    assert "4242" not in str(desk.ticket()) and CARD_REMOVED in str(desk.ticket())
    assert all("4242" not in mail.message.as_string() for mail in mails)
