"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import desk as desks
from tests.desk import TestDesk
from tests.life.waiting import LIFE
from tests.life.waiting import made as made


@pytest.fixture
def desk(tmp_path: Path, filled_database_url: str) -> Iterator[TestDesk]:
    """On SQLite and on PostgreSQL: clients are reminded after three days, tickets closed five days later."""
    made_desk = desks.make(tmp_path, filled_database_url, life=LIFE)
    yield made_desk
    made_desk.app.engine.dispose()
