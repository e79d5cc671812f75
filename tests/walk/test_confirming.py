"""Changes: restated, confirmed by the mailbox on file, done once, told to the owner, and undone."""

from __future__ import annotations

import re

import pytest

from tests.desk import Read, TestDesk

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def code_in(mail: Read) -> str:
    found = CODE.search(mail.text)
    assert found is not None
    return found.group(0)


def locked(desk: TestDesk, name: str = "bakery.example") -> bool:
    return desk.app.around.registrar.registration(name).locked


def renews(desk: TestDesk, name: str = "bakery.example") -> bool:
    return next(d for d in desk.app.around.billing.domains("1001") if d.name == name).auto_renew


def test_a_sensitive_change_is_done_only_with_the_code_from_the_mailbox_on_file(desk: TestDesk) -> None:
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    assert "bakery.example" in question.subject and locked(desk)
    assert code_in(question) not in question.subject
    mails = desk.says("alice", code_in(question).lower(), reply_to=question)
    assert not locked(desk)
    (answer,), (notice,) = mails.of_kind("answer"), mails.of_kind("notice")
    assert "off now" in answer and "UNDO" in notice and notice.to == "alice@bakery.example"


def test_a_reversible_change_is_done_with_a_word(desk: TestDesk) -> None:
    question = desk.says("alice", "Please turn off automatic renewal for bakery.example").to("alice")
    assert "2 May 2027" in question and renews(desk)
    desk.says("alice", "YES\n\nthanks", reply_to=question)
    assert not renews(desk)


def test_no_leaves_everything_as_it_is(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please turn off automatic renewal for bakery.example").to("alice")
    desk.says("alice", "No, sorry", reply_to=question)
    desk.says("alice", "YES", reply_to=question)
    assert renews(desk)


def test_the_safe_direction_needs_no_confirmation(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Please lock bakery-shop.example")
    assert locked(desk_on_sqlite, "bakery-shop.example") and "is on now" in mails.to("alice")


def test_an_unproved_request_for_a_change_takes_two_rounds_and_the_code(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    ask_back = desk.says("alice", "Please unlock bakery.example", proved=False).to("alice")
    assert "Did you write" in ask_back.subject
    question = desk.says("alice", "YES", reply_to=ask_back, proved=False).to("alice")
    assert locked(desk)
    desk.says("alice", code_in(question), reply_to=question, proved=False)
    assert not locked(desk)


def test_five_wrong_codes_close_the_question(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    for _ in range(5):
        assert "not valid" in desk.says("alice", "AAAA-AAAA", reply_to=question).to("alice")
    desk.says("alice", code_in(question), reply_to=question)
    assert locked(desk)


def test_a_code_is_good_once_and_for_thirty_minutes(desk: TestDesk) -> None:
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    desk.clock.advance(minutes=31)
    assert "not valid" in desk.says("alice", code_in(question), reply_to=question).to("alice")
    assert locked(desk)
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    desk.says("alice", code_in(question), reply_to=question)
    desk.says("alice", "Please lock bakery.example")
    desk.says("alice", code_in(question), reply_to=question)
    assert locked(desk)


def test_the_code_in_another_s_hands_does_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    desk.says("mallory", code_in(question), reply_to=question)
    desk.says("victor", code_in(question), reply_to=question)
    assert locked(desk)


@pytest.mark.parametrize(
    "text",
    [
        "I am away until Monday.\n\n> Your code:\n> {code}",
        "Out of office. {code}",
        "> {code}",
    ],
)
def test_a_vacation_note_that_quotes_the_code_confirms_nothing(desk_on_sqlite: TestDesk, text: str) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    body = text.format(code=code_in(question))
    desk.says("alice", body, reply_to=question, headers={"Auto-Submitted": "auto-replied"})
    desk.says("alice", body, reply_to=question)
    assert locked(desk)


def test_what_changed_in_between_is_asked_anew(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please turn off automatic renewal for bakery.example").to("alice")
    domain = next(d for d in desk.app.around.billing.domains("1001") if d.name == "bakery.example")
    with desk.app.sessions.begin() as session:
        from core.backends.local import tables

        row = session.get(tables.Domain, domain.id)
        assert row is not None and row.expires is not None
        row.expires = row.expires.replace(year=2030)
    again = desk.says("alice", "YES", reply_to=question).to("alice")
    assert renews(desk) and "2030" in again
    desk.says("alice", "YES", reply_to=again)
    assert not renews(desk)


def test_undo_restores_what_was_and_stops_the_account(desk: TestDesk) -> None:
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    mails = desk.says("alice", code_in(question), reply_to=question)
    (notice,) = mails.of_kind("notice")
    undone = desk.says("alice", "UNDO", reply_to=notice, proved=False)
    assert locked(desk) and undone.all_to("dana") and "restored" in undone.to("alice")
    desk.clock.advance(hours=2)
    refused = desk.says("alice", "Please unlock bakery.example")
    assert "person" in refused.to("alice") and not CODE.search(refused.to("alice").text)
    assert not desk.says("alice", "EPP code for bakery-shop.example").of_kind("secret")
    alarm = undone.to("dana")
    desk.says("dana", "#release", reply_to=alarm)
    assert CODE.search(desk.says("alice", "Please unlock bakery.example").to("alice").text)


def test_only_a_lead_of_security_lifts_the_stop(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    stopped = desk.says("alice", "STOP", reply_to=question)
    desk.says("sam", "#release", reply_to=stopped.to("sam"))
    assert "person" in desk.says("alice", "Please unlock bakery.example").to("alice")


def test_the_owner_who_is_told_of_an_epp_code_stops_it_and_the_domain_is_locked(desk: TestDesk) -> None:
    (notice,) = desk.says("alice", "EPP code for bakery-shop.example").of_kind("notice")
    desk.says("alice", "STOP", reply_to=notice, proved=False)
    assert locked(desk, "bakery-shop.example")


def test_a_transfer_code_is_sent_once_in_ten_minutes_and_three_times_a_day(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    sent = [len(desk.says("alice", "EPP code for bakery-shop.example").of_kind("secret")) for _ in range(2)]
    for _ in range(4):
        desk.clock.advance(minutes=11)
        sent.append(len(desk.says("alice", "EPP code for bakery-shop.example").of_kind("secret")))
    assert sent == [1, 0, 1, 1, 0, 0]


def test_codes_do_not_flood_a_client(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = [desk.says("alice", "Please unlock bakery.example").to("alice") for _ in range(7)]
    assert sum(1 for mail in mails if CODE.search(mail.text)) == 5


def test_a_right_that_was_lost_in_between_is_gone(desk_on_sqlite: TestDesk) -> None:
    assert "right" in desk_on_sqlite.says("bob", "Please unlock bakery.example").to("bob")
    assert locked(desk_on_sqlite)
