"""`helpdesk audit` as an operator calls it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import update

from bot.cli import main
from core.database import connect, sessions
from core.ids import new_id
from core.models import Audit

from .running import Installation

pytestmark = pytest.mark.xdist_group("service")


def audit(installation: Installation, *arguments: str) -> int:
    return main(["audit", "-c", str(installation.config), *arguments])


@pytest.fixture(autouse=True)
def _lines(installation: Installation) -> None:
    """Two clients had something done for them."""
    with sessions(connect(installation.database_url)).begin() as session:
        for client, day in (("1001", "2026-01-01"), ("1002", "2026-02-01")):
            at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
            session.add(Audit(id=new_id(), at=at, who="sam@desk.example", action="ticket.client", client_id=client))


def test_the_trail_is_shown_for_a_client_and_from_a_day_on(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(installation, "show", "--client", "1001") == 0
    shown = capsys.readouterr().out
    assert "2026-01-01T12:00:00  sam@desk.example  ticket.client  client 1001" in shown and "1002" not in shown
    assert audit(installation, "--since", "2026-01-15", "--json") == 0
    first, *looked = json.loads(capsys.readouterr().out)
    assert first["client"] == "1002" and [line["action"] for line in looked] == ["viewed"]


def test_a_whole_trail_is_told_from_one_that_was_changed(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(installation, "seal") == 0
    seal = capsys.readouterr().out.split()[-1]
    assert audit(installation, "verify", "--expect", seal) == 0
    assert "whole: 2 lines under 2 seals; 0 lines not sealed yet" in capsys.readouterr().out
    with sessions(connect(installation.database_url)).begin() as session:
        session.execute(update(Audit).where(Audit.client_id == "1002").values(who="dana@desk.example"))
    assert audit(installation, "verify") == 1
    assert "seal 2 of 20" in capsys.readouterr().err
    assert audit(installation, "verify", "--json") == 1
    assert "was changed" in json.loads(capsys.readouterr().out)["problem"]
