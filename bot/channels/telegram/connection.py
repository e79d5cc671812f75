"""The connections to Telegram: where it is, how long it may take, and nothing of the token in any log."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.settings import Telegram

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
UPLOAD_SECONDS = 120.0
POLL_SECONDS = 30


def pool(connections: int = 4) -> HTTPXRequest:
    # httpx writes each address into the log at INFO, and the token is a part of it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # It writes what is no JSON, a proxy's page, into the log with a traceback, and raises it as well.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        media_write_timeout=UPLOAD_SECONDS,
        pool_timeout=ANSWER_SECONDS,
    )


def bot_of(settings: Telegram, request: HTTPXRequest, updates: HTTPXRequest | None = None) -> Bot:
    """`updates` is the connection that the long poll keeps for itself. Raises InvalidToken for an empty token."""
    return Bot(
        settings.token,
        base_url=settings.api_url,
        base_file_url=settings.file_url,
        request=request,
        get_updates_request=updates or request,
    )
