"""Every verb of staff, by mail: what it does to the ticket, and that nothing of it reaches the client."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.demodata import WRITTEN_FOR
from bot.settings.work import FieldSettings
from core.models import SenderRule, Ticket
from core.staff import classify
from tests import desk as desks
from tests.desk import Mails, Read, TestDesk


@pytest.fixture
def notice(desk_on_sqlite: TestDesk) -> Read:
    """What Sam reads of Alice's new ticket, and answers."""
    return desk_on_sqlite.says("alice", "My site shows an error since this morning.", subject="Site broken").to("sam")


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return desk_on_sqlite


def held(mails: Mails, who: str = "sam") -> Read:
    """The one mail that says that nothing was done; it is the only one that left the desk."""
    assert len(mails) == 1 and "NOT sent" in mails.to(who)
    return mails.to(who)


def numbers(desk: TestDesk) -> list[str]:
    return [ticket["number"] for ticket in desk.tickets()]


def actions(desk: TestDesk) -> list[str]:
    return [line["action"] for line in desk.ticket()["audit"]]


def test_take_makes_it_mine_and_none_makes_it_nobody_s(desk: TestDesk, notice: Read) -> None:
    assert len(desk.says("sam", "#take", reply_to=notice)) == 0
    assert desk.ticket()["assignee"] == "sam@desk.example"
    desk.says("sam", "#assign none", reply_to=notice)
    assert desk.ticket()["assignee"] is None


@pytest.mark.parametrize("name", ["dana", "Dana Cole", "dana@desk.example", "cole"])
def test_assign_gives_it_to_a_colleague_who_is_told_once(desk: TestDesk, notice: Read, name: str) -> None:
    mails = desk.says("sam", f"#assign {name}", reply_to=notice)
    assert mails.kinds() == [("dana@desk.example", "notification")] and "Sam Lee gave you this ticket" in mails.to(
        "dana"
    )
    assert "My site shows an error" in mails.to("dana") and desk.ticket()["assignee"] == "dana@desk.example"


def test_a_note_with_the_assignment_is_one_mail_to_the_colleague(desk: TestDesk, notice: Read) -> None:
    mails = desk.says("sam", "#assign dana\n#note\nPlease look, she is angry.", reply_to=notice)
    assert mails.kinds() == [("dana@desk.example", "notification")]
    assert "gave you this ticket" in mails.to("dana") and "she is angry" in mails.to("dana")


