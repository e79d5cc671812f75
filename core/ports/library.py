"""What the provider tells everybody: announcements, knowledge base, downloads, servers and their troubles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Article:
    """`url` is its public page, "" where it has none."""

    id: str
    category: str
    title: str
    body: str
    language: str = "en"
    url: str = ""


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
    """Read only, and the same for everybody: whom it may be shown to is the handlers' matter."""

    def announcements(self) -> Sequence[Announcement]:
        """Newest first; those of a day to come are not among them."""

    def articles(self) -> Sequence[Article]:
        """All languages, by category and title; bodies are Markdown."""

    def downloads(self) -> Sequence[Download]:
        """By category and title, those that belong to products too."""

    def servers(self) -> Sequence[Server]:
        """By name."""

    def network_issues(self) -> Sequence[NetworkIssue]:
        """Open ones first, then newest first."""
