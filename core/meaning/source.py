"""The files of data/: lists of words, and sections of patterns by language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section: [section] / key: value."""

    section: str
    key: str
    value: str


def text_of(file: str) -> str:
    return resources.files("core.meaning").joinpath("data", file).read_text(encoding="utf-8")


def lines_of(file: str) -> Iterator[str]:
    """Lines without comments and empty ones."""
    for line in text_of(file).splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def words_of(file: str) -> frozenset[str]:
    return frozenset(word for line in lines_of(file) for word in line.split())


@cache
def entries(file: str) -> tuple[Entry, ...]:
    """The lines of a file with sections. Raises ValueError for a line that stands in none or has no key."""
    found: list[Entry] = []
    section = ""
    for line in lines_of(file):
        if line.startswith("["):
            section = line.strip()[1:-1]
            continue
        key, colon, value = line.partition(":")
        if not section or not colon:
            raise ValueError(f"{file}: {line!r} belongs to no section or has no key")
        found.append(Entry(section, key.strip(), value.strip()))
    return tuple(found)
