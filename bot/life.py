"""[life] and [satisfaction] of helpdesk.toml, checked, as the rules that the clock goes by."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings, SettingsError
from core import life, satisfaction
from core.life import Patience
from core.schedule import Hours
from core.sla.policies import PRIORITIES


def rules(settings: Settings) -> life.Rules:
    """Raises SettingsError with the key's path."""
    own, names = settings.life, [one.name for one in settings.departments]
    _not_negative("life.reopen_days", own.reopen_days)
    for priority in own.except_priorities:
        if priority not in PRIORITIES:
            raise SettingsError(
                f"life.except_priorities: there is no {priority!r}; it may name {', '.join(PRIORITIES)}"
            )
    departments: dict[str, Patience] = {}
    for index, one in enumerate(own.departments):
        where = f"life.departments[{index}]"
        if one.name not in names:
            raise SettingsError(f"{where}.name: there is no {one.name!r}, only {', '.join(names)}")
        if one.name in departments:
            raise SettingsError(f"{where}.name: {one.name!r} stands there twice")
        departments[one.name] = _patience(where, one.remind_after_days, one.close_after_days)
    return life.Rules(
        usual=_patience("life", own.remind_after_days, own.close_after_days),
        departments=departments,
        except_priorities=frozenset(own.except_priorities),
        except_tags=frozenset(own.except_tags),
        hours=_hours(settings),
    )


def asking(settings: Settings) -> satisfaction.Rules:
    """Raises SettingsError with the key's path."""
    own = settings.satisfaction
    _not_negative("satisfaction.delay_hours", own.delay_hours)
    _not_negative("satisfaction.not_again_days", own.not_again_days)
    return satisfaction.Rules(
        own.enabled, timedelta(hours=own.delay_hours), timedelta(days=own.not_again_days), _hours(settings)
    )


def _patience(where: str, remind: int, close: int) -> Patience:
    _not_negative(f"{where}.remind_after_days", remind)
    _not_negative(f"{where}.close_after_days", close)
    if close and not remind:
        raise SettingsError(
            f"{where}.close_after_days: nothing is closed before its client was reminded; set remind_after_days as well"
        )
    return Patience(remind, close)


def _not_negative(where: str, number: int) -> None:
    if number < 0:
        raise SettingsError(f"{where}: wants 0 or more, not {number}")


def _hours(settings: Settings) -> Hours:
    return Hours(settings.notices.from_hour, settings.notices.to_hour)
