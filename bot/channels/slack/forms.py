"""The modals: one opens a ticket, one answers a client. What is sent with them becomes a message like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.slack import limits, typed
from bot.channels.slack.blocks import BlockKit

TICKET, REPLY = "ticket", "reply"
"""callback_id of each."""
REPLY_SAYS = "#reply"
"""What the button of a card says that opens the second; what is written follows it (core/directives.py)."""
SUBJECT, DEPARTMENT, TEXT = "subject", "department", "text"
"""Their blocks, and the inputs in them."""
_SUBJECT_LENGTH = 200
_QUOTED = limits.INPUT - 1000
"""What a message takes of the text at most, so that there is room to write."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A modal as it was sent; `department` is "" where none was chosen."""

    subject: str
    department: str
    text: str


def ticket(departments: Sequence[str], gettext: Callable[[str], str], text: str = "") -> dict[str, Any]:
    """The modal; `text` is what stands in it at first, a message that the ticket is about."""
    chosen = [name for name in departments if len(name) <= limits.OPTION_TEXT][: limits.OPTIONS]
    made = [
        _input(SUBJECT, gettext("Subject"), {"max_length": _SUBJECT_LENGTH}),
        *([_select(gettext("Department"), gettext("Let the desk decide"), chosen)] if chosen else []),
        _input(TEXT, gettext("What is it about?"), {"multiline": True, "max_length": limits.INPUT}, text),
    ]
    return {
        "type": "modal",
        "callback_id": TICKET,
        "title": plain(gettext("Open a ticket")[: limits.MODAL_TITLE]),
        "submit": plain(gettext("Send")[: limits.MODAL_SUBMIT]),
        "close": plain(gettext("Cancel")[: limits.MODAL_SUBMIT]),
        "blocks": made,
    }


def reply(pressed: str, card: Sequence[BlockKit], gettext: Callable[[str], str]) -> dict[str, Any]:
    """Answers the client of a card: it stands above, so that nobody answers the wrong one.

    `pressed` is the value of the button, which goes along.
    """
    preview = [block for block in card if block.get("type") in ("header", "section")][:2]
    return {
        "type": "modal",
        "callback_id": REPLY,
        "private_metadata": pressed,
        "title": plain(gettext("Reply")[: limits.MODAL_TITLE]),
        "submit": plain(gettext("Send to client")[: limits.MODAL_SUBMIT]),
        "close": plain(gettext("Cancel")[: limits.MODAL_SUBMIT]),
        "blocks": [
            *({key: block[key] for key in ("type", "text")} for block in preview),
            _input(TEXT, gettext("The client reads this:"), {"multiline": True, "max_length": limits.INPUT}),
        ],
    }


def filled(view: Mapping[str, Any]) -> Filled:
    """What was written in it."""
    values = view["state"]["values"]

    def element(name: str) -> Mapping[str, Any]:
        return (values.get(name) or {}).get(name) or {}

    option = element(DEPARTMENT).get("selected_option") or {}
    return Filled(
        str(element(SUBJECT).get("value") or "").strip(),
        str(option.get("value") or ""),
        str(element(TEXT).get("value") or "").strip(),
    )


def quoted(message: Mapping[str, Any]) -> str:
    """A message of a channel, to stand in the modal; what is longer than it takes is left off there, in sight."""
    lines = typed.plain(str(message.get("text") or "")).split("\n")
    text = "\n".join(f"> {line}" for line in lines if line.strip())
    if len(text) > _QUOTED:
        text = f"{text[:_QUOTED]}…"
    return f"{text}\n\n" if text else ""


def _input(name: str, label: str, options: Mapping[str, Any], text: str = "") -> BlockKit:
    element = {"type": "plain_text_input", "action_id": name, **options}
    if text:
        element["initial_value"] = text
    return {"type": "input", "block_id": name, "label": plain(label), "element": element}


def _select(label: str, placeholder: str, names: Sequence[str]) -> BlockKit:
    element = {
        "type": "static_select",
        "action_id": DEPARTMENT,
        "placeholder": plain(placeholder),
        "options": [{"text": plain(name), "value": name} for name in names],
    }
    return {
        "type": "input",
        "block_id": DEPARTMENT,
        "optional": True,
        "label": plain(label),
        "element": element,
    }


def plain(text: str) -> dict[str, Any]:
    """A text object without markup."""
    return {"type": "plain_text", "text": text, "emoji": False}
