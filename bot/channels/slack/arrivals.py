"""What Slack hands over, sorted without changing it: which of it a person said, in which chat, under which id.

Events, commands, presses and forms come in one shape each; the functions here read only what a door needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack import blocks, detailsform, forms

Body = Mapping[str, Any]
_FORMS = (forms.TICKET, forms.REPLY, detailsform.DETAILS)


@dataclass(frozen=True, slots=True)
class Bot:
    """The app in its workspace, as auth.test tells it."""

    team: str
    user: str
    bot_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Something a person said: `key` is Slack's own id of it, the same when it is delivered again."""

    kind: str
    """message, edit, command, press or form."""
    key: str
    user: str


def said(body: Body, bot: Bot, triage: str = "") -> Said | None:
    """None for everything else: it is acknowledged and forgotten."""
    if _foreign(body, bot):
        return None
    if "command" in body:
        return Said("command", f"command {body.get('trigger_id')}", str(body.get("user_id")))
    user = str((body.get("user") or {}).get("id", ""))
    match body.get("type"):
        case "event_callback":
            return _event(body, bot, triage)
        case "block_actions" if pressed(body) and not wants_form(body):
            return Said("press", f"press {body.get('trigger_id')}", user)
        case "view_submission" if body["view"].get("callback_id") in _FORMS:
            return Said("form", f"form {body['view']['id']} {body['view'].get('hash')}", user)
    return None


def _foreign(body: Body, bot: Bot) -> bool:
    """Is it somebody of another workspace, in a channel that is shared with it (Slack Connect)?

    An id of theirs says nothing here: it is no member's, however it may look.
    """
    event, user = body.get("event") or {}, body.get("user")
    teams = {
        event.get("user_team"),
        event.get("source_team"),
        message_of(event).get("user_team") if event else None,
        user.get("team_id") if isinstance(user, dict) else None,
        body.get("team_id") if "command" in body else None,
    }
    return bool(bot.team) and any(team and team != bot.team for team in teams)


def pressed(body: Body) -> str:
    """The value of the button of ours that was pressed; "" for none."""
    for action in body.get("actions") or ():
        if action.get("type") == "button" and str(action.get("action_id", "")).startswith(f"{blocks.SAYS}:"):
            return str(action.get("value") or "")
    return ""


def wants_form(body: Body) -> bool:
    """The button that answers a client: what it says has to be written first."""
    return pressed(body).partition("|")[2] == forms.REPLY_SAYS


def raw(body: Body) -> bytes:
    """As it came but for the verification token, an old kind of password that proves nothing."""
    return json.dumps({key: value for key, value in body.items() if key != "token"}, ensure_ascii=False).encode()


def message_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message itself: of an edit, as it is now."""
    return event["message"] if event.get("subtype") == "message_changed" else event


def _event(body: Body, bot: Bot, triage: str) -> Said | None:
    event = body["event"]
    key = f"event {body.get('event_id')}"
    if event.get("type") == "app_mention":
        return None if event.get("bot_id") else Said("message", key, str(event.get("user", "")))
    if event.get("type") != "message" or not _heard(event, bot, triage):
        return None
    message = message_of(event)
    if message.get("bot_id") or not message.get("user") or message["user"] in (bot.user, "USLACKBOT"):
        return None
    if event.get("subtype") == "message_changed":
        # Slack also says so when it unfolds a link; only other words are news.
        if message.get("text") == (event.get("previous_message") or {}).get("text"):
            return None
        return Said("edit", key, str(message["user"]))
    return Said("message", key, str(message["user"])) if event.get("subtype") in _SUBTYPES else None


_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")


def _heard(event: Mapping[str, Any], bot: Bot, triage: str) -> bool:
    """A direct message, or one below a ticket in the staff's channel. A mention comes as an event of its own."""
    if event.get("channel_type") == "im":
        return True
    message = message_of(event)
    below = message.get("thread_ts") not in (None, message.get("ts"))
    return bool(triage) and event.get("channel") == triage and below and f"<@{bot.user}>" not in message.get("text", "")
