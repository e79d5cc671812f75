"""Where a place is in Slack: the channel of a person's direct message, and the message that is a ticket's card.

Both are asked of Slack when they are first needed, and remembered.
"""

from __future__ import annotations

from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import history
from bot.channels.slack.place import Place

_REMEMBERED = 10_000


class Chats:
    def __init__(self) -> None:
        self._opened: OrderedDict[str, str] = OrderedDict()
        self._cards: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def channel(self, client: AsyncWebClient, place: Place) -> str:
        """The channel that is written to. Raises what calls raise."""
        if not place.direct:
            return place.chat
        if place.chat not in self._opened:
            answer = await client.conversations_open(users=place.chat)
            self._opened[place.chat] = str(answer["channel"]["id"])
            _forget(self._opened)
        return self._opened[place.chat]

    async def card(self, client: AsyncWebClient, channel: str, ticket: str) -> str:
        """The ts of a ticket's card; "" when there is none to be seen. Raises what calls raise."""
        if (channel, ticket) not in self._cards and (ts := await history.card(client, channel, ticket)):
            self.keep(channel, ticket, ts)
        return self._cards.get((channel, ticket), "")

    def keep(self, channel: str, ticket: str, ts: str) -> None:
        """`ts` "": the card is gone."""
        self._cards.pop((channel, ticket), None)
        if ts:
            self._cards[channel, ticket] = ts
            _forget(self._cards)


def _forget(known: OrderedDict[str, str] | OrderedDict[tuple[str, str], str]) -> None:
    """The oldest; what is asked for again is looked up again."""
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
