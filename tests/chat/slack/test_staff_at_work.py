"""Staff work tickets in their channel: cards that follow the ticket, notes in threads, answers to clients, commands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from core.staff import rooms
from tests.chat.slack.running import ALICE, BOB, SAM, TRIAGE, until
from tests.chat.slack.standin import TEAM
from tests.chat.slack.test_whole import House, house
from tests.desk import Mails

Act = Callable[[House], Awaitable[None]]
Play = Callable[[Act], None]


@pytest.fixture
def play(tmp_path: Path, sqlite_filled: Path) -> Play:
    def played(act: Act) -> None:
        async def whole() -> None:
            async with asyncio.timeout(60), house(tmp_path, sqlite_filled, triage=TRIAGE) as stage:
                await act(stage)

        asyncio.run(whole())

    return played


def said(stage: House) -> list[dict[str, Any]]:
    """What stands in the staff's channel, cards and threads, as the desk wrote it."""
    return [message for message in stage.slack.chats[TRIAGE].messages if message.get("bot_id")]


def card(stage: House) -> dict[str, Any]:
    (only,) = [message for message in said(stage) if "thread_ts" not in message]
    return only


def thread(stage: House) -> list[str]:
    return [message["text"] for message in said(stage) if message.get("thread_ts") == card(stage)["ts"]]


async def opened(stage: House) -> Mails:
    mails = await asyncio.to_thread(stage.desk.says, "alice", "My site shows an error.", subject="Site broken")
    await stage.answered()
    return mails


async def writes(stage: House, text: str, user: str = SAM) -> Mails:
    """Somebody writes in the thread of the one card; what goes out by mail because of it."""
    before = stage.desk._letter_ids()
    await stage.people.says(user, TRIAGE, text, thread=card(stage)["ts"])
    await stage.answered()
    return stage.desk._letters_after(before)


def by_mail(mails: Mails, who: str) -> list[Any]:
    return mails.all_to(who)


