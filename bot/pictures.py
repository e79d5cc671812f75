"""The charts of a report as pictures: SVG that takes its colours from the page it stands in, PNG for mails."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale

from bot.charts import MARKS, POINTS, PRINT, Easel, Gettext, Palette
from core.reports.times import Distribution
from core.reports.whole import Report

PNG_DPI = 150


@dataclass(frozen=True, slots=True)
class Picture:
    """`name` is what it is about; `content` are the bytes of a PNG or the text of an <svg> in UTF-8."""

    name: str
    title: str
    content: bytes


def _wanted(report: Report, gettext: Gettext) -> dict[str, str]:
    """The charts that have something to show, with their titles."""
    _ = gettext
    measured: tuple[Distribution, ...] = (report.first_response, report.next_response)
    shown = {
        "days": (True, _("Tickets opened and closed")),
        "week": (report.volume.opened, _("When tickets come in")),
        "responses": (any(one.count for one in measured), _("How long clients wait for an answer")),
        "bot": (report.bot.tickets, _("Who answers")),
        "promises": (report.promises, _("Deadlines kept")),
        "satisfaction": (report.satisfaction.good + report.satisfaction.bad, _("What clients think of it")),
        "backlog": (report.backlog.open, _("How old the open tickets are")),
        "departments": (len(report.volume.by_department) > 1, _("Tickets by department")),
    }
    return {name: title for name, (has, title) in shown.items() if has}


def svgs(report: Report, gettext: Gettext, locale: Locale) -> list[Picture]:
    """Colours and font are the variables --ink, --faint, --first … --ground and --font of the page."""
    drawn = []
    for name, title in _wanted(report, gettext).items():
        figure = getattr(Easel(MARKS, gettext, locale), name)(report)
        drawn.append(Picture(name, title, _in_page(_written(figure, "svg").decode(), name, title).encode()))
    return drawn


def pngs(report: Report, gettext: Gettext, locale: Locale, names: Sequence[str]) -> list[Picture]:
    """Those of these names that have something to show, on white, with their title in them."""
    drawn = []
    for name, title in _wanted(report, gettext).items():
        if name in names:
            figure = getattr(Easel(PRINT, gettext, locale), name)(report)
            figure.suptitle(title, x=0.01, ha="left", fontsize=POINTS + 2, weight="bold", color=PRINT.ink)
            width, height = figure.get_size_inches()
            figure.set_size_inches(width, height + 0.4)
            drawn.append(Picture(name, title, _written(figure, "png")))
    return drawn


def _written(figure: Any, form: str) -> bytes:
    import matplotlib

    buffer = io.BytesIO()
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "helpdesk"}
    with matplotlib.rc_context(settings):
        if form == "svg":
            figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        else:
            figure.savefig(buffer, format="png", dpi=PNG_DPI, facecolor=PRINT.ground, metadata={"Software": None})
    return buffer.getvalue()


def _in_page(svg: str, name: str, title: str) -> str:
    """The <svg> alone, its ids its own, its size the page's, its colours the page's variables."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(?<=[ (])(id="|xlink:href="#|clip-path="url\(#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'<svg ([^>]*?)width="[^"]*" height="[^"]*"|<svg ', r"<svg \1 ", svg, count=1)
    for field in Palette.__slots__:
        svg = svg.replace(getattr(MARKS, field), f"var(--{field})")
    svg = re.sub(r"font: ((?:bold |700 )?[\d.]+px) [^;\"]*", r"font: \1 var(--font)", svg)
    label = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
