"""What Slack refuses in blocks and texts: lengths, counts, keys, and words that would call people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]

KEYS = {
    "header": {"type", "block_id", "text"},
    "section": {"type", "block_id", "text", "fields", "accessory"},
    "context": {"type", "block_id", "elements"},
    "actions": {"type", "block_id", "elements"},
    "divider": {"type", "block_id"},
    "input": {"type", "block_id", "label", "element", "optional", "hint"},
    "button": {"type", "action_id", "text", "value", "url", "style", "confirm", "accessibility_label"},
    "static_select": {"type", "action_id", "placeholder", "options", "initial_option"},
    "plain_text_input": {"type", "action_id", "multiline", "max_length", "min_length", "initial_value", "placeholder"},
    "mrkdwn": {"type", "text", "verbatim"},
    "plain_text": {"type", "text", "emoji"},
}
_ALL_BLOCKS = 13_200
_MARK = re.compile(r"<([^<>]*)>")
_LOOSE = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")


def message_problems(blocks: Sequence[Block]) -> list[str]:
    found = list(_all(blocks, 50, {"header", "section", "context", "actions", "divider"}))
    length = len(json.dumps(blocks, ensure_ascii=False))
    return [*found, *(["msg_blocks_too_long"] if length > _ALL_BLOCKS else [])]


def view_problems(view: Mapping[str, Any]) -> list[str]:
    kind = view.get("type")
    found = []
    if kind == "modal":
        allowed = {"type", "callback_id", "title", "submit", "close", "blocks", "private_metadata"}
        found += [f"title: {problem}" for problem in _text(view.get("title"), 24, ("plain_text",))]
        found += [f"submit: {problem}" for problem in _text(view.get("submit"), 24, ("plain_text",))]
    else:
        allowed = {"type", "callback_id", "blocks", "private_metadata"}
        found += [] if kind == "home" else [f"type {kind}"]
    found += [f"key {key}" for key in view.keys() - allowed]
    return found + list(_all(view["blocks"], 100, {"header", "section", "context", "actions", "divider", "input"}))


def _all(blocks: Sequence[Block], most: int, kinds: set[str]) -> Iterator[str]:
    if not 0 < len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    for number, block in enumerate(blocks):
        if block.get("type") not in kinds:
            yield f"/blocks/{number}: type {block.get('type')}"
            continue
        yield from (f"/blocks/{number}: {problem}" for problem in _block(block))


def _block(block: Block) -> Iterator[str]:
    yield from _keys(block)
    match block["type"]:
        case "header":
            yield from _text(block["text"], 150, ("plain_text",))
        case "section":
            yield from _text(block["text"], 3000)
        case "context":
            yield from _count(block["elements"], 10)
            for element in block["elements"]:
                yield from _text(element, 2000)
        case "actions":
            yield from _count(block["elements"], 25)
            ids = [element.get("action_id") for element in block["elements"]]
            if len(set(ids)) != len(ids) or not all(ids):
                yield f"action_ids {ids}"
            for element in block["elements"]:
                yield from _element(element)
        case "input":
            yield from _text(block["label"], 2000, ("plain_text",))
            yield from _element(block["element"])


def _element(element: Mapping[str, Any]) -> Iterator[str]:
    if element.get("type") not in ("button", "static_select", "plain_text_input"):
        yield f"element {element.get('type')}"
        return
    yield from _keys(element)
    if len(element["action_id"]) > 255:
        yield "action_id too long"
    match element["type"]:
        case "button":
            yield from _text(element["text"], 75, ("plain_text",))
            if len(element.get("value", "")) > 2000 or len(element.get("accessibility_label", "")) > 75:
                yield "value or accessibility_label too long"
            if element.get("style") not in (None, "primary", "danger"):
                yield "style"
        case "static_select":
            yield from _text(element["placeholder"], 150, ("plain_text",))
            yield from _count(element["options"], 100)
            for option in element["options"]:
                yield from _text(option["text"], 75, ("plain_text",))
                if not 0 < len(option["value"]) <= 150:
                    yield "option value"
        case "plain_text_input":
            if not 0 < element.get("max_length", 3000) <= 3000:
                yield "max_length"
            if len(element.get("initial_value", "")) > element.get("max_length", 3000):
                yield "initial_value longer than max_length"


def _text(text: Any, most: int, kinds: Sequence[str] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(text, Mapping) or text.get("type") not in kinds:
        yield f"no text of {kinds}: {text!r}"
        return
    yield from _keys(text)
    if not 0 < len(text["text"]) <= most:
        yield f"{len(text['text'])} characters of {most}"
    if text["type"] == "mrkdwn":
        yield from _unescaped(text["text"])


def _unescaped(text: str) -> Iterator[str]:
    if _LOOSE.search(_MARK.sub("", text)):
        yield f"not escaped: {text[:60]!r}"


def calls(text: str) -> list[str]:
    """Marks in a text that page people or name them; and links to anything but web and mail."""
    return [mark for mark in _MARK.findall(text) if not mark.startswith(("http://", "https://", "mailto:"))]


def texts(blocks: Sequence[Block]) -> Iterator[str]:
    """All markup in them."""
    for block in blocks:
        for text in (block.get("text"), *block.get("elements", ())):
            if isinstance(text, Mapping) and text.get("type") == "mrkdwn":
                yield text["text"]


def _keys(thing: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{thing['type']} has no key {key}" for key in thing.keys() - KEYS[thing["type"]])


def _count(things: Sequence[Any], most: int) -> Iterator[str]:
    if not 0 < len(things) <= most:
        yield f"{len(things)} of {most}"
