"""Invoices, quotes and statements as PDF files.

The library that draws them and its fonts are loaded when the first one is asked for: most messages need none.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.ports import Invoice, Letterhead, Quote, Statement


class PdfDocuments:
    """The Documents port."""

    def invoices(self, invoices: Sequence[Invoice], head: Letterhead) -> bytes:
        from bot.documents import invoice

        return invoice.pdf(invoices, head)

    def quote(self, quote: Quote, head: Letterhead) -> bytes:
        from bot.documents import quote as paper

        return paper.pdf(quote, head)

    def statement(self, statement: Statement, head: Letterhead) -> bytes:
        from bot.documents import statement as paper

        return paper.pdf(statement, head)