def test_assign_to_a_department_moves_it_there(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#assign Sales", reply_to=notice)
    assert desk.ticket()["department"] == "Sales" and desk.ticket()["assignee"] is None


def test_assign_to_nobody_known_says_who_there_is(desk: TestDesk, notice: Read) -> None:
    mail = held(desk.says("sam", "#assign bob\nHello Alice", reply_to=notice))
    assert "Sam Lee" in mail and "Dana Cole" in mail


def test_somebody_who_does_not_work_there_is_not_given_it(desk: TestDesk) -> None:
    notice = desk.says(
        "nina", "We are 40 people and think about moving to you; whom can we call?", to="sales@desk.example"
    ).to("dana")
    mail = held(desk.says("dana", "#assign sam", reply_to=notice), "dana")
    assert "does not work in Sales" in mail


@pytest.mark.parametrize(
    ("line", "priority"), [("#urgent", "Urgent"), ("#priority low", "Low"), ("#prio: normal", "Medium")]
)
def test_priority(desk: TestDesk, notice: Read, line: str, priority: str) -> None:
    desk.says("sam", line, reply_to=notice)
    assert desk.ticket()["priority"] == priority


def test_tags_come_and_go(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#tag +php +shop", reply_to=notice)
    desk.says("sam", "#tag -php Urgent-call", reply_to=notice)
    assert desk.ticket()["tags"] == ["shop", "urgent-call"]


def test_subject_names_it_anew_and_the_old_name_is_on_record(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#subject PHP error of the shop", reply_to=notice)
    assert desk.ticket()["subject"] == "PHP error of the shop" and "ticket.subject" in actions(desk)


@pytest.mark.parametrize(("written", "minutes"), [("15m", 15), ("1h", 60), ("1h 30m", 90), ("2h5m", 125)])
def test_time_is_added_up(desk: TestDesk, notice: Read, written: str, minutes: int) -> None:
    desk.says("sam", f"#time {written}", reply_to=notice)
    assert f"{minutes} minutes" in desk.says("sam", "#status", reply_to=notice).to("sam")


@pytest.mark.parametrize(
    ("line", "status"),
    [("#close", "Closed"), ("#solved", "Closed"), ("#hold", "On Hold"), ("#pending", "Pending"), ("#open", "Open")],
)
def test_the_state_comes_after_what_is_said(desk: TestDesk, notice: Read, line: str, status: str) -> None:
    mails = desk.says("sam", f"Hello Alice, done.\n\n{line}", reply_to=notice)
    assert "Hello Alice, done." in mails.to("alice") and line not in mails.to("alice")
    assert desk.ticket()["status"] == status


def test_pending_and_snooze_know_until_when(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#pending 3d", reply_to=notice)
    with desk.app.sessions() as session:
        (ticket,) = session.query(Ticket)
        assert ticket.status == "Pending" and ticket.wakes_at == desk.clock() + timedelta(days=3)
    desk.says("sam", "#open\nHello", reply_to=notice)
    desk.says("sam", "#snooze tomorrow 14:30", reply_to=notice)
    with desk.app.sessions() as session:
        (ticket,) = session.query(Ticket)
        assert ticket.status == "Open" and ticket.wakes_at is not None
        assert ticket.wakes_at.date() == WRITTEN_FOR + timedelta(days=1)


@pytest.mark.parametrize(
    "line", ["#snooze", "#snooze yesterday", "#pending never", "#time soon", "#priority huge", "#tag ???"]
)
def test_a_value_that_cannot_be_is_held_with_the_way_to_write_it(desk: TestDesk, notice: Read, line: str) -> None:
    held(desk.says("sam", f"{line}\nHello Alice", reply_to=notice))
    assert desk.ticket()["status"] == "Open" and "Hello Alice" in desk.ticket()["messages"][-1]["text"]


def test_two_states_in_one_mail_are_none(desk: TestDesk, notice: Read) -> None:
    assert "#close" in held(desk.says("sam", "#close\n#hold\nHello", reply_to=notice))


def test_note_and_reply_in_one_mail_are_none(desk: TestDesk, notice: Read) -> None:
    held(desk.says("sam", "#note\n#reply\nHello", reply_to=notice))


def test_all_or_nothing(desk: TestDesk, notice: Read) -> None:
    held(desk.says("sam", "#take\n#urgent\n#dept Nowhere\nHello Alice", reply_to=notice))
    assert (desk.ticket()["assignee"], desk.ticket()["priority"]) == (None, "Medium")


def test_send_lets_out_what_was_held_as_it_was_written(desk: TestDesk, notice: Read) -> None:
    mail = held(desk.says("sam", "Hello Alice,\n#close\nis what you write to close it.", reply_to=notice))
    answer = desk.says("sam", "#send", reply_to=mail).to("alice")
    assert "#close\nis what you write" in answer.text
    assert desk.ticket()["status"] == "Answered"
    assert "nothing of yours is held" in held(desk.says("sam", "#send", reply_to=mail))


def test_send_keeps_a_note_inside(desk: TestDesk, notice: Read) -> None:
    mail = held(desk.says("sam", "#note\n#clsoe\nThe client is a fool.", reply_to=notice))
    assert len(desk.says("sam", "#send", reply_to=mail)) == 0
    assert desk.ticket()["messages"][-1]["kind"] == "note"


def test_send_does_not_let_out_what_still_cannot_be_done(desk: TestDesk, notice: Read) -> None:
    mail = held(desk.says("sam", "#dept Nowhere\nHello Alice", reply_to=notice))
    assert "Sales" in held(desk.says("sam", "#send", reply_to=mail))
    desk.says("sam", "#cancel", reply_to=mail)
    assert "nothing of yours is held" in held(desk.says("sam", "#send", reply_to=mail))


def test_send_brings_the_files_along(desk: TestDesk, notice: Read) -> None:
    file = ("log.txt", "text/plain", b"PHP Fatal error")
    mail = held(desk.says("sam", "#clsoe\nSee the file.", reply_to=notice, attach=[file]))
    answer = desk.says("sam", "#send", reply_to=mail).to("alice")
    assert [part.get_filename() for part in answer.message.iter_attachments()] == ["log.txt"]


def test_send_lets_out_nothing_that_is_not_proved_to_be_mine(desk: TestDesk, notice: Read) -> None:
    refused = desk.says("sam", "Dear client, pay to this account.", reply_to=notice, proved=False).to("sam")
    assert "#send" not in refused
    assert "nothing of yours is held" in held(desk.says("sam", "#send", reply_to=notice))


def test_a_colleague_s_draft_is_not_mine_to_send(desk: TestDesk) -> None:
    mails = desk.says("alice", "It broke.", to="support@desk.example")
    desk.says("sam", "#assign dana", reply_to=mails.to("sam"))
    held(desk.says("sam", "#clsoe\nHello", reply_to=mails.to("sam")))
    dana = desk.says("alice", "Still broken.", reply_to=mails.to("alice")).to("dana")
    assert "nothing of yours is held" in held(desk.says("dana", "#send", reply_to=dana), "dana")


def test_help_lists_every_verb_and_says_nothing_to_the_client(desk: TestDesk, notice: Read) -> None:
    mail = desk.says("sam", "#help", reply_to=notice)
    assert len(mail) == 1 and all(f"#{verb}" in mail.to("sam") for verb in ("snooze", "merge", "take", "send"))


def test_a_question_to_the_desk_beside_words_for_the_client_holds_them(desk: TestDesk, notice: Read) -> None:
    assert "for you alone" in held(desk.says("sam", "#status\nHello Alice", reply_to=notice))


def test_status_tells_how_it_stands(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#take\n#note\nPHP again", reply_to=notice)
    card = desk.says("sam", "#status", reply_to=notice).to("sam")
    assert all(words in card for words in ("Sam Lee", "Alice Bakery", "PHP again", "internal", "alice@bakery.example"))


def test_cc_reads_from_now_on_and_uncc_no_more(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#cc bob@bakery.example", reply_to=notice)
    mails = desk.says("sam", "It is the disk.", reply_to=notice)
    assert "It is the disk." in mails.to("alice") and "It is the disk." in mails.to("bob")
    desk.says("sam", "#uncc bob@bakery.example", reply_to=notice)
    assert not desk.says("sam", "It works.", reply_to=notice).all_to("bob")


def test_whoever_was_taken_off_has_a_reply_address_no_more(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#cc nina@stone.example", reply_to=notice)
    copy = desk.says("sam", "It is the disk.", reply_to=notice).to("nina")
    desk.says("sam", "#uncc nina@stone.example", reply_to=notice)
    desk.says("nina", "Thank you, and my own question: what is DNS?", reply_to=copy)
    assert not desk.says("sam", "Only for Alice.", reply_to=notice).all_to("nina")


def test_cc_takes_no_colleague_and_no_address_of_the_desk(desk: TestDesk, notice: Read) -> None:
    held(desk.says("sam", "#cc dana@desk.example", reply_to=notice))
    held(desk.says("sam", "#cc sales@desk.example", reply_to=notice))


def test_merge_leads_everybody_to_the_other_ticket(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    again = desk.says("alice", "And the shop is broken too.", subject="Shop", to="support@desk.example")
    second = next(one for one in numbers(desk) if one != first)
    desk.says("sam", f"#merge {first}\nBoth work again.", reply_to=again.to("sam"))
    assert desk.ticket(second)["status"] == "Closed"
    texts = [message["text"] for message in desk.ticket(first)["messages"]]
    assert any("And the shop" in text for text in texts) and any("Both work again." in text for text in texts)
    desk.says("alice", "Thanks, but now the mail is down.", reply_to=again.to("alice"))
    assert "now the mail is down" in desk.ticket(first)["messages"][-1]["text"]
    assert desk.ticket(second)["status"] == "Closed"


def test_tickets_of_two_clients_are_never_joined(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    other = desk.says("victor", "My site is down.", to="support@desk.example").to("sam")
    assert "another client's" in held(desk.says("sam", f"#merge {first}", reply_to=other))


def test_a_ticket_is_not_merged_into_itself_nor_in_a_circle(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    held(desk.says("sam", f"#merge {first}", reply_to=notice))
    again = desk.says("alice", "And the shop.", subject="Shop", to="support@desk.example").to("sam")
    second = next(one for one in numbers(desk) if one != first)
    desk.says("sam", f"#merge {first}", reply_to=again)
    held(desk.says("sam", f"#merge {second}", reply_to=notice))
    assert desk.ticket(first)["status"] == "Open"


def test_split_gives_the_last_message_a_ticket_of_its_own(desk: TestDesk, notice: Read) -> None:
    answer = desk.says("sam", "Which page?", reply_to=notice).to("alice")
    second = desk.says("alice", "By the way, our accountant wonders about the tax rate.", reply_to=answer).to("sam")
    (first,) = numbers(desk)
    desk.says("sam", "#split The tax rate\nWhich invoice is it?", reply_to=second)
    (new,) = [one for one in numbers(desk) if one != first]
    assert desk.ticket(new)["subject"] == "The tax rate"
    assert [message["text"] for message in desk.ticket(new)["messages"]][:1] == [
        "By the way, our accountant wonders about the tax rate."
    ]
    assert "tax rate" not in " ".join(m["text"] for m in desk.ticket(first)["messages"] if m["kind"] == "public")


def test_link_is_known_to_both(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    other = desk.says("victor", "My site is down.", to="support@desk.example").to("sam")
    desk.says("sam", f"#link {first}", reply_to=other)
    assert f"#{first}" in desk.says("sam", "#status", reply_to=other).to("sam")


def test_a_ticket_of_a_department_i_do_not_work_in_is_none_of_mine(desk: TestDesk) -> None:
    desk.says("nina", "We are 40 people and think about moving to you; whom can we call?", to="sales@desk.example")
    (sales,) = numbers(desk)
    mine = desk.says("alice", "It broke.", to="support@desk.example").to("sam")
    assert "no ticket of this number" in held(desk.says("sam", f"#link {sales}", reply_to=mine))


def test_spam_is_closed_and_what_its_sender_writes_next_is_put_aside(desk: TestDesk) -> None:
    notice = desk.says("nina", "Cheap watches for you!", subject="Watches").to("sam")
    assert len(desk.says("sam", "#spam", reply_to=notice)) == 0
    first = desk.ticket()
    assert first["status"] == "Closed"
    desk.clock.advance(hours=2)
    assert len(desk.says("nina", "Cheaper watches!", subject="More watches")) == 0
    with desk.app.sessions() as session:
        assert {ticket.status for ticket in session.query(Ticket)} == {"Closed"}
        assert [rule.verdict for rule in session.query(SenderRule)] == ["spam"]


def test_notspam_lets_its_sender_through_again(desk: TestDesk) -> None:
    notice = desk.says("nina", "Watches?", subject="Watches").to("sam")
    desk.says("sam", "#spam domain", reply_to=notice)
    desk.says("sam", "#notspam", reply_to=notice)
    desk.clock.advance(hours=2)
    assert desk.says("nina", "Do you sell clocks?", subject="Clocks").all_to("sam")


def test_a_client_is_no_spam(desk: TestDesk, notice: Read) -> None:
    held(desk.says("sam", "#spam", reply_to=notice))


def test_a_foreign_address_with_my_reply_address_does_nothing_and_i_am_told(desk: TestDesk, notice: Read) -> None:
    mails = desk.says("mallory", "#close\nHello Alice, pay here", reply_to=notice)
    assert not mails.all_to("alice") and not mails.all_to("mallory")
    assert "mallory@evil.example" in held(mails) and desk.ticket()["status"] == "Open"


def test_a_client_s_command_of_staff_is_plain_text(desk: TestDesk, notice: Read) -> None:
    answer = desk.says("sam", "Which page?", reply_to=notice).to("alice")
    mails = desk.says("alice", "#assign dana\n#snooze 3d\nThe first page.", reply_to=answer)
    assert "#assign dana" in mails.to("sam") and desk.ticket()["assignee"] == "sam@desk.example"


def test_what_was_commanded_is_in_the_audit_trail_word_by_word(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#Take\n!urgent\nHello Alice", reply_to=notice)
    (line,) = [one for one in desk.ticket()["audit"] if one["action"] == "staff.commands"]
    assert line["detail"]["commands"] == ["#Take", "!urgent"]


def test_fields_of_the_operator_are_filled_in_and_emptied(tmp_path: Path, sqlite_filled: Path) -> None:
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    fields = (FieldSettings("Registrar", ("Acme", "Other")), FieldSettings("order"))
    desk = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", fields=fields)
    notice = desk.says("alice", "My site shows an error.", subject="Site broken").to("sam")
    desk.says("sam", "#set registrar=acme\n#set order=A 77", reply_to=notice)
    assert desk.ticket()["fields"] == {"registrar": "Acme", "order": "A 77"}
    assert "Acme" in desk.says("sam", "#status", reply_to=notice).to("sam")
    desk.says("sam", "#set order=", reply_to=notice)
    assert desk.ticket()["fields"] == {"registrar": "Acme"}
    assert "Acme and Other" in held(desk.says("sam", "#set registrar=Nobody", reply_to=notice))
    assert "registrar" in held(desk.says("sam", "#set colour=blue", reply_to=notice))


def test_what_was_held_of_an_answer_to_a_note_stays_inside_when_it_is_sent(desk: TestDesk, notice: Read) -> None:
    note = desk.says("sam", "#assign dana\n#note\nIs it the disk?", reply_to=notice).to("dana")
    mail = held(desk.says("dana", "#dpet Sales\nShe is a fool.", reply_to=note), "dana")
    assert not desk.says("dana", "#send", reply_to=mail).all_to("alice")
    assert desk.ticket()["messages"][-1]["kind"] == "note"


def test_an_answer_to_what_the_desk_told_me_about_a_note_stays_inside(desk: TestDesk, notice: Read) -> None:
    note = desk.says("sam", "#assign dana\n#note\nIs it the disk?", reply_to=notice).to("dana")
    told = desk.says("dana", "#status", reply_to=note).to("dana")
    assert not desk.says("dana", "She is a fool.", reply_to=told).all_to("alice")


def test_a_stranger_whose_ticket_goes_into_a_client_s_reads_nothing_until_somebody_says_so(desk: TestDesk) -> None:
    first = desk.says("alice", "My site shows an error.", subject="Site broken")
    number = desk.ticket()["number"]
    words = "This is Alice from my private address, same problem."
    mine = desk.says("mallory", words, subject="Site broken", to="support@desk.example").to("sam")
    mails = desk.says("sam", f"#merge {number}\nDear Alice, it works again.", reply_to=mine)
    assert "it works again" in mails.to("alice") and not mails.all_to("mallory")
    desk.says("sam", "#cc mallory@evil.example", reply_to=first.to("sam"))
    assert desk.says("sam", "And the mail.", reply_to=first.to("sam")).all_to("mallory")


def test_merge_and_close_in_one_mail_do_not_close_what_others_wait_for(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    again = desk.says("alice", "And the shop.", subject="Shop", to="support@desk.example").to("sam")
    held(desk.says("sam", f"#merge {first}\n#close", reply_to=again))
    assert desk.ticket(first)["status"] == "Open"


def test_a_colleague_who_uses_my_reply_address_is_held_and_both_of_us_are_told(desk: TestDesk, notice: Read) -> None:
    mails = desk.says("dana", "Hello Alice", reply_to=notice)
    assert [(mail.to, "NOT sent" in mail) for mail in mails] == [
        ("sam@desk.example", True),
        ("dana@desk.example", True),
    ]


def test_a_domain_where_anybody_may_have_an_address_is_not_spam_as_a_whole(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classify, "FREE_MAIL", frozenset({"stone.example"}))
    notice = desk.says("nina", "Cheap watches!", subject="Watches").to("sam")
    assert "stone.example" in held(desk.says("sam", "#spam domain", reply_to=notice))
