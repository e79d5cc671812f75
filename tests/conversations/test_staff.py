"""Dialogues in which staff write first: what clients read of it, word for word, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conversations import FOLDER, Replay, sections, tidy
from tests.desk import TestDesk

WRITE = os.environ.get("CONVERSATIONS") == "write"


@pytest.mark.parametrize("path", sorted((FOLDER / "staff").glob("*.md")), ids=lambda path: path.stem)
def test_clients_read_what_is_written(path: Path, desk_on_sqlite: TestDesk) -> None:
    replay = Replay(desk_on_sqlite)
    introduction = path.read_text(encoding="utf-8").partition("\n## ")[0].rstrip()
    played = [(section, replay.play(section)) for section in sections(path)]
    if WRITE:
        body = "\n\n".join(f"## {section.title}\n\n" + "\n".join(lines) for section, lines in played)
        path.write_text(f"{introduction}\n\n{body}\n", encoding="utf-8")
        pytest.skip("written down: read it, and run again")
    for section, lines in played:
        assert tidy(section.lines[1:]) == lines, section.title
