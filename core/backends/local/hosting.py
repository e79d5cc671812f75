"""What a client lets happen to a service: move to another plan, end, stay after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import ports
from core.clock import Clock
from core.database import Sessions
from core.errors import Unsupported


@dataclass(frozen=True, slots=True)
class LocalHosting:
    sessions: Sessions
    clock: Clock

    def upgrade_options(self, service: ports.Service) -> Sequence[ports.UpgradeOption]:
        raise Unsupported("upgrade_options")

    def upgrade(self, service: ports.Service, option: ports.UpgradeOption) -> str:
        raise Unsupported("upgrade")

    def cancellation(self, service: ports.Service) -> ports.Cancellation | None:
        raise Unsupported("cancellation")

    def cancel(self, service: ports.Service, when: ports.When, reason: str) -> ports.Cancellation:
        raise Unsupported("cancel")

    def withdraw_cancellation(self, service: ports.Service) -> None:
        raise Unsupported("withdraw_cancellation")
