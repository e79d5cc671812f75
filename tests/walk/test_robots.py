"""Robots, loops and bounces: stored where they belong, never answered, and they move nothing."""

from __future__ import annotations

import pytest

from tests.desk import Read, TestDesk

TROUBLE = "My site shows an error since this morning."


def dsn(letter: Read, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report as RFC 3464 has it, for one of our letters."""
    return f"""From: MAILER-DAEMON@bakery.example
To: {letter.message["From"].addresses[0].addr_spec}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@bakery.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry, your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; bakery.example

Final-Recipient: rfc822; {letter.to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user here

--b
Content-Type: message/rfc822

Message-ID: {letter.message_id}
From: support@desk.example
To: {letter.to}
Subject: {letter.subject}

Hello
--b--
""".replace("\n", "\r\n").encode()


def envelope_of(desk: TestDesk, letter: Read) -> str:
    """The return path that the letter went out with."""
    return desk.envelope_from(letter)


def test_a_bounce_marks_delivery_and_address_and_neither_opens_nor_reopens_a_ticket(desk: TestDesk) -> None:
    mails = desk.says("alice", TROUBLE)
    answer = desk.says("sam", "Fixed.\n#close", reply_to=mails.to("sam")).to("alice")
    assert len(desk.receives(dsn(answer), [envelope_of(desk, answer)], mail_from="")) == 0
    ticket = desk.ticket()
    assert len(desk.tickets()) == 1 and ticket["status"] == "Closed"
    assert "5.1.1" in ticket["messages"][-1]["text"]
    assert any(letter["bounced"] for letter in ticket["letters"])
    assert "5.1.1" in desk.person("alice@bakery.example")["undeliverable"]


def test_a_bounce_to_the_department_is_known_by_the_message_id_that_came_back(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    acknowledgement = desk.says("alice", TROUBLE).to("alice")
    desk.receives(dsn(acknowledgement), ["support@desk.example"], mail_from="")
    assert desk.person("alice@bakery.example")["undeliverable"]


def test_a_delayed_report_switches_nothing_off(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    letter = desk.says("alice", TROUBLE).to("alice")
    desk.receives(dsn(letter, status="4.4.1", action="delayed"), [envelope_of(desk, letter)], mail_from="")
    assert not desk.person("alice@bakery.example")["undeliverable"]


def test_a_forged_bounce_marks_nobody(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    letter = desk.says("alice", TROUBLE).to("alice")
    forged = dsn(letter).replace(letter.message_id.encode(), b"<made.up@desk.example>")
    assert len(desk.receives(forged, ["support@desk.example"], mail_from="")) == 0
    assert not desk.person("alice@bakery.example")["undeliverable"]
    assert len(desk.tickets()) == 1


def test_an_address_that_bounced_gets_no_acknowledgement_until_a_person_writes_from_it(
    desk_on_sqlite: TestDesk,
) -> None:
    desk = desk_on_sqlite
    letter = desk.says("alice", TROUBLE).to("alice")
    desk.receives(dsn(letter), [envelope_of(desk, letter)], mail_from="")
    desk.clock.advance(days=1)
    assert desk.says("alice", "Another thing is broken here").to("alice").kind == "acknowledgement"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X-Auto-Response-Suppress": "All"},
        {"List-Id": "<news.bakery.example>"},
        {"X-Autoreply": "yes"},
    ],
)
def test_automatic_mail_is_never_answered(desk_on_sqlite: TestDesk, headers: dict[str, str]) -> None:
    mails = desk_on_sqlite.says("alice", "Automatic text", headers=headers)
    assert not mails.all_to("alice")


def test_a_null_sender_is_never_answered(desk_on_sqlite: TestDesk) -> None:
    assert not desk_on_sqlite.says("alice", "Automatic text", mail_from="").all_to("alice")


def test_an_out_of_office_on_a_ticket_is_kept_and_moves_nothing(desk: TestDesk) -> None:
    mails = desk.says("alice", TROUBLE)
    answer = desk.says("sam", "Is it the shop?", reply_to=mails.to("sam")).to("alice")
    out = desk.says("alice", "I am away.", reply_to=answer, headers={"Auto-Submitted": "auto-replied"})
    assert len(out) == 0
    assert desk.ticket()["status"] == "Answered" and desk.ticket()["messages"][-1]["kind"] == "event"


def test_our_own_mail_coming_back_stops_at_once(desk: TestDesk) -> None:
    acknowledgement = desk.says("alice", TROUBLE).to("alice")
    again = desk.receives(acknowledgement.message.as_bytes(), ["support@desk.example"], mail_from="x@relay.test")
    assert len(again) == 0 and len(desk.tickets()) == 1
    assert desk.results()[-1] == "own"


def test_mail_in_the_name_of_the_desk_itself_is_not_answered(desk_on_sqlite: TestDesk) -> None:
    raw = b"From: support@desk.example\r\nTo: sales@desk.example\r\nMessage-ID: <a@b.test>\r\n\r\nloop\r\n"
    assert len(desk_on_sqlite.receives(raw, ["sales@desk.example"], mail_from="support@desk.example")) == 0


def test_two_desks_wired_to_each_other_fall_silent(desk_on_sqlite: TestDesk, second_desk: TestDesk) -> None:
    first, second = desk_on_sqlite, second_desk
    mails = first.says("alice", TROUBLE).all_to("alice")
    sent = 0
    for _ in range(10):
        answers = [
            answer
            for mail in mails
            for answer in second.receives(
                mail.message.as_bytes(), ["support@desk.example"], mail_from="support@desk.example"
            )
        ]
        mails = [
            answer
            for mail in answers
            for answer in first.receives(mail.message.as_bytes(), ["support@desk.example"], mail_from="x@other.test")
        ]
        sent += len(mails)
    assert sent <= 3
