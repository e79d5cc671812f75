"""`helpdesk bench` in a small form: it runs, nothing of its workload is lost, and its report is whole.

No time is asserted: what a machine can do is the bench's to say.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import cli, schema
from bot.benchmark import population, workload
from bot.benchmark.workload import Mail, Mix
from bot.channels.reading.mail import read
from core.database import connect, sessions
from core.models import Ticket

pytestmark = pytest.mark.xdist_group("bench")  # on one worker, so that what they share is made once


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key.pem"
    population.signing_key(path)
    return path


@pytest.fixture(scope="module")
def mails(key: Path) -> list[Mail]:
    return workload.mails(Mix(count=300, tickets=100), key)


def test_shapes_and_shares_are_those_of_the_standard_workload(mails: list[Mail]) -> None:
    shares = {shape: count / len(mails) for shape, count in Counter(mail.shape for mail in mails).items()}
    for shape, share in workload.SHAPES:
        assert shares[shape] == pytest.approx(share, abs=0.08)
    sizes = {shape: [len(mail.raw) for mail in mails if mail.shape == shape] for shape, _ in workload.SHAPES}
    for shape, size in (("plain", 2_500), ("html", 26_000), ("attachment", 143_000)):
        assert sum(sizes[shape]) / len(sizes[shape]) == pytest.approx(size, rel=0.15)


def test_the_same_seed_makes_the_same_mails_but_for_dates_and_signatures(key: Path, mails: list[Mail]) -> None:
    again = workload.mails(Mix(count=300, tickets=100), key)
    other = workload.mails(Mix(count=300, tickets=100, seed=2), key)
    assert list(map(_lasting, again)) == list(map(_lasting, mails))
    assert list(map(_lasting, other)) != list(map(_lasting, mails))


def _lasting(mail: Mail) -> tuple[Mail, str, str]:
    seen = read(mail.raw, mail.sender)
    return replace(mail, raw=b""), seen.subject, seen.text


def test_every_mail_is_read_as_what_it_was_written_as(mails: list[Mail]) -> None:
    for mail in mails:
        seen = read(mail.raw, mail.sender)
        assert not seen.defects
        assert seen.sender is not None
        assert seen.sender.address == mail.sender
        assert len(seen.attachments) == (mail.shape == "attachment")


def test_a_share_of_robots_is_not_to_be_acknowledged(key: Path) -> None:
    robots = workload.mails(Mix(count=50, tickets=10, automatic=1.0), key)
    assert not any(mail.acknowledged for mail in robots)


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """One run of the command, as JSON."""
    arguments = ["--count", "24", "--connections", "3", "--tickets", "5,20", "--rounds", "1", "--sync-delay", "1"]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert cli.main(["bench", *arguments, "--json"]) == 0
    document: dict[str, Any] = json.loads(printed.getvalue())
    return document


def test_the_report_has_every_figure(report: dict[str, Any]) -> None:
    figures = list(_figures(report))
    assert all(math.isfinite(value) and value >= 0 for _, value in figures)
    names = {name for name, _ in figures}
    assert {"limits.dropping_sink.mails_per_second", "limits.syncing_sink.mails_per_second"} <= names
    for size in ("5", "20"):
        for figure in ("accepted_per_second", "walked_per_second", "cpu_ms_per_mail", "peak_mb", "statements_per_mail"):
            assert f"whole_desk.{size}.{figure}" in names
    ratios = report["ratios"]
    assert "cost per mail at 20 tickets / at 5" in ratios
    assert "walked with 1 ms more for each sync / without" in ratios
    assert {"messages_per_second", "first_message_seconds", "peak_mb"} == set(report["understanding"])
    assert all(value > 0 for value in ratios.values())


def test_every_mail_that_is_to_be_acknowledged_was(report: dict[str, Any]) -> None:
    for row in report["whole_desk"].values():
        assert row["acknowledged"] == row["expected"] > 0
        assert row["syncs_per_mail"] > 0
    assert report["at_50_per_second"]["acknowledged_p95_ms"] > 0


def _figures(entry: Any, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(entry, dict):
        for name, value in entry.items():
            yield from _figures(value, f"{path}.{name}" if path else name)
    elif isinstance(entry, int | float):
        yield path, entry


def test_a_database_that_is_in_use_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    engine = connect(url)
    schema.bring_up_to_date(engine)
    population.fill(sessions(engine), 3)
    assert cli.main(["bench", "--database", url]) != 0
    assert "holds a desk already" in capsys.readouterr().err
    with sessions(engine)() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 3
    engine.dispose()
