"""Every written dialogue happens as it is written, and every function of the client area has one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.handlers import collect
from tests.conversations import _CODE as CODE
from tests.conversations import FILES, FOLDER, Replay, Section, TerminalReplay, Turn, _tidy, sections
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
        assert _tidy(section.lines[1:]) == lines, section.title


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_dialogues_are_had_at_a_terminal(path: Path, desk_on_sqlite: TestDesk, second_desk: TestDesk) -> None:
    """What mail answers is answered in a chat, in nearly the same words; secrets are not shown there."""
    by_mail, chat = Replay(second_desk), TerminalReplay(desk_on_sqlite)
    turns = [turn for one in sections(path) for turn in chat.play(Section(one.title, by_mail.play(one)))]
    for turn in turns:
        assert turn.shown or turn.mailed or not turn.by_mail, turn
        assert "/once/" not in turn.shown and not secret_in(turn), turn
    differing = [(turn.text, turn.by_mail, turn.shown) for turn in turns if not turn.agrees]
    assert len(differing) <= max(3, len(turns) // 4), differing


def secret_in(turn: Turn) -> list[str]:
    """Codes that were mailed and are shown as well."""
    codes = [code for mail in turn.mailed if mail.kind == "question" for code in CODE.findall(mail.text)]
    return [code for code in codes if code in turn.shown]


def test_every_row_that_a_handler_claims_has_a_dialogue() -> None:
    shown = {row for path in FILES for section in sections(path) for row in section.rows}
    claimed = {row for entry in collect() for row in entry.rows}
    assert claimed <= shown, f"{FOLDER.name} lacks {sorted(claimed - shown)}"
