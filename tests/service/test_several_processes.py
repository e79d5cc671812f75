"""One desk in several processes on one PostgreSQL: a door, two workers, a sender."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.importing import load
from core import queues
from core.database import connect, sessions
from tests.database import TEMPLATE, Cluster
from tests.faults.books import Books, Copy, copy, findings, read
from tests.faults.senders import Senders

from . import crowd
from .running import Installation, until
from .sink import Sink

pytestmark = pytest.mark.xdist_group("service")


@pytest.fixture
def sink() -> Iterator[Sink[Copy]]:
    made = Sink(copy)
    yield made
    made.stop()


def test_many_senders_are_each_ticketed_once_and_acknowledged_once(
    tmp_path: Path, postgresql_cluster: Cluster, sink: Sink[Copy]
) -> None:
    name = postgresql_cluster.new_database(TEMPLATE)
    desk = Installation(tmp_path, sink.port, postgresql_cluster.url(name))
    engine = connect(desk.database_url)
    load(sessions(engine), crowd.document(60))
    services = [desk.serve(role, wait=False) for role in ("smtp", "worker", "worker", "sender")]
    try:
        for service in services:
            service.until_started()
        books = Books()
        senders = Senders([desk.port], books, seed=3, mails=10, pause=(0.0, 0.02))
        senders.start()
        until(lambda: len(books.told) == 60)
        senders.finish()
        until(lambda: queues.counts(sessions(engine))["sent"] == 120, what=lambda: str(queues.counts(sessions(engine))))
        assert [service.stop() for service in services] == [0] * 4
    finally:
        for service in services:
            service.kill()
    assert findings(read(books, sessions(engine), sink.taken)) == []
    assert all("result=ticket" in worker.log() for worker in services[1:3]), "one worker did everything"
    engine.dispose()
    postgresql_cluster.drop_database(name)
