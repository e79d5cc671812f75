"""The shipped manifest and the code say the same: events, scopes, command, shortcuts."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.slack import manifest
from tests.chat.slack.standin import ALL_SCOPES

ROOT = Path(__file__).parents[3]
SHIPPED: dict[str, Any] = yaml.safe_load((ROOT / "slack" / "app-manifest.yaml").read_text(encoding="utf-8"))


def test_the_shipped_manifest_is_what_the_code_uses() -> None:
    assert list(manifest.problems(SHIPPED)) == []


def test_the_stand_in_grants_what_the_manifest_asks_for_and_no_more() -> None:
    assert set(SHIPPED["oauth_config"]["scopes"]["bot"]) == ALL_SCOPES


def test_every_call_of_the_code_has_its_scope_named() -> None:
    called = set()
    for path in (ROOT / "bot" / "channels" / "slack").glob("*.py"):
        for name in re.findall(r"client\.([a-z]+_[A-Za-z_0-9]+)\(", path.read_text(encoding="utf-8")):
            called.add(name.replace("_", ".", 1))
    free = {
        "auth.test",
        "views.open",
        "views.publish",
        "apps.connections_open",
        "files.upload_v2",
        "files.info",
        "is.connected",
    }
    needed = {call for calls in manifest.SCOPES.values() for call in calls}
    assert called - free <= needed, called - free - needed


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("settings", "event_subscriptions", "bot_events"), ["message.im"]),
        (("settings", "event_subscriptions", "bot_events"), [*sorted(manifest.EVENTS), "message.channels"]),
        (("oauth_config", "scopes", "bot"), ["chat:write"]),
        (("features", "slash_commands"), []),
        (("features", "app_home", "messages_tab_read_only_enabled"), True),
        (("features", "app_home", "home_tab_enabled"), False),
        (("settings", "socket_mode_enabled"), False),
        (("settings", "interactivity", "is_enabled"), False),
        (("display_information", "name"), "x" * 36),
        (("features", "shortcuts"), []),
    ],
)
def test_a_manifest_that_says_something_else_is_found_out(where: tuple[str, ...], value: Any) -> None:
    changed = copy.deepcopy(SHIPPED)
    table = changed
    for key in where[:-1]:
        table = table[key]
    table[where[-1]] = value
    assert list(manifest.problems(changed))
