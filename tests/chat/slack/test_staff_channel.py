"""The staff's channel: one card for each ticket, edited in place; notes below it; an answer to the client is a form."""

from __future__ import annotations

import dataclasses
import json

import pytest

from bot.channels.ports import Outbound
from bot.channels.slack import place
from bot.channels.slack.composer import SlackComposer
from bot.channels.slack.place import Place
from bot.templating import Templates
from core.content import Actions, Button, Content, Paragraph, Text
from core.messages import Address, Reply
from tests.chat.slack.running import SAM, TRIAGE, Scene, letter, play, sender, until
from tests.chat.slack.standin import BOT, TEAM
from tests.chat.slack.test_composing import DRAFT, MARKER

CARD, THREAD = f"{TEAM}/{TRIAGE}/#46057485/card", f"{TEAM}/{TRIAGE}/#46057485"


class Written(Templates):
    """A template that says what it is told."""

    def content(self, reply: Reply, language: str, **shared: object) -> Content:
        actions = Actions((Button("Reply", "#reply"), Button("Close", "#close")))
        text = Paragraph((Text(str(reply.context["text"])),))
        return Content("#46057485 Site broken", (text, actions) if reply.template == "card" else (text,))


def payload(to: str, text: str, template: str = "card") -> bytes:
    composer = SlackComposer(Written(), dict)
    draft = dataclasses.replace(DRAFT, to=Address("slack", to), replies=(Reply(template, {"text": text}),))
    return composer.compose(draft).payload


def card_letter(text: str) -> Outbound:
    return letter(CARD, payload(CARD, text))


@pytest.mark.parametrize(
    "address",
    ["T1/U1", "T1/W1", "T1/C1/", "T1/C1/1700000000.000100", "T1/G1/#46057485", "T1/G1/#46057485/card"],
)
def test_a_place_is_read_as_it_is_written(address: str) -> None:
    assert str(place.read(address)) == address


@pytest.mark.parametrize("address", ["", "T1", "T1/", "/U1", "T1/X1", "alice@bakery.example"])
def test_what_is_no_place_is_told(address: str) -> None:
    with pytest.raises(ValueError, match="no place in Slack"):
        place.read(address)


def test_a_card_is_posted_once_and_then_edited_whoever_sends() -> None:
    async def act(stage: Scene) -> None:
        first, second = sender(stage.settings), sender(stage.settings)
        assert await first.send([card_letter("Open, Support")]) == [None]
        assert await first.send([card_letter("Open, Support, Sam Lee")]) == [None]
        assert await second.send([card_letter("Closed")]) == [None]
        (card,) = stage.slack.chats[TRIAGE].messages
        assert "Closed" in card["text"] and card["metadata"]["event_payload"]["ticket"] == "46057485"
        for one in (first, second):
            await one.close()

    play(act, listening=False)


def test_a_card_that_is_gone_is_posted_anew() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        assert await sending.send([card_letter("Open")]) == [None]
        stage.slack.chats[TRIAGE].messages.clear()
        assert await sending.send([card_letter("Closed")]) == [None]
        assert len(stage.slack.chats[TRIAGE].messages) == 1
        await sending.close()

    play(act, listening=False)


def test_an_edit_whose_end_was_lost_does_no_harm() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        assert await sending.send([card_letter("Open")]) == [None]
        stage.slack.fails("chat.update", "cut after")
        assert await sending.send([card_letter("Closed")]) == [None]
        (card,) = stage.slack.chats[TRIAGE].messages
        assert "Closed" in card["text"]
        await sending.close()

    play(act, listening=False)


def test_a_long_card_is_one_message_that_may_be_edited() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        for _ in range(2):
            assert await sending.send([card_letter("ü" * 20_000)]) == [None]
        assert len(stage.slack.chats[TRIAGE].messages) == 1
        await sending.close()

    play(act, listening=False)


def test_messages_of_a_ticket_stand_below_its_card_and_wait_for_it() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        (error,) = await sending.send([letter(THREAD, payload(THREAD, "It is down again.", "entry"))])
        assert error is not None and not error.permanent
        assert await sending.send([card_letter("Open")]) == [None]
        assert await sending.send([letter(THREAD, payload(THREAD, "It is down again.", "entry"))]) == [None]
        card, below = stage.slack.chats[TRIAGE].messages
        assert below["thread_ts"] == card["ts"]
        # A card that never comes does not keep a client's words from the staff.
        other = f"{TEAM}/{TRIAGE}/#11111111"
        assert await sending.send([letter(other, payload(other, "Hello?", "entry"), age=90)]) == [None]
        assert "thread_ts" not in stage.slack.chats[TRIAGE].messages[-1]
        await sending.close()

    play(act, listening=False)


def test_a_message_below_a_card_goes_to_the_address_of_the_card() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        await sending.send([card_letter("Open")])
        await sending.close()
        (card,) = stage.slack.chats[TRIAGE].messages
        await stage.people.says(SAM, TRIAGE, "looks like the cache", thread=card["ts"])
        message = await stage.message()
        assert message.text == "looks like the cache" and message.recipient == f"help+{MARKER}@desk.example"
        assert message.shared and message.room == str(Place(TEAM, TRIAGE, card["ts"]))

    play(act, triage_channel=TRIAGE)


def test_what_staff_say_beside_the_cards_and_in_other_channels_is_not_heard() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.says(SAM, TRIAGE, "lunch?")
        stage.slack.channel("G0OTHER", SAM, private=True)
        root = await stage.people.says(SAM, "G0OTHER", "lunch?")
        await stage.people.says(SAM, "G0OTHER", "pizza", thread=root)
        below = await stage.people.says(SAM, TRIAGE, "hm")
        await stage.people.says(SAM, TRIAGE, f"<@{BOT}> help", thread=below)
        assert not stage.kept.deliveries

    play(act, triage_channel=TRIAGE)


def test_answering_the_client_is_a_form_that_shows_whom_and_says_reply() -> None:
    async def act(stage: Scene) -> None:
        sending = sender(stage.settings)
        await sending.send([card_letter("Open")])
        await sending.close()
        await stage.people.presses(SAM, "Reply", stage.slack.chats[TRIAGE])
        await until(lambda: stage.slack.modals)
        assert not stage.kept.deliveries
        form = json.dumps(stage.slack.modals[-1]["blocks"])
        assert "46057485 Site broken" in form
        await stage.people.sends_form(SAM, "", "It works again.")
        message = await stage.message()
        assert message.text == "#reply\nIt works again." and message.recipient == f"help+{MARKER}@desk.example"
        await stage.people.presses(SAM, "Close", stage.slack.chats[TRIAGE])
        assert (await stage.messages())[-1].text == "#close"

    play(act, triage_channel=TRIAGE)
