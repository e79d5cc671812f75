"""The page of `helpdesk report`: that it stands alone, in every language, and says what the figures say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from babel import Locale

from bot import charts, cli, i18n, pictures, reportpage, spans
from core.database import Sessions, connect, sessions
from core.reports.people import Comment, Satisfaction
from tests.reports.desks import DESK, MadeDesk
from tests.samples.reports import EMPTY, FULL

MADE = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def page() -> str:
    return reportpage.page(FULL, DESK, MADE)


class Parts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.outside: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            self.references += re.findall(r"url\(#([^)]*)\)", value or "")
            if name in ("href", "src", "xlink:href"):
                (self.references if (value or "").startswith("#") else self.outside).append((value or "").lstrip("#"))
        if tag in ("script", "link", "iframe", "object"):
            self.outside.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def test_it_needs_nothing_from_elsewhere_and_no_script(page: str) -> None:
    parts = Parts(page)
    assert parts.outside == [] and "@import" not in page and not re.search(r"url\((?!#)", page)


def test_every_id_is_there_once_and_whatever_is_referred_to_is_there(page: str) -> None:
    parts = Parts(page)
    assert len(parts.ids) == len(set(parts.ids)) and parts.references and set(parts.references) <= set(parts.ids)


def test_it_shows_every_chart_and_says_the_figures(page: str) -> None:
    assert page.count("<svg") == 8 and "<!--chart" not in page
    words = Parts(page).words
    for said in (
        "16 November 2026 to 22 November 2026 · all departments",
        "40%",
        "before: 11",
        "30m",
        "Sam Lee",
        "Too slow.",
    ):
        assert said in words, said
    assert any("before a person took over: 2; tickets" in said for said in words)


def test_a_desk_without_figures_has_a_page_without_holes() -> None:
    page = reportpage.page(EMPTY, DESK, MADE)
    assert page.count("<svg") == 1 and "None" not in page and "Support and Billing" in page


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_its_charts_are_drawn_in_every_language_and_in_colours_of_the_page(language: str) -> None:
    for chart in pictures.svgs(FULL, i18n.translations(language).gettext, i18n.locale(language)):
        root = ElementTree.fromstring(chart.content)
        assert root.tag.endswith("svg") and "width" not in root.attrib and root.attrib["role"] == "img"
        text = chart.content.decode()
        assert "var(--" in text and not re.findall(r"#[0-9a-f]{6}\b", text.replace("#ffffff", "")), chart.name


def test_what_clients_wrote_cannot_be_markup(page: str) -> None:
    nasty = Satisfaction(1, 1, 0, (Comment("1", True, "<script>alert(1)</script><!--chart:days-->"),))
    volume = replace(FULL.volume, by_department=(("<b>&\"'", 2), ("$x_1$", 1)))
    made = reportpage.page(replace(FULL, satisfaction=nasty, volume=volume), DESK, MADE)
    assert "<script" not in made and "<b>&" not in made and "$x_1$" in made


def test_spans_are_two_units_at_most() -> None:
    english = Locale.parse("en_001")
    written = [spans.span(seconds, english) for seconds in (0, 20, 90, 3600, 3660, 86400, 90_000, 90_060)]
    assert written == ["0m", "0m", "2m", "1h", "1h 1m", "1d", "1d 1h", "1d 1h"]


def test_a_long_period_is_drawn_by_weeks() -> None:
    days = [MADE.date() + timedelta(days=day) for day in range(70)]
    by_week, opened, closed = charts._by_week(days, [1] * 70, [2] * 70)
    assert len(by_week) == 10 and list(opened) == [7] * 10 and list(closed) == [14] * 10


# ---- the command


@pytest.fixture
def configuration(tmp_path: Path, sqlite_filled: Path) -> Path:
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    engine = connect(f"sqlite:///{tmp_path / 'desk.db'}")
    made: Sessions = sessions(engine)
    desk = MadeDesk(made)
    desk.ticket(HOUR, ("client", timedelta()), ("sam@desk.example", HOUR))
    desk.ticket(HOUR, ("client", timedelta()), ("bot", HOUR), department="Sales", status="Answered")
    engine.dispose()
    path = tmp_path / "helpdesk.toml"
    path.write_text(
        '[desk]\nsecret = "0123456789012345678901234567890123"\ndatabase = "sqlite:///desk.db"\n'
        'time_zone = "Europe/Berlin"\naddress = "help@desk.example"\n',
        encoding="utf-8",
    )
    return path


def test_the_command_writes_the_page(configuration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = configuration.with_name("r.html")
    asked = ["report", "-c", str(configuration), "--since", "2026-11-16", "--until", "2026-11-22", "--out", str(out)]
    assert cli.main(asked) == 0
    assert "2 tickets opened" in capsys.readouterr().out
    assert "16 November 2026 to 22 November 2026" in out.read_text(encoding="utf-8")


def test_the_command_prints_the_figures_as_json(configuration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["report", "-c", str(configuration), "--since", "2026-11-16", "--until", "2026-11-22", "--json"]
    assert cli.main([*asked, "--department", "sales"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["volume"]["opened"] == 1 and figures["bot"]["alone"] == 1 and figures["departments"] == ["Sales"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--since", "soon"], "2026-11-01"),
        (["--since", "2026-11-16", "--until", "2026-11-01"], "--since"),
        (["--department", "Kitchen"], "there is no department Kitchen"),
        (["--out", "/nowhere/at/all.html"], "--out"),
    ],
)
def test_the_command_says_what_is_wrong(
    configuration: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert cli.main(["report", "-c", str(configuration), *words]) != 0
    assert says in capsys.readouterr().err


def test_matplotlib_is_loaded_by_nothing_that_does_not_draw() -> None:
    code = "import sys, bot.app, bot.weekly, bot.commands.report; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
