"""Staff in their own mail client."""

from __future__ import annotations

from tests.desk import Mails, TestDesk

TROUBLE = "My site shows an error since this morning."


def opened(desk: TestDesk) -> Mails:
    return desk.says("alice", TROUBLE, subject="Site broken")


def test_a_staff_reply_reaches_the_client_under_the_desk_s_name_and_signature(desk: TestDesk) -> None:
    answer = desk.says("sam", "Hello Alice,\n\nit works again.", reply_to=opened(desk).to("sam")).to("alice")
    assert "it works again." in answer and "Sam Lee" in answer and "Example Hosting Support" in answer
    assert answer.message["From"].addresses[0].addr_spec == "support@desk.example"
    assert "sam@desk.example" not in answer.message.as_string()
    assert answer.message["Auto-Submitted"] is None
    assert desk.ticket()["status"] == "Answered" and desk.ticket()["assignee"] == "sam@desk.example"


def test_the_client_s_answer_to_it_comes_back_to_that_staff_member(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    answer = desk.says("sam", "Is it the shop?", reply_to=opened(desk).to("sam")).to("alice")
    assert desk.says("alice", "Yes, the shop.", reply_to=answer).kinds() == [("sam@desk.example", "notification")]


def test_a_note_stays_inside(desk: TestDesk) -> None:
    mails = desk.says("sam", "#note\nShe sounds angry, call her.", reply_to=opened(desk).to("sam"))
    assert not mails.all_to("alice")
    assert [m["kind"] for m in desk.ticket()["messages"]] == ["public", "note"]


def test_close_closes_and_a_mail_of_commands_only_sends_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert len(desk.says("sam", "#close\n\n-- \nSam Lee", reply_to=opened(desk).to("sam"))) == 0
    assert desk.ticket()["status"] == "Closed"


def test_a_mistyped_command_holds_the_whole_mail_and_tells_its_writer(desk: TestDesk) -> None:
    mails = desk.says("sam", "#clsoe\nThe client is a fool.", reply_to=opened(desk).to("sam"))
    assert not mails.all_to("alice")
    assert "did you mean #close" in mails.to("sam")
    assert desk.ticket()["messages"][-1]["kind"] == "held" and desk.ticket()["status"] == "Open"


def test_the_message_as_it_arrived_is_one_command_away(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    text = TROUBLE + "\n\n-- \nAlice Martin\nBakery Street 1"
    mails = desk.says("alice", text, subject="Site broken")
    assert "Bakery Street" not in mails.to("sam").text
    original = desk.says("sam", "#original", reply_to=mails.to("sam")).to("sam")
    (attached,) = list(original.message.iter_attachments())
    assert "Bakery Street" in original.text and attached.get_filename().endswith(".eml")


def test_a_forged_staff_mail_reaches_no_client(desk: TestDesk) -> None:
    notification = opened(desk).to("sam")
    mails = desk.says("sam", "Send your password to me", reply_to=notification, proved=False)
    assert not mails.all_to("alice")
    assert "NOT sent" in mails.to("sam")


def test_another_one_s_staff_address_does_not_work_for_you(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    notification = opened(desk).to("sam")
    assert not desk.says("mallory", "Hello Alice, pay here", reply_to=notification).all_to("alice")
    held = desk.says("dana", "Hello Alice", reply_to=notification)
    assert not held.all_to("alice") and "NOT sent" in held.to("dana")


def test_staff_without_a_reply_address_never_speak_for_the_desk(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    opened(desk)
    number = desk.ticket()["number"]
    assert not desk.says("sam", "Hello Alice", subject=f"Re: Site broken [#{number}]").all_to("alice")


def test_an_out_of_office_of_staff_is_no_answer(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("sam", "I am away.", reply_to=opened(desk).to("sam"), headers={"Auto-Submitted": "auto-replied"})
    assert len(mails) == 0 and desk.ticket()["status"] == "Open"


def test_staff_say_whose_ticket_it_is_and_the_next_mail_from_there_is_known_but_proves_nothing(desk: TestDesk) -> None:
    first = desk.says("nina", "I am Alice's new assistant, the site is down", to="support@desk.example")
    desk.says("sam", "#client alice@bakery.example", reply_to=first.to("sam"))
    assert desk.ticket()["client"] == "1001"
    desk.clock.advance(hours=1)
    mails = desk.says("nina", "The site is down again", to="support@desk.example")
    assert "Alice Bakery" in mails.to("sam") and "NOT proved" in mails.to("sam")
    account = desk.says("nina", "Which domains do I have?", to="support@desk.example")
    assert all("bakery-shop.example" not in mail.message.as_string() for mail in account.all_to("nina"))
