"""Clients' mails that staff forward, and conversations that staff begin."""

from __future__ import annotations

import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.desk import Mails, Read, TestDesk, make

ALICE, SAM = "alice@bakery.example", "sam@desk.example"
TROUBLE = "Hello Sam,\n\nmy site shows an error since this morning.\n\nAlice"


def header(sender: str = f"Alice Martin <{ALICE}>", subject: str = "Site broken") -> str:
    return (
        "---------- Forwarded message ---------\n"
        f"From: {sender}\nDate: Wed, Nov 25, 2026 at 8:12 AM\nSubject: {subject}\nTo: Sam Lee <{SAM}>\n\n\n"
    )


def forwards(desk: TestDesk, note: str = "", *, text: str = TROUBLE, sender: str = "", **how: object) -> Mails:
    """Sam forwards a mail of Alice to Support."""
    copied = header(sender) if sender else header()
    how = {"subject": "Fwd: Site broken", **how}
    return desk.says("sam", f"{note}\n\n{copied}{text}", **how)  # type: ignore[arg-type]


def letter_from(sender: str, text: str, subject: str = "Site broken") -> bytes:
    name = sender.partition("@")[2].partition(".")[0]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SAM, subject
    mail["Message-ID"] = f"<original-{abs(hash(text))}@{name}.example>"
    mail["Date"] = "Wed, 25 Nov 2026 08:12:00 +0000"
    mail.set_content(text)
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return mail.as_bytes(policy=email.policy.SMTP)


def reads(mail: Read) -> str:
    """What stands in a mail, however its lines are broken."""
    return " ".join(mail.text.replace("\n>", "\n").split())


def said(desk: TestDesk) -> list[tuple[str, str, str]]:
    return [(m["kind"], m["author"], m["text"]) for m in desk.ticket()["messages"]]


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return desk_on_sqlite


@pytest.fixture
def on_each(tmp_path: Path, filled_database_url: str) -> Iterator[TestDesk]:
    """A desk on each database."""
    made = make(tmp_path, filled_database_url)
    yield made
    made.app.engine.dispose()


def test_asked_answered_and_replied_on_every_database(on_each: TestDesk) -> None:
    question = forwards(on_each, "#reply\nWe look at it.", sender="Alice Martin").to("sam")
    mails = on_each.says("sam", ALICE, reply_to=question)
    assert "We look at it." in mails.to("alice") and on_each.ticket()["requester"] == ALICE
    assert on_each.ticket()["status"] == "Answered"


def test_whoever_wrote_the_forwarded_mail_is_the_client_and_gets_no_mail_of_it(desk: TestDesk) -> None:
    mails = forwards(desk)
    ticket = desk.ticket()
    assert (ticket["requester"], ticket["client"], ticket["subject"]) == (ALICE, "1001", "Site broken")
    assert said(desk) == [("public", ALICE, TROUBLE)] and ticket["status"] == "Open"
    assert mails.kinds() == [(SAM, "notification")]
    assert "my site shows an error since this morning." in reads(mails.to("sam"))


def test_its_words_prove_nothing_and_staff_read_who_forwarded_them(desk: TestDesk) -> None:
    notice = forwards(desk).to("sam")
    (message,) = desk.ticket()["messages"]
    assert message["assurance"] == 0 and message["evidence"][0] == "forwarded by Sam Lee"
    assert "NOT proved to be Alice Martin" in reads(notice) and "forwarded by Sam Lee" in reads(notice)


@pytest.mark.parametrize(
    "text", ["Which domains do I have?", "Please send me the EPP code of bakery.example", "Cancel my hosting", "YES"]
)
def test_no_robot_answers_or_does_what_a_forwarded_mail_asks_for(desk: TestDesk, text: str) -> None:
    mails = forwards(desk, text=text)
    assert mails.kinds() == [(SAM, "notification")]
    assert desk.ticket()["status"] == "Open" and desk.ticket()["requester"] == ALICE


def test_a_staff_answer_reaches_the_client_and_her_answer_comes_back_to_the_ticket(desk: TestDesk) -> None:
    notice = forwards(desk, headers={"In-Reply-To": "<first@bakery.example>"}).to("sam")
    answer = desk.says("sam", "It works again.", reply_to=notice).to("alice")
    assert answer.message["In-Reply-To"] == "<first@bakery.example>" and "It works again." in answer
    assert "Re: Site broken" in answer.subject
    back = desk.says("alice", "Thanks, but now the shop is down.", reply_to=answer)
    assert "the shop is down" in back.to("sam") and len(desk.tickets()) == 1
    assert desk.ticket()["messages"][-1]["assurance"] == 3


