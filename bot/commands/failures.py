"""Which failures of a command are the operator's to mend. Loaded when one has failed: `understand` needs none of it."""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError, OperationalError

from bot.commands.problem import Problem
from bot.schema import SchemaError
from bot.settings import SettingsError


def told(error: Exception) -> tuple[str, int] | None:
    """The line to print and the exit code; None for a mistake of ours, which deserves its traceback."""
    if isinstance(error, (Problem, SettingsError, SchemaError)):
        return str(error), getattr(error, "code", 1)
    if isinstance(error, DatabaseError) and type(error) in (DatabaseError, OperationalError):
        reason = " ".join(str(error.orig).split())
        return f"the database cannot be used: {reason}; check desk.database", 1
    return None
