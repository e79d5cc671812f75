"""The door of Slack: what a person said is stored, then acknowledged; over a websocket or as signed HTTP requests.

Bolt acknowledges an event before its listener runs, and Slack repeats nothing that was acknowledged. So the storing
stands in a middleware, which all requests pass first. What is not for us is acknowledged there too: an event without
an answer comes four times.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import WSMessage
from aiohttp import web as http
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import i18n
from bot.channels.ports import Accept, Delivery, NotAccepted
from bot.channels.slack import arrivals, detailsform, forms, manifest, web
from bot.channels.slack.arrivals import Bot, Said
from bot.channels.slack.blocks import SAYS
from bot.channels.slack.home import HomeTab
from bot.channels.slack.manifest import NEW_TICKET, TICKET_FROM_MESSAGE
from bot.settings import Settings

log = logging.getLogger("helpdesk.slack")

PATH = "/slack/events"
PING_SECONDS = 3.0
"""A connection that broke without a word is noticed after four of them."""
AGAIN_SECONDS = 60.0
"""Between two tries to be let in."""
_UNAVAILABLE = 503
_SHORT_FRAME = 2048
"""Characters; what Slack says of the connection itself is a few hundred."""


class SlackListener:
    """Listens until cancelled; `started` is set while Slack can reach us, `port` is that of mode http."""

    def __init__(self, settings: Settings, *, again_seconds: float = AGAIN_SECONDS) -> None:
        self.started = asyncio.Event()
        self.port = 0
        self._settings = settings
        self._slack = settings.slack
        self._again = again_seconds
        self.gettext = i18n.translations(settings.desk.language).gettext
        self.home = HomeTab(settings.desk.name, settings.desk.language)

    async def listen(self, accept: Accept) -> None:
        """A workspace that does not let us in is asked again every minute; the rest of the desk does not suffer."""
        while True:
            bot = await self._sign_in()
            app = self._app(bot, accept)
            if self._slack.mode == "http":
                await self._serve(app)
            else:
                await self._connect(app)
            self.started.clear()
            await asyncio.sleep(self._again)

    async def _sign_in(self) -> Bot:
        client = web.client(self._slack, self._slack.bot_token)
        while True:
            try:
                told = await client.auth_test()
            except web.CALL_ERRORS as error:
                log.error("Slack does not let the desk in (%s); it tries again", web.trouble(error).reason)
                await asyncio.sleep(self._again)
                continue
            log.info("Slack: workspace %s, bot %s", told["team_id"], told["user_id"])
            if lacking := manifest.lacking(str(told.headers.get("x-oauth-scopes") or "")):
                log.error("Slack: the app lacks %s: add that and install it again", ", ".join(lacking))
            return Bot(told["team_id"], told["user_id"], told.get("bot_id") or "", told.get("user") or "")

    def _app(self, bot: Bot, accept: Accept) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            # Asked of Slack once, at the start: a request that comes while Slack can't be asked would be lost.
            return AuthorizeResult(
                enterprise_id=None,
                team_id=bot.team,
                bot_user_id=bot.user,
                bot_id=bot.bot_id,
                bot_token=self._slack.bot_token,
            )

        app = AsyncApp(
            name="helpdesk",
            client=web.client(self._slack),
            signing_secret=self._slack.signing_secret,
            authorize=authorize,
            request_verification_enabled=self._slack.mode == "http",
            logger=web.library_log(),
        )
        doorway = _Doorway(self._settings, bot, accept, self.gettext, self.home)
        app.middleware(doorway.receive)
        # An operator may have named the command otherwise, where ours is taken.
        app.command(re.compile(r"/\S+"))(doorway.command)
        app.shortcut(NEW_TICKET)(doorway.new_ticket)
        app.shortcut(TICKET_FROM_MESSAGE)(doorway.ticket_from_message)
        app.action(NEW_TICKET)(doorway.new_ticket)
        app.action(detailsform.DETAILS)(doorway.details)
        app.action(re.compile(f"{SAYS}:"))(doorway.reply)
        app.event("app_home_opened")(doorway.home)
        app.event("app_uninstalled")(doorway.removed)
        app.event("tokens_revoked")(doorway.removed)
        return app

    async def _connect(self, app: AsyncApp) -> None:
        """Returns when Slack has closed the app's way in for good."""
        try:
            # What the library would try every few seconds, with a traceback each time.
            await app.client.apps_connections_open(app_token=self._slack.app_token)
        except web.CALL_ERRORS as error:
            log.error("Slack: no websocket (%s); is slack.app_token right?", web.trouble(error).reason)
            return
        closed = asyncio.Event()
        handler = AsyncSocketModeHandler(
            app, self._slack.app_token, logger=web.library_log(), ping_interval=PING_SECONDS
        )

        async def watch(frame: WSMessage) -> None:
            # The library's own listeners are not told of "disconnect".
            told = json.loads(frame.data) if len(frame.data) < _SHORT_FRAME else {}
            if told.get("type") == "hello":
                self.started.set()
            if told.get("type") == "disconnect" and told.get("reason") == "link_disabled":
                log.error("Slack: Socket Mode was switched off for the app; nothing arrives until it is on again")
                closed.set()

        handler.client.on_message_listeners.append(watch)
        try:
            connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
            await self._until_lost(handler, closed)
        finally:
            connecting.cancel()
            with contextlib.suppress(Exception):
                await handler.close_async()  # type: ignore[no-untyped-call]

    async def _until_lost(self, handler: AsyncSocketModeHandler, closed: asyncio.Event) -> None:
        """The library mends a broken connection itself, and goes on trying every few seconds when that is in vain."""
        missed = 0
        while missed < 2:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closed.wait(), self._again)
                return
            missed = 0 if await handler.client.is_connected() else missed + 1
        log.error("Slack: the websocket did not come back; the desk signs in again")

    async def _serve(self, app: AsyncApp) -> None:
        """Raises OSError when the address is taken."""
        host, _, port = self._slack.listen.rpartition(":")
        runner = http.AppRunner(app.server(path=PATH).web_app, access_log=None)
        await runner.setup()
        try:
            await http.TCPSite(runner, host, int(port)).start()
            self.port = runner.addresses[0][1]
            self.started.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


