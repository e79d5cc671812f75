"""Bytes kept by their content, outside the rows that use them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.models import Blob

_CONTENT = select(Blob.content).where(Blob.sha256 == bindparam("sha256"))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def later(session: Session, content: bytes, now: datetime) -> str:
    """Store the bytes at `write`, with everything else the session writes; returns the hash."""
    sha256 = digest(content)
    _pending(session)[sha256] = {"sha256": sha256, "size": len(content), "content": content, "stored_at": now}
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
    """Raises LookupError when the bytes were purged."""
    content = session.scalar(_CONTENT, {"sha256": sha256})
    if content is None:
        raise LookupError(f"blob {sha256} is gone")
    return content
