"""The database cannot be written for a while: the doors say "later", nothing is lost, and nobody has to help."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import core.database
from bot.channels.ports import Delivery, NotAccepted
from bot.importing import load
from bot.intake import Intake
from core import inbox, queues
from core.clock import system_clock
from core.database import connect, sessions
from tests.service import crowd
from tests.service.running import Installation, until
from tests.service.sink import Sink

from .books import Books, copy, findings, read
from .senders import Senders

pytestmark = pytest.mark.xdist_group("faults")

WAITING = 100


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process's write lock, as a backup or a shell that was left open holds it."""
    other = sqlite3.connect(file, isolation_level=None, timeout=10)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_while_another_process_locks_the_database_senders_are_told_to_try_later_and_nothing_is_lost(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "desk.db"
    shutil.copyfile(sqlite_template, file)
    sink = Sink(copy)
    installation = Installation(tmp_path, sink.port)
    engine = connect(installation.database_url)
    load(sessions(engine), crowd.document(300))
    books = Books()
    senders = Senders([installation.port], books, seed=1, mails=50, hangs_up=0)
    service = installation.serve(patch="import core.database; core.database.BUSY_TIMEOUT_MS = 300")
    try:
        senders.start()
        until(lambda: any(told.accepted for told in books.told.values()))
        with locked(file):
            until(lambda: len(books.put_off) >= 6)
            before = sum(told.accepted for told in books.told.values())
        until(lambda: sum(told.accepted for told in books.told.values()) > before + 6)
        senders.finish()
        until(lambda: {queues.counts(sessions(engine))[name] for name in ("inbox", "outbox")} == {0})
        assert service.stop() == 0
    finally:
        senders.stopping.set()
        service.kill()
        sink.stop()
    assert set(books.put_off) <= {"451 4.3.0 Temporary failure, try again later"}, set(books.put_off)
    assert findings(read(books, sessions(engine), sink.taken)) == []
    engine.dispose()


def test_all_who_wait_for_a_locked_database_are_answered_after_one_patience(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one after the other: sixty senders would wait for half an hour, and the last would have hung up."""
    monkeypatch.setattr(core.database, "BUSY_TIMEOUT_MS", 300)
    file = tmp_path / "desk.db"
    shutil.copyfile(sqlite_template, file)
    engine = connect(f"sqlite:///{file}")
    intake = Intake(sessions(engine), system_clock, lambda: None, 1000)
    intake.start()

    async def everybody() -> list[BaseException | None]:
        return await asyncio.gather(
            *(intake.accept(delivery(n)) for n in range(1, WAITING + 1)), return_exceptions=True
        )

    with locked(file):
        began = time.monotonic()
        answers = asyncio.run(everybody())
        took = time.monotonic() - began
    assert [type(answer) for answer in answers] == [NotAccepted] * WAITING
    assert took < WAITING * 0.3 / 2, "one after the other they would wait twice as long at the least"
    assert asyncio.run(everybody()) == [None] * WAITING
    assert inbox.waiting(sessions(engine)) == WAITING
    intake.stop()
    engine.dispose()


def test_one_message_that_cannot_be_stored_keeps_out_nobody_who_came_with_it(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "desk.db"
    shutil.copyfile(sqlite_template, file)
    engine = connect(f"sqlite:///{file}")
    intake = Intake(sessions(engine), system_clock, lambda: None, 1000)
    poison = Delivery("email", b"x", ("support@desk.example",), "", {"no": object()})

    async def together() -> list[BaseException | None]:
        waiting = asyncio.gather(*map(intake.accept, (delivery(1), poison, delivery(2))), return_exceptions=True)
        await asyncio.sleep(0)  # all three stand in the queue before its thread looks
        intake.start()
        return await waiting

    first, refused, second = asyncio.run(together())
    assert (first, second) == (None, None)
    assert isinstance(refused, NotAccepted)
    intake.stop()
    engine.dispose()


def test_a_door_that_no_longer_waits_for_its_commit_stops_nobody_else(tmp_path: Path, sqlite_template: Path) -> None:
    """`accept` is safe to cancel: what was handed over is stored all the same, and so is what comes after it."""
    file = tmp_path / "desk.db"
    shutil.copyfile(sqlite_template, file)
    engine = connect(f"sqlite:///{file}")
    intake = Intake(sessions(engine), system_clock, lambda: None, 1000)

    async def cancel_one_then_wait_for_another() -> None:
        cancelled = asyncio.ensure_future(intake.accept(delivery(1)))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        intake.start()
        await asyncio.wait_for(intake.accept(delivery(2)), 60)
        await asyncio.wait_for(intake.accept(delivery(3)), 60)

    asyncio.run(cancel_one_then_wait_for_another())
    intake.stop()
    assert inbox.waiting(sessions(engine)) >= 2
    engine.dispose()


def delivery(number: int) -> Delivery:
    key = crowd.key(number)
    return Delivery("email", crowd.mail(key), ("support@desk.example",), crowd.address(key), {})