class _Doorway:
    """What is done with a request that is proved to be Slack's."""

    def __init__(
        self, settings: Settings, bot: Bot, accept: Accept, gettext: Callable[[str], str], home: HomeTab
    ) -> None:
        self._settings = settings
        self._bot = bot
        self._accept = accept
        self.gettext = gettext
        self._home = home
        self._departments = [department.name for department in settings.departments]

    async def receive(self, req: AsyncBoltRequest, next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:  # noqa: A002
        """The middleware: stores what a person said. What has a listener goes on, all else ends here, acknowledged."""
        try:
            said = arrivals.said(req.body, self._bot, self._settings.slack.triage_channel)
        except (KeyError, TypeError, AttributeError):
            log.exception("Slack delivered what the desk does not know; it is not kept")
            return BoltResponse(status=200)
        if said is not None:
            try:
                await self._accept(self._delivery(said, req.body))
            except NotAccepted:
                return self._not_accepted(said, req.body)
        elif not _has_listener(req.body):
            return BoltResponse(status=200)
        if said is not None and said.kind != "command":
            return BoltResponse(status=200)
        return await next()

    def _delivery(self, said: Said, body: Mapping[str, Any]) -> Delivery:
        """One lane for each person: what they say is walked in order, whatever room they say it in."""
        return Delivery(
            channel="slack",
            raw=arrivals.raw(body),
            recipients=(f"{self._bot.team}/{self._bot.user}",),
            mail_from=f"{self._bot.team}/{said.user}",
            details={
                "team": self._bot.team,
                "bot": self._bot.user,
                "triage": self._settings.slack.triage_channel,
                "kind": said.kind,
            },
            key=f"{self._bot.team} {said.key}",
        )

    def _not_accepted(self, said: Said, body: Mapping[str, Any]) -> BoltResponse:
        """Events come again by themselves; who wrote a command or a form is told, and keeps what they wrote."""
        sorry = self.gettext("This could not be taken down just now. Please try again in a minute.")
        if said.kind == "command":
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": sorry})
        if said.kind == "form":
            return BoltResponse(status=200, body={"response_action": "errors", "errors": {_last_field(body): sorry}})
        return BoltResponse(status=_UNAVAILABLE)

    async def command(self, ack: Callable[..., Awaitable[Any]]) -> None:
        await ack(self.gettext("One moment: the answer comes as a direct message from this app."))

    async def new_ticket(
        self, ack: Callable[..., Awaitable[Any]], body: Mapping[str, Any], client: AsyncWebClient
    ) -> None:
        await ack()
        await self._open(client, body, "")

    async def ticket_from_message(
        self, ack: Callable[..., Awaitable[Any]], body: Mapping[str, Any], client: AsyncWebClient
    ) -> None:
        await ack()
        await self._open(client, body, forms.quoted(body.get("message") or {}))

    async def reply(self, ack: Callable[..., Awaitable[Any]], body: Mapping[str, Any], client: AsyncWebClient) -> None:
        await ack()
        card = (body.get("message") or {}).get("blocks") or ()
        view = forms.reply(arrivals.pressed(body), card, self.gettext)
        await _quietly("the form could not be opened", client.views_open(trigger_id=body["trigger_id"], view=view))

    async def details(
        self, ack: Callable[..., Awaitable[Any]], body: Mapping[str, Any], client: AsyncWebClient
    ) -> None:
        await ack()
        view = detailsform.view(self.gettext)
        await _quietly("the form could not be opened", client.views_open(trigger_id=body["trigger_id"], view=view))

    async def removed(self, event: Mapping[str, Any]) -> None:
        log.error("Slack: %s. Nothing arrives and nothing is sent until the app is installed again", event.get("type"))

    async def _open(self, client: AsyncWebClient, body: Mapping[str, Any], text: str) -> None:
        view = forms.ticket(self._departments, self.gettext, text)
        await _quietly("the form could not be opened", client.views_open(trigger_id=body["trigger_id"], view=view))

    async def home(self, event: Mapping[str, Any], client: AsyncWebClient) -> None:
        if event.get("tab") == "home":
            await self._home.show(client, f"{self._bot.team}/{event['user']}")


def _has_listener(body: Mapping[str, Any]) -> bool:
    """Opening a form and showing the Home tab are our own doing; nothing of them has to be kept."""
    match body.get("type"):
        case "shortcut" | "message_action":
            return body.get("callback_id") in (NEW_TICKET, TICKET_FROM_MESSAGE)
        case "block_actions":
            openers = (NEW_TICKET, detailsform.DETAILS)
            opens = any(action.get("action_id") in openers for action in body.get("actions") or ())
            return opens or arrivals.wants_form(body)
        case "event_callback":
            return (body.get("event") or {}).get("type") in ("app_home_opened", "app_uninstalled", "tokens_revoked")
    return False


def _last_field(body: Mapping[str, Any]) -> str:
    """Of a form: an error is shown at a field that it has."""
    fields = [block for block in body["view"]["blocks"] if block.get("type") == "input"]
    return str(fields[-1]["block_id"]) if fields else forms.TEXT


async def _quietly(what: str, call: Awaitable[Any]) -> None:
    """What the person can simply ask for again is not worth an error of its own."""
    try:
        await call
    except web.CALL_ERRORS as error:
        log.warning("Slack: %s: %s", what, web.trouble(error).reason)
