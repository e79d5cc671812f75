"""The modal "Change my details": the same words as a mail, the same question, and nothing of what is on file in it."""

from __future__ import annotations

from bot.channels.slack import detailsform
from core import details
from core.ports import Client
from tests.chat.slack import kit
from tests.chat.slack.running import ALICE, MALLORY, Kept, Scene, until
from tests.chat.slack.running import play as play_scene
from tests.chat.slack.test_whole import House, Play, play

__all__ = ["play"]


def client_of(stage: House) -> Client:
    return stage.desk.app.around.billing.holders("alice@bakery.example")[0].client


async def opened(stage: House | Scene, user: str) -> None:
    await stage.people.opens_home(user)
    await until(lambda: user in stage.slack.homes)
    await stage.people.presses_home(user, "Change my details")
    await until(lambda: stage.slack.modals)


def test_it_asks_for_what_a_mail_may_change_in_the_words_that_the_desk_reads() -> None:
    assert dict(detailsform.LABELS) == dict.fromkeys(detailsform.LABELS) | details.WRITTEN_AS
    assert detailsform._LENGTH == 100
    view = detailsform.view(lambda text: text)
    assert not kit.view_problems(view)
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == list(detailsform.LABELS)


def test_what_is_filled_in_is_asked_back_and_then_changed(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        before = client_of(stage)
        await opened(stage, ALICE)
        shown = str(stage.slack.modals[-1])
        assert before.address1 not in shown and before.phone not in shown
        await stage.people.fills_in(ALICE, phone="+33 1 99 00 99 99", city="Lyon", postcode="69001")
        await stage.answered()
        question = stage.slack.said_to(ALICE)[-1]["text"]
        assert "+33 1 99 00 99 99" in question and "Lyon" in question
        assert client_of(stage) == before
        await stage.people.presses(ALICE, "Yes, do it")
        await stage.answered()
        now = client_of(stage)
        assert (now.phone, now.city, now.postcode) == ("+33 1 99 00 99 99", "Lyon", "69001")
        assert now.address1 == before.address1

    play(act)


def test_a_dash_empties_a_field(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        assert client_of(stage).phone
        await opened(stage, ALICE)
        await stage.people.fills_in(ALICE, phone="-")
        await stage.answered()
        await stage.people.presses(ALICE, "Yes, do it")
        await stage.answered()
        assert client_of(stage).phone == ""

    play(act)


def test_sent_empty_it_says_what_can_be_written(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        before = client_of(stage)
        await opened(stage, ALICE)
        await stage.people.fills_in(ALICE)
        await stage.answered()
        assert "Phone" in stage.slack.said_to(ALICE)[-1]["text"] and client_of(stage) == before

    play(act)


def test_who_is_not_linked_changes_nothing(play: Play) -> None:
    async def act(stage: House) -> None:
        before = client_of(stage)
        await opened(stage, MALLORY)
        await stage.people.fills_in(MALLORY, phone="+33 1 99 00 66 66")
        await stage.answered()
        words = " ".join(message["text"] for message in stage.slack.said_to(MALLORY))
        assert words and before.phone not in words and client_of(stage) == before

    play(act)


def test_a_value_cannot_begin_another_field() -> None:
    async def act(stage: Scene) -> None:
        await opened(stage, ALICE)
        await stage.people.fills_in(ALICE, city="Lyon\nPhone: 1")
        message = await stage.message()
        assert message.text.splitlines() == ["Change my details:", "City: Lyon Phone: 1"]

    play_scene(act)


def test_a_form_that_cannot_be_stored_stays_open() -> None:
    async def act(stage: Scene) -> None:
        await opened(stage, ALICE)
        answer = await stage.people.fills_in(ALICE, city="Lyon")
        assert answer["response_action"] == "errors" and "try again" in answer["errors"]["tax_id"]

    play_scene(act, kept=Kept(refuses=1))
