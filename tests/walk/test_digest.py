"""The weekly overview: for whoever asked for it, once a week, and no longer than they want it."""

from __future__ import annotations

from tests.desk import TestDesk

MONDAY = {"days": 5}  # The demo's day is a Wednesday.


def monday(desk: TestDesk) -> list[str]:
    """The subjects that Alice reads on the next Monday."""
    desk.clock.advance(**MONDAY)
    before = len(desk.letters())
    desk.rings()
    return [mail.subject for mail in list(desk.letters())[before:] if mail.to.startswith("alice")]


def test_whoever_asked_for_it_reads_on_monday_what_is_open_and_once_only(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "Every Monday" in desk.says("alice", "Please send me a weekly overview").to("alice")
    assert "already" in desk.says("alice", "weekly overview please").to("alice")
    assert "Your week: what is open" in monday(desk)
    desk.clock.advance(hours=2)
    before = len(desk.letters())
    desk.rings()
    assert not [mail for mail in list(desk.letters())[before:] if "week" in mail.subject]


def test_nobody_gets_it_unasked(desk_on_sqlite: TestDesk) -> None:
    assert "Your week: what is open" not in monday(desk_on_sqlite)


def test_a_word_in_reply_ends_it(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "Please send me a weekly overview")
    monday(desk)
    overview = next(mail for mail in desk.letters() if "week" in mail.subject and mail.kind == "notice")
    assert "no more weekly overview" in desk.says("alice", "UNSUBSCRIBE", reply_to=overview).to("alice")
    desk.clock.advance(days=7)
    before = len(desk.letters())
    desk.rings()
    assert not [mail for mail in list(desk.letters())[before:] if "Your week" in mail.subject]


def test_a_contact_is_not_told_of_the_whole_account(desk_on_sqlite: TestDesk) -> None:
    assert "Only the owner" in desk_on_sqlite.says("bob", "Please send me a weekly overview").to("bob")
