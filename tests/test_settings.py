"""The configuration: what is wrong in it is told with its place and the next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, load

GOOD = '[desk]\naddress = "help@desk.example"\nsecret = "0123456789abcdef0123"\n'


def settings(folder: Path, text: str, **environment: str) -> object:
    (folder / "helpdesk.toml").write_text(text, encoding="utf-8")
    return load(folder / "helpdesk.toml", environment)


def test_without_departments_there_are_the_usual_four(tmp_path: Path) -> None:
    (tmp_path / "helpdesk.toml").write_text(GOOD, encoding="utf-8")
    names = [department.name for department in load(tmp_path / "helpdesk.toml", {}).departments]
    assert names == ["Sales", "Billing", "Support", "Security"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "desk.secret: missing"),
        ('[desk]\nsecret = "short"', "desk.secret: too short"),
        (GOOD + 'adress = "x"', "desk.adress: unknown key; did you mean address?"),
        (GOOD + "name = 5", "desk.name: wants text"),
        (GOOD + 'time_zone = "Mars/Olympus"', "desk.time_zone"),
        (GOOD + '[email.listener]\nlisten = "8025"', "email.listener.listen"),
        (GOOD + '[email.listener]\nprotocol = "http"', "email.listener.protocol: 'http' is not one of smtp, lmtp"),
        (GOOD + '[email.listener]\ntrusted_peers = ["nowhere"]', "email.listener.trusted_peers"),
        (GOOD + '[[departments]]\naddress = "x@desk.example"', "departments[0].name: missing"),
        (GOOD + '[[departments]]\nname = "A"\naddress = "help@desk.example"', "already the address of"),
        (GOOD + '[[staff]]\nname = "Sam"\nemail = "s@x.test"\ndepartments = ["Nope"]', "staff[0].departments"),
        (GOOD + '[backend]\nkind = "oracle"', "backend.kind"),
        (GOOD + '[email.authentication]\ndns = "quad9"', "email.authentication.dns"),
        (GOOD + '[email.authentication]\nenforces_sender = ["192.0.2.0/28"]', "is in no network of shared_outbound"),
        (GOOD + '[email.authentication]\nenforces_sender = ["relay"]', "email.authentication.enforces_sender: 'relay'"),
        ("[desk\n", "not valid TOML"),
        (GOOD + '[email.imap]\npassword = { file = "/no/such/file" }', "email.imap.password"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, text)
    assert says in str(error.value) and "\n" not in str(error.value)


def test_the_environment_overrides_the_file_and_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret of thirty-two characters\n", encoding="utf-8")
    (tmp_path / "helpdesk.toml").write_text(
        f'[desk]\naddress = "help@desk.example"\nsecret = {{ file = "{tmp_path}/secret" }}\n', encoding="utf-8"
    )
    read = load(
        tmp_path / "helpdesk.toml",
        {
            "HELPDESK__EMAIL__OUTGOING__HOST": "mx.test",
            "HELPDESK__EMAIL__OUTGOING__PORT": "2525",
            "HELPDESK__EMAIL__AUTHENTICATION__VERIFY": "no",
            "HELPDESK__EMAIL__LISTENER__TRUSTED_PEERS": "192.0.2.0/24, ::1",
        },
    )
    assert read.desk.secret == "a secret of thirty-two characters"
    assert (read.email.outgoing.host, read.email.outgoing.port) == ("mx.test", 2525)
    assert read.email.authentication.verify is False
    assert read.email.listener.trusted_peers == ("192.0.2.0/24", "::1")


def test_an_unknown_variable_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="desk.nmae: unknown key; did you mean name"):
        settings(tmp_path, GOOD, HELPDESK__DESK__NMAE="x")
