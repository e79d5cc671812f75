"""Fixtures that every suite shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import desk as desks
from tests.desk import TestDesk

pytest_plugins = ["tests.database"]

# CI tries the same examples each time; the search for new ones is for developers and for `make fuzz`.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("ci")


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[TestDesk]:
    """A desk with the demo's clients, on SQLite and on PostgreSQL."""
    made = desks.make(tmp_path, database_url)
    yield made
    made.app.engine.dispose()


@pytest.fixture
def desk_on_sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[TestDesk]:
    """The same where the database makes no difference to what is tested."""
    shutil.copyfile(sqlite_template, tmp_path / "desk.db")
    made = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    yield made
    made.app.engine.dispose()


@pytest.fixture
def second_desk(tmp_path: Path, sqlite_template: Path) -> Iterator[TestDesk]:
    """Another desk, with another secret."""
    folder = tmp_path / "second"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "desk.db")
    made = desks.make(folder, f"sqlite:///{folder / 'desk.db'}", secret="another desk's own secret")
    yield made
    made.app.engine.dispose()
