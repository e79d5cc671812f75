"""`helpdesk queue`, `ticket` and `client` on a desk where one message could not be walked."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.app import build
from bot.channels.ports import Delivery
from bot.cli import main
from bot.intake import received
from bot.settings import load
from core import inbox
from core.inbox import ATTEMPTS, Claimed
from core.messages import InboundMessage
from core.pipeline import Pipeline
from core.surroundings import Surroundings
from tests.desk import FakeClock

from .running import Installation
from .writing import mail

pytestmark = pytest.mark.xdist_group("service")

POISON = mail("alice", "Every reader fails on this.", subject="Poison").as_bytes()
Says = Callable[..., str]


class Broken:
    """A reader with a bug."""

    def translate(self, raw: bytes, claimed: Claimed) -> InboundMessage:
        raise ZeroDivisionError("a bug in the reader")


def walk(around: Surroundings) -> None:
    pipeline = Pipeline(around, "test/0")
    while pipeline.work():
        pass


@pytest.fixture
def around(installation: Installation, caplog: pytest.LogCaptureFixture) -> Surroundings:
    """The desk behind the commands, with the message in its quarantine."""
    caplog.set_level(logging.CRITICAL)
    clock = FakeClock()
    app = build(load(installation.config), installation.folder, clock=clock)
    with app.sessions() as session:
        delivery = Delivery("email", POISON, ("support@desk.example",), "alice@bakery.example", {"peer": "127.0.0.1"})
        inbox.accept(session, [received(delivery)], clock())
        session.commit()
    broken = replace(app.around, translators={"email": Broken()})
    for _ in range(ATTEMPTS):
        walk(broken)
        clock.advance(minutes=20)
    return app.around


@pytest.fixture
def says(installation: Installation, around: Surroundings, capsys: pytest.CaptureFixture[str]) -> Says:
    def run(command: str, *arguments: object) -> str:
        assert main([command, "-c", str(installation.config), *map(str, arguments)]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    return run


def quarantined(says: Says) -> dict[str, Any]:
    (entry,) = [e for e in json.loads(says("queue", "--json"))["entries"] if e["queue"] == "quarantine"]
    found: dict[str, Any] = entry
    return found


def test_the_queue_lists_what_failed_and_why(says: Says) -> None:
    entry = quarantined(says)
    assert (entry["state"], entry["attempts"], entry["address"]) == ("shelved", ATTEMPTS, "alice@bakery.example")
    assert "a bug in the reader" in entry["error"]
    listed = says("queue")
    assert "quarantine 1" in listed and str(entry["id"]) in listed and "a bug in the reader" in listed
    assert says("queue", "list") == listed


def test_a_quarantined_message_is_shown_with_its_bytes(says: Says) -> None:
    number = quarantined(says)["id"]
    shown = says("queue", "show", number)
    assert "a bug in the reader" in shown and "Every reader fails on this." in shown
    assert json.loads(says("queue", "show", number, "--json"))["raw"] == POISON.decode()


def test_staff_find_a_ticket_about_it_that_names_the_commands(says: Says) -> None:
    number = quarantined(says)["id"]
    (ticket,) = json.loads(says("ticket", "list", "--json"))
    assert ticket["subject"] == "A message could not be processed"
    assert ticket["number"] in says("ticket", "list")
    shown = says("ticket", "show", f"#{ticket['number']}")
    assert f"helpdesk queue show {number}" in shown and f"helpdesk queue retry {number}" in shown


def test_a_retried_message_is_walked_by_the_mended_reader(says: Says, around: Surroundings) -> None:
    number = quarantined(says)["id"]
    assert says("queue", "retry", number) == f"{number}: is tried again\n"
    around.clock.now = max(around.clock.now, FakeClock().now.replace(year=2100))  # type: ignore[attr-defined]
    walk(around)
    counts = json.loads(says("queue", "--json"))["counts"]
    assert (counts["quarantine"], counts["inbox"], counts["done"]) == (0, 0, 1)
    subjects = [ticket["subject"] for ticket in json.loads(says("ticket", "list", "--json"))]
    assert sorted(subjects) == ["A message could not be processed", "Poison"]


def test_a_dropped_message_counts_as_done_and_keeps_its_bytes(says: Says, around: Surroundings) -> None:
    number = quarantined(says)["id"]
    assert says("queue", "drop", number) == f"{number}: dropped; its raw bytes are kept\n"
    walk(around)
    counts = json.loads(says("queue", "--json"))["counts"]
    assert (counts["quarantine"], counts["done"]) == (0, 1)
    assert json.loads(says("queue", "show", number, "--json"))["raw"] == POISON.decode()
    assert len(json.loads(says("ticket", "list", "--json"))) == 1


def test_a_dropped_letter_is_never_sent_and_still_counted(says: Says, around: Surroundings) -> None:
    """Books that do not add up make an operator look for what was lost."""
    before = json.loads(says("queue", "--json"))
    (letter,) = [e for e in before["entries"] if e["queue"] == "outbox"]
    says("queue", "drop", letter["id"])
    after = json.loads(says("queue", "--json"))
    assert after["counts"]["outbox"] == 0 and not [e for e in after["entries"] if e["queue"] == "outbox"]
    assert sum(after["counts"].values()) == sum(before["counts"].values())


def test_what_is_known_of_a_person(says: Says) -> None:
    shown = says("client", "show", "alice@bakery.example")
    assert "owner of account 1001" in shown and "Alice Martin, Alice Bakery" in shown and "bakery.example" in shown
    document = json.loads(says("client", "show", "bob@bakery.example", "--json"))
    assert [account["as"] for account in document["accounts"]] == ["contact"]
    assert document["accounts"][0]["permissions"] == ["invoices", "tickets"]
