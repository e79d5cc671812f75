"""What may be shown where: private chats, shared rooms, the mailbox on file; with a thief at each of them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.channels.ports import Delivery
from bot.intake import received
from core import chatgone, inbox, outbox, privacy
from core.chatlinks import COOLING
from core.database import Base
from core.models import ChatLink, Letter
from core.outbox import Taken
from core.people import Risk
from tests.chat.chatting import Bubble, Came, Chat, after, code_of, ids, with_chats
from tests.desk import Read, TestDesk
from tests.trust import thief

ALICE = "alice@bakery.example"
LINK = re.compile(r"/once/")


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return with_chats(desk_on_sqlite)


@pytest.fixture
def ann(desk: TestDesk) -> Chat:
    """Alice's chat, linked long ago."""
    chat = Chat(desk)
    chat.links(ALICE)
    desk.clock.advance(seconds=COOLING.total_seconds() + 60)
    return chat


@pytest.fixture
def mallory(desk: TestDesk) -> Chat:
    return Chat(desk, id="666", name="Alice Martin")


def notification(came: Came) -> Read:
    return next(mail for mail in came.mails if mail.kind == "notification")


# ---------------------------------------- answers and confirmations


def test_a_question_is_answered_in_the_chat_and_nowhere_else(ann: Chat) -> None:
    came = ann.says("which invoices are open?")
    assert "INV-9004" in came.one and came.one.to == ann.id and not came.mails


def test_a_reversible_change_is_asked_and_confirmed_in_the_chat(ann: Chat) -> None:
    question = ann.says("switch auto-renew of bakery.example off").one
    assert question.buttons == ("YES", "NO")
    assert "does not renew automatically" in ann.presses("YES", question).one
    assert "not valid" in ann.presses("YES", question).one, "an old button does nothing"


def test_a_reversible_change_is_confirmed_by_a_typed_word(ann: Chat) -> None:
    ann.says("switch auto-renew of bakery.example off")
    assert "does not renew automatically" in ann.says("yes").one
    assert "not valid" in ann.says("yes").one


def test_a_typed_yes_answers_the_newest_question_only(ann: Chat) -> None:
    ann.says("switch auto-renew of bakery.example off")
    ann.says("switch auto-renew of bakery-shop.example off")
    done = ann.says("yes").one
    assert "bakery-shop.example does not renew" in done.text


def test_no_leaves_everything_as_it_is(ann: Chat) -> None:
    question = ann.says("switch auto-renew of bakery.example off").one
    ann.says("no")
    assert "not valid" in ann.presses("YES", question).one


def test_the_code_of_a_sensitive_change_goes_by_mail_and_is_typed_into_the_chat(ann: Chat) -> None:
    asked = ann.says("unlock bakery.example")
    code = code_of(asked.by_mail(ALICE))
    assert code not in asked.text and "a…@bakery.example" in asked.one
    assert "bakery.example is unlocked" in ann.says(code).text


def test_the_same_code_works_as_a_reply_to_its_mail(ann: Chat, desk: TestDesk) -> None:
    letter = ann.says("unlock bakery.example").by_mail(ALICE)
    before = ids(desk)
    mails = desk.says("alice", code_of(letter), reply_to=letter)
    assert "is off now" in mails.all_to("alice")[0].text
    assert not after(desk, before).bubbles, "asked by mail now, answered by mail"


def test_a_wrong_code_changes_nothing(ann: Chat) -> None:
    ann.says("unlock bakery.example")
    assert "not valid" in ann.says("K7MQ-29TX").one


@pytest.mark.parametrize(
    "wish",
    [
        "send me the EPP code of bakery-shop.example",
        "reset my password",
        "sign me in",
        "file manager of bakery.example",
    ],
)
def test_secrets_go_to_the_address_on_record_and_the_chat_is_told_where(ann: Chat, wish: str) -> None:
    came = ann.says(wish)
    letter = next(mail for mail in came.mails if mail.kind == "secret")
    assert not LINK.search(came.text) and ALICE not in came.text
    assert "…@bakery.example" in came.text and letter.to == ALICE, came


def test_an_answer_with_a_page_that_opens_once_goes_by_mail(ann: Chat) -> None:
    came = ann.says("download the mail settings")
    assert LINK.search(came.by_mail(ALICE).text) and not LINK.search(came.text)
    assert "not shown in a chat" in came.one and "a…@bakery.example" in came.one


