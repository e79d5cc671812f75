"""Where a letter goes in Slack, and what our messages are called.

    <team>/<user>                      the person's direct message; the sender opens it
    <team>/<channel>/<thread ts>       an answer in a thread ("" as the ts: a message of its own)
    <team>/<channel>/#<number>/card    the message that stands for a ticket in the staff's channel, edited in place
    <team>/<channel>/#<number>         the thread below that message

The team is "-" where it is the app's own and nobody needs to know it.
A message is called `slack:<place>:<ts>`, so that the place an answer to it belongs can be read from its name.
"""

from __future__ import annotations

from dataclasses import dataclass

CARD = "/card"
"""How the place of a card ends."""


@dataclass(frozen=True, slots=True)
class Place:
    team: str
    chat: str
    thread: str = ""
    ticket: str = ""
    """The number of the ticket whose card, or the thread below it, this is."""
    card: bool = False

    @property
    def direct(self) -> bool:
        """Is `chat` a person (whose direct message has to be opened)?"""
        return self.chat.startswith(("U", "W"))

    def __str__(self) -> str:
        if self.direct:
            return f"{self.team}/{self.chat}"
        last = f"#{self.ticket}{CARD if self.card else ''}" if self.ticket else self.thread
        return f"{self.team}/{self.chat}/{last}"


def read(address: str) -> Place:
    """Raises ValueError when it is no place in Slack."""
    team, _, rest = address.partition("/")
    chat, _, last = rest.partition("/")
    if not team or not chat or chat[0] not in "UWCGD":
        raise ValueError(f"{address[:80]!r} is no place in Slack")
    if last.startswith("#"):
        return Place(team, chat, ticket=last[1:].removesuffix(CARD), card=last.endswith(CARD))
    return Place(team, chat, last)


def message_id(place: Place, ts: str) -> str:
    return f"slack:{place}:{ts}"
