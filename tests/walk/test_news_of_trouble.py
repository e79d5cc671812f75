"""Transfers that ended and servers in trouble: told to whom it concerns, once, while it is news."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.app import schedule
from core import reminders
from core.backends.local import tables
from core.ports import Client, Domain, NetworkIssue, Service
from core.reminders import Account, is_fresh_trouble, of_trouble
from tests.desk import Mails, TestDesk

TODAY = date(2026, 11, 25)
NOON = datetime.fromisoformat("2026-11-25T12:00:00+00:00")


def keys(domain: Domain) -> list[str]:
    return [notice.key for notice in reminders.due(Account(Client("1001", "", "", ""), domains=(domain,)), TODAY)]


@pytest.mark.parametrize(("days", "told"), [(0, True), (7, True), (8, False), (-1, False), (900, False)])
def test_a_domain_that_arrived_is_told_of_while_that_is_news(days: int, told: bool) -> None:
    domain = Domain("7", "1001", "rye.example", "Active", transferred=TODAY - timedelta(days=days))
    assert keys(domain) == ([f"transfer/7/{domain.transferred}/done"] if told else [])


@pytest.mark.parametrize(
    ("status", "days", "told"),
    [
        ("Cancelled", 5, True),
        ("Cancelled", 30, True),
        ("Cancelled", 31, False),
        ("Cancelled", None, False),
        ("Pending Transfer", 5, False),
        ("Transferred Away", 5, False),
    ],
)
def test_a_transfer_that_failed_is_told_of_and_an_order_that_was_cancelled_before_it_began_is_not(
    status: str, days: int | None, told: bool
) -> None:
    began = None if days is None else TODAY - timedelta(days=days)
    domain = Domain("7", "1001", "rye.example", status, transfer_requested=began)
    assert keys(domain) == ([f"transfer/7/{began}/failed"] if told else [])


def issue(status: str = "Outage", hours: float = 2, server: str = "jupiter") -> NetworkIssue:
    return NetworkIssue("9", "Slow webmail", status, server, NOON - timedelta(hours=hours), None, "")


@pytest.mark.parametrize(
    ("trouble", "fresh"),
    [
        (issue(), True),
        (issue("Investigating", 23), True),
        (issue("Investigating", 24), False),
        (issue("Scheduled"), False),
        (issue("Resolved"), False),
        (issue("Outage", -1), False),
    ],
)
def test_a_trouble_is_news_for_a_day_and_what_is_planned_or_over_is_none(trouble: NetworkIssue, fresh: bool) -> None:
    assert is_fresh_trouble(trouble, NOON) is fresh


def service(number: str, domain: str, status: str, server: str = "") -> Service:
    return Service(number, "1001", "Business", "", domain, status, Decimal(5), "Monthly", server=server)


def test_a_trouble_touches_those_whose_services_are_on_that_server() -> None:
    here = service("1", "bakery.example", "Active", "jupiter")
    gone = service("2", "old.example", "Terminated", "jupiter")
    nowhere = service("3", "", "Active")
    notice = of_trouble(issue(), [here, gone, nowhere])
    assert notice is not None and notice.reply.context["services"] == [here]
    assert of_trouble(issue(server="saturn"), [here, gone, nowhere]) is None
    assert of_trouble(issue(server=""), [here, gone, nowhere]) is None


# ------------------------------------------------------------------------------------------------ on a desk


def rung(desk: TestDesk, *, hours: float = 0) -> Mails:
    before = {mail.message_id for mail in desk.letters()}
    desk.clock.advance(hours=hours)
    desk.rings()
    return Mails([mail for mail in desk.letters() if mail.message_id not in before])


def breaks(desk: TestDesk, server: str = "1", number: str = "77") -> None:
    with desk.app.sessions.begin() as session:
        session.add(
            tables.NetworkIssue(
                id=number,
                title=f"Disk failure {number}",
                status="Outage",
                server_id=server,
                starts=desk.clock(),
                ends=None,
                body="We replace it.",
            )
        )


def of_trouble_mails(mails: Mails) -> list[tuple[str, str]]:
    return [(mail.to, mail.subject) for mail in mails if mail.subject.startswith("Trouble")]


def test_the_owners_of_what_is_touched_are_told_once_and_at_once(desk: TestDesk) -> None:
    desk.clock.advance(days=2)
    rung(desk)
    breaks(desk)
    told = rung(desk, hours=1)
    to = [address for address, _ in of_trouble_mails(told)]
    assert "alice@bakery.example" in to and len(to) == len(set(to))
    assert "bakery.example" in told.to("alice") and "We replace it." in told.to("alice")
    assert not of_trouble_mails(rung(desk, hours=1))


def test_one_clock_that_goes_on_ringing_tells_of_each_trouble_as_it_comes(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.clock.advance(days=2)
    clock = schedule(desk.app)
    clock.ring()
    for number in ("77", "78"):
        breaks(desk, number=number)
        clock.ring()
        clock.ring()
    mine = [subject for to, subject in of_trouble_mails(desk.letters()) if to == "alice@bakery.example"]
    assert mine == ["Trouble: Disk failure 77", "Trouble: Disk failure 78"]


def test_after_a_downtime_nobody_is_told_of_old_troubles(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    for number in range(20):
        breaks(desk, number=f"8{number}")
    assert not of_trouble_mails(rung(desk, hours=27))


def test_one_word_in_reply_has_one_told_when_it_is_over(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.clock.advance(days=2)
    breaks(desk)
    notice = next(mail for mail in rung(desk).all_to("alice") if mail.subject.startswith("Trouble"))
    assert "Disk failure 77" in desk.says("alice", "FOLLOW", reply_to=notice).to("alice")
    with desk.app.sessions.begin() as session:
        row = session.get(tables.NetworkIssue, "77")
        assert row is not None
        row.status = "Resolved"
    assert "Solved: Disk failure 77" in rung(desk, hours=1).to("alice")


def ends(desk: TestDesk, status: str) -> None:
    """The transfer of rye-bakery.example, as the registrar reports it."""
    with desk.app.sessions.begin() as session:
        row = session.get(tables.Domain, "706")
        assert row is not None
        row.status = status
        if status == "Active":
            row.transferred, row.expires = desk.clock().date(), date(2027, 11, 26)


@pytest.mark.parametrize(
    ("status", "subject"),
    [("Active", "rye-bakery.example has arrived"), ("Cancelled", "The transfer of rye-bakery.example has failed")],
)
def test_the_end_of_a_transfer_is_told_once(desk_on_sqlite: TestDesk, status: str, subject: str) -> None:
    desk = desk_on_sqlite
    rung(desk)
    desk.clock.advance(days=1)
    ends(desk, status)
    assert subject in [mail.subject for mail in rung(desk).all_to("alice")]
    assert subject not in [mail.subject for mail in rung(desk, hours=24)]
