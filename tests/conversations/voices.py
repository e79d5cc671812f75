"""How the cast speaks in each channel: at a terminal, in Slack and in Telegram.

Each `Voice` brings what somebody says the way that its channel brings it (what the platform delivers, its translator,
the walk, its composer, its sender), and hands back what the person then has before them. The platforms are the strict
stand-ins of tests/chat, which refuse what the platforms refuse.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from bot.app import App
from bot.channels import telegram
from bot.channels.ports import Delivery
from bot.channels.slack import typed
from bot.channels.telegram.translator import TelegramTranslator
from bot.intake import received
from bot.loops import Posting
from bot.talk import Talk
from core import inbox
from core.messages import Address
from tests import desk as desks
from tests.chat.slack.near import NearLookups, NearSlack
from tests.chat.slack.near import near_sender as slack_sender
from tests.chat.slack.people import People
from tests.chat.slack.running import BAKERY, settings_for, until, workspace
from tests.chat.slack.standin import TEAM, Slack
from tests.chat.slack.standin import Chat as Room
from tests.chat.telegram import kit as telegrams
from tests.chat.telegram.near import NearDoor
from tests.chat.telegram.near import near_sender as telegram_sender
from tests.chat.telegram.standin import FakeTelegram, Sent
from tests.chat.whole import link, whole
from tests.desk import CAST, TestDesk

CHANNELS = ("terminal", "slack", "telegram")
WORD_JOINER = "\u2060"
"""Nobody sees it; it keeps Telegram from taking a part of an address for somebody's name."""

LINKED = ("alice", "bob", "victor")
"""Whose chats speak for them, for a month; the others are strangers in a chat, whoever they are by mail."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person has before them because of what they said: words, labels of buttons, names of files."""

    text: str
    files: tuple[str, ...] = ()
    handed_over: str = ""
    """All that the platform was given for it, what nobody sees included."""


class Voice(Protocol):
    channel: str

    def says(self, who: str, text: str, *, answers: bool) -> Shown:
        """Somebody of the cast says this, or answers the last message with it."""

    def nothing_was_refused(self) -> None:
        """Raises AssertionError when the platform refused what it was given."""


@dataclass(slots=True)
class AtATerminal:
    app: App
    channel: str = "terminal"

    def says(self, who: str, text: str, *, answers: bool) -> Shown:
        name, address = CAST[who]
        shown = Talk(self.app, address, name).says(text)
        files = tuple(name for one in shown for name in one.files)
        words = "\n".join(f"{one.title}\n{one.text}" for one in shown)
        return Shown(words, files, json.dumps([(one.title, one.text) for one in shown], ensure_ascii=False))

    def nothing_was_refused(self) -> None:
        pass


@dataclass(slots=True)
class InSlack:
    """What is answered is a button of the last message where it has one of these words, else the message's thread."""

    desk: TestDesk
    slack: Slack
    posting: Posting
    runner: asyncio.Runner
    channel: str = "slack"

    def user(self, who: str) -> str:
        return self.slack.person(f"U0{who.upper()}", CAST[who][0])

    def says(self, who: str, text: str, *, answers: bool) -> Shown:
        user = self.user(who)
        before = len(self.slack.dm(user).messages)
        self.runner.run(self._say(user, text, answers))
        _answered(self.runner, self.desk, self.posting)
        return self._shown(self.slack.dm(user), before)

    def says_in_a_channel(self, who: str, text: str) -> Shown:
        """To the app, where others read it; what stands in that channel because of it."""
        user, channel = self.user(who), self.slack.chats[BAKERY]
        before = len(channel.messages)
        self.runner.run(People(self.slack).mentions(user, BAKERY, _escaped(text)))
        _answered(self.runner, self.desk, self.posting)
        return self._shown(channel, before)

    async def _say(self, user: str, text: str, answers: bool) -> None:
        last = next(iter(self.slack.said_to(user)[::-1]), None) if answers else None
        label = next((label for label, says in _slack_buttons(last or {}) if says.lower() == text.lower()), "")
        if label:
            await People(self.slack).presses(user, label)
        else:
            thread = str(last.get("thread_ts") or last["ts"]) if last else ""
            await People(self.slack).types(user, _escaped(text), thread=thread)

    def _shown(self, chat: Room, before: int) -> Shown:
        said = [message for message in chat.messages[before:] if message.get("bot_id")]
        words = [message["text"] for message in said] + [says for one in said for _, says in _slack_buttons(one)]
        files = tuple(file["name"] for message in said for file in message.get("files", ()))
        return Shown("\n".join(map(_read, words)), files, json.dumps(said, ensure_ascii=False))

    def nothing_was_refused(self) -> None:
        assert not self.slack.problems, self.slack.problems


