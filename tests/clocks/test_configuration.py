"""Calendars and policies as helpdesk.toml has them: what they come to, and what is wrong in them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import local_systems
from bot.clocks import policies
from bot.settings import SettingsError, load
from core.clock import system_clock
from core.database import connect, sessions
from core.ports import Billing
from core.sla.policies import FIRST, NEXT, RESOLUTION, Policies

ROOT = Path(__file__).parents[2]
DESK = '[desk]\naddress = "help@desk.example"\nsecret = "0123456789abcdef0123"\ntime_zone = "Europe/Paris"\n'


@pytest.fixture
def billing(sqlite_filled: Path) -> Billing:
    return local_systems(sessions(connect(f"sqlite:///{sqlite_filled}")), system_clock).billing


def read(folder: Path, text: str, billing: Billing) -> Policies:
    (folder / "helpdesk.toml").write_text(text, encoding="utf-8")
    return policies(load(folder / "helpdesk.toml", {}), billing)


def test_without_any_there_are_the_usual_four(tmp_path: Path, billing: Billing) -> None:
    usual = read(tmp_path, DESK, billing)
    wanted = {"Low": (24, 24, 72), "Medium": (8, 8, 24), "High": (2, 2, 8), "Urgent": (0.5, 1, 2)}
    for priority, hours in wanted.items():
        rule = usual.matching("Support", priority, "")
        assert rule is not None
        targets = [rule.targets[kind] / timedelta(hours=1) for kind in (FIRST, NEXT, RESOLUTION)]
        assert targets == list(hours), priority
        assert rule.calendar.name == ("always" if priority == "Urgent" else "office")
        assert str(rule.calendar.zone) == "Europe/Paris"


def test_the_first_rule_that_fits_holds(tmp_path: Path, billing: Billing) -> None:
    rules = """
[[policies]]
name = "Managed"
products = ["Business"]
first_response = "15m"

[[policies]]
name = "Bills"
departments = ["Billing"]
priorities = ["High"]
first_response = "1h 30m"
"""
    found = read(tmp_path, DESK + rules, billing)
    alice = next(client.id for client in billing.active_clients() if client.email == "alice@bakery.example")

    def names(department: str, priority: str, client: str) -> str:
        rule = found.matching(department, priority, client)
        return rule.name if rule else ""

    assert names("Billing", "High", alice) == "Managed"
    assert names("Billing", "High", "") == "Bills"
    assert names("Billing", "Low", "") == names("Support", "High", "") == ""
    assert found.rules[1].targets == {FIRST: timedelta(minutes=90)}


def test_national_holidays_are_days_off_and_those_of_a_region_only_there(tmp_path: Path, billing: Billing) -> None:
    germany = '[[calendars]]\nname = "office"\ncountry = "de"\n'
    for region, works in (("", True), ('region = "BY"\n', False)):
        office = read(tmp_path, f"{DESK}{germany}{region}", billing).rules[-1].calendar
        assert office.holiday(date(2026, 10, 3)) and not office.holiday(date(2026, 10, 5))
        assert bool(office.hours(date(2026, 1, 6))) is works


def test_an_edit_makes_another_edition(tmp_path: Path, billing: Billing) -> None:
    holiday = '[[calendars]]\nname = "office"\nholidays = ["{}"]\n'
    texts = (DESK, DESK + holiday.format("12-24"), DESK + holiday.format("12-23"), DESK + "[clocks]\npauses = []\n")
    editions = {read(tmp_path, text, billing).edition for text in texts}
    assert len(editions) == 4
    assert read(tmp_path, DESK, billing).edition in editions


def test_clocks_can_be_switched_off(tmp_path: Path, billing: Billing) -> None:
    assert not read(tmp_path, DESK + "[clocks]\nenabled = false\n", billing).rules


def test_the_example_of_the_documentation_is_usable(tmp_path: Path, billing: Billing) -> None:
    page = (ROOT / "docs" / "clocks.md").read_text(encoding="utf-8")
    found = read(tmp_path, page.split("```toml\n")[1].partition("```")[0], billing)
    assert [rule.name for rule in found.rules] == ["Managed servers", "All others"]
    assert [step.offset(timedelta(hours=2)) for step in found.rules[0].steps_of(FIRST)] == [
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=3),
    ]
    assert len(found.rules[0].steps_of(RESOLUTION)) == 2


CALENDAR, POLICY = '[[calendars]]\nname = "a"\n', '[[policies]]\nname = "P"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[calendars]]\nalways = true", "calendars[0].name: missing"),
        (CALENDAR + CALENDAR, "calendars[1].name: 'a' is taken"),
        (CALENDAR + 'time_zone = "Mars"', "calendars[0].time_zone: 'Mars' is not a time zone"),
        (CALENDAR + 'holidays = ["24.12."]', "calendars[0].holidays: '24.12.' is no day"),
        (CALENDAR + 'holidays = ["02-30"]', "calendars[0].holidays"),
        (CALENDAR + 'country = "XX"', "calendars[0].country: there is no 'XX'"),
        (CALENDAR + 'country = "DE"\nregion = "TX"', "calendars[0].region: DE has no 'TX', only BB"),
        (CALENDAR + '[calendars.hours]\nmonday = ["9-17"]', "calendars[0].hours.monday: '9-17' is no interval"),
        (CALENDAR + '[calendars.hours]\nmonday = ["17:00-09:00"]', "calendars[0].hours.monday"),
        (CALENDAR + '[calendars.hours]\nfriday = ["09:00-12:00", "11:00-14:00"]', "begins before the one in front"),
        (
            CALENDAR + "[calendars.hours]\nmonday=[]\ntuesday=[]\nwednesday=[]\nthursday=[]\nfriday=[]",
            "calendars[0].hours: nobody ever works",
        ),
        ('[[policies]]\nfirst_response = "8h"', "policies[0].name: missing"),
        (POLICY + 'first_response = "8"', "policies[0].first_response: '8' is no span"),
        (POLICY + 'resolution = "9999h"', "policies[0].resolution"),
        (POLICY + 'calendar = "moon"', "policies[0].calendar: there is no 'moon', only office, always"),
        (POLICY + 'departments = ["Legal"]', "policies[0].departments: there is no 'Legal'"),
        (POLICY + 'priorities = ["high"]', "policies[0].priorities: there is no 'high', only Low, Medium"),
        (POLICY + "[[policies.steps]]\nat = 0", "policies[0].steps[0].at"),
        (POLICY + '[[policies.steps]]\ntell = ["boss"]', "policies[0].steps[0].tell: there is no 'boss'"),
        (POLICY + '[[policies.steps]]\nclocks = ["third"]', "policies[0].steps[0].clocks"),
        (POLICY + '[[policies.steps]]\npriority = "Top"', "policies[0].steps[0].priority"),
        (POLICY + '[[policies.steps]]\ndepartment = "Legal"', "policies[0].steps[0].department"),
        (POLICY + POLICY, "policies[1].name: 'P' is taken"),
        ('[clocks]\npauses = ["Asleep"]', "clocks.pauses: there is no 'Asleep'"),
        ('[clocks]\nbusiness_day = "moon"', "clocks.business_day"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, billing: Billing, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(tmp_path, f"{DESK}{text}\n", billing)
    assert says in str(error.value) and "\n" not in str(error.value)
