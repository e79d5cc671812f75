"""How the tests of this folder read: one reader, and what it made of a text in a form that compares well."""

from __future__ import annotations

from core.meaning.read import Reader, Reading

_READER = Reader()


def read(text: str, subject: str = "") -> Reading:
    return _READER.read(text, subject)


def intents(text: str, subject: str = "") -> list[str]:
    return [meant.intent for meant in read(text, subject).requests]


def objects(text: str, subject: str = "") -> list[tuple[str, dict[str, tuple[str, ...]]]]:
    return [(meant.intent, dict(meant.entities)) for meant in read(text, subject).requests]