def test_what_the_client_writes_next_to_her_own_mail_finds_the_ticket(desk: TestDesk) -> None:
    forwards(desk, headers={"In-Reply-To": "<first@bakery.example>"})
    desk.says("alice", "It is the shop.", subject="Re: Site broken", headers={"In-Reply-To": "<first@bakery.example>"})
    assert len(desk.tickets()) == 1 and len(desk.ticket()["messages"]) == 2


def test_what_stands_above_is_a_note(desk: TestDesk) -> None:
    mails = forwards(desk, "She is a bit rude, careful.\n\n-- \nSam Lee\nExample Hosting", to="sales@desk.example")
    assert said(desk) == [("public", ALICE, TROUBLE), ("note", SAM, "She is a bit rude, careful.")]
    assert "a bit rude" in mails.all_to("dana")[1] and not mails.all_to("alice")


def test_commands_above_it_work_and_the_department_named_is_told_alone(desk: TestDesk) -> None:
    mails = forwards(desk, "#dept Sales\n#urgent\n#tag +shop\nWants to upgrade, I think.")
    ticket = desk.ticket()
    assert (ticket["department"], ticket["priority"], ticket["tags"]) == ("Sales", "Urgent", ["shop"])
    assert {to for to, _ in mails.kinds()} == {"dana@desk.example"}
    assert "staff.commands" in [line["action"] for line in ticket["audit"]]


def test_the_colleague_it_is_given_to_is_told_alone(desk: TestDesk) -> None:
    mails = forwards(desk, "#assign dana")
    assert mails.kinds() == [("dana@desk.example", "notification")] and "since this morning" in mails.to("dana")
    assert desk.ticket()["assignee"] == "dana@desk.example"


def test_closed_above_it_is_filed_and_nobody_is_told(desk: TestDesk) -> None:
    assert len(forwards(desk, "#close")) == 0
    assert desk.ticket()["status"] == "Closed" and desk.ticket()["requester"] == ALICE


def test_merge_above_it_puts_it_into_another_ticket_of_hers(desk: TestDesk) -> None:
    desk.says("alice", "The shop is slow", subject="Slow shop")
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    mails = forwards(desk, f"#merge {number}\nThe same story.", headers={"In-Reply-To": "<other@bakery.example>"})
    texts = [message["text"] for message in desk.ticket(number)["messages"]]
    assert TROUBLE in texts and "The same story." in texts and desk.ticket()["merged_into"] == number
    assert all(f"[#{number}]" in mail.subject for mail in mails)


def test_a_command_for_several_clients_is_held_where_it_cannot_be(desk: TestDesk) -> None:
    desk.says("bob", "The shop is slow", subject="Slow shop")
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    mails = forwards(desk, f"#merge {number}", sender="Victor Hale <victor@hale.example>")
    assert "another client's" in reads(mails.of_kind("held")[0]) and desk.ticket()["requester"] == "victor@hale.example"


def test_reply_above_it_answers_the_client_at_once(desk: TestDesk) -> None:
    mails = forwards(desk, "#reply\nHello Alice,\n\nwe look at it.\n#hold")
    answer = mails.to("alice")
    assert (
        "we look at it." in answer and "Example Hosting Support" in answer and "#" not in answer.text.split("Ref:")[0]
    )
    assert answer.message["From"].addresses[0].addr_spec == "support@desk.example"
    assert desk.ticket()["status"] == "On Hold"


def test_client_above_it_says_whose_it_is(desk: TestDesk) -> None:
    forwards(desk, f"#client {ALICE}\nFrom her private address.", sender="Alice <nina@stone.example>")
    ticket = desk.ticket()
    assert (ticket["requester"], ticket["client"]) == (ALICE, "1001")
    assert said(desk)[0][1] == "nina@stone.example"
    assert not any(person["address"] == "nina@stone.example" for person in ticket["participants"])


