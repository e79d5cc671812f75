"""The desk itself as the measured process: what `helpdesk serve` runs, with its statements and commits counted."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, select

from bot.app import App, build, run
from bot.benchmark import child
from bot.benchmark.population import DEPARTMENTS, DESK_DOMAIN, GENERAL, SECRET, STAFF
from bot.channels.smtp import SmtpListener
from bot.settings import (
    Authentication,
    DepartmentSettings,
    Desk,
    Email,
    Limits,
    Listener,
    Outgoing,
    Settings,
    StaffSettings,
)
from core.models import Arrival, Letter

HOST = "127.0.0.1"
DOOR_ONLY = ("smtp",)
WHOLE = ("smtp", "worker", "sender", "scheduler")
UNLIMITED = 10**9
"""Stands for every limit on automatic mail, so that each mail of the workload gets its acknowledgement."""


def settings(database: str, letters_port: int) -> Settings:
    limits = dict.fromkeys(Limits.__dataclass_fields__.keys() - {"min_free_mb"}, UNLIMITED)
    return Settings(
        desk=Desk(name="Example Hosting", address=GENERAL, database=database, secret=SECRET),
        departments=tuple(DepartmentSettings(name, f"{name.lower()}@{DESK_DOMAIN}") for name in DEPARTMENTS),
        staff=tuple(StaffSettings(name, email, (), departments) for name, email, departments in STAFF),
        email=Email(
            listener=Listener(listen=f"{HOST}:0"),
            authentication=Authentication(dns={"zone": "zone.json"}),
            outgoing=Outgoing(host=HOST, port=letters_port, from_domain=DESK_DOMAIN),
        ),
        limits=replace(Limits(), **limits, min_free_mb=0),
    )


def desk(pipe: Pipe, settings: Settings, folder: Path, roles: Sequence[str], sync_delay: float) -> None:
    """`folder` holds the database, the zone file and the log; `sync_delay` is in seconds, added to each commit."""
    logging.basicConfig(
        level=logging.INFO, filename=folder / "desk.log", format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    app = build(settings, folder)
    counted = _Counted()
    _count(app.engine, counted, sync_delay)
    asyncio.run(_serve(pipe, app, roles, counted))


@dataclass(slots=True)
class _Counted:
    statements: int = 0
    syncs: int = 0


def _count(engine: Engine, counted: _Counted, sync_delay: float) -> None:
    """Listens behind the database's own manners: at the first write of a transaction the lock is already held.

    The delay is taken there, so that everybody waits for it as for a slow disk; PostgreSQL syncs without such a lock.
    """
    locks = engine.dialect.name == "sqlite"

    def sync() -> None:
        counted.syncs += 1
        time.sleep(sync_delay)

    @event.listens_for(engine, "before_cursor_execute")
    def statement(connection: Connection, *_: Any) -> None:
        counted.statements += 1
        if locks and connection.info.get("writing") and not connection.info.get("counted"):
            connection.info["counted"] = True
            sync()

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        connection.info.pop("counted", None)
        if not locks:
            sync()


async def _serve(pipe: Pipe, app: App, roles: Sequence[str], counted: _Counted) -> None:
    loop, until = asyncio.get_running_loop(), asyncio.Event()

    def used() -> child.Used:
        return child.used(counted.statements, counted.syncs, _idle(app))

    def started(smtp: SmtpListener | None) -> None:
        child.answer(pipe, used, loop, until)
        pipe.send(smtp.port if smtp else 0)

    await run(app, roles, until=until, started=started)


def _idle(app: App) -> bool:
    """Neither a message to be walked nor a letter to be sent (two questions that the indexes answer)."""
    with app.sessions() as session:
        return not any(
            session.scalar(select(table.id).where(table.state == state).limit(1))
            for table in (Arrival, Letter)
            for state in ("new", "taken")
        )
