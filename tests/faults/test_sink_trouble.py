"""A smarthost that greylists, refuses for a while and loses connections: every letter arrives, under one Message-ID."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.channels.submission import Submission
from bot.importing import load
from bot.loops import Posting
from bot.settings import Outgoing
from core import queues
from core.models import Letter
from tests.desk import TestDesk
from tests.service import crowd
from tests.service.sink import CUT_AFTER, CUT_BEFORE, OK, Sink

from .books import Copy, copy
from .test_workers import arrive

pytestmark = pytest.mark.xdist_group("faults")

SEED = 7
REFUSALS = ("421 4.3.2 Closing", "450 4.2.0 Busy", "451 4.3.0 Trouble", "452 4.2.2 Full")


@pytest.fixture
def sink() -> Iterator[Sink[Copy]]:
    made = Sink(copy)
    yield made
    made.stop()


def send_for(desk: TestDesk, sink: Sink[Copy], hours: int) -> None:
    """The desk's own sender, an hour and a half from try to try."""

    async def rounds() -> None:
        mail = Submission(Outgoing(host="127.0.0.1", port=sink.port, from_domain="desk.example"))
        posting = Posting(desk.app.around, {"email": mail}, "sender", desk.app.written, 120.0)
        for _ in range(hours):
            while await posting.send_due():
                pass
            desk.clock.advance(minutes=90)
        await mail.close()

    asyncio.run(rounds())


def test_every_acknowledgement_arrives_under_one_message_id(desk: TestDesk, sink: Sink[Copy]) -> None:
    load(desk.app.sessions, crowd.document(30))
    for number in range(1, 31):
        arrive(desk.app, crowd.key(number))
    desk.walks()
    chance, seen = random.Random(SEED), set()

    def trouble(mail: Copy) -> str:
        if mail.recipient not in seen:  # greylisting: the first try of everybody
            seen.add(mail.recipient)
            return "451 4.7.1 Greylisted"
        return chance.choices((OK, CUT_BEFORE, CUT_AFTER, chance.choice(REFUSALS)), (6, 1, 2, 1))[0]

    sink.answer = trouble
    send_for(desk, sink, 15)
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mail in sink.taken:
        ids[mail.recipient, mail.subject].add(mail.message_id)
    with desk.app.sessions() as session:
        letters = session.scalars(select(Letter)).all()
        assert Counter(letter.state for letter in letters) == {"sent": 60}
    assert len(ids) == 60 and all(len(each) == 1 for each in ids.values())
    assert len({mail.sha256 for mail in sink.taken}) == 60
    assert len(sink.taken) > 60, "nothing was cut after it was taken: this proves nothing"


def test_a_permanent_refusal_fails_one_letter_and_none_of_its_neighbours(
    desk_on_sqlite: TestDesk, sink: Sink[Copy]
) -> None:
    load(desk_on_sqlite.app.sessions, crowd.document(3))
    for number in range(1, 4):
        arrive(desk_on_sqlite.app, crowd.key(number))
    desk_on_sqlite.walks()
    refused = crowd.address(crowd.key(2))
    sink.answer = lambda mail: "550 5.1.1 No such user" if mail.recipient == refused else OK
    send_for(desk_on_sqlite, sink, 3)
    failed = [entry for entry in queues.entries(desk_on_sqlite.app.sessions) if entry.state == "failed"]
    assert [(entry.address, entry.attempts) for entry in failed] == [(refused, 1)]
    assert "550 5.1.1" in failed[0].error
    clients = {mail.recipient for mail in sink.taken} - {"sam@desk.example"}
    assert clients == {crowd.address(crowd.key(1)), crowd.address(crowd.key(3))}
