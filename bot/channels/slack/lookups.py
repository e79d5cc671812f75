"""What the translator asks Slack for: the bytes of a file, who somebody is, which letter of ours began a thread.

The walk is plain synchronous code in a thread of its own, so each question is asked in a loop of its own, within a
time limit. A file is read from Slack's own hosts only: the token goes along.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import history, limits, web
from bot.channels.slack.composer import MARKER
from bot.settings import Slack

log = logging.getLogger("helpdesk.slack")

FILE_SECONDS = 30.0
ANSWER_SECONDS = 5
_NAMES = 10_000
_NAME_SECONDS, _UNKNOWN_SECONDS = 3600.0, 60.0
_HOSTS = (".slack.com", ".slack-files.com")
T = TypeVar("T")


class NotFetched(Exception):
    """What was asked for can't be had; `again` says that another try may bring it."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Lookups(Protocol):
    """What the translator does not find in what was delivered."""

    def file(self, file: Mapping[str, Any]) -> bytes:
        """The content of a file object of an event. Raises NotFetched."""

    def name(self, user: str) -> str:
        """What a person is called in the workspace; "" when Slack does not say."""

    def marker(self, channel: str, thread: str) -> str:
        """The reply token of our letter that began this thread; "" when it was not ours. Raises NotFetched."""


class SlackLookups:
    """Asks Slack; names are remembered for an hour."""

    def __init__(self, settings: Slack) -> None:
        self._settings = settings
        self._names: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def file(self, file: Mapping[str, Any]) -> bytes:
        if file.get("file_access") == "check_file_info":
            file = self._ask(lambda client: client.files_info(file=file["id"])).get("file") or file
        url, size = str(file.get("url_private_download") or file.get("url_private") or ""), file.get("size")
        if not self._is_slacks(url):
            raise NotFetched("it lies outside of Slack", again=False)
        if isinstance(size, int) and size > limits.FILE:
            raise NotFetched("it is too large", again=False)
        try:
            content, media_type = asyncio.run(self._read(url))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NotFetched(f"Slack did not give it: {type(error).__name__}", again=True) from error
        # Without the scope files:read, Slack answers 200 with the page that asks to sign in.
        page = media_type == "text/html" and str(file.get("mimetype")) != "text/html"
        if page or isinstance(size, int) and len(content) != size:
            raise NotFetched("Slack gave something else: does the app have the scope files:read?", again=False)
        return content

    def name(self, user: str) -> str:
        known = self._names.get(user)
        if known and known[0] > time.monotonic():
            return known[1]
        try:
            person = self._ask(lambda client: client.users_info(user=user)).get("user") or {}
        except NotFetched:
            self._keep(user, "", _UNKNOWN_SECONDS)
            return ""
        profile = person.get("profile") or {}
        name = str(profile.get("real_name") or profile.get("display_name") or person.get("real_name") or "")
        self._keep(user, name, _NAME_SECONDS if name else _UNKNOWN_SECONDS)
        return name

    def _keep(self, user: str, name: str, seconds: float) -> None:
        self._names[user] = (time.monotonic() + seconds, name)
        if len(self._names) > _NAMES:
            self._names.popitem(last=False)

    def marker(self, channel: str, thread: str) -> str:
        answer = self._ask(
            lambda client: client.conversations_replies(
                channel=channel, ts=thread, limit=1, inclusive=True, include_all_metadata=True
            )
        )
        first: Mapping[str, Any] = next(iter(answer.get("messages") or ()), {})
        return str(history.payload_of(first).get(MARKER, "")) if first.get("ts") == thread else ""

    def _ask(self, call: Callable[[AsyncWebClient], Awaitable[Any]]) -> Mapping[str, Any]:
        """The answer's data; of what Slack does not tell us, nothing. Raises NotFetched when it may tell later."""

        async def asked() -> Mapping[str, Any]:
            answer = await call(web.client(self._settings, self._settings.bot_token, timeout=ANSWER_SECONDS))
            return answer.data if isinstance(answer.data, dict) else {}

        try:
            return asyncio.run(asked())
        except web.CALL_ERRORS as error:
            trouble = web.trouble(error)
            if trouble.kind in ("unclear", "unreached", "ratelimited"):
                raise NotFetched(trouble.reason, again=True) from error
            log.warning("Slack: a question of the translator: %s", trouble.reason)
            return {}

    async def _read(self, url: str) -> tuple[bytes, str]:
        """Content and media type; at most one octet more than is taken. A redirect elsewhere goes without the token."""
        timeout = aiohttp.ClientTimeout(total=FILE_SECONDS)
        headers = {"Authorization": f"Bearer {self._settings.bot_token}"}
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url, headers=headers) as answer:
            answer.raise_for_status()
            content = bytearray()
            async for piece in answer.content.iter_chunked(65536):
                content += piece
                if len(content) > limits.FILE:
                    break
            return bytes(content), answer.content_type

    def _is_slacks(self, url: str) -> bool:
        """Slack's own, over TLS; or the place that stands for it in the configuration."""
        asked, own = urlsplit(url), urlsplit(self._settings.api_url)
        if (asked.scheme, asked.netloc) == (own.scheme, own.netloc):
            return True
        return asked.scheme == "https" and f".{asked.hostname or ''}".endswith(_HOSTS)
