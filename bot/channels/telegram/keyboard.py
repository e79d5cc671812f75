"""Buttons under a message. What a button carries is the letter's marker and the words it stands for, in 64 bytes."""

from __future__ import annotations

from collections.abc import Sequence

from core.content import Actions, Content

MOST_BYTES = 64
MOST_BUTTONS = 100
MOST_IN_A_ROW = 3
ROW_LETTERS = 30
"""Letters that a phone shows of a row's labels together."""

Rows = list[list[tuple[str, str]]]
"""(label, data)"""


def choices(content: Content) -> list[tuple[str, str]]:
    """(label, words) of everything that can be pressed, each once."""
    menus = (block for block in content.blocks if isinstance(block, Actions))
    return list(dict.fromkeys((button.label, button.says) for menu in menus for button in menu.buttons))


def data_of(marker: str, says: str) -> str:
    """ "" when the words are too long for a button."""
    data = f"{marker}|{says}"
    return data if len(data.encode()) <= MOST_BYTES else ""


def rows(buttons: Sequence[tuple[str, str]]) -> Rows:
    """Short ones beside each other, long ones below each other."""
    made: Rows = []
    for label, data in buttons:
        last = made[-1] if made else []
        letters = sum(len(other) for other, _ in last) + len(label)
        if last and len(last) < MOST_IN_A_ROW and letters <= ROW_LETTERS - 4 * len(last):
            last.append((label, data))
        else:
            made.append([(label, data)])
    return made
