"""The desk in Telegram: a door, a translator, a composer and a sender for one bot."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bot import i18n
from bot.channels.telegram.composer import TelegramComposer
from bot.channels.telegram.door import TelegramDoor
from bot.channels.telegram.files import Files, TelegramFiles
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.translator import CHANNEL, TelegramTranslator
from bot.channels.telegram.webhook import secret_of
from bot.channels.telegram.working import Working
from bot.settings import Settings
from bot.templating import Templates
from core.messages import StaffRoom

__all__ = ["CHANNEL", "composer", "listener", "sender", "staff_room", "translator"]


def listener(settings: Settings) -> TelegramDoor:
    telegram = settings.telegram
    secret = telegram.webhook_secret or secret_of(settings.desk.secret, telegram.token)
    return TelegramDoor(telegram, secret, _working(telegram.token))


def translator(settings: Settings, files: Files | None = None) -> TelegramTranslator:
    return TelegramTranslator(
        desk_address=settings.desk.address,
        files=files or TelegramFiles(settings.telegram),
        attachments=settings.email.attachments,
        gettext=i18n.translations(settings.desk.language).gettext,
        staff_group=settings.telegram.staff_group,
    )


def composer(templates: Templates, shared: Callable[[], dict[str, object]]) -> TelegramComposer:
    return TelegramComposer(templates, shared)


def sender(settings: Settings) -> TelegramSender:
    return TelegramSender(settings.telegram, _working(settings.telegram.token))


@cache
def _working(_token: str) -> Working:
    """One for each bot of a process: the door shows "typing…", and the sender knows when it ends."""
    return Working()


def staff_room(settings: Settings) -> StaffRoom | None:
    """The group where staff see the tickets, if one is configured."""
    room = settings.telegram.staff_group
    return StaffRoom("telegram", room, room) if room else None
