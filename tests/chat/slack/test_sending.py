"""Letters going out, with the real slack-sdk: order, pace, faults, and never twice where that can be known."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

import pytest

from bot.channels.ports import Outbound, SendError
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from tests.chat.slack.running import ALICE, BAKERY, BOB, TRIAGE, Scene, letter, play, sender, until
from tests.chat.slack.standin import BOT_TOKEN, TEAM

TO_ALICE, TO_BOB = f"{TEAM}/{ALICE}", f"{TEAM}/{BOB}"


def saying(*texts: str, files: Sequence[tuple[str, str]] = ()) -> bytes:
    calls: list[dict[str, Any]] = [
        {
            "method": "chat.postMessage",
            "arguments": {
                "text": text,
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}],
                "metadata": {"event_payload": {"marker": "m1"}},
            },
        }
        for text in texts
    ]
    calls += [
        {"method": "files.upload", "arguments": {"filename": name, "title": name, "content": content}}
        for name, content in files
    ]
    return json.dumps(calls).encode()


def texts(stage: Scene, user: str = ALICE) -> list[str]:
    return [message["text"] for message in stage.slack.said_to(user)]


async def sent(stage: Scene, *letters: Outbound, by: SlackSender | None = None) -> list[SendError | None]:
    sending = by or sender(stage.settings)
    try:
        return list(await sending.send(letters))
    finally:
        if by is None:
            await sending.close()


def test_letters_of_one_chat_go_in_order_and_the_direct_message_is_opened_once() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.seconds_per_message = 0.0
        letters = [letter(TO_ALICE, saying(f"{n}a", f"{n}b")) for n in range(4)]
        assert await sent(stage, *letters, letter(TO_BOB, saying("to Bob"))) == [None] * 5
        assert texts(stage) == ["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b"] and texts(stage, BOB) == ["to Bob"]
        assert len(stage.slack.called("conversations.open")) == 2
        marks = [message["metadata"]["event_payload"] for message in stage.slack.said_to(ALICE)]
        assert marks[:2] == [{"marker": "m1", "id": str(letters[0].id), "part": part} for part in (0, 1)]

    play(act, listening=False)


def test_an_answer_in_a_channel_stands_in_its_thread() -> None:
    async def act(stage: Scene) -> None:
        root = stage.slack.ts()
        stage.slack.chats[BAKERY].messages.append({"ts": root, "user": ALICE, "text": "status?"})
        assert await sent(stage, letter(f"{TEAM}/{BAKERY}/{root}", saying("All is well."))) == [None]
        assert stage.slack.chats[BAKERY].messages[-1]["thread_ts"] == root
        assert not stage.slack.called("conversations.open")

    play(act, listening=False)


def test_a_connection_that_breaks_after_the_call_posts_once() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("chat.postMessage", "cut after")
        sending = sender(stage.settings)
        assert await sent(stage, letter(TO_ALICE, saying("one", "two")), by=sending) == [None]
        assert texts(stage) == ["one", "two"] and (sending.unclear, sending.found) == (1, 1)
        await sending.close()

    play(act, listening=False)


@pytest.mark.parametrize("fault", ["cut before", "http 500", "html", "internal_error"])
def test_a_call_that_came_to_nothing_is_tried_again_later_and_said_once(fault: str) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("chat.postMessage", fault, skip=1)
        mail = letter(TO_ALICE, saying("one", "two"), age=60)
        (error,) = await sent(stage, mail)
        assert error is not None and not error.permanent and not error.gone
        assert await sent(stage, mail) == [None]
        assert texts(stage) == ["one", "two"]

    play(act, listening=False)


def test_a_letter_that_a_dead_sender_may_have_sent_is_looked_for_first() -> None:
    async def act(stage: Scene) -> None:
        mail = letter(TO_ALICE, saying("once"))
        assert await sent(stage, mail) == [None]
        # The process died before it could say so; the next one has the same letter in hand.
        assert await sent(stage, mail) == [None]
        assert texts(stage) == ["once"]

    play(act, listening=False)


def test_a_fresh_letter_is_not_looked_for() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        assert await sent(stage, letter(TO_ALICE, saying("hello")), by=sending) == [None]
        assert not stage.slack.called("conversations.history")
        await sending.close()

    play(act, listening=False)


def test_a_repeat_is_found_behind_many_later_messages_and_in_a_thread() -> None:
    async def act(stage: Scene) -> None:
        mail = letter(TO_ALICE, saying("once"))
        assert await sent(stage, mail) == [None]
        stage.slack.dm(ALICE).messages += [{"ts": stage.slack.ts(), "user": ALICE, "text": "more"} for _ in range(250)]
        assert await sent(stage, mail) == [None] and texts(stage) == ["once"]
        root = stage.slack.ts()
        stage.slack.chats[BAKERY].messages.append({"ts": root, "user": ALICE, "text": "status?"})
        answer = letter(f"{TEAM}/{BAKERY}/{root}", saying("All is well."))
        assert await sent(stage, answer) == [None] and await sent(stage, answer) == [None]
        assert len(stage.slack.chats[BAKERY].messages) == 2

    play(act, listening=False)


def test_without_the_scope_to_look_a_letter_is_sent_rather_than_lost(caplog: pytest.LogCaptureFixture) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.scopes.discard("im:history")
        assert await sent(stage, letter(TO_ALICE, saying("hello"), age=60)) == [None]
        assert texts(stage) == ["hello"]

    play(act, listening=False)
    assert "im:history" in caplog.text


def test_slack_is_left_alone_as_long_as_it_asks_and_no_letter_overtakes() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("chat.postMessage", "ratelimited", seconds=7)
        sending = sender(stage.settings)
        letters = [letter(TO_ALICE, saying("first")), letter(TO_ALICE, saying("second"))]
        errors = await sent(stage, *letters, letter(TO_BOB, saying("to Bob")), by=sending)
        assert [error and error.after for error in errors] == [7.5, 7.5, None]
        assert texts(stage) == [] and texts(stage, BOB) == ["to Bob"]
        (error,) = await sent(stage, letters[0], by=sending)
        assert error is not None and error.after is not None and 6 < error.after <= 7.5
        assert len(stage.slack.called("chat.postMessage")) == 2
        await sending.close()

    play(act, listening=False)


def test_a_chat_gets_three_messages_at_once_and_then_one_a_second() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.seconds_per_message = 0.1
        sending = SlackSender(stage.settings.slack, pace=Pace(0.1, 3))
        begun = time.monotonic()
        assert await sent(stage, *(letter(TO_ALICE, saying(f"{n}")) for n in range(3)), by=sending) == [None] * 3
        assert time.monotonic() - begun < 0.1
        assert await sent(stage, *(letter(TO_ALICE, saying(f"{n}")) for n in range(3)), by=sending) == [None] * 3
        assert 0.2 < time.monotonic() - begun < 1.5
        await sending.close()

    play(act, listening=False)


def test_at_the_usual_pace_slack_never_asks_to_wait() -> None:
    async def act(stage: Scene) -> None:
        sending = SlackSender(stage.settings.slack)
        assert await sent(stage, *(letter(TO_ALICE, saying(f"{n}")) for n in range(6)), by=sending) == [None] * 6
        await sending.close()

    play(act, listening=False)


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "user_not_found", "user_disabled"])
def test_a_chat_that_is_gone_is_told_as_gone(error: str) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("chat.postMessage", error)
        first, second = await sent(stage, letter(TO_ALICE, saying("hello")), letter(TO_ALICE, saying("again")))
        assert first is not None and first.gone and first.permanent and error in str(first)
        assert second is None

    play(act, listening=False)


def test_a_person_who_left_and_one_nobody_knows_are_gone() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.people[BOB]["deleted"] = True
        errors = await sent(
            stage,
            letter(TO_BOB, saying("hello")),
            letter(f"{TEAM}/U0NOBODY", saying("hello")),
            letter(f"{TEAM}/C0NOWHERE/1.1", saying("hello")),
        )
        assert all(error is not None and error.gone for error in errors)
        stage.slack.chats[TRIAGE].archived = True
        (error,) = await sent(stage, letter(f"{TEAM}/{TRIAGE}/", saying("hello")))
        assert error is not None and error.gone

    play(act, listening=False)


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_an_app_that_is_shut_out_keeps_its_letters_and_stops_asking(
    error: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("conversations.open", error)
        sending = sender(stage.settings)
        (first,) = await sent(stage, letter(TO_ALICE, saying("hello")), by=sending)
        (second,) = await sent(stage, letter(TO_BOB, saying("hello")), by=sending)
        for answer in (first, second):
            assert answer is not None and not answer.permanent and not answer.gone and error in str(answer)
        assert len(stage.slack.calls) == 1
        await sending.close()

    play(act, listening=False)
    assert caplog.text.count("shuts the app out") == 1 and BOT_TOKEN not in caplog.text


def test_a_missing_scope_is_named_and_the_letter_kept(caplog: pytest.LogCaptureFixture) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.scopes.discard("chat:write")
        (error,) = await sent(stage, letter(TO_ALICE, saying("hello")))
        assert error is not None and not error.permanent and "chat:write" in str(error)

    play(act, listening=False)
    assert "install the app again" in caplog.text


def test_blocks_that_slack_refuses_are_sent_as_words() -> None:
    async def act(stage: Scene) -> None:
        wrong = json.loads(saying("hello"))
        wrong[0]["arguments"]["blocks"] = [{"type": "marquee"}]
        assert await sent(stage, letter(TO_ALICE, json.dumps(wrong).encode())) == [None]
        assert texts(stage) == ["hello"] and stage.slack.problems
        stage.slack.problems.clear()

    play(act, listening=False)


def test_files_are_shared_once_in_their_thread() -> None:
    async def act(stage: Scene) -> None:
        root = stage.slack.ts()
        stage.slack.chats[BAKERY].messages.append({"ts": root, "user": ALICE, "text": "the price list?"})
        mail = letter(f"{TEAM}/{BAKERY}/{root}", saying("Here it is.", files=[("prices.pdf", "JVBERg==")]))
        assert await sent(stage, mail) == [None] and await sent(stage, mail) == [None]
        shared = [message for message in stage.slack.chats[BAKERY].messages if message.get("files")]
        assert len(shared) == 1 and shared[0]["thread_ts"] == root
        (file,) = [file for file in stage.slack.files.values() if file["name"] == "prices.pdf"]
        assert file["content"] == b"%PDF"

    play(act, listening=False)


def test_a_second_file_of_the_same_name_is_not_taken_for_the_first() -> None:
    async def act(stage: Scene) -> None:
        first, second = (letter(TO_ALICE, saying(text, files=[("a.txt", "YQ==")]), age=60) for text in ("one", "two"))
        assert await sent(stage, first) == [None]
        stage.slack.fails("files.getUploadURLExternal", "http 500")
        (error,) = await sent(stage, second)
        assert error is not None and not error.permanent
        assert await sent(stage, second) == [None]
        assert len([m for m in stage.slack.said_to(ALICE) if m.get("files")]) == 2
        assert [text for text in texts(stage) if text] == ["one", "two"]

    play(act, listening=False)


def test_an_upload_whose_end_was_lost_is_not_repeated() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("files.completeUploadExternal", "cut after")
        assert await sent(stage, letter(TO_ALICE, saying("Here.", files=[("a.txt", "YQ==")]))) == [None]
        assert len([m for m in stage.slack.said_to(ALICE) if m.get("files")]) == 1

    play(act, listening=False)


@pytest.mark.parametrize(("recipient", "payload"), [("nowhere", saying("x")), (TO_ALICE, b"no json"), ("T/X1", b"[]")])
def test_what_can_never_be_sent_is_given_up(recipient: str, payload: bytes) -> None:
    async def act(stage: Scene) -> None:
        (error,) = await sent(stage, letter(recipient, payload))
        assert error is not None and error.permanent and not error.gone

    play(act, listening=False)


def test_slack_out_of_reach_is_waited_for() -> None:
    async def act(stage: Scene) -> None:
        nowhere = SlackSender(type(stage.settings.slack)(bot_token=BOT_TOKEN, api_url="http://127.0.0.1:1/api/"))
        (error,) = await sent(stage, letter(TO_ALICE, saying("hello")), by=nowhere)
        await nowhere.close()
        assert error is not None and not error.permanent and nowhere.unclear == 0

    play(act, listening=False)


def test_many_chats_are_written_to_at_the_same_time() -> None:
    async def act(stage: Scene) -> None:
        people = [stage.slack.person(f"U1P{n}", f"Person {n}") for n in range(10)]
        stage.slack.fails("chat.postMessage", *(["delay"] * 10), seconds=0.3)
        begun = time.monotonic()
        letters = [letter(f"{TEAM}/{person}", saying("hello")) for person in people]
        assert await sent(stage, *letters) == [None] * 10
        assert time.monotonic() - begun < 2.0

    play(act, listening=False)


def test_a_sender_that_is_cancelled_ends() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("chat.postMessage", "delay", seconds=20)
        sending = sender(stage.settings)
        task = asyncio.create_task(sent(stage, letter(TO_ALICE, saying("hello")), by=sending))
        await until(lambda: stage.slack.called("chat.postMessage"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sending.close()

    play(act, listening=False)
