"""Slack without a wire: the library's client and the app's doorway, and between them and the stand-in nothing.

What the stand-in refuses is refused here as well; a thousand messages take a second or two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from bot import i18n
from bot.channels.ports import Accept
from bot.channels.slack.arrivals import Bot
from bot.channels.slack.door import _Doorway
from bot.channels.slack.home import HomeTab
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.settings import Settings
from tests.chat.slack.standin import BOT, BOT_ID, BOT_TOKEN, TEAM, Refused, Slack

API_URL = "https://slack.test/api/"


class NearSlack(Slack):
    """The workspace; what people do is handed to `doorway` at once."""

    doorway: _Doorway

    def opens(self, settings: Settings, accept: Accept) -> None:
        gettext = i18n.translations(settings.desk.language).gettext
        self.seconds_per_message = 0.0
        home = HomeTab(settings.desk.name, settings.desk.language)
        self.doorway = _Doorway(settings, Bot(TEAM, BOT, BOT_ID), accept, gettext, home)

    async def deliver(self, kind: str, payload: dict[str, Any], *, times: int = 4) -> Any:
        async def acknowledged() -> BoltResponse:
            return BoltResponse(status=200)

        request = cast(Any, SimpleNamespace(body=json.loads(json.dumps(payload))))
        response = await self.doorway.receive(request, acknowledged)
        assert response.status == 200, (kind, response.status)
        return response.body


class NearClient(AsyncWebClient):
    """slack-sdk's client as far as its call: that is carried out by the stand-in."""

    def __init__(self, slack: Slack) -> None:
        super().__init__(token=BOT_TOKEN, base_url=API_URL, retry_handlers=[])
        self._slack = slack

    async def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        files: dict[str, Any] | None = None,
        data: Any = None,
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        auth: dict[str, Any] | None = None,
    ) -> AsyncSlackResponse:
        arguments = _through_json({**(data or {}), **(params or {}), **(json or {})})
        try:
            answer = {"ok": True, **self._slack._answer(api_method, arguments, f"Bearer {self.token}")}
        except Refused as refused:
            answer = refused.answer
        self._slack.calls.append((api_method, arguments))
        response = AsyncSlackResponse(
            client=self,
            http_verb=http_verb,
            api_url=API_URL,
            req_args={},
            data=answer,
            headers={},
            status_code=200,
        )
        return response.validate()

    async def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:
        file = self._slack.files[url.rpartition("/")[2]]
        assert len(data) == file["length"]
        file["content"] = data
        return FileUploadV2Result(status=200, body="OK")


def _through_json(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps({key: value for key, value in arguments.items() if value is not None})))


def near_sender(slack: Slack, settings: Settings) -> SlackSender:
    sender = SlackSender(settings.slack, pace=Pace(0.0, 1))
    client = NearClient(slack)
    sender._client = lambda: client  # type: ignore[method-assign]
    return sender


class NearLookups:
    """What the translator asks Slack for, looked up in the stand-in."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def file(self, file: Mapping[str, Any]) -> bytes:
        return bytes(self._slack.files[file["id"]]["content"])

    def name(self, user: str) -> str:
        return str(self._slack.people[user]["profile"]["real_name"])

    def marker(self, channel: str, thread: str) -> str:
        first = self._slack.chats[channel].find(thread) or {}
        return str(first.get("metadata", {}).get("event_payload", {}).get("marker", ""))
