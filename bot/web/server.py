"""The HTTP door (aiohttp): one-time pages, and a word for whoever watches whether the desk is up.

It expects a reverse proxy with TLS in front. Pages load nothing, may not be framed, cached or indexed, and tell no
other site where the visitor came from.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.settings import Web
from bot.web import opening, voting
from bot.web.opening import Gone
from bot.web.pages import Pages
from core.errors import Rejected, Unavailable, Unsupported
from core.surroundings import Surroundings

log = logging.getLogger("helpdesk.web")

MAX_BODY = 16_384
"""Bytes of a form: a comment of 500 characters in any script, escaped."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class WebDoor:
    """Serves until its task is cancelled; `started` is set once it listens, `port` is then known."""

    around: Surroundings
    settings: Web
    started: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def serve(self) -> None:
        """Raises OSError when the address is taken."""
        host, _, port = self.settings.listen.rpartition(":")
        runner = web.AppRunner(self._application(), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, int(port))
            await site.start()
            self.port = runner.addresses[0][1]
            self.started.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_BODY, middlewares=[_careful])
        visits = _Visits(self.around, Pages(self.around.desk))
        application.router.add_get("/healthz", _healthy)
        application.router.add_get("/once/{secret}", visits.show)
        application.router.add_post("/once/{secret}", visits.press)
        return application


@dataclass(frozen=True, slots=True)
class _Visits:
    around: Surroundings
    pages: Pages

    async def show(self, request: web.Request) -> web.Response:
        """A visit, by a person or a scanner: nothing happens."""
        try:
            found = await asyncio.to_thread(opening.look, self.around, request.match_info["secret"])
        except Gone:
            return self._gone()
        return _html(self.pages.rating(found) if found.kind == voting.KIND else self.pages.button(found))

    async def press(self, request: web.Request) -> web.StreamResponse:
        secret = request.match_info["secret"]
        form = await request.post()
        entered, again = str(form.get("password", "")), str(form.get("again", ""))
        try:
            found = await asyncio.to_thread(opening.look, self.around, secret)
            if found.kind == voting.KIND:
                return await self._vote(found, secret, str(form.get("score", "")), str(form.get("comment", "")))
            if found.kind == "password" and entered != again:
                return _html(self.pages.button(found, problem="different"), status=422)
            opened = await asyncio.to_thread(opening.press, self.around, secret, entered)
        except Gone:
            return self._gone()
        except Rejected as rejected:
            return _html(self.pages.button(found, problem=str(rejected)), status=422)
        except (Unavailable, Unsupported) as reason:
            log.warning("a page could not be opened: %s", type(reason).__name__)
            return _html(self.pages.trouble(found.language), status=503)
        if opened.go_to:
            raise web.HTTPSeeOther(opened.go_to)
        return _html(self.pages.opened(found, opened))

    async def _vote(self, found: opening.Found, secret: str, score: str, comment: str) -> web.Response:
        """Raises Gone and Unavailable. What presses no button, says nothing."""
        if score not in voting.SCORES:
            return _html(self.pages.rating(found), status=422)
        result = await asyncio.to_thread(voting.vote, self.around, secret, voting.SCORES[score], comment)
        return _html(self.pages.rated(found, result, bad=score == "bad"))

    def _gone(self) -> web.Response:
        return _html(self.pages.gone(self.around.desk.language), status=410)


@web.middleware
async def _careful(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """The headers on every answer; an error of ours is a plain sentence, its cause is in the log."""
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        answer.headers.update(_HEADERS)
        raise
    except Exception:
        log.exception("a page failed")
        response = web.Response(status=500, text="Something went wrong here. Please try again in a few minutes.\n")
    response.headers.update(_HEADERS)
    return response


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _html(page: str, *, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html")
