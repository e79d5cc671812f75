"""What an error of Telegram means for the letter: its words, sorted into the few things that can be done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.polling import seconds_of


class Remedy(Enum):
    NOTHING = auto()
    """It is as it should be."""
    WAIT = auto()
    """Telegram asks for a pause of `seconds`."""
    LATER = auto()
    """Not sent: the network or Telegram has a moment."""
    UNCLEAR = auto()
    """The answer was lost: it may have been sent."""
    MOVED = auto()
    """The group has another id now: `chat_id`."""
    GONE = auto()
    """Nobody can be reached there any more."""
    PLAIN = auto()
    """Once more without form."""
    AS_FILE = auto()
    """Once more as a document instead of a photo."""
    NO_BUTTONS = auto()
    TOKEN = auto()
    """Nothing at all can be sent with this token."""
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Refused:
    remedy: Remedy
    reason: str
    seconds: float = 0.0
    chat_id: int = 0


_WORDS: tuple[tuple[Remedy, tuple[str, ...]], ...] = (
    (Remedy.NOTHING, ("message is not modified",)),
    (Remedy.PLAIN, ("can't parse entities", "can't parse caption entities")),
    (
        Remedy.GONE,
        (
            "chat not found",
            "user not found",
            "peer_id_invalid",
            "input_user_deactivated",
            "user is deactivated",
            "group chat was deactivated",
            "chat_write_forbidden",
            "chat_restricted",
            "have no rights to send a message",
            "not enough rights to send",
            "need administrator rights",
            "topic_closed",
        ),
    ),
    (Remedy.AS_FILE, ("photo_", "image_process_failed", "wrong file identifier", "photo should be")),
    (Remedy.NO_BUTTONS, ("button_", "reply markup is too long", "inline keyboard")),
)

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_LOST = (httpx.TimeoutException, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)


def read(error: TelegramError) -> Refused:
    """BadRequest is asked for before NetworkError, whose child it is in this library."""
    reason = error.message or type(error).__name__
    if isinstance(error, RetryAfter):
        return Refused(Remedy.WAIT, "Telegram asks for a pause", seconds=seconds_of(error))
    if isinstance(error, ChatMigrated):
        return Refused(Remedy.MOVED, "the group has another id now", chat_id=error.new_chat_id)
    if isinstance(error, InvalidToken):
        return Refused(Remedy.TOKEN, "Telegram refuses the bot's token")
    if isinstance(error, Forbidden):
        return Refused(Remedy.GONE, reason)
    if isinstance(error, BadRequest):
        said = reason.lower()
        fitting = (remedy for remedy, words in _WORDS if any(word in said for word in words))
        return Refused(next(fitting, Remedy.NEVER), reason)
    if isinstance(error, NetworkError):
        return _of_network(error, reason)
    return Refused(Remedy.LATER, reason)


def _of_network(error: NetworkError, reason: str) -> Refused:
    cause = error.__cause__
    if isinstance(cause, _NEVER_LEFT):
        return Refused(Remedy.LATER, f"not reached ({type(cause).__name__})")
    if isinstance(cause, _LOST):
        return Refused(Remedy.UNCLEAR, f"the answer was lost ({type(cause).__name__})")
    if "too large" in reason.lower():
        return Refused(Remedy.NEVER, reason)
    return Refused(Remedy.LATER, reason)
