"""The whole desk with all its chats: Slack's and Telegram's stand-ins behind real sockets, a terminal beside them.

Doors, inbox, walk, outbox and senders are the desk's own. A test plays the worker and the clock: what is accepted is
walked when it says so, and `passes` moves the time of the desk, of its senders and of the stand-ins together.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.channels import terminal
from bot.channels.ports import Delivery, Sender
from bot.channels.slack.door import SlackListener
from bot.channels.slack.pace import Pace as SlackPace
from bot.channels.slack.sender import SlackSender
from bot.channels.telegram.door import TelegramDoor
from bot.channels.telegram.sender import TelegramSender
from bot.intake import Intake, received
from bot.loops import Posting
from core import chatlinks, inbox
from core.messages import Address
from tests import desk as desks
from tests.chat.slack.people import People
from tests.chat.slack.running import settings_for, workspace
from tests.chat.slack.standin import Slack
from tests.chat.telegram import kit as telegrams
from tests.chat.telegram.standin import FakeTelegram
from tests.desk import TestDesk


@dataclass
class Whole:
    desk: TestDesk
    slack: Slack
    telegram: FakeTelegram
    people: People
    intake: Intake
    posting: Posting
    door: asyncio.Task[None] | None = None
    """Telegram's."""

    def clock(self) -> float:
        """Seconds, as the senders count them: the desk's own time."""
        return self.desk.clock().timestamp()

    def passes(self, seconds: float) -> None:
        self.desk.clock.advance(seconds=seconds)

    def new_senders(self) -> dict[str, Sender]:
        """As a process that starts has them: they remember nothing."""
        settings = self.desk.app.settings

        async def pause(seconds: float) -> None:
            self.passes(seconds)
            await asyncio.sleep(0)

        return {
            "slack": SlackSender(settings.slack, pace=SlackPace(0.0, 1), clock=self.clock),
            "telegram": TelegramSender(settings.telegram, clock=self.clock, sleep=pause),
        }

    async def starts_telegram(self) -> None:
        """The door: as it is opened, or as it comes back after its process was killed."""
        await self.stops_telegram()
        door = TelegramDoor(self.desk.app.settings.telegram, "secret-token", None, replace(telegrams.QUICK, token=0.02))
        self.door = asyncio.create_task(door.listen(self.intake.accept))

    async def stops_telegram(self) -> None:
        if self.door is not None:
            self.door.cancel()
            await asyncio.gather(self.door, return_exceptions=True)

    async def types(self, mailbox: str, name: str, text: str, key: str) -> None:
        """A line at a terminal."""
        await self.takes(terminal.delivery(mailbox, name, text, key))

    async def takes(self, delivery: Delivery) -> None:
        with self.desk.app.sessions() as session:
            inbox.accept(session, [received(delivery)], self.desk.clock())
            session.commit()

    async def walks(self) -> None:
        await asyncio.to_thread(self.desk.walks)

    async def sends(self) -> None:
        """Until nothing is due now."""
        while await self.posting.send_due():
            pass

    async def close_senders(self) -> None:
        for sender in self.posting.senders.values():
            await sender.close()  # type: ignore[attr-defined]


@contextlib.asynccontextmanager
async def whole(folder: Path, template: Path) -> AsyncIterator[Whole]:
    slack = workspace()
    async with slack.running(), FakeTelegram().serving() as fake:
        shutil.copyfile(template, folder / "desk.db")
        desk = desks.make(
            folder,
            f"sqlite:///{folder / 'desk.db'}",
            slack=settings_for(slack).slack,
            telegram=telegrams.settings(fake).telegram,
        )
        intake = desk.app.intake()
        intake.start()
        posting = Posting(desk.app.around, {}, desk.app.name, desk.app.written, 24.0)
        stage = Whole(desk, slack, fake, People(slack), intake, posting)
        posting.senders = stage.new_senders()
        fake.clock, slack.seconds_per_message = stage.clock, 0.0
        listener = SlackListener(desk.app.settings, again_seconds=0.2)
        listening = asyncio.create_task(listener.listen(intake.accept))
        await asyncio.gather(listener.started.wait(), stage.starts_telegram())
        try:
            yield stage
        finally:
            listening.cancel()
            await stage.stops_telegram()
            await asyncio.gather(listening, return_exceptions=True)
            await stage.close_senders()
            await asyncio.to_thread(intake.stop)
            desk.app.engine.dispose()
    assert not slack.problems, slack.problems


def link(desk: TestDesk, chat: Address, mailbox: str) -> None:
    """This chat has spoken for whoever has that address on file for a month."""
    now = desk.clock()
    with desk.app.sessions() as session:
        for holder in desk.app.around.billing.holders(mailbox):
            chatlinks.link_to(session, chat, holder, now - timedelta(days=30)).used_at = now
        session.commit()
