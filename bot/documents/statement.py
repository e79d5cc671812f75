"""A statement of account: what was charged and paid within a time, and what was owed after each of it."""

from __future__ import annotations

from bot.documents import parts
from bot.documents.sheet import Section
from bot.documents.sheet import pdf as file
from bot.documents.writing import Writing
from core.ports import Letterhead, Statement, StatementLine


def pdf(statement: Statement, head: Letterhead) -> bytes:
    writing = Writing(head.language, head.client.currency)
    _ = writing.gettext
    title = _("Statement of account")
    facts = [
        (_("From"), writing.day(statement.start)),
        (_("Until"), writing.day(statement.end)),
        (_("Account number"), head.client.id),
    ]
    opening = (
        writing.short_day(statement.start),
        _("Balance brought forward"),
        "",
        "",
        writing.money(statement.opening),
    )
    story = [
        *parts.head(title, head, facts, writing),
        parts.table(
            (_("Date"), _("Transaction"), _("Charges"), _("Payments"), _("Balance")),
            [opening, *(_row(line, writing) for line in statement.lines)],
            (0.16, 0.38, 0.15, 0.15, 0.16),
            amounts=3,
        ),
        parts.totals(
            [
                (_("Balance brought forward"), writing.money(statement.opening)),
                (_("Charges"), writing.money(statement.charged)),
                (_("Payments"), writing.money(-statement.paid)),
            ],
            (_("Balance"), writing.money(statement.closing)),
        ),
    ]
    return file(
        [Section(title, story)],
        title=title,
        author=head.company.name,
        foot=parts.foot(head.company, writing),
        date=statement.end,
        writing=writing,
    )


def _row(line: StatementLine, writing: Writing) -> tuple[str, ...]:
    charged = writing.money(line.amount) if line.amount > 0 else ""
    paid = writing.money(-line.amount) if line.amount < 0 else ""
    return writing.short_day(line.date), _what(line, writing), charged, paid, writing.money(line.balance)


def _what(line: StatementLine, writing: Writing) -> str:
    _ = writing.gettext
    by = f" ({writing.gateway(line.gateway)})" if line.gateway else ""
    words = {
        "invoice": _("Invoice %(number)s"),
        "payment": _("Payment of %(number)s"),
        "refund": _("Refund of %(number)s"),
        "credit": _("Credit used for %(number)s"),
        "adjustment": _("Adjustment of %(number)s"),
    }
    return words[line.kind] % {"number": line.invoice_number} + by
