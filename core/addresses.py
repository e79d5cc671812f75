"""What the desk has learnt of an address; asked for once in a session, however often the walk wants to know."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.models import KnownAddress


def known(session: Session, address: str) -> KnownAddress | None:
    """None for most addresses, and that is what `Session.get` alone would ask the database again and again."""
    asked = _asked(session)
    if address not in asked:
        asked[address] = session.get(KnownAddress, address)
    return asked[address]


def noted(session: Session, address: str) -> KnownAddress:
    """The row to note something in."""
    row = known(session, address)
    if row is None:
        row = KnownAddress(address=address, client_id="", contact_id="", linked_by="", undeliverable="")
        session.add(row)
        _asked(session)[address] = row
    return row


def _asked(session: Session) -> dict[str, KnownAddress | None]:
    asked: dict[str, KnownAddress | None] = session.info.setdefault("addresses", {})
    return asked
