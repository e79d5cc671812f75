"""Alembic's entry: migrate through the engine that bot/schema.py hands over, one transaction for each revision."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import core.backends.local.tables
import core.models  # noqa: F401  (both define the tables of Base)
from core.database import Base, UtcDateTime


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A revision stands by itself: it names plain types, not ours, which may change after it."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate() -> None:
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
