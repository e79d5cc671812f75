"""The door: stored before confirmed, whatever happens in between, and nothing that is not for us."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Update

from bot.channels.telegram.door import TelegramDoor
from bot.channels.telegram.working import Working
from core.models import Arrival
from tests.chat.telegram.kit import (
    ALICE,
    GROUP,
    MARKER,
    QUICK,
    Store,
    letter,
    listening,
    played,
    read,
    sending,
    settings,
    until,
)
from tests.chat.telegram.standin import BOT_ID, FakeTelegram, Fault, me, person
from tests.desk import TestDesk


def test_an_update_is_confirmed_only_after_it_is_stored() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        store.gate.clear()
        fake.write(ALICE, "which domains do I have?")
        async with listening(fake, store):
            await until(lambda: store.asked == 1)
            await asyncio.sleep(0.05)
            assert fake.offsets == [None] and len(fake.pending) == 1
            store.gate.set()
            await until(lambda: not fake.pending)
        assert store.texts() == ["which domains do I have?"]

    played(test)


def test_a_crash_between_store_and_confirm_leaves_one_row(desk_on_sqlite: TestDesk) -> None:
    """Stopped after the commit, started again: the same update comes again and is known."""

    async def test(fake: FakeTelegram) -> None:
        intake = desk_on_sqlite.app.intake()
        intake.start()
        committed: list[str] = []

        async def accept_and_die(delivery: Any) -> None:
            await intake.accept(delivery)
            committed.append(delivery.key)
            await asyncio.Event().wait()  # the process is killed here

        async def accept(delivery: Any) -> None:
            await intake.accept(delivery)
            committed.append(delivery.key)

        fake.write(ALICE, "which domains do I have?")
        async with listening(fake, accept_and_die):
            await until(lambda: committed)
        assert len(fake.pending) == 1
        async with listening(fake, accept):
            await until(lambda: not fake.pending)
        await asyncio.to_thread(intake.stop)
        assert len(committed) == 2 and len(set(committed)) == 1

    played(test)
    with desk_on_sqlite.app.sessions() as session:
        rows = session.execute(select(Arrival.channel, Arrival.recipient, Arrival.conversation)).all()
    assert [tuple(row) for row in rows] == [("telegram", str(BOT_ID), f"telegram:{ALICE}")]


def test_what_the_desk_cannot_store_now_is_kept_by_telegram() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store(refusals=3)
        fake.write(ALICE, "first")
        fake.write(ALICE, "second")
        async with listening(fake, store):
            await until(lambda: not fake.pending)
        assert store.texts() == ["first", "second"]

    played(test)


def test_a_second_program_with_the_same_bot_is_told_of_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async def test(fake: FakeTelegram) -> None:
        words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        fake.faults.extend(Fault("getUpdates", status=409, description=words) for _ in range(3))
        store = Store()
        fake.write(ALICE, "hello")
        async with listening(fake, store):
            await until(lambda: store.kept)

    with caplog.at_level(logging.INFO):
        played(test)
    assert sum("another program asks Telegram" in record.getMessage() for record in caplog.records) == 3


def test_a_webhook_that_was_set_before_does_not_stop_the_poll() -> None:
    async def test(fake: FakeTelegram) -> None:
        fake.webhook = {"url": "https://old.example/hook"}
        store = Store()
        fake.write(ALICE, "hello")
        async with listening(fake, store):
            await until(lambda: store.kept)

    played(test)


@pytest.mark.parametrize(
    "fault",
    [Fault("getUpdates", status=502), Fault("getUpdates", cut="before"), Fault("getUpdates", cut="after")],
    ids=["bad gateway", "cut before", "cut after"],
)
def test_trouble_on_the_way_loses_nothing(fault: Fault) -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        fake.faults.append(fault)
        fake.write(ALICE, "hello")
        async with listening(fake, store):
            await until(lambda: store.kept)
        assert store.texts() == ["hello"]

    played(test)


def test_a_refused_token_is_told_once_and_nothing_hammers(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the token nor a storm of calls; the door rests for minutes."""

    async def test(fake: FakeTelegram) -> None:
        fake.token_revoked = True
        async with listening(fake, Store()) as _:
            await until(lambda: any("refuses the bot's token" in r.getMessage() for r in caplog.records))
            await asyncio.sleep(0.1)

    with caplog.at_level(logging.DEBUG, logger="helpdesk.telegram"):
        played(test)
    told = [record.getMessage() for record in caplog.records]
    assert sum("refuses the bot's token" in line for line in told) == 1
    assert not any("AbC-def" in line for line in told)


