"""Announcements, articles, downloads, servers and their troubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import ports
from core.backends.local import tables
from core.clock import Clock
from core.database import Sessions


@dataclass(frozen=True, slots=True)
class LocalLibrary:
    """Every call reads in a short session of its own. What is dated in the future is not told yet."""

    sessions: Sessions
    clock: Clock

    def announcements(self) -> Sequence[ports.Announcement]:
        query = (
            select(tables.Announcement)
            .where(tables.Announcement.date <= self.clock().date())
            .order_by(tables.Announcement.date.desc(), tables.Announcement.id.desc())
        )
        with self.sessions() as session:
            return [ports.Announcement(row.id, row.date, row.title, row.body) for row in session.scalars(query)]

    def articles(self) -> Sequence[ports.Article]:
        query = select(tables.Article).order_by(tables.Article.category, tables.Article.title, tables.Article.id)
        with self.sessions() as session:
            return [
                ports.Article(row.id, row.category, row.title, row.body, row.language or "en")
                for row in session.scalars(query)
            ]

    def downloads(self) -> Sequence[ports.Download]:
        query = select(tables.Download).order_by(tables.Download.category, tables.Download.title, tables.Download.id)
        with self.sessions() as session:
            return [
                ports.Download(row.id, row.category, row.title, row.description, row.url, tuple(row.product_ids))
                for row in session.scalars(query)
            ]

    def servers(self) -> Sequence[ports.Server]:
        query = select(tables.Server).order_by(tables.Server.name, tables.Server.id)
        with self.sessions() as session:
            return [ports.Server(row.id, row.name, row.hostname, row.status) for row in session.scalars(query)]

    def network_issues(self) -> Sequence[ports.NetworkIssue]:
        query = (
            select(tables.NetworkIssue, tables.Server.name)
            .outerjoin(tables.Server, tables.Server.id == tables.NetworkIssue.server_id)
            .order_by(
                tables.NetworkIssue.status == "Resolved",
                tables.NetworkIssue.starts.desc(),
                tables.NetworkIssue.id.desc(),
            )
        )
        with self.sessions() as session:
            return [
                ports.NetworkIssue(row.id, row.title, row.status, server or "", row.starts, row.ends, row.body)
                for row, server in session.execute(query)
            ]
