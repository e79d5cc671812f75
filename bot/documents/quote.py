"""A quote: what we offer, for how much, and until when."""

from __future__ import annotations

import datetime as dt

from reportlab.platypus import Flowable

from bot.documents import parts
from bot.documents.sheet import GOOD, Section, Stamp
from bot.documents.sheet import pdf as file
from bot.documents.writing import Writing
from core.ports import Letterhead, Quote

UNDATED = dt.date(2000, 1, 1)
"""The date of creation of a file about something that has no date."""


def pdf(quote: Quote, head: Letterhead) -> bytes:
    writing = Writing(head.language, quote.currency)
    _ = writing.gettext
    title = _("Quote %(number)s") % {"number": quote.id}
    facts = [(_("Quote number"), quote.id)]
    if quote.valid_until:
        facts.append((_("Valid until"), writing.day(quote.valid_until)))
    story: list[Flowable] = [
        *parts.head(_("Quote"), head, facts, writing),
        parts.plain(quote.subject, 13, strong=True),
        parts.gap(4),
        parts.table(
            (_("Description"), _("Amount")),
            [(item.description, writing.money(item.amount)) for item in quote.items],
            (0.78, 0.22),
            amounts=1,
        ),
        parts.totals((), (_("Total"), writing.money(quote.total))),
    ]
    if quote.notes:
        story.append(parts.note(_("Notes"), parts.lines(quote.notes.splitlines())))
    stamp = Stamp(_("ACCEPTED"), GOOD) if quote.stage == "Accepted" else None
    return file(
        [Section(title, story, stamp)],
        title=title,
        author=head.company.name,
        foot=parts.foot(head.company, writing),
        date=quote.valid_until or UNDATED,
        writing=writing,
    )
