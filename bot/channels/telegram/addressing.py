"""Whether an update is meant for the desk, and what was asked of it: commands and mentions become plain words.

In a group everybody reads and most is not for us: what does not name the bot is neither stored nor looked at again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.telegram.events import (
    BUTTON,
    EDIT,
    MEMBERSHIP,
    MESSAGE,
    Event,
    Json,
    is_service,
    marked,
    number,
    table,
    words,
    written,
)

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|\Z)")

_PHRASES = {
    "status": ("server status", "status of {rest}"),
    "kb": ("knowledge base", "articles about {rest}"),
    "new": ("help", "New ticket: {rest}"),
    "whoami": ("which account do you see me as", "which account do you see me as"),
    "language": ("language", "answer me in {rest}"),
}
"""Commands whose words would say too little: alone, and with what follows. All others are the words themselves."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Who we are in Telegram."""

    id: int
    username: str


def concerns(event: Event, bot: Bot, commands: frozenset[str], *, groups: bool, staff: str = "") -> bool:
    """Is it to be stored? `commands` are the names that count in a group without the bot's own behind them.

    `staff` is the group where staff work: heard there is what answers a message of ours, whatever `groups` says.
    """
    if not event.user or event.user.get("is_bot"):
        return False
    if event.kind == MEMBERSHIP:
        return event.private
    at_work = bool(staff) and str(event.chat_id) == staff
    if not (event.private or at_work or (groups and event.chat.get("type") in ("group", "supergroup"))):
        return False
    if event.kind == BUTTON:
        return True
    if at_work and event.kind in (MESSAGE, EDIT):
        return _answers_us(event.message, bot) and not is_service(event.message)
    if event.kind == EDIT:
        # A live location is an edit every few seconds; a keyboard that we removed is one too.
        return bool(written(event.message)[0]) and (event.private or addressed(event.message, bot, commands))
    if event.kind != MESSAGE or is_service(event.message) or event.message.get("is_automatic_forward"):
        return False
    return event.private or addressed(event.message, bot, commands)


def addressed(message: Json, bot: Bot, commands: frozenset[str]) -> bool:
    """In a group: a command of ours, a mention, or a reply to the bot."""
    if _answers_us(message, bot):
        return True
    text, _ = written(message)
    for entity, start, end in marked(message):
        if _mentions(entity, text[start:end], bot):
            return True
        if words(entity, "type") == "bot_command" and (found := _COMMAND.match(text[start:end])):
            named = found[2]
            if named.lower() == bot.username.lower() if named else found[1].lower() in commands:
                return True
    return False


def _answers_us(message: Json, bot: Bot) -> bool:
    return number(table(table(message, "reply_to_message"), "from"), "id") == bot.id


def _mentions(entity: Json, named: str, bot: Bot) -> bool:
    kind = words(entity, "type")
    if kind == "mention":
        return named.lower() == f"@{bot.username}".lower()
    return kind == "text_mention" and number(table(entity, "user"), "id") == bot.id


def asked(message: Json, bot: Bot) -> str:
    """What they want, as if they had written it in a mail: no mention of the bot, no slash."""
    text, _ = written(message)
    for entity, start, end in reversed(list(marked(message))):
        if _mentions(entity, text[start:end], bot):
            text = f"{text[:start].rstrip(' ')} {text[end:].lstrip(' ,:')}".strip()
    return _without_slash(text.strip())


def _without_slash(text: str) -> str:
    found = _COMMAND.match(text)
    if found is None:
        return text
    name, rest = found[1].lower(), text[found.end() :].strip()
    alone, with_rest = _PHRASES.get(name, ("", ""))
    if alone:
        return with_rest.format(rest=rest) if rest else alone
    return f"{name.replace('_', ' ')} {rest}".strip()
