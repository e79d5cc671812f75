"""The figures of a report, drawn: a method of `Easel` for each chart.

matplotlib is imported when something is drawn and not before: it takes half a second, and a desk that serves needs it
once a week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale, dates

from bot.spans import short_span
from core.reports.times import STEPS
from core.reports.volume import AGES
from core.reports.whole import Report

Gettext = Callable[[str], str]

WIDTH, HEIGHT, LOW = 6.4, 2.9, 1.5
"""Inches of 72 points: as wide as half a page, and as a telephone with little left to shrink."""
POINTS = 12
LONGEST_LEGEND = 42
"""Letters that fit beside each other with three marks."""
MOST_DAYS = 62
"""More days are drawn as weeks."""


@dataclass(frozen=True, slots=True)
class Palette:
    """`first` to `fourth` are the colours of series; `bad` is what should not be."""

    ink: str
    faint: str
    first: str
    second: str
    third: str
    bad: str
    ground: str


PRINT = Palette("#334155", "#e2e8f0", "#1d4ed8", "#0d9488", "#94a3b8", "#dc2626", "#ffffff")
MARKS = Palette("#010101", "#020202", "#030303", "#040404", "#050505", "#060606", "#070707")
"""Stand for the variables of the page's style in what matplotlib writes."""


@dataclass(frozen=True, slots=True)
class Easel:
    """What a chart is drawn with."""

    palette: Palette
    gettext: Gettext
    locale: Locale

    def figure(self, height: float = HEIGHT) -> tuple[Any, Any]:
        """A figure and its axes, with nothing around that says nothing."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(self.palette.faint)
        axes.tick_params(colors=self.palette.ink, length=0, labelsize=POINTS)
        axes.set_axisbelow(True)
        return figure, axes

    def grid(self, axes: Any) -> None:
        """Lines at whole numbers, from nought on."""
        from matplotlib.ticker import MaxNLocator

        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.grid(axis="y", color=self.palette.faint, linewidth=0.8)
        axes.set_ylim(bottom=0, top=max(axes.get_ylim()[1], 1))

    def legend(self, axes: Any) -> None:
        """Above the chart; in two columns where three would be wider than it and squeeze it."""
        columns = 3 if _fit_beside(axes.get_legend_handles_labels()[1]) else 2
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, frameon=False, labelcolor=self.palette.ink,
            fontsize=POINTS, handlelength=0.9, handleheight=0.9, borderaxespad=0, columnspacing=1.4,
        )  # fmt: skip

    def days(self, report: Report) -> Any:
        """Opened beside closed; of a long period by weeks."""
        _, palette, counts = self.gettext, self.palette, report.volume
        figure, axes = self.figure()
        days, opened, closed = _by_week(counts.days, counts.opened_by_day, counts.closed_by_day)
        places = range(len(days))
        axes.bar([place - 0.2 for place in places], opened, width=0.38, color=palette.first, label=_("Opened"))
        axes.bar([place + 0.2 for place in places], closed, width=0.38, color=palette.second, label=_("Closed"))
        step = -(-len(days) // 8)
        shown = [dates.format_skeleton("MMMd", day, locale=self.locale) for day in days[::step]]
        axes.set_xticks(list(places)[::step], shown)
        self.grid(axes)
        self.legend(axes)
        return figure

    def week(self, report: Report) -> Any:
        """A field for each hour of each weekday, the fuller the more tickets were opened in it."""
        from matplotlib.patches import Rectangle

        figure, axes = self.figure()
        most = max(1, *(hour for day in report.volume.week for hour in day))
        for weekday, hours in enumerate(report.volume.week):
            for hour, count in enumerate(hours):
                share = 0.12 + 0.88 * count / most
                look = {"color": self.palette.first, "alpha": share} if count else {"color": self.palette.faint}
                axes.add_patch(Rectangle((hour + 0.05, weekday + 0.06), 0.9, 0.88, linewidth=0, **look))
        names = dates.get_day_names("abbreviated", context="stand-alone", locale=self.locale)
        axes.set_xlim(0, 24)
        axes.set_ylim(7, 0)
        axes.set_yticks([weekday + 0.5 for weekday in range(7)], [names[weekday] for weekday in range(7)])
        axes.set_xticks(range(0, 25, 4), [f"{hour}:00" for hour in range(0, 25, 4)])
        axes.spines["bottom"].set_visible(False)
        return figure

    def departments(self, report: Report) -> Any:
        counts = report.volume.by_department[:8]
        figure, axes = self.figure(max(LOW, 0.55 + 0.36 * len(counts)))
        axes.barh(range(len(counts)), [count for _, count in counts], height=0.62, color=self.palette.first)
        axes.set_yticks(range(len(counts)), [self.gettext(name) for name, _ in counts])
        axes.invert_yaxis()
        self._numbers_at_ends(axes, [count for _, count in counts])
        return figure

    def responses(self, report: Report) -> Any:
        """How many waits were how long."""
        _, palette = self.gettext, self.palette
        figure, axes = self.figure()
        pairs = (
            (report.first_response, palette.first, _("First response")),
            (report.next_response, palette.second, _("Next response")),
        )
        for place, (waits, color, label) in enumerate(pairs):
            at = [step + (place - 0.5) * 0.4 for step in range(len(STEPS) + 1)]
            axes.bar(at, waits.steps, width=0.38, color=color, label=label)
        axes.set_xticks(range(len(STEPS) + 1), list(self._steps()))
        self.grid(axes)
        self.legend(axes)
        return figure

    def _steps(self) -> Iterator[str]:
        for seconds in STEPS:
            yield f"≤ {short_span(seconds, self.locale)}"
        yield f"> {short_span(STEPS[-1], self.locale)}"

    def bot(self, report: Report) -> Any:
        _, palette, counts = self.gettext, self.palette, report.bot
        parts = (
            (counts.alone, palette.second, _("The desk alone")),
            (counts.taken_over, palette.first, _("The desk, then a person")),
            (counts.people, palette.third, _("People alone")),
        )
        return self._share(parts)

    def satisfaction(self, report: Report) -> Any:
        _, palette, said = self.gettext, self.palette, report.satisfaction
        return self._share(((said.good, palette.second, _("Good")), (said.bad, palette.bad, _("Bad"))))

    def promises(self, report: Report) -> Any:
        """A bar for each kind of deadline, met and missed."""
        _, palette = self.gettext, self.palette
        names = {"first": _("First response"), "next": _("Next response"), "resolution": _("Resolution")}
        rows = list(report.promises)
        figure, axes = self.figure(max(LOW, 0.8 + 0.42 * len(rows)))
        before = [0.0] * len(rows)
        for label, color, counts in (
            (_("Met"), palette.second, [row.met for row in rows]),
            (_("Missed"), palette.bad, [row.missed for row in rows]),
            (_("Running late"), palette.third, [row.late for row in rows]),
        ):
            wholes = [max(1, row.met + row.missed + row.late) for row in rows]
            shares = [count / whole for count, whole in zip(counts, wholes, strict=True)]
            axes.barh(range(len(rows)), shares, left=before, height=0.6, color=color, label=label)
            for row, (share, count) in enumerate(zip(shares, counts, strict=True)):
                self._inside(axes, before[row] + share / 2, row, share, count)
            before = [start + share for start, share in zip(before, shares, strict=True)]
        axes.set_yticks(range(len(rows)), [names[row.kind] for row in rows])
        axes.invert_yaxis()
        self._bare(axes)
        self.legend(axes)
        return figure

    def backlog(self, report: Report) -> Any:
        _, palette, counts = self.gettext, self.palette, report.backlog
        figure, axes = self.figure()
        others = [whole - ours for whole, ours in zip(counts.ages, counts.ages_ours, strict=True)]
        places = range(len(counts.ages))
        axes.bar(places, counts.ages_ours, width=0.66, color=palette.first, label=_("Wait for us"))
        axes.bar(places, others, bottom=counts.ages_ours, width=0.66, color=palette.third, label=_("Wait for others"))
        ages = [f"≤ {short_span(86400 * days, self.locale)}" for days in AGES]
        axes.set_xticks(places, [*ages, f"> {short_span(86400 * AGES[-1], self.locale)}"])
        self.grid(axes)
        self.legend(axes)
        return figure

    def _share(self, parts: Sequence[tuple[int, str, str]]) -> Any:
        """One bar for a whole and its parts."""
        figure, axes = self.figure(LOW * 0.86 + (0 if _fit_beside([label for _, _, label in parts]) else 0.24))
        whole, before = max(1, sum(count for count, _, _ in parts)), 0.0
        for count, color, label in parts:
            share = count / whole
            axes.barh(0, share, left=before, height=0.6, color=color, label=label)
            self._inside(axes, before + share / 2, 0, share, count)
            before += share
        axes.set_yticks([])
        self._bare(axes)
        self.legend(axes)
        return figure

    def _inside(self, axes: Any, x: float, y: float, share: float, count: int) -> None:
        if share >= 0.06:
            axes.text(
                x, y, str(count), ha="center", va="center", color=self.palette.ground, fontsize=POINTS, weight="bold"
            )

    def _bare(self, axes: Any) -> None:
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)

    def _numbers_at_ends(self, axes: Any, counts: Sequence[int]) -> None:
        most = max([1, *counts])
        axes.set_xlim(0, most * 1.12)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        for row, count in enumerate(counts):
            axes.text(count + most * 0.015, row, str(count), va="center", color=self.palette.ink, fontsize=POINTS)


def _fit_beside(labels: Sequence[str]) -> bool:
    return len(labels) < 3 or sum(map(len, labels)) <= LONGEST_LEGEND


def _by_week(days: Sequence[date], *counts: Sequence[int]) -> tuple[Sequence[date], Sequence[int], Sequence[int]]:
    if len(days) > MOST_DAYS:
        days, counts = days[::7], tuple([sum(one[at : at + 7]) for at in range(0, len(one), 7)] for one in counts)
    return days, counts[0], counts[1]
