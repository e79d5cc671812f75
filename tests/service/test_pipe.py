"""`helpdesk pipe`, which an MTA believes by its exit code: 0 is on disk, 75 is "keep it and try again"."""

from __future__ import annotations

import sqlite3

import pytest

from bot.app import build
from bot.settings import load
from core import inbox

from .running import Done, Installation
from .writing import mail

pytestmark = pytest.mark.xdist_group("service")

RAW = mail("alice", "The shop is slow.").as_bytes()


def waiting(installation: Installation) -> int:
    app = build(load(installation.config), installation.folder)
    count = inbox.waiting(app.sessions)
    app.engine.dispose()
    return count


def assert_one_line(done: Done, code: int, *words: str) -> None:
    assert done.code == code, done
    assert done.out == ""
    assert done.err.startswith("helpdesk pipe: ") and done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err


def test_a_stored_message_is_0_and_the_same_again_is_0_and_stored_once(installation: Installation) -> None:
    for _ in range(2):
        done = installation.helpdesk("pipe", "--recipient", "support@desk.example", stdin=RAW)
        assert (done.code, done.out, done.err) == (0, "", "")
    assert waiting(installation) == 1


def test_a_locked_database_is_75_and_nothing_is_stored(installation: Installation) -> None:
    other = sqlite3.connect(installation.folder / "desk.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    patience = "import core.database; core.database.BUSY_TIMEOUT_MS = 200"
    assert_one_line(installation.helpdesk("pipe", stdin=RAW, patch=patience), 75, "database is locked")
    other.execute("ROLLBACK")
    other.close()
    assert waiting(installation) == 0


def test_a_file_that_is_no_database_is_75(installation: Installation) -> None:
    (installation.folder / "desk.db").write_bytes(b"this is no database " * 100)
    assert_one_line(installation.helpdesk("pipe", stdin=RAW), 75, "not a database")


def test_a_configuration_that_cannot_be_used_is_75(installation: Installation) -> None:
    """The operator mends it, and no mail was lost meanwhile."""
    installation.config.write_text("[desk]\nname = \n")
    assert_one_line(installation.helpdesk("pipe", stdin=RAW), 75, "is not valid TOML", "line 2")


def test_nothing_on_standard_input_is_65_and_an_unknown_recipient_67(installation: Installation) -> None:
    assert_one_line(installation.helpdesk("pipe", stdin=b" \n"), 65, "no message on standard input")
    done = installation.helpdesk("pipe", "--recipient", "nobody@desk.example", stdin=RAW)
    assert_one_line(done, 67, "nobody@desk.example is no address of this desk")
    assert waiting(installation) == 0
