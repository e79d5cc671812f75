"""kill -9 at any moment: what was accepted is ticketed once and acknowledged once, and nothing else happens.

Senders repeat until 250, the sink loses connections, and the desk is killed, its whole process group, again and
again. `HELPDESK_FAULTS=long` means 500 kills or half an hour instead of a dozen kills; `HELPDESK_SEED` repeats a
run's chances.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.importing import load
from core import inbox, outbox, queues
from core.database import Sessions, connect, sessions
from tests.database import TEMPLATE, Cluster
from tests.service import crowd
from tests.service.running import Installation, Service, until
from tests.service.sink import CUT_AFTER, CUT_BEFORE, OK, Sink

from .books import Books, Copy, copy, findings, read
from .senders import Senders

pytestmark = pytest.mark.xdist_group("faults")

LONG = os.environ.get("HELPDESK_FAULTS") == "long"
LONGEST = 1800.0 if LONG else 300.0
DRAIN_SECONDS = 300.0
MAILS_PER_SENDER = 8000 if LONG else 150
SINK_FAULTS = 0.05


@dataclass(slots=True)
class Run:
    """One desk under kill -9 in one or more processes on one database."""

    installations: list[Installation]
    sessions: Sessions
    sink: Sink[Copy]
    seed: int
    caught: int = 0
    """Kills that left messages or letters in dead hands."""

    def lives_through(self, kills: int) -> Books:
        """Kill that many times under load, let it come to rest, and return the books."""
        chance = random.Random(self.seed)
        books = Books()
        senders = Senders([i.port for i in self.installations], books, self.seed, MAILS_PER_SENDER)
        services = [installation.serve(wait=False) for installation in self.installations]
        self.sink.answer = lambda _: chance.choices((CUT_BEFORE, CUT_AFTER, OK), (SINK_FAULTS, SINK_FAULTS, 1))[0]
        try:
            services[0].until_started()
            senders.start()
            self._kill(services, kills, chance)
            senders.finish()
            self.sink.answer = lambda _: OK
            self._drain(services)
            codes = [service.stop() for service in services]
        finally:
            senders.stopping.set()
            for service in services:
                service.kill()
        assert codes == [0] * len(services)
        return read(books, self.sessions, self.sink.taken)

    def _kill(self, services: list[Service], kills: int, chance: random.Random) -> None:
        end = time.monotonic() + LONGEST
        done = 0
        while done < kills or (not self.caught and done < 5 * kills):  # what met nobody at work proves nothing
            if time.monotonic() > end:
                return
            done += 1
            victim = chance.randrange(len(services))
            if chance.random() < 0.8:
                services[victim].until_started()
                time.sleep(chance.uniform(0.1, 0.9))
            else:
                time.sleep(chance.uniform(0.0, 1.2))  # while it is starting, or soon after
            services[victim].kill()
            self.caught += bool(inbox.holders(self.sessions) or outbox.holders(self.sessions))
            services[victim] = self.installations[victim].serve(wait=False)

    def _drain(self, services: list[Service]) -> None:
        for service in services:
            service.until_started()
        until(self._at_rest, DRAIN_SECONDS, lambda: f"seed {self.seed}: {queues.counts(self.sessions)}")

    def _at_rest(self) -> bool:
        """What the sink cut waits a minute for its next try; an operator's retry spares us that."""
        time.sleep(0.3)
        now = queues.counts(self.sessions)
        if now["outbox"] and not now["inbox"]:
            self._hasten()
        return now["inbox"] == now["outbox"] == 0

    def _hasten(self) -> None:
        for entry in queues.entries(self.sessions):
            if entry.queue == "outbox" and entry.state == "new" and entry.error:
                queues.retry(self.sessions, entry.id, datetime.now(UTC))


@pytest.fixture
def sink() -> Iterator[Sink[Copy]]:
    made = Sink(copy)
    yield made
    made.stop()


@contextmanager
def run_on(database: str, folder: Path, sink: Sink[Copy], processes: int) -> Iterator[Run]:
    seed = int(os.environ.get("HELPDESK_SEED") or random.randrange(1_000_000))
    print(f"seed {seed}")
    installations = [Installation(folder, sink.port, database) for _ in range(processes)]
    engine = connect(installations[0].database_url)
    run = Run(installations, sessions(engine), sink, seed)
    load(run.sessions, crowd.document(6 * MAILS_PER_SENDER))
    yield run
    engine.dispose()


def assert_clean(books: Books, run: Run, at_least: int) -> None:
    found = findings(books)
    accepted = sum(told.accepted for told in books.told.values())
    repeated = sum(told.tries > 1 for told in books.told.values())
    copies = len(books.sent) - len({one.message_id for one in books.sent})
    print(f"{len(books.told)} mails, {accepted} accepted, {repeated} tried again, {copies} extra copies sent")
    print(f"{run.caught} kills left something in dead hands")
    assert not found, f"seed {run.seed}: {len(found)} findings\n" + "\n".join(found[:30])
    assert accepted >= at_least and repeated and run.caught, "too little happened to prove anything"


def test_kill_9_loses_and_doubles_nothing_on_sqlite(tmp_path: Path, sqlite_template: Path, sink: Sink[Copy]) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "desk.db")
    with run_on("sqlite:///desk.db", tmp_path, sink, 1) as run:
        assert_clean(run.lives_through(500 if LONG else 9), run, 10)
        with run.sessions() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_kill_9_of_one_process_of_two_loses_and_doubles_nothing_on_postgresql(
    tmp_path: Path, postgresql_cluster: Cluster, sink: Sink[Copy]
) -> None:
    name = postgresql_cluster.new_database(TEMPLATE)
    with run_on(postgresql_cluster.url(name), tmp_path, sink, 2) as run:
        assert_clean(run.lives_through(500 if LONG else 5), run, 10)
    postgresql_cluster.drop_database(name)


def test_without_the_index_that_keeps_redeliveries_out_the_books_do_not_balance(
    tmp_path: Path, sqlite_template: Path, sink: Sink[Copy]
) -> None:
    """The control: senders that lose every second 250 are enough for the suite to see what the index is for."""
    shutil.copyfile(sqlite_template, tmp_path / "desk.db")
    with run_on("sqlite:///desk.db", tmp_path, sink, 1) as run:
        with run.sessions() as session:
            session.execute(text("DROP INDEX inbox_once"))
            session.commit()
        books = Books()
        senders = Senders([run.installations[0].port], books, run.seed, mails=5, hangs_up=0.5)
        service = run.installations[0].serve()
        senders.start()
        until(lambda: len(books.told) == 30 and all(told.accepted or told.cut for told in books.told.values()))
        senders.finish()
        run._drain([service])
        assert service.stop() == 0
        assert any(line.startswith("stored twice") for line in findings(read(books, run.sessions, sink.taken)))
