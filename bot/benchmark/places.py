"""The databases that the desk is measured on: one prepared for each number of old tickets, fresh for each run."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from bot import schema
from bot.benchmark import population
from bot.commands.problem import Problem
from core.database import connect, sessions


@dataclass(slots=True)
class SqliteFiles:
    """A file for each size, copied for each run."""

    folder: Path
    made: set[int] = field(default_factory=set)

    def fresh(self, tickets: int) -> str:
        prepared = self.folder / f"prepared-{tickets}.db"
        if tickets not in self.made:
            engine = connect(f"sqlite:///{prepared}")
            schema.bring_up_to_date(engine)
            population.fill(sessions(engine), tickets)
            engine.dispose()
            self.made.add(tickets)
        for old in self.folder.glob("desk.db*"):
            old.unlink()
        shutil.copyfile(prepared, self.folder / "desk.db")
        return f"sqlite:///{self.folder / 'desk.db'}"

    def close(self) -> None:
        """The folder is the caller's."""


@dataclass(slots=True)
class OneDatabase:
    """A database that was given to the bench: it must be empty at first, is filled for each run and left empty."""

    url: str

    def __post_init__(self) -> None:
        engine = connect(self.url)
        schema.bring_up_to_date(engine)
        empty = population.empty(sessions(engine))
        engine.dispose()
        if not empty:
            raise Problem(
                "the database holds a desk already; the bench empties what it uses, so give it one of its own"
            )

    def fresh(self, tickets: int) -> str:
        engine = connect(self.url)
        population.clear(sessions(engine))
        population.fill(sessions(engine), tickets)
        engine.dispose()
        return self.url

    def close(self) -> None:
        engine = connect(self.url)
        population.clear(sessions(engine))
        engine.dispose()


Databases = SqliteFiles | OneDatabase


def databases(url: str, folder: Path) -> Databases:
    """ "" stands for SQLite files in the folder. Raises Problem for a database that is in use."""
    return OneDatabase(url) if url else SqliteFiles(folder)
