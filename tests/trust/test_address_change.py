"""A changed address: two mailboxes agree to it, the old one can take it back, and for a while less is believed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core import addresschange
from core.models import AddressChange, Participant
from tests.desk import CAST, Mails, Read, TestDesk
from tests.trust.thief import CODE

NEW = "mallory@evil.example"
"""Mallory sits in Alice's mailbox and moves the account to her own."""


def code_in(mail: Read) -> str:
    found = CODE.search(mail.text)
    assert found is not None
    return found[0]


def to_new(mails: Mails, address: str = NEW) -> Read:
    (question,) = [mail for mail in mails.all_to(address) if mail.kind == "question"]
    return question


def asked(desk: TestDesk, who: str = "alice", text: str = f"My new e-mail address is {NEW}") -> Read:
    """The question at the new address, after the code has come back from the old one."""
    question = desk.says(who, text).to(who)
    return to_new(desk.says(who, code_in(question), reply_to=question))


def moved(desk: TestDesk) -> Mails:
    """Alice's account is moved to Mallory's mailbox; what was written because of it."""
    return desk.says("mallory", "YES", reply_to=asked(desk))


def address(desk: TestDesk) -> str:
    return desk.app.around.billing.client("1001").email


def changes(desk: TestDesk) -> list[tuple[str, str]]:
    with desk.app.sessions() as session:
        return [(row.before, row.after) for row in session.scalars(select(AddressChange))]


def test_an_address_is_changed_only_when_the_old_and_the_new_mailbox_agree(desk: TestDesk) -> None:
    question = desk.says("alice", f"My new e-mail address is {NEW}").to("alice")
    assert question.to == CAST["alice"][1] and address(desk) == CAST["alice"][1]
    new = to_new(desk.says("alice", code_in(question), reply_to=question))
    assert address(desk) == CAST["alice"][1]
    assert "bakery.example" not in new.text.replace("a…@bakery.example", "") and "Alice" not in new.text
    desk.says("mallory", "YES", reply_to=new)
    assert address(desk) == NEW and changes(desk) == [(CAST["alice"][1], NEW)]


@pytest.mark.parametrize("who", ["alice", "victor", "nina"])
def test_nobody_but_the_new_mailbox_agrees_for_it(desk_on_sqlite: TestDesk, who: str) -> None:
    new = asked(desk_on_sqlite)
    desk_on_sqlite.says(who, "YES", reply_to=new)
    assert address(desk_on_sqlite) == CAST["alice"][1]


@pytest.mark.parametrize("answer", ["NO", "STOP", "What is this?"])
def test_a_new_mailbox_that_does_not_say_yes_changes_nothing_and_stops_nothing(
    desk_on_sqlite: TestDesk, answer: str
) -> None:
    desk = desk_on_sqlite
    desk.says("mallory", answer, reply_to=asked(desk))
    assert address(desk) == CAST["alice"][1]
    assert "Your code" in desk.says("alice", "Please unlock bakery.example").to("alice")