def test_a_new_ticket_is_a_card_with_what_was_said_below_it(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        assert all(words in card(stage)["text"] for words in ("Site broken", "Open", "Support", "alice@bakery.example"))
        assert len(thread(stage)) == 1 and "My site shows an error." in thread(stage)[0]

    play(act)


def test_what_the_desk_answers_by_itself_is_no_card(play: Play) -> None:
    async def act(stage: House) -> None:
        await asyncio.to_thread(stage.desk.says, "alice", "Which domains do I have?")
        await stage.answered()
        assert not said(stage)

    play(act)


def test_a_plain_line_in_the_thread_is_a_note_and_reaches_no_client(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        mails = await writes(stage, "She is angry, careful.")
        assert not by_mail(mails, "alice")
        assert [m["kind"] for m in stage.desk.ticket()["messages"]] == ["public", "note"]
        assert stage.desk.ticket()["messages"][-1]["author"] == "sam@desk.example"
        assert len(thread(stage)) == 1

    play(act)


def test_reply_goes_to_the_client_by_mail_and_the_card_says_so(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        mails = await writes(stage, "#reply It works again.\n#close")
        assert "It works again." in mails.to("alice") and "#" not in mails.to("alice").text.split("Ref:")[0]
        assert "Closed" in card(stage)["text"] and "Sam Lee" in card(stage)["text"]
        assert "to the client" in thread(stage)[-1]

    play(act)


def test_the_form_behind_the_button_answers_the_client(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        before = stage.desk._letter_ids()
        await stage.people.presses(SAM, "Reply to the client", stage.slack.chats[TRIAGE])
        await until(lambda: stage.slack.modals)
        await stage.people.sends_form(SAM, "", "It works again.")
        await stage.answered()
        assert "It works again." in stage.desk._letters_after(before).to("alice")

    play(act)


def test_take_close_and_open_are_buttons(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        for label, key, value in (
            ("Take", "assignee", "sam@desk.example"),
            ("Close", "status", "Closed"),
            ("Open again", "status", "Open"),
        ):
            await stage.people.presses(SAM, label, stage.slack.chats[TRIAGE])
            await stage.answered()
            assert stage.desk.ticket()[key] == value
        assert len([message for message in said(stage) if "thread_ts" not in message]) == 1

    play(act)


@pytest.mark.parametrize("line", ["#urgent", "!urgent", "#tag +php", "#snooze 3d", "#pending", "#assign dana"])
def test_the_command_words_are_those_of_mail(play: Play, line: str) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        before = card(stage)["text"]
        await writes(stage, line)
        assert card(stage)["text"] != before and len(thread(stage)) == 1

    play(act)


def test_whoever_is_not_of_the_staff_does_nothing_though_a_member_of_the_channel(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        stage.slack.chats[TRIAGE].members.add(BOB)
        await writes(stage, "#reply Dear client, pay here.", BOB)
        await stage.people.presses(BOB, "Close", stage.slack.chats[TRIAGE])
        await stage.answered()
        assert not [mail for mail in stage.desk.letters().all_to("alice") if "pay here" in mail]
        assert stage.desk.ticket()["status"] == "Open"
        told = stage.slack.said_to(BOB)[-1]["text"]
        assert "Nothing was done" in told and BOB in told

    play(act)


def test_a_mistyped_command_holds_the_words_and_its_writer_is_told_in_private(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        mails = await writes(stage, "#clsoe\n#reply Hello Alice")
        assert not by_mail(mails, "alice") and not by_mail(mails, "sam")
        told = stage.slack.said_to(SAM)[-1]
        assert "did you mean" in told["text"]
        before = stage.desk._letter_ids()
        await stage.people.types(SAM, "#send", thread=told["ts"])
        await stage.answered()
        assert "Hello Alice" in stage.desk._letters_after(before).to("alice")

    play(act)


def test_status_is_answered_to_its_asker_alone(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        await writes(stage, "#status")
        assert "alice@bakery.example" in stage.slack.said_to(SAM)[-1]["text"] and len(thread(stage)) == 1

    play(act)


def test_what_happens_by_mail_is_told_in_the_thread(play: Play) -> None:
    async def act(stage: House) -> None:
        mails = await opened(stage)
        answer = await asyncio.to_thread(stage.desk.says, "sam", "Which page?", reply_to=mails.to("sam"))
        await asyncio.to_thread(stage.desk.says, "alice", "The first one.", reply_to=answer.to("alice"))
        await stage.answered()
        assert "Which page?" in thread(stage)[-2] and "The first one." in thread(stage)[-1]
        assert "Customer-Reply" in card(stage)["text"]

    play(act)


def test_a_file_in_the_thread_goes_along_with_the_reply(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        file = stage.slack.file("manual.txt", b"Press F5.")
        before = stage.desk._letter_ids()
        await stage.people.says(SAM, TRIAGE, "#reply See the file.", thread=card(stage)["ts"], files=[file])
        await stage.answered()
        answer = stage.desk._letters_after(before).to("alice")
        assert [part.get_filename() for part in answer.message.iter_attachments()] == ["manual.txt"]

    play(act)


def test_what_staff_say_to_each_other_below_a_message_of_theirs_is_no_ticket(play: Play) -> None:
    async def act(stage: House) -> None:
        root = await stage.people.says(SAM, TRIAGE, "lunch?")
        await stage.people.says(SAM, TRIAGE, "pizza at noon", thread=root)
        await stage.answered()
        assert not stage.desk.tickets() and not said(stage) and not stage.slack.said_to(SAM)

    play(act)


def test_a_client_in_slack_and_staff_in_slack_meet_on_one_ticket(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.says(ALICE, "new ticket: My site shows an error")
        before = len(stage.slack.said_to(ALICE))
        await writes(stage, "#reply Which page is it?")
        words = " ".join(message["text"] for message in stage.slack.said_to(ALICE)[before:])
        assert "Which page is it?" in words and "Sam Lee" in words

    play(act)


def test_somebody_of_another_workspace_is_not_heard_whatever_their_id(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        event = {"type": "message", "user": SAM, "text": "#close", "channel": TRIAGE, "channel_type": "group"}
        below = {"thread_ts": card(stage)["ts"], "parent_user_id": card(stage)["user"], "ts": "1.000009"}
        for theirs in ({"user_team": "T0OTHER"}, {"source_team": "T0OTHER"}):
            await stage.people.event({**event, **below, **theirs}, event_id=f"Ev{theirs}")
        await stage.answered()
        assert stage.desk.ticket()["status"] == "Open"
        await stage.people.event({**event, **below, "user_team": TEAM}, event_id="EvOwn")
        await stage.answered()
        assert stage.desk.ticket()["status"] == "Closed"

    play(act)


def test_a_card_tells_until_when_an_answer_is_owed_and_that_it_is_late(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        assert "Answer due" in card(stage)["text"] and "overdue" not in card(stage)["text"]
        stage.desk.clock.advance(days=2)
        assert await asyncio.to_thread(rooms.refresh, stage.desk.app.around) == 1
        await stage.answered()
        assert "overdue" in card(stage)["text"]
        assert await asyncio.to_thread(rooms.refresh, stage.desk.app.around) == 0

    play(act)


def test_giving_it_to_a_colleague_is_a_button_as_well(play: Play) -> None:
    async def act(stage: House) -> None:
        await opened(stage)
        await stage.people.presses(SAM, "Give to Dana Cole", stage.slack.chats[TRIAGE])
        await stage.answered()
        assert stage.desk.ticket()["assignee"] == "dana@desk.example"
        assert [mail for mail in stage.desk.letters().all_to("dana") if "gave you this ticket" in mail]

    play(act)