def test_a_stranger_s_mail_is_a_stranger_s_ticket(desk: TestDesk) -> None:
    forwards(desk, sender="Nina Stone <nina@stone.example>")
    assert (desk.ticket()["requester"], desk.ticket()["client"]) == ("nina@stone.example", None)


def test_its_files_come_along(desk: TestDesk) -> None:
    mails = forwards(desk, "See the picture.", attach=[("error.png", "image/png", b"\x89PNG\r\n\x1a\n0")])
    first, note = desk.ticket()["messages"]
    assert [file["filename"] for file in first["attachments"]] == ["error.png"] and note["attachments"] == []
    assert [part.get_filename() for part in mails.all_to("sam")[0].message.iter_attachments()] == ["error.png"]


def test_each_attached_mail_is_a_ticket_of_its_own(desk: TestDesk) -> None:
    attached = [
        ("one.eml", "message/rfc822", letter_from(ALICE, "My shop is down.", "Shop")),
        ("two.eml", "application/octet-stream", letter_from("nina@stone.example", "What does it cost?", "Prices")),
        ("list.txt", "text/plain", b"both called"),
    ]
    raw = desk.mail("sam", "#tag +phone\nTwo of today.", to="support@desk.example", subject="Two", cc="",
                    reply_to=None, headers={}, attach=[])  # fmt: skip
    outer: EmailMessage = email.message_from_bytes(raw, policy=email.policy.SMTP)
    for name, kind, content in attached:
        main, _, sub = kind.partition("/")
        if kind == "message/rfc822":
            outer.add_attachment(email.message_from_bytes(content, policy=email.policy.SMTP), filename=name)
        else:
            outer.add_attachment(content, maintype=main, subtype=sub, filename=name)
    desk.receives(outer.as_bytes(policy=email.policy.SMTP), ["support@desk.example"], mail_from=SAM)
    tickets = {ticket["requester"]: desk.ticket(ticket["number"]) for ticket in desk.tickets()}
    assert set(tickets) == {ALICE, "nina@stone.example"}
    shop, prices = tickets[ALICE], tickets["nina@stone.example"]
    assert (shop["subject"], shop["tags"], prices["subject"]) == ("Shop", ["phone"], "Prices")
    assert shop["messages"][0]["text"] == "My shop is down." and shop["messages"][0]["message_id"].startswith(
        "original"
    )
    assert [file["filename"] for file in shop["messages"][0]["attachments"]] == ["bakery.pdf"]
    assert shop["messages"][1]["kind"] == "note"
    assert [file["filename"] for file in shop["messages"][1]["attachments"]] == ["list.txt"]


@pytest.mark.parametrize(
    ("sender", "says"),
    [
        ("Alice Martin", "names no address"),
        (f"Alice <{ALICE}> (bob@bakery.example)", "more than one address"),
        ("Example Hosting <support@desk.example>", "an address of the desk itself"),
        ("Dana Cole <dana@desk.example>", "an address of a colleague"),
        ("Shop <noreply@bakery.example>", "a robot or a list"),
    ],
)
def test_in_doubt_whose_it_is_its_forwarder_is_asked_and_an_address_is_the_answer(
    desk: TestDesk, sender: str, says: str
) -> None:
    mails = forwards(desk, "#urgent\nCareful.", sender=sender)
    question = mails.to("sam")
    assert mails.kinds() == [(SAM, "held")] and says in reads(question)
    assert desk.ticket()["requester"] == SAM and [kind for kind, _, _ in said(desk)] == ["held"]
    desk.says("sam", f"{ALICE}\n\n-- \nSam Lee", reply_to=question)
    ticket = desk.ticket()
    assert len(desk.tickets()) == 1 and (ticket["requester"], ticket["client"]) == (ALICE, "1001")
    assert ticket["priority"] == "Urgent"
    assert [kind for kind, _, _ in said(desk)] == ["dropped", "public", "note"] and said(desk)[1][2] == TROUBLE


def test_the_client_command_is_an_answer_too_and_other_words_take_the_place_of_the_note(desk: TestDesk) -> None:
    question = forwards(desk, "She is rude.", sender="Alice Martin").to("sam")
    mails = desk.says("sam", f"#client {ALICE}\n#tag +shop\nPlease call her.", reply_to=question)
    assert said(desk)[-1] == ("note", SAM, "Please call her.") and desk.ticket()["tags"] == ["shop"]
    assert not mails.all_to("alice") and "She is rude" not in "".join(text for _, _, text in said(desk)[1:])


