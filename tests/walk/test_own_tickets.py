"""One's own tickets by mail: who sees which, what happens on another ticket, and what a number alone does not open."""

from __future__ import annotations

from typing import Any

import pytest

from core import questions
from core.backends.local import tables
from core.messages import Reply
from tests.desk import Mails, Read, TestDesk

TROUBLE = "My site shows an error since this morning and visitors complain."


def opened(desk: TestDesk, who: str = "alice", text: str = TROUBLE, subject: str = "Site broken") -> tuple[str, Mails]:
    """A ticket that staff were told of: its number, and what left the desk."""
    desk.clock.advance(minutes=1)
    mails = desk.says(who, text, subject=subject)
    return desk.ticket()["number"], mails


def rights(desk: TestDesk, *names: str) -> None:
    """What Bob may do."""
    with desk.app.sessions.begin() as session:
        bob = session.get(tables.Contact, ("1001", "1"))
        assert bob is not None
        bob.permissions = list(names)


def asks(desk: TestDesk, who: str, text: str, **how: Any) -> Read:
    desk.clock.advance(minutes=1)
    return desk.says(who, text, **how).to(who)


def said(desk: TestDesk, number: str) -> list[str]:
    return [one["text"].strip() for one in desk.ticket(number)["messages"] if one["kind"] == "public"]


def test_the_list_holds_what_people_saw_and_not_each_question_that_the_desk_answered(desk: TestDesk) -> None:
    number, _ = opened(desk)
    asks(desk, "alice", "Which domains do I have?")
    answered = desk.ticket()["number"]
    listed = asks(desk, "alice", "My tickets")
    assert f"#{number} Site broken" in listed and answered not in listed
    assert "one open ticket" in listed


def test_the_list_of_somebody_without_tickets_says_how_to_open_one(desk_on_sqlite: TestDesk) -> None:
    assert "You have no tickets" in asks(desk_on_sqlite, "victor", "List my tickets")


def test_a_ticket_is_shown_with_the_last_words_of_people_and_without_the_desk_s_own_answers(desk: TestDesk) -> None:
    number, mails = opened(desk)
    desk.says("sam", "The plugin was broken; it is repaired.", reply_to=mails.to("sam"))
    asks(desk, "alice", "Which invoices are open?", reply_to=mails.to("alice"))
    desk.clock.advance(minutes=1)
    shown = asks(desk, "alice", f"Show ticket {number}")
    assert "The plugin was broken" in shown and "visitors complain" in shown and "Sam Lee" in shown
    assert "INV-9004" not in shown


def test_another_client_s_ticket_and_none_at_all_read_the_same(desk: TestDesk) -> None:
    number, _ = opened(desk)
    for text in ("Show ticket {}", "Close ticket {}", "What is the status of ticket {}?", "Reopen ticket {}"):
        real = asks(desk, "victor", text.format(number)).text.replace(number, "?")
        assert (
            real.split("Ref:")[0]
            == asks(desk, "victor", text.format("10000001")).text.replace("10000001", "?").split("Ref:")[0]
        )
        assert "do not find" in real and "Site" not in real
    assert desk.ticket(number)["status"] == "Open"


def test_a_stranger_with_a_number_learns_nothing(desk: TestDesk) -> None:
    number, _ = opened(desk)
    mail = asks(desk, "mallory", f"What is the status of ticket {number}?")
    other = asks(desk, "mallory", "What is the status of ticket 10000001?")
    assert mail.text.split("Ref:")[0].replace(number, "") == other.text.split("Ref:")[0].replace("10000001", "")
    shown = desk.says("mallory", f"Show ticket {number}")
    assert all("visitors" not in one and "Site broken" not in one for one in shown.all_to("mallory"))


def test_a_stranger_reads_how_their_own_ticket_stands_and_no_more(desk: TestDesk) -> None:
    number, _ = opened(desk, "nina", "Can I bring my own system image?", "System image")
    state = asks(desk, "nina", f"What is the status of ticket {number}?")
    assert f"#{number}: It waits for us." in state
    assert "image" not in state.text.lower() and "image" not in state.subject.lower()


def test_which_of_a_stranger_s_tickets_is_asked_by_number_alone(desk_on_sqlite: TestDesk) -> None:
    """Its subject was chosen by whoever wrote the first mail, who may not be the reader."""
    desk = desk_on_sqlite
    numbers = [
        opened(desk, "nina", "Can I bring my own image?", subject)[0] for subject in ("Buy pills", "Cheap pills")
    ]
    question = asks(desk, "nina", "What is the status of my ticket?")
    assert all(number in question for number in numbers) and "pills" not in question.text


