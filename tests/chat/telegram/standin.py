"""A Bot API server in this process: it takes what Telegram takes, and refuses the rest in Telegram's words.

Lengths are counted after parsing and in code points, `callback_data` in bytes. Everything a bot sent lies in `sent`;
what a person does (`write`, `press`, `edit`…) becomes updates, which are kept until the bot confirms them.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import ClientSession, web

from tests.chat.telegram.entities import Entity, Parsed, Unreadable, parse

TOKEN = "123456:AbC-def_GhIjKlMnOpQrStUvWxYz0123456"
BOT_ID = 123456
BOT_NAME = "desk_bot"


class Refusal(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


@dataclass(slots=True)
class Chat:
    id: int
    kind: str = "private"
    trouble: str = ""
    """What a bot that writes there is told ("bot was blocked by the user")."""
    moved_to: int = 0

    def as_json(self) -> dict[str, Any]:
        named = {"first_name": "Alice"} if self.kind == "private" else {"title": "Bakers"}
        return {"id": self.id, "type": self.kind, **named}


@dataclass(slots=True)
class Sent:
    """A message of the bot as its reader has it."""

    id: int
    chat: int
    method: str
    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    filename: str = ""
    content: bytes = b""
    protected: bool = False
    preview: bool = True

    def texts(self, kind: str) -> list[str]:
        return [entity.text for entity in self.entities if entity.kind == kind]

    @property
    def buttons(self) -> dict[str, str]:
        return {button["text"]: button["callback_data"] for row in self.keyboard for button in row}


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next call of `method`: a status, or how the connection ends."""

    method: str
    status: int = 0
    retry_after: int = 0
    cut: str = ""
    """"before" or "after" the call was carried out."""
    delay: float = 0.0
    body: str = ""
    description: str = ""