def test_the_yes_of_the_new_mailbox_is_good_for_a_day_and_once(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    new = asked(desk)
    desk.clock.advance(hours=25)
    assert "not valid" in desk.says("mallory", "YES", reply_to=new).all_to("mallory")[0]
    assert address(desk) == CAST["alice"][1]


def test_the_old_address_is_told_and_takes_the_change_back_with_one_word(desk: TestDesk) -> None:
    """Row 35: the mailbox was taken over, and its owner comes back into it within a week."""
    (notice,) = [mail for mail in moved(desk) if mail.kind == "notice" and mail.to == CAST["alice"][1]]
    assert NEW in notice and "UNDO" in notice
    desk.clock.advance(days=6, hours=23)
    desk.says("alice", "UNDO", reply_to=notice)
    assert address(desk) == CAST["alice"][1] and changes(desk) == []
    held = desk.says("alice", "Please unlock bakery.example").to("alice")
    assert "until one of us has spoken" in held


def test_the_way_back_ends_after_a_week_and_is_nobody_else_s(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    (notice,) = [mail for mail in moved(desk) if mail.kind == "notice"]
    desk.says("victor", "UNDO", reply_to=notice)
    assert address(desk) == NEW
    desk.clock.advance(days=7, minutes=1)
    desk.says("alice", "UNDO", reply_to=notice)
    assert address(desk) == NEW


@pytest.mark.parametrize(
    "text",
    [
        "EPP code for bakery-shop.example",
        "Please unlock bakery.example",
        "Reset my password",
        "Send me a sign-in link",
        "My new e-mail address is nina@stone.example",
    ],
)
def test_for_a_week_after_a_change_of_address_secrets_and_unlocks_wait_for_a_person(
    desk_on_sqlite: TestDesk, text: str
) -> None:
    """Row 37: the address is changed, then the transfer code is asked for."""
    desk = desk_on_sqlite
    moved(desk)
    desk.clock.advance(days=6, hours=23)
    mails = desk.says("mallory", text)
    assert [mail.kind for mail in mails.all_to("mallory")] == ["acknowledgement"]
    assert not [mail for mail in mails if mail.kind in ("secret", "question")]
    (told,) = mails.all_to("dana") or mails.all_to("sam")
    assert "address was changed within the last days" in " ".join(told.text.split())


def test_after_a_week_the_owner_of_the_new_address_is_believed_like_anybody(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    moved(desk)
    desk.clock.advance(days=7, minutes=1)
    assert "Your code" in desk.says("mallory", "Please unlock bakery.example").to("mallory")


def test_a_code_that_was_asked_for_before_the_change_unlocks_nothing_after_it(desk_on_sqlite: TestDesk) -> None:
    """Row 53: an answer to a question that went to the old address."""
    desk = desk_on_sqlite
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    moved(desk)
    desk.says("alice", code_in(question), reply_to=question)
    desk.says("mallory", code_in(question), reply_to=question)
    assert desk.app.around.registrar.registration("bakery.example").locked


def test_what_staff_say_after_the_change_goes_to_the_new_address_and_not_to_the_old(desk_on_sqlite: TestDesk) -> None:
    """Row 53: tickets follow the person."""
    desk = desk_on_sqlite
    (told,) = desk.says("alice", "The shop page is empty since noon, nothing helps.").all_to("sam")
    number = desk.ticket()["number"]
    moved(desk)
    said = desk.says("sam", "It works again.", reply_to=told)
    assert [mail.to for mail in said] == [NEW]
    people = {person["address"] for person in desk.ticket(number)["participants"] if person["role"] == "requester"}
    assert people == {NEW}


def test_a_mail_from_the_old_address_is_a_stranger_s(desk_on_sqlite: TestDesk) -> None:
    """Row 53: who still holds the old mailbox is told nothing of the account."""
    desk = desk_on_sqlite
    moved(desk)
    for mail in desk.says("alice", "Which domains do I have?").all_to("alice"):
        assert "bakery-shop.example" not in mail and mail.kind == "stranger"


def test_for_thirty_days_warnings_go_to_the_former_address_too_and_stop_from_there(desk_on_sqlite: TestDesk) -> None:
    """Row 35: what the thief does next is told to a mailbox that is not the thief's."""
    desk = desk_on_sqlite
    moved(desk)
    desk.clock.advance(days=20)
    question = desk.says("mallory", "Please unlock bakery.example").to("mallory")
    mails = desk.says("mallory", code_in(question), reply_to=question)
    warned = [mail for mail in mails if mail.kind == "notice"]
    assert sorted(mail.to for mail in warned) == sorted([CAST["alice"][1], NEW])
    (mine,) = [mail for mail in warned if mail.to == CAST["alice"][1]]
    assert not desk.app.around.registrar.registration("bakery.example").locked
    desk.says("alice", "UNDO", reply_to=mine)
    assert desk.app.around.registrar.registration("bakery.example").locked


def test_after_thirty_days_the_former_address_hears_no_more(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    moved(desk)
    desk.clock.advance(days=31)
    question = desk.says("mallory", "Please unlock bakery.example").to("mallory")
    mails = desk.says("mallory", code_in(question), reply_to=question)
    assert [mail.to for mail in mails if mail.kind == "notice"] == [NEW]


def test_a_contact_s_address_takes_the_same_way_and_its_owner_is_told_too(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    new = asked(desk, "bob")
    mails = desk.says("mallory", "YES", reply_to=new)
    assert [it.email for it in desk.app.around.billing.contacts("1001")] == [NEW]
    notices = {mail.to: mail for mail in mails if mail.kind == "notice"}
    assert set(notices) == {CAST["bob"][1], CAST["alice"][1]}
    desk.says("bob", "UNDO", reply_to=notices[CAST["bob"][1]])
    assert [it.email for it in desk.app.around.billing.contacts("1001")] == [CAST["bob"][1]]
    assert address(desk) == CAST["alice"][1]


def test_the_owner_takes_back_a_contact_s_change_without_touching_their_own_address(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("mallory", "YES", reply_to=asked(desk, "bob"))
    (notice,) = [mail for mail in mails if mail.kind == "notice" and mail.to == CAST["alice"][1]]
    desk.says("alice", "UNDO", reply_to=notice)
    assert [it.email for it in desk.app.around.billing.contacts("1001")] == [CAST["bob"][1]]
    assert address(desk) == CAST["alice"][1]


def test_the_owner_changes_a_contact_s_address_and_the_former_one_can_take_it_back(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    new = asked(desk, "alice", f"New e-mail address of our contact Bob: {NEW}")
    mails = desk.says("mallory", "YES", reply_to=new)
    assert [it.email for it in desk.app.around.billing.contacts("1001")] == [NEW]
    (notice,) = [mail for mail in mails if mail.kind == "notice" and mail.to == CAST["bob"][1]]
    desk.says("bob", "UNDO", reply_to=notice)
    assert [it.email for it in desk.app.around.billing.contacts("1001")] == [CAST["bob"][1]]


@pytest.mark.parametrize("new", ["support@desk.example", "sam@desk.example"])
def test_the_desk_s_own_addresses_and_staff_are_never_asked(desk_on_sqlite: TestDesk, new: str) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", f"My new e-mail address is {new}").to("alice")
    mails = desk.says("alice", code_in(question), reply_to=question)
    assert "cannot use" in mails.to("alice") and not [mail for mail in mails if mail.to == new]


def test_a_change_that_was_agreed_to_while_the_account_was_stopped_does_not_happen(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    new = asked(desk)
    unlock = desk.says("alice", "Please unlock bakery.example").to("alice")
    desk.says("alice", "STOP", reply_to=unlock)
    desk.says("mallory", "YES", reply_to=new)
    assert address(desk) == CAST["alice"][1]


def test_two_that_wrote_on_one_ticket_change_places_on_it(desk_on_sqlite: TestDesk) -> None:
    """The new address had a copy of the ticket before it was the client's."""
    desk = desk_on_sqlite
    desk.says("alice", "The shop page is empty since noon, nothing helps.", cc=NEW)
    number = desk.ticket()["number"]
    moved(desk)
    roles = {person["address"]: person["role"] for person in desk.ticket(number)["participants"]}
    assert roles[NEW] == "requester" and roles[CAST["alice"][1]] == "unverified"


def test_no_ticket_of_another_client_is_touched(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("victor", "My site shows an old page, please look.", cc=CAST["alice"][1])
    number = desk.ticket()["number"]
    moved(desk)
    with desk.app.sessions() as session:
        everybody = session.scalars(select(Participant.address)).all()
    assert CAST["alice"][1] in everybody
    assert NEW not in {person["address"] for person in desk.ticket(number)["participants"]}


def test_a_change_whose_commit_was_lost_is_recorded_and_told_when_the_yes_is_walked_again(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the act and the commit must not leave a moved account that nobody was told of."""
    desk = desk_on_sqlite
    new = asked(desk)

    def crash(*_: object) -> None:
        raise RuntimeError("lost half way")

    with monkeypatch.context() as broken:
        broken.setattr(addresschange, "changed", crash)
        desk.says("mallory", "YES", reply_to=new)
    assert address(desk) == NEW and changes(desk) == []
    desk.clock.advance(minutes=1)
    before = len(desk.letters())
    desk.walks()
    assert changes(desk) == [(CAST["alice"][1], NEW)]
    assert [mail.to for mail in list(desk.letters())[before:] if mail.kind == "notice"] == [CAST["alice"][1]]
