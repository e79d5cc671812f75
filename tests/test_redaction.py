"""What must not live on in tickets and logs."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable

import pytest

from bot.logs import Redacting
from core.redaction import (
    CARD_REMOVED,
    PASSWORD_REMOVED,
    for_log,
    page_without_secrets,
    without_cards,
    without_secrets,
)
from tests.desk import Read, TestDesk
from tests.growth import assert_in_step
from tests.secrets_told import SPOKEN_OF, TOLD


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
    # Longer than what the numbers of letters and boundaries of parts may hold by chance.
    told = [str(desk.ticket()), *(mail.message.as_string() for mail in mails)]
    assert not any(digits in text for text in told for digits in ("4242 4242", "42424242"))
    assert CARD_REMOVED in told[0]


def test_there_are_fifty_samples_of_each() -> None:
    assert len(set(TOLD)) >= 50 and len(set(SPOKEN_OF)) >= 50


@pytest.mark.parametrize("told", TOLD)
def test_a_password_or_transfer_code_that_is_told_is_removed_and_nothing_else(told: str) -> None:
    before, _, rest = told.partition("«")
    secret, _, after = rest.partition("»")
    written = before + secret + after
    removed = before + PASSWORD_REMOVED + after
    assert without_secrets(written) == removed
    assert without_secrets(f"Hello,\n\n{written}\n\nAlice Martin\n") == f"Hello,\n\n{removed}\n\nAlice Martin\n"
    assert without_secrets(removed) == removed, "once is enough"
    assert secret not in for_log(written)


@pytest.mark.parametrize("spoken", SPOKEN_OF)
def test_who_only_speaks_of_a_password_is_left_in_peace(spoken: str) -> None:
    assert without_secrets(spoken) == spoken
    assert without_secrets(f"Hello,\n{spoken}\nThanks, Alice\n") == f"Hello,\n{spoken}\nThanks, Alice\n"


@pytest.mark.parametrize(
    ("page", "removed"),
    [
        ("<p><b>Password:</b> Kiwi2024</p>", "<p><b>Password:</b> [removed: password]</p>"),
        ("<td>Password:</td>\n<td>Kiwi2024</td>", "<td>Password:</td>\n<td>[removed: password]</td>"),
        ("my password is&nbsp;<i>Kiwi2024</i>.<br>Bye", "my password is&nbsp;<i>[removed: password]</i>.<br>Bye"),
        ("<p>password: tulip</p><p>Thanks</p>", "<p>password: [removed: password]</p><p>Thanks</p>"),
        ("<p>card 4242 4242 4242 4242</p>", "<p>card [removed: card number]</p>"),
        ("<p>How do I change my password?</p><p>Kiwi2024</p>", "<p>How do I change my password?</p><p>Kiwi2024</p>"),
        ("<p>1 < 2 and password: <b", "<p>1 < 2 and password: <b"),
    ],
)
def test_tags_between_word_and_secret_hide_nothing(page: str, removed: str) -> None:
    assert page_without_secrets(page) == removed


@pytest.mark.parametrize(
    "piece", ["password ", "password: ", "password is ", 'password "aaa', "pw ", "x-", "<a", "< b"]
)
def test_a_megabyte_of_the_word_takes_time_in_step_with_its_length(piece: str) -> None:
    for remove in (without_secrets, page_without_secrets):
        assert_in_step(remove, lambda n: piece * (250_000 * n // len(piece)))


def told_how_to_do_it(mails: Iterable[Read]) -> int:
    return sum("looks like a password" in " ".join(mail.text.split()) for mail in mails)


def test_a_password_in_a_mail_reaches_neither_ticket_nor_letters_and_the_client_is_told_once(desk: TestDesk) -> None:
    first = desk.says("alice", "My site is broken. FTP password: Kiwi2024x", subject="password: Mango77")
    later = desk.says("alice", "I meant password: Lemon!77", reply_to=first.to("alice"))
    assert told_how_to_do_it(first.all_to("alice")) == 1 and told_how_to_do_it((*first, *later)) == 1
    desk.clock.advance(days=2)
    again = desk.says("alice", "The new password is Cherry99", reply_to=first.to("alice"))
    assert told_how_to_do_it(again.all_to("alice")) == 1, "and once more when she does it again"
    said = str(desk.ticket()) + "".join(f"{m.subject} {m.text} {m.html}" for m in (*first, *later, *again))
    assert PASSWORD_REMOVED in desk.ticket()["messages"][0]["text"] and PASSWORD_REMOVED in desk.ticket()["subject"]
    assert not [secret for secret in ("Kiwi2024x", "Mango77", "Lemon!77", "Cherry99") if secret in said]


def test_who_is_answered_at_once_reads_it_in_the_answer(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "Which domains do I have?", subject="password: Kiwi2024x").to("alice")
    assert answer.kind == "answer" and "bakery-shop.example" in answer and told_how_to_do_it([answer]) == 1


def test_who_is_not_proved_is_told_nothing_of_it(desk_on_sqlite: TestDesk) -> None:
    """A stranger reads one and the same text whatever they wrote."""
    for who in ("nina", "alice"):
        assert told_how_to_do_it(desk_on_sqlite.says(who, "my password is Kiwi2024x", proved=False).all_to(who)) == 0
