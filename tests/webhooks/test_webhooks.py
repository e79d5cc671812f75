"""Other systems hear of tickets: signed, once for each happening, again until they take it, in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bot.channels.webhooks import WebhookSender
from bot.loops import Posting
from bot.settings import SettingsError
from bot.settings.work import WebhookSettings
from core.models import Letter
from tests import desk as desks
from tests.desk import TestDesk

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Receiver:
    """Somebody's system; answers what it is told to, and keeps what it took."""

    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def take(self, request: web.Request) -> web.Response:
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:  # noqa: PLR2004
            self.taken.append((dict(request.headers), await request.read()))
        return web.Response(status=status, headers={"Location": "/elsewhere"} if 300 <= status < 400 else {})

    def read(self) -> list[dict[str, Any]]:
        """What came, each verified by the library that receivers use."""
        return [Webhook(SECRET).verify(body, headers) for headers, body in self.taken]


@dataclass
class Stage:
    desk: TestDesk
    receiver: Receiver
    posting: Posting

    async def says(self, *what: Any, **how: Any) -> Any:
        return await asyncio.to_thread(lambda: self.desk.says(*what, **how))

    async def sends(self) -> None:
        while await self.posting.send_due():
            pass


Play = Callable[..., None]


@pytest.fixture
def play(tmp_path: Path, sqlite_filled: Path) -> Play:
    def played(act: Callable[[Stage], Awaitable[None]], **own: Any) -> None:
        async def whole() -> None:
            receiver = Receiver()
            app = web.Application()
            app.router.add_post("/hook", receiver.take)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
            hook = WebhookSettings("crm", f"http://127.0.0.1:{port}/hook", SECRET, **own)
            desk = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", webhooks=(hook,))
            sender = WebhookSender((hook,))
            posting = Posting(desk.app.around, {"webhook": sender}, "test", desk.app.written, 100.0)
            try:
                async with asyncio.timeout(30):
                    await act(Stage(desk, receiver, posting))
            finally:
                await sender.close()
                await runner.cleanup()
                desk.app.engine.dispose()

        asyncio.run(whole())

    return played


def test_a_ticket_s_life_is_told_in_order_and_signed(play: Play) -> None:
    async def act(stage: Stage) -> None:
        mails = await stage.says("alice", "My site shows an error.", subject="Site broken")
        await stage.says("sam", "It works again.\n\n#close", reply_to=mails.to("sam"))
        await stage.sends()
        told = stage.receiver.read()
        names = [one["type"] for one in told]
        assert names[:2] == ["ticket.opened", "message.public"] and names[-1] == "ticket.status"
        assert "ticket.assigned" in names
        assert told[0]["data"]["ticket"]["subject"] == "Site broken" and told[0]["data"]["ticket"]["client"] == "1001"
        assert told[-1]["data"]["ticket"]["status"] == "Closed"
        assert "My site shows an error." not in json.dumps(told)

    play(act)


def test_texts_and_events_are_the_operator_s_choice(play: Play) -> None:
    async def act(stage: Stage) -> None:
        await stage.says("alice", "My site shows an error.", subject="Site broken")
        await stage.sends()
        (told,) = stage.receiver.read()
        assert told["type"] == "message.public" and told["data"]["message"]["text"] == "My site shows an error."
        assert told["data"]["message"]["by"] == "client"

    play(act, texts=True, events=("message.public",))


@pytest.mark.parametrize("status", [500, 404, 301])
def test_what_was_not_taken_comes_again_under_the_same_id(play: Play, status: int) -> None:
    async def act(stage: Stage) -> None:
        stage.receiver.answers = [status]
        await stage.says("alice", "My site shows an error.", subject="Site broken")
        await stage.sends()
        assert not stage.receiver.taken
        stage.desk.clock.advance(minutes=10)
        await stage.sends()
        ids = [headers["webhook-id"] for headers, _ in stage.receiver.taken]
        assert len(ids) == len(set(ids)) > 0

    play(act, events=("ticket.opened", "message.public"))


def test_a_receiver_that_is_gone_is_asked_no_more(play: Play) -> None:
    async def act(stage: Stage) -> None:
        stage.receiver.answers = [410]
        await stage.says("alice", "My site shows an error.", subject="Site broken")
        await stage.sends()
        with stage.desk.app.sessions() as session:
            states = session.scalars(select(Letter.state).where(Letter.channel == "webhook")).all()
        assert states == ["failed"]

    play(act, events=("ticket.opened",))


def test_a_mail_that_is_delivered_twice_is_told_once(play: Play) -> None:
    async def act(stage: Stage) -> None:
        desk = stage.desk
        own: dict[str, Any] = {"subject": "Site broken", "to": "support@desk.example", "cc": "", "reply_to": None}
        mail = desk.mail("alice", "My site shows an error.", headers={}, attach=(), **own)
        for _ in range(2):
            await asyncio.to_thread(desk.receives, mail, ["support@desk.example"], mail_from="alice@bakery.example")
        await stage.sends()
        assert [one["type"] for one in stage.receiver.read()] == ["ticket.opened"]

    play(act, events=("ticket.opened",))


def test_a_changed_body_or_another_secret_is_not_believed(play: Play) -> None:
    async def act(stage: Stage) -> None:
        await stage.says("alice", "My site shows an error.", subject="Site broken")
        await stage.sends()
        headers, body = stage.receiver.taken[0]
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body.replace(b"Site", b"Side"), headers)
        with pytest.raises(WebhookVerificationError):
            Webhook("whsec_" + "A" * 32).verify(body, headers)

    play(act)


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        (WebhookSettings("", "https://crm.example", SECRET), "name"),
        (WebhookSettings("crm", "crm.example", SECRET), "https://"),
        (WebhookSettings("crm", "https://crm.example", ""), "whsec_"),
        (WebhookSettings("crm", "https://crm.example", SECRET, ("ticket.exploded",)), "webhooks.events"),
    ],
)
def test_a_webhook_that_cannot_work_stops_the_start(
    tmp_path: Path, sqlite_filled: Path, hook: WebhookSettings, told: str
) -> None:
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    with pytest.raises(SettingsError, match=told):
        desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", webhooks=(hook,))
