"""The script that tells how well the reader does counts what it says it counts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.meaning.figures import figures

LINES = (
    ({"intents": ["domain.unlock"]}, "please unlock bakery.example"),
    ({"intents": ["human"], "department": "Support"}, "my site is broken since yesterday"),
    ({"intents": ["human"], "department": "Billing", "must_not": ["domain.lock"]}, "please lock bakery.example"),
    ({"intents": ["smalltalk"]}, "thanks a lot!"),
    ({"intents": ["invoices.list"], "also": [["domains.list"]]}, "which domains do I have?"),
)


def test_right_wrong_and_dangerous_readings_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"text": text, "lang": "fr" if "site" in text else "en", "expect": expect})
            for expect, text in LINES
        ),
        encoding="utf-8",
    )
    found = figures(path)
    assert (found.messages, found.exact, len(found.wrong)) == (5, 4, 1)
    assert found.dangerous == ["3: domain.lock"]
    assert (found.for_people, found.reached_people, found.department_right) == (2, 1, 1)
    assert (found.changes, found.changes_right) == (1, 1)
    assert found.language_right == 4
