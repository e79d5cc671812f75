"""The door, with the real Bolt and slack-sdk on a socket of the stand-in."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.channels.slack.door import SlackListener
from tests.chat.slack.people import People
from tests.chat.slack.running import ALICE, BAKERY, Kept, Scene, play, settings_for, until, workspace
from tests.chat.slack.standin import BOT, BOT_ID, TEAM


def test_what_is_said_is_stored_before_slack_hears_that_it_arrived() -> None:
    async def act(stage: Scene) -> None:
        stage.kept.slow = 0.2
        typing = asyncio.create_task(stage.people.types(ALICE, "which domains do I have?"))
        await until(lambda: stage.kept.asked)
        assert not typing.done() and not stage.kept.deliveries
        await typing
        (delivery,) = stage.kept.deliveries
        assert delivery.channel == "slack" and delivery.mail_from == f"{TEAM}/{ALICE}"
        assert json.loads(delivery.raw)["event"]["text"] == "which domains do I have?"

    play(act)


def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.types(ALICE, "hello")
        assert stage.kept.asked == 3 and len(stage.kept.deliveries) == 1
        assert list(stage.slack.deliveries.values()) == [3]

    play(act, kept=Kept(refuses=2))


def test_an_event_that_is_delivered_four_times_has_one_key() -> None:
    async def act(stage: Scene) -> None:
        event = {"type": "message", "user": ALICE, "text": "hello", "ts": "1.000001", "channel": "D0ALICE"}
        for _ in range(4):
            await stage.people.event({**event, "channel_type": "im"}, event_id="Ev77")
        assert stage.kept.asked == 4 and [one.key for one in stage.kept.deliveries] == [f"{TEAM} event Ev77"]

    play(act)


def test_the_verification_token_is_not_kept() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.types(ALICE, "hello")
        assert b"verification" not in stage.kept.deliveries[0].raw

    play(act)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "user": BOT, "bot_id": BOT_ID, "text": "an answer of ours", "channel_type": "im"},
        {"type": "message", "user": "U0OTHER", "bot_id": "B0OTHER", "text": "another bot", "channel_type": "im"},
        {"type": "message", "user": "USLACKBOT", "text": "Reminder", "channel_type": "im"},
        {"type": "message", "subtype": "message_deleted", "channel_type": "im", "previous_message": {}},
        {"type": "message", "subtype": "channel_join", "user": ALICE, "text": "joined", "channel_type": "im"},
        {"type": "message", "user": ALICE, "text": "to the others", "channel": BAKERY, "channel_type": "channel"},
        {"type": "reaction_added", "user": ALICE, "reaction": "thumbsup"},
        {"type": "app_mention", "bot_id": "B0OTHER", "text": "a robot mentions us", "channel": BAKERY},
    ],
)
def test_what_nobody_said_to_the_desk_is_acknowledged_at_once_and_forgotten(event: dict[str, str]) -> None:
    async def act(stage: Scene) -> None:
        await stage.people.event({"ts": "1.000001", "channel": "D0ALICE", **event}, event_id="Ev1")
        assert stage.slack.deliveries == {"Ev1": 1} and not stage.kept.deliveries

    play(act)


def test_an_unfolded_link_is_no_edit_but_other_words_are() -> None:
    async def act(stage: Scene) -> None:
        ts = await stage.people.types(ALICE, "see https://bakery.example")
        chat = stage.slack.dm(ALICE)
        message = chat.find(ts) or {}
        await stage.people.changed(chat, {**message, "attachments": [{"title": "Bakery"}]}, message)
        assert len(stage.kept.deliveries) == 1
        await stage.people.edits(ALICE, ts, "see https://bakery.example/shop")
        assert [one.details["kind"] for one in stage.kept.deliveries] == ["message", "edit"]

    play(act)


def test_a_command_is_answered_at_once_and_stored() -> None:
    async def act(stage: Scene) -> None:
        answer = await stage.people.commands(ALICE, "invoices", BAKERY)
        assert "direct message" in answer["text"]
        assert "direct message" in (await stage.people.commands(ALICE, "domains", command="/acme"))["text"]
        assert [one.details["kind"] for one in stage.kept.deliveries] == ["command", "command"]

    play(act)


def test_who_writes_a_command_that_cannot_be_stored_is_told() -> None:
    async def act(stage: Scene) -> None:
        answer = await stage.people.commands(ALICE, "invoices")
        assert "try again" in answer["text"] and answer["response_type"] == "ephemeral"

    play(act, kept=Kept(refuses=1))


def test_both_shortcuts_open_the_form_in_time_and_what_is_sent_with_it_is_stored() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.uses_shortcut(ALICE, "ticket_new")
        await until(lambda: len(stage.slack.modals) == 1)
        await stage.people.uses_shortcut(
            ALICE, "ticket_from_message", {"text": "the <shop> is &amp; down", "ts": "1.1"}
        )
        await until(lambda: len(stage.slack.modals) == 2)
        (text,) = (b["element"] for b in stage.slack.modals[-1]["blocks"] if b["block_id"] == "text")
        assert text["initial_value"].startswith("> the")
        assert not stage.kept.deliveries
        assert await stage.people.sends_form(ALICE, "Shop down", "It is empty.", "Billing") is None
        assert [one.details["kind"] for one in stage.kept.deliveries] == ["form"]

    play(act)


def test_a_form_that_cannot_be_stored_stays_open_with_what_was_written() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.uses_shortcut(ALICE, "ticket_new")
        await until(lambda: stage.slack.modals)
        answer = await stage.people.sends_form(ALICE, "Shop down", "It is empty.")
        assert answer["response_action"] == "errors" and "try again" in answer["errors"]["text"]

    play(act, kept=Kept(refuses=1))


def test_opening_the_home_tab_shows_buttons_and_stores_nothing() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.opens_home(ALICE)
        await until(lambda: ALICE in stage.slack.homes)
        assert not stage.kept.deliveries
        await stage.people.presses_home(ALICE, "My invoices")
        message = await stage.message()
        assert message.text == "invoices" and message.id.startswith(f"slack:{TEAM}/{ALICE}:")
        await stage.people.presses_home(ALICE, "Open a ticket")
        await until(lambda: stage.slack.modals)

    play(act)


@pytest.mark.parametrize("how", ["announced", "cut"])
def test_a_socket_that_ends_is_opened_again_and_nothing_is_lost(how: str) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.retry_seconds = 3.0
        await stage.people.types(ALICE, "first")
        await stage.slack.disconnect("refresh_requested", abruptly=how == "cut")
        await stage.people.types(ALICE, "second")
        assert stage.slack.connected == 2 and len(stage.kept.deliveries) == 2

    play(act)


def test_a_desk_that_slack_does_not_let_in_asks_again_instead_of_ending(caplog: pytest.LogCaptureFixture) -> None:
    async def act() -> None:
        slack, kept = workspace(), Kept()
        slack.token_valid = False
        async with slack.running():
            task = asyncio.create_task(SlackListener(settings_for(slack), again_seconds=0.05).listen(kept))
            await until(lambda: len(slack.called("auth.test")) > 2)
            slack.socket_open = False
            slack.token_valid = True
            await until(lambda: len(slack.called("apps.connections.open")) > 1)
            slack.socket_open = True
            await until(lambda: slack.sockets)
            await People(slack).types(ALICE, "hello")
            assert len(kept.deliveries) == 1 and not task.done()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(act())
    assert "token_revoked" in caplog.text and "slack.app_token" in caplog.text


def test_scopes_that_the_app_was_not_given_are_named_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    async def act() -> None:
        slack = workspace()
        slack.scopes -= {"files:read", "im:history"}
        async with slack.running():
            listener = SlackListener(settings_for(slack))
            task = asyncio.create_task(listener.listen(Kept()))
            await until(listener.started.is_set)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(act())
    assert "lacks files:read, im:history" in caplog.text


def test_socket_mode_switched_off_is_said_once_and_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    async def act(stage: Scene) -> None:
        await stage.slack.disconnect("link_disabled")
        await until(lambda: "switched off" in caplog.text)
        await until(lambda: stage.slack.sockets)
        await stage.people.types(ALICE, "back again")
        assert len(stage.kept.deliveries) == 1

    play(act)


def test_a_socket_that_does_not_come_back_is_not_tried_for_ever_every_second(caplog: pytest.LogCaptureFixture) -> None:
    async def act(stage: Scene) -> None:
        stage.slack.socket_open = False
        await stage.slack.disconnect("gone", abruptly=True)
        await until(lambda: "signs in again" in caplog.text, 15)
        stage.slack.socket_open = True
        await until(lambda: stage.slack.sockets)
        await stage.people.types(ALICE, "back again")
        assert len(stage.kept.deliveries) == 1

    play(act)


@pytest.mark.parametrize("payload", [{"type": "event_callback"}, {"type": "view_submission"}, {"type": "new_thing"}])
def test_what_slack_may_invent_is_acknowledged(payload: dict[str, str]) -> None:
    async def act(stage: Scene) -> None:
        await stage.slack.deliver("events_api", {**payload, "team_id": TEAM, "event_id": "Ev1"})
        assert stage.slack.deliveries == {"Ev1": 1} and not stage.kept.deliveries

    play(act)


def test_an_app_that_was_removed_is_an_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def act(stage: Scene) -> None:
        await stage.people.event({"type": "app_uninstalled"}, event_id="Ev1")
        assert stage.slack.deliveries == {"Ev1": 1}

    play(act)
    assert "app_uninstalled" in caplog.text
