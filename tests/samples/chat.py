"""Samples of chats: linking them, what is said there, and what goes by mail instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from core.chatlinks import Linked
from core.messages import Address
from core.people import Principal
from tests.samples.cast import ALICE, NAMELESS, UNTIL, WHO

CHAT = Address("telegram", "4711", "Ann")
NO_NAME = replace(CHAT, channel="slack", name="")
TICKET = SimpleNamespace(number="46057485", subject="Site broken", status="Open")
THEN = datetime(2026, 11, 18, 6, tzinfo=UTC)
HERE = Linked("telegram:4711", "telegram", "Ann", THEN, THEN, "Alice Martin", own=True, here=True, unreachable=False)
LOST = Linked("slack:T1/U1", "slack", "", THEN, THEN, "Bob Roux", own=False, here=False, unreachable=True)
NAMED = replace(LOST, name="bob")
WORD = "aucvi2o7fvw7hzqa6pffi5fh7q3ryh5z"

SECRET = frozenset({"chat_code", "chat_word"})

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "chat_code": [
        {"chat": chat, "name": "Alice Martin", "code": "K7MQ-29TX", "until": UNTIL} for chat in (CHAT, NO_NAME)
    ],
    "chat_word": [
        {"word": WORD, "links": {"telegram": f"https://t.me/example_bot?start={WORD}"}, "until": UNTIL},
        {"word": WORD, "links": {}, "until": UNTIL},
    ],
    "chat_word_sent": [{"sent_to": "alice@bakery.example"}],
    "chat_link_how": [{"in_chat": True}, {"in_chat": False}],
    "chat_link_private": [{}],
    "chat_terminal": [{}],
    "chat_link_asked": [{"email": "alice@bakery.example", "minutes": 10}, {"email": "a@b.example", "minutes": 1}],
    "chat_link_question": [
        {"chat": CHAT, "sent_to": "alice@bakery.example", "client": ALICE},
        {"chat": NO_NAME, "sent_to": "alice@bakery.example", "client": NAMELESS},
    ],
    "chat_linked": [
        {"chat": CHAT, "who": WHO, "people": [WHO]},
        {"chat": CHAT, "who": WHO, "people": [WHO, replace(WHO, email="bob@bakery.example")]},
    ],
    "chat_not_linked": [{}],
    "chat_linked_notice": [{"chat": CHAT, "who": WHO}, {"chat": NO_NAME, "who": WHO}],
    "chat_links": [
        {"links": [HERE, LOST], "owner": True},
        {"links": [], "owner": True},
        {"links": [], "owner": False},
    ],
    "chat_unlinked": [
        {"chats": [NAMED], "here": False},
        {"chats": [HERE, LOST], "here": True},
        {"chats": [], "here": True},
    ],
    "chat_unlinked_notice": [{"chat": CHAT, "who": WHO}, {"chat": NO_NAME, "who": WHO}],
    "chat_confirm_by_code": [{"sent_to": "alice@bakery.example", "until": UNTIL}],
    "chat_sent_by_mail": [{"sent_to": "alice@bakery.example"}],
    "chat_stranger": [{"ticket": TICKET}],
    "chat_ticket": [{"ticket": TICKET, "department": "Support"}],
    "chat_in_private": [{}],
    "chat_hello": [{"who": WHO}, {"who": Principal("Nina Stone")}],
    "chat_account": [{"client": ALICE}, {"client": NAMELESS}],
    "chat_accounts": [
        {"accounts": [("1001", "Alice Bakery"), ("1002", "Hale Books")], "now": "1002"},
        {"accounts": [], "now": ""},
    ],
    "chat_gone": [{"text": "It was the database.\nFixed.", "channel": "telegram"}],
}
