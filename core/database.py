"""The database: engine, session, and SQLite's manners.

SQLite has one writer. A transaction here takes the write lock at its first statement that is neither SELECT nor
PRAGMA (`BEGIN IMMEDIATE`), so nobody holds it while parsing, rendering or waiting for a network. The price: reads
before the first write are not one snapshot; `version_id_col` on Ticket catches the lost update.
Inside one process the lock is handed over by a mutex: SQLite's own busy handler sleeps instead of being woken.
On PostgreSQL the ordinary transaction applies.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Integer, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

Sessions = sessionmaker[Session]

BUSY_TIMEOUT_MS = 30_000

Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers its rows by INTEGER alone."""


class Base(DeclarativeBase):
    """The desk's tables and the local client area's share one schema, so that one migration makes both."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; SQLite stores text without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def connect(url: str | URL) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`; does not touch the schema."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return create_engine(where, pool_size=10, max_overflow=20, pool_pre_ping=True)
    engine = create_engine(where, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    _teach_sqlite_manners(engine)
    return engine


def sessions(engine: Engine) -> Sessions:
    """Sessions that write at the end: autoflush is off, so the write lock is taken once, late and briefly."""
    return sessionmaker(engine, autoflush=False, expire_on_commit=False)


class WriteLockHeld(RuntimeError):
    """This thread already writes on another connection: waiting would never end. A mistake of ours, told at once."""


class _Turn:
    """The mutex of one SQLite file within this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0

    def take(self) -> None:
        if self._owner == threading.get_ident():
            raise WriteLockHeld("outside acts and their journal come before the walk's own writes")
        self._lock.acquire()
        self._owner = threading.get_ident()

    def give(self) -> None:
        self._owner = 0
        self._lock.release()


def _teach_sqlite_manners(engine: Engine) -> None:
    turn = _Turn()

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "before_cursor_execute")
    def begin_at_first_write(
        connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if connection.info.get("writing") or statement.lstrip()[:6].upper() in ("SELECT", "PRAGMA"):
            return
        turn.take()
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except BaseException:
            turn.give()
            raise
        connection.info["writing"] = True

    def release(connection: Connection) -> None:
        if connection.info.pop("writing", False):
            turn.give()

    def finish(verb: str) -> Callable[[Connection], None]:
        def end(connection: Connection) -> None:
            if not connection.info.get("writing"):
                return
            try:
                driver: Any = connection.connection.driver_connection
                if driver is not None and driver.in_transaction:
                    driver.execute(verb)
            finally:
                release(connection)

        return end

    # isolation_level=None means that the driver's own commit() does nothing when it has not begun: we say it ourselves.
    event.listen(engine, "commit", finish("COMMIT"))
    event.listen(engine, "rollback", finish("ROLLBACK"))
