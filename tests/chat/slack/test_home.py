"""The Home tab: the linked person's figures, fresh when it is opened and after what was said, and nobody else's."""

from __future__ import annotations

import json

import pytest

from bot.channels.slack.home import HomeTab
from core.messages import Address
from tests.chat.slack import kit
from tests.chat.slack.running import ALICE, MALLORY, until
from tests.chat.slack.test_whole import House, Play, play

__all__ = ["play"]


def shown(stage: House, user: str) -> str:
    return json.dumps(stage.slack.homes[user], ensure_ascii=False)


async def opened(stage: House, user: str) -> str:
    stage.slack.homes.pop(user, None)
    await stage.people.opens_home(user)
    await until(lambda: user in stage.slack.homes)
    return shown(stage, user)


def test_whoever_is_linked_sees_their_own_figures(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        words = await opened(stage, ALICE)
        assert "Alice Bakery" in words and "*Unpaid invoices:*" in words and "*Open tickets:* 0" in words
        assert not kit.view_problems(stage.slack.homes[ALICE])

    play(act)


def test_a_stranger_sees_buttons_and_nothing_of_an_account(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await opened(stage, ALICE)
        words = await opened(stage, MALLORY)
        assert "My invoices" in words and "Alice" not in words and "Unpaid" not in words

    play(act)


def test_opening_it_is_no_message(play: Play) -> None:
    async def act(stage: House) -> None:
        before = stage.desk.results()
        await opened(stage, ALICE)
        assert stage.desk.results() == before and not stage.slack.said_to(ALICE)

    play(act)


def test_it_is_up_to_date_after_a_ticket_was_opened(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        assert "*Open tickets:* 0" in await opened(stage, ALICE)
        await stage.says(ALICE, "my website shows an error 500 since this morning")
        assert "*Open tickets:* 1" in shown(stage, ALICE)

    play(act)


def test_it_is_published_again_only_where_it_differs(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        before = len(stage.slack.called("views.publish"))
        await stage.says(ALICE, "which domains do I have?")
        await stage.says(ALICE, "which invoices are open?")
        assert len(stage.slack.called("views.publish")) == before

    play(act)


def test_whoever_is_unlinked_has_nothing_left_of_the_account_before_them(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        assert "Alice Bakery" in await opened(stage, ALICE)
        await stage.says(ALICE, "unlink")
        assert "Alice Bakery" not in shown(stage, ALICE)

    play(act)


def test_a_tab_that_slack_does_not_take_costs_no_letter(play: Play) -> None:
    async def act(stage: House) -> None:
        stage.slack.fails("views.publish", "internal_error", "cut before", "ratelimited")
        await stage.links(ALICE, "alice@bakery.example")
        assert await stage.says(ALICE, "which domains do I have?")

    play(act)


def test_without_the_figures_the_buttons_are_there(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Address) -> None:
        raise RuntimeError("the database is away")

    tab = HomeTab("Example Hosting", "en", figures=broken)
    made = tab.view("T0DESK/U0ALICE")
    assert not kit.view_problems(made) and "My invoices" in json.dumps(made)
    assert "could not be read" in caplog.text
