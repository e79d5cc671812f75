"""The one way our code calls Slack, and what its refusals mean for a letter.

slack-sdk repeats a call of its own accord when the connection breaks, `chat.postMessage` as well, and then posts it
twice: it is told to repeat nothing. What to do about a broken call is the outbox's to decide.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import limits
from bot.settings import Slack

TIMEOUT = 20
_LIBRARY = logging.getLogger("helpdesk.slack.library")
# At DEBUG it writes whole messages; it compares its level by itself, so that "not set" would count as less than DEBUG.
_LIBRARY.setLevel(logging.WARNING)


def client(
    settings: Slack, token: str | None = None, session: aiohttp.ClientSession | None = None, timeout: int = TIMEOUT
) -> AsyncWebClient:
    """`token` None: without one, for Bolt, which is told whose request it has in hand."""
    return AsyncWebClient(
        token=token, base_url=settings.api_url, timeout=timeout, session=session, retry_handlers=[], logger=_LIBRARY
    )


def library_log() -> logging.Logger:
    return _LIBRARY


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call came to nothing.

    `kind`: ratelimited, gone, stopped, ours, lost, scope, unclear, unreached or other.
    """

    kind: str
    reason: str
    after: float | None = None
    """Seconds that Slack wants to be left alone."""

    @property
    def unclear(self) -> bool:
        """It may have happened all the same."""
        return self.kind == "unclear"


class Failed(Exception):
    """A letter could not be written."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.reason)
        self.trouble = trouble


CALL_ERRORS = (SlackApiError, SlackRequestError, aiohttp.ClientError, TimeoutError, OSError)
"""What a call may raise."""


def trouble(error: Exception) -> Trouble:
    if isinstance(error, SlackApiError):
        return _refused(error)
    name = type(error).__name__
    if isinstance(error, (aiohttp.ClientConnectorError, SlackRequestError)):
        return Trouble("unreached", f"Slack was not reached: {name}")
    return Trouble("unclear", f"the connection to Slack broke: {name}")


def _refused(error: SlackApiError) -> Trouble:
    answer = _answer(error)
    name = str(answer.get("error") or "")
    status = int(getattr(error.response, "status_code", None) or getattr(error.response, "status", 0) or 0)
    if name == "ratelimited" or status == 429:
        return Trouble("ratelimited", "Slack asks to wait", _retry_after(error))
    if not name or status >= 500 or name in limits.UNCLEAR:
        return Trouble("unclear", f"Slack failed: {name or f'HTTP {status}'}")
    if name == "missing_scope":
        return Trouble("scope", f"the app lacks the scope {answer.get('needed')}: add it and install the app again")
    for kind, names in (
        ("gone", limits.GONE),
        ("stopped", limits.STOPPED),
        ("ours", limits.OURS),
        ("lost", limits.LOST),
    ):
        if name in names:
            return Trouble(kind, f"Slack: {name}")
    return Trouble("other", f"Slack: {name}")


def _answer(error: SlackApiError) -> Mapping[str, Any]:
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(float(headers.get("Retry-After", 30)), 1.0)
    except ValueError:
        return 30.0
