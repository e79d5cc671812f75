"""The report by mail: every week to leads and admins, and to whoever asks with #stats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot import weekly
from bot.settings import SettingsError, load
from bot.settings.reports import ReportsSettings
from core.messages import Attachment
from core.people import StaffMember
from core.reports.weekly import Rules, WeeklyReport, due
from core.reports.whole import Report
from tests.desk import Mails, TestDesk

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


def dot(report: Report) -> list[Attachment]:
    return [Attachment("days.png", "image/png", b"\x89PNG dot", picture="Tickets <opened>")]


def rung(desk: TestDesk, report: WeeklyReport) -> Mails:
    before = desk._letter_ids()
    report.ring(desk.app.around)
    return desk._letters_after(before)


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    desk_on_sqlite.says("alice", "My site shows an error since this morning.")
    desk_on_sqlite.says("nina", "How much is a domain?", to="sales@desk.example")
    return desk_on_sqlite


def staffed(desk: TestDesk, *members: StaffMember) -> TestDesk:
    around = replace(desk.app.around, desk=replace(desk.app.around.desk, staff=lambda: members))
    desk.app.around = around
    return desk


def test_it_comes_once_on_its_day_to_leads_and_admins(desk: TestDesk) -> None:
    report = WeeklyReport(Rules(), dot)
    assert len(rung(desk, report)) == 0  # it is Wednesday, and Monday's was missed
    desk.clock.now = MONDAY - timedelta(hours=4)
    assert len(rung(desk, report)) == 0  # too early in the day
    desk.clock.now = MONDAY
    mails = rung(desk, report)
    assert mails.kinds() == [("dana@desk.example", "report")]
    assert "The week of 23 November 2026" in mails.to("dana") and "All departments" in mails.to("dana")
    assert len(rung(desk, report)) == 0 == len(rung(desk, WeeklyReport(Rules(), dot)))
    desk.clock.advance(days=7)
    assert len(rung(desk, report)) == 1


def test_a_lead_reads_about_their_own_departments_alone(desk: TestDesk) -> None:
    lead = StaffMember("Sam Lee", "sam@desk.example", frozenset({"Sales"}), "lead")
    agent = StaffMember("Dana Cole", "dana@desk.example", frozenset({"Sales"}))
    staffed(desk, lead, agent).clock.now = MONDAY
    mail = rung(desk, WeeklyReport(Rules(), dot)).to("sam")
    assert "Sales." in mail.text and "All departments" not in mail and "1 open" in mail.text


def test_further_recipients_get_the_figures_of_all_once(desk: TestDesk) -> None:
    desk.clock.now = MONDAY
    mails = rung(desk, WeeklyReport(Rules(recipients=("boss@desk.example", "DANA@desk.example")), dot))
    assert mails.kinds() == [("boss@desk.example", "report"), ("dana@desk.example", "report")]


def test_a_desk_where_nothing_happened_sends_nothing_and_looks_once(desk_on_sqlite: TestDesk) -> None:
    drawn: list[Report] = []
    report = WeeklyReport(Rules(), lambda figures: drawn.append(figures) or [])
    desk_on_sqlite.clock.now = MONDAY
    assert len(rung(desk_on_sqlite, report)) == 0 and not drawn and len(report.quiet) == 1


def test_when_it_is_due() -> None:
    friday = Rules(weekday=4, hour=16)
    moments = [datetime(2026, 11, 27, 15, 59), datetime(2026, 11, 27, 16), datetime(2026, 11, 29, 15, 59)]
    assert [due(friday, moment) for moment in moments] == [None, moments[1], moments[1]]
    assert due(friday, datetime(2026, 11, 29, 16)) is None


def test_pictures_stand_in_the_mail_and_hang_on_nothing(desk: TestDesk) -> None:
    desk.clock.now = MONDAY
    message: EmailMessage = rung(desk, WeeklyReport(Rules(), dot)).to("dana").message
    assert message.get_content_type() == "multipart/alternative"
    plain, related = message.iter_parts()
    assert plain.get_content_type() == "text/plain" and related.get_content_type() == "multipart/related"
    page, picture = related.iter_parts()
    cid = picture["Content-ID"].strip("<>")
    assert f'src="cid:{cid}"' in page.get_content() and 'alt="Tickets &lt;opened&gt;"' in page.get_content()
    assert picture.get_content() == b"\x89PNG dot" and picture.get_content_disposition() == "inline"


def test_the_real_pictures_are_pngs_of_what_there_is_to_show(desk: TestDesk) -> None:
    settings = replace(desk.app.settings, reports=ReportsSettings(weekly=True))
    desk.clock.now = MONDAY
    (report,) = weekly.weekly(settings)
    message = rung(desk, report).to("dana").message
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    names = [part.get_filename() for part in pictures]
    assert {"days.png", "week.png", "bot.png", "backlog.png"} <= set(names) and "satisfaction.png" not in names
    assert all(part.get_content().startswith(b"\x89PNG\r\n") for part in pictures)
    assert len(message.as_bytes()) < 1_000_000


def test_an_ordinary_mail_has_no_picture(desk: TestDesk) -> None:
    assert all("multipart/related" not in mail.message.as_string() for mail in desk.letters())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('day = "someday"', "reports.day"),
        ("hour = 24", "reports.hour"),
        ('recipients = ["boss"]', "reports.recipients"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_told_with_its_place(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "helpdesk.toml"
    path.write_text(f'[desk]\nsecret = "01234567890123456789012345678901"\n[reports]\n{line}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        weekly.weekly(load(path))


def test_without_a_word_of_it_nothing_is_sent() -> None:
    assert weekly.weekly(load(None, {"HELPDESK__DESK__SECRET": "x" * 32})) == []


def test_stats_answers_its_asker_about_their_own_departments(desk: TestDesk) -> None:
    notice = desk.says("alice", "And another thing is broken.", subject="Second").to("sam")
    mails = desk.says("sam", "#stats 30", reply_to=notice)
    mail = mails.to("sam")
    assert len(mails) == 1 and "The last 30 days" in mail and "Billing and Support" in mail
    assert "2 open: 2 waiting for us" in mail.text  # not the one of Sales
    assert "The last 7 days" in desk.says("sam", "#stats", reply_to=notice).to("sam")
