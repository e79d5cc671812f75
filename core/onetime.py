"""Links that open one page once: sign in, choose a password, see a new secret, fetch a file.

A mail scanner visits links, so a visit only shows a button; pressing it uses the link up. What the page gives (a
session, a password) is made at that moment: nothing that could be stolen is stored, of the link itself only a hash.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Unsupported
from core.ids import new_id
from core.models import OneTimeLink
from core.people import Principal

KINDS = ("sign_in", "password", "panel", "panel_password", "mailbox", "download")
LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links for one person, of the kinds that `opens` names.

    `pages` is the public address of the desk's pages, "" when they are not served.
    """

    session: Session
    who: Principal
    clock: Clock
    pages: str
    opens: frozenset[str] = frozenset(KINDS)

    def to(self, kind: str, lifetime: timedelta = LIFETIME, **about: str) -> str:
        """The address of a new page. Raises Unsupported when the desk serves none of this kind."""
        if not self.pages or kind not in self.opens:
            raise Unsupported(f"one-time page: {kind}")
        secret = secrets.token_urlsafe(24)
        now = self.clock()
        self.session.add(
            OneTimeLink(
                id=new_id(),
                kind=kind,
                secret_hash=hash_of(secret),
                client_id=self.who.client_id,
                contact_id=self.who.contact_id,
                about=about,
                created_at=now,
                expires_at=now + lifetime,
            )
        )
        return f"{self.pages.rstrip('/')}/once/{secret}"


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find(session: Session, secret: str, now: datetime) -> OneTimeLink | None:
    """The link, while it can still be used."""
    return session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.secret_hash == hash_of(secret), OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now
        )
    )


def use(session: Session, link: OneTimeLink, now: datetime) -> bool:
    """Use it up; False when somebody else was faster."""
    taken = session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=now),
        execution_options={"synchronize_session": False},
    )
    return bool(getattr(taken, "rowcount", 0))
