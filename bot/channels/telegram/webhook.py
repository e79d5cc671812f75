"""The webhook: Telegram brings each update to our address, and "200" means that it is stored.

Behind a reverse proxy with TLS. Who does not show the secret token learns nothing and changes nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.ports import NotAccepted
from bot.channels.telegram.events import Json

log = logging.getLogger("helpdesk.telegram")

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
MAX_BODY = 1 << 20
RETRY_SECONDS = 10


def secret_of(desk_secret: str, token: str) -> str:
    """The secret token where none is configured: the same in every process of a desk."""
    return hmac.new(desk_secret.encode(), f"telegram webhook {token}".encode(), "sha256").hexdigest()


@dataclass(slots=True)
class Webhook:
    """Serves until cancelled; `started` is set once it listens, `port` is then known."""

    listen: str
    url: str
    secret: str
    take: Callable[[Json, bytes], Awaitable[None]]
    started: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def serve(self) -> None:
        """Raises OSError when the address is taken."""
        host, _, port = self.listen.rpartition(":")
        application = web.Application(client_max_size=MAX_BODY)
        application.router.add_post(urlsplit(self.url).path or "/", self._hear)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, int(port)).start()
            self.port = runner.addresses[0][1]
            self.started.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self.secret.encode()):
            return web.Response(status=403)
        raw = await request.read()
        try:
            update = json.loads(raw)
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        try:
            await self.take(update, raw)
        except NotAccepted:
            return web.Response(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
        return web.Response(status=200)
