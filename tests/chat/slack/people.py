"""What people of the workspace do, and what Slack makes of it for the app; over a socket or as signed requests."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.chat.slack.standin import BOT, SECRET, TEAM, Chat, Slack


@dataclass
class People:
    """`door` is the address of the app's signed requests; "" speaks over the socket."""

    slack: Slack
    door: str = ""

    async def types(
        self, user: str, text: str, *, thread: str = "", files: list[dict[str, Any]] | None = None, times: int = 4
    ) -> str:
        """A direct message to the app; returns its ts."""
        return await self._message(self.slack.dm(user), user, text, thread, files, "message", times)

    async def mentions(self, user: str, channel: str, text: str, *, thread: str = "") -> str:
        """Says something to the app in a channel."""
        chat = self.slack.chats[channel]
        return await self._message(chat, user, f"<@{BOT}> {text}", thread, None, "app_mention", 4)

    async def says(
        self, user: str, channel: str, text: str, *, thread: str = "", files: list[dict[str, Any]] | None = None
    ) -> str:
        """Says something in a channel, to nobody in particular."""
        return await self._message(self.slack.chats[channel], user, text, thread, files, "message", 4)

    async def _message(
        self,
        chat: Chat,
        user: str,
        text: str,
        thread: str,
        files: list[dict[str, Any]] | None,
        kind: str,
        times: int,
    ) -> str:
        message: dict[str, Any] = {"type": "message", "user": user, "text": text, "ts": self.slack.ts()}
        if thread:
            root = chat.find(thread) or {}
            message |= {"thread_ts": thread, "parent_user_id": root.get("user")}
        if files:
            message |= {"subtype": "file_share", "files": files}
        chat.messages.append(message)
        event = {**message, "type": kind, "channel": chat.id, "event_ts": message["ts"]}
        if kind == "message":
            event["channel_type"] = chat.kind
        await self.event(event, times=times)
        return str(message["ts"])

    async def edits(self, user: str, ts: str, text: str) -> None:
        chat = self.slack.dm(user)
        message = chat.find(ts)
        assert message is not None
        before = dict(message)
        message |= {"text": text, "edited": {"user": user, "ts": self.slack.ts()}}
        await self.changed(chat, message, before)

    async def changed(self, chat: Chat, message: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        await self.event(
            {
                "type": "message",
                "subtype": "message_changed",
                "message": dict(message),
                "previous_message": dict(before),
                "channel": chat.id,
                "channel_type": chat.kind,
                "ts": self.slack.ts(),
            }
        )

    async def opens_home(self, user: str) -> None:
        chat = self.slack.dm(user)
        await self.event({"type": "app_home_opened", "user": user, "channel": chat.id, "tab": "home"})

    async def event(self, event: Mapping[str, Any], *, event_id: str = "", times: int = 4) -> Any:
        payload = {
            "token": "verification",
            "team_id": TEAM,
            "api_app_id": "A0",
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self.slack.numbers)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "event": dict(event),
        }
        if self.door:
            return await self.posts(json.dumps(payload), "application/json")
        return await self.slack.deliver("events_api", payload, times=times)

    async def commands(self, user: str, words: str, channel: str = "C0ANY", command: str = "/helpdesk") -> Any:
        """Returns what the app said at once."""
        payload = {
            "token": "verification",
            "team_id": TEAM,
            "channel_id": channel,
            "user_id": user,
            "user_name": user.lower(),
            "command": command,
            "text": words,
            "api_app_id": "A0",
            "response_url": f"{self.slack.url}/response",
            "trigger_id": self.slack.trigger(),
        }
        if self.door:
            return await self.posts(urlencode(payload), "application/x-www-form-urlencoded")
        return await self.slack.deliver("slash_commands", payload)

    async def presses(self, user: str, label: str, chat: Chat | None = None, *, says: str = "") -> Any:
        """The newest button of this label in a chat; `says` forges its value."""
        chat = chat or self.slack.dm(user)
        message, action = next(
            (message, element)
            for message in reversed(chat.messages)
            for block in message.get("blocks", ())
            for element in block.get("elements", ())
            if element.get("type") == "button" and element["text"]["text"] == label
        )
        action = {**action, **({"value": says} if says else {}), "block_id": "b1", "action_ts": self.slack.ts()}
        container = {"type": "message", "message_ts": message["ts"], "channel_id": chat.id, "is_ephemeral": False}
        container |= {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        return await self.interacts(user, "block_actions", actions=[action], container=container, message=message,
                                    channel={"id": chat.id, "name": "x"})  # fmt: skip

    async def presses_home(self, user: str, label: str) -> Any:
        action = next(
            element
            for block in self.slack.homes[user]["blocks"]
            for element in block.get("elements", ())
            if element.get("type") == "button" and element["text"]["text"] == label
        )
        return await self.interacts(user, "block_actions", actions=[action], container={"type": "view"})

    async def uses_shortcut(self, user: str, callback: str, message: Mapping[str, Any] | None = None) -> Any:
        kind = "message_action" if message else "shortcut"
        return await self.interacts(user, kind, callback_id=callback, **({"message": message} if message else {}))

    async def sends_form(self, user: str, subject: str, text: str, department: str = "") -> Any:
        """What the newest modal holds; returns what the app answered."""
        view = self.slack.modals[-1]
        chosen = {"value": department, "text": {"type": "plain_text", "text": department}} if department else None
        values = {
            "subject": {"subject": {"type": "plain_text_input", "value": subject}},
            "department": {"department": {"type": "static_select", "selected_option": chosen}},
            "text": {"text": {"type": "plain_text_input", "value": text}},
        }
        return await self.interacts(user, "view_submission", view={**view, "state": {"values": values}})

    async def fills_in(self, user: str, **fields: str) -> Any:
        """Sends the newest modal with these of its inputs filled in; returns what the app answered."""
        view = self.slack.modals[-1]
        names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        assert set(fields) <= set(names), names
        values = {name: {name: {"type": "plain_text_input", "value": fields.get(name)}} for name in names}
        return await self.interacts(user, "view_submission", view={**view, "state": {"values": values}})

    async def interacts(self, user: str, kind: str, **more: Any) -> Any:
        payload = {
            "type": kind,
            "token": "verification",
            "team": {"id": TEAM, "domain": "desk"},
            "user": {"id": user, "username": user.lower(), "team_id": TEAM},
            "api_app_id": "A0",
            "trigger_id": self.slack.trigger(),
            **more,
        }
        if self.door:
            body = urlencode({"payload": json.dumps(payload)})
            return await self.posts(body, "application/x-www-form-urlencoded")
        return await self.slack.deliver("interactive", payload)

    async def posts(self, body: str, content_type: str, *, secret: str = SECRET, age: float = 0) -> tuple[int, str]:
        """A signed request; returns status and body."""
        at = str(int(time.time() - age))
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body) or ""
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.door, data=body.encode(), headers=headers) as answer,
        ):
            return answer.status, await answer.text()
