"""Updates of Telegram for the walk: what was typed, pressed, edited or sent becomes a message.

Telegram vouches for the numeric id of an account and for nothing else: names and @names change hands.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.addressing import Bot, asked
from bot.channels.telegram.contents import FETCHED_SIZE, Gettext, Sent, files_of, told
from bot.channels.telegram.events import (
    BUTTON,
    EDIT,
    MEMBERSHIP,
    Event,
    Json,
    event_of,
    events_of,
    number,
    table,
    tables,
    words,
    written,
)
from bot.channels.telegram.files import Files, NotFetched
from bot.settings import Attachments
from core.messages import Address, Attachment, DeliveryReport, FailedDelivery, InboundMessage, Kind, RefusedFile
from core.people import Proof

CHANNEL = "telegram"
VOUCHED = Proof(verified=True, reasons=("Telegram vouches for the account",))
LOOKS_FOR_FILES = 3
"""Walks of a message until it is taken without the files that cannot be fetched."""
FETCH_SECONDS = 50.0
"""For all files of a message."""

_MARKER = re.compile(r"[a-z2-7]{32}\Z")
_TAG = re.compile(r"\[#\d{8}\]")


@dataclass(frozen=True, slots=True)
class TelegramTranslator:
    """`desk_address` is the general address; with a letter's marker it becomes the address of that letter."""

    desk_address: str
    files: Files
    attachments: Attachments
    gettext: Gettext
    staff_group: str = ""
    """There the slash is a mark of staff's commands, and stays."""

    def translate(self, raw: bytes, claimed: Any) -> InboundMessage:
        """Raises NotFetched while a file may still come."""
        events = _read(raw)
        first, envelope = events[0], claimed.envelope
        bot = Bot(int(envelope.get("bot_id") or 0), str(envelope.get("bot_name") or ""))
        marker = self._marker(first, bot)
        kept, refused, lost = self._files(events, claimed.attempts) if first.kind != BUTTON else ((), (), [])
        text = "\n\n".join(part for part in (*(self._text(event, bot) for event in events), *lost) if part)
        return InboundMessage(
            id=_id(first),
            sender=_sender(first.user),
            recipient=self._at(marker) if marker else self.desk_address,
            text=text,
            full_text=text,
            received=claimed.received_at,
            subject=_quoted_tag(first),
            in_reply_to=_answers(first),
            kind=Kind.BOUNCE if first.kind == MEMBERSHIP else Kind.PERSON,
            may_answer=first.kind != MEMBERSHIP,
            report=_report(first) if first.kind == MEMBERSHIP else None,
            attachments=kept,
            refused=refused,
            proof=VOUCHED if number(first.user, "id") else Proof(reasons=("it names no account",)),
            shared=not first.private,
            room="" if first.private else str(first.chat_id),
            edited=first.kind == EDIT,
            marker=marker,
        )

    def _at(self, marker: str) -> str:
        local, _, domain = self.desk_address.rpartition("@")
        return f"{local}+{marker}@{domain}"

    def _marker(self, event: Event, bot: Bot) -> str:
        """Of the letter whose button was pressed, or which was replied to while it had buttons."""
        if event.kind == BUTTON:
            return _pressed(words(event.body, "data"))[0]
        replied = table(event.message, "reply_to_message")
        if not bot.id or number(table(replied, "from"), "id") != bot.id:
            return ""
        rows = table(replied, "reply_markup").get("inline_keyboard")
        buttons = [button for row in rows for button in tables({"row": row}, "row")] if isinstance(rows, list) else []
        return next((mark for button in buttons if (mark := _pressed(words(button, "callback_data"))[0])), "")

    def _text(self, event: Event, bot: Bot) -> str:
        if event.kind == BUTTON:
            return _pressed(words(event.body, "data"))[1]
        if event.kind == MEMBERSHIP:
            return ""
        at_work = bool(self.staff_group) and str(event.chat_id) == self.staff_group
        said = written(event.message)[0].strip() if at_work else asked(event.message, bot)
        lines = [said, *told(event.message, self.gettext)]
        text = "\n".join(line for line in lines if line)
        if origin := _forwarded_from(event.message):
            # Somebody else's words: they are shown, and nothing is done because of them.
            quoted = "\n".join(f"> {line}" for line in text.split("\n"))
            forwarded = self.gettext("[forwarded from {name}]").format(name=origin)
            text = f"{forwarded}\n{quoted}"
        if event.kind == EDIT:
            changed = self.gettext("[changed afterwards]")
            text = f"{changed}\n{text}"
        return text

    def _files(
        self, events: Sequence[Event], attempts: int
    ) -> tuple[tuple[Attachment, ...], tuple[RefusedFile, ...], list[str]]:
        """What is kept, what is refused, and a line for each file that Telegram did not hand out."""
        kept: list[Attachment] = []
        refused: list[RefusedFile] = []
        lost: list[str] = []
        until = time.monotonic() + FETCH_SECONDS
        for file in (file for event in events if event.kind != EDIT for file in files_of(event.message)):
            if reason := self._refused(file, len(kept)):
                refused.append(RefusedFile(file.filename, reason))
                continue
            try:
                if time.monotonic() > until:
                    raise NotFetched("no time is left")
                kept.append(Attachment(file.filename, file.media_type, self.files.fetch(file.file_id, self._most)))
            except NotFetched:
                if attempts < LOOKS_FOR_FILES:
                    raise
                lost.append(self.gettext("[the file {name} could not be fetched]").format(name=file.filename))
        return tuple(kept), tuple(refused), lost

    @property
    def _most(self) -> int:
        return min(FETCHED_SIZE, self.attachments.max_size)

    def _refused(self, file: Sent, kept: int) -> str:
        if file.filename.rpartition(".")[2].lower() in self.attachments.refused_endings:
            return "dangerous"
        if file.size > self._most:
            return "too_large"
        return "too_many" if kept >= self.attachments.max_count else ""


