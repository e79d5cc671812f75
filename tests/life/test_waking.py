"""What was put off comes back on its day, once, and sooner if the client writes something that is more than thanks."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from bot.app import by_the_clock
from core import colleagues
from core.desk import Desk
from core.models import StaffAbsence, Ticket
from core.people import StaffMember
from tests.desk import Read, TestDesk
from tests.life.waiting import FIXED, TROUBLE, Making, answered, flat, passes, status

THANKS = (
    "Thank you very much for your quick help!",
    "Thank you, that solved it. Have a nice day!",
    "Vielen Dank für die schnelle Hilfe, jetzt geht es wieder.",
    "Merci beaucoup pour votre aide rapide !",
    "Muchas gracias por su ayuda, ya funciona.",
    "Grazie mille per l'aiuto, ora funziona tutto.",
    "Hartelijk dank voor de hulp, het werkt weer.",
    "Dziękuję bardzo za szybką pomoc, już działa.",
    "Muito obrigada pela ajuda rápida!",
)
NO_THANKS = (
    "Thanks, but it is still down.",
    "Danke, aber es geht nicht.",
    "Merci, mais ça ne marche pas.",
    "Gracias, pero sigue igual.",
    "Grazie, ma non funziona ancora.",
    "Bedankt, maar het werkt niet.",
    "Dziękuję, ale nadal nie działa.",
    "Obrigado, mas ainda não funciona.",
    "Thank you. Please look at the shop as well.",
)


def put_off(desk: TestDesk, command: str) -> tuple[str, Read]:
    """A ticket that Sam has answered, with a command: its number and his letter."""
    desk.clock.advance(minutes=1)
    mails = desk.says("alice", TROUBLE, subject="Site broken")
    number = desk.ticket()["number"]
    return number, desk.says("sam", f"{FIXED}\n\n{command}", reply_to=mails.to("sam")).to("alice")


def test_a_snoozed_ticket_wakes_at_its_moment_and_its_assignee_reads_who_put_it_off(desk: TestDesk) -> None:
    number, _ = put_off(desk, "#snooze 2d")
    assert desk.ticket(number)["wakes"] and status(desk, number) == "Answered"
    assert not passes(desk, "notification", hours=47, minutes=59).mails
    told = passes(desk, "notification", minutes=1).to("sam")
    assert "Snoozed by Sam Lee until now." in flat(told) and TROUBLE in flat(told) and f"#{number}" in told
    assert desk.ticket(number)["wakes"] is None and status(desk, number) == "Answered"
    assert not passes(desk, "notification", minutes=10).mails


def test_a_pending_ticket_opens_again_on_its_day(desk: TestDesk) -> None:
    number, _ = put_off(desk, "#pending 2d")
    assert status(desk, number) == "Pending"
    assert not passes(desk, hours=47).mails
    told = passes(desk, hours=1).to("sam")
    assert "Pending until now, and nothing came" in flat(told)
    assert status(desk, number) == "Open" and desk.ticket(number)["wakes"] is None


def test_a_reply_to_what_the_clock_wrote_goes_to_the_client(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    put_off(desk, "#pending 2d")
    told = passes(desk, days=2).to("sam")
    assert "Did it work?" in desk.says("sam", "Did it work?", reply_to=told).to("alice")


@pytest.mark.parametrize("command", ["#snooze 2d", "#pending 2d", "#pending"])
def test_what_the_client_writes_wakes_it_at_once_and_the_clock_says_nothing_later(
    desk_on_sqlite: TestDesk, command: str
) -> None:
    desk = desk_on_sqlite
    number, letter = put_off(desk, command)
    assert "error page" in desk.says("alice", "Now I see an error page.", reply_to=letter).to("sam")
    assert status(desk, number) == "Customer-Reply" and desk.ticket(number)["wakes"] is None
    assert not passes(desk, "notification", days=5).mails


@pytest.mark.parametrize("thanks", THANKS)
@pytest.mark.parametrize("command", ["#snooze 2d", "#pending 2d", "#close"], ids=("snoozed", "pending", "closed"))
def test_thanks_in_any_of_our_languages_change_nothing(desk_on_sqlite: TestDesk, command: str, thanks: str) -> None:
    desk = desk_on_sqlite
    number, letter = put_off(desk, command)
    before = desk.ticket(number)
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    mail = f"{thanks}\n\n-- \nAlice Martin\nAlice Bakery\n+33 1 23 45 67 89\n\nOn 25 Nov 2026, Sam Lee wrote:\n{quoted}"
    assert not desk.says("alice", mail, reply_to=letter).all_to("sam")
    after = desk.ticket(number)
    assert (after["status"], after["wakes"]) == (before["status"], before["wakes"])


@pytest.mark.parametrize("words", NO_THANKS)
def test_thanks_with_a_but_or_a_wish_open_it(desk_on_sqlite: TestDesk, words: str) -> None:
    number, letter = put_off(desk_on_sqlite, "#close")
    assert desk_on_sqlite.says("alice", words, reply_to=letter).to("sam")
    assert status(desk_on_sqlite, number) == "Customer-Reply"


@pytest.mark.parametrize("command", ["#snooze 2d", "#pending 2d", "#close"])
def test_an_absence_note_changes_nothing(desk_on_sqlite: TestDesk, command: str) -> None:
    desk = desk_on_sqlite
    number, letter = put_off(desk, command)
    before = desk.ticket(number)
    note = "I am out of office until Monday. In urgent cases call my colleague."
    assert not desk.says("alice", note, reply_to=letter, headers={"Auto-Submitted": "auto-replied"}).mails
    after = desk.ticket(number)
    assert (after["status"], after["wakes"]) == (before["status"], before["wakes"])


def test_what_sleeps_and_is_closed_never_wakes(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    number, letter = put_off(desk, "#snooze 2d")
    desk.says("alice", f"Close ticket #{number}", reply_to=letter)
    assert status(desk, number) == "Closed"
    assert not passes(desk, "notification", days=3).mails


def test_somebody_who_is_away_does_not_get_it_back(made: Making) -> None:
    desk = made()
    put_off(desk, "#snooze 2d\n#assign dana")
    with desk.app.sessions.begin() as session:
        session.add(StaffAbsence(email="dana@desk.example", since=desk.clock(), until=None))
    assert [mail.to for mail in passes(desk, "notification", days=2)] == ["sam@desk.example"]


def test_it_wakes_once_however_many_ring_and_after_any_downtime(desk: TestDesk) -> None:
    put_off(desk, "#snooze 2d")
    before = len(desk.letters().of_kind("notification"))
    desk.clock.advance(days=40)
    together = Barrier(2)

    def ring() -> None:
        together.wait()
        for one in by_the_clock(desk.app):
            one(desk.app.around)

    rings = [Thread(target=ring) for _ in range(2)]
    for thread in rings:
        thread.start()
    for thread in rings:
        thread.join()
    assert len(desk.letters().of_kind("notification")) == before + 1


def test_a_ticket_that_fails_leaves_the_others_alone(desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_on_sqlite
    first, _ = put_off(desk, "#snooze 2d")
    second, _ = put_off(desk, "#snooze 2d")
    own = colleagues.at_work

    def at_work(session: Session, desk_: Desk, ticket: Ticket, now: datetime) -> list[StaffMember]:
        if ticket.number == first:
            raise RuntimeError("broken")
        return own(session, desk_, ticket, now)

    with monkeypatch.context() as patch:
        patch.setattr(colleagues, "at_work", at_work)
        assert [f"#{second}" in mail for mail in passes(desk, "notification", days=2)] == [True]
        assert desk.ticket(first)["wakes"]
    assert [f"#{first}" in mail for mail in passes(desk, "notification", minutes=1)] == [True]


def test_answered_tickets_of_a_desk_without_rules_are_left_alone(desk_on_sqlite: TestDesk) -> None:
    answered(desk_on_sqlite)
    assert not passes(desk_on_sqlite, days=60).mails
