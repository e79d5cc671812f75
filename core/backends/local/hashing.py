"""Passwords of the embedded client area and panel: what of them is stored, and what they must be.

Nothing here checks a password: nobody signs in at the desk. The hashes are for the operator's own portal and panel.
"""

from __future__ import annotations

import hashlib
import secrets

from core.errors import Rejected
from core.ports import SHORTEST_PASSWORD


def hashed(password: str) -> str:
    """ "scrypt$salt$hash", both in hexadecimal; n=2¹⁴, r=8, p=1 (RFC 7914)."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1).hex()}"


def insist_on_length(password: str) -> None:
    """Raises Rejected."""
    if len(password) < SHORTEST_PASSWORD:
        raise Rejected(f"a password needs at least {SHORTEST_PASSWORD} characters")
