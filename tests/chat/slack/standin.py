"""A Slack of our own: a workspace with people and channels, the Web API, sockets and signed requests.

It refuses what Slack refuses (scopes, lengths, blocks, ids, a message a second for each channel), delivers again what
is not acknowledged, and fails as it is told to: `slack.fails("chat.postMessage", "cut after")`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.chat.slack import kit

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-standin", "xapp-1-standin", "0123456789abcdef"
TEAM, BOT, BOT_ID = "T0DESK", "U0BOT", "B0BOT"
ALL_SCOPES = frozenset(
    """app_mentions:read channels:history chat:write commands files:read files:write groups:history im:history im:write
    users:read""".split()
)
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "users.info": "users:read",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
HISTORY = {"im": "im:history", "channel": "channels:history", "group": "groups:history"}
SIGN_IN = "<!DOCTYPE html><html><title>Sign in to Slack</title></html>"


class Refused(Exception):
    """An answer with ok false."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass
class Fault:
    """`kind`: ratelimited, http 500, html, delay, cut before, cut after, or the error that Slack answers."""

    kind: str
    seconds: float = 1.0
    skip: int = 0


@dataclass
class Chat:
    id: str
    kind: str
    members: set[str]
    archived: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    posted_at: deque[float] = field(default_factory=lambda: deque(maxlen=5))

    def find(self, ts: str) -> dict[str, Any] | None:
        return next((message for message in self.messages if message["ts"] == ts), None)


