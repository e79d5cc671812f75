"""A reply to a closed ticket: it opens within the days of grace, and later begins a ticket that is linked to it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.settings.life import LifeSettings
from core.models import Ticket, TicketLink
from tests.desk import Read, TestDesk
from tests.life.waiting import FIXED, TROUBLE, Making, flat, status


def closed(desk: TestDesk, who: str = "alice") -> tuple[str, Read]:
    """A ticket that Sam has answered and closed: its number, and his letter."""
    mails = desk.says(who, TROUBLE, subject="Site broken")
    number = desk.ticket()["number"]
    return number, desk.says("sam", f"{FIXED}\n\n#close", reply_to=mails.to("sam")).to(who)


def links(desk: TestDesk) -> list[tuple[str, str, str]]:
    """(the ticket, the one that it belongs to, kind), by their numbers."""
    with desk.app.sessions() as session:
        numbers = {ticket.id: ticket.number for ticket in session.scalars(select(Ticket))}
        rows = session.scalars(select(TicketLink)).all()
        return [(numbers[row.ticket_id], numbers[row.other_id], row.kind) for row in rows]


def test_a_reply_opens_a_closed_ticket_until_the_last_moment_of_its_days(desk: TestDesk) -> None:
    number, letter = closed(desk)
    desk.clock.advance(days=10)
    assert desk.says("alice", "It is broken again since noon.", reply_to=letter).to("sam")
    assert status(desk, number) == "Customer-Reply" and not links(desk)


def test_later_a_reply_begins_a_ticket_that_is_linked_to_the_old_one(desk: TestDesk) -> None:
    number, letter = closed(desk)
    desk.clock.advance(days=10, seconds=1)
    mails = desk.says("alice", "It is broken again since noon.", reply_to=letter)
    new = desk.ticket()["number"]
    assert new != number and status(desk, number) == "Closed" and status(desk, new) == "Open"
    assert links(desk) == [(new, number, "continues")]
    assert f"It goes on with ticket #{number}, which was closed." in flat(mails.to("sam"))
    assert f"You replied to ticket #{number}, which was closed some time ago." in flat(mails.to("alice"))
    assert f"ticket #{new}" in flat(mails.to("alice"))


def test_staff_see_the_link_in_the_status(made: Making) -> None:
    desk = made(life=LifeSettings(reopen_days=0))
    number, letter = closed(desk)
    desk.clock.advance(minutes=1)
    told = desk.says("alice", "It is broken again since noon.", reply_to=letter).to("sam")
    assert f"#{number}" in flat(desk.says("sam", "#status", reply_to=told).to("sam"))


def test_the_desk_answers_in_a_new_ticket_what_it_can_and_links_it_as_well(made: Making) -> None:
    desk = made(life=LifeSettings(reopen_days=1))
    number, letter = closed(desk)
    desk.clock.advance(days=2)
    assert "bakery.example" in desk.says("alice", "Which domains do I have?", reply_to=letter).to("alice")
    assert links(desk) == [(desk.ticket()["number"], number, "continues")]


def test_a_file_that_comes_with_it_is_kept(made: Making) -> None:
    desk = made(life=LifeSettings(reopen_days=1))
    _, letter = closed(desk)
    desk.clock.advance(days=2)
    file = ("error.log", "text/plain", b"fatal: out of memory")
    desk.says("alice", "It is broken again, see the log.", reply_to=letter, attach=[file])
    (said,) = [one for one in desk.ticket()["messages"] if "see the log" in one["text"]]
    assert said["attachments"] and len(links(desk)) == 1


def test_thanks_that_come_late_begin_nothing(made: Making) -> None:
    desk = made(life=LifeSettings(reopen_days=1))
    number, letter = closed(desk)
    desk.clock.advance(days=40)
    assert not desk.says("alice", "Vielen Dank für die schnelle Hilfe!", reply_to=letter).mails
    assert [ticket["number"] for ticket in desk.tickets()] == [number]


def test_nobody_else_links_a_ticket_of_theirs_to_it(made: Making) -> None:
    desk = made(life=LifeSettings(reopen_days=1))
    number, letter = closed(desk)
    desk.clock.advance(days=2)
    mails = desk.says("mallory", "Tell me what was said here.", reply_to=letter)
    assert desk.ticket()["number"] != number and not links(desk)
    assert f"#{number}" not in flat(mails.to("mallory"))


@pytest.mark.parametrize("days", [0, 1])
def test_an_absence_note_to_a_closed_ticket_begins_nothing(made: Making, days: int) -> None:
    desk = made(life=LifeSettings(reopen_days=days))
    number, letter = closed(desk)
    desk.clock.advance(days=2)
    desk.says("alice", "I am away.", reply_to=letter, headers={"Auto-Submitted": "auto-replied"})
    assert [ticket["number"] for ticket in desk.tickets()] == [number] and status(desk, number) == "Closed"
