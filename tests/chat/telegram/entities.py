"""Telegram's HTML, read as strictly as the Bot API server reads it: one sign wrong and the message is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

TAGS = frozenset("b strong i em u ins s strike del a code pre blockquote tg-spoiler".split())
_TAG = re.compile(r"([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:=(?:\"[^\"<>]*\"|'[^'<>]*'))?)*)\s*\Z", re.IGNORECASE)
_HREF = re.compile(r"href=[\"']([^\"']*)[\"']")
_SIGNS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class Unreadable(Exception):
    """The words that Telegram answers with after "can't parse entities: "."""


@dataclass(frozen=True, slots=True)
class Entity:
    kind: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    text: str
    entities: tuple[Entity, ...]

    def texts(self, kind: str) -> list[str]:
        return [entity.text for entity in self.entities if entity.kind == kind]


def parse(markup: str) -> Parsed:
    text: list[str] = []
    opened: list[tuple[str, int, str]] = []
    found: list[Entity] = []
    at = 0
    while at < len(markup):
        sign = markup[at]
        if sign == "&" and (entity := re.compile(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-f]+);").match(markup, at)):
            text.append(_decoded(entity[1]))
            at = entity.end()
        elif sign == "<":
            at = _tag(markup, at, text, opened, found)
        else:
            text.append(sign)
            at += 1
    if opened:
        raise Unreadable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return Parsed("".join(text).strip(), tuple(found))


def _decoded(name: str) -> str:
    if name.startswith("#x"):
        return chr(int(name[2:], 16))
    return chr(int(name[1:])) if name.startswith("#") else _SIGNS[name]


def _tag(markup: str, at: int, text: list[str], opened: list[tuple[str, int, str]], found: list[Entity]) -> int:
    offset = len(markup[:at].encode())
    end = markup.find(">", at)
    if end < 0:
        raise Unreadable(f"Unclosed start tag at byte offset {offset}")
    inside = markup[at + 1 : end]
    if inside.startswith("/"):
        if not opened:
            raise Unreadable(f"Unexpected end tag at byte offset {offset}")
        name, start, url = opened.pop()
        if inside[1:].strip() != name:
            raise Unreadable(
                f'Unmatched end tag at byte offset {offset}, expected "</{name}>", found "</{inside[1:].strip()}>"'
            )
        found.append(Entity(name, "".join(text[start:]), url))
        return end + 1
    matched = _TAG.match(inside)
    name = matched[1].lower() if matched else ""
    if name not in TAGS:
        raise Unreadable(f'Unsupported start tag "{name}" at byte offset {offset}')
    if name == "blockquote" and any(other == "blockquote" for other, _, _ in opened):
        raise Unreadable(f"Nested blockquote at byte offset {offset}")
    href = _HREF.search(matched[2]) if matched else None
    opened.append((name, len(text), _unescaped(href[1]) if href else ""))
    return end + 1


def _unescaped(value: str) -> str:
    return re.sub(r"&(lt|gt|amp|quot);", lambda found: _SIGNS[found[1]], value)