def test_a_robot_that_is_meant_is_sent_on_with_one_word(desk: TestDesk) -> None:
    question = forwards(desk, sender="Registry <noreply@stone.example>").to("sam")
    desk.says("sam", "#send", reply_to=question)
    assert desk.ticket()["requester"] == "noreply@stone.example" and desk.ticket()["status"] == "Open"


def test_what_was_asked_about_can_be_dropped(desk: TestDesk) -> None:
    question = forwards(desk, sender="Alice Martin").to("sam")
    assert len(desk.says("sam", "#cancel", reply_to=question)) == 0
    assert desk.ticket()["status"] == "Closed" and said(desk)[0][0] == "dropped"


def test_an_answer_that_names_nobody_is_asked_again(desk: TestDesk) -> None:
    question = forwards(desk, sender="Alice Martin").to("sam")
    again = desk.says("sam", "It is the baker's wife", reply_to=question).to("sam")
    assert "names no address" in reads(again)
    desk.says("sam", f"#client {ALICE}", reply_to=again)
    assert desk.ticket()["requester"] == ALICE


def test_only_its_forwarder_answers_the_question(desk: TestDesk) -> None:
    question = forwards(desk, sender="Alice Martin").to("sam")
    for who, proved in (("dana", True), ("mallory", True), ("sam", False)):
        desk.says(who, ALICE, reply_to=question, proved=proved)
        assert desk.ticket()["requester"] == SAM


def test_the_address_that_may_be_meant_is_named(desk: TestDesk) -> None:
    note = f"See below\n\n{header('Dana Cole <dana@desk.example>', 'Fwd: Site broken')}For you.\n"
    question = forwards(desk, note).to("sam")
    assert f"It may be one of: {ALICE}" in question


def test_a_mistyped_client_is_asked_about_before_anything_happens(desk: TestDesk) -> None:
    question = forwards(desk, "#cleint bob@bakery.example\nShe is rude.").to("sam")
    assert "did you mean #client" in reads(question) and desk.ticket()["requester"] == SAM
    desk.says("sam", "#client bob@bakery.example", reply_to=question)
    assert desk.ticket()["requester"] == "bob@bakery.example" and said(desk)[-1][:2] == ("note", SAM)


def test_a_bad_command_holds_what_was_written_and_lets_the_client_s_mail_in(desk: TestDesk) -> None:
    mails = forwards(desk, "#urgent\n#dpet Sales\nShe is rude.")
    (held,) = mails.of_kind("held")
    assert "did you mean #dept" in reads(held) and "Only what you wrote above it was not done" in reads(held)
    assert [kind for kind, _, _ in said(desk)] == ["public", "refused"] and desk.ticket()["priority"] == "Medium"
    answer = desk.says("sam", "#urgent\nShe is rude.", reply_to=held)
    assert not answer.all_to("alice") and desk.ticket()["priority"] == "Urgent"
    assert said(desk)[-1] == ("note", SAM, "She is rude.")


def test_a_command_that_cannot_be_done_here_holds_too(desk: TestDesk) -> None:
    (held,) = forwards(desk, "#spam\nNonsense.").of_kind("held")
    assert "it is a client's ticket" in held and desk.ticket()["status"] == "Open"


def test_a_stranger_s_spam_is_filed_and_his_next_mail_too(desk: TestDesk) -> None:
    forwards(desk, "#spam", sender="Nina Stone <nina@stone.example>")
    assert desk.ticket()["status"] == "Closed" and desk.ticket()["spam"]
    assert len(desk.says("nina", "Buy now", subject="Offer")) == 0


def test_a_forward_to_another_department_goes_there_and_speaks_for_it_only_by_who_works_there(desk: TestDesk) -> None:
    mails = forwards(desk, "#reply\nHello Alice", to="sales@desk.example")
    assert not mails.all_to("alice") and "you do not work in Sales" in mails.to("sam")
    assert desk.ticket()["department"] == "Sales" and mails.of_kind("notification")


