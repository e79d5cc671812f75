"""Signed addresses and Message-IDs: nobody else can make one, and nothing close to one is one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from core.tokens import Token, TokenKind, Tokens

TOKENS = Tokens("a secret of the tests")


@given(st.sampled_from(TokenKind), st.integers(0, 2**63 - 1), st.integers(0, 255))
def test_what_was_signed_is_read_back(kind: TokenKind, number: int, generation: int) -> None:
    token = Token(kind, number, generation)
    assert TOKENS.read(TOKENS.sign(token)) == token
    assert TOKENS.read(TOKENS.sign(token).upper()) == token, "mail systems fold the case of addresses"


def test_no_changed_character_of_any_carrier_is_accepted() -> None:
    token = Token(TokenKind.CLIENT, new_id(), 1)
    address = TOKENS.address("support@desk.example", token)
    message_id = TOKENS.message_id(new_id(), token.id, "desk.example")
    assert TOKENS.read_address(address) == token and TOKENS.read_message_id(message_id) is not None
    signed = TOKENS.sign(token)
    for position in range(len(signed)):
        for letter in string.ascii_lowercase + "234567":
            changed = signed[:position] + letter + signed[position + 1 :]
            assert changed == signed or TOKENS.read(changed) is None


@pytest.mark.parametrize("text", ["", "a", "a" * 32, "=" * 32, "é" * 32, "a" * 1000, "\x00" * 32])
def test_what_is_no_token_is_none(text: str) -> None:
    assert TOKENS.read(text) is None


def test_another_desk_s_token_is_none() -> None:
    assert TOKENS.read(Tokens("another secret").sign(Token(TokenKind.CLIENT, 7))) is None


def test_a_token_of_one_kind_is_not_one_of_another() -> None:
    bounce = TOKENS.address("bounce@desk.example", Token(TokenKind.BOUNCE, 7))
    read = TOKENS.read_address(bounce)
    assert read is not None and read.kind is TokenKind.BOUNCE
    assert TOKENS.read_message_id(f"x.{TOKENS.sign(Token(TokenKind.CLIENT, 7))}@desk.example") is None


def test_a_desk_without_a_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        Tokens("")


def test_the_local_part_stays_within_its_64_characters() -> None:
    address = TOKENS.address(f"{'d' * 30}@desk.example", Token(TokenKind.STAFF_NOTE, 2**63 - 1, 255))
    assert len(address.partition("@")[0]) <= 64
