"""A chat is linked by the mailbox on file and by the person in it, told, listed, and unlinked from either side."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from core.backends.local import tables
from core.chatlinks import COOLING
from tests.chat.chatting import Came, Chat, after, code_of, ids, with_chats
from tests.desk import Read, TestDesk

ALICE, BOB = "alice@bakery.example", "bob@bakery.example"


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return with_chats(desk_on_sqlite)


@pytest.fixture
def ann(desk: TestDesk) -> Chat:
    return Chat(desk)


@pytest.fixture
def mallory(desk: TestDesk) -> Chat:
    return Chat(desk, id="666", name="Alice Martin")


def word_of(desk: TestDesk, who: str = "alice") -> str:
    """What the letter that `who` asked for by mail says to the bot."""
    mails = desk.says(who, "Link my Telegram, please")
    letter = next(mail for mail in mails if mail.kind == "chat-code")
    found = re.search(r"start ([a-z2-7]{32})", letter.text)
    assert found is not None and f"https://t.me/example_bot?start={found[1]}" in letter.text, letter.text
    return found[1]


def test_a_chat_is_linked_by_the_code_that_goes_to_the_address_on_file(ann: Chat) -> None:
    asked = ann.says(f"link {ALICE}")
    code = code_of(asked.by_mail(ALICE))
    assert code not in asked.text and "alice@bakery" not in asked.text
    linked = ann.says(code)
    assert "now speaks for" in linked.one
    assert "bakery-shop.example" in ann.says("which domains do I have?").one


@pytest.mark.parametrize("spelled", ["{}", "code {}", "/code {}", "{} ", "{lower}", "{bare}"])
def test_the_code_is_taken_as_people_write_it(ann: Chat, spelled: str) -> None:
    code = code_of(ann.says(f"link {ALICE}").by_mail(ALICE))
    typed = spelled.format(code, lower=code.lower(), bare=f"code {code.replace('-', '')}")
    assert "now speaks for" in ann.says(typed).one


def test_whether_an_address_is_on_file_cannot_be_told_from_the_chat(desk: TestDesk) -> None:
    known, unknown = Chat(desk, id="1"), Chat(desk, id="2")
    answers = [chat.says(f"link {address}") for chat, address in ((known, ALICE), (unknown, "a@nowhere.example"))]
    assert not answers[1].mails
    shown = [re.sub(r"\S+@\S+", "…", answer.one.text) for answer in answers]
    assert shown[0] == shown[1] and answers[0].one.buttons == answers[1].one.buttons
    wrong = [chat.says("K7MQ-29TX") for chat in (known, unknown)]
    assert wrong[0].text == wrong[1].text and not wrong[0].mails and not wrong[1].mails


def test_the_code_of_another_chat_links_nothing(ann: Chat, mallory: Chat) -> None:
    code = code_of(ann.says(f"link {ALICE}").by_mail(ALICE))
    mallory.says(f"link {ALICE}")
    assert "not valid" in mallory.says(code).one
    assert "bakery-shop" not in mallory.says("which domains do I have?").text


def test_a_code_ends_after_five_wrong_tries_and_after_ten_minutes(ann: Chat, desk: TestDesk) -> None:
    code = code_of(ann.says(f"link {ALICE}").by_mail(ALICE))
    for _ in range(5):
        assert "not valid" in ann.says("K7MQ-29TX").one
    assert "not valid" in ann.says(code).one
    code = code_of(ann.says(f"link {ALICE}").by_mail(ALICE))
    desk.clock.advance(minutes=11)
    assert "not valid" in ann.says(code).one


def test_three_codes_an_hour_go_to_one_address_however_many_chats_ask(desk: TestDesk) -> None:
    sent = [Chat(desk, id=str(number)).says(f"link {ALICE}") for number in range(5)]
    assert [len(came.mails) for came in sent] == [1, 1, 1, 0, 0]
    assert len({came.text for came in sent}) == 1
    desk.clock.advance(minutes=61)
    assert len(Chat(desk, id="9").says(f"link {ALICE}").mails) == 1


def test_three_codes_an_hour_are_asked_for_by_one_chat(ann: Chat) -> None:
    sent = [ann.says(f"link {address}") for address in (ALICE, BOB, "victor@hale.example", ALICE)]
    assert [len(came.mails) for came in sent] == [1, 1, 1, 0]


def test_a_code_works_once(ann: Chat) -> None:
    code = code_of(ann.says(f"link {ALICE}").by_mail(ALICE))
    ann.says(code)
    assert "not valid" in ann.says(code).one


def test_a_link_started_by_mail_asks_in_the_chat_whom_it_would_link(ann: Chat, desk: TestDesk) -> None:
    question = ann.says(f"/start {word_of(desk)}").one
    assert "Alice Bakery" in question and "a…@bakery.example" in question and question.buttons == ("YES", "NO")
    assert "How to link" in ann.says("domains").one, "nothing is linked before the yes"
    assert "now speaks for" in ann.presses("YES", question).one
    assert "bakery-shop.example" in ann.says("domains").one


def test_a_pushed_link_links_nothing_without_a_yes_and_works_once(ann: Chat, mallory: Chat, desk: TestDesk) -> None:
    word = word_of(desk)
    question = ann.says(f"start {word}").one
    assert "not linked" in ann.presses("NO", question).one
    assert "not valid" in ann.presses("YES", question).one
    assert "not valid" in mallory.says(f"start {word}").one


def test_the_yes_of_another_chat_links_nothing(ann: Chat, mallory: Chat, desk: TestDesk) -> None:
    question = ann.says(f"start {word_of(desk)}").one
    mallory.presses("YES", question)
    assert "bakery-shop" not in mallory.says("domains").text + ann.says("domains").text


def test_a_word_is_too_old_after_a_quarter_of_an_hour(ann: Chat, desk: TestDesk) -> None:
    word = word_of(desk)
    desk.clock.advance(minutes=16)
    assert "not valid" in ann.says(f"start {word}").one


def test_a_forged_mail_in_her_name_gets_no_word(desk: TestDesk) -> None:
    mails = desk.says("alice", "Link my Telegram, please", proved=False)
    assert not mails.of_kind("chat-code")


@pytest.mark.parametrize("forged", ["start " + "a" * 32, "start abc", "start"])
def test_a_word_that_we_never_wrote_links_nothing(ann: Chat, forged: str) -> None:
    ann.says(forged)
    assert "bakery-shop" not in ann.says("domains").text


def test_the_owner_is_told_of_a_link_and_undoes_it(ann: Chat, desk: TestDesk) -> None:
    linked = ann.links(BOB)
    assert {mail.to for mail in linked.mails} == {ALICE, BOB}
    before = ids(desk)
    desk.says("alice", "UNDO", reply_to=linked.by_mail(ALICE))
    assert "not linked any more" in after(desk, before).text
    assert "How to link" in ann.says("invoices").one
    assert "stopped" in desk.says("alice", "Unlock bakery.example").to("alice").text.lower()


def test_a_stopped_account_gets_no_code(ann: Chat, desk: TestDesk) -> None:
    linked = ann.links(ALICE)
    desk.says("alice", "UNDO", reply_to=linked.by_mail(ALICE))
    came = Chat(desk, id="9").says(f"link {ALICE}")
    assert "Look into your mail" in came.one and not came.mails


def test_stop_to_the_letter_with_the_code_links_nothing_and_calls_a_person(ann: Chat, desk: TestDesk) -> None:
    letter = ann.says(f"link {ALICE}").by_mail(ALICE)
    mails = desk.says("alice", "STOP", reply_to=letter)
    assert mails.of_kind("notification")
    assert "not valid" in ann.says(code_of(letter)).one


def test_links_are_listed_and_ended_by_mail(ann: Chat, desk: TestDesk) -> None:
    ann.links(ALICE)
    assert "Telegram: Ann" in desk.says("alice", "Which chats are linked?").to("alice")
    before = ids(desk)
    desk.says("alice", "Unlink my Telegram")
    assert [mail for mail in after(desk, before).mails if "not linked any more" in mail]
    assert "not linked any more" in after(desk, before).one
    assert "How to link" in ann.says("domains").one
    assert "No chat is linked" in desk.says("alice", "Which chats are linked?").to("alice")


def test_a_chat_is_unlinked_from_the_chat_and_the_mailbox_is_told(ann: Chat) -> None:
    ann.links(ALICE)
    ended = ann.says("/unlink")
    assert "This chat is not linked any more" in ended.one and "not linked any more" in ended.by_mail(ALICE)
    assert "How to link" in ann.says("domains").one


def test_after_unlinking_the_chat_reads_nothing_of_the_tickets_it_opened(ann: Chat, desk: TestDesk) -> None:
    ann.links(ALICE)
    asked = ann.says("our shop shows a blank page and nobody knows why")
    ann.says("unlink")
    before = ids(desk)
    desk.says("sam", "Your database password had expired.", reply_to=staff_mail(asked))
    assert not after(desk, before).bubbles


def staff_mail(came: Came) -> Read:
    return next(mail for mail in came.mails if mail.kind == "notification")


def test_a_contact_ends_only_links_of_their_own(desk: TestDesk, ann: Chat) -> None:
    ann.links(ALICE)
    bob = Chat(desk, id="22", name="Bob")
    bob.links(BOB)
    assert "Ann" not in bob.says("which chats are linked").one
    bob.says("unlink telegram of Alice Martin")
    assert "bakery-shop.example" in ann.says("domains").one


def test_a_link_ends_when_the_address_on_file_is_another_one(ann: Chat, desk: TestDesk) -> None:
    ann.links(ALICE)
    with desk.app.sessions() as session:
        session.execute(
            update(tables.Client)
            .where(tables.Client.email == ALICE)
            .values(email="a@bread.example", email_key="a@bread.example")
        )
        session.commit()
    assert "How to link" in ann.says("domains").one


def test_what_hands_over_a_domain_waits_for_a_person_for_a_week_after_linking(ann: Chat, desk: TestDesk) -> None:
    ann.links(ALICE)
    for wish in ("unlock bakery.example", "send me the EPP code of bakery-shop.example"):
        came = ann.says(wish)
        assert "A person reads this" in came.text and {mail.kind for mail in came.mails} == {"notification"}, wish
    desk.clock.advance(seconds=COOLING.total_seconds() + 60)
    assert ann.says("unlock bakery.example").one.kind == "question"


def test_several_accounts_speak_through_one_chat_and_one_is_picked(desk: TestDesk, ann: Chat) -> None:
    ann.links(ALICE)
    ann.links("victor@hale.example")
    assert "this one is meant from now on" in ann.says("account 2").one
    chosen = ann.says("domains").one
    assert "bakery-shop" not in chosen and "hale" in chosen.text.lower()
    ann.says("account 1001")
    first = ann.says("domains").one
    assert "For Alice Bakery, account 1001" in first.text.splitlines()[0] and "bakery-shop.example" in first


def test_names_and_shared_rooms_never_link(ann: Chat, mallory: Chat) -> None:
    assert "bakery-shop" not in mallory.says("domains").text, "a name is whatever its bearer chose"
    came = ann.in_room(f"link {ALICE}")
    assert not came.mails, "no code is asked for where others read it"
    code = code_of(ann.says(f"link {ALICE}").by_mail(ALICE))
    ann.in_room(code)
    assert "How to link" in ann.says("domains").one
