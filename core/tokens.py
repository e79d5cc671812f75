"""Signed addresses and Message-IDs: the only module that holds the key.

A token names one row and proves that we gave it out: base32(kind, id, generation, 80 bits of HMAC-SHA256), lower
case, 32 characters, so that `support+<token>@desk` stays under the 64 characters of a local part (RFC 5321 4.5.3.1.1)
and survives systems that fold case. It has no expiry: clients answer after months. A thread token therefore only
adds text to its ticket; what else it may do depends on who sent it (core/people.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum

_MAC_BYTES = 10
_BODY = struct.Struct(">BqB")
_LENGTH = 32
_TOKEN = re.compile(r"[a-z2-7]{32}\Z")


class TokenKind(IntEnum):
    """What a token is for; each kind is signed in a domain of its own."""

    CLIENT = 1
    """A participant's reply address: public text on their ticket."""
    STAFF_PUBLIC = 2
    """A staff member's reply address: an answer to the client."""
    STAFF_NOTE = 3
    """The same, but the reply stays inside."""
    BOUNCE = 4
    """The return path of one letter (VERP)."""
    DIALOG = 5
    """The reply address of one open question."""
    MESSAGE = 6
    """Our Message-ID; names the participant the letter went to."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    id: int
    generation: int = 0


class Tokens:
    """Signs and reads tokens with the desk's secret."""

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("the desk's secret is empty")
        self._key = hmac.digest(secret.encode(), b"helpdesk reply tokens", "sha256")
        self._code_key = hmac.digest(secret.encode(), b"helpdesk one-time codes", "sha256")

    def sign(self, token: Token) -> str:
        body = _BODY.pack(token.kind, token.id, token.generation & 0xFF)
        return base64.b32encode(body + self._mac(body)).decode().lower()

    def read(self, text: str) -> Token | None:
        """The token that `text` is, or None when we never signed it."""
        text = text.lower() if text.isascii() else ""
        if not _TOKEN.match(text):
            return None
        data = base64.b32decode(text.upper())
        body, mac = data[: _BODY.size], data[_BODY.size :]
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        kind, number, generation = _BODY.unpack(body)
        return Token(TokenKind(kind), number, generation)

    def address(self, base: str, token: Token) -> str:
        """`support@desk` and a token: `support+<token>@desk`."""
        local, _, domain = base.rpartition("@")
        return f"{local}+{self.sign(token)}@{domain}"

    def message_id(self, letter_id: int, participant_id: int, domain: str) -> str:
        """A Message-ID (without brackets) that names the participant it went to and cannot be made by others."""
        return f"{_base36(letter_id)}.{self.sign(Token(TokenKind.MESSAGE, participant_id))}@{domain}"

    def read_message_id(self, message_id: str) -> Token | None:
        local = message_id.partition("@")[0]
        token = self.read(local.rpartition(".")[2])
        return token if token and token.kind is TokenKind.MESSAGE else None

    def read_address(self, address: str) -> Token | None:
        local = address.rpartition("@")[0]
        return self.read(local.rpartition("+")[2]) if "+" in local else None

    def code_hash(self, dialog_id: int, code: str) -> str:
        """What is stored of a one-time code: bound to its question, and useless without the key."""
        return hmac.new(self._code_key, f"{dialog_id}:{plain_code(code)}".encode(), hashlib.sha256).hexdigest()

    def is_code(self, dialog_id: int, written: str, code_hash: str) -> bool:
        return bool(code_hash) and hmac.compare_digest(self.code_hash(dialog_id, written), code_hash)

    def mark(self, purpose: str) -> str:
        """A short value that only this desk can make: says that a mail is our own coming back."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).hexdigest()[:24]

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_MAC_BYTES]


CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without 0 O 1 I L U: eight of them are 39 bits, guessed in five tries with a chance of one in 10^11."""


def new_code() -> str:
    """A one-time code as it is shown: K7MQ-29TX."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def plain_code(written: str) -> str:
    """The letters of a code as people write it back: any case, with or without its dash."""
    return "".join(letter for letter in written.upper() if letter.isalnum())


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
