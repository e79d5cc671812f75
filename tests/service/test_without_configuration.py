"""The commands that need nothing: the demo, and the reader of mails."""

from __future__ import annotations

import base64
import json

import pytest

from .running import helpdesk
from .writing import mail

pytestmark = pytest.mark.xdist_group("service")


def test_the_demo_plays_its_conversation_and_ends() -> None:
    done = helpdesk("demo", "--once")
    assert (done.code, done.err) == (0, "")
    asked = done.out.index("Could you send me the EPP code for bakery-shop.example")
    answered = done.out.index("Alice reads, at once:")
    code = done.out.index("The domain's admin contact, and nobody else, reads:")
    thief = done.out.index("The thief reads nothing") if "The thief reads nothing" in done.out else len(done.out)
    assert asked < answered < code < thief
    assert "demo-Qm4!shop" in done.out[code : code + 1500], "the code is in the mail to the admin contact"
    assert done.out.count("demo-Qm4!shop") == 1, "and in no other"


def test_parse_reads_standard_input_and_prints_json() -> None:
    raw = mail("alice", "The shop is slow.\n\nOn some day, Sam wrote:\n> Hello", subject="Slow").as_bytes()
    done = helpdesk("parse", stdin=raw)
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert document["subject"] == "Slow"
    assert "The shop is slow." in done.out
    assert helpdesk("parse", "-", stdin=raw).out == done.out


def test_parse_reads_many_messages_and_goes_on_after_a_line_that_is_none() -> None:
    raw = base64.b64encode(mail("alice", "One.", subject="First").as_bytes()).decode()
    lines = [json.dumps({"id": "a", "raw_base64": raw}), "this is no JSON", json.dumps({"id": "b", "raw_base64": raw})]
    done = helpdesk("parse", "--jsonl", stdin="\n".join(lines).encode())
    assert done.code == 0
    first, broken, last = map(json.loads, done.out.splitlines())
    assert (first["id"], first["subject"], last["id"]) == ("a", "First", "b")
    assert broken["id"] is None and broken["defects"]
