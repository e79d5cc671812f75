"""What a Slack workspace delivered becomes a message for the walk.

Slack vouches for the account that wrote (nobody else can write under its id); whose account of ours that is, the desk
knows. A pressed button is the words it says, sent to the signed address of the letter it stood in; so is an answer
in the thread of a letter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.slack import arrivals, detailsform, forms, limits, place, typed
from bot.channels.slack.arrivals import Bot
from bot.channels.slack.lookups import Lookups, NotFetched
from bot.channels.slack.place import Place
from bot.settings import Attachments
from core.messages import Address, Attachment, InboundMessage, RefusedFile
from core.people import Proof

VOUCHED = Proof(verified=True, reasons=("Slack vouches for the account",))
_TRIES = 3
"""How often the walk of a message is tried; the last time does without a file that can't be had."""


@dataclass(frozen=True, slots=True)
class SlackTranslator:
    """`address` is the desk's own, `departments` maps the names a form offers to addresses."""

    lookups: Lookups
    address: str
    departments: Mapping[str, str]
    attachments: Attachments

    def translate(self, raw: bytes, claimed: Any) -> InboundMessage:
        """What our own door stored; other bytes give a message that says so in its `defects`."""
        try:
            body = json.loads(raw)
            bot = Bot(str(claimed.envelope.get("team", "")), str(claimed.envelope.get("bot", "")))
            said = arrivals.said(body, bot, str(claimed.envelope.get("triage", "")))
            if said is None:
                raise ValueError("nobody said anything in it")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return _unreadable(claimed, str(error))
        who = Address("slack", f"{bot.team}/{said.user}", self._name(body, said.user))
        empty = InboundMessage("", who, claimed.recipient, "", claimed.received_at, proof=VOUCHED)
        return _Reading(self, body, bot, said.user, empty, claimed.attempts >= _TRIES).message(said.kind)

    def signed(self, marker: str) -> str:
        """The reply address that this token makes."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}+{marker}@{domain}"

    def _name(self, body: Mapping[str, Any], user: str) -> str:
        """From what was delivered only as a last resort: there it is the handle, not the name."""
        person = body.get("user")
        handle = person.get("username") or person.get("name") if isinstance(person, dict) else body.get("user_name")
        return self.lookups.name(user) or str(handle or "")


def _unreadable(claimed: Any, reason: str) -> InboundMessage:
    return InboundMessage(
        id=f"slack:{claimed.id}",
        sender=Address("slack", "nobody"),
        recipient=claimed.recipient,
        text="",
        received=claimed.received_at,
        may_answer=False,
        defects=(f"not a delivery of Slack: {reason[:200]}",),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One delivery, being read; `empty` has what all kinds share."""

    desk: SlackTranslator
    body: Mapping[str, Any]
    bot: Bot
    user: str
    empty: InboundMessage
    last_try: bool
    lost: list[str] = field(default_factory=list)

    def message(self, kind: str) -> InboundMessage:
        match kind:
            case "command":
                return self._command()
            case "press":
                return self._press()
            case "form":
                return self._form()
            case _:
                return self._written()

    def _command(self) -> InboundMessage:
        """Only who writes a command sees it, wherever it is written."""
        text = typed.plain(str(self.body.get("text") or "")) or "help"
        return replace(self.empty, id=self._private_id(self.body.get("trigger_id")), text=text)

    def _press(self) -> InboundMessage:
        marker, _, says = arrivals.pressed(self.body).partition("|")
        container = self.body.get("container") or {}
        where = self._place(
            str((self.body.get("channel") or {}).get("id") or ""), str(container.get("thread_ts") or "")
        )
        pressed = replace(self.empty, id=place.message_id(where, f"press-{self.body.get('trigger_id')}"), text=says)
        return self._in(where, self._signed(pressed, marker))

    def _form(self) -> InboundMessage:
        view = self.body["view"]
        if view.get("callback_id") == detailsform.DETAILS:
            return replace(self.empty, id=self._private_id(f"form-{view['id']}"), text=detailsform.words(view))
        filled = forms.filled(view)
        if view.get("callback_id") == forms.REPLY:
            marker, _, says = str(view.get("private_metadata") or "").partition("|")
            text = f"{says}\n{filled.text}"
            return self._signed(replace(self.empty, id=self._private_id(f"form-{view['id']}"), text=text), marker)
        return replace(
            self.empty,
            id=self._private_id(f"form-{view['id']}"),
            subject=filled.subject,
            text=filled.text,
            recipient=self.desk.departments.get(filled.department, self.empty.recipient),
        )

    def _written(self) -> InboundMessage:
        event = self.body["event"]
        said = arrivals.message_of(event)
        ts, thread, channel = str(said["ts"]), str(said.get("thread_ts") or ""), str(event["channel"])
        where = self._place(channel, thread or ts)
        name = place.message_id(where, ts)
        text = typed.plain(typed.without_mention(str(said.get("text") or ""), self.bot.user))
        kept, refused = self._files(said)
        if not (text or kept or refused or self.lost) and event.get("type") == "app_mention":
            text = "help"
        message = replace(
            self.empty,
            id=name,
            text="\n".join([text, *self.lost]).strip(),
            attachments=kept,
            refused=refused,
            defects=tuple(self.lost),
        )
        if thread and thread != ts:
            root = place.message_id(self._place(channel, thread), thread)
            message = self._signed(replace(message, in_reply_to=(root,)), self._began(channel, thread, said))
        if edited := str((said.get("edited") or {}).get("ts") or ""):
            earlier = (name, *message.in_reply_to)
            message = replace(message, id=f"{name}/{edited}", in_reply_to=earlier, edited=True)
        return self._in(where, message)

    def _began(self, channel: str, thread: str, said: Mapping[str, Any]) -> str:
        """The marker of the thread's first message, where that was ours. Raises NotFetched: it decides the ticket."""
        if said.get("parent_user_id") not in (None, self.bot.user):
            return ""
        try:
            return self.desk.lookups.marker(channel, thread)
        except NotFetched:
            if not self.last_try:
                raise
            return ""

    def _place(self, channel: str, thread: str) -> Place:
        """A direct message is its person; what has no channel (the Home tab) is that person's as well."""
        if not channel or channel.startswith("D"):
            return Place(self.bot.team, self.user)
        return Place(self.bot.team, channel, thread)

    def _private_id(self, of: object) -> str:
        return place.message_id(Place(self.bot.team, self.user), str(of))

    def _in(self, where: Place, message: InboundMessage) -> InboundMessage:
        return message if where.direct else replace(message, shared=True, room=str(where))

    def _signed(self, message: InboundMessage, marker: str) -> InboundMessage:
        return replace(message, marker=marker, recipient=self.desk.signed(marker)) if marker else message

    def _files(self, said: Mapping[str, Any]) -> tuple[tuple[Attachment, ...], tuple[RefusedFile, ...]]:
        """Fetched one after the other. Raises NotFetched when another walk may bring what this one can't have."""
        kept: list[Attachment] = []
        refused: list[RefusedFile] = []
        for file in said.get("files") or ():
            name = str(file.get("name") or file.get("title") or file.get("id") or "file")
            if reason := self._refusal(file, name, len(kept)):
                refused.append(RefusedFile(name, reason))
                continue
            kept.extend(self._fetched(file, name))
        return tuple(kept), tuple(refused)

    def _refusal(self, file: Mapping[str, Any], name: str, count: int) -> str:
        if name.rpartition(".")[2].lower() in self.desk.attachments.refused_endings:
            return "dangerous"
        if int(file.get("size") or 0) > min(limits.FILE, self.desk.attachments.max_size):
            return "too_large"
        return "too_many" if count >= self.desk.attachments.max_count else ""

    def _fetched(self, file: Mapping[str, Any], name: str) -> Iterator[Attachment]:
        if file.get("mode") == "tombstone":
            return
        try:
            content = self.desk.lookups.file(file)
        except NotFetched as reason:
            if reason.again and not self.last_try:
                raise
            self.lost.append(f"[{name}: {reason}]")
            return
        yield Attachment(name, str(file.get("mimetype") or "application/octet-stream"), content)
