"""Chats with a desk under test, without a platform: what is typed, pressed and shown, as core sees it.

`chat.says("which domains do I have?")` walks a line of one chat account and returns what left the desk because of it:
in chats and by mail.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from sqlalchemy import select

from bot import i18n
from bot.channels import plain
from bot.channels.ports import Delivery
from bot.intake import received
from bot.templating import Templates
from core import inbox
from core.content import Actions, Content
from core.messages import Address, Attachment, InboundMessage
from core.models import Letter
from core.people import Proof
from core.post import Composed, Draft
from tests.desk import Read, TestDesk, read

VOUCHED = Proof(verified=True, reasons=("the platform vouches for the account",))


@dataclass(frozen=True, slots=True)
class Translator:
    """What the platforms' translators make, from a JSON that says it directly."""

    channel: str

    def translate(self, raw: bytes, claimed: Any) -> InboundMessage:
        said = json.loads(raw)
        marker = said.get("marker", "")
        return InboundMessage(
            id=f"{self.channel}:{said['chat']}:{said['id']}",
            sender=Address(self.channel, said["chat"], said["name"]),
            recipient=f"help+{marker}@desk.example" if marker else "help@desk.example",
            text=said["text"],
            received=claimed.received_at,
            subject=said.get("subject", ""),
            in_reply_to=tuple(said.get("in_reply_to", ())),
            marker=marker,
            shared=said.get("shared", False),
            room=said.get("room", ""),
            edited=said.get("edited", False),
            attachments=tuple(Attachment(name, "text/plain", b"x") for name in said.get("files", ())),
            proof=VOUCHED,
        )


@dataclass(frozen=True, slots=True)
class Composer:
    """Text, buttons and the marker of a draft."""

    templates: Templates
    desk: Any

    def compose(self, draft: Draft) -> Composed:
        gettext = i18n.translations(i18n.spoken(draft.language)).gettext
        contents = [self.templates.content(reply, draft.language, desk=self.desk) for reply in draft.replies]
        content = Content(contents[0].title, tuple(block for each in contents for block in each.blocks))
        text = plain.text(content, gettext=gettext)
        buttons = [one.says for block in content.blocks if isinstance(block, Actions) for one in block.buttons]
        payload = {"title": content.title, "text": text, "buttons": buttons, "marker": draft.marker}
        return Composed(json.dumps(payload).encode(), "" if content.secret else text, content.secret)


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of the desk in a chat."""

    channel: str
    to: str
    title: str
    text: str
    buttons: tuple[str, ...]
    marker: str
    kind: str

    def __contains__(self, words: str) -> bool:
        return words in self.text or words in self.title


@dataclass(frozen=True, slots=True)
class Came:
    """What left the desk because of one line."""

    bubbles: Sequence[Bubble]
    mails: Sequence[Read]

    @property
    def one(self) -> Bubble:
        assert len(self.bubbles) == 1, self.bubbles
        return self.bubbles[0]

    def by_mail(self, address: str) -> Read:
        found = [mail for mail in self.mails if mail.to == address]
        assert len(found) == 1, [(mail.to, mail.kind, mail.subject) for mail in self.mails]
        return found[0]

    @property
    def text(self) -> str:
        """All that stands in chats."""
        return "\n".join(f"{bubble.title}\n{bubble.text}" for bubble in self.bubbles)


@dataclass(slots=True)
class Chat:
    """One chat account and its private chat with the bot."""

    desk: TestDesk
    channel: str = "telegram"
    id: str = "4711"
    name: str = "Ann"
    numbers: Any = field(default_factory=lambda: count(1))
    last: Bubble | None = None

    def says(self, text: str, **more: Any) -> Came:
        number = next(self.numbers)
        said = {"chat": self.id, "name": self.name, "text": text, "id": number, **more}
        before = {letter.id for letter in _letters(self.desk)}
        raw = json.dumps(said).encode()
        delivery = Delivery(self.channel, raw, ("bot",), self.id, key=f"{self.id}/{number}")
        with self.desk.app.sessions() as session:
            inbox.accept(session, [received(delivery)], self.desk.clock())
            session.commit()
        self.desk.walks()
        came = after(self.desk, before)
        self.last = came.bubbles[-1] if came.bubbles else self.last
        return came

    def presses(self, says: str, on: Bubble | None = None) -> Came:
        bubble = on or self.last
        assert bubble is not None and says in bubble.buttons, bubble
        return self.says(says, marker=bubble.marker)

    def in_room(self, text: str, **more: Any) -> Came:
        return self.says(text, shared=True, room="-100", **more)

    def links(self, address: str) -> Came:
        """By the code that goes to the address on file."""
        code = code_of(self.says(f"link {address}").by_mail(address))
        return self.says(code)


def code_of(mail: Read) -> str:
    import re

    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", mail.text)
    assert found is not None, mail.text
    return found[0]


def after(desk: TestDesk, before: set[int]) -> Came:
    letters = [letter for letter in _letters(desk) if letter.id not in before]
    return Came(
        [bubble(letter) for letter in letters if letter.channel != "email"],
        [read(letter) for letter in letters if letter.channel == "email"],
    )


def ids(desk: TestDesk) -> set[int]:
    return {letter.id for letter in _letters(desk)}


def bubble(letter: Letter) -> Bubble:
    said = json.loads(letter.payload)
    buttons = tuple(said["buttons"])
    return Bubble(letter.channel, letter.recipient, said["title"], said["text"], buttons, said["marker"], letter.kind)


def _letters(desk: TestDesk) -> list[Letter]:
    with desk.app.sessions() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def with_chats(desk: TestDesk) -> TestDesk:
    """The desk with two chat channels that need no platform."""
    around = desk.app.around
    composer = Composer(Templates(), around.desk)
    chats = ("telegram", "slack")
    desk.app.around = replace(
        around,
        composers={**around.composers, **dict.fromkeys(chats, composer)},
        translators={**around.translators, **{name: Translator(name) for name in chats}},
        chat_starts={"telegram": "https://t.me/example_bot?start="},
    )
    return desk
