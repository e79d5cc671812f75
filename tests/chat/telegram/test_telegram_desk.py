"""The whole desk behind the stand-in: door, worker and sender run, and Alice sits at her telephone."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import app as desk_app
from bot.channels import telegram
from bot.channels.ports import Outbound, SendError
from bot.settings import Telegram
from core.models import Arrival, Letter
from tests import desk as desks
from tests.chat.telegram.kit import ALICE, GROUP, played, until
from tests.chat.telegram.standin import TOKEN, FakeTelegram, Fault, Sent
from tests.desk import TestDesk


class Mailboxes:
    """A smarthost that takes everything."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    async def send(self, letters: Sequence[Outbound]) -> Sequence[SendError | None]:
        for letter in letters:
            self.mails.append((letter.recipient, letter.payload.decode("utf-8", "replace")))
        return [None] * len(letters)

    def to(self, address: str) -> list[str]:
        return [payload for recipient, payload in self.mails if recipient == address]


class Talk:
    """One account's chat with the desk."""

    def __init__(self, fake: FakeTelegram, desk: TestDesk, mailboxes: Mailboxes) -> None:
        self.fake = fake
        self.desk = desk
        self.mailboxes = mailboxes

    async def answer(self, act: Callable[[], object]) -> Sent:
        """What the bot sends because of it."""
        before = len(self.fake.sent)
        act()
        await until(lambda: len(self.fake.sent) > before, 10)
        return self.fake.sent[-1]

    async def says(self, text: str) -> Sent:
        return await self.answer(lambda: self.fake.write(ALICE, text))

    async def links(self) -> None:
        await self.says("/link alice@bakery.example")
        await until(lambda: self.mailboxes.to("alice@bakery.example"), 10)
        code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", self.mailboxes.to("alice@bakery.example")[-1])
        assert code is not None
        await self.says(code[0])


@pytest.fixture
def talking(tmp_path: Path, sqlite_filled: Path) -> Callable[[Callable[[Talk], Awaitable[None]]], None]:
    """Runs a conversation with a desk that is up."""

    def run(conversation: Callable[[Talk], Awaitable[None]]) -> None:
        shutil.copyfile(sqlite_filled, tmp_path / "desk.db")

        async def test(fake: FakeTelegram) -> None:
            own = Telegram(token=TOKEN, groups=True, api_url=f"{fake.url}/bot", file_url=f"{fake.url}/file/bot")
            made = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", telegram=own)
            mailboxes, end = Mailboxes(), asyncio.Event()
            sender = telegram.sender(made.app.settings)
            serving = asyncio.create_task(
                desk_app.run(
                    made.app,
                    ("telegram", "worker", "sender"),
                    until=end,
                    senders={"email": mailboxes, "telegram": sender},
                )
            )
            try:
                await conversation(Talk(fake, made, mailboxes))
            finally:
                # The poll that hangs is answered, so that nothing waits for it.
                end.set()
                await serving
                await sender.close()
                made.app.engine.dispose()

        played(test)

    return run


Talking = Callable[[Callable[[Talk], Awaitable[None]]], None]


def test_a_client_links_the_chat_and_is_answered_there(talking: Talking) -> None:
    async def conversation(talk: Talk) -> None:
        hello = await talk.says("/start")
        assert "how can we help?" in hello.text
        how = await talk.says("/domains")
        assert "bakery.example" not in how.text
        await talk.links()
        domains = await talk.says("/domains")
        assert "bakery.example" in domains.text
        everything = "\n".join(sent.text for sent in talk.fake.sent)
        assert not re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", everything), "a code stands in the chat"

    talking(conversation)


def test_a_change_is_confirmed_by_its_button_and_done_once(talking: Talking) -> None:
    async def conversation(talk: Talk) -> None:
        await talk.links()
        question = await talk.says("stop auto-renew of bakery.example")
        assert question.buttons, question.text
        yes = next(label for label, data in question.buttons.items() if data.endswith("|YES"))
        data = question.buttons[yes]
        done = await talk.answer(lambda: talk.fake.press(question, yes))
        assert done.text != question.text
        assert not question.keyboard and talk.fake.answered
        again = await talk.answer(lambda: talk.fake.forge_click(question, data))
        assert again.text != done.text

    talking(conversation)


