"""Whether an article helped, and what its readers would have it say: kept for its owner, never published."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.clock import Clock
from core.ids import new_id
from core.models import ArticleFeedback
from core.redaction import without_secrets


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one address says about articles."""

    session: Session
    address: str
    clock: Clock

    def voted(self, article_id: str, *, helped: bool) -> None:
        self._add(article_id, helped=helped)

    def commented(self, article_id: str, comment: str) -> None:
        self._add(article_id, comment=without_secrets(comment))

    def _add(self, article_id: str, *, helped: bool | None = None, comment: str = "") -> None:
        self.session.add(
            ArticleFeedback(
                id=new_id(),
                article_id=article_id,
                address=self.address,
                helped=helped,
                comment=comment,
                at=self.clock(),
            )
        )
