"""Databases for tests: each test gets a fresh one, on SQLite and on a real PostgreSQL server of our own.

The server is started from the installed binaries once per test process (with pytest-xdist, one per worker), on a
free port of the loopback interface, and stopped at the end. Where the binaries are missing its tests are skipped
with the reason; on CI (environment CI=true) that is a failure.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

import core.backends.local.tables
import core.database
import core.models  # noqa: F401  (these two define the tables)
from bot import schema
from bot.demodata import WRITTEN_FOR, demo_document
from bot.importing import load
from core.database import Sessions, connect, sessions

START_SECONDS = 120
TEMPLATE = "helpdesk_template"
FILLED = "helpdesk_filled"


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """All engines of a test process share what SQLAlchemy compiled; else each fresh desk begins with 0.1 s of it.

    A compiled statement belongs to a dialect, so they share that as well: the first one that has seen a server.
    """
    spoken: dict[str, Engine] = {}
    statements: dict[Any, Any] = {}

    def sharing(url: URL, **options: Any) -> Engine:
        engine = create_engine(url, execution_options={"compiled_cache": statements}, **options)
        name = engine.dialect.name
        if name in spoken:
            engine.dialect = spoken[name].dialect
        else:
            event.listen(engine, "engine_connect", lambda _: spoken.setdefault(name, engine))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.database, "create_engine", sharing)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> Iterator[None]:
    """No test cuts the power; desks in processes of their own, which tests do kill, write as they always do."""
    teach = core.database._teach_sqlite_manners

    def hastily(engine: Engine) -> None:
        teach(engine)
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.database, "_teach_sqlite_manners", hastily)
        yield


def create_schema(engine: Engine) -> None:
    """All tables, in an empty database. The one place that says how."""
    schema.bring_up_to_date(engine)


def fill(engine: Engine) -> None:
    """The demo's clients, as on the day for which its data is written."""
    load(sessions(engine), demo_document(WRITTEN_FOR))


def missing(reason: str) -> NoReturn:
    """Skips the test for want of a program; on CI fails instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL server."""

    port: int

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5"
        with psycopg.connect(where, autocommit=True) as connection:
            # Copied as files a template takes 0.04 s, through the log 0.3 s; before version 15 there was no choice.
            if connection.info.server_version >= 150_000 and statement.startswith("CREATE DATABASE"):
                statement += " STRATEGY FILE_COPY"
            connection.execute(statement.encode())

    def new_database(self, template: str) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """A server, with a template database that holds the schema."""
    binaries, user = _binaries(), _server_user()
    # Not under pytest's own directory, which is closed to other users and too deep for a socket's name.
    directory = Path(tempfile.mkdtemp(prefix="helpdesk-pg-"))
    try:
        if user is not None:
            shutil.chown(directory, user)
        _initialise(binaries, directory, user)
        cluster, server = _start(binaries, directory, user)
        try:
            _make_templates(cluster)
            yield cluster
        finally:
            _stop(server)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _binaries() -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("postgres"):
        places.insert(0, Path(on_path).resolve().parent)
    for place in places:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    missing("PostgreSQL's initdb and postgres are not installed")


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    if not any(entry.pw_name == "postgres" for entry in pwd.getpwall()):
        missing("we are root, and there is no user postgres to run a server as")
    return "postgres"


def _initialise(binaries: Path, directory: Path, user: str | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(directory / "data"), "-U", "postgres", "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, user=user, cwd=directory)


def _start(binaries: Path, directory: Path, user: str | None) -> tuple[Cluster, subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # No test cuts its power, so nothing need reach the disk.
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": directory, "fsync": "off"}
    command = [str(binaries / "postgres"), "-D", str(directory / "data")]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    log = directory / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, user=user, cwd=directory)
    cluster = Cluster(port)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            cluster.execute("SELECT 1")
            return cluster, server
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                _stop(server)
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown (open connections are cut), immediate when that takes too long."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
            return


def _make_templates(cluster: Cluster) -> None:
    cluster.execute(f"CREATE DATABASE {TEMPLATE}")
    engine = connect(cluster.url(TEMPLATE))
    create_schema(engine)
    engine.dispose()
    cluster.execute(f"CREATE DATABASE {FILLED} TEMPLATE {TEMPLATE}")
    engine = connect(cluster.url(FILLED))
    fill(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema and no rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = connect(f"sqlite:///{path}")
    create_schema(engine)
    engine.dispose()  # the last connection moves the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def sqlite_filled(sqlite_template: Path) -> Path:
    """A file with the demo's clients."""
    path = sqlite_template.with_name("filled.db")
    shutil.copyfile(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    fill(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'helpdesk.db'}"
    else:
        yield from _postgresql_database(request, "template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the schema and no rows."""
    if request.param == "sqlite":
        path = tmp_path / "helpdesk.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        yield from _postgresql_database(request, TEMPLATE)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the demo's clients."""
    if request.param == "sqlite":
        path = tmp_path / "helpdesk.db"
        shutil.copyfile(request.getfixturevalue("sqlite_filled"), path)
        yield f"sqlite:///{path}"
    else:
        yield from _postgresql_database(request, FILLED)


def _postgresql_database(request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    name = cluster.new_database(template)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
def database_sessions(database_url: str) -> Iterator[Sessions]:
    """Sessions on a fresh database with the schema."""
    engine = connect(database_url)
    yield sessions(engine)
    engine.dispose()