@dataclass
class Slack:
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    modals: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What Slack refused because it was wrong; a test fails on any that it did not expect."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What was said back to commands and forms, by envelope."""
    deliveries: dict[str, int] = field(default_factory=dict)
    retry_seconds: float = 0.4
    seconds_per_message: float = 1.0
    token_valid: bool = True
    socket_open: bool = True
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    url: str = ""
    numbers: Any = field(default_factory=lambda: count(1))
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    connected: int = 0
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _tickets: set[str] = field(default_factory=set)

    # -- the workspace ------------------------------------------------------------------------------------------------

    def person(self, user: str, name: str, **more: Any) -> str:
        self.people[user] = {"id": user, "deleted": False, "profile": {"real_name": name}, **more}
        return user

    def channel(self, channel: str, *members: str, private: bool = False) -> Chat:
        made = self.chats[channel] = Chat(channel, "group" if private else "channel", {BOT, *members})
        return made

    def dm(self, user: str) -> Chat:
        channel = f"D{user[1:]}"
        return self.chats.setdefault(channel, Chat(channel, "im", {BOT, user}))

    def said_to(self, user: str) -> list[dict[str, Any]]:
        """What the bot posted to a person."""
        return [message for message in self.dm(user).messages if message.get("bot_id")]

    def fails(self, method: str, *kinds: str, seconds: float = 1.0, skip: int = 0) -> None:
        """The next calls of this method, after `skip` that go well, one fault each."""
        planned = [Fault(kind, seconds, skip if number == 0 else 0) for number, kind in enumerate(kinds)]
        self.faults.setdefault(method, []).extend(planned)

    def ts(self) -> str:
        return f"{time.time():.0f}.{next(self.numbers):06d}"

    def trigger(self) -> str:
        trigger = f"{next(self.numbers)}.{next(self.numbers)}.standin"
        self.triggers[trigger] = time.monotonic()
        return trigger

    def called(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    # -- the server ---------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> Any:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_route("*", "/api/{method}", self._api)
        application.router.add_get("/link", self._link)
        application.router.add_get("/files-pri/{file}", self._download)
        application.router.add_post("/upload/{file}", self._upload)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await self.disconnect("bye", abruptly=True)
            await runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        fault = self._fault(method)
        if fault and (answer := await self._faulty(fault, request)):
            return answer
        try:
            answer = {"ok": True, **self._answer(method, arguments, request.headers.get("Authorization", ""))}
        except Refused as refused:
            answer = refused.answer
        if fault and fault.kind == "cut after":
            return _cut(request)
        if answer.get("error") == "ratelimited":
            return _ratelimited(1)
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _fault(self, method: str) -> Fault | None:
        planned = self.faults.get(method)
        if not planned:
            return None
        if planned[0].skip:
            planned[0].skip -= 1
            return None
        return planned.pop(0)

    async def _faulty(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        match fault.kind:
            case "ratelimited":
                return _ratelimited(fault.seconds)
            case "http 500":
                return web.json_response({"ok": False, "error": "internal_error"}, status=500)
            case "html":
                return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
            case "delay":
                await asyncio.sleep(fault.seconds)
                return None
            case "cut before":
                return _cut(request)
            case "cut after":
                return None
        return web.json_response({"ok": False, "error": fault.kind})

    def _answer(self, method: str, arguments: dict[str, Any], authorization: str) -> dict[str, Any]:
        token = authorization.removeprefix("Bearer ")
        if method == "apps.connections.open":
            if token != APP_TOKEN or not self.socket_open:
                raise Refused("invalid_auth")
            ticket = f"t{next(self.numbers)}"
            self._tickets.add(ticket)
            return {"url": f"{self.url.replace('http', 'ws', 1)}/link?ticket={ticket}"}
        if token != BOT_TOKEN:
            raise Refused("not_authed" if not token else "invalid_auth")
        if not self.token_valid:
            raise Refused("token_revoked")
        self._insist_on_scope(NEEDS.get(method))
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise Refused("unknown_method")
        return dict(handler(arguments))

    def _insist_on_scope(self, scope: str | None) -> None:
        if scope and scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    # -- the methods --------------------------------------------------------------------------------------------------

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "user": "helpdesk", "team": "Desk", "url": self.url}

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"user": self._known(arguments.get("user", ""))}

    def _known(self, user: str) -> dict[str, Any]:
        if user not in self.people:
            raise Refused("user_not_found")
        return self.people[user]

    def _conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if self._known(arguments.get("users", ""))["deleted"]:
            raise Refused("user_disabled")
        return {"channel": {"id": self.dm(arguments["users"]).id}}

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat = self._writable(arguments.get("channel", ""))
        thread = arguments.get("thread_ts")
        if thread and chat.find(thread) is None:
            raise Refused("thread_not_found")
        self._check(arguments)
        if arguments.get("unfurl_links") is not False or arguments.get("unfurl_media") is not False:
            self.problems.append("links are unfolded")
        now = time.monotonic()
        if len(chat.posted_at) == 5 and now - chat.posted_at[0] < 2.5 * self.seconds_per_message:
            raise Refused("ratelimited")
        chat.posted_at.append(now)
        kept = ("text", "blocks", "metadata", "thread_ts")
        message = {
            "type": "message",
            "ts": self.ts(),
            "user": BOT,
            "bot_id": BOT_ID,
            **{key: arguments[key] for key in kept if arguments.get(key)},
        }
        chat.messages.append(message)
        return {"channel": chat.id, "ts": message["ts"], "message": message}

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message = self._writable(arguments.get("channel", "")).find(arguments.get("ts", ""))
        if message is None:
            raise Refused("message_not_found")
        if message.get("bot_id") != BOT_ID:
            raise Refused("cant_update_message")
        self._check(arguments)
        if len(arguments.get("text", "").encode()) > 4000:
            self._wrong("msg_too_long", ["chat.update text"])
        message.update({key: arguments[key] for key in ("text", "blocks", "metadata") if key in arguments})
        return {"channel": arguments["channel"], "ts": message["ts"]}

    def _writable(self, channel: str) -> Chat:
        chat = self.chats.get(channel)
        if chat is None:
            raise Refused("channel_not_found")
        if chat.archived:
            raise Refused("is_archived")
        if BOT not in chat.members:
            raise Refused("not_in_channel" if chat.kind == "channel" else "channel_not_found")
        return chat

    def _check(self, arguments: dict[str, Any]) -> None:
        text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
        if isinstance(blocks, str):
            blocks = arguments["blocks"] = json.loads(blocks)
        if not text:
            self._wrong("no_text", ["a message without text says nothing to a screen reader"])
        if len(text) > 40_000:
            self._wrong("msg_too_long", ["text"])
        if blocks and (problems := kit.message_problems(blocks)):
            self._wrong("msg_blocks_too_long" if "msg_blocks_too_long" in problems else "invalid_blocks", problems)
        for words in (text, *kit.texts(blocks)):
            self.problems += [f"calls or links: {mark}" for mark in kit.calls(words)]
        if arguments.get("parse") == "full" or arguments.get("link_names"):
            self.problems.append("parse full or link_names")
        self._check_metadata(arguments.get("metadata"))

    def _check_metadata(self, metadata: Any) -> None:
        if metadata is None:
            return
        payload = metadata.get("event_payload")
        if not metadata.get("event_type") or not isinstance(payload, dict):
            self._wrong("invalid_metadata_format", [str(metadata)])
        if not all(isinstance(value, (str, int, bool)) for value in payload.values()):
            self._wrong("invalid_metadata_schema", [str(metadata)])

    def _wrong(self, error: str, problems: list[str]) -> None:
        self.problems += [f"{error}: {problem}" for problem in problems]
        raise Refused(error, response_metadata={"messages": problems})

    def _conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat = self._readable(arguments)
        return self._page([m for m in chat.messages if m.get("thread_ts", m["ts"]) == m["ts"]], arguments, newest=True)

    def _conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat, root = self._readable(arguments), arguments.get("ts", "")
        if chat.find(root) is None:
            raise Refused("thread_not_found")
        return self._page([m for m in chat.messages if root in (m["ts"], m.get("thread_ts"))], arguments)

    def _readable(self, arguments: dict[str, Any]) -> Chat:
        chat = self.chats.get(arguments.get("channel", ""))
        if chat is None or BOT not in chat.members:
            raise Refused("channel_not_found")
        self._insist_on_scope(HISTORY[chat.kind])
        return chat

    def _page(self, messages: list[dict[str, Any]], arguments: dict[str, Any], newest: bool = False) -> dict[str, Any]:
        oldest, limit, start = float(arguments.get("oldest") or 0), int(arguments.get("limit") or 100), 0
        wanted = [message for message in messages if float(message["ts"]) > oldest]
        wanted = wanted[::-1] if newest else wanted
        start = int(arguments.get("cursor") or 0)
        if arguments.get("include_all_metadata") not in ("1", "true", True):
            wanted = [{key: value for key, value in m.items() if key != "metadata"} for m in wanted]
        more = str(start + limit) if start + limit < len(wanted) else ""
        page = wanted[start : start + limit]
        return {"messages": page, "has_more": bool(more), "response_metadata": {"next_cursor": more}}

    def _views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        made = self.triggers.pop(arguments.get("trigger_id", ""), None)
        if made is None or time.monotonic() - made > 3:
            raise Refused("exchanged_trigger_id" if made is None else "expired_trigger_id")
        view = _parsed(arguments["view"])
        if problems := kit.view_problems(view):
            self._wrong("invalid_arguments", problems)
        self.modals.append({**view, "id": f"V{next(self.numbers)}", "hash": f"{next(self.numbers)}.h"})
        return {"view": self.modals[-1]}

    def _views_publish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = self._known(arguments.get("user_id", ""))["id"]
        view = _parsed(arguments["view"])
        if view.get("type") != "home":
            raise Refused("invalid_arguments")
        if problems := kit.view_problems(view):
            self._wrong("invalid_arguments", problems)
        self.homes[user] = view
        return {"view": view}

    def _files_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.get("file") not in self.files:
            raise Refused("file_not_found")
        return {"file": self._shown(self.files[arguments["file"]])}

    def _files_getUploadURLExternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not arguments.get("filename") or int(arguments.get("length") or 0) <= 0:
            raise Refused("invalid_arguments")
        file = f"F{next(self.numbers)}"
        self.files[file] = {"id": file, "name": arguments["filename"], "length": int(arguments["length"])}
        return {"file_id": file, "upload_url": f"{self.url}/upload/{file}"}

    def _files_completeUploadExternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        wanted = [self.files[one["id"]] for one in _parsed(arguments["files"])]
        if any("content" not in file for file in wanted):
            raise Refused("file_not_found")
        channel = arguments.get("channel_id")
        if channel:
            chat = self._writable(channel)
            shared = {"type": "message", "ts": self.ts(), "user": BOT, "bot_id": BOT_ID, "text": ""}
            shared |= {"files": [self._shown(file) for file in wanted]}
            shared |= {"thread_ts": arguments["thread_ts"]} if arguments.get("thread_ts") else {}
            chat.messages.append(shared)
        return {"files": [{"id": file["id"], "title": file["name"]} for file in wanted]}

    # -- files --------------------------------------------------------------------------------------------------------

    def file(self, name: str, content: bytes, mimetype: str = "text/plain") -> dict[str, Any]:
        """A file of a person, as it stands in their message."""
        file = f"F{next(self.numbers)}"
        self.files[file] = {"id": file, "name": name, "content": content, "mimetype": mimetype}
        return self._shown(self.files[file])

    def _shown(self, file: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": file["id"],
            "name": file["name"],
            "title": file["name"],
            "mimetype": file.get("mimetype", "application/octet-stream"),
            "size": len(file["content"]),
            "url_private_download": f"{self.url}/files-pri/{file['id']}",
        }

    async def _download(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("download")
        if fault and (answer := await self._faulty(fault, request)):
            return answer
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}" or "files:read" not in self.scopes:
            return web.Response(text=SIGN_IN, content_type="text/html")
        file = self.files[request.match_info["file"]]
        return web.Response(body=file["content"], content_type=file["mimetype"])

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file, content = self.files[request.match_info["file"]], await request.read()
        if len(content) != file["length"]:
            return web.Response(status=400, text="length")
        file["content"] = content
        return web.Response(text=f"OK - {len(content)}")

    # -- the sockets --------------------------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connected += 1
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    def _acknowledged(self, answer: dict[str, Any]) -> None:
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload"))

    async def deliver(self, kind: str, payload: dict[str, Any], *, times: int = 4) -> Any:
        """Over a socket; events come again until they are acknowledged, four times at most. Raises TimeoutError."""
        name = payload.get("event_id") or payload.get("trigger_id") or ""
        for attempt in range(times if kind == "events_api" else 1):
            envelope = f"e{next(self.numbers)}"
            waiting = self._waiting[envelope] = asyncio.get_running_loop().create_future()
            self.deliveries[name] = self.deliveries.get(name, 0) + 1
            frame: dict[str, Any] = {"type": kind, "envelope_id": envelope, "payload": payload}
            frame |= {"accepts_response_payload": kind != "events_api"}
            frame |= {"retry_attempt": attempt, "retry_reason": "timeout"} if attempt else {}
            with contextlib.suppress(ConnectionError, IndexError):
                await self.sockets[-1].send_json(frame)
            try:
                return await asyncio.wait_for(waiting, 3.0 if kind != "events_api" else self.retry_seconds)
            except TimeoutError:
                continue
        raise TimeoutError(f"{kind} was never acknowledged")

    async def disconnect(self, reason: str, *, abruptly: bool = False) -> None:
        """An announced end ("refresh_requested", "link_disabled"), or a connection that is simply gone."""
        for socket in list(self.sockets):
            self.sockets.remove(socket)
            if abruptly:
                transport = socket._req.transport if socket._req else None
                if transport is not None:
                    transport.abort()  # type: ignore[attr-defined]
            else:
                await socket.send_json({"type": "disconnect", "reason": reason})


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **(await request.post())}


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _ratelimited(seconds: float) -> web.Response:
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": f"{seconds:g}"})


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()  # type: ignore[attr-defined]
    return web.Response()
