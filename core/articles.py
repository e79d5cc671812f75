"""The article of the knowledge base that answers a text, if one does."""

from __future__ import annotations

from collections.abc import Sequence

from core import search
from core.ports import Article

SURE = 0.75
"""The share of a question that an article must hold to be offered unasked, beside a ticket (tests/test_search.py)."""


def fitting(articles: Sequence[Article], text: str, language: str, *, share: float = 0.0) -> list[Article]:
    """The best one and others about as good; of two that fit equally, the one in the reader's language first."""
    pages = [search.Page(one.id, one.title, one.category, one.body, one.language) for one in articles]
    by_key = {article.id: article for article in articles}
    return [by_key[hit.key] for hit in search.best(text, pages, language=language) if hit.share >= share]
