"""Whatever an operator gets wrong: one clear line on stderr, the right exit code, no traceback.

The commands run in this process, by the function that the `helpdesk` script calls; `main` in test_pipe.py and
test_serving.py runs as a process.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main

from .running import Installation

pytestmark = pytest.mark.xdist_group("service")

Fails = Callable[..., str]


@pytest.fixture
def fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Fails:
    """Runs a command that must fail with `code` and say one line, which comes back without its prefix."""
    monkeypatch.delenv("HELPDESK__DESK__SECRET", raising=False)

    def run(*words: str | Path, code: int = 1) -> str:
        arguments = [str(word) for word in words]
        assert main(arguments) == code
        said = capsys.readouterr()
        assert said.out == ""
        assert "Traceback" not in said.err
        prefix = f"helpdesk {arguments[0]}: "
        assert said.err.startswith(prefix) and said.err.endswith("\n")
        return said.err.removeprefix(prefix).removesuffix("\n")

    return run


@pytest.mark.parametrize("command", ["serve", "queue", "ticket list", "client show alice@bakery.example"])
def test_every_command_says_that_there_is_no_configuration(command: str, tmp_path: Path, fails: Fails) -> None:
    missing = tmp_path / "none.toml"
    assert fails(*command.split(), "-c", missing) == f"{missing}: no such file; give the configuration with -c FILE"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[desk\n", "is not valid TOML: "),
        ("[desk]\nsekret = 'x'\n", "desk.sekret: unknown key; did you mean secret?"),
        ("[dsk]\n", "dsk: unknown key; did you mean desk?"),
        ("[email.listner]\n", "email.listner: unknown key; did you mean listener?"),
        ("[desk]\nname = 'x'\n", "desk.secret: missing; write secret ="),
        ("[desk]\nsecret = 'short'\n", "desk.secret: too short"),
        ("[desk]\nsecret = 7\n", "desk.secret: wants text, not 7"),
        ("[desk]\nsecret = { file = '/nowhere/at/all' }\n", "desk.secret: /nowhere/at/all cannot be read"),
        ("limits = 3\n", "limits: wants a table"),
        ("[[staff]]\nname = 'Sam'\ndepartments = ['Suport']\n", "staff[0].departments: there is no 'Suport'"),
        ("[email.listener]\nlisten = 'nowhere'\n", "email.listener.listen: 'nowhere' wants HOST:PORT"),
        ("[email.listener]\nprotocol = 'http'\n", "email.listener.protocol: 'http' is not one of smtp, lmtp"),
        ("[desk]\ntime_zone = 'Europe/Nowhere'\n", "desk.time_zone: 'Europe/Nowhere' is not a time zone"),
        ("[email.authentication]\ndns = { zone = 'none.json' }\n", "cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_told_with_the_key_and_what_to_write(
    written: str, said: str, tmp_path: Path, fails: Fails
) -> None:
    if "secret" not in written and "sekret" not in written and "[desk]" not in written:
        written += "[desk]\nsecret = 'a secret that only the tests know'\n"
    elif "time_zone" in written:
        written += "secret = 'a secret that only the tests know'\n"
    config = tmp_path / "helpdesk.toml"
    config.write_text(written)
    line = fails("serve", "-c", config)
    assert said in line and "\n" not in line


def test_a_database_that_cannot_be_opened_is_named(installation: Installation, fails: Fails) -> None:
    config = installation.config
    config.write_text(config.read_text().replace("sqlite:///desk.db", "sqlite:////nowhere/at/all/desk.db"))
    assert fails("queue", "-c", config) == (
        "the database cannot be used: unable to open database file; check desk.database"
    )


def test_a_database_file_that_is_none_is_named(installation: Installation, fails: Fails) -> None:
    (installation.folder / "desk.db").write_bytes(b"this is no database " * 100)
    assert "file is not a database; check desk.database" in fails("queue", "-c", installation.config)


def test_a_database_url_that_is_none_is_told(installation: Installation, fails: Fails) -> None:
    """Nor is it repeated: it may hold a password."""
    for url in ("nonsense", "oracle://x/y", "postgresql://user:password@host/name"):
        installation.config.write_text(installation.text().replace("sqlite:///desk.db", url))
        assert fails("queue", "-c", installation.config) == (
            "desk.database: wants sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
        )


def test_a_postgresql_that_is_not_there_is_named(installation: Installation, fails: Fails) -> None:
    config = installation.config
    config.write_text(config.read_text().replace("sqlite:///desk.db", "postgresql+psycopg://nobody@127.0.0.1:1/x"))
    line = fails("queue", "-c", config)
    assert line.startswith("the database cannot be used: ") and line.endswith("; check desk.database")
    assert "\n" not in line


def test_a_database_of_a_newer_version_is_refused(installation: Installation, fails: Fails) -> None:
    with sqlite3.connect(installation.folder / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert fails("serve", "-c", installation.config) == (
        "the database has schema 9999, which this version does not know; start a newer helpdesk"
    )


def test_tickets_people_and_queue_entries_that_do_not_exist(installation: Installation, fails: Fails) -> None:
    config = ("-c", installation.config)
    assert fails("ticket", *config, "show", "1234") == "there is no ticket 1234; `helpdesk ticket list` has them"
    assert fails("ticket", *config, "show", code=2) == "show wants a ticket number; `helpdesk ticket list` has them"
    assert fails("client", *config, "show", "nina@stone.example") == (
        "nothing is known of nina@stone.example: it is on no account and on no ticket"
    )
    assert fails("queue", *config, "show", "7") == "7: no such ID; `helpdesk queue` lists them"
    for what in ("retry", "drop"):
        assert fails("queue", *config, what, "7") == (
            "7: nothing that failed or waits has this ID; `helpdesk queue` lists them"
        )
        assert fails("queue", *config, what, code=2) == f"{what} wants an ID; `helpdesk queue` lists them"


def test_an_import_names_each_place_that_is_wrong_and_changes_nothing(
    installation: Installation, fails: Fails, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {"clients": [{"id": 1, "email": "alice@bakery.example", "phon": "1"}, {"id": 2, "status": "Lost"}]}
    file = installation.folder / "clients.json"
    file.write_text(json.dumps(document))
    first, *lines = fails("import", "-c", installation.config, file).splitlines()
    assert first == f"{file} was not loaded, nothing was changed:"
    assert "  clients[0].phon: unknown key; did you mean phone?" in lines
    assert "  clients[1].email: missing" in lines
    assert any(line.startswith("  clients[1].status: wants one of Active, Inactive, Closed") for line in lines)
    assert main(["client", "-c", str(installation.config), "show", "alice@bakery.example", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accounts"][0]["client"] == "1001"


def test_an_import_of_what_is_no_json_or_no_file(installation: Installation, fails: Fails) -> None:
    file = installation.folder / "clients.json"
    assert fails("import", "-c", installation.config, file).startswith(f"{file} cannot be read: ")
    file.write_text('{"clients": [}')
    assert "line 1, column 14: not JSON" in fails("import", "-c", installation.config, file)


@pytest.mark.parametrize("arguments", [["parse", "/nowhere/at/all.eml"], ["parse", "--jsonl", "/nowhere/at/all.jsonl"]])
def test_a_file_to_parse_that_is_not_there(arguments: list[str], fails: Fails) -> None:
    assert "cannot be read" in fails(*arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["serv"], "invalid choice: 'serv'"),
        (["serve", "--role", "cook"], "invalid choice: 'cook'"),
        (["ticket"], "the following arguments are required: what"),
        (["queue", "show", "seven"], "invalid int value: 'seven'"),
        (["import"], "the following arguments are required: FILE.json"),
    ],
)
def test_a_wrong_call_is_2_with_the_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("usage: helpdesk") and said in err
