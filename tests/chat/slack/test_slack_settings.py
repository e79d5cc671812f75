"""The [slack] table: what stops the start, and what the error says to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load

DESK = '[desk]\nsecret = "0123456789abcdef"\naddress = "help@desk.example"\n[slack]\n'


def loaded(folder: Path, text: str) -> Settings:
    (folder / "helpdesk.toml").write_text(DESK + text, encoding="utf-8")
    return load(folder / "helpdesk.toml", {})


def test_without_a_token_slack_is_off(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").slack.bot_token == ""


def test_socket_mode_wants_two_tokens_and_signed_http_a_token_and_the_secret(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'bot_token = "xoxb-1"\napp_token = "xapp-1"').slack.mode == "socket"
    assert loaded(tmp_path, 'bot_token = "xoxb-1"\nmode = "http"\nsigning_secret = "s"').slack.mode == "http"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('bot_token = "xapp-1"', "slack.bot_token"),
        ('bot_token = "xoxb-1"', "slack.app_token"),
        ('bot_token = "xoxb-1"\napp_token = "xoxb-1"', "slack.app_token"),
        ('bot_token = "xoxb-1"\nmode = "http"', "slack.signing_secret"),
        ('mode = "rtm"', "slack.mode"),
        ('listen = "3000"', "slack.listen"),
        ('listen = "unix:/run/slack.sock"', "slack.listen"),
        ('bot_tokn = "xoxb-1"', "did you mean bot_token"),
    ],
)
def test_a_slip_is_named_with_its_key(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        loaded(tmp_path, text)
