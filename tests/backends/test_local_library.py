"""What the Library port promises, kept by the embedded client area."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.backends.local import tables
from core.ports import Systems
from tests.desk import TestDesk


@pytest.fixture
def systems(desk_on_sqlite: TestDesk) -> Systems:
    return desk_on_sqlite.app.around.systems


def test_announcements_come_newest_first(systems: Systems) -> None:
    days = [one.date for one in systems.library.announcements()]
    assert len(days) == 3 and days == sorted(days, reverse=True)


def test_what_is_announced_for_a_day_to_come_is_not_told_yet(desk_on_sqlite: TestDesk) -> None:
    with desk_on_sqlite.app.sessions.begin() as session:
        session.add(tables.Announcement(id="9", date=date(2026, 11, 26), title="Tomorrow", body="Not yet."))
    library = desk_on_sqlite.app.around.systems.library
    assert "Tomorrow" not in [one.title for one in library.announcements()]
    desk_on_sqlite.clock.advance(days=1)
    assert library.announcements()[0].title == "Tomorrow"


def test_articles_come_by_category_with_their_language(systems: Systems) -> None:
    articles = systems.library.articles()
    assert [one.category for one in articles] == sorted(one.category for one in articles)
    assert len(articles) == 10 and {one.language for one in articles} == {"en"}
    assert all(one.title and one.body for one in articles)


def test_downloads_tell_whose_they_are(systems: Systems) -> None:
    owners = {one.title: one.product_ids for one in systems.library.downloads()}
    assert owners["Client area guide"] == () and owners["Mail settings on one page"] == ("1", "2", "3")


def test_servers_come_by_name_with_their_state(systems: Systems) -> None:
    assert [(one.name, one.status) for one in systems.library.servers()] == [
        ("jupiter", "online"),
        ("saturn", "online"),
    ]


def test_troubles_that_are_over_come_last_and_each_names_its_server(desk_on_sqlite: TestDesk) -> None:
    with desk_on_sqlite.app.sessions.begin() as session:
        later = datetime(2027, 1, 1, tzinfo=UTC)
        for key, status, server in (("8", "Resolved", "1"), ("9", "Outage", None)):
            session.add(
                tables.NetworkIssue(
                    id=key, title=key, status=status, server_id=server, starts=later, ends=None, body="Power."
                )
            )
    issues = desk_on_sqlite.app.around.systems.library.network_issues()
    assert [(one.id, one.over) for one in issues] == [("9", False), ("1", False), ("2", False), ("8", True)]
    assert [one.server for one in issues] == ["", "saturn", "jupiter", "saturn"]
