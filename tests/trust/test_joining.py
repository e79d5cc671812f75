"""People in copy: whoever a ticket belongs to learns that others read it, once, and from nobody else's forged mail."""

from __future__ import annotations

from tests.desk import TestDesk
from tests.trust.thief import forged, leaks


def test_the_requester_is_told_once_when_somebody_else_brings_readers_in(desk: TestDesk) -> None:
    opened = desk.says("alice", "My shop is slow since this morning.", cc="bob@bakery.example")
    answer = desk.says("sam", "We look into it.", reply_to=opened.to("sam"))
    joined = desk.says("bob", "Victor knows more", reply_to=answer.to("bob"), cc="victor@hale.example")
    (letter,) = joined.of_kind("joined")
    assert letter.to == "alice@bakery.example"
    assert "bob@bakery.example" in letter and "victor@hale.example" in letter
    again = desk.says("bob", "Once more", reply_to=answer.to("bob"), cc="victor@hale.example")
    assert not again.of_kind("joined")
    told = desk.says("alice", "I do not know this person and did not want that.", reply_to=letter)
    assert "I do not know this person and did not want that." in told.to("sam"), "a reply to it reaches a person"


def test_nobody_is_told_of_what_they_are_proved_to_have_done_themselves(desk_on_sqlite: TestDesk) -> None:
    opened = desk_on_sqlite.says("alice", "My shop is slow.", cc="bob@bakery.example")
    assert not opened.of_kind("joined")
    answer = desk_on_sqlite.says("sam", "We look into it.", reply_to=opened.to("sam"))
    more = desk_on_sqlite.says("alice", "Victor knows more", reply_to=answer.to("alice"), cc="victor@hale.example")
    assert not more.of_kind("joined")


def test_a_stranger_in_whose_name_readers_are_brought_in_is_told(desk_on_sqlite: TestDesk) -> None:
    """A stranger proves nothing, so their reply address and a forged From suffice to add to their ticket."""
    opened = desk_on_sqlite.says("nina", "Trouble")
    answer = desk_on_sqlite.says("sam", "We look into it.", reply_to=opened.to("sam"))
    stolen = forged(desk_on_sqlite, "nina", "Hello", reply_to=answer.to("nina"), cc="mallory@evil.example")
    (letter,) = stolen.of_kind("joined")
    assert letter.to == "nina@stone.example" and "mallory@evil.example" in letter
    assert not leaks(letter)


def test_a_forged_mail_in_a_clients_name_joins_nobody_and_tells_nothing(desk_on_sqlite: TestDesk) -> None:
    opened = desk_on_sqlite.says("alice", "My shop is slow.")
    answer = desk_on_sqlite.says("sam", "We look into it.", reply_to=opened.to("sam"))
    mails = forged(desk_on_sqlite, "alice", "Hello", reply_to=answer.to("alice"), cc="mallory@evil.example")
    assert not mails.of_kind("joined") and not mails.all_to("mallory")
