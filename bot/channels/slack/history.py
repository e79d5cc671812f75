"""What of ours already stands in a chat: looked up by the mark that our messages carry."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

EVENT_TYPE = "helpdesk_outbox"
TICKET = "ticket"
"""Of the metadata of a card: the ticket's number."""
_PAGES = 5
_PAGE = 100
_EARLIER_SECONDS = 60.0
"""Slack's clock and ours may differ."""

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a letter, and the files, that are there."""

    parts: frozenset[int] = frozenset()
    files: frozenset[str] = frozenset()

    def has(self, number: int, call: Mapping[str, Any]) -> bool:
        """A file has no mark; it is known by its name, after a message of the same letter."""
        return number in self.parts or (bool(self.parts) and call["arguments"].get("filename") in self.files)


def payload_of(message: Message) -> Mapping[str, Any]:
    """What our own metadata of a message says; empty for anybody else's."""
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload") or {} if metadata.get("event_type") == EVENT_TYPE else {}


async def said(client: AsyncWebClient, chat: str, thread: str, letter_id: int, age: float) -> Said:
    """Looks through what was said since the letter was made, at most 500 messages. Raises what calls raise."""
    oldest = f"{time.time() - age - _EARLIER_SECONDS:.6f}"
    found = [message async for message in _messages(client, chat, thread, oldest)]
    mine = [message for message in found if payload_of(message).get("id") == str(letter_id)]
    first = min((float(message["ts"]) for message in mine), default=time.time())
    after = [message for message in found if float(message["ts"]) >= first]
    return Said(frozenset(int(payload_of(message)["part"]) for message in mine), frozenset(_files(after)))


async def card(client: AsyncWebClient, chat: str, ticket: str) -> str:
    """The ts of the newest card of a ticket among the last 500 messages, or "". Raises what calls raise."""
    async for message in _messages(client, chat, "", "0"):
        if payload_of(message).get(TICKET) == ticket:
            return str(message["ts"])
    return ""


async def _messages(client: AsyncWebClient, chat: str, thread: str, oldest: str) -> AsyncIterator[Message]:
    cursor: str | None = None
    for _ in range(_PAGES):
        page = await _page(client, chat, thread, oldest, cursor)
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


async def _page(client: AsyncWebClient, chat: str, thread: str, oldest: str, cursor: str | None) -> Any:
    options: dict[str, Any] = {"oldest": oldest, "limit": _PAGE, "include_all_metadata": True, "cursor": cursor}
    if thread:
        return await client.conversations_replies(channel=chat, ts=thread, **options)
    return await client.conversations_history(channel=chat, **options)


def _files(messages: Iterable[Message]) -> Iterable[str]:
    for message in messages:
        if message.get("bot_id"):
            yield from (str(file.get("name")) for file in message.get("files") or ())
