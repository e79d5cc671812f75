"""A long answer as several messages: cut between paragraphs, else lines, else words; nothing is lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.channels.telegram.runs import MOST_BYTES, MOST_ENTITIES, Run, Runs, cut, entities, html, length

TEXT = 4096
CAPTION = 1024
COUNTER_ROOM = 16
"""For "(12/34)" below the text and the empty line before it."""
BETWEEN = Run("\n\n")
WHOLE = 200
"""A message with fewer characters (a title) is not sent by itself, and no fewer are cut off a paragraph."""


def fits(runs: Sequence[Run], limit: int = TEXT) -> bool:
    return length(runs) <= limit and entities(runs) <= MOST_ENTITIES and len(html(runs).encode()) <= MOST_BYTES


def together(blocks: Sequence[Runs]) -> Runs:
    """All blocks in one, an empty line between them."""
    runs: list[Run] = []
    for block in blocks:
        if runs:
            runs.append(BETWEEN)
        runs.extend(block)
    return tuple(runs)


def split(blocks: Sequence[Runs], limit: int = TEXT) -> list[Runs]:
    """As few messages as it takes, in order; of several, each says which it is."""
    if fits(whole := together(blocks), limit):
        return [whole]
    room = limit - COUNTER_ROOM
    messages: list[Runs] = []
    message: Runs = ()
    waiting = list(reversed(blocks))
    while waiting:
        block = waiting.pop()
        if fits(_below(message, block), room):
            message = _below(message, block)
            continue
        head, tail = _head(message, block, room)
        if head:
            message, block = _below(message, head), tail
        if message:
            messages.append(message)
            message = ()
        if block:
            waiting.append(block)
    if message:
        messages.append(message)
    if len(messages) == 1:
        return messages
    return [(*runs, Run(f"\n\n({at}/{len(messages)})")) for at, runs in enumerate(messages, 1)]


def _below(message: Runs, block: Runs) -> Runs:
    return together([message, block]) if message else block


def _head(message: Runs, block: Runs, room: int) -> tuple[Runs, Runs]:
    """What of a block still goes into a message; nothing where the block can stand whole in the next one."""
    most = _longest(message, block, room)
    starts_well = length(message) >= min(WHOLE, room // 2)
    if message and (most == 0 or (starts_well and (most < WHOLE or fits(block, room)))):
        return (), block
    return _broken(block, max(most, 1))


def _longest(message: Runs, block: Runs, room: int) -> int:
    """The most characters of the block that still fit."""
    low, high = 0, min(length(block), room)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_below(message, _cut(block, middle)[0]), room):
            low = middle
        else:
            high = middle - 1
    return low


def _broken(block: Runs, most: int) -> tuple[Runs, Runs]:
    """At the last line break of the first `most` characters, else at the last space, else between two letters."""
    text = "".join(run.text for run in block)
    at = text.rfind("\n", 1, most + 1)
    if at < most // 2:
        at = max(at, text.rfind(" ", 1, most + 1))
    if at <= 0:
        at = _between_letters(text, most)
        return _cut(block, at)
    head, tail = _cut(block, at)
    return head, _cut(tail, 1)[1]


def _between_letters(text: str, most: int) -> int:
    """Not between a letter and the marks that belong to it, if there is a place."""
    for at in range(most, max(most - 32, 0), -1):
        if at >= len(text):
            return at
        belongs = unicodedata.combining(text[at]) or text[at] in "\u200d\ufe0f" or text[at - 1] == "\u200d"
        if not belongs:
            return at
    return most


def _cut(block: Runs, at: int) -> tuple[Runs, Runs]:
    head: list[Run] = []
    for index, run in enumerate(block):
        if len(run.text) > at:
            left, right = cut(run, at)
            return (*head, *((left,) if left.text else ())), (right, *block[index + 1 :])
        head.append(run)
        at -= len(run.text)
    return tuple(head), ()