def test_a_token_that_is_good_again_is_heard_again() -> None:
    async def test(fake: FakeTelegram) -> None:
        fake.token_revoked = True
        store = Store()
        door = TelegramDoor(settings(fake).telegram, "secret", None, replace(QUICK, token=0.02))
        task = asyncio.create_task(door.listen(store))
        fake.write(ALICE, "are you there?")
        await asyncio.sleep(0.1)
        assert not store.asked
        fake.token_revoked = False
        await until(lambda: store.texts() == ["are you there?"])
        task.cancel()

    played(test)


def test_an_update_that_the_library_cannot_read_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: Any, bot: Any = None) -> Update:
        raise KeyError("a field of tomorrow")

    async def test(fake: FakeTelegram) -> None:
        store = Store()
        fake.write(ALICE, "hello")
        async with listening(fake, store):
            await until(lambda: not fake.pending)
        assert store.texts() == ["hello"]

    monkeypatch.setattr(Update, "de_json", staticmethod(broken))
    played(test)


def test_an_album_is_one_message_however_its_pictures_come() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()

        def picture(**more: Any) -> None:
            size = {**fake.file(b"jpeg"), "width": 10, "height": 10}
            fake.message(ALICE, photo=[size], media_group_id="g1", **more)

        fake.write(ALICE, "before")
        picture(caption="the broken page")
        async with listening(fake, store):
            await until(lambda: len(store.kept) == 1)
            picture()
            picture()
            fake.write(ALICE, "after")
            await until(lambda: not fake.pending)
            fake.message(
                ALICE, photo=[{**fake.file(b"jpeg"), "width": 1, "height": 1}], media_group_id="g2", caption="alone"
            )
            await until(lambda: not fake.pending)
        assert store.texts() == ["before", "the broken page", "after", "alone"]
        assert [len(one.attachments) for one in map(read, store.kept.values())] == [0, 3, 0, 1]

    played(test)


def test_in_groups_only_what_is_addressed_to_the_bot_is_stored() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        said = fake.write(GROUP, "lunch?", user=ALICE)
        fake.write(GROUP, "/status", user=ALICE)
        fake.write(GROUP, "/status@other_bot", user=ALICE)
        fake.write(GROUP, "/ban somebody", user=ALICE)
        fake.write(GROUP, "/help@Desk_Bot", user=ALICE)
        fake.write(GROUP, "🥐🥐 @desk_bot, are there any troubles?", user=ALICE)
        fake.write(GROUP, "@desk_bottom is not you", user=ALICE)
        fake.write(GROUP, "thanks", user=ALICE, reply_to_message={"message_id": 5, "from": me()})
        fake.write(GROUP, "thanks", user=ALICE, reply_to_message=said)
        fake.message(GROUP, user=ALICE, new_chat_title="Bakers & friends")
        fake.push({"message": {"message_id": 9, "chat": {"id": GROUP, "type": "group"}, "from": me(), "text": "/help"}})
        fake.push({"channel_post": {"message_id": 1, "chat": {"id": GROUP, "type": "channel"}, "text": "@desk_bot"}})
        async with listening(fake, store, groups=True):
            await until(lambda: len(store.kept) >= 4 and len(fake.pending) <= 1)
        assert store.texts() == ["server status", "help", "🥐🥐 are there any troubles?", "thanks"]
        assert all(one.shared for one in map(read, store.kept.values()))

    played(test)


def test_groups_are_off_unless_they_are_wanted() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        fake.write(GROUP, "/help@desk_bot", user=ALICE)
        fake.write(ALICE, "hello")
        async with listening(fake, store):
            await until(lambda: not fake.pending)
        assert store.texts() == ["hello"]

    played(test)


def test_service_messages_robots_and_live_locations_are_not_stored() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        place = {"latitude": 48.1, "longitude": 11.5, "live_period": 600}
        shared = fake.message(ALICE, location=place)
        fake.push({"edited_message": {**shared, "edit_date": 1_764_000_100}})
        fake.message(ALICE, pinned_message={"message_id": 1})
        fake.push(
            {"message": {"message_id": 7, "chat": {"id": 7, "type": "private"}, "from": {**person(7), "is_bot": True}}}
        )
        async with listening(fake, store):
            await until(lambda: not fake.pending)
        assert store.texts() == ["[a place] 48.1, 11.5"]

    played(test)


