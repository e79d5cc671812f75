"""What the IMAP door remembers of its mailboxes between two starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.database import Sessions
from core.models import MailboxState


@dataclass(frozen=True, slots=True)
class StoredMailboxes:
    """The IMAP door's memory, in the desk's database."""

    sessions: Sessions

    def get(self, mailbox: str) -> dict[str, Any]:
        """Empty for a mailbox that was never seen."""
        with self.sessions() as session:
            row = session.get(MailboxState, mailbox)
            return dict(row.state) if row else {}

    def set(self, mailbox: str, state: dict[str, Any]) -> None:
        with self.sessions() as session:
            session.merge(MailboxState(mailbox=mailbox, state=state))
            session.commit()
