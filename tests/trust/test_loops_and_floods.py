"""Rows 43 to 53: answers that go to the wrong place, or never stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.authentication import SenderProof
from bot.channels.mail import MailTranslator
from bot.channels.reading.mail import read
from bot.channels.resolver import ResolverTrouble, ZoneFile
from core.models import KnownAddress, Letter
from tests import desk as desks
from tests.desk import CAST, ELSEWHERE, Mails, Read, TestDesk
from tests.trust import thief
from tests.trust.thief import Watched
from tests.walk.test_robots import dsn

TROUBLE = "My site shows an error since this morning."

# ---------------------------------------- 43, 49 robots that answer

RESPONDERS = {
    "thanks for the mail": "Thank you for your message, we will come back to you.",
    "a new ticket of theirs": "Your request has been received and is now ticket 4711.",
    "away, in no language we mark": "Je suis absente jusqu'au 3 janvier.",
    "quotes everything": "We received:\n\n{quote}",
    "quotes with marks": "We received this.\n\n{quoted}",
    "says yes": "YES",
    "asks a question of the account": "Which domains do I have?",
    "says nothing": "",
}


@pytest.mark.parametrize("style", RESPONDERS)
@pytest.mark.parametrize("who", ["alice", "nina"])
def test_a_robot_without_any_mark_gets_three_mails_an_hour_and_then_silence(
    desk_on_sqlite: TestDesk, style: str, who: str
) -> None:
    """It answers each of our mails to the address of From, in a new thread, as bad responders do."""
    desk = desk_on_sqlite
    letters, sent = list(desk.says(who, TROUBLE).all_to(who)), 1
    for _ in range(25):
        answers: list[Read] = []
        for letter in letters:
            quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
            text = RESPONDERS[style].format(quote=letter.text, quoted=quoted)
            answers += desk.says(who, text, subject=f"Auto: {letter.subject}").all_to(who)
        letters = answers
        sent += len(letters)
        if not letters:
            break
    assert letters == [] and sent <= (21 if "account" in style and who == "alice" else 4), sent


def test_a_mail_that_has_gone_round_in_circles_is_answered_by_nobody(desk_on_sqlite: TestDesk) -> None:
    ours = desk_on_sqlite.says("alice", TROUBLE).to("alice")
    for strip in ((), ("X-Helpdesk-Loop",), ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")):
        copy = EmailMessage()
        for name, value in ours.message.items():
            if name not in strip and not name.lower().startswith(("content-", "mime-")):
                copy[name] = value
        copy.set_content(ours.text)
        raw = b"".join(b"Received: from a by b; now\r\n" for _ in range(30)) + copy.as_bytes()
        assert len(desk_on_sqlite.receives(raw, ["support@desk.example"], mail_from="x@relay.test")) == 0
    assert len(desk_on_sqlite.tickets()) == 1


def circled(desk: TestDesk, who: str, number: int, hops: int, by: str, text: str = TROUBLE) -> bytes:
    """One turn of a circle: something on the way writes a new Message-ID each time, so it never is the same mail."""
    lines = "".join(f"Received: from a.example by {by} with ESMTP; now\r\n" for _ in range(hops))
    raw = thief.written(desk, who, f"{text} ({number})", headers={"Message-ID": f"<turn{number}{hops}@circle.example>"})
    first, _, rest = raw.partition(b"Message-ID: <t")
    return lines.encode() + first + rest.partition(b"\r\n")[2]


@pytest.mark.parametrize("who", ["alice", "nina"])
@pytest.mark.parametrize(("hops", "by"), [(26, "mx.desk.example"), (51, "relay.example"), (26, "DESK.example")])
def test_what_goes_round_in_circles_is_kept_on_one_ticket_and_told_to_nobody(
    desk_on_sqlite: TestDesk, who: str, hops: int, by: str
) -> None:
    """More than 25 Received lines of ours, or more than 50 in all; a question of the account is not answered either."""
    desk = desk_on_sqlite
    for number in range(5):
        raw = circled(desk, who, number, hops, by, text="Which domains do I have?")
        assert len(desk.receives(raw, [thief.DESK], mail_from=CAST[who][1])) == 0
    assert desk.results() == ["circle"] * 5
    (ticket,) = desk.tickets()
    entries = desk.ticket(ticket["number"])["messages"]
    assert ticket["status"] == "Open" and sum("Which domains" in entry["text"] for entry in entries) == 5
    assert any("goes round in circles" in entry["text"] for entry in entries)


@pytest.mark.parametrize(
    ("hops", "by"), [(25, "mx.desk.example"), (50, "relay.example"), (40, "mx.notdesk.example"), (3, "mx.desk.example")]
)
def test_a_mail_that_came_a_long_way_is_answered_like_any_other(desk_on_sqlite: TestDesk, hops: int, by: str) -> None:
    raw = circled(desk_on_sqlite, "alice", 1, hops, by)
    assert desk_on_sqlite.receives(raw, [thief.DESK], mail_from=CAST["alice"][1]).to("alice").kind == "acknowledgement"


def test_a_circle_through_a_reply_address_stays_on_its_ticket_without_a_word(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    first = desk.says("alice", TROUBLE).to("alice")
    raw = circled(desk, "alice", 1, 30, "mx.desk.example", text="YES")
    assert len(desk.receives(raw, [first.reply_to], mail_from=CAST["alice"][1])) == 0
    (ticket,) = desk.tickets()
    assert [entry["kind"] for entry in desk.ticket(ticket["number"])["messages"]] == ["public", "event"]


# ---------------------------------------- 44, 45 delivery reports


def forged_report(letter: Read, message_id: str, recipient: str) -> bytes:
    return (
        dsn(letter)
        .replace(letter.message_id.encode(), message_id.encode())
        .replace(letter.to.encode(), recipient.encode())
    )


def undeliverable(desk: TestDesk) -> list[str]:
    with desk.app.sessions() as session:
        return list(session.scalars(select(KnownAddress.address).where(KnownAddress.undeliverable != "")))


def test_forty_delivery_reports_open_no_ticket_and_get_no_answer(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    letter = desk.says("alice", TROUBLE).to("alice")
    for number in range(40):
        status = ("5.1.1", "4.2.2", "5.7.1", "5.2.2")[number % 4]
        raw = dsn(letter, status=status, action="delayed" if status[0] == "4" else "failed")
        raw = raw.replace(b"<report@", f"<report{number}@".encode())
        to = [desk.envelope_from(letter), "support@desk.example", letter.reply_to][number % 3]
        assert len(desk.receives(raw, [to], mail_from="")) == 0, (number, to)
    assert len(desk.tickets()) == 1 and desk.ticket()["status"] == "Open"


def test_a_report_about_a_letter_to_her_made_from_a_letter_to_him_does_not_mark_her(desk_on_sqlite: TestDesk) -> None:
    """He knows the numbers of our letters (they count up), and has a signed Message-ID of his own."""
    desk = desk_on_sqlite
    hers = desk.says("alice", TROUBLE).to("alice")
    his = desk.says("mallory", "hello, is somebody there?").to("mallory")
    mixed = f"<{hers.message_id.strip('<>').partition('.')[0]}.{his.message_id.strip('<>').partition('.')[2]}>"
    for to in ("support@desk.example", his.reply_to, "bounce@desk.example"):
        desk.receives(forged_report(hers, mixed, hers.to), [to], mail_from="")
        desk.receives(forged_report(hers, his.message_id, hers.to), [to], mail_from="")
    assert CAST["alice"][1] not in undeliverable(desk)


def test_a_report_on_a_letter_of_long_ago_or_of_another_desk_marks_nobody(
    desk_on_sqlite: TestDesk, second_desk: TestDesk
) -> None:
    letter = desk_on_sqlite.says("alice", TROUBLE).to("alice")
    second_desk.receives(dsn(letter), [desk_on_sqlite.envelope_from(letter)], mail_from="")
    desk_on_sqlite.clock.advance(days=15)
    desk_on_sqlite.receives(dsn(letter), [desk_on_sqlite.envelope_from(letter)], mail_from="")
    assert undeliverable(desk_on_sqlite) == [] and undeliverable(second_desk) == []


def test_a_dead_mark_silences_no_question_code_or_notice(watched: Watched) -> None:
    """He made mail to her bounce; what concerns her safety is written to her all the same."""
    desk = watched.desk
    letter = desk.says("alice", TROUBLE).to("alice")
    report = dsn(letter)
    desk.receives(report, [desk.envelope_from(letter)], mail_from="")
    assert undeliverable(desk) == [CAST["alice"][1]]
    question = thief.forged(desk, "alice", "Please unlock bakery.example").to("alice")
    assert question.kind == "ask-back"
    code = desk.says("alice", "YES", reply_to=question).to("alice")
    desk.receives(report.replace(b"<report@", b"<again@"), [desk.envelope_from(letter)], mail_from="")
    assert [mail.to for mail in desk.says("alice", thief.code_in(code), reply_to=code).of_kind("notice")] == [
        CAST["alice"][1]
    ]


# ---------------------------------------- 46, 47 floods


def test_a_thousand_forged_strangers_get_thirty_mails_an_hour_and_none_carries_his_words(
    desk_on_sqlite: TestDesk,
) -> None:
    desk, marker = desk_on_sqlite, "BUY-PILLS-AT"
    strangers_in_all = 250 if thief.LONG else 60
    for number in range(strangers_in_all):
        raw = (
            f"From: {marker} <victim{number}@stone.example>\r\nTo: support@desk.example\r\n"
            f"Subject: {marker} http://spam.example\r\nMessage-ID: <{number}@spam.example>\r\n\r\n{marker}\r\n"
        ).encode()
        desk.accepts(raw, ["support@desk.example"], mail_from="mallory@evil.example", peer=ELSEWHERE)
    desk.walks()
    strangers = [mail for mail in desk.letters() if mail.kind != "notification"]
    assert len(strangers) == 30 and {mail.kind for mail in strangers} == {"stranger"}
    for mail in strangers:
        assert marker.lower() not in mail.message.as_string().lower() and "spam" not in mail.text
    assert desk.results().count("ticket") == strangers_in_all


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_filled: Path) -> Iterator[Watched]:
    """Everybody's domain asks to refuse what it does not vouch for; Nina's only to put it aside."""
    wanted = {"bakery.example": "reject", "stone.example": "quarantine", "desk.example": "reject"}
    policies = {f"_dmarc.{name}": {"TXT": [f"v=DMARC1; p={policy}"]} for name, policy in wanted.items()}
    monkeypatch.setattr(desks, "ZONE", {**thief.ZONE, **policies})
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    desk = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    yield thief.watch(desk)
    desk.app.engine.dispose()


@pytest.mark.parametrize("text", [TROUBLE, "help", "Which domains do I have?", "What can I ask?"])
def test_an_unknown_address_whose_domain_disowns_the_mail_gets_none_and_staff_read_why(
    strict: Watched, text: str
) -> None:
    """Nina did not write it, and must not hear of it; a person reads it all the same."""
    desk = strict.desk
    for sender, peer in (("", ELSEWHERE), ("Nina <nina@sub.stone.example>", ELSEWHERE)):
        mails = desk.receives(
            thief.written(desk, "nina", text, sender=sender), [thief.DESK], mail_from=CAST["mallory"][1], peer=peer
        )
        assert {mail.kind for mail in mails} == {"notification"} and not mails.all_to("nina"), mails.kinds()
        assert "asks to quarantine such mail (DMARC p=quarantine)" in " ".join(mails.to("sam").text.split())
    assert desk.results() == ["ticket", "ticket"]


def test_a_doubled_field_does_not_make_the_disowned_mail_a_merely_unproved_one(strict: Watched) -> None:
    raw = b"Subject: another\r\n" + thief.written(strict.desk, "nina", TROUBLE)
    mails = strict.desk.receives(raw, [thief.DESK], mail_from=CAST["mallory"][1], peer=ELSEWHERE)
    assert mails.of_kind("notification") and not mails.all_to("nina")


def test_a_thousand_forged_strangers_of_strict_domains_get_no_mail_at_all(strict: Watched) -> None:
    desk = strict.desk
    for number in range(100):
        raw = thief.written(desk, "nina", f"Hello {number}", sender=f"victim{number}@stone.example")
        desk.accepts(raw, [thief.DESK], mail_from=CAST["mallory"][1], peer=ELSEWHERE)
    desk.walks()
    assert {mail.kind for mail in desk.letters()} == {"notification"} and desk.results().count("ticket") == 100


def test_an_address_on_file_is_still_asked_and_a_stranger_who_is_vouched_for_still_answered(strict: Watched) -> None:
    """Who is known must learn that somebody writes in their name; so must staff of their own address."""
    desk = strict.desk
    assert thief.forged(desk, "alice", "Please unlock bakery.example").to("alice").kind == "ask-back"
    assert desk.says("nina", TROUBLE).to("nina").kind == "stranger"
    told = desk.says("alice", TROUBLE).to("sam")
    held = thief.forged(desk, "sam", "Pay here: http://evil.example", reply_to=told)
    assert [mail.kind for mail in held] == ["held"] and held.to("sam")
    assert thief.forged(desk, "victor", TROUBLE).to("victor"), "a domain without a policy disowns nothing"


class OnlyThePolicy:
    """DNS that answers for policies and for nothing else, until it is told to."""

    def __init__(self) -> None:
        self.records, self.well = ZoneFile.parse(desks.ZONE), False

    def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
        if not self.well and not name.startswith("_dmarc"):
            raise ResolverTrouble(name)
        return self.records.lookup(name, record_type)


def test_a_stranger_whose_proof_dns_did_not_answer_for_is_not_taken_for_disowned(strict: Watched) -> None:
    """She waits, and is acknowledged when DNS is back."""
    desk, resolver = strict.desk, OnlyThePolicy()
    around = desk.app.around
    translator = around.translators["email"]
    assert isinstance(translator, MailTranslator)
    proof = SenderProof(desk.app.settings.email.authentication, resolver, around.desk.owns)
    desk.app.around = replace(around, translators={"email": replace(translator, proof=proof)})
    assert len(desk.says("nina", TROUBLE)) == 0
    resolver.well = True
    desk.clock.advance(minutes=2)
    desk.walks()
    assert desk.letters().to("nina").kind == "stranger"


def test_ten_forged_mails_of_an_hour_do_not_silence_her_who_is_proved(watched: Watched) -> None:
    """The dam against floods holds back mails that prove nothing, not the client whose name they bear."""
    desk = watched.desk
    for number in range(15):
        thief.forged(desk, "alice", f"Something is wrong here, number {number}")
    answer = desk.says("alice", "Which domains do I have?")
    assert "bakery-shop.example" in answer.to("alice")
    assert desk.says("alice", "My whole shop is gone, please call me!").all_to("sam")


def test_a_flood_of_forged_requests_is_one_question_to_her_a_day_and_no_code(watched: Watched) -> None:
    desk = watched.desk
    mails = [thief.forged(desk, "alice", "Please unlock bakery.example") for _ in range(30)]
    to_her = [mail.kind for each in mails for mail in each.all_to("alice")]
    assert to_her.count("ask-back") == 1 and len(to_her) <= 3, to_her
    assert not [mail for each in mails for mail in each if thief.CODE.search(mail.text)]
    assert watched.acts == []


def test_a_flood_of_honest_requests_brings_five_codes_an_hour_and_one_open_question(watched: Watched) -> None:
    desk = watched.desk
    codes: list[Read] = []
    for number in range(12):
        mails: Mails = desk.says("alice", f"Please unlock {('bakery', 'alice-cakes')[number % 2]}.example")
        codes += [mail for mail in mails.all_to("alice") if thief.CODE.search(mail.text)]
    assert len(codes) == 5
    for old in codes[:-2]:
        desk.says("alice", thief.code_in(old), reply_to=old)
    assert watched.acts == [], "only the last question of each domain is open"


def test_ten_sensitive_changes_a_day_are_enough_for_one_account(watched: Watched) -> None:
    """She unlocks and locks her domain again and again, with the right code each time, for most of a day."""
    desk, done = watched.desk, 0
    for _ in range(14):
        (question,) = desk.says("alice", "Please unlock bakery.example").all_to("alice")
        if "so we stop for now" in " ".join(question.text.split()):
            break
        desk.says("alice", thief.code_in(question), reply_to=question)
        desk.says("alice", "Please lock bakery.example")
        desk.clock.advance(minutes=30)
        done += 1
    assert done == 10
    desk.clock.advance(days=1)
    (question,) = desk.says("alice", "Please unlock bakery.example").all_to("alice")
    assert thief.CODE.search(question.text)


# ---------------------------------------- 48 header injection

_HOSTILE = (
    "Hello\r\n Bcc: victim@stone.example",
    "=?utf-8?q?Hello=0D=0ABcc=3A_victim=40stone=2Eexample?=",
    "=?utf-8?b?SGVsbG8NCkJjYzogdmljdGltQHN0b25lLmV4YW1wbGU=?=",
    "a\x00b",
    "a\x0bBcc: x@y.test",
    "\u202egnp.exe",
    "\u2028Bcc: x",
    "=?utf-8?q?=00=01=02?=",
    "=?bogus-charset?q?hi?=",
    "=?utf-8?q?" + "=0A" * 40 + "?=",
    "x" * 5000,
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% raw %} {name}",
    "%s%n%1000000s",
    "../../../etc/passwd",
    "=cmd|'/c calc'!A0",
    "\u0000\ufeff\u200b",
    "Re: Re: Re: [#00000000] [#12345678]",
    "'; DROP TABLE ticket; --",
    "To: victim@stone.example",
)


def hostile_mails(desk: TestDesk) -> list[bytes]:
    """Sixty: each text as a subject, as a name and as the name of a file."""
    made = []
    for number, text in enumerate(_HOSTILE):
        encoded = text.encode("utf-8", "surrogateescape")
        for place in ("subject", "name", "file"):
            subject = encoded if place == "subject" else b"Trouble"
            name = encoded if place == "name" else b"Victor"
            filename = encoded.replace(b'"', b"'") if place == "file" else b"a.txt"
            file = b'Content-Disposition: attachment; filename="' + filename + b'"\r\n\r\n'
            made.append(
                b'From: "' + name.replace(b'"', b"'") + b'" <victor@hale.example>\r\nTo: support@desk.example\r\n'
                b"Subject: " + subject + b"\r\nMessage-ID: <h" + f"{number}{place}".encode() + b"@hale.example>\r\n"
                b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nIt is broken.\r\n'
                b"--b\r\nContent-Type: text/plain\r\n" + file + b"x\r\n--b--\r\n"
            )
    return made


def test_sixty_hostile_subjects_names_and_file_names_reach_one_recipient_each_and_inject_nothing(
    desk_on_sqlite: TestDesk,
) -> None:
    desk = desk_on_sqlite
    mails = hostile_mails(desk)
    assert len(mails) == 60
    for raw in thief.sampled(mails, 2):
        told = desk.receives(raw, ["support@desk.example"], mail_from="victor@hale.example")
        assert told.all_to("sam") or told.all_to("victor"), desk.results()[-1]
        desk.clock.advance(hours=2)
        ticket = desk.ticket()
        answered = desk.says("sam", "Looked at.", reply_to=told.to("sam")) if told.all_to("sam") else Mails([])
        for letter in (*told, *answered):
            assert letter.to in (CAST["sam"][1], CAST["victor"][1]), letter.to
            _one_recipient_and_no_strange_header(letter)
        assert ticket["requester"] == CAST["victor"][1]
    assert not [result for result in desk.results() if result == "shelved"]


EXPECTED = re.compile(
    r"(?i)from|to|reply-to|subject|message-id|date|in-reply-to|references|auto-submitted|precedence|mime-version"
    r"|content-.*|x-auto-response-suppress|x-.*loop.*|list-unsubscribe.*|x-helpdesk.*"
)


def _one_recipient_and_no_strange_header(letter: Read) -> None:
    names = [name for name, _ in letter.message.items()]
    assert all(EXPECTED.fullmatch(name) for name in names), names
    assert len(names) == len({name.lower() for name in names}), names
    assert len(letter.message["To"].addresses) == 1 and letter.message["To"].addresses[0].addr_spec == letter.to
    assert letter.message["Bcc"] is None and letter.message["Cc"] is None
    assert not letter.message.defects
    for part in letter.message.iter_attachments():
        assert not re.search(r"[/\\\r\n\x00-\x1f\u202e]", part.get_filename() or "")


# ---------------------------------------- 50 to 53 who gets what


def test_everybody_gets_a_mail_and_a_reply_address_of_their_own(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", TROUBLE, cc="bob@bakery.example, nina@stone.example, victor@hale.example")
    answers = desk.says("sam", "We are on it.", reply_to=mails.to("sam"))
    assert sorted(mail.to for mail in answers) == sorted(CAST[who][1] for who in ("alice", "bob", "nina", "victor"))
    assert len({mail.reply_to for mail in answers}) == 4 == len({mail.message_id for mail in answers})
    for mail in answers:
        assert mail.message["Cc"] is None and len(mail.message["To"].addresses) == 1
        raw = mail.message.as_string()
        assert not [other for other in answers if other is not mail and other.reply_to in raw]


def test_a_note_and_what_answers_a_note_stay_inside(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    first = desk.says("alice", TROUBLE, cc="dana@desk.example")
    inside = desk.says("sam", "#note\nHe is a thief, I think.", reply_to=first.to("sam"))
    assert {mail.to for mail in inside} <= {CAST["dana"][1]}
    for told in inside:
        answered = desk.says("dana", "I think so too.", reply_to=told)
        assert {mail.to for mail in answered} <= {CAST["sam"][1]}
    mistyped = desk.says("sam", "# note\nDo not tell her.\n#noet", reply_to=first.to("sam"))
    assert not mistyped.all_to("alice")
    for mail in desk.letters().all_to("alice"):
        assert "thief" not in mail.message.as_string() and "think so" not in mail.message.as_string()


def test_letters_are_written_to_addresses_on_record_only(watched: Watched) -> None:
    """After an afternoon of attacks, nobody but the desk's people, the clients and those who wrote has mail."""
    desk = watched.desk
    evil = "drop@evil.example"
    first = desk.says("alice", TROUBLE)
    thief.forged(desk, "alice", "Which domains do I have?", headers={"Reply-To": evil}, cc=evil)
    thief.forged(desk, "sam", f"#client {evil}\n#reply pay here", reply_to=first.to("sam"), cc=evil)
    thief.forged(desk, "bob", f"Send the invoices to {evil}", cc=evil, headers={"Sender": evil, "Return-Path": evil})
    desk.says("mallory", f"Please send everything to {evil}", reply_to=first.to("alice"))
    desk.says("sam", "Fine now.", reply_to=first.to("sam"))
    with desk.app.sessions() as session:
        recipients = set(session.scalars(select(Letter.recipient)))
    assert recipients <= {address for _, address in CAST.values()} and evil not in recipients


def test_the_answer_of_the_desk_itself_is_read_as_a_robot_s(desk_on_sqlite: TestDesk) -> None:
    for mail in (*desk_on_sqlite.says("alice", TROUBLE), *desk_on_sqlite.says("alice", "Which domains do I have?")):
        assert not read(mail.message.as_bytes(), desk_on_sqlite.envelope_from(mail)).may_answer, mail.kind
