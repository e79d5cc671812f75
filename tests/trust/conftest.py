"""A desk whose clients' domains sign their mail, as most do: SPF and DKIM records in one fixed zone."""

from __future__ import annotations

import pytest

from tests import desk as desks
from tests.desk import TestDesk
from tests.doors.conftest import open_door, short_path, start_postfix, store
from tests.trust.thief import ZONE, Watched, watch

__all__ = ["open_door", "short_path", "start_postfix", "store"]


@pytest.fixture(autouse=True)
def _keys_in_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "ZONE", ZONE)


@pytest.fixture
def watched(desk_on_sqlite: TestDesk) -> Watched:
    """The desk with every call to the systems behind it on record."""
    return watch(desk_on_sqlite)


@pytest.fixture
def watched_everywhere(desk: TestDesk) -> Watched:
    """The same, on SQLite and on PostgreSQL."""
    return watch(desk)
