"""Who wants to be told: news, and the end of a trouble.

Addresses are kept by topic: "news", "digest", or "issue/<id>" of a network issue. The desk's clock (core/schedule.py)
sends, and forgets the followers of a trouble when it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.messages import Address
from core.models import Subscription
from core.people import Principal

NEWS = "news"
DIGEST = "digest"


def of_issue(issue_id: str) -> str:
    """The topic of a network issue."""
    return f"issue/{issue_id}"


def followers(session: Session, topic: str) -> Sequence[Subscription]:
    return session.scalars(select(Subscription).where(Subscription.topic == topic)).all()


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What one person wants to be told, at the address on file; a stranger's at the one they wrote from."""

    session: Session
    who: Principal
    sender: Address
    clock: Clock

    @property
    def address(self) -> str:
        return Address("email", self.who.email).key or self.sender.key

    def follow(self, topic: str) -> bool:
        """False when they did already."""
        if self.follows(topic):
            return False
        self.session.add(
            Subscription(
                address=self.address,
                topic=topic,
                client_id=self.who.client_id,
                name=self.who.name,
                language=self.who.language,
                since=self.clock(),
            )
        )
        return True

    def stop(self, topic: str) -> bool:
        """False when they did not follow it."""
        row = self._row(topic)
        if row is None:
            return False
        if row in self.session.new:
            self.session.expunge(row)
        else:
            self.session.delete(row)
        return True

    def follows(self, topic: str) -> bool:
        return self._row(topic) is not None

    def _row(self, topic: str) -> Subscription | None:
        """Stored, or written earlier in this walk or its batch; one that goes in the same commit is gone already."""
        waiting = (row for row in self.session.new if isinstance(row, Subscription))
        for row in waiting:
            if (row.address, row.topic) == (self.address, topic):
                return row
        stored = self.session.get(Subscription, (self.address, topic))
        return None if stored is None or stored in self.session.deleted else stored
