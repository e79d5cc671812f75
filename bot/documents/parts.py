"""What papers are put together from: the letterhead, the two parties, a table of amounts and its totals."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from bot.documents.sheet import ACCENT, BOLD, INK, INNER, MEDIUM, MUTED, REGULAR, RULE, WASH, style
from bot.documents.writing import Writing
from core.ports import Company, Letterhead

Pair = tuple[str, str]
"""A label, and what it is."""

_FLUSH = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def plain(
    content: str, size: float = 9.5, *, strong: bool = False, muted: bool = False, right: bool = False
) -> Paragraph:
    """Somebody's words as they are, with their line breaks: nothing in them is markup."""
    font, color = MEDIUM if strong else REGULAR, MUTED if muted else INK
    return Paragraph("<br/>".join(escape(line) for line in content.splitlines()), style(size, font, color, right=right))


def lines(words: Sequence[str], *, first_strong: bool = False) -> list[Flowable]:
    return [plain(line, strong=first_strong and not number) for number, line in enumerate(words)]


def link(address: str) -> Paragraph:
    return Paragraph(
        f'<link href={quoteattr(address)} color="{ACCENT.hexval().replace("0x", "#")}">{escape(address)}</link>',
        style(),
    )


def gap(height: float) -> Spacer:
    return Spacer(1, height * mm)


def head(title: str, head: Letterhead, facts: Sequence[Pair], writing: Writing) -> list[Flowable]:
    """Who it is from, what it is, whom it is for, and what must be found at a glance."""
    _ = writing.gettext
    company, client = head.company, head.client
    name = Paragraph(escape(company.name), style(15, BOLD, ACCENT))
    what = Paragraph(escape(title), style(21, REGULAR, ACCENT, right=True))
    top = Table([[name, what]], colWidths=[INNER * 0.5, INNER * 0.5], style=_FLUSH)
    whom = [plain(_("Client"), 8, muted=True), *lines(writing.address(client), first_strong=True)]
    if client.tax_id:
        whom.append(plain(_("Tax ID: %(number)s") % {"number": client.tax_id}))
    parties = Table(
        [[whom, _facts(facts)]],
        colWidths=[INNER * 0.52, INNER * 0.48],
        style=[*_FLUSH, ("RIGHTPADDING", (0, 0), (0, 0), 12)],
    )
    return [top, gap(3), *_from(company, writing), gap(12), parties, gap(9)]


def _from(company: Company, writing: Writing) -> list[Flowable]:
    """At least as high as the stamp beside it, which would else lie on what comes below."""
    _ = writing.gettext
    own = [line for line in company.address.splitlines() if line and line != company.name]
    if company.tax_id:
        own.append(_("Tax ID: %(number)s") % {"number": company.tax_id})
    story: list[Flowable] = [plain(line, 8.5, muted=True) for line in own]
    return [*story, gap(4.3 * max(0, 5 - len(own)))]


def foot(company: Company, writing: Writing) -> str:
    _ = writing.gettext
    parts = [line for line in company.address.splitlines() if line] or [company.name]
    if company.tax_id:
        parts.append(_("Tax ID: %(number)s") % {"number": company.tax_id})
    return " · ".join(parts)


def _facts(facts: Sequence[Pair]) -> Table:
    rows = [[plain(label, 9, muted=True), plain(value, 9.5, strong=True, right=True)] for label, value in facts]
    return Table(
        rows,
        colWidths=[INNER * 0.2, INNER * 0.28],
        style=[
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2.4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
            ("LINEBELOW", (0, 0), (-1, -2), 0.5, RULE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ],
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], amounts: int) -> Table:
    """Rows under a header that is repeated on every page; the last `amounts` columns are flush right."""
    first_amount = len(header) - amounts
    cells = [[plain(words, 8.5, strong=True, right=n >= first_amount) for n, words in enumerate(header)]]
    cells += [[plain(words, right=n >= first_amount) for n, words in enumerate(row)] for row in rows]
    return Table(
        cells,
        colWidths=[INNER * part for part in widths],
        repeatRows=1,
        splitInRow=1,  # a description may be longer than a page
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), WASH),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
            ("LEFTPADDING", (0, 0), (-1, -1), 6),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5.5),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ],
    )


def totals(rows: Sequence[Pair], result: Pair, strong: Sequence[int] = ()) -> Flowable:
    """Sums at the right, `result` under them in a box; stays on one page. `strong` are rows that stand out."""
    cells = [
        [plain(label, muted=n not in strong, strong=n in strong), plain(value, strong=n in strong, right=True)]
        for n, (label, value) in enumerate(rows)
    ]
    cells.append([plain(result[0], 11, strong=True), Paragraph(escape(result[1]), style(12, BOLD, ACCENT, right=True))])
    sums = Table(
        cells,
        colWidths=[INNER * 0.34, INNER * 0.2],
        hAlign="RIGHT",
        style=[
            ("BACKGROUND", (0, -1), (-1, -1), WASH),
            ("LINEABOVE", (0, -1), (-1, -1), 1, ACCENT),
            ("TOPPADDING", (0, 0), (-1, -2), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -2), 3),
            ("TOPPADDING", (0, -1), (-1, -1), 6),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 7),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ],
    )
    return KeepTogether([gap(3), sums])


def note(title: str, story: Sequence[Flowable]) -> Flowable:
    """A short part with a heading; stays on one page."""
    return KeepTogether([gap(9), Paragraph(escape(title), style(10, MEDIUM, ACCENT)), gap(1), *story])