QUESTION = (
    '<title>Lock it?</title><p>Sure?</p><menu><button says="YES">Yes</button><button says="NO">No</button></menu>'
)


def test_a_pressed_button_is_answered_and_its_keyboard_goes() -> None:
    async def test(fake: FakeTelegram) -> None:
        store, sender = Store(), sending(fake)
        fake.chat(ALICE)
        assert await sender.send([letter(1, QUESTION)]) == [None]
        await sender.close()
        sent = fake.sent[0]
        assert sent.buttons == {"Yes": f"{MARKER}|YES", "No": f"{MARKER}|NO"}
        fake.press(sent, "Yes")
        async with listening(fake, store):
            await until(lambda: fake.answered and not sent.keyboard)
        (pressed,) = map(read, store.kept.values())
        assert (pressed.text, pressed.marker) == ("YES", MARKER)
        assert pressed.recipient == f"help+{MARKER}@desk.example"

    played(test)


def test_a_button_pressed_too_late_or_twice_is_stored_all_the_same() -> None:
    async def test(fake: FakeTelegram) -> None:
        store, sender = Store(), sending(fake)
        fake.chat(ALICE)
        await sender.send([letter(1, QUESTION)])
        await sender.close()
        fake.press(fake.sent[0], "Yes")
        fake.press(fake.sent[0], "Yes")
        fake.open_queries.clear()
        async with listening(fake, store):
            await until(lambda: not fake.pending and not fake.sent[0].keyboard)
        assert store.texts() == ["YES", "YES"]

    played(test)


def test_typing_is_shown_while_an_answer_takes_longer_and_not_otherwise() -> None:
    async def test(fake: FakeTelegram) -> None:
        working = Working(first=0.05, again=0.05)
        working.has_sender = True
        store = Store()
        async with listening(fake, store, working):
            fake.write(ALICE, "something slow")
            await until(lambda: "sendChatAction" in [method for method, _ in fake.calls])
            working.answered(ALICE)
            await asyncio.sleep(0.02)
            fake.calls.clear()
            fake.write(ALICE, "something quick")
            await until(lambda: len(store.kept) == 2)
            working.answered(ALICE)
            await asyncio.sleep(0.1)
        assert "sendChatAction" not in [method for method, _ in fake.calls]

    played(test)


def test_no_sign_is_shown_that_nobody_could_end() -> None:
    """The sender runs in another process: the answer may be there already."""

    async def test(fake: FakeTelegram) -> None:
        working, store = Working(first=0.01), Store()
        fake.write(ALICE, "hello")
        async with listening(fake, store, working):
            await until(lambda: store.kept)
            await asyncio.sleep(0.05)
        assert "sendChatAction" not in [method for method, _ in fake.calls]

    played(test)


def test_commands_are_offered_in_each_language_and_set_only_where_they_differ() -> None:
    async def test(fake: FakeTelegram) -> None:
        def sets() -> int:
            return sum(method == "setMyCommands" for method, _ in fake.calls)

        async def start() -> None:
            before = len(fake.offsets)
            async with listening(fake, Store()):
                await until(lambda: len(fake.offsets) > before)

        await start()
        languages = {language for _, language in fake.commands}
        assert languages == {"", "de", "es", "fr", "it", "nl", "pl", "pt"}
        assert sets() == len(fake.commands) == 16
        private = [entry["command"] for entry in fake.commands["all_private_chats", ""]]
        group = [entry["command"] for entry in fake.commands["all_group_chats", ""]]
        assert "invoices" in private and group == ["help", "status", "announcements"]
        fake.calls.clear()
        await start()
        assert sets() == 0
        fake.commands["all_private_chats", "de"][0]["description"] = "Something old"
        await start()
        assert sets() == 1

    played(test)


def test_a_door_opens_although_the_commands_cannot_be_set() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        fake.faults.append(Fault("getMyCommands", retry_after=30))
        fake.write(ALICE, "hello")
        async with listening(fake, store):
            await until(lambda: store.kept)

    played(test)
