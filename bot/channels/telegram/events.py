"""An update of Telegram as far as the desk looks into it.

Read from the plain JSON with nothing taken for granted: a field that Telegram adds, leaves out or changes must cost a
line in a ticket, never a message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

MESSAGE, EDIT, BUTTON, MEMBERSHIP = "message", "edit", "button", "membership"
_BODIES = {
    "message": MESSAGE,
    "edited_message": EDIT,
    "callback_query": BUTTON,
    "my_chat_member": MEMBERSHIP,
}
ALLOWED_UPDATES = tuple(_BODIES)
"""What Telegram is asked to send; channels, inline mode, payments and reactions are not for a help desk."""

_SERVICE = frozenset(
    "new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo group_chat_created "
    "supergroup_chat_created channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id "
    "migrate_from_chat_id pinned_message write_access_allowed proximity_alert_triggered boost_added "
    "chat_background_set forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened "
    "general_forum_topic_hidden general_forum_topic_unhidden video_chat_scheduled video_chat_started "
    "video_chat_ended video_chat_participants_invited users_shared chat_shared giveaway_created "
    "giveaway_completed connected_website".split()
)
"""Fields of messages that nobody wrote."""


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is "" for what the desk knows nothing of; `message` is the one that a pressed button stands under."""

    update_id: int
    kind: str
    body: Json
    message: Json
    chat: Json
    user: Json

    @property
    def chat_id(self) -> int:
        return number(self.chat, "id")

    @property
    def private(self) -> bool:
        return self.chat.get("type") == "private"

    @property
    def album(self) -> str:
        return words(self.message, "media_group_id") if self.kind == MESSAGE else ""


def event_of(update: Json) -> Event:
    """Any JSON object gives an event."""
    name = next((name for name in _BODIES if isinstance(update.get(name), dict)), "")
    kind, body = _BODIES.get(name, ""), table(update, name)
    message = table(body, "message") if kind == BUTTON else body if kind in (MESSAGE, EDIT) else {}
    chat = table(body, "chat") or table(message, "chat")
    return Event(number(update, "update_id"), kind, body, message, chat, table(body, "from"))


def events_of(document: Any) -> list[Event]:
    """What a door stored: one update, or the updates of an album."""
    updates = document if isinstance(document, list) else [document]
    return [event_of(update) for update in updates if isinstance(update, dict)]


def is_service(message: Json) -> bool:
    return any(field in message for field in _SERVICE)


def table(json: Json, key: str) -> Json:
    value = json.get(key)
    return value if isinstance(value, dict) else {}


def tables(json: Json, key: str) -> list[Json]:
    value = json.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def number(json: Json, key: str) -> int:
    value = json.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def words(json: Json, key: str) -> str:
    """A text, without what no database stores: NUL, and half a surrogate pair, which becomes a question mark."""
    value = json.get(key)
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def written(message: Json) -> tuple[str, list[Json]]:
    """The text or the caption, with its entities."""
    if words(message, "text"):
        return words(message, "text"), tables(message, "entities")
    return words(message, "caption"), tables(message, "caption_entities")


def marked(message: Json) -> Iterator[tuple[Json, int, int]]:
    """The entities and where they stand in the Python string: Telegram counts in UTF-16 units."""
    text, entities = written(message)
    units = text.encode("utf-16-le")
    for entity in entities:
        start, length = number(entity, "offset"), number(entity, "length")
        if start >= 0 and length > 0 and 2 * (start + length) <= len(units):
            before = units[: 2 * start].decode("utf-16-le", "replace")
            within = units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
            yield entity, len(before), len(before) + len(within)
