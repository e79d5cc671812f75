"""A client in Slack and the whole desk: door, inbox, walk, outbox, sender, with the real libraries in between."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot import demo
from bot.channels.slack import shows_home
from bot.channels.slack.door import SlackListener
from bot.intake import Intake
from bot.loops import Posting
from core import chathome, inbox
from tests import desk as desks
from tests.chat.slack.people import People
from tests.chat.slack.running import ALICE, BAKERY, MALLORY, SAM, sender, settings_for, until, workspace
from tests.chat.slack.standin import Slack
from tests.desk import TestDesk


@dataclass
class House:
    desk: TestDesk
    slack: Slack
    people: People
    intake: Intake
    posting: Posting

    async def answered(self) -> None:
        """Everything that waits is walked, and every letter to Slack is sent."""
        await asyncio.to_thread(self.desk.walks)
        while await self.posting.send_due():
            pass

    async def says(self, user: str, text: str, **how: str) -> list[str]:
        """What the person reads in the direct message because of it."""
        before = len(self.slack.said_to(user))
        await self.people.types(user, text, **how)
        await self.answered()
        return [message["text"] for message in self.slack.said_to(user)[before:]]

    async def links(self, user: str, address: str) -> None:
        """As a person does it: the code comes by mail."""
        before = self.desk._letter_ids()
        await self.says(user, f"link {address}")
        (mail,) = [mail for mail in self.desk._letters_after(before) if mail.to == address]
        code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail.text)
        assert code, mail.text
        await self.says(user, code[0])


@contextlib.asynccontextmanager
async def house(folder: Path, template: Path, *, triage: str = "") -> AsyncIterator[House]:
    """`triage` is the channel of the staff, who are Sam and Dana; only Sam's account in Slack is known."""
    slack = workspace()
    async with slack.running():
        shutil.copyfile(template, folder / "desk.db")
        keys = settings_for(slack, triage_channel=triage).slack
        staff = tuple(dataclasses.replace(one, slack_id=SAM if one.name == "Sam Lee" else "") for one in demo.STAFF)
        desk = desks.make(folder, f"sqlite:///{folder / 'desk.db'}", slack=keys, staff=staff)
        intake = desk.app.intake()
        intake.start()
        sending = sender(desk.app.settings)
        listener = SlackListener(desk.app.settings)
        around = desk.app.around
        shows_home(listener, sending, around.composers["slack"], partial(chathome.home, around))  # type: ignore[arg-type]
        listening = asyncio.create_task(listener.listen(intake.accept))
        await until(listener.started.is_set)
        posting = Posting(desk.app.around, {"slack": sending}, "test", desk.app.written, 1.0)
        slack.seconds_per_message = 0.0
        try:
            yield House(desk, slack, People(slack), intake, posting)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await sending.close()
            await asyncio.to_thread(intake.stop)
            desk.app.engine.dispose()
    assert not slack.problems, slack.problems


@pytest.fixture
def play(tmp_path: Path, sqlite_filled: Path) -> Callable[[Callable[[House], Awaitable[None]]], None]:
    def played(act: Callable[[House], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with asyncio.timeout(60), house(tmp_path, sqlite_filled) as stage:
                await act(stage)

        asyncio.run(whole())

    return played


Play = Callable[[Callable[[House], Awaitable[None]]], None]
SECRETS = ("bakery.example", "INV-", "Alice Bakery", "€")


def test_a_stranger_gets_public_answers_and_nothing_of_an_account(play: Play) -> None:
    async def act(stage: House) -> None:
        words = " ".join(await stage.says(MALLORY, "which invoices are open?"))
        assert words and not any(secret in words for secret in SECRETS)

    play(act)


def test_a_linked_client_asks_and_is_answered_in_the_direct_message(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        words = " ".join(await stage.says(ALICE, "which domains do I have?"))
        assert "bakery.example" in words

    play(act)


def test_what_is_delivered_four_times_is_answered_once(play: Play) -> None:
    async def act(stage: House) -> None:
        event = {"type": "message", "user": MALLORY, "text": "help", "ts": "1.000001", "channel": "D0MALLORY"}
        for _ in range(4):
            await stage.people.event({**event, "channel_type": "im"}, event_id="Ev1")
        await stage.answered()
        assert len(stage.slack.said_to(MALLORY)) == 1
        assert await asyncio.to_thread(inbox.waiting, stage.desk.app.sessions) == 0

    play(act)


def test_in_a_channel_nothing_of_an_account_is_said(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        ts = await stage.people.mentions(ALICE, BAKERY, "which invoices are open?")
        await stage.answered()
        said = [m for m in stage.slack.chats[BAKERY].messages if m.get("bot_id")]
        assert not any(secret in message["text"] for message in said for secret in SECRETS)
        assert all(message["thread_ts"] == ts for message in said)

    play(act)


def test_what_a_home_button_says_is_understood(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.people.opens_home(ALICE)
        await until(lambda: ALICE in stage.slack.homes)
        seen = {}
        for label in ("Overview of my account", "My invoices", "My domains", "My services", "My tickets"):
            before = len(stage.slack.said_to(ALICE))
            await stage.people.presses_home(ALICE, label)
            await stage.answered()
            seen[label] = " ".join(m["text"] for m in stage.slack.said_to(ALICE)[before:])
        assert all(text and "A person reads this" not in text for text in seen.values()), seen

    play(act)


def test_a_question_is_confirmed_with_its_button_and_pressed_twice_it_happens_once(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.says(ALICE, "renew bakery.example for 2 years")
        chat = stage.slack.dm(ALICE)
        await stage.people.presses(ALICE, "Yes, do it", chat)
        await stage.people.presses(ALICE, "Yes, do it", chat)
        await stage.answered()
        words = " ".join(message["text"] for message in stage.slack.said_to(ALICE))
        assert words.count("The renewal of bakery.example is ordered") == 1

    play(act)


def test_anothers_button_is_no_confirmation(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.says(ALICE, "renew bakery.example for 2 years")
        await stage.people.presses(MALLORY, "Yes, do it", stage.slack.dm(ALICE))
        await stage.answered()
        words = " ".join(m["text"] for user in (ALICE, MALLORY) for m in stage.slack.said_to(user))
        assert "is ordered\n" not in words

    play(act)


def test_staff_answer_from_their_mail_program_and_the_client_reads_it_in_slack(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.says(ALICE, "my website shows an error 500 since this morning")
        (mail,) = stage.desk.letters().all_to("sam")
        before = len(stage.slack.said_to(ALICE))
        await asyncio.to_thread(stage.desk.says, "sam", "It was the cache; it works again.", to=mail.reply_to)
        await stage.answered()
        assert "It was the cache" in " ".join(m["text"] for m in stage.slack.said_to(ALICE)[before:])

    play(act)


def test_a_person_who_left_slack_is_answered_by_mail(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.people.types(ALICE, "which domains do I have?")
        stage.slack.fails("chat.postMessage", "user_disabled")
        await stage.answered()
        mails = stage.desk.letters().all_to("alice")
        assert any("alice-cakes.example" in mail.text for mail in mails)

    play(act)


def test_a_button_does_what_its_words_say(play: Play) -> None:
    async def act(stage: House) -> None:
        await stage.links(ALICE, "alice@bakery.example")
        await stage.says(ALICE, "what is open on my account")
        before = len(stage.slack.said_to(ALICE))
        await stage.people.presses(ALICE, "Domains")
        await stage.answered()
        assert "bakery.example" in " ".join(m["text"] for m in stage.slack.said_to(ALICE)[before:])

    play(act)
