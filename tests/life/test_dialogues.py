"""What clients read when the clock writes to them, word for word (tests/conversations/life)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Notices
from tests.conversations import FOLDER, Replay, sections, tidy
from tests.life.waiting import ASKED, LIFE, Making

WRITE = os.environ.get("CONVERSATIONS") == "write"
RULES: dict[str, dict[str, Any]] = {"waiting": {"life": LIFE}, "satisfaction": {"satisfaction": ASKED}}


@pytest.mark.parametrize("path", sorted((FOLDER / "life").glob("*.md")), ids=lambda path: path.stem)
def test_clients_read_what_is_written(path: Path, made: Making) -> None:
    replay = Replay(made(notices=Notices(kinds=()), **RULES[path.stem]))
    introduction = path.read_text(encoding="utf-8").partition("\n## ")[0].rstrip()
    played = [(section, replay.play(section)) for section in sections(path)]
    if WRITE:
        body = "\n\n".join(f"## {section.title}\n\n" + "\n".join(lines) for section, lines in played)
        path.write_text(f"{introduction}\n\n{body}\n", encoding="utf-8")
        pytest.skip("written down: read it, and run again")
    for section, lines in played:
        assert tidy(section.lines[1:]) == lines, section.title
