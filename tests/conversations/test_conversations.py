"""Every written dialogue happens as it is written, and every function of the client area has one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.handlers import collect
from tests.conversations import FILES, FOLDER, Replay, sections, tidy
from tests.desk import TestDesk

WRITE = os.environ.get("CONVERSATIONS") == "write"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_people_and_desk_say_what_is_written(path: Path, desk_on_sqlite: TestDesk) -> None:
    replay = Replay(desk_on_sqlite)
    text = path.read_text(encoding="utf-8")
    introduction = text.partition("\n## ")[0].rstrip()
    played = [(section, replay.play(section)) for section in sections(path)]
    if WRITE:
        body = "\n\n".join(f"## {section.title}\n\n" + "\n".join(lines) for section, lines in played)
        path.write_text(f"{introduction}\n\n{body}\n", encoding="utf-8")
        pytest.skip("written down: read it, and run again")
    for section, lines in played:
        assert tidy(section.lines[1:]) == lines, section.title


def test_every_row_that_a_handler_claims_has_a_dialogue() -> None:
    shown = {row for path in FILES for section in sections(path) for row in section.rows}
    claimed = {row for entry in collect() for row in entry.rows}
    assert claimed <= shown, f"{FOLDER.name} lacks {sorted(claimed - shown)}"
