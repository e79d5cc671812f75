"""The chat channels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slack:
    """The desk in Slack; off without a bot token."""

    bot_token: str = ""
    app_token: str = ""
    """Of the app, for Socket Mode."""
    signing_secret: str = ""
    """What Slack signs its HTTP requests with."""
    mode: str = "socket"
    """socket (no public address is needed) or http."""
    listen: str = "127.0.0.1:3000"
    """Where signed requests are taken in mode http, behind a reverse proxy with TLS; the path is /slack/events."""
    triage_channel: str = ""
    """The id (C…) of the channel where staff see the tickets; the bot must be a member of it."""
    api_url: str = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class Telegram:
    """The desk in Telegram; off without a token."""

    token: str = ""
    bot_name: str = ""
    """The bot's @name, for the links in mails that open a chat with it."""
    mode: str = "polling"
    """polling (no public address is needed) or webhook."""
    webhook_url: str = ""
    """Public address that Telegram brings updates to, https://…/…; its path is served at `webhook_listen`."""
    webhook_listen: str = "127.0.0.1:8081"
    webhook_secret: str = ""
    """Shown by Telegram with each update; derived from `desk.secret` if empty."""
    staff_group: str = ""
    """The id (-100…) of the group where staff see the tickets."""
    groups: bool = False
    """Answer in groups as well, when addressed."""
    api_url: str = "https://api.telegram.org/bot"
    file_url: str = "https://api.telegram.org/file/bot"
