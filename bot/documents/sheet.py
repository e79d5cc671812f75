"""The sheet that every paper is written on: A4, its type, what stands around the text, and the file itself.

Page numbers need the number of pages, so the pages are kept until the end and get their head and foot then. Nothing
in a file depends on when it was made: it carries the date of what it shows.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import font_roboto
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate

from bot.documents.writing import Writing

REGULAR, MEDIUM, BOLD = "Roboto", "Roboto-Medium", "Roboto-Bold"
INK, MUTED, ACCENT = HexColor("#1f2933"), HexColor("#66727f"), HexColor("#12466b")
RULE, WASH = HexColor("#d4dbe2"), HexColor("#f2f5f8")
GOOD, BAD = HexColor("#1b7f4b"), HexColor("#a33a2c")

WIDTH, HEIGHT = A4
LEFT, TOP, BOTTOM = 20 * mm, 20 * mm, 24 * mm
INNER = WIDTH - 2 * LEFT


@dataclass(frozen=True, slots=True)
class Stamp:
    """A word across the first page."""

    text: str
    color: Color


@dataclass(frozen=True, slots=True)
class Section:
    """One paper of a file; it begins on a page of its own, and its pages are counted by themselves."""

    title: str
    story: Sequence[Flowable]
    stamp: Stamp | None = None


def style(size: float = 9.5, font: str = REGULAR, color: Color = INK, *, right: bool = False) -> ParagraphStyle:
    _load_fonts()
    return ParagraphStyle(
        "",
        fontName=font,
        fontSize=size,
        leading=round(size * 1.42, 1),
        textColor=color,
        alignment=TA_RIGHT if right else 0,
    )


def pdf(sections: Sequence[Section], *, title: str, author: str, foot: str, date: dt.date, writing: Writing) -> bytes:
    """The file. `foot` stands at the foot of every page, `date` is its date of creation."""
    made = io.BytesIO()
    frame = Frame(LEFT, BOTTOM, INNER, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0)
    document = BaseDocTemplate(
        made,
        pagesize=A4,
        pageTemplates=[PageTemplate(frames=[frame])],
        title=title,
        author=author,
        creator=author,
        subject=title,
        lang=writing.language,
        invariant=1,
    )
    document.build(_story(sections), canvasmaker=_maker(sections, foot, date, writing))
    return made.getvalue()


@cache
def _load_fonts() -> None:
    """Once in a process; a paragraph needs them as soon as it is made."""
    for name, path in ((REGULAR, "Roboto"), (MEDIUM, "RobotoMedium"), (BOLD, "RobotoBold")):
        pdfmetrics.registerFont(TTFont(name, font_roboto.font_files[path]))
        pdfmetrics.registerFontFamily(name, normal=name, bold=BOLD, italic=name, boldItalic=BOLD)


def _story(sections: Sequence[Section]) -> list[Flowable]:
    story: list[Flowable] = []
    for number, section in enumerate(sections):
        if number:
            story.append(PageBreak())
        story += [_Begin(number), *section.story]
    return story


class _Begin(Flowable):
    """Takes no room; tells the page which section it belongs to."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        return 0, 0

    def draw(self) -> None:
        self.canv.section = self.number  # type: ignore[attr-defined]


def _maker(sections: Sequence[Section], foot: str, date: dt.date, writing: Writing) -> Any:
    def make(*args: Any, **options: Any) -> _Pages:
        canvas = _Pages(*args, **options)
        canvas.sections, canvas.foot, canvas.writing = sections, foot, writing
        canvas.setDateFormatter(lambda *_: f"D:{date:%Y%m%d}000000Z")
        return canvas

    return make


class _Pages(Canvas):
    """Keeps its pages until all are there, then draws what stands around their text."""

    sections: Sequence[Section]
    foot: str
    writing: Writing
    section = 0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        self.kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        pages = self.kept
        of_section = [page["section"] for page in pages]
        for index, page in enumerate(pages):
            self.__dict__.update(page)
            number = of_section[: index + 1].count(self.section)
            self._around(number, of_section.count(self.section))
            super().showPage()
        super().save()

    def _around(self, number: int, count: int) -> None:
        section = self.sections[self.section]
        if number == 1:
            key = f"section-{self.section}"
            self.bookmarkPage(key)
            self.addOutlineEntry(section.title, key)
            if section.stamp:
                self._stamp(section.stamp)
        else:
            self.setFont(MEDIUM, 8.5)
            self.setFillColor(MUTED)
            self.drawString(LEFT, HEIGHT - 13 * mm, section.title)
        self._foot(number, count)

    def _foot(self, number: int, count: int) -> None:
        _ = self.writing.gettext
        self.setStrokeColor(RULE)
        self.setLineWidth(0.6)
        self.line(LEFT, 17 * mm, WIDTH - LEFT, 17 * mm)
        self.setFont(REGULAR, 7.5)
        self.setFillColor(MUTED)
        for index, line in enumerate(simpleSplit(self.foot, REGULAR, 7.5, INNER - 30 * mm)[:3]):
            self.drawString(LEFT, (12.5 - 3.6 * index) * mm, line)
        place = _("Page %(number)s of %(count)s") % {"number": number, "count": count}
        self.drawRightString(WIDTH - LEFT, 12.5 * mm, place)

    def _stamp(self, stamp: Stamp) -> None:
        words = stamp.text
        width = pdfmetrics.stringWidth(words, BOLD, 21) + 11 * mm
        self.saveState()
        self.translate(WIDTH - LEFT - width / 2, HEIGHT - 49 * mm)
        self.rotate(6)
        self.setStrokeColor(stamp.color)
        self.setFillColor(stamp.color)
        self.setLineWidth(1.6)
        self.roundRect(-width / 2, -6 * mm, width, 12 * mm, 2 * mm)
        self.setFont(BOLD, 21)
        self.drawCentredString(0, -2.6 * mm, words)
        self.restoreState()
