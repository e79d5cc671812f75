"""The commands that Telegram offers while people type, in each of the desk's languages.

They are words with a slash before them; whatever else can be asked works as well. Telegram slows down who sets them
often, so they are set where they differ only.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot import i18n

log = logging.getLogger("helpdesk.telegram")


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


PRIVATE: tuple[tuple[str, str], ...] = (
    ("help", _("What you can ask")),
    ("tickets", _("Your tickets")),
    ("new", _("Write to us: a new ticket")),
    ("invoices", _("Your open invoices")),
    ("domains", _("Your domains")),
    ("services", _("Your hosting and other services")),
    ("quotes", _("Your quotes")),
    ("credit", _("Your credit")),
    ("status", _("Servers: troubles and maintenance")),
    ("announcements", _("News")),
    ("link", _("Connect this chat with your account")),
    ("links", _("Chats that are connected with your account")),
    ("unlink", _("Disconnect this chat from your account")),
)
"""Those that are asked for most; names are the same in every language, as an address is."""

_IN_GROUPS = ("help", "status", "announcements")
GROUP = tuple(entry for entry in PRIVATE if entry[0] in _IN_GROUPS)
"""In a group only what anybody may read."""

NAMES = frozenset(name for name, _text in PRIVATE) | {"start"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered where; `language` is "" for everybody whose language has no offer of its own."""

    scope: BotCommandScope
    language: str
    commands: tuple[BotCommand, ...]


def offers() -> list[Offer]:
    scopes: Sequence[tuple[BotCommandScope, tuple[tuple[str, str], ...]]] = (
        (BotCommandScopeAllPrivateChats(), PRIVATE),
        (BotCommandScopeAllGroupChats(), GROUP),
    )
    return [
        Offer(scope, "" if language == i18n.ENGLISH else language, _in(language, entries))
        for scope, entries in scopes
        for language in i18n.LANGUAGES
    ]


def _in(language: str, entries: tuple[tuple[str, str], ...]) -> tuple[BotCommand, ...]:
    gettext = i18n.translations(language).gettext
    return tuple(BotCommand(name, gettext(text)[:256]) for name, text in entries)


async def register(bot: Bot) -> int:
    """Set what differs from what Telegram has; returns how many lists were set. Raises TelegramError."""
    changed = 0
    for offer in offers():
        code = offer.language or None
        if await bot.get_my_commands(scope=offer.scope, language_code=code) != offer.commands:
            await bot.set_my_commands(offer.commands, scope=offer.scope, language_code=code)
            changed += 1
    return changed