def test_the_client_s_answer_on_a_ticket_that_came_to_a_member_goes_on_there(desk: TestDesk) -> None:
    notice = desk.says("alice", "It is broken", subject="Site broken").to("sam")
    number = desk.ticket()["number"]
    desk.says("sam", "Is it the shop?", reply_to=notice)
    mails = forwards(desk, text="Yes, the shop.", subject=f"Fwd: Re: Site broken [#{number}]")
    assert len(desk.tickets()) == 1 and desk.ticket()["status"] == "Customer-Reply"
    assert "Yes, the shop." in mails.to("sam") and said(desk)[-1][1] == ALICE


def test_a_mail_of_somebody_else_that_names_a_ticket_is_a_new_one_with_a_hint(desk: TestDesk) -> None:
    desk.says("alice", "It is broken", subject="Site broken")
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    forwards(desk, sender="Nina Stone <nina@stone.example>", subject=f"Fwd: Site broken [#{number}]")
    assert len(desk.tickets()) == 2 and any(f"May belong to ticket #{number}" in text for _, _, text in said(desk))


def test_a_forwarded_notification_never_reaches_the_client(desk: TestDesk) -> None:
    notice = desk.says("alice", "It is broken", subject="Site broken").to("sam")
    copied = header("Example Hosting Support <support@desk.example>") + notice.text
    mails = desk.says("sam", f"Who takes this?\n\n{copied}", subject=f"Fwd: {notice.subject}",
                      headers={"In-Reply-To": notice.message_id, "References": notice.message_id})  # fmt: skip
    assert mails.kinds() == [(SAM, "held")] and "an address of the desk itself" in reads(mails.to("sam"))


def test_a_forward_that_is_not_proved_stays_what_it_was(desk: TestDesk) -> None:
    mails = forwards(desk, "#reply\nSend your password", proved=False)
    assert not mails.all_to("alice") and desk.ticket()["requester"] == SAM and desk.ticket()["client"] is None


def test_a_client_who_forwards_is_no_staff(desk: TestDesk) -> None:
    desk.says("alice", f"#urgent\nSee below\n\n{header('Nina Stone <nina@stone.example>')}Pay me", subject="Fwd: Pay")
    assert desk.ticket()["requester"] == ALICE and desk.ticket()["priority"] == "Medium"
    assert "#urgent" in said(desk)[0][2] and "Forwarded message" in said(desk)[0][2]


def test_an_automatic_forward_is_no_forward_on_behalf(desk: TestDesk) -> None:
    forwards(desk, "#urgent", headers={"Auto-Submitted": "auto-forwarded"})
    assert all(ticket["requester"] == SAM for ticket in desk.tickets())


def test_a_mail_by_way_of_a_list_begins_no_conversation(desk: TestDesk) -> None:
    mails = desk.says("sam", f"#client {ALICE}\nHello Alice", subject="Your site", headers={"Precedence": "list"})
    assert not mails.all_to("alice") and all(ticket["requester"] == SAM for ticket in desk.tickets())


def test_outlook_s_answers_look_like_its_forwards_and_are_none(desk: TestDesk) -> None:
    sent = "Wednesday, November 25, 2026 8:12 AM"
    block = f"From: Alice Martin <{ALICE}>\nSent: {sent}\nTo: Sam Lee\nSubject: Site broken\n\n"
    desk.says("sam", f"Dear Alice, fixed.\n\n{block}{TROUBLE}", subject="RE: Site broken")
    assert desk.ticket()["requester"] == SAM
    desk.clock.advance(minutes=1)
    desk.says("sam", f"Please look.\n\n{block}{TROUBLE}", subject="FW: Site broken")
    assert desk.ticket()["requester"] == ALICE and said(desk)[-1] == ("note", SAM, "Please look.")


def test_an_answer_with_the_client_named_is_asked_about(desk: TestDesk) -> None:
    quoted = f"On Wed, Nov 25, 2026 at 8:12 AM Alice Martin <{ALICE}> wrote:\n> It is broken\n"
    mails = desk.says("sam", f"#client {ALICE}\nShe is rude.\n\n{quoted}", subject="Re: Site broken")
    assert mails.kinds() == [(SAM, "held")] and "for the client or for colleagues" in reads(mails.to("sam"))
    desk.says("sam", "#note", reply_to=mails.to("sam"))
    assert said(desk)[1:] == [("public", ALICE, "It is broken"), ("note", SAM, "She is rude.")]


