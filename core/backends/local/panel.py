"""The embedded control panel: mailboxes and passwords of the services."""

from __future__ import annotations

from dataclasses import dataclass

from core import ports
from core.clock import Clock
from core.database import Sessions
from core.errors import Unsupported


@dataclass(frozen=True, slots=True)
class LocalPanel:
    sessions: Sessions
    clock: Clock

    def panel_url(self, service: ports.Service) -> str:
        raise Unsupported("panel_url")

    def webmail_url(self, service: ports.Service) -> str:
        raise Unsupported("webmail_url")

    def session_url(self, service: ports.Service, tool: str) -> str:
        raise Unsupported("session_url")

    def set_password(self, service: ports.Service, password: str) -> None:
        raise Unsupported("set_password")

    def create_mailbox(self, service: ports.Service, address: str, password: str) -> None:
        raise Unsupported("create_mailbox")
