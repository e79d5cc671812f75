"""The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from jinja2 import PackageLoader

from bot import i18n, pictures, spans
from bot.templating import Templates
from core.desk import Desk
from core.reports.whole import Report


def page(report: Report, desk: Desk, made: datetime) -> str:
    """In the desk's language."""
    gettext, locale = i18n.translations(desk.language).gettext, i18n.locale(desk.language)
    drawn, title = pictures.svgs(report, gettext, locale), gettext("Report")
    zone = report.period.zone

    def span(seconds: float | None, nothing: str = "–") -> str:
        return nothing if seconds is None else spans.span(seconds, locale)

    def percent(share: float | None, nothing: str = "–") -> str:
        return nothing if share is None else spans.percent(share, locale)

    markup = Templates(PackageLoader("bot.templates", "")).page(
        "report",
        desk.language,
        report=report,
        desk=desk,
        lang=desk.language,
        title=f"{desk.name}: {title}",
        names=[gettext(name) for name in report.departments or ()],
        first=report.period.since.astimezone(zone).date(),
        last=(report.period.until - timedelta(microseconds=1)).astimezone(zone).date(),
        zone=str(zone),
        charts=drawn,
        busiest=max(hour for day in report.volume.week for hour in day),
        made=made,
        span=span,
        percent=percent,
    )
    for chart in drawn:
        markup = markup.replace(f"<!--chart:{chart.name}-->", chart.content.decode())
    return markup
