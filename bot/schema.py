"""The database schema, by alembic migrations, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import core.migrations


class SchemaError(Exception):
    """The database belongs to a newer version of the desk."""


def bring_up_to_date(engine: Engine) -> None:
    """Apply what is missing; does nothing on a current database. Raises SchemaError."""
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is not None and current not in {revision.revision for revision in scripts.walk_revisions()}:
        raise SchemaError(
            f"the database has schema {current}, which this version does not know; start a newer helpdesk"
        )
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(core.migrations.__file__).parent))
    return config
