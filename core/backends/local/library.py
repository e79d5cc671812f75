"""Announcements, articles, downloads, servers and their troubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import ports
from core.clock import Clock
from core.database import Sessions
from core.errors import Unsupported


@dataclass(frozen=True, slots=True)
class LocalLibrary:
    sessions: Sessions
    clock: Clock

    def announcements(self) -> Sequence[ports.Announcement]:
        raise Unsupported("announcements")

    def articles(self) -> Sequence[ports.Article]:
        raise Unsupported("articles")

    def downloads(self) -> Sequence[ports.Download]:
        raise Unsupported("downloads")

    def servers(self) -> Sequence[ports.Server]:
        raise Unsupported("servers")

    def network_issues(self) -> Sequence[ports.NetworkIssue]:
        raise Unsupported("network_issues")
