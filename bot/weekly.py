"""The weekly report as it is configured, with its pictures."""

from __future__ import annotations

from bot import i18n
from bot import pictures as drawing
from bot.settings import Settings, SettingsError
from bot.settings.reports import DAYS
from core.messages import Attachment
from core.reports.weekly import Rules, WeeklyReport
from core.reports.whole import Report

SHOWN = ("days", "week", "responses", "bot", "promises", "satisfaction", "backlog")


def weekly(settings: Settings) -> list[WeeklyReport]:
    """One when it is wanted, else none. Raises SettingsError."""
    own, language = settings.reports, settings.desk.language
    if own.day.lower() not in DAYS:
        raise SettingsError(f"reports.day: {own.day!r} is not one of {', '.join(DAYS)}")
    if not 0 <= own.hour <= 23:
        raise SettingsError(f"reports.hour: {own.hour} is no hour, 0 to 23")
    strange = [address for address in own.recipients if "@" not in address]
    if strange:
        raise SettingsError(f"reports.recipients: {strange[0]!r} is not an address")
    rules = Rules(DAYS.index(own.day.lower()), own.hour, own.recipients)
    return [WeeklyReport(rules, lambda report: pictures(report, language))] if own.weekly else []


def pictures(report: Report, language: str) -> list[Attachment]:
    drawn = drawing.pngs(report, i18n.translations(language).gettext, i18n.locale(language), SHOWN)
    return [Attachment(f"{one.name}.png", "image/png", one.content, picture=one.title) for one in drawn]