class FakeTelegram:
    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[str] = []
        """What was refused, and why."""
        self.unheard: list[Sent] = []
        """What the bot sent, and whose connection ended before it was told so."""
        self.faults: deque[Fault] = deque()
        self.pending: list[dict[str, Any]] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.files: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}
        self.answered: list[str] = []
        self.open_queries: set[str] = set()
        self.webhook: dict[str, Any] = {}
        self.clock: Callable[[], float] = time.monotonic
        self.offsets: list[int | None] = []
        self.token_revoked = False
        self.odd_photos = False
        self.url = ""
        self._written: deque[tuple[float, int]] = deque()
        self._update_ids = count(1000)
        self._message_ids = count(1)
        self._arrived = asyncio.Event()
        self._polling = 0

    # What people do.

    def chat(self, chat_id: int, kind: str = "") -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id, kind or ("private" if chat_id > 0 else "supergroup")))

    def write(self, chat_id: int, text: str, *, user: int = 0, **fields: Any) -> dict[str, Any]:
        return self.message(chat_id, user=user, text=text, entities=entities_in(text), **fields)

    def message(self, chat_id: int, *, user: int = 0, **fields: Any) -> dict[str, Any]:
        """Anything that a person sends."""
        chat = self.chat(chat_id)
        message = {
            "message_id": next(self._message_ids),
            "date": 1_764_000_000,
            "chat": chat.as_json(),
            "from": person(user or chat_id),
            **fields,
        }
        self.push({"message": message})
        return message

    def edit(self, message: dict[str, Any], text: str) -> None:
        self.push({"edited_message": {**message, "text": text, "edit_date": 1_764_000_100}})

    def press(self, sent: Sent, label: str, *, user: int = 0) -> None:
        self.forge_click(sent, sent.buttons[label], user=user)

    def forge_click(self, sent: Sent, data: str, *, user: int = 0) -> None:
        """What a changed program can do: any data under any message that it holds."""
        query = f"q{next(self._message_ids)}"
        self.open_queries.add(query)
        self.push(
            {
                "callback_query": {
                    "id": query,
                    "from": person(user or sent.chat),
                    "message": self.as_seen(sent),
                    "chat_instance": "1",
                    "data": data,
                }
            }
        )

    def as_seen(self, sent: Sent) -> dict[str, Any]:
        """A message of the bot, as it stands in what is done with it or answers it."""
        return {
            "message_id": sent.id,
            "date": 1_764_000_000,
            "chat": self.chat(sent.chat).as_json(),
            "from": me(),
            "text": sent.text,
            "reply_markup": {"inline_keyboard": sent.keyboard},
        }

    def block(self, chat_id: int, *, status: str = "kicked") -> None:
        self.chat(chat_id).trouble = "bot was blocked by the user" if status == "kicked" else ""
        self.push(
            {
                "my_chat_member": {
                    "chat": self.chat(chat_id).as_json(),
                    "from": person(chat_id),
                    "date": 1_764_000_000,
                    "old_chat_member": {"user": me(), "status": "member"},
                    "new_chat_member": {"user": me(), "status": status, "until_date": 0},
                }
            }
        )

    def push(self, update: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": next(self._update_ids), **update}
        self.pending.append(update)
        self._arrived.set()
        return update

    def file(self, content: bytes, *, size: int = 0) -> dict[str, Any]:
        file_id = f"file{len(self.files)}"
        self.files[file_id] = content
        self.sizes[file_id] = size or len(content)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size or len(content)}

    async def bring(self, update: dict[str, Any], target: str, secret: str | None = None) -> int:
        """The webhook call, as Telegram makes it; the answer's status."""
        shown = self.webhook.get("secret_token", "") if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": shown} if shown else {}
        async with ClientSession() as client, client.post(target, json=update, headers=headers) as answer:
            return answer.status

    # The server.

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeTelegram]:
        application = web.Application(client_max_size=60_000_000)
        application.router.add_route("*", "/bot{token}/{method}", self._called)
        application.router.add_get("/file/bot{token}/{path:.*}", self._download)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN or self.token_revoked:
            return answer(401, "Unauthorized")
        fault = next((fault for fault in self.faults if fault.method == method), None)
        if fault is not None:
            self.faults.remove(fault)
            await asyncio.sleep(fault.delay)
            if fault.retry_after:
                return refused(
                    Refusal(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
                )
            if fault.status and fault.description:
                return answer(fault.status, fault.description)
            if fault.status:
                return web.Response(status=fault.status, text=fault.body or "<html>Bad Gateway</html>")
            if fault.cut == "before":
                return cut(request)
        parameters = dict(await request.post())
        self.calls.append((method, parameters))
        try:
            result = await self._carry_out(method, parameters)
        except Refusal as refusal:
            self.refusals.append(f"{method}: {refusal.description}")
            return refused(refusal)
        if fault is not None and fault.cut == "after":
            self.unheard.append(self.sent[-1])
            return cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _carry_out(self, method: str, given: dict[str, Any]) -> Any:
        known = {
            "getMe": lambda: {**me(), "can_join_groups": True, "can_read_all_group_messages": False},
            "sendMessage": lambda: self._send_message(given),
            "sendPhoto": lambda: self._send_file("photo", given),
            "sendDocument": lambda: self._send_file("document", given),
            "editMessageReplyMarkup": lambda: self._edit_keyboard(given),
            "answerCallbackQuery": lambda: self._answer_query(given),
            "sendChatAction": lambda: bool(self._writable(given)),
            "getMyCommands": lambda: self.commands.get(_offer(given), []),
            "setMyCommands": lambda: self._set_commands(given),
            "getFile": lambda: self._get_file(given),
            "setWebhook": lambda: self._set_webhook(given),
            "deleteWebhook": lambda: bool(self.webhook.clear()) or True,
        }
        if method == "getUpdates":
            return await self._get_updates(given)
        if method not in known:
            raise Refusal(404, "Not Found")
        return known[method]()

    async def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self._polling += 1
        mine = self._polling
        self._arrived.set()
        offset = int(given["offset"]) if "offset" in given else None
        self.offsets.append(offset)
        if offset is not None:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        until = time.monotonic() + min(int(given.get("timeout", 0)), 50)
        wanted = json.loads(given.get("allowed_updates", "[]"))
        while True:
            if mine != self._polling:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            found = [update for update in self.pending if not wanted or set(wanted) & set(update)]
            if found or time.monotonic() >= until:
                return found[: min(int(given.get("limit", 100)), 100)]
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), max(0.01, until - time.monotonic()))
            except TimeoutError:
                continue

    def _writable(self, given: dict[str, Any]) -> Chat:
        chat = self.chats.get(int(given["chat_id"]))
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        if chat.trouble:
            raise Refusal(403, f"Forbidden: {chat.trouble}")
        return chat

    def _paced(self, chat: Chat) -> None:
        """One a second in a chat (a burst is let pass), 20 a minute in a group, 30 a second in all."""
        now = self.clock()
        while self._written and self._written[0][0] < now - 60:
            self._written.popleft()
        here = [at for at, where in self._written if where == chat.id]
        if len([at for at in here if at > now - 1]) > 3 or (chat.id < 0 and len(here) >= 20):
            raise Refusal(429, "Too Many Requests: retry after 3", retry_after=3)
        if len([at for at, _ in self._written if at > now - 1]) > 30:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self._written.append((now, chat.id))

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = self._writable(given)
        parsed = _parsed(given, "text", 4096, "message is too long")
        if not parsed.text:
            raise bad_request("message text is empty")
        preview = not json.loads(given.get("link_preview_options", "{}")).get("is_disabled", False)
        return self._keep(chat, "sendMessage", given, parsed, preview=preview)

    def _send_file(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        chat = self._writable(given)
        upload = next((value for value in given.values() if isinstance(value, web.FileField)), None)
        if upload is None:
            raise bad_request(f"there is no {kind} in the request")
        content = upload.file.read()
        if not content:
            raise bad_request("file must be non-empty")
        if kind == "photo" and len(content) > 10_000_000:
            raise bad_request("file is too big")
        if len(content) > 50_000_000:
            raise Refusal(413, "Request Entity Too Large")
        if kind == "photo" and self.odd_photos:
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        parsed = _parsed(given, "caption", 1024, "message caption is too long")
        method = "sendPhoto" if kind == "photo" else "sendDocument"
        return self._keep(chat, method, given, parsed, filename=upload.filename, content=content)

    def _keep(self, chat: Chat, method: str, given: dict[str, Any], parsed: Parsed, **more: Any) -> dict[str, Any]:
        keyboard = _keyboard(given)
        self._paced(chat)
        sent = Sent(
            next(self._message_ids),
            chat.id,
            method,
            parsed.text,
            parsed.entities,
            keyboard,
            protected=given.get("protect_content") == "true",
            **more,
        )
        self.sent.append(sent)
        return {
            "message_id": sent.id,
            "date": 1_764_000_000,
            "chat": chat.as_json(),
            "from": me(),
            "text": sent.text,
        }

    def _edit_keyboard(self, given: dict[str, Any]) -> Any:
        chat = self._writable(given)
        sent = next((s for s in self.sent if s.id == int(given["message_id"]) and s.chat == chat.id), None)
        if sent is None:
            raise bad_request("message to edit not found")
        keyboard = _keyboard(given)
        if keyboard == sent.keyboard:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        sent.keyboard = keyboard
        return {"message_id": sent.id, "date": 1_764_000_000, "chat": chat.as_json(), "text": sent.text}

    def _answer_query(self, given: dict[str, Any]) -> bool:
        query = given["callback_query_id"]
        if query not in self.open_queries:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self.open_queries.remove(query)
        self.answered.append(query)
        return True

    def _set_commands(self, given: dict[str, Any]) -> bool:
        commands = json.loads(given["commands"])
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands[_offer(given)] = commands
        return True

    def _get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        file_id = given["file_id"]
        if file_id not in self.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if self.sizes[file_id] > 20 << 20:
            raise bad_request("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": self.sizes[file_id],
            "file_path": f"documents/{file_id}",
        }

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        if not given["url"].startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", given.get("secret_token", "")):
            raise bad_request("secret token contains unallowed characters")
        self.webhook = given
        return True

    async def _download(self, request: web.Request) -> web.Response:
        file_id = request.match_info["path"].rpartition("/")[2]
        if request.match_info["token"] != TOKEN or file_id not in self.files:
            return answer(404, "Not Found")
        fault = next((fault for fault in self.faults if fault.method == "download"), None)
        if fault is not None:
            self.faults.remove(fault)
            await asyncio.sleep(fault.delay)
            if fault.status:
                return web.Response(status=fault.status, text="")
        return web.Response(body=self.files[file_id])


def _parsed(given: dict[str, Any], field_name: str, limit: int, beyond: str) -> Parsed:
    raw = given.get(field_name, "")
    if len(raw.encode()) > 32_768:
        raise bad_request("text is too long")
    if given.get("parse_mode") == "HTML":
        try:
            parsed = parse(raw)
        except Unreadable as error:
            raise bad_request(f"can't parse entities: {error}") from None
    else:
        parsed = Parsed(raw.strip(), ())
    if len(parsed.text) > limit:
        raise bad_request(beyond)
    if len(parsed.entities) > 100:
        # Telegram drops the rest in silence; whoever plays it for a test wants to know.
        raise bad_request("too many entities")
    return parsed


def _keyboard(given: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows = json.loads(given.get("reply_markup") or "{}").get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if any(not 1 <= len(button.get("callback_data", "").encode()) <= 64 for button in buttons):
        raise bad_request("BUTTON_DATA_INVALID")
    if any(not button["text"].strip() for button in buttons):
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise bad_request("reply markup is too long")
    return list(rows)


def _offer(given: dict[str, Any]) -> tuple[str, str]:
    return json.loads(given.get("scope", '{"type": "default"}'))["type"], given.get("language_code", "")


def me() -> dict[str, Any]:
    return {"id": BOT_ID, "is_bot": True, "first_name": "Desk", "username": BOT_NAME}


def person(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Alice", "last_name": "Martin", "language_code": "en"}


_MARKS = re.compile(r"(?<![\w/])/[A-Za-z0-9_]+(?:@\w+)?|(?<![\w@])@\w+")


def entities_in(text: str) -> list[dict[str, Any]]:
    """What Telegram marks by itself, with offsets in UTF-16 units."""
    return [
        {
            "type": "bot_command" if found[0].startswith("/") else "mention",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found[0].encode("utf-16-le")) // 2,
        }
        for found in _MARKS.finditer(text)
    ]


def answer(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


def refused(refusal: Refusal) -> web.Response:
    document: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        document["parameters"] = refusal.parameters
    return web.json_response(document, status=refusal.code)


def cut(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=500)