def _read(raw: bytes) -> list[Event]:
    try:
        events = events_of(json.loads(raw))
    except (ValueError, RecursionError):
        events = []
    return events or [event_of({})]


def _id(event: Event) -> str:
    """The message's own; what is done to a message later has an id of its own."""
    parts = [CHANNEL, str(event.chat_id), str(number(event.message, "message_id"))]
    if event.kind == BUTTON:
        parts.append(words(event.body, "id"))
    if event.kind in (EDIT, MEMBERSHIP):
        parts.append(str(event.update_id))
    return ":".join(parts)


def _sender(user: Json) -> Address:
    return Address(CHANNEL, str(number(user, "id")), _name(words(user, "first_name"), words(user, "last_name")))


def _name(*parts: str) -> str:
    """As they call themselves, on one line and without signs that turn or hide what follows."""
    whole = " ".join(part for part in parts if part)
    visible = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in whole)
    plain = "".join(sign for sign in visible if unicodedata.category(sign) != "Cf")
    return " ".join(plain.split())[:128]


def _pressed(data: str) -> tuple[str, str]:
    """The marker and the words of a button. Anybody can send any data: what is no marker of ours is only words."""
    marker, bar, says = data.partition("|")
    if not bar:
        return "", data
    return (marker if _MARKER.match(marker) else ""), says


def _quoted_tag(event: Event) -> str:
    """The ticket number in the message that was replied to, where a mail would have it in its subject."""
    found = _TAG.search(written(table(event.message, "reply_to_message"))[0]) if event.kind != BUTTON else None
    return found[0] if found else ""


def _answers(event: Event) -> tuple[str, ...]:
    replied = number(table(event.message, "reply_to_message"), "message_id")
    if event.kind == EDIT:
        replied = number(event.message, "message_id")
    return (f"{CHANNEL}:{event.chat_id}:{replied}",) if replied and event.kind != BUTTON else ()


def _forwarded_from(message: Json) -> str:
    origin = table(message, "forward_origin")
    if not origin:
        return ""
    user, chat = table(origin, "sender_user"), table(origin, "sender_chat") or table(origin, "chat")
    named = _name(words(user, "first_name"), words(user, "last_name"))
    return named or _name(words(origin, "sender_user_name")) or _name(words(chat, "title")) or "?"


def _report(event: Event) -> DeliveryReport:
    """Blocked or let in again: as if a mail to that chat had come back, for good or not."""
    status = words(table(event.body, "new_chat_member"), "status")
    blocked = status in ("kicked", "left")
    said = "the bot was blocked by its user" if blocked else "the bot was let in again"
    return DeliveryReport((FailedDelivery(str(event.chat_id), permanent=blocked, status=status, diagnostic=said),))
