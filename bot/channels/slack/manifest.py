"""What the code uses of Slack, as data: events, scopes, command, shortcuts. `slack/app-manifest.yaml` says the same.

Who adds a listener or a call adds it here, and a test says what the shipped manifest lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

COMMAND = "/helpdesk"
NEW_TICKET = "ticket_new"
"""callback_id of the global shortcut."""
TICKET_FROM_MESSAGE = "ticket_from_message"
"""callback_id of the message shortcut."""

EVENTS = frozenset(
    ("app_home_opened", "app_mention", "app_uninstalled", "message.groups", "message.im", "tokens_revoked")
)
SCOPES: Mapping[str, frozenset[str]] = {
    "app_mentions:read": frozenset({"app_mention"}),
    "channels:history": frozenset({"conversations.history", "conversations.replies"}),
    "chat:write": frozenset({"chat.postMessage", "chat.update"}),
    "commands": frozenset({COMMAND, NEW_TICKET, TICKET_FROM_MESSAGE}),
    "files:read": frozenset({"url_private_download"}),
    "files:write": frozenset({"files.getUploadURLExternal", "files.completeUploadExternal"}),
    "groups:history": frozenset({"message.groups", "conversations.history", "conversations.replies"}),
    "im:history": frozenset({"message.im", "conversations.history", "conversations.replies"}),
    "im:write": frozenset({"conversations.open"}),
    "users:read": frozenset({"users.info"}),
}
"""Each scope with what needs it. Home tab, modals and auth.test need none."""

NAME_LENGTH, DESCRIPTION_LENGTH, BOT_NAME_LENGTH, COMMAND_LENGTH = 35, 140, 80, 32


def lacking(granted: str) -> list[str]:
    """The scopes that an installed app was not given; `granted` is as Slack lists them, "" when it does not say."""
    return sorted(set(SCOPES) - set(granted.replace(" ", "").split(","))) if granted else []


def problems(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What this manifest lacks, has too much of, or has too long."""
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    events = settings.get("event_subscriptions", {}).get("bot_events", [])
    commands = {command["command"] for command in features.get("slash_commands", [])}
    shortcuts = {(shortcut["type"], shortcut["callback_id"]) for shortcut in features.get("shortcuts", [])}
    yield from _different("bot_events", events, EVENTS)
    yield from _different("scopes.bot", scopes.get("bot", []), SCOPES)
    yield from _different("slash_commands", commands, {COMMAND})
    yield from _different("shortcuts", shortcuts, {("global", NEW_TICKET), ("message", TICKET_FROM_MESSAGE)})
    if "user" in scopes:
        yield "scopes.user: the desk acts for nobody"
    for key in ("home_tab_enabled", "messages_tab_enabled"):
        if features.get("app_home", {}).get(key) is not True:
            yield f"app_home.{key}: has to be true"
    if features.get("app_home", {}).get("messages_tab_read_only_enabled") is not False:
        yield "app_home.messages_tab_read_only_enabled: has to be false, else nobody can write to the desk"
    if settings.get("interactivity", {}).get("is_enabled") is not True:
        yield "interactivity.is_enabled: has to be true"
    if settings.get("socket_mode_enabled") is not True:
        yield "socket_mode_enabled: has to be true"
    yield from _too_long(manifest, features)


def _different(what: str, has: Any, wants: Any) -> Iterator[str]:
    yield from (f"{what}: lacks {one}" for one in sorted(set(wants) - set(has)))
    yield from (f"{what}: nothing uses {one}" for one in sorted(set(has) - set(wants)))


def _too_long(manifest: Mapping[str, Any], features: Mapping[str, Any]) -> Iterator[str]:
    information = manifest.get("display_information", {})
    lengths = [
        ("name", information.get("name", ""), NAME_LENGTH),
        ("description", information.get("description", ""), DESCRIPTION_LENGTH),
        ("bot_user.display_name", features.get("bot_user", {}).get("display_name", ""), BOT_NAME_LENGTH),
        *(("command", command["command"], COMMAND_LENGTH) for command in features.get("slash_commands", [])),
    ]
    for what, text, most in lengths:
        if not text or len(text) > most:
            yield f"{what}: wants 1 to {most} characters"
