"""Bytes kept by their content, outside the rows that use them; encrypted where the sessions were given a cipher.

Only what is stored from then on is encrypted, and what is not stays readable. The hash is that of the bytes themselves,
so that the same file is stored once: who reads the table can tell whether a file that they have is in it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Insert, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.models import Blob

_CONTENT = select(Blob.content, Blob.encrypted).where(Blob.sha256 == bindparam("sha256"))

CIPHER = "cipher"
"""Under this name a session's `info` has the Cipher; none, and nothing is encrypted."""


class Cipher(Protocol):
    """Encrypts with authentication; thread-safe."""

    def encrypt(self, content: bytes, /) -> bytes: ...

    def decrypt(self, stored: bytes, /) -> bytes:
        """Raises Unreadable for what was encrypted with a key that it does not have."""


class Unreadable(LookupError):
    """The bytes are there and cannot be read without another key."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def later(session: Session, content: bytes, now: datetime) -> str:
    """Store the bytes at `write`, with everything else the session writes; returns the hash."""
    sha256 = digest(content)
    cipher: Cipher | None = session.info.get(CIPHER)
    _pending(session)[sha256] = {
        "sha256": sha256,
        "size": len(content),
        "content": cipher.encrypt(content) if cipher else content,
        "encrypted": cipher is not None,
        "stored_at": now,
    }
    return sha256


def write(session: Session) -> None:
    """Write what was put off; the caller is about to commit."""
    rows = list(_pending(session).values())
    if rows:
        session.execute(_insert(session), rows)
        _pending(session).clear()


def keep(session: Session, content: bytes, now: datetime) -> str:
    """Store the bytes at once, if they are not there yet; returns the hash."""
    sha256 = later(session, content, now)
    write(session)
    return sha256


def _pending(session: Session) -> dict[str, dict[str, Any]]:
    pending: dict[str, dict[str, Any]] = session.info.setdefault("blobs", {})
    return pending


def _insert(session: Session) -> Insert:
    """Bytes that are there are touched, not left alone: a purge that is about to drop them sees that they are used."""
    statement: Any
    if session.get_bind().dialect.name == "postgresql":
        statement = postgresql.insert(Blob)
    else:
        statement = sqlite.insert(Blob)
    touched: Insert = statement.on_conflict_do_update(
        index_elements=["sha256"], set_={"stored_at": statement.excluded.stored_at}
    )
    return touched


def fetch(session: Session, sha256: str) -> bytes:
    """Raises LookupError when the bytes were purged, and Unreadable when their key is missing."""
    found = session.execute(_CONTENT, {"sha256": sha256}).one_or_none()
    if found is None:
        raise LookupError(f"blob {sha256} is gone")
    content: bytes = found.content
    if not found.encrypted:
        return content
    cipher: Cipher | None = session.info.get(CIPHER)
    if cipher is None:
        raise Unreadable(f"blob {sha256} is encrypted, and no key was given")
    return cipher.decrypt(content)
