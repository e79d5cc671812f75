"""What the provider tells everybody: announcements, knowledge base, downloads, servers and their troubles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Article:
    id: str
    category: str
    title: str
    body: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Announcement:
    id: str
    date: dt.date
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to fetch; one that belongs to products is for their owners only."""

    id: str
    category: str
    title: str
    description: str
    url: str
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """`status` is online, offline or maintenance."""

    id: str
    name: str
    hostname: str
    status: str


@dataclass(frozen=True, slots=True)
class NetworkIssue:
    """`status` is Reported, Investigating, In Progress, Outage, Scheduled or Resolved; `server` is a name or ""."""

    id: str
    title: str
    status: str
    server: str
    starts: dt.datetime
    ends: dt.datetime | None
    body: str

    @property
    def over(self) -> bool:
        return self.status == "Resolved"


class Library(Protocol):
    def announcements(self) -> Sequence[Announcement]:
        """Newest first."""

    def articles(self) -> Sequence[Article]: ...

    def downloads(self) -> Sequence[Download]: ...

    def servers(self) -> Sequence[Server]: ...

    def network_issues(self) -> Sequence[NetworkIssue]:
        """Open ones first, then newest first."""
