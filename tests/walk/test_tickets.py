"""Tickets by mail: opened, acknowledged, continued, and never joined by those who do not belong to them."""

from __future__ import annotations

from tests.desk import CAST, TestDesk

TROUBLE = "My site shows an error since this morning and visitors complain."


def test_a_client_s_mail_to_a_department_is_a_ticket_there_acknowledged_and_shown_to_its_staff(desk: TestDesk) -> None:
    mails = desk.says("alice", TROUBLE, to="support@desk.example", subject="Site broken")
    ticket = desk.ticket()
    assert (ticket["department"], ticket["status"], ticket["client"]) == ("Support", "Open", "1001")
    acknowledgement = mails.to("alice")
    assert acknowledgement.subject == f"Re: Site broken [#{ticket['number']}]"
    assert acknowledgement.message["Auto-Submitted"] == "auto-replied"
    assert acknowledgement.message["X-Auto-Response-Suppress"] == "All"
    notification = mails.to("sam")
    assert TROUBLE in notification and "Alice Bakery" in notification and "Proved to be Alice Martin" in notification


def test_mail_to_the_general_address_goes_where_its_words_belong(desk_on_sqlite: TestDesk) -> None:
    for text, department in (
        ("You charged my credit card twice, I want a refund.", "Billing"),
        ("Do you offer a discount on the reseller plan?", "Sales"),
        ("My site was hacked and sends phishing.", "Security"),
        ("Mail on my phone stopped, what now?", "Support"),
    ):
        desk_on_sqlite.says("victor", text, to="help@desk.example")
        assert desk_on_sqlite.ticket()["department"] == department, text
        desk_on_sqlite.clock.advance(minutes=1)


def test_a_reply_to_our_mail_continues_the_ticket_and_tells_staff(desk: TestDesk) -> None:
    first = desk.says("alice", TROUBLE).to("alice")
    mails = desk.says("alice", "It is the shop page.", reply_to=first)
    assert len(desk.tickets()) == 1
    assert mails.kinds() == [("sam@desk.example", "notification")]
    assert [m["text"].strip() for m in desk.ticket()["messages"]] == [TROUBLE, "It is the shop page."]


