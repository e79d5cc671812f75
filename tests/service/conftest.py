"""Installations of the desk for tests that run it as an operator does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import demo
from bot.demodata import demo_document
from bot.importing import load
from core.database import connect, sessions
from tests.doors.conftest import certificate, dovecot  # noqa: F401  (fixtures)

from .running import Installation
from .sink import MailSink, Sink


@pytest.fixture(scope="module")
def sink() -> Iterator[MailSink]:
    made: MailSink = Sink(demo.read)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo's clients."""
    file = tmp_path_factory.mktemp("filled") / "desk.db"
    shutil.copyfile(sqlite_template, file)
    engine = connect(f"sqlite:///{file}")
    fill(engine)
    engine.dispose()
    return file


def fill(engine: Engine) -> None:
    load(sessions(engine), demo_document(datetime.now(UTC).date()))


@pytest.fixture
def installation(tmp_path: Path, filled_template: Path) -> Installation:
    """A configuration and a database with the demo's clients; nothing runs."""
    shutil.copyfile(filled_template, tmp_path / "desk.db")
    return Installation(tmp_path)