def test_a_forged_question_is_answered_to_the_client_with_the_state_alone(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = opened(desk)
    state = desk.says("alice", f"What is the status of ticket {number}?", proved=False)
    assert "It waits for us." in state.to("alice") and "Site broken" not in state.to("alice")
    desk.clock.advance(hours=2)
    assert "Did you write" in desk.says("alice", f"Close ticket {number}", proved=False).to("alice").subject
    assert desk.ticket(number)["status"] == "Open"


def test_colleagues_see_each_other_s_tickets_only_with_the_permission(desk: TestDesk) -> None:
    number, _ = opened(desk)
    assert f"#{number}" in asks(desk, "bob", "My tickets") and "Opened by Alice Martin" in asks(
        desk, "bob", "My tickets"
    )
    rights(desk, "invoices")
    own, _ = opened(desk, "bob", "My mailbox rejects a colleague.", "Mailbox")
    listed = asks(desk, "bob", "My tickets")
    assert own in listed and number not in listed and "permission for tickets" in listed
    assert "do not find" in asks(desk, "bob", f"Show ticket {number}")
    assert own in asks(desk, "alice", "My tickets")


def test_who_was_copied_in_reads_only_what_came_after_and_decides_nothing(desk: TestDesk) -> None:
    number, mails = opened(desk)
    asks(desk, "alice", f"Please copy victor@hale.example on ticket {number}")
    desk.clock.advance(minutes=1)
    assert "Nothing that you may read" in asks(desk, "victor", f"Show ticket {number}")
    desk.says("sam", "It is repaired now.", reply_to=mails.to("sam"))
    shown = asks(desk, "victor", f"Show ticket {number}")
    assert "It is repaired now." in shown and "visitors complain" not in shown
    for wish in ("Close ticket {}", "Set the priority of ticket {} to high", "Copy nina@stone.example on ticket {}"):
        assert "not yours to change" in asks(desk, "victor", wish.format(number)), wish
    assert desk.ticket(number)["status"] == "Answered"


def test_a_reply_by_number_is_on_that_ticket_and_its_own_mail_bothers_nobody(desk: TestDesk) -> None:
    number, mails = opened(desk)
    desk.says("sam", "Which page?", reply_to=mails.to("sam"))
    desk.clock.advance(minutes=1)
    added = desk.says("alice", f"Please add to ticket {number}:\nThe shop page.\nThe others are fine.")
    assert added.kinds() == [("alice@bakery.example", "answer"), ("sam@desk.example", "notification")]
    assert "The shop page." in added.to("sam") and "Proved to be Alice Martin" in added.to("sam")
    assert said(desk, number)[-1] == "The shop page.\nThe others are fine."
    assert desk.ticket(number)["status"] == "Customer-Reply" and desk.ticket()["status"] == "Answered"


def test_a_reply_without_words_is_asked_for_and_then_added(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = opened(desk)
    question = asks(desk, "alice", f"Please reply to ticket {number}")
    desk.says("alice", "It is the shop page.", reply_to=question)
    assert said(desk, number)[-1] == "It is the shop page."


def test_nothing_is_added_to_a_ticket_that_was_closed_long_ago(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = opened(desk)
    asks(desk, "alice", f"Close ticket {number}")
    desk.clock.advance(days=31)
    for wish in ("Reopen ticket {}", "Please add to ticket {}:\nAgain."):
        assert "more than 30 days ago" in asks(desk, "alice", wish.format(number))
    assert said(desk, number) == [TROUBLE] and desk.ticket(number)["status"] == "Closed"


@pytest.mark.parametrize("words", ["Close ticket {}", "You can close {}", "Please close ticket #{}, thanks"])
def test_a_client_closes_another_ticket_by_its_number_and_staff_are_left_alone(
    desk_on_sqlite: TestDesk, words: str
) -> None:
    desk = desk_on_sqlite
    number, _ = opened(desk)
    desk.clock.advance(minutes=1)
    mails = desk.says("alice", words.format(number))
    assert mails.kinds() == [("alice@bakery.example", "answer")]
    assert desk.ticket(number)["status"] == "Closed" and desk.ticket()["status"] == "Answered"
    assert "closed already" in asks(desk, "alice", words.format(number))


def test_a_number_that_is_nobody_s_closes_nothing_else(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    numbers = [opened(desk, subject=subject)[0] for subject in ("Site broken", "Mail slow")]
    assert "do not find “10000001”" in asks(desk, "alice", "Please close 10000001")
    assert all(desk.ticket(number)["status"] == "Open" for number in numbers)


def test_of_several_tickets_she_chooses_the_one_to_close(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    first, _ = opened(desk, subject="Site broken")
    second, _ = opened(desk, subject="Mail slow")
    question = asks(desk, "alice", "Please close the ticket")
    asks(desk, "alice", "2", reply_to=question)
    states = {desk.ticket(number)["status"] for number in (first, second)}
    assert states == {"Open", "Closed"}


def test_a_client_closes_the_ticket_that_the_reply_is_on(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, mails = opened(desk)
    asks(desk, "alice", "It works, you can close the ticket.", reply_to=mails.to("alice"))
    assert desk.ticket(number)["status"] == "Closed"


def test_thanks_do_not_reopen_what_was_closed(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, mails = opened(desk)
    closed = asks(desk, "alice", f"Close ticket {number}")
    for reply_to in (closed, mails.to("alice")):
        assert len(desk.says("alice", "Thanks a lot!", reply_to=reply_to)) == 0
    assert desk.ticket(number)["status"] == "Closed"


def test_the_reply_to_an_answer_about_a_ticket_means_that_ticket(desk: TestDesk) -> None:
    opened(desk, subject="Mail slow")
    number, _ = opened(desk)
    closed = asks(desk, "alice", f"Close ticket {number}")
    mails = desk.says("alice", "Reopen the ticket, please", reply_to=closed)
    assert f"#{number}" in mails.to("alice") and "reopened the ticket" in mails.to("sam")
    assert desk.ticket(number)["status"] == "Customer-Reply"


def test_a_ticket_becomes_urgent_only_by_a_yes(desk: TestDesk) -> None:
    number, _ = opened(desk, text=f"This is urgent! {TROUBLE}")
    assert desk.ticket(number)["priority"] == "Medium"
    question = asks(desk, "alice", f"Please set the priority of ticket {number} to high")
    assert desk.ticket(number)["priority"] == "Medium" and number in question
    done = desk.says("alice", "YES", reply_to=question)
    assert desk.ticket(number)["priority"] == "High"
    assert "high now" in done.to("alice") and "from Medium to High" in done.to("sam")
    assert "not valid" in asks(desk, "alice", "YES", reply_to=question)


def test_no_leaves_the_priority_as_it_is(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = opened(desk)
    question = asks(desk, "alice", f"Please set the priority of ticket {number} to high")
    desk.says("alice", "NO", reply_to=question)
    assert desk.ticket(number)["priority"] == "Medium"


def test_a_confirmed_priority_is_set_although_its_first_walk_was_lost(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not committed, so it is done again; it is not taken for done."""
    desk = desk_on_sqlite
    number, _ = opened(desk)
    question = asks(desk, "alice", f"Please set the priority of ticket {number} to high")
    tell, failures = questions._tell, [RuntimeError("lost")]

    def fails_once(*arguments: Any) -> None:
        if failures and any(isinstance(one, Reply) for one in arguments[3]):
            raise failures.pop()
        tell(*arguments)

    monkeypatch.setattr(questions, "_tell", fails_once)
    desk.says("alice", "YES", reply_to=question)
    desk.clock.advance(minutes=1)
    desk.walks()
    assert not failures and desk.ticket(number)["priority"] == "High"


def test_who_is_copied_in_gets_what_staff_say_until_they_are_removed(desk: TestDesk) -> None:
    number, mails = opened(desk)
    asks(desk, "alice", f"Please copy bob@bakery.example on ticket {number}")
    first = desk.says("sam", "We look into it.", reply_to=mails.to("sam"))
    assert len(first.all_to("bob")) == 1
    asks(desk, "alice", f"Remove bob@bakery.example from ticket {number}")
    second = desk.says("sam", "It is repaired.", reply_to=mails.to("sam"))
    assert not second.all_to("bob") and second.all_to("alice")
    asks(desk, "alice", f"Copy bob@bakery.example on ticket {number}")
    assert desk.says("sam", "One more thing.", reply_to=mails.to("sam")).all_to("bob")


def test_the_reply_address_of_who_was_removed_is_void(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, mails = opened(desk)
    asks(desk, "alice", f"Copy bob@bakery.example on ticket {number}")
    copy = desk.says("sam", "We look into it.", reply_to=mails.to("sam")).to("bob")
    asks(desk, "alice", f"Remove bob@bakery.example from ticket {number}")
    desk.says("bob", "One more thing about the shop page.", to=copy.reply_to)
    assert "One more thing about the shop page." not in said(desk, number)


def test_who_was_copied_in_leaves_by_themselves(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, mails = opened(desk)
    asks(desk, "alice", f"Copy victor@hale.example on ticket {number}")
    asks(desk, "victor", f"Remove victor@hale.example from ticket {number}")
    assert not desk.says("sam", "It is repaired.", reply_to=mails.to("sam")).all_to("victor")


def test_neither_staff_nor_who_asked_can_be_copied_in_or_taken_out(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, _ = opened(desk)
    assert "was not added" in asks(desk, "alice", f"Copy dana@desk.example on ticket {number}")
    assert "no copies" in asks(desk, "alice", f"Remove alice@bakery.example from ticket {number}")


def test_a_description_behind_open_a_ticket_reaches_staff(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "support@desk.example" in asks(desk, "nina", "Please open a ticket")
    desk.clock.advance(minutes=1)
    mails = desk.says("alice", "Please open a ticket. The contact form on our website sends two copies of each mail.")
    assert mails.all_to("sam") and desk.ticket()["status"] == "Open"
