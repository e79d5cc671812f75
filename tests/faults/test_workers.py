"""Two workers on one inbox: nothing is walked twice, each sender's messages in order, a lost lease commits nothing."""

from __future__ import annotations

import signal
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App, build
from bot.channels.ports import Delivery
from bot.importing import load
from bot.intake import received
from bot.settings import load as load_settings
from core import inbox, outbox
from core.errors import Unavailable
from core.inbox import Claimed
from core.messages import InboundMessage
from core.models import Arrival, Letter, Ticket, TicketMessage
from core.pipeline import Pipeline
from core.surroundings import Translator
from tests.database import TEMPLATE, Cluster
from tests.desk import TestDesk
from tests.service import crowd
from tests.service.running import Installation, until

pytestmark = pytest.mark.xdist_group("faults")


@dataclass(frozen=True, slots=True)
class Watched:
    """A translator that first tells a test about the message."""

    inner: Translator
    before: Callable[[Claimed], object]

    def translate(self, raw: bytes, claimed: Claimed) -> InboundMessage:
        self.before(claimed)
        return self.inner.translate(raw, claimed)


def worker(app: App, name: str, before: Callable[[Claimed], object] = lambda _: None) -> Pipeline:
    watched = Watched(app.around.translators["email"], before)
    return Pipeline(replace(app.around, translators={"email": watched}), name)


def arrive(app: App, key: str, number: int = 0) -> None:
    """The client's mail stands in the inbox; different numbers are different mails of the same client."""
    raw = crowd.mail(key).replace(f"<{key}@".encode(), f"<{key}.{number}@".encode())
    with app.sessions() as session:
        delivery = Delivery("email", raw, ("support@desk.example",), crowd.address(key), {"peer": "192.0.2.1"})
        inbox.accept(session, [received(delivery)], app.around.clock())
        session.commit()


