"""The cipher for bytes at rest: Fernet (AES-128-CBC with HMAC-SHA256), its keys from `desk.storage_key`.

Against a database file or a backup that falls into other hands; not against whoever operates the desk.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.blobs import Unreadable


@dataclass(frozen=True, slots=True)
class StorageCipher:
    """Encrypts with the first key, and decrypts with whichever fits."""

    keys: MultiFernet

    def encrypt(self, content: bytes, /) -> bytes:
        return self.keys.encrypt(content)

    def decrypt(self, stored: bytes, /) -> bytes:
        try:
            return self.keys.decrypt(stored)
        except InvalidToken:
            raise Unreadable("encrypted with another key than desk.storage_key") from None


def cipher(storage_key: str) -> StorageCipher:
    """`storage_key` holds one or more keys of any 32 or more characters, the newest first, white space between them."""
    return StorageCipher(MultiFernet([_fernet(key) for key in storage_key.split()]))


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"helpdesk storage").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
