"""One message's failure is that message's alone, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from core import queues
from core.inbox import Claimed, TakenAway
from core.messages import InboundMessage
from core.pipeline import Pipeline
from tests.desk import TestDesk


@dataclass
class Poisonous:
    """A translator with a bug: whoever says POISON is not read."""

    inner: Any
    mended: bool = False

    def translate(self, raw: bytes, claimed: Claimed) -> InboundMessage:
        if b"POISON" in raw and not self.mended:
            raise ValueError("a bug in the reading")
        message: InboundMessage = self.inner.translate(raw, claimed)
        return message


@pytest.fixture
def poisonous(desk: TestDesk) -> Poisonous:
    translator = Poisonous(desk.app.around.translators["email"])
    desk.app.around = replace(desk.app.around, translators={"email": translator})
    return translator


def walk_out_the_retries(desk: TestDesk) -> None:
    for _ in range(4):
        desk.walks()
        desk.clock.advance(minutes=15)


def test_a_poisoned_message_stops_nobody_and_is_walked_after_the_mending(desk: TestDesk, poisonous: Poisonous) -> None:
    for number in range(20):
        text = "POISON" if number == 7 else f"trouble {number}"
        raw = f"From: c{number}@stone.example\r\nMessage-ID: <{number}@x.test>\r\nSubject: s{number}\r\n\r\n{text}\r\n"
        desk.accepts(raw.encode(), ["support@desk.example"], mail_from=f"c{number}@stone.example")
    walk_out_the_retries(desk)
    assert desk.results().count("ticket") == 19 and desk.results().count("shelved") == 1
    assert any("could not be processed" in ticket["subject"] for ticket in desk.tickets())
    (entry,) = [entry for entry in queues.entries(desk.app.sessions) if entry.queue == "quarantine"]
    assert "a bug in the reading" in entry.error
    found = queues.show(desk.app.sessions, entry.id)
    assert found is not None and b"POISON" in found[1]

    poisonous.mended = True
    assert queues.retry(desk.app.sessions, entry.id, desk.clock())
    desk.walks()
    assert desk.results().count("ticket") == 20


def test_staff_are_told_of_a_quarantined_message_once(desk: TestDesk, poisonous: Poisonous) -> None:
    raw = b"From: alice@bakery.example\r\nMessage-ID: <1@x.test>\r\n\r\nPOISON\r\n"
    before = desk.says("victor", "all is well here")
    desk.accepts(raw, ["support@desk.example"], mail_from="alice@bakery.example")
    walk_out_the_retries(desk)
    told = [mail for mail in desk.letters() if mail.kind == "quarantine"]
    assert [mail.to for mail in told] == ["sam@desk.example"] and before


def test_the_next_message_of_the_same_sender_waits_for_the_failing_one(desk: TestDesk, poisonous: Poisonous) -> None:
    for number, text in enumerate(("POISON", "second")):
        raw = f"From: nina@stone.example\r\nMessage-ID: <{number}@x.test>\r\n\r\n{text}\r\n".encode()
        desk.accepts(raw, ["support@desk.example"], mail_from="nina@stone.example")
    desk.walks()
    assert desk.results()[1] == "new"
    walk_out_the_retries(desk)
    assert desk.results()[1] == "ticket"


def test_a_worker_that_lost_its_lease_may_not_commit(desk: TestDesk) -> None:
    from core import inbox

    desk.accepts(b"From: nina@stone.example\r\n\r\nhello\r\n", ["support@desk.example"])
    (slow,) = inbox.claim(desk.app.sessions, "host/1/slow", desk.clock())
    desk.clock.advance(minutes=5)
    inbox.put_back(desk.app.sessions, None, desk.clock())
    (quick,) = inbox.claim(desk.app.sessions, "host/2/quick", desk.clock())
    with desk.app.sessions() as session, pytest.raises(TakenAway):
        inbox.finish(session, slow, "ticket")
    with desk.app.sessions() as session:
        inbox.finish(session, quick, "ticket")
        session.commit()


def test_two_workers_never_hold_two_messages_of_one_sender(desk: TestDesk) -> None:
    for number in range(10):
        raw = f"From: nina@stone.example\r\nMessage-ID: <{number}@x.test>\r\n\r\nhello\r\n".encode()
        desk.accepts(raw, ["support@desk.example"])
    first = Pipeline(desk.app.around, "host/1/a")
    second = Pipeline(desk.app.around, "host/1/b")
    from core import inbox

    held = inbox.claim(desk.app.sessions, first.worker, desk.clock())
    assert len(held) == 1
    assert second.work() == 0
