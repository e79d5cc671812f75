"""The sender: in order and paced for each chat, nothing twice where it can be told, and never a storm of tries."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import count

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot.channels import telegram
from bot.channels.ports import Outbound, SendError
from bot.channels.telegram import refusals
from bot.channels.telegram.refusals import Remedy
from bot.channels.telegram.sender import TelegramSender
from bot.settings import Settings, Telegram
from tests.chat.telegram.kit import ALICE, BOB, GROUP, FakeTime, letter, played, sending, settings
from tests.chat.telegram.standin import TOKEN, FakeTelegram, Fault

Test = Callable[[FakeTelegram, TelegramSender, FakeTime], Awaitable[None]]


def with_sender(test: Test) -> None:
    async def run(fake: FakeTelegram) -> None:
        for chat in (ALICE, BOB):
            fake.chat(chat)
        fake.chat(GROUP, "group")
        clock = FakeTime()
        sender = sending(fake, clock)
        try:
            await test(fake, sender, clock)
        finally:
            await sender.close()

    played(run)


def said(word: str) -> str:
    return f"<title>T</title><p>{word}</p>"


def answer(number: int, word: str, chat: int = ALICE) -> Outbound:
    """A letter that somebody waits for."""
    return letter(number, said(word), chat, in_reply_to="a@b.example")


def texts(fake: FakeTelegram, chat: int = ALICE) -> list[str]:
    return [sent.text.removeprefix("T\n\n") for sent in fake.sent if sent.chat == chat]


def one(answers: Sequence[SendError | None]) -> SendError:
    (error,) = answers
    assert error is not None
    return error


def test_a_chat_that_is_told_to_wait_keeps_its_order_and_stops_no_other() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.append(Fault("sendMessage", retry_after=7))
        first, second = answer(1, "first"), answer(2, "second")
        answers = await sender.send([first, second])
        assert [(error.permanent, error.after) for error in answers if error] == [(False, 7.5), (False, 7.5)]
        assert await sender.send([answer(3, "to Bob", BOB)]) == [None]
        clock.now += 3
        later = one(await sender.send([answer(4, "third")]))
        assert not later.permanent and later.after == 4.5
        clock.now += 4.6
        assert await sender.send([second, first]) == [None, None]
        assert await sender.send([answer(4, "third")]) == [None]
        assert texts(fake) == ["first", "second", "third"] and texts(fake, BOB) == ["to Bob"]

    with_sender(test)


def test_two_chats_limited_in_a_row_are_the_whole_bots_pause() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.extend(Fault("sendMessage", retry_after=20) for _ in range(2))
        await sender.send([answer(1, "a", ALICE)])
        await sender.send([answer(2, "b", BOB)])
        calls = len(fake.calls)
        third = one(await sender.send([answer(3, "c", GROUP)]))
        assert third.after is not None and 19 < third.after <= 20.5 and len(fake.calls) == calls

    with_sender(test)


def test_each_chat_is_paced_so_that_telegram_need_not_say_so() -> None:
    """Six to one person, and a crowd: the stand-in limits as Telegram does, and never has to."""

    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        letters = [answer(n, f"word {n}") for n in range(1, 7)]
        assert await sender.send(letters) == [None] * 6
        assert texts(fake) == [f"word {n}" for n in range(1, 7)] and clock.slept >= 2.9
        for chat in range(5000, 5060):
            fake.chat(chat)
            clock.now += 0.04
            assert await sender.send([answer(100 + chat, "hello", chat)]) == [None]

    with_sender(test)


def test_a_crowd_at_once_is_sent_at_the_pace_of_the_bot() -> None:
    """In real time, sixty chats: five at once, then twenty-five a second."""

    async def run(fake: FakeTelegram) -> None:
        seconds = count(0, 60)
        fake.clock = lambda: float(next(seconds))  # a busy machine may bring late what left in time
        sender = TelegramSender(settings(fake).telegram)
        for chat in range(5000, 5060):
            fake.chat(chat)
        started = time.monotonic()
        answers = await sender.send([answer(100 + chat, "hello", chat) for chat in range(5000, 5060)])
        await sender.close()
        assert answers == [None] * 60 and time.monotonic() - started >= 2.0

    played(run)


def test_a_long_wait_goes_back_to_the_outbox_instead_of_holding_the_others() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        answers = await sender.send([answer(n, f"word {n}", GROUP) for n in range(1, 8)])
        put_off = [error for error in answers if error is not None]
        assert answers[:3] == [None] * 3 and len(put_off) >= 3
        assert all(not error.permanent and error.after for error in put_off)
        assert clock.slept <= 5

    with_sender(test)


GONE = [
    "bot was blocked by the user",
    "user is deactivated",
    "bot can't initiate conversation with a user",
    "bot was kicked from the group chat",
]


@pytest.mark.parametrize("trouble", GONE)
def test_a_chat_that_is_closed_to_us_is_gone(trouble: str) -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.chat(ALICE).trouble = trouble
        answers = await sender.send([answer(1, "a"), answer(2, "b")])
        assert [(error.gone, error.permanent) for error in answers if error] == [(True, True)] * 2
        assert len(fake.calls) == 1 and trouble in str(answers[0])
        fake.chat(ALICE).trouble = ""
        assert await sender.send([answer(3, "c")]) == [None]

    with_sender(test)


def test_a_chat_that_does_not_exist_is_gone() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        error = one(await sender.send([answer(1, "a", 9999)]))
        assert error.gone and "hat not found" in str(error)

    with_sender(test)


def test_a_group_that_moved_is_written_to_where_it_is_now() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.chat(-100999, "supergroup")
        fake.chat(GROUP).moved_to = -100999
        assert await sender.send([answer(1, "a", GROUP), answer(2, "b", GROUP)]) == [None, None]
        assert texts(fake, -100999) == ["a", "b"]
        assert [method for method, _ in fake.calls] == ["sendMessage"] * 3, "the new id is remembered"

    with_sender(test)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_answer_whose_fate_is_unclear_is_sent_again_a_few_times(cut: str) -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.extend(Fault("sendMessage", cut=cut) for _ in range(4))
        for seconds in (15.0, 60.0, 300.0):
            error = one(await sender.send([answer(1, "a")]))
            assert not error.permanent and error.after == seconds
            clock.now += seconds + 1
        assert await sender.send([answer(1, "a")]) == [None], "taken as sent"
        assert len(texts(fake)) == (4 if cut == "after" else 0)

    with_sender(test)


def test_an_answer_whose_connection_ended_twice_comes_all_the_same() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.extend(Fault("sendMessage", cut="before") for _ in range(2))
        for _ in range(3):
            await sender.send([answer(1, "a")])
            clock.now += 61
        assert texts(fake) == ["a"]

    with_sender(test)


def test_a_notice_or_a_secret_whose_fate_is_unclear_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.extend(Fault("sendMessage", cut="after") for _ in range(2))
        secret = "<title>T</title><p><mark>K7MQ-29TX</mark></p>"
        assert await sender.send([letter(1, said("done"), marker="")]) == [None]
        assert await sender.send([letter(2, secret, in_reply_to="a@b.example")]) == [None]
        assert len(fake.sent) == 2

    with_sender(test)
    assert sum("taken as sent" in record.getMessage() for record in caplog.records) == 2


def test_a_timeout_after_the_message_was_taken_is_unclear_as_well() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        await sender.send([answer(1, "warm")])
        assert sender._request is not None
        sender._request._client.timeout = 0.2
        fake.faults.append(Fault("sendMessage", delay=0.6))
        error = one(await sender.send([answer(2, "slow")]))
        assert not error.permanent and "ReadTimeout" in str(error)

    with_sender(test)


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        (httpx.ConnectError("refused"), Remedy.LATER),
        (httpx.ConnectTimeout("slow"), Remedy.LATER),
        (httpx.PoolTimeout("busy"), Remedy.LATER),
        (httpx.ReadTimeout("slow"), Remedy.UNCLEAR),
        (httpx.WriteTimeout("slow"), Remedy.UNCLEAR),
        (httpx.ReadError("reset"), Remedy.UNCLEAR),
        (httpx.RemoteProtocolError("cut"), Remedy.UNCLEAR),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_only_what_may_have_left_is_unclear(cause: Exception, remedy: Remedy) -> None:
    error = TimedOut() if isinstance(cause, httpx.TimeoutException) else NetworkError(str(cause))
    error.__cause__ = cause
    assert refusals.read(error).remedy is remedy


def test_what_never_left_is_tried_again_with_growing_pauses() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        closed = TelegramSender(Telegram(token=TOKEN, api_url="http://127.0.0.1:9/bot"), clock=clock, sleep=clock.sleep)
        pauses = []
        for _ in range(4):
            error = one(await closed.send([answer(1, "a")]))
            assert not error.permanent and error.after is not None
            pauses.append(error.after)
            clock.now += error.after
        assert pauses == [1.0, 2.0, 4.0, 8.0]
        await closed.close()

    with_sender(test)


def test_trouble_at_telegram_is_waited_out() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.append(Fault("sendMessage", status=502))
        fake.faults.append(Fault("sendMessage", status=500, description="Internal Server Error"))
        for _ in range(2):
            error = one(await sender.send([answer(1, "a")]))
            assert not error.permanent and error.after
            clock.now += error.after
        assert await sender.send([answer(1, "a")]) == [None]
        assert texts(fake) == ["a"]

    with_sender(test)


def test_a_letter_of_several_messages_goes_on_where_it_stopped() -> None:
    long = "<title>T</title>" + "".join(f"<p>{n} {'word ' * 300}</p>" for n in range(5))

    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        made = letter(1, long)
        assert len(json.loads(made.payload)) == 3
        fake.faults.append(Fault("sendMessage", status=0))
        fake.faults.append(Fault("sendMessage", retry_after=5))
        error = one(await sender.send([made]))
        assert error.after == 5.5 and len(fake.sent) == 1
        clock.now += 6
        assert await sender.send([made]) == [None]
        assert [sent.text[-5:] for sent in fake.sent] == ["(1/3)", "(2/3)", "(3/3)"]

    with_sender(test)


def test_html_that_telegram_cannot_read_is_sent_once_as_plain_text(caplog: pytest.LogCaptureFixture) -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        made = answer(1, "a < b")
        broken = replace(made, payload=made.payload.replace(b"<b>", b"<br>"))
        assert await sender.send([broken]) == [None]
        assert len(fake.calls) == 2 and texts(fake) == ["a < b"] and not fake.sent[0].entities

    with_sender(test)
    assert any("a mistake of ours" in record.getMessage() for record in caplog.records)


def test_a_photo_of_odd_measures_is_sent_as_a_document() -> None:
    from core.messages import Attachment

    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.odd_photos = True
        made = letter(1, said("x"), attachments=(Attachment("long.png", "image/png", b"\x89PNG"),))
        assert await sender.send([made]) == [None]
        assert [sent.method for sent in fake.sent] == ["sendDocument"]

    with_sender(test)


def test_what_telegram_refuses_for_good_is_not_tried_again() -> None:
    """BadRequest is a NetworkError to the library: asked for in the wrong order it would be repeated for ever."""

    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.faults.append(Fault("sendMessage", status=400, description="Bad Request: message is too long"))
        error = one(await sender.send([answer(1, "a")]))
        assert error.permanent and not error.gone
        assert await sender.send([answer(2, "b")]) == [None]
        for payload, recipient in ((b"not JSON", str(ALICE)), (b"[]", "alice")):
            assert one(await sender.send([Outbound(3, recipient, "", payload)])).permanent

    with_sender(test)


def test_buttons_that_telegram_does_not_take_do_not_stop_the_answer() -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        call = {"method": "sendMessage", "text": "hi", "plain": "hi", "keyboard": [[["Yes", "x" * 65]]]}
        assert await sender.send([Outbound(1, str(ALICE), "", json.dumps([call]).encode())]) == [None]
        assert not fake.sent[0].keyboard

    with_sender(test)


def test_a_refused_token_keeps_the_letters_and_names_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        fake.token_revoked = True
        answers = await sender.send([answer(1, "a"), answer(2, "b")])
        assert [(error.permanent, error.after) for error in answers if error] == [(False, 900.0)] * 2
        fake.token_revoked = False
        clock.now += 901
        assert await sender.send([answer(1, "a"), answer(2, "b")]) == [None, None]

    with_sender(test)
    assert any("[telegram] token" in record.getMessage() for record in caplog.records)
    assert not any("AbC-def" in record.getMessage() for record in caplog.records)


def test_no_log_holds_the_token_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    async def test(fake: FakeTelegram, sender: TelegramSender, clock: FakeTime) -> None:
        await sender.send([answer(1, "a")])

    with caplog.at_level(logging.INFO):
        with_sender(test)
    assert not any("AbC-def" in record.getMessage() for record in caplog.records)


def test_the_factories_make_what_the_settings_say() -> None:
    made = telegram.sender(Settings(telegram=Telegram(token=TOKEN)))
    assert isinstance(made, TelegramSender)