def test_a_forged_button_gets_no_further_than_the_words(talking: Talking) -> None:
    async def conversation(talk: Talk) -> None:
        question = await talk.says("hello")
        told = await talk.answer(lambda: talk.fake.forge_click(question, f"{'a' * 32}|which domains do I have?"))
        assert "bakery.example" not in told.text

    talking(conversation)


def test_in_a_group_an_account_is_never_spoken_of(talking: Talking) -> None:
    async def conversation(talk: Talk) -> None:
        await talk.links()
        talk.fake.chat(GROUP)
        before = len(talk.fake.sent)
        talk.fake.write(GROUP, "@desk_bot which domains do I have?", user=ALICE)
        await until(lambda: any(sent.chat == ALICE for sent in talk.fake.sent[before:]), 10)
        await until(lambda: any(sent.chat == GROUP for sent in talk.fake.sent[before:]), 10)
        in_group = [sent.text for sent in talk.fake.sent if sent.chat == GROUP]
        in_private = [sent.text for sent in talk.fake.sent[before:] if sent.chat == ALICE]
        assert not any("bakery.example" in text for text in in_group)
        assert any("bakery.example" in text for text in in_private)

    talking(conversation)


def test_who_blocks_the_bot_is_answered_by_mail(talking: Talking) -> None:
    async def conversation(talk: Talk) -> None:
        await talk.links()
        mails = len(talk.mailboxes.to("alice@bakery.example"))
        talk.fake.chat(ALICE).trouble = "bot was blocked by the user"
        talk.fake.write(ALICE, "which domains do I have?")
        await until(lambda: len(talk.mailboxes.to("alice@bakery.example")) > mails, 10)
        assert any("bakery.example" in mail for mail in talk.mailboxes.to("alice@bakery.example")[mails:])

    talking(conversation)


def test_a_file_from_the_chat_is_on_the_ticket_that_staff_get(talking: Talking) -> None:
    async def conversation(talk: Talk) -> None:
        document = {**talk.fake.file(b"%PDF-1.7 a log"), "file_name": "error.pdf", "mime_type": "application/pdf"}
        talk.fake.message(ALICE, document=document, caption="my website shows an error, please look at this file")
        await until(lambda: talk.mailboxes.to("sam@desk.example"), 10)
        assert any("error.pdf" in mail for mail in talk.mailboxes.to("sam@desk.example"))

    talking(conversation)


def test_each_message_of_a_bad_hour_is_stored_once_and_answered(talking: Talking) -> None:
    """Updates twice, a connection cut, 502, 429: every line of Alice has one row, and all letters leave."""

    async def conversation(talk: Talk) -> None:
        fake = talk.fake
        for fault in (
            Fault("getUpdates", cut="after"),
            Fault("getUpdates", status=502),
            Fault("sendMessage", retry_after=1),
            Fault("sendMessage", status=502),
        ):
            fake.faults.append(fault)
        for number in range(5):
            fake.write(ALICE, f"help {number}" if number else "/help")
        twice = list(fake.pending)
        await until(lambda: not fake.pending, 15)
        fake.pending.extend(twice)
        fake._arrived.set()
        await until(lambda: not fake.pending, 15)

        def waiting() -> int:
            talk.desk.clock.advance(seconds=5)
            with talk.desk.app.sessions() as session:
                return len(session.scalars(select(Letter.id).where(Letter.state.in_(("new", "taken")))).all())

        def unwalked() -> int:
            with talk.desk.app.sessions() as session:
                return len(session.scalars(select(Arrival.id).where(Arrival.state != "done")).all())

        await until(lambda: not unwalked() and not waiting(), 20)
        with talk.desk.app.sessions() as session:
            assert len(session.scalars(select(Arrival.id)).all()) == 5
            letters = session.scalars(select(Letter).where(Letter.channel == "telegram")).all()
        assert len(letters) == len([sent for sent in fake.sent if sent.chat == ALICE])
        assert all(letter.state == "sent" for letter in letters)

    talking(conversation)
