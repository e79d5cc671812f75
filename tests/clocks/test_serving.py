"""The clocks as the operator meets them: the command that prints them, the loop that rings them."""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from typing import Any

import pytest

from bot import app as wiring
from bot.commands import configured, ticket
from bot.loops import ring_again_and_again
from core.sla.escalation import escalate
from tests.clocks.test_clocks import at, opens
from tests.desk import TestDesk


def shown(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, *, as_json: bool) -> None:
    monkeypatch.setattr(configured, "desk", lambda options: desk.app)
    number = desk.ticket()["number"]
    assert ticket.run(argparse.Namespace(what="show", number=number, json=as_json)) == 0


def test_ticket_show_prints_each_clock(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_on_sqlite
    told = opens(desk)
    at(desk, "2026-11-25 15:00")
    escalate(desk.app.around)
    desk.says("sam", "It works again.", reply_to=told)
    shown(desk, monkeypatch, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    first = next(line for line in lines if line.startswith("first answer:"))
    assert "met" in first and "360 of 480 minutes" in first and "warned 2026-11-25T15:00" in first and "Normal" in first
    assert any(line.startswith("solution: running, due 2026-11-27T17:00") for line in lines)
    shown(desk, monkeypatch, as_json=True)
    clocks = json.loads(capsys.readouterr().out)["clocks"]
    assert [(one["kind"], one["state"]) for one in clocks] == [("first", "met"), ("resolution", "running")]


def test_the_clocks_are_rung_by_the_desk_and_one_round_that_fails_holds_up_no_other(desk_on_sqlite: TestDesk) -> None:
    assert escalate in wiring.BY_THE_CLOCK
    desk = desk_on_sqlite
    opens(desk)
    at(desk, "2026-11-25 15:00")
    done, written = threading.Event(), threading.Event()

    def broken(_: Any) -> int:
        raise RuntimeError("a mistake")

    def last(_: Any) -> int:
        done.set()
        return 0

    async def serve() -> None:
        rounds = (broken, escalate, last)
        ringing = asyncio.create_task(ring_again_and_again(wiring.schedule(desk.app), written, rounds))
        assert await asyncio.to_thread(done.wait, 30)
        ringing.cancel()

    asyncio.run(serve())
    assert written.is_set()
    assert [mail.to for mail in desk.letters() if mail.kind == "clock"] == ["sam@desk.example"]