def test_two_workers_keep_each_sender_s_order_and_walk_nothing_twice(desk: TestDesk) -> None:
    load(desk.app.sessions, crowd.document(20))
    for number in range(10):
        for client in range(1, 21):
            arrive(desk.app, crowd.key(client), number)
    walked: dict[str, set[int]] = defaultdict(set)
    threads = [threading.Thread(target=drain, args=(desk.app, name, walked)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert desk.results() == ["ticket"] * 200
    assert all(walked.values()) and len(walked) == 2, "one worker did everything: this proves nothing"
    with desk.app.sessions() as session:
        assert len(session.scalars(select(Ticket.id)).all()) == 200
        stored = session.execute(
            select(TicketMessage.author, TicketMessage.arrival_id).order_by(TicketMessage.id)
        ).all()
    order: dict[str, list[int | None]] = defaultdict(list)
    for author, arrival in stored:
        order[author].append(arrival)
    assert [len(arrivals) for arrivals in order.values()] == [10] * 20
    assert all(arrivals == sorted(arrivals) for arrivals in order.values())  # type: ignore[type-var]


def drain(app: App, name: str, walked: dict[str, set[int]]) -> None:
    pipeline = worker(app, name, lambda claimed: walked[name].add(claimed.id))
    while pipeline.work(4) or inbox.waiting(app.sessions):
        pass


def test_a_claim_takes_no_more_than_it_was_asked_for(desk: TestDesk) -> None:
    """Who takes everything leaves nothing to others, and cannot finish it within the lease."""
    load(desk.app.sessions, crowd.document(20))
    for client in range(1, 21):
        arrive(desk.app, crowd.key(client))
    assert [len(inbox.claim(desk.app.sessions, name, desk.clock(), 4)) for name in ("one", "two")] == [4, 4]
    desk.walks()
    claimed = [outbox.claim(desk.app.sessions, name, "email", desk.clock(), 5) for name in ("one", "two")]
    assert [len(letters) for letters in claimed] == [5, 5]


def test_a_worker_whose_lease_ran_out_is_refused_its_commit(desk: TestDesk) -> None:
    """It sleeps in the middle of the walk; another takes over and finishes; then the sleeper wakes."""
    key = crowd.key(1)
    load(desk.app.sessions, crowd.document(1))
    arrive(desk.app, key)

    def sleep(_: Claimed) -> None:
        desk.clock.advance(seconds=inbox.LEASE.total_seconds() + 1)
        assert inbox.put_back(desk.app.sessions, None, desk.clock()) == 1
        assert worker(desk.app, "the other").work() == 1

    assert worker(desk.app, "the sleeper", sleep).work() == 1
    assert desk.results() == ["ticket"]
    with desk.app.sessions() as session:
        assert len(session.scalars(select(Ticket)).all()) == 1
        assert session.scalars(select(Letter.recipient).order_by(Letter.recipient)).all() == [
            crowd.address(key),
            "sam@desk.example",
        ]


def test_a_worker_whose_lease_ran_out_is_refused_its_commit_while_another_still_walks(desk: TestDesk) -> None:
    """Also when it took the same message itself again: a lease is for one walk."""
    load(desk.app.sessions, crowd.document(1))
    for number, name in enumerate(("another", "the sleeper")):
        arrive(desk.app, crowd.key(1), number)
        later: list[Claimed] = []

        def sleep(_: Claimed, name: str = name, later: list[Claimed] = later) -> None:
            desk.clock.advance(seconds=inbox.LEASE.total_seconds() + 1)
            inbox.put_back(desk.app.sessions, None, desk.clock())
            later += inbox.claim(desk.app.sessions, name, desk.clock())

        assert worker(desk.app, "the sleeper", sleep).work() == 1
        assert len(later) == 1
        assert desk.results()[-1] == "taken"
        with desk.app.sessions() as session:
            assert session.scalar(select(Letter.id)) is session.scalar(select(Ticket.id)) is None
            inbox.finish(session, later[0], "dropped")
            session.commit()


def test_a_worker_whose_lease_ran_out_can_neither_put_its_message_back_nor_shelve_it(desk: TestDesk) -> None:
    """The walk fails after another worker finished the message: it stays finished."""
    load(desk.app.sessions, crowd.document(2))
    for failure in (Unavailable("the registrar sleeps too"), ValueError("a bug")):
        arrive(desk.app, crowd.key(1), hash(failure))

        def sleep(_: Claimed, failure: Exception = failure) -> None:
            desk.clock.advance(seconds=inbox.LEASE.total_seconds() + 1)
            inbox.put_back(desk.app.sessions, None, desk.clock())
            worker(desk.app, "the other").work()
            raise failure

        assert worker(desk.app, "the sleeper", sleep).work() == 1
    assert desk.results() == ["ticket", "ticket"]


def test_a_stopped_process_loses_its_messages_to_another_and_changes_nothing_when_it_goes_on(
    tmp_path: Path, postgresql_cluster: Cluster
) -> None:
    """SIGSTOP in the middle of a walk, beyond the lease (here 2 seconds), then SIGCONT."""
    short = (
        "import core.inbox, bot.loops; from datetime import timedelta;"
        "core.inbox.LEASE = timedelta(seconds=2); bot.loops.TIDY_SECONDS = 0.3"
    )
    slow = (
        "; import time; from bot.channels.mail import MailTranslator as T; translate = T.translate;"
        "T.translate = lambda *a: (time.sleep(0.3), translate(*a))[1]"
    )
    database = postgresql_cluster.new_database(TEMPLATE)
    installation = Installation(tmp_path, database=postgresql_cluster.url(database))
    app = build(load_settings(installation.config), tmp_path)
    load(app.sessions, crowd.document(4))
    sleeper = installation.serve("worker", patch=short + slow)
    for number in range(1, 5):
        arrive(app, crowd.key(number))
    until(lambda: inbox.holders(app.sessions))
    sleeper.signal(signal.SIGSTOP)
    held = inbox.holders(app.sessions)
    other = installation.serve("worker", patch=short)
    try:
        until(lambda: done(app) == 4)
        assert held, "nothing was taken from the sleeper: this proves nothing"
        sleeper.signal(signal.SIGCONT)
        until(lambda: "taken over" in sleeper.log() or "TakenAway" in sleeper.log(), what=sleeper.log)
        assert (sleeper.stop(), other.stop()) == (0, 0)
    finally:
        sleeper.kill()
        other.kill()
    with app.sessions() as session:
        assert done(app) == len(session.scalars(select(Ticket)).all()) == 4
        letters = session.scalars(select(Letter.recipient)).all()
    assert sorted(set(letters)) == sorted({*map(crowd.address, map(crowd.key, range(1, 5))), "sam@desk.example"})
    assert len(letters) == 8
    app.engine.dispose()
    postgresql_cluster.drop_database(database)


def done(app: App) -> int:
    with app.sessions() as session:
        return len(session.scalars(select(Arrival.id).where(Arrival.state == "done")).all())


class Crash(BaseException):
    """The end of the process, for everything that would still have been done."""


def test_an_act_that_was_begun_when_the_process_died_is_not_repeated_but_shown_to_a_person(desk: TestDesk) -> None:
    """Between the journal's two commits only the registrar knows whether the code was changed."""
    calls = []

    @dataclass(frozen=True, slots=True)
    class DyingRegistrar:
        def registration(self, domain: str) -> object:
            return desk.app.around.registrar.registration(domain)

        def auth_code(self, domain: str) -> str:
            calls.append(domain)
            raise Crash

    around = replace(desk.app.around, systems=replace(desk.app.around.systems, registrar=DyingRegistrar()))  # type: ignore[arg-type]
    raw = desk.mail(
        "alice", "EPP code for bakery-shop.example please", to="support@desk.example", subject="Moving",
        cc="", reply_to=None, headers={}, attach=(),
    )  # fmt: skip
    desk.accepts(raw, ["support@desk.example"], mail_from="alice@bakery.example")
    with suppress(Crash):
        Pipeline(around, "dead/0").work()
    assert desk.results() == ["taken"]
    assert inbox.put_back(desk.app.sessions, ["dead/0"], desk.clock()) == 1
    desk.walks()
    assert desk.results() == ["shelved"]
    assert calls == ["bakery-shop.example"]
    ticket = desk.ticket()
    assert ticket["subject"] == "A message could not be processed"
    assert "uncertain" in ticket["messages"][0]["text"]
    with desk.app.sessions() as session:
        letters = session.execute(select(Letter.recipient, Letter.kind)).all()
    assert [tuple(letter) for letter in letters] == [("sam@desk.example", "quarantine")]


def test_time_stands_still_for_nobody_else(desk_on_sqlite: TestDesk) -> None:
    """A message that waits for its next try holds up its own sender, and no other."""
    load(desk_on_sqlite.app.sessions, crowd.document(2))
    poisoned, healthy = crowd.key(1), crowd.key(2)
    for number in range(2):
        arrive(desk_on_sqlite.app, poisoned, number)
    arrive(desk_on_sqlite.app, healthy)
    first = min(arrivals(desk_on_sqlite.app))

    def fail_on_first(claimed: Claimed) -> None:
        if claimed.id == first:
            raise ValueError("poison")

    pipeline = worker(desk_on_sqlite.app, "one", fail_on_first)
    while pipeline.work():
        pass
    assert desk_on_sqlite.results() == ["new", "new", "ticket"]
    desk_on_sqlite.clock.advance(seconds=60)
    while pipeline.work():
        pass
    assert desk_on_sqlite.results() == ["shelved", "ticket", "ticket"]


def arrivals(app: App) -> list[int]:
    with app.sessions() as session:
        return list(session.scalars(select(Arrival.id)))
