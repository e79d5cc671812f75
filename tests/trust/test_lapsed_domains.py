"""A client's mail domain that lapsed: whoever registered it since reads the mail, and gets neither code nor secret."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.backends.local import tables
from tests.desk import TestDesk

ASKED = ("EPP code for bakery-shop.example", "Unlock bakery-shop.example")


@pytest.mark.parametrize("text", ASKED)
def test_secrets_and_codes_to_a_lapsed_domain_wait_for_a_person(desk_on_sqlite: TestDesk, text: str) -> None:
    desk = desk_on_sqlite
    with desk.app.sessions.begin() as session:
        session.execute(update(tables.Domain).where(tables.Domain.name == "bakery.example").values(status="Cancelled"))
        session.execute(update(tables.Domain).where(tables.Domain.name == "bakery-shop.example").values(locked=True))
    letters = desk.says("alice", text)
    assert not letters.of_kind("secret") and not letters.of_kind("question")
    told = letters.of_kind("notification")
    assert told and any("is not theirs any more" in mail for mail in told)
