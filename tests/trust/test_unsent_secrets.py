"""A secret that cannot be sent is not fetched, and not written down as sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.desk import Rules
from core.models import Audit
from tests.trust.thief import Watched


@pytest.mark.parametrize("text", ["EPP code for bakery-shop.example", "Call me.\nEPP code for bakery-shop.example"])
def test_what_the_limits_forbid_to_send_is_neither_fetched_nor_noted_as_sent(watched: Watched, text: str) -> None:
    desk = watched.desk
    quiet = replace(desk.app.around.desk, rules=Rules(answers_per_hour=0))
    desk.app.around = replace(desk.app.around, desk=quiet)
    mails = desk.says("alice", text)
    assert "auth_code" not in watched.calls and not mails.of_kind("secret")
    with desk.app.sessions() as session:
        assert not [action for action in session.scalars(select(Audit.action)) if action.startswith("sent.")]
    assert mails.all_to("sam"), "a person sees to it"
