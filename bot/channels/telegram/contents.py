"""What a message holds besides its text: files to fetch, and a line for whatever the desk cannot keep.

Each kind that nobody thought of gets a line as well: a message that makes a program stumble comes again and again.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.telegram.events import Json, number, table, tables, words

Gettext = Callable[[str], str]

FETCHED_SIZE = 20 << 20
"""Bytes: the largest file that Telegram lets a bot fetch."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent; `size` is 0 where Telegram does not say."""

    file_id: str
    filename: str
    media_type: str
    size: int


_FILES = {
    "document": ("file", "application/octet-stream"),
    "video": ("video", "video/mp4"),
    "audio": ("audio", "audio/mpeg"),
    "voice": ("voice", "audio/ogg"),
    "video_note": ("video", "video/mp4"),
}
_ENDINGS = {"audio/ogg": ".ogg", "image/jpeg": ".jpg", "audio/mpeg": ".mp3", "video/mp4": ".mp4"}


def files_of(message: Json) -> list[Sent]:
    """Its files, photos in the largest size. An animation comes as a document as well and is taken once."""
    number_of_it = number(message, "message_id")
    found = []
    photos = [size for size in tables(message, "photo") if words(size, "file_id")]
    if photos:
        photo = max(
            photos, key=lambda size: (number(size, "width") * number(size, "height"), number(size, "file_size"))
        )
        found.append(
            Sent(words(photo, "file_id"), f"photo-{number_of_it}.jpg", "image/jpeg", number(photo, "file_size"))
        )
    for field, (name, usual) in _FILES.items():
        file = table(message, field)
        if words(file, "file_id"):
            media_type = words(file, "mime_type") or usual
            filename = words(file, "file_name") or f"{name}-{number_of_it}{_ending(media_type)}"
            found.append(Sent(words(file, "file_id"), filename, media_type, number(file, "file_size")))
    return found


def _ending(media_type: str) -> str:
    return _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"


_KNOWN_FIELDS = frozenset({"text", "caption", "photo", "document", "video", "audio"})
"""They speak for themselves."""


def told(message: Json, gettext: Gettext) -> list[str]:
    """A line for what is neither text nor a file that speaks for itself."""
    if any(field in message for field in _KNOWN_FIELDS):
        return []
    seconds = number(table(message, "voice") or table(message, "video_note"), "duration")
    if "voice" in message:
        line = gettext("[a voice message, {seconds} s]").format(seconds=seconds)
    elif "video_note" in message:
        line = gettext("[a video message, {seconds} s]").format(seconds=seconds)
    elif "sticker" in message:
        line = gettext("[a sticker] {sign}").format(sign=words(table(message, "sticker"), "emoji")).strip()
    elif "contact" in message:
        line = _contact(table(message, "contact"), gettext)
    elif "location" in message or "venue" in message:
        line = _place(message, gettext)
    elif "poll" in message:
        line = gettext("[a poll] {question}").format(question=words(table(message, "poll"), "question")).strip()
    elif "dice" in message:
        line = gettext("[a dice: {value}]").format(value=number(table(message, "dice"), "value"))
    else:
        line = gettext("[something that this desk cannot read]")
    return [line]


def _contact(contact: Json, gettext: Gettext) -> str:
    """Whose it is proves nothing: anybody can send anybody's."""
    name = " ".join(part for part in (words(contact, "first_name"), words(contact, "last_name")) if part)
    said = ", ".join(part for part in (name, words(contact, "phone_number")) if part)
    return gettext("[a contact] {said}").format(said=said)


def _place(message: Json, gettext: Gettext) -> str:
    venue = table(message, "venue")
    location = table(message, "location") or table(venue, "location")
    spot = f"{location.get('latitude', '?')}, {location.get('longitude', '?')}"
    said = ", ".join(part for part in (words(venue, "title"), words(venue, "address"), spot) if part)
    return gettext("[a place] {said}").format(said=said)
