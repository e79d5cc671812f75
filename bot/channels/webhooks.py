"""Sends what core/webhooks.py wrote, signed as Standard Webhooks has it (webhook-id, -timestamp, -signature).

The id is the letter's, the same at each try, so that a receiver knows what it has seen. Whatever is not a 2xx is tried
again; 410 ends it. Redirects are not followed: the address is the operator's word, nobody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import aiohttp
from standardwebhooks.webhooks import Webhook

from bot.channels.ports import Outbound, SendError
from bot.settings.work import WebhookSettings

SECONDS = 10
GONE = 410


class WebhookSender:
    """The Sender of webhooks; a letter's recipient is the name of one."""

    def __init__(self, hooks: Sequence[WebhookSettings]) -> None:
        self._hooks = {hook.name: hook for hook in hooks}
        self._session: aiohttp.ClientSession | None = None

    async def send(self, letters: Sequence[Outbound]) -> Sequence[SendError | None]:
        """Receivers at the same time; the outbox hands over one letter for each."""
        return await asyncio.gather(*map(self._send, letters))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _send(self, letter: Outbound) -> SendError | None:
        hook = self._hooks.get(letter.recipient)
        if hook is None:
            return SendError("there is no webhook of this name any more", permanent=True)
        try:
            async with self._client().post(
                hook.url, data=letter.payload, headers=_headers(hook, letter), allow_redirects=False
            ) as answer:
                if answer.ok and answer.status < 300:  # noqa: PLR2004
                    return None
                return SendError(f"{hook.name}: HTTP {answer.status}", permanent=answer.status == GONE)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return SendError(f"{hook.name}: {type(error).__name__}", permanent=False)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return self._session


def _headers(hook: WebhookSettings, letter: Outbound) -> dict[str, str]:
    id_, now = f"msg_{letter.id}", datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(hook.secret).sign(id_, now, letter.payload.decode()),
    }