def test_no_phrase_of_any_handler_shows_a_secret_in_a_chat(ann: Chat, desk: TestDesk) -> None:
    with desk.app.sessions() as session:
        session.execute(update(ChatLink).values(since=desk.clock() - COOLING * 2))
        session.commit()
    for entry, phrase in thief.phrases():
        came = ann.says(phrase)
        code = [code_of(mail) for mail in came.mails if mail.kind == "question" and entry.risk is Risk.SENSITIVE]
        assert not LINK.search(came.text) and not [one for one in code if one in came.text], phrase
        desk.clock.advance(hours=13)


# ---------------------------------------- the thief


def test_a_stranger_s_chat_is_told_nothing_of_any_account(mallory: Chat, desk: TestDesk) -> None:
    for entry, phrase in thief.phrases():
        came = mallory.says(phrase)
        if entry.risk is not Risk.PUBLIC:
            assert not [word for word in ("bakery", "INV-90", "Bob Roux") if word in came.text.replace(phrase, "")], (
                phrase
            )
        assert not [mail for mail in came.mails if mail.to == ALICE], phrase
        desk.clock.advance(hours=13)


def test_another_chat_user_cannot_press_her_button(ann: Chat, mallory: Chat) -> None:
    question = ann.says("switch auto-renew of bakery.example off").one
    came = mallory.presses("YES", question)
    assert "bakery.example" not in came.text
    assert "does not renew automatically" in ann.presses("YES", question).one, "the question is still hers"


def test_another_linked_client_cannot_press_her_button(ann: Chat, desk: TestDesk) -> None:
    victor = Chat(desk, id="33", name="Victor")
    victor.links("victor@hale.example")
    question = ann.says("switch auto-renew of bakery.example off").one
    victor.presses("YES", question)
    assert "does not renew automatically" in ann.presses("YES", question).one


@pytest.mark.parametrize("marker", ["a" * 32, "aaaa", "aecvi2i2aoytjgabwvfzilyzy4bigi36"])
def test_a_forged_marker_confirms_nothing(ann: Chat, mallory: Chat, marker: str) -> None:
    ann.says("switch auto-renew of bakery.example off")
    mallory.says("YES", marker=marker)
    ann.says("YES", marker=marker)
    assert "renews 2 May" in ann.says("domains").text


def test_her_reply_marker_in_another_chat_only_adds_text(ann: Chat, mallory: Chat, desk: TestDesk) -> None:
    asked = ann.says("our shop shows a blank page and nobody knows why")
    mallory.says("please send me her invoices", marker=asked.one.marker)
    before = ids(desk)
    desk.says("sam", "It was the database.", reply_to=notification(asked))
    assert {bubble.to for bubble in after(desk, before).bubbles} == {ann.id}


def test_a_button_pressed_where_others_read_it_confirms_nothing(ann: Chat) -> None:
    question = ann.says("switch auto-renew of bakery.example off").one
    ann.says("YES", marker=question.marker, shared=True, room="-100")
    ann.in_room("YES")
    assert "renews 2 May" in ann.says("domains").text


# ---------------------------------------- shared rooms


def test_in_a_room_public_things_are_answered_and_account_things_in_private(ann: Chat) -> None:
    public = ann.in_room("which hosting plans do you offer?")
    assert {bubble.to for bubble in public.bubbles} == {"-100"} and not public.mails
    private = ann.in_room("which invoices are open?")
    by_place = {bubble.to: bubble for bubble in private.bubbles}
    assert "INV-9004" in by_place[ann.id] and "in private" in by_place["-100"]
    assert "INV" not in by_place["-100"].text


def test_where_nothing_may_be_said_in_the_room_everything_is_private(ann: Chat) -> None:
    came = ann.says("which invoices are open?", shared=True)
    assert {bubble.to for bubble in came.bubbles} == {ann.id}


def test_a_stranger_in_a_room_opens_a_ticket_in_private(mallory: Chat) -> None:
    came = mallory.in_room("somebody rang me in your name and wanted to see our server room")
    assert {bubble.to for bubble in came.bubbles} == {mallory.id, "-100"}
    assert "#" not in next(bubble for bubble in came.bubbles if bubble.to == "-100").text


# ---------------------------------------- tickets over channels


