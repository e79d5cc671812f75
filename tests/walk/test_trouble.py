"""Systems behind the desk that do not answer, and things strangers send to break it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Unavailable, Uncertain, Unsupported
from core.ports import Registration
from tests.desk import TestDesk


@dataclass
class Troubled:
    """A registrar that answers, then does what it is told to do wrong."""

    inner: Any
    raises: BaseException | None = None
    asked: int = 0

    def registration(self, domain: str) -> Registration:
        found: Registration = self.inner.registration(domain)
        return found

    def auth_code(self, domain: str) -> str:
        self.asked += 1
        if self.raises is not None:
            raise self.raises
        code: str = self.inner.auth_code(domain)
        return code


@pytest.fixture
def registrar(desk: TestDesk) -> Troubled:
    troubled = Troubled(desk.app.around.registrar)
    desk.app.around = replace(desk.app.around, systems=replace(desk.app.around.systems, registrar=troubled))
    return troubled


ASKS = "EPP code for bakery-shop.example please"


def test_a_registrar_that_is_away_is_asked_again_and_the_client_answered_then(
    desk: TestDesk, registrar: Troubled
) -> None:
    registrar.raises = Unavailable("connection refused")
    assert len(desk.says("alice", ASKS)) == 0
    registrar.raises = None
    desk.clock.advance(minutes=2)
    desk.walks()
    assert len(desk.letters().of_kind("secret")) == 1 and len(desk.letters().of_kind("answer")) == 1


def test_a_registrar_that_stays_away_ends_as_a_ticket_for_a_person(desk: TestDesk, registrar: Troubled) -> None:
    registrar.raises = Unavailable("connection refused")
    desk.says("alice", ASKS)
    for _ in range(6):
        desk.clock.advance(hours=1)
        desk.walks()
    assert desk.results() == ["shelved"] and desk.letters().of_kind("quarantine")


def test_an_act_that_was_lost_half_way_is_never_repeated(desk: TestDesk, registrar: Troubled) -> None:
    registrar.raises = RuntimeError("the process died here")
    desk.says("alice", ASKS)
    registrar.raises = None
    for _ in range(4):
        desk.clock.advance(minutes=15)
        desk.walks()
    assert registrar.asked == 1
    assert desk.results() == ["shelved"] and not desk.letters().of_kind("secret")


def test_what_the_registrar_cannot_do_becomes_a_ticket(desk: TestDesk, registrar: Troubled) -> None:
    registrar.raises = Unsupported("auth codes")
    mails = desk.says("alice", ASKS)
    assert mails.to("sam").kind == "notification" and not mails.of_kind("secret")


def test_an_uncertain_act_tells_a_person(desk: TestDesk, registrar: Troubled) -> None:
    registrar.raises = Uncertain("no answer after the request")
    mails = desk.says("alice", ASKS)
    assert mails.of_kind("quarantine") and not mails.of_kind("secret")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no headers at all, just a line",
        b"From:\r\n\r\nno sender",
        b"From: a\x00b@bakery.example\r\nSubject: NUL \x00\r\n\r\nbody \x00 with NUL\r\n",
        b"From: x@stone.example\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe\xfa\r\n",
        b"From: x@stone.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!\r\n",
        b"From: x@stone.example\r\n" + b"".join(b"X-H%d: v\r\n" % n for n in range(100_000)) + b"\r\nbody\r\n",
        b"From: x@stone.example\r\n\r\n" + b"A" * 5_000_000,
        b"From: x@stone.example\r\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nbody\r\n",
        b"From: " + b"(" * 5_000 + b"x@stone.example\r\n\r\nbody\r\n",
        b"From: x@stone.example\r\nTo: " + b"a@b.example, " * 20_000 + b"\r\n\r\nbody\r\n",
        b"From: x@stone.example\r\nContent-Type: text/html\r\n\r\n" + b"<!--" * 50_000,
        "From: \u202eelpmaxe.enots@x <x@stone.example>\r\nSubject: a\u202eb\r\n\r\nhi\r\n".encode(),
        b"From: x@stone.example\r\nSubject: =?utf-8?q?Hello=0D=0ABcc:_victim@hale.example?=\r\n\r\nhi\r\n",
    ],
    ids=lambda raw: f"{len(raw)} bytes {raw[:24]!r}",
)
def test_whatever_a_stranger_sends_ends_as_a_ticket(desk: TestDesk, raw: bytes) -> None:
    mails = desk.receives(raw, ["support@desk.example"], mail_from="x@stone.example")
    assert desk.results() == ["ticket"] and len(desk.tickets()) == 1
    assert all(mail.to != "victim@hale.example" for mail in mails)
    assert all(len(mail.message.get_all("To") or []) == 1 for mail in mails)


def test_a_bomb_of_nested_parts_is_survived(desk_on_sqlite: TestDesk) -> None:
    raw = b"From: x@stone.example\r\n"
    for depth in range(2000):
        raw += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (depth, depth)
    desk_on_sqlite.receives(raw, ["support@desk.example"], mail_from="x@stone.example")
    assert desk_on_sqlite.results() == ["ticket"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.binary(max_size=300), body=st.binary(max_size=300))
def test_any_bytes_are_walked(desk_on_sqlite: TestDesk, head: bytes, body: bytes) -> None:
    desk_on_sqlite.receives(head + b"\r\n\r\n" + body, ["support@desk.example"], mail_from="x@stone.example")
    assert set(desk_on_sqlite.results()) <= {"ticket", "automatic", "bounce", "own", "duplicate", "reply", "flood"}
