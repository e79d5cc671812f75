"""Staff work tickets in their Telegram group: each comes there, an answer to the bot's message is a note or command."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot import app as desk_app
from bot import demo
from bot.channels import telegram
from bot.settings import Telegram
from tests import desk as desks
from tests.chat.telegram.kit import BOB, GROUP, played, until
from tests.chat.telegram.standin import TOKEN, FakeTelegram, Sent
from tests.chat.telegram.test_telegram_desk import Mailboxes, Talk

SAM = 2001
Work = Callable[[Callable[[Talk], Awaitable[None]]], None]


@pytest.fixture
def work(tmp_path: Path, sqlite_filled: Path) -> Work:
    """A desk whose staff have a group in Telegram; Alice has just written a mail to it."""

    def run(conversation: Callable[[Talk], Awaitable[None]]) -> None:
        shutil.copyfile(sqlite_filled, tmp_path / "desk.db")

        async def test(fake: FakeTelegram) -> None:
            own = Telegram(
                token=TOKEN, staff_group=str(GROUP), api_url=f"{fake.url}/bot", file_url=f"{fake.url}/file/bot"
            )
            staff = tuple(
                dataclasses.replace(one, telegram_id=str(SAM) if one.name == "Sam Lee" else "") for one in demo.STAFF
            )
            made = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", telegram=own, staff=staff)
            mailboxes, end, sender = Mailboxes(), asyncio.Event(), telegram.sender(made.app.settings)
            fake.chat(GROUP, "supergroup")
            roles = ("telegram", "worker", "sender")
            senders = {"email": mailboxes, "telegram": sender}
            serving = asyncio.create_task(desk_app.run(made.app, roles, until=end, senders=senders))
            try:
                mail = made.mail(
                    "alice",
                    "My site shows an error.",
                    to="support@desk.example",
                    subject="Site broken",
                    cc="",
                    reply_to=None,
                    headers={},
                    attach=(),
                )
                made.accepts(mail, ["support@desk.example"], mail_from="alice@bakery.example")
                made.app.arrived.set()
                await until(lambda: len(in_group(fake)) == 2, 10)
                await conversation(Talk(fake, made, mailboxes))
            finally:
                end.set()
                await serving
                await sender.close()
                made.app.engine.dispose()

        played(test)

    return run


def in_group(fake: FakeTelegram) -> list[Sent]:
    return [sent for sent in fake.sent if sent.chat == GROUP]


def answers(talk: Talk, text: str, user: int = SAM) -> None:
    """Somebody answers the newest message of the bot in the group."""
    sent = in_group(talk.fake)[-1]
    talk.fake.write(GROUP, text, user=user, reply_to_message=talk.fake.as_seen(sent))


def test_a_ticket_comes_into_the_group_with_what_was_said(work: Work) -> None:
    async def conversation(talk: Talk) -> None:
        card, entry = in_group(talk.fake)
        assert "Site broken" in card.text and "alice@bakery.example" in card.text and "Take" in card.buttons
        assert "My site shows an error." in entry.text

    work(conversation)


def test_an_answer_in_the_group_is_a_note_and_with_reply_it_goes_to_the_client(work: Work) -> None:
    async def conversation(talk: Talk) -> None:
        answers(talk, "She is angry.")
        await until(lambda: talk.desk.ticket()["messages"][-1]["kind"] == "note", 10)
        before = len(talk.mailboxes.to("alice@bakery.example"))
        answers(talk, "/reply It works again.\n/close")
        await until(lambda: len(talk.mailboxes.to("alice@bakery.example")) > before, 10)
        mail = talk.mailboxes.to("alice@bakery.example")[-1]
        assert "It works again." in mail and "angry" not in mail and "/close" not in mail
        assert talk.desk.ticket()["status"] == "Closed" and talk.desk.ticket()["assignee"] == "sam@desk.example"

    work(conversation)


def test_take_is_a_button_of_the_staff_alone(work: Work) -> None:
    async def conversation(talk: Talk) -> None:
        card = in_group(talk.fake)[0]
        talk.fake.press(card, "Take", user=BOB)
        await until(lambda: talk.desk.results()[-1] == "held", 10)
        assert talk.desk.ticket()["assignee"] is None
        talk.fake.press(card, "Take", user=SAM)
        await until(lambda: talk.desk.ticket()["assignee"] == "sam@desk.example", 10)

    work(conversation)


def test_what_staff_say_to_each_other_is_not_heard(work: Work) -> None:
    async def conversation(talk: Talk) -> None:
        talk.fake.write(GROUP, "lunch?", user=SAM)
        answers(talk, "She is angry.")
        await until(lambda: talk.desk.ticket()["messages"][-1]["text"] == "She is angry.", 10)
        assert len(talk.desk.tickets()) == 1 and len(talk.desk.ticket()["messages"]) == 2

    work(conversation)