def test_staff_answer_by_mail_and_it_arrives_in_the_chat_with_who_answers(ann: Chat, desk: TestDesk) -> None:
    asked = ann.says("our shop shows a blank page and nobody knows why")
    assert "A person reads this" in asked.one
    before = ids(desk)
    desk.says("sam", "It was the database. Fixed.", reply_to=notification(asked))
    answer = after(desk, before)
    assert "Fixed." in answer.one and "Sam Lee" in answer.one and not answer.mails


def test_the_next_line_goes_on_with_the_ticket_and_new_ticket_begins_another(ann: Chat, desk: TestDesk) -> None:
    ann.says("our shop shows a blank page and nobody knows why")
    first = desk.ticket()["number"]
    ann.says("it began at nine o'clock this morning, after the update")
    assert len(desk.ticket(first)["messages"]) >= 2 and desk.ticket()["number"] == first
    desk.clock.advance(minutes=1)
    ann.says("new ticket: please change the spelling of our company on the paper invoices")
    assert desk.ticket()["number"] != first


def test_what_the_desk_answers_leaves_alone_what_staff_work_on(ann: Chat, desk: TestDesk) -> None:
    ann.says("our shop shows a blank page and nobody knows why")
    first = desk.ticket()["number"]
    ann.says("invoices")
    assert desk.ticket(first)["status"] in ("Open", "Customer-Reply")


def test_after_twelve_hours_a_line_begins_a_new_ticket(ann: Chat, desk: TestDesk) -> None:
    ann.says("our shop shows a blank page and nobody knows why")
    first = desk.ticket()["number"]
    desk.clock.advance(hours=13)
    ann.says("the mailbox of the office is full of strange letters")
    assert desk.ticket()["number"] != first


def test_who_wrote_by_mail_last_is_answered_by_mail(ann: Chat, desk: TestDesk) -> None:
    asked = ann.says("our shop shows a blank page and nobody knows why")
    number = desk.ticket()["number"]
    desk.says("alice", "I am at my desk again, mail is better now.", subject=f"Re: shop [#{number}]")
    before = ids(desk)
    desk.says("sam", "Fixed.", reply_to=notification(asked))
    answer = after(desk, before)
    assert not answer.bubbles and answer.by_mail(ALICE)
    ann.says("no, here is better", subject=f"[#{number}]")
    before = ids(desk)
    desk.says("sam", "Still fixed.", reply_to=notification(asked))
    answer = after(desk, before)
    assert "Still fixed." in answer.one and not answer.mails


def test_a_stranger_with_the_number_of_her_ticket_begins_one_of_his_own(
    ann: Chat, mallory: Chat, desk: TestDesk
) -> None:
    ann.says("our shop shows a blank page and nobody knows why")
    number = desk.ticket()["number"]
    mallory.says("tell me about it", subject=f"[#{number}]")
    assert len([m for m in desk.ticket(number)["messages"] if "tell me" in m["text"]]) == 0


def test_a_choice_is_made_by_its_number(ann: Chat) -> None:
    which = ann.says("switch auto-renew off").one
    assert "1:" in which.text
    chosen = re.search(r"(\d): bakery-shop.example", which.text)
    assert chosen is not None
    assert "let bakery-shop.example expire" in ann.says(chosen[1]).one.title


def test_an_edit_is_noted_and_acted_upon_by_nobody(ann: Chat, desk: TestDesk) -> None:
    asked = ann.says("our shop shows a blank page and nobody knows why", id=900)
    number = desk.ticket()["number"]
    came = ann.says("unlock bakery.example", edited=True, in_reply_to=["telegram:4711:900"], id=901)
    assert not came.bubbles and [mail.kind for mail in came.mails] == ["notification"], asked
    assert any("unlock" in message["text"] for message in desk.ticket(number)["messages"])


# ---------------------------------------- a chat that is gone


def gone(desk: TestDesk, bubble: Bubble, *, blocked: bool = True) -> Came:
    """The sender reports that the newest letter of this chat cannot be delivered."""
    before = ids(desk)
    with desk.app.sessions() as session:
        letter = session.scalar(select(Letter).where(Letter.recipient == bubble.to).order_by(Letter.id.desc()).limit(1))
        assert letter is not None
        taken = Taken(
            letter.id, letter.channel, letter.recipient, "", b"", False, 1, letter.created_at, letter.ticket_id
        )
        chatgone.by_mail(session, desk.app.around, taken, "blocked by the user", gone=blocked)
        session.commit()
    return after(desk, before)


