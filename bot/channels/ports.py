"""What a channel is: something that listens, something that sends, and the one accept path behind all doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a door was handed: the bytes as they came, and their envelope.

    `recipients` are addresses of ours (each becomes one arrival). `mail_from` is the envelope's sender: "" is the null
    sender, None means that the way it came has no envelope (a mailbox). It proves nothing by itself. `details` is what
    the walk may want to know of the way it came (peer, helo, auth_user, tls, folder, uid…), JSON values only.
    """

    channel: str
    raw: bytes
    recipients: tuple[str, ...]
    mail_from: str | None = None
    """Of a chat: its key; what is said in one chat is walked in order."""
    details: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    """The platform's own id of it, unique within the channel; a redelivery is known by it instead of by its bytes."""


class NotAccepted(Exception):
    """The database could not commit (or the desk is full): nothing is stored, the peer shall try again later."""


class Accept(Protocol):
    async def __call__(self, delivery: Delivery) -> None:
        """Returns when the message is committed to disk; raises NotAccepted when it is not.

        A redelivery of what is already stored returns as if it were new. Safe to cancel: what was committed stays.
        """


class Listener(Protocol):
    async def listen(self, accept: Accept) -> None:
        """Runs until cancelled; acknowledges to the peer only after `accept` returned."""


class SendError(Exception):
    """The message did not go out; `permanent` says that trying again can't help.

    `after` is how many seconds the peer asked us to wait. `gone`: the chat can't be written to any more (blocked,
    deactivated, kicked, archived), so that the same has to go by mail; that is permanent.
    """

    def __init__(self, reason: str, *, permanent: bool, after: float | None = None, gone: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent or gone
        self.after = after
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Outbound:
    """One letter ready to go: the payload is the exact bytes (or JSON) that the channel's composer made."""

    id: int
    recipient: str
    envelope_from: str
    payload: bytes
    attempts: int = 1
    """With this one: above 1, somebody tried before, and may have got through."""


class Sender(Protocol):
    async def send(self, letters: Sequence[Outbound]) -> Sequence[SendError | None]:
        """Send each; the answers stand in the same order, None for "the peer took it"."""
