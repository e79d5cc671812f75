"""The desk in Slack: a door, a translator, a composer and a sender.

Nothing here knows who is linked to which account, or what may be said where: that is the core's.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.slack.composer import SlackComposer
from bot.channels.slack.door import SlackListener
from bot.channels.slack.home import Home
from bot.channels.slack.lookups import SlackLookups
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.translator import SlackTranslator
from bot.settings import Settings
from bot.templating import Templates
from core.messages import Address, StaffRoom


def listener(settings: Settings) -> SlackListener:
    return SlackListener(settings)


def translator(settings: Settings) -> SlackTranslator:
    departments = {department.name: department.address for department in settings.departments}
    return SlackTranslator(SlackLookups(settings.slack), settings.desk.address, departments, settings.email.attachments)


def composer(templates: Templates, shared: Callable[[], dict[str, object]]) -> SlackComposer:
    return SlackComposer(templates, shared)


def sender(settings: Settings) -> SlackSender:
    return SlackSender(settings.slack)


def shows_home(
    door: SlackListener, sender: SlackSender, composer: SlackComposer, figures: Callable[[Address], Home | None]
) -> None:
    """The Home tab shows what `figures` says of the person whose tab it is (core.chathome.home)."""
    door.home.templates, door.home.shared, door.home.figures = composer.templates, composer.shared, figures
    sender.home = door.home


def staff_room(settings: Settings) -> StaffRoom | None:
    """The channel where staff see the tickets, if one is configured; it is in the app's own workspace ("-")."""
    room = settings.slack.triage_channel
    thread = f"-/{room}/#{{number}}"
    return StaffRoom("slack", room, thread, f"{thread}/card") if room else None
