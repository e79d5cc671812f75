"""What was mailed to a client: the log of the billing system, and the letters of the desk that mails for it.

Of the log nobody knows what stood in its mails; the desk's own letters are kept, and can go out again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select

from core import ports
from core.backends.local import tables
from core.database import Sessions
from core.errors import Rejected, Unsupported

_KEPT = "letter-"
"""Before the id of a letter that is kept; those of the log are bare numbers."""


class SentLetter(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def at(self) -> dt.datetime: ...

    @property
    def subject(self) -> str: ...


class Letters(Protocol):
    """Who really sends the mails, and keeps them."""

    def to(self, address: str) -> Sequence[SentLetter]:
        """Those without a secret, newest first."""

    def again(self, letter_id: str, address: str) -> None:
        """Raises Rejected when it is not kept any more, or was asked for too often."""


def sent_emails(sessions: Sessions, letters: Letters | None, client_id: str) -> list[ports.SentEmail]:
    """Newest first. Only those to the present address on file: they go nowhere else."""
    query = (
        select(tables.SentEmail)
        .where(tables.SentEmail.client_id == client_id)
        .order_by(tables.SentEmail.date.desc(), tables.SentEmail.position)
    )
    with sessions() as session:
        found = [
            ports.SentEmail(str(row.position), row.client_id, row.date, row.subject, row.template)
            for row in session.scalars(query)
        ]
    address = _address(sessions, client_id)
    if letters is not None and address:
        found += [ports.SentEmail(f"{_KEPT}{one.id}", client_id, one.at, one.subject) for one in letters.to(address)]
    return sorted(found, key=lambda mail: mail.date, reverse=True)


def resend(sessions: Sessions, letters: Letters | None, email: ports.SentEmail) -> None:
    """To the address on file. Raises Unsupported for one of the log."""
    if letters is None or not email.id.startswith(_KEPT):
        raise Unsupported("resend_email")
    address = _address(sessions, email.client_id)
    if not address:
        raise Rejected("there is no address on file")
    letters.again(email.id.removeprefix(_KEPT), address)


def _address(sessions: Sessions, client_id: str) -> str:
    with sessions() as session:
        return session.scalar(select(tables.Client.email).where(tables.Client.id == client_id)) or ""
