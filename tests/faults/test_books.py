"""The suite can see: each kind of loss and double, forged into clean books, is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from .books import STAFF, Books, Copy, Told, findings


def clean() -> Books:
    """Two mails: one accepted at once, one whose 250 was cut, with one acknowledgement sent twice."""
    first, second = "K000001", "K000002"
    sent = [
        letter("alice1@bakery.example", first, "<a1@desk.example>"),
        letter("alice2@bakery.example", second, "<a2@desk.example>"),
        letter("alice2@bakery.example", second, "<a2@desk.example>"),
        letter(STAFF, first, "<n1@desk.example>"),
        letter(STAFF, second, "<n2@desk.example>"),
    ]
    return Books(
        told={first: Told(1, accepted=True), second: Told(2, cut=True), "K000003": Told(1)},
        stored={first: 1, second: 1, "K000003": 0},
        tickets={first: 1, second: 1},
        sent=sent,
        counts={"inbox": 0, "quarantine": 0, "done": 2, "outbox": 0, "failed": 0, "sent": 4},
    )


def letter(recipient: str, key: str, message_id: str) -> Copy:
    return Copy(recipient, f"Re: The shop is slow {key} [#1]", message_id, message_id)


def test_clean_books_have_no_findings() -> None:
    assert findings(clean()) == []


def lose_a_ticket(books: Books) -> None:
    books.tickets = {"K000002": 1}
    books.sent = books.sent[1:3] + books.sent[4:]  # type: ignore[operator]


def double_a_ticket(books: Books) -> None:
    books.tickets = {"K000001": 1, "K000002": 2}


def store_twice(books: Books) -> None:
    books.stored = {"K000001": 2, "K000002": 1}


def invent_a_ticket(books: Books) -> None:
    books.tickets = {**books.tickets, "K000003": 1}


def lose_an_acknowledgement(books: Books) -> None:
    books.sent = books.sent[1:]


def acknowledge_anew(books: Books) -> None:
    books.sent = [*books.sent, letter("alice1@bakery.example", "K000001", "<other@desk.example>")]


def alter_a_copy(books: Books) -> None:
    books.sent = [*books.sent, replace(books.sent[0], sha256="other")]


def lose_a_notification(books: Books) -> None:
    books.sent = books.sent[:-1]


def write_to_a_stranger(books: Books) -> None:
    books.sent = [*books.sent, letter("mallory@evil.example", "K000001", "<m@desk.example>")]


def write_to_somebody_without_a_ticket(books: Books) -> None:
    books.sent = [*books.sent, letter("alice3@bakery.example", "K000003", "<m@desk.example>")]


def leave_something(books: Books) -> None:
    books.counts = {**books.counts, "outbox": 1}


def forget_a_done(books: Books) -> None:
    books.counts = {**books.counts, "done": 1}


def mark_unsent_as_sent(books: Books) -> None:
    books.counts = {**books.counts, "sent": 5}


def refuse_for_ever(books: Books) -> None:
    books.refusals.append("554 no")


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (lose_a_ticket, "lost: K000001"),
        (double_a_ticket, "doubled: K000002 has 2"),
        (store_twice, "stored twice: K000001"),
        (invent_a_ticket, "phantom: K000003"),
        (lose_an_acknowledgement, "missing: the acknowledgement of K000001"),
        (acknowledge_anew, "doubled: the acknowledgement of K000001"),
        (alter_a_copy, "altered: the acknowledgement of K000001"),
        (lose_a_notification, "missing: the notification of K000002"),
        (write_to_a_stranger, "unasked: 'Re: The shop is slow K000001 [#1]' to mallory@evil.example"),
        (write_to_somebody_without_a_ticket, "unasked: 'Re: The shop is slow K000003 [#1]' to alice3@bakery.example"),
        (leave_something, "left over: 1 in outbox"),
        (forget_a_done, "unbalanced: 1 done, 2 stored"),
        (mark_unsent_as_sent, "unbalanced: 5 letters marked sent, 4 arrived"),
        (refuse_for_ever, "refused: 554 no"),
    ],
)
def test_each_forgery_is_found(forge: Callable[[Books], None], found: str) -> None:
    books = clean()
    forge(books)
    assert any(line.startswith(found) for line in findings(books)), findings(books)