@dataclass(slots=True)
class InTelegram:
    """What is answered is a button of the last message where it has one of these words, else a reply to it."""

    desk: TestDesk
    fake: FakeTelegram
    posting: Posting
    runner: asyncio.Runner
    hears: Callable[[], Awaitable[None]]
    """Returns when the door has stored all that was said."""
    channel: str = "telegram"

    def chat(self, who: str) -> int:
        return 1001 + list(CAST).index(who)

    def says(self, who: str, text: str, *, answers: bool) -> Shown:
        before = len(self.fake.sent)
        self._say(self.chat(who), text, answers)
        self.runner.run(self.hears())  # type: ignore[arg-type]
        _answered(self.runner, self.desk, self.posting)
        sent = [one for one in self.fake.sent[before:] if one.chat == self.chat(who)]
        words = "\n".join([one.text for one in sent] + [data.partition("|")[2] for data in _data(sent)])
        words = words.replace(WORD_JOINER, "")
        files = tuple(one.filename for one in sent if one.filename)
        return Shown(words, files, json.dumps([[one.text, *_data([one])] for one in sent], ensure_ascii=False))

    def _say(self, chat: int, text: str, answers: bool) -> None:
        mine = [one for one in self.fake.sent if one.chat == chat]
        last = mine[-1] if answers and mine else None
        fitting = [data for data in _data([last] if last else []) if data.partition("|")[2].lower() == text.lower()]
        if last is not None and fitting:
            self.fake.forge_click(last, fitting[0])
        elif last is not None:
            self.fake.write(chat, text, reply_to_message=_replied(last))
        else:
            self.fake.write(chat, text)

    def nothing_was_refused(self) -> None:
        assert not self.fake.refusals, self.fake.refusals


def made(folder: Path, template: Path) -> TestDesk:
    """A desk that has all channels, and whose clients' chats have been linked for a month."""
    database = folder / "chats.db"
    database.write_bytes(template.read_bytes())
    slack = settings_for(NearSlack()).slack
    own = telegrams.settings(FakeTelegram()).telegram
    desk = desks.make(folder, f"sqlite:///{database}", slack=slack, telegram=own)
    translator = telegram.translator(desk.app.settings, telegrams.NoFiles())
    assert isinstance(translator, TelegramTranslator)
    desk.app.around.translators["telegram"] = translator  # type: ignore[index]
    return desk


@contextlib.contextmanager
def in_channel(desk: TestDesk, channel: str) -> Iterator[Voice]:
    """Without a wire between the desk and the platform."""
    with asyncio.Runner() as runner:
        if channel == "terminal":
            yield AtATerminal(desk.app)
        elif channel == "slack":
            near = NearSlack()
            workspace(near)
            near.opens(desk.app.settings, _accept(desk))
            translator: Any = desk.app.around.translators["slack"]
            desk.app.around.translators["slack"] = replace(translator, lookups=NearLookups(near))  # type: ignore[index]
            posting = _posting(desk, "slack", slack_sender(near, desk.app.settings))
            yield _linked(InSlack(desk, near, posting, runner))
        else:
            fake = FakeTelegram()
            door = NearDoor(fake, _accept(desk), desk.app.settings)
            posting = _posting(desk, "telegram", telegram_sender(fake, desk.app.settings))
            yield _linked(InTelegram(desk, fake, posting, runner, door.takes))


@contextlib.contextmanager
def on_the_wire(channel: str, folder: Path, template: Path) -> Iterator[tuple[TestDesk, Voice]]:
    """The same over sockets, with the desk's own doors: slower, and nothing is left out."""
    with asyncio.Runner() as runner:
        context = whole(folder, template)
        stage = runner.run(context.__aenter__())  # type: ignore[arg-type]

        async def hears() -> None:
            await until(lambda: not stage.telegram.pending)

        voice: InSlack | InTelegram = InSlack(stage.desk, stage.slack, stage.posting, runner)
        if channel == "telegram":
            voice = InTelegram(stage.desk, stage.telegram, stage.posting, runner, hears)
        try:
            yield stage.desk, _linked(voice)
        finally:
            runner.run(context.__aexit__(None, None, None))  # type: ignore[arg-type]


def _linked(voice: InSlack | InTelegram) -> Voice:
    for who in LINKED:
        name, address = CAST[who]
        account = f"{TEAM}/{voice.user(who)}" if isinstance(voice, InSlack) else str(voice.chat(who))
        link(voice.desk, Address(voice.channel, account, name), address)
    return voice


def _accept(desk: TestDesk) -> Any:
    async def accept(delivery: Delivery) -> None:
        with desk.app.sessions() as session:
            inbox.accept(session, [received(delivery)], desk.clock())
            session.commit()

    return accept


def _posting(desk: TestDesk, channel: str, sender: Any) -> Posting:
    return Posting(desk.app.around, {channel: sender}, "host/1/sender", threading.Event(), 24.0)


def _answered(runner: asyncio.Runner, desk: TestDesk, posting: Posting) -> None:
    runner.run(asyncio.to_thread(desk.walks))  # The platform has to answer what the walk asks of it.
    while runner.run(posting.send_due()):
        pass


def _slack_buttons(message: dict[str, Any]) -> list[tuple[str, str]]:
    elements = [one for block in message.get("blocks", ()) for one in block.get("elements", ())]
    buttons = [one for one in elements if one.get("type") == "button"]
    return [(one["text"]["text"], str(one.get("value", "")).partition("|")[2]) for one in buttons]


def _data(sent: list[Sent]) -> list[str]:
    return [button["callback_data"] for one in sent for row in one.keyboard for button in row]


def _replied(sent: Sent) -> dict[str, Any]:
    markup = {"reply_markup": {"inline_keyboard": sent.keyboard}} if sent.keyboard else {}
    return {"message_id": sent.id, "from": {"id": 123456, "is_bot": True}, "text": sent.text, **markup}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _read(markup: str) -> str:
    """As it stands on the screen."""
    return typed.plain(markup.replace("*", ""))