def test_what_a_gone_chat_does_not_take_goes_by_mail(ann: Chat, desk: TestDesk) -> None:
    asked = ann.says("our shop shows a blank page and nobody knows why")
    before = ids(desk)
    desk.says("sam", "It was the database. Fixed.", reply_to=notification(asked))
    came = gone(desk, after(desk, before).one)
    assert "Fixed." in came.by_mail(ALICE)
    before = ids(desk)
    desk.says("sam", "One more thing.", reply_to=notification(asked))
    assert "One more thing." in after(desk, before).by_mail(ALICE), "by mail until she writes from there again"
    before = ids(desk)
    ann.says("I am back here, thank you for the patience with me")
    desk.says("sam", "Good.", reply_to=notification(asked))
    assert "Good." in after(desk, before).bubbles[-1]


def test_a_stranger_s_gone_chat_is_noted_on_the_ticket(mallory: Chat, desk: TestDesk) -> None:
    asked = mallory.says("somebody rang me in your name and wanted to see our server room")
    came = gone(desk, asked.one)
    assert not came.mails
    assert any("could not be delivered" in message["text"] for message in desk.ticket()["messages"])


def test_a_later_letter_never_overtakes_an_earlier_one_of_the_same_chat(ann: Chat, desk: TestDesk) -> None:
    with desk.app.sessions() as session:
        session.execute(update(Letter).values(state="sent"))
        session.commit()
    for line in ("domains", "invoices", "services"):
        ann.says(line)
    Chat(desk, id="55").says("hello")
    sessions, now = desk.app.sessions, desk.clock()
    taken = outbox.claim(sessions, "me", "telegram", now)
    assert sorted(letter.recipient for letter in taken) == ["4711", "55"]
    first = next(letter for letter in taken if letter.recipient == "4711")
    with sessions() as session:
        outbox.again(session, "me", first, "flood", now, desk.clock() - now)
        session.commit()
    desk.clock.advance(seconds=1)
    assert outbox.claim(sessions, "me", "telegram", desk.clock())[0].id == first.id, "it stays the first"
    assert outbox.claim(sessions, "other", "telegram", desk.clock()) == [], "the others wait for it"
    with sessions() as session:
        outbox.sent(session, "me", [first], desk.clock())
        session.commit()
    assert len(outbox.claim(sessions, "other", "telegram", desk.clock())) == 1


def test_the_wait_that_a_platform_asks_for_is_kept(ann: Chat, desk: TestDesk) -> None:
    ann.says("domains")
    sessions, now = desk.app.sessions, desk.clock()
    letters = outbox.claim(sessions, "me", "telegram", now)
    with sessions() as session:
        for letter in letters:
            outbox.again(session, "me", letter, "429", now, timedelta(seconds=40))
        session.commit()
    desk.clock.advance(seconds=39)
    assert outbox.claim(sessions, "me", "telegram", desk.clock()) == []
    desk.clock.advance(seconds=2)
    assert outbox.claim(sessions, "me", "telegram", desk.clock())


# ---------------------------------------- redelivery


def test_a_redelivery_is_known_by_the_platform_s_own_id(ann: Chat, desk: TestDesk) -> None:
    with desk.app.sessions() as session:
        for key, again in (("a", "first"), ("a", "repeated"), ("b", "first")):
            raw = json.dumps({"chat": ann.id, "name": "Ann", "text": "domains", "id": key, "try": again}).encode()
            inbox.accept(session, [received(Delivery("telegram", raw, ("bot",), ann.id, key=key))], desk.clock())
        session.commit()
    before = ids(desk)
    desk.walks()
    assert len(after(desk, before).bubbles) == 2


# ---------------------------------------- erasure


def test_an_erased_person_is_gone_from_their_chats_too(ann: Chat, desk: TestDesk) -> None:
    ann.says("our shop shows a blank page and nobody knows why")
    kept = privacy.export(desk.app.sessions, desk.app.around.billing, ALICE)
    assert kept is not None and kept["chat_links"][0]["chat"] == "telegram:4711"
    assert any("blank page" in message["text"] for ticket in kept["tickets"] for message in ticket["messages"])
    desk.clock.advance(minutes=1)
    privacy.erase(desk.app.sessions, ALICE, desk.clock(), desk.app.around.tokens.mark)
    with desk.app.sessions() as session:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith("local_") or table.name == "audit":
                continue
            for row in session.execute(table.select()):
                assert "4711" not in [str(value) for value in row] and "blank page" not in str(row), table.name
