"""helpdesk understand, as scripts call it."""

from __future__ import annotations

import io
import json
import sys

import pytest

from bot.cli import main


def test_a_text_gives_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["understand", "please unlock bakery.example"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "id": None,
        "intents": [{"name": "domain.unlock", "confidence": 0.95, "entities": {"domain": ["bakery.example"]}}],
        "department": "Support",
        "language": "en",
    }


def test_lines_in_give_lines_out_with_the_same_ids(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        {"id": "a", "channel": "chat", "text": "what do I owe"},
        {"id": "b", "subject": "x", "text": "danke schön"},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["understand", "--jsonl", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(answer["id"], answer["intents"][0]["name"]) for answer in answers] == [
        ("a", "invoices.list"),
        ("b", "smalltalk"),
    ]


def test_a_line_that_is_no_json_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"nonsense\n")))
    assert main(["understand", "--jsonl", "-"]) != 0
    assert "line 1" in capsys.readouterr().err


def test_with_why_the_rule_and_the_reason_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    main(["understand", "--why", "my client asked me to unlock bakery.example"])
    document = json.loads(capsys.readouterr().out)
    assert document["guard"] == "somebody else's account"
    assert document["intents"][0]["why"] == "somebody else's account"
