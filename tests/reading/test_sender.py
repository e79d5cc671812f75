"""Whether a From can be read in one way only: what a verdict about the domain may be joined to."""

from __future__ import annotations

import pytest

from bot.channels.reading.mail import read

_CLEAN = [
    "alice@bakery.example",
    "<alice@bakery.example>",
    "Alice Martin <alice@bakery.example>",
    '"Martin, Alice" <alice@bakery.example>',
    "=?utf-8?q?Zo=C3=AB?= <zoe@bakery.example>",
    "Zoë Müller <zoe@bäckerei.example>",
    "alice@bakery.example (Alice Martin)",
    "Alice\n <alice@bakery.example>",
]
_AMBIGUOUS = [
    "",
    "Alice Martin",
    "alice@bakery.example <mallory@evil.example>",
    '"alice@bakery.example" <mallory@evil.example>',
    "=?utf-8?q?alice=40bakery=2Eexample?= <mallory@evil.example>",
    "=?utf-8?b?PGFsaWNlQGJha2VyeS5leGFtcGxlPg==?= <mallory@evil.example>",
    "<alice@bakery.example> <mallory@evil.example>",
    "<alice@bakery.example>, <mallory@evil.example>",
    "alice@bakery.example, mallory@evil.example",
    "alice@bakery.example mallory@evil.example",
    "<@evil.example,@bakery.example:alice@bakery.example>",
    "<@evil.example:alice@bakery.example>",
    "Team: alice@bakery.example;",
    "alice@bakery.example\0@evil.example",
    "alice@bakery.example(@evil.example)",
    "<mallory@evil.example(<alice@bakery.example>)>",
    "mallory@evil.example(alice@bakery.example)",
    "alice@bakery.example@evil.example",
    '"alice@bakery.example, "<mallory@evil.example>',
    "<alice@[192.0.2.1]>",
    "alice@localhost",
    "alice@-bakery-.example",
    "=?utf-8?q?alice=40bakery=2Eexample=2C?=<mallory@evil.example>",
    "<alice@bakery.example",
    "alice@bakery.example>",
    "alice @bakery.example",
    "a" * 3_000 + "@bakery.example",
]
_ONCE = ["From", "Sender", "Subject", "Date", "Message-ID", "To", "Cc", "Content-Type", "Reply-To"]


def _mail(sender: str, more: str = "") -> bytes:
    return f"From: {sender}\nTo: help@desk.example\n{more}\nHello\n".encode()


@pytest.mark.parametrize("sender", _CLEAN)
def test_a_clean_from_is_unambiguous(sender: str) -> None:
    assert read(_mail(sender)).sender_unambiguous


@pytest.mark.parametrize("sender", _AMBIGUOUS)
def test_a_from_with_two_readings_is_ambiguous(sender: str) -> None:
    assert not read(_mail(sender)).sender_unambiguous


@pytest.mark.parametrize("name", _ONCE)
def test_a_doubled_field_makes_the_mail_ambiguous(name: str) -> None:
    value = "alice@bakery.example" if name in ("From", "Sender", "To", "Cc", "Reply-To") else "x"
    raw = f"From: alice@bakery.example\n{name}: {value}\n{name.lower()}: {value}\n\nHello\n".encode()
    assert not read(raw).sender_unambiguous


@pytest.mark.parametrize("field", ["From : mallory@evil.example", "Subject\t: hello", "X-Odd : 1"])
def test_a_blank_before_the_colon_makes_the_mail_ambiguous(field: str) -> None:
    assert not read(_mail("alice@bakery.example", field + "\n")).sender_unambiguous


def test_no_from_is_no_sender_and_ambiguous() -> None:
    mail = read(b"To: help@desk.example\n\nHello\n")
    assert mail.sender is None
    assert not mail.sender_unambiguous
