"""The embedded control panel: mailboxes and passwords of the services.

It has no pages: its addresses are those of the server's own panel (2083 and 2096 are cPanel's ports), where people
sign in. Only web hosting has one; a virtual server is its client's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import tables
from core.backends.local.hashing import hashed, insist_on_length
from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected

WITH_PANEL = ("hosting", "reseller")
"""The types of products whose services have a control panel."""
_LOCAL_PART = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class LocalPanel:
    sessions: Sessions
    clock: Clock

    def panel_url(self, service: ports.Service) -> str:
        return self._address(service, 2083)

    def webmail_url(self, service: ports.Service) -> str:
        return self._address(service, 2096)

    def session_url(self, service: ports.Service, tool: str) -> str:
        """The tool's page, behind the panel's own sign-in: there is no session that could be opened here."""
        if tool and tool not in ports.TOOLS:
            raise Rejected(f"the control panel has no page {tool}")
        with self.sessions() as session:
            _active(session, service)
        home = self._insist_on_panel(service)
        return home + tool.replace("_", "-")

    def set_password(self, service: ports.Service, password: str) -> None:
        self._insist_on_panel(service)
        insist_on_length(password)
        with self.sessions.begin() as session:
            _active(session, service)
            key = f"service/{service.id}"
            session.merge(tables.Login(key=key, password_hash=hashed(password), changed=self.clock()))

    def create_mailbox(self, service: ports.Service, address: str, password: str) -> None:
        self._insist_on_panel(service)
        insist_on_length(password)
        address = address.strip().lower()
        local, _, domain = address.rpartition("@")
        if not _LOCAL_PART.fullmatch(local):
            raise Rejected(f"“{address[:80]}” cannot be a mailbox")
        if domain != service.domain.lower():
            raise Rejected(f"{service.domain} cannot have mailboxes of {domain}")
        try:
            with self.sessions.begin() as session:
                _active(session, service)
                if session.get(tables.Mailbox, (service.id, address)) is not None:
                    raise Rejected(f"{address} exists already")
                session.add(tables.Mailbox(service_id=service.id, address=address, password_hash=hashed(password)))
        except IntegrityError:
            raise Rejected(f"{address} exists already") from None

    def _address(self, service: ports.Service, port: int) -> str:
        if not service.hostname:
            return ""
        with self.sessions() as session:
            kind = session.scalar(select(tables.Product.type).where(tables.Product.id == service.product_id))
        return f"https://{service.hostname}:{port}/" if kind in WITH_PANEL else ""

    def _insist_on_panel(self, service: ports.Service) -> str:
        home = self.panel_url(service)
        if not home:
            raise Rejected(f"{service.product} has no control panel")
        return home


def _active(session: Session, service: ports.Service) -> None:
    """Raises Rejected: what is suspended or over can be neither entered nor changed."""
    row = session.get(tables.Service, service.id)
    if row is None or row.status != "Active":
        raise Rejected(f"{service.domain or service.product} is not active")
