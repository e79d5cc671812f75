"""Fixtures that every suite shares."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot import app
from core.intents import Registry
from core.understanding import Understanding
from tests import desk as desks
from tests.desk import TestDesk

pytest_plugins = ["tests.database"]

# CI tries the same examples each time; the search for new ones is for developers and for `make fuzz`.
# A slow machine is no error, so no example has a deadline.
settings.register_profile("own", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "own")


@pytest.fixture(scope="session", autouse=True)
def _desks_share_what_never_changes() -> Iterator[None]:
    """A process has one desk and makes these once; here hundreds of desks live in one."""
    kept: dict[str, Understanding] = {}

    def understanding(registry: Registry, *words: Any) -> Understanding:
        key = repr(words)
        if key not in kept:
            kept[key] = Understanding(registry, *words)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        for made in ("collect", "Templates"):
            patch.setattr(app, made, functools.cache(getattr(app, made)))
        patch.setattr(app, "Understanding", understanding)
        yield


@pytest.fixture
def desk(tmp_path: Path, filled_database_url: str) -> Iterator[TestDesk]:
    """A desk with the demo's clients, on SQLite and on PostgreSQL."""
    made = desks.make(tmp_path, filled_database_url)
    yield made
    made.app.engine.dispose()


@pytest.fixture
def desk_on_sqlite(tmp_path: Path, sqlite_filled: Path) -> Iterator[TestDesk]:
    """The same where the database makes no difference to what is tested."""
    shutil.copyfile(sqlite_filled, tmp_path / "desk.db")
    made = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    yield made
    made.app.engine.dispose()


@pytest.fixture
def second_desk(tmp_path: Path, sqlite_filled: Path) -> Iterator[TestDesk]:
    """Another desk, with another secret."""
    folder = tmp_path / "second"
    folder.mkdir()
    shutil.copyfile(sqlite_filled, folder / "desk.db")
    made = desks.make(folder, f"sqlite:///{folder / 'desk.db'}", secret="another desk's own secret")
    yield made
    made.app.engine.dispose()