def test_a_conversation_begins_with_a_mail_that_names_the_client(desk: TestDesk) -> None:
    text = f"#client {ALICE}\n\nHello Alice,\n\nyour invoice is ready.\n\n-- \nSam Lee"
    mails = desk.says("sam", text, to="billing@desk.example", subject="Your invoice")
    letter = mails.to("alice")
    assert letter.message["From"].addresses[0].addr_spec == "billing@desk.example"
    assert "your invoice is ready." in letter and "Example Hosting Billing" in letter and "#client" not in letter
    assert letter.message["Auto-Submitted"] is None and "Your invoice" in letter.subject and len(mails) == 1
    ticket = desk.ticket()
    assert (ticket["requester"], ticket["client"], ticket["status"]) == (ALICE, "1001", "Answered")
    assert ticket["assignee"] == SAM
    back = desk.says("alice", "It looks wrong, please have a look.", reply_to=letter)
    assert "It looks wrong" in back.to("sam") and len(desk.tickets()) == 1


def test_a_conversation_with_a_stranger(desk: TestDesk) -> None:
    mails = desk.says("sam", "#client nina@stone.example\n#urgent\nHello Nina", subject="Your call")
    assert "Hello Nina" in mails.to("nina") and desk.ticket()["priority"] == "Urgent"
    assert desk.ticket()["requester"] == "nina@stone.example"
    assert "Yes" in desk.says("nina", "Yes, please", reply_to=mails.to("nina")).to("sam")


def test_a_call_is_noted_for_the_client_and_she_reads_nothing(desk: TestDesk) -> None:
    assert not desk.says("sam", f"#client {ALICE}\n#note\nShe called, very rude.", subject="Call").all_to("alice")
    assert said(desk) == [("note", SAM, "She called, very rude.")] and desk.ticket()["client"] == "1001"


@pytest.mark.parametrize(
    ("text", "to", "says"),
    [
        (f"#client {ALICE}", "support@desk.example", "no text in it"),
        ("#client Alice\n\nHello", "support@desk.example", "no mail address"),
        ("#client dana@desk.example\n\nHello", "support@desk.example", "of the desk or of a colleague"),
        (f"#cleint {ALICE}\n\nHello", "support@desk.example", "did you mean #client"),
        (f"Hello\n#client {ALICE}\nAlice", "support@desk.example", "in the middle of the text"),
        (f"#client {ALICE}\n\nHello", "sales@desk.example", "do not work in Sales"),
    ],
)
def test_a_conversation_that_cannot_begin_is_kept_and_begins_when_it_is_put_right(
    desk: TestDesk, text: str, to: str, says: str
) -> None:
    mails = desk.says("sam", text, to=to, subject="Your site")
    assert mails.kinds() == [(SAM, "held")] and says in reads(mails.to("sam")) and "NOT sent" in mails.to("sam")
    right = f"#client {ALICE}\n#dept Support\n\nHello Alice, it works."
    assert "it works." in desk.says("sam", right, reply_to=mails.to("sam")).to("alice")
    assert len(desk.tickets()) == 1 and desk.ticket()["requester"] == ALICE


def test_a_bad_command_of_a_conversation_holds_it(desk: TestDesk) -> None:
    mails = desk.says("sam", f"#client {ALICE}\n#dpet Sales\nHello Alice", subject="Your site")
    assert not mails.all_to("alice") and "did you mean #dept" in reads(mails.to("sam"))


def test_at_the_general_address_a_conversation_is_of_a_department_of_theirs(desk: TestDesk) -> None:
    general = desk.app.around.desk.address
    mails = desk.says("dana", f"#client {ALICE}\n\nHello Alice", to=general, subject="Your site")
    assert mails.to("alice").message["From"].addresses[0].addr_spec == "support@desk.example"


def test_a_draft_held_on_a_member_s_own_ticket_is_no_conversation(desk: TestDesk) -> None:
    notice = desk.says("sam", "The door is locked, who has the key?", subject="Door").to("sam")
    held = desk.says("sam", "#clsoe\nFound it.", reply_to=notice).to("sam")
    assert len(desk.says("sam", "#close", reply_to=held)) == 0 and desk.ticket()["status"] == "Closed"


def test_other_new_mail_of_staff_stays_what_it_was(desk: TestDesk) -> None:
    desk.says("sam", "The door is locked", subject="Door")
    assert desk.ticket()["requester"] == SAM and said(desk) == [("public", SAM, "The door is locked")]