def test_a_reply_whose_program_dropped_the_reply_address_is_found_by_its_headers(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    first = desk.says("alice", TROUBLE).to("alice")
    desk.says("alice", "more", to="support@desk.example", headers={"In-Reply-To": first.message_id})
    assert len(desk.tickets()) == 1


def test_a_reply_to_her_own_first_mail_is_found_by_its_message_id(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", TROUBLE)
    desk.says("alice", "I forgot: since 8.", headers={"References": desk.last_id["alice"]})
    assert len(desk.tickets()) == 1


def test_a_reply_without_headers_is_found_by_the_reference_line_in_the_quote(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    first = desk.says("alice", TROUBLE).to("alice")
    quoted = "\n".join(f"> {line}" for line in first.text.splitlines())
    desk.says("alice", f"still broken\n\nOn Mon, 23 Nov 2026 at 10:00, Example Hosting wrote:\n{quoted}")
    assert len(desk.tickets()) == 1


def test_a_stranger_with_a_ticket_number_opens_a_new_ticket(desk: TestDesk) -> None:
    desk.says("alice", TROUBLE)
    number = desk.ticket()["number"]
    mails = desk.says("mallory", "and what did they answer?", subject=f"Re: Site broken [#{number}]")
    assert len(desk.tickets()) == 2
    assert "may belong to ticket" in mails.to("sam").text.replace("\n", " ")
    assert number not in mails.to("mallory").message.as_string()


def test_the_client_herself_is_found_by_the_number_in_the_subject(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", TROUBLE)
    desk.says("alice", "one more thing", subject=f"Site [#{desk.ticket()['number']}]")
    assert len(desk.tickets()) == 1


def test_a_reply_address_in_another_s_hands_adds_text_and_makes_nobody_the_client(desk: TestDesk) -> None:
    first = desk.says("alice", TROUBLE).to("alice")
    mails = desk.says("mallory", "Which domains do I have?", reply_to=first)
    ticket = desk.ticket()
    assert len(desk.tickets()) == 1 and not mails.all_to("mallory")
    assert ticket["requester"] == CAST["alice"][1]
    assert [p["role"] for p in ticket["participants"] if p["address"] == CAST["mallory"][1]] == ["unverified"]
    assert "reply address of alice@bakery.example, but from mallory@evil.example" in str(
        ticket["messages"][-1]["evidence"]
    )


def test_one_mail_to_two_departments_is_one_ticket_known_to_both(desk: TestDesk) -> None:
    mails = desk.says("alice", TROUBLE, to=["support@desk.example", "sales@desk.example"])
    (ticket,) = desk.tickets()
    assert ticket["department"] == "Support" and ticket["also_departments"] == ["Sales"]
    assert len(mails.of_kind("acknowledgement")) == 1
    assert mails.to("sam") and mails.to("dana")


def test_people_in_copy_are_participants_and_read_the_next_answer(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", TROUBLE, cc="Bob Roux <bob@bakery.example>")
    answer = desk.says("sam", "We are on it.", reply_to=mails.to("sam"))
    assert answer.to("bob").text.startswith("We are on it.") and "Also sent to: alice@bakery.example" in answer.to(
        "bob"
    )
    assert answer.to("bob").reply_to != answer.to("alice").reply_to


def test_a_forger_adds_no_readers_to_a_ticket(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", TROUBLE, cc="mallory@evil.example", proved=False, mail_from="mallory@evil.example")
    answer = desk.says("sam", "The new password is on your invoice.", reply_to=mails.to("sam"))
    assert [mail.to for mail in answer] == ["alice@bakery.example"]
    assert "not joined" in str(desk.ticket()["messages"])


def test_a_stranger_is_asked_for_name_and_address_and_reads_none_of_his_own_words(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("nina", "PILLS at http://spam.example", subject="BUY PILLS")
    answer = mails.to("nina")
    assert "first and last name" in answer.text.replace("\n", " ")
    assert "PILLS" not in answer.message.as_string()


def test_the_same_mail_delivered_again_changes_nothing(desk: TestDesk) -> None:
    raw = desk.mail(
        "alice", TROUBLE, to="support@desk.example", subject="x", cc="", reply_to=None, headers={}, attach=()
    )
    desk.receives(raw, ["support@desk.example"], mail_from="alice@bakery.example")
    again = desk.receives(
        b"Received: by another.test; now\r\n" + raw, ["support@desk.example"], mail_from="alice@bakery.example"
    )
    assert len(again) == 0 and len(desk.tickets()) == 1


def test_another_mail_under_a_used_message_id_is_read(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", TROUBLE, headers={"Message-ID": "<same@bakery.example>"})
    desk.says("victor", "Something else is broken.", headers={"Message-ID": "<same@bakery.example>"})
    assert len(desk.tickets()) == 2


def test_thanks_reopen_nothing_and_wake_nobody(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", TROUBLE)
    answer = desk.says("sam", "Fixed.\n#close", reply_to=mails.to("sam")).to("alice")
    assert len(desk.says("alice", "Thank you very much!", reply_to=answer)) == 0
    assert desk.ticket()["status"] == "Closed"


def test_an_answer_to_a_closed_ticket_reopens_it_and_a_late_one_opens_a_linked_ticket(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", TROUBLE)
    answer = desk.says("sam", "Fixed.\n#close", reply_to=mails.to("sam")).to("alice")
    desk.says("alice", "It broke again", reply_to=answer)
    assert desk.ticket()["status"] == "Customer-Reply"
    desk.says("sam", "#close", reply_to=mails.to("sam"))
    desk.clock.advance(days=40)
    desk.says("alice", "It broke again, months later", reply_to=answer)
    assert len(desk.tickets()) == 2


def test_attachments_are_kept_once_by_their_content_and_reach_staff(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    picture = ("screen.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"picture" * 10)
    mails = desk.says("alice", TROUBLE, attach=[picture])
    attachment = desk.ticket()["messages"][0]["attachments"][0]
    assert (attachment["filename"], attachment["size"]) == ("screen.png", len(picture[2]))
    (sent,) = list(mails.to("sam").message.iter_attachments())
    assert sent.get_content() == picture[2]


def test_files_that_are_not_kept_are_told_with_the_reason_and_the_way(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    program = ("setup.exe", "application/octet-stream", b"MZ" + b"\0" * 100)
    mails = desk.says("alice", TROUBLE, attach=[program, ("a.txt", "text/plain", b"kept")])
    assert "setup.exe" in mails.to("alice") and "link" in mails.to("alice")
    assert [a["filename"] for a in desk.ticket()["messages"][0]["attachments"]] == ["a.txt"]
    assert "setup.exe" in str(desk.ticket()["messages"])
    assert "setup.exe" not in desk.says("nina", "hello there", attach=[program]).to("nina").text


def test_a_flood_is_answered_once_and_its_end_is_one_ticket(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = [desk.says("nina", f"spam {n}") for n in range(30)]
    assert sum(len(mail.all_to("nina")) for mail in mails) == 1
    assert len(desk.tickets()) == 10 and sum(len(mail.all_to("sam")) for mail in mails) == 11
    assert sum(len(desk.ticket(t["number"])["messages"]) for t in desk.tickets()) == 31, "every mail is kept"


def test_a_client_s_mails_are_acknowledged_within_the_limit_of_the_hour(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    counts = [len(desk.says("victor", f"trouble {n} on my site").all_to("victor")) for n in range(6)]
    assert counts == [1, 1, 1, 0, 0, 0]
    desk.clock.advance(hours=2)
    assert len(desk.says("victor", "trouble again on my site").all_to("victor")) == 1
