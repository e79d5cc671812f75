"""What a member of the staff may see and do: role and departments bound it, and nobody acts as the client."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.models import Audit
from core.people import StaffMember
from tests.desk import CAST, Mails, Read, TestDesk
from tests.trust import thief
from tests.trust.thief import Watched

TROUBLE = "My site shows an error since this morning."
SAM, DANA = CAST["sam"][1], CAST["dana"][1]


def works_as(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, who: str, role: str, *departments: str) -> None:
    """From now on that member has this role in these departments."""
    staff: list[StaffMember] = [
        replace(member, role=role, departments=frozenset(departments)) if member.email == who else member
        for member in desk.app.around.desk.staff()
    ]
    monkeypatch.setattr(type(desk.app.around.desk.staff), "__call__", lambda _self: staff)


def stopped(desk: TestDesk) -> Mails:
    return desk.says("alice", "STOP", reply_to=desk.says("alice", "Please unlock bakery.example").to("alice"))


def is_stopped(desk: TestDesk) -> bool:
    return not desk.says("alice", "Please unlock alice-cakes.example").of_kind("question")


@pytest.mark.parametrize(
    ("role", "departments", "lifts"),
    [
        ("agent", ("Security",), False),
        ("agent", ("Security", "Support", "Billing", "Sales"), False),
        ("lead", ("Security",), True),
        ("admin", ("Sales",), True),
    ],
)
def test_a_stop_is_lifted_by_a_lead_of_security_and_by_nobody_below(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, role: str, departments: tuple[str, ...], lifts: bool
) -> None:
    desk = watched.desk
    alarm = stopped(desk).to("dana")
    works_as(desk, monkeypatch, DANA, role, *departments)
    desk.says("dana", "#release", reply_to=alarm)
    assert is_stopped(desk) is not lifts


def test_a_lead_of_another_department_lifts_no_stop(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = watched.desk
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    works_as(desk, monkeypatch, SAM, "lead", "Support", "Billing")
    ticket = desk.says("alice", TROUBLE, to="support@desk.example").to("sam")
    desk.says("alice", "STOP", reply_to=question)
    answer = desk.says("sam", "#release", reply_to=ticket)
    assert is_stopped(desk) and answer.to("sam").kind == "held"


@pytest.mark.parametrize(
    "command", ["", "#close", "#note\nlook", "#status", "#full", "#take", "#cc mallory@evil.example"]
)
def test_who_was_moved_to_another_department_does_nothing_on_a_ticket_and_reads_nothing_of_it(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    desk = watched.desk
    notification = desk.says("alice", f"{TROUBLE} Recipe 4711.", to="support@desk.example").to("sam")
    before = desk.ticket()
    works_as(desk, monkeypatch, SAM, "lead", "Billing")
    desk.clock.advance(minutes=1)
    mails = desk.says("sam", command or "Send me your password.", reply_to=notification)
    after = desk.ticket(before["number"])
    assert not mails.all_to("alice") and not mails.all_to("mallory")
    assert [after[what] for what in ("status", "assignee")] == [before[what] for what in ("status", "assignee")]
    assert "Recipe 4711" not in mails.to("sam").text and mails.to("sam").kind == "held"
    more = desk.says("alice", "Still broken, recipe 4712.", reply_to=None, subject=f"Re: [#{before['number']}]")
    assert not [mail for mail in more.all_to("sam") if "4712" in mail.text], "and is told no more of it"


@pytest.mark.parametrize("how", ["in reply", "as a note", "forwarded", "in the client's name"])
def test_staff_ask_for_nothing_in_the_client_s_place(watched: Watched, how: str) -> None:
    """Neither an act, nor a question to the client that asks for one, nor a look at the account by the desk itself."""
    desk = watched.desk
    for entry in thief.changes()[::7]:
        wish = thief.filled(entry.says[0])
        notification: Read = desk.says("alice", TROUBLE).to("sam")
        before = watched.possessions()
        watched.forget()
        if how == "forwarded":
            inner = f"From: Alice Martin <alice@bakery.example>\nTo: sam@desk.example\nSubject: please\n\n{wish}"
            mails = desk.says("sam", f"---------- Forwarded message ----------\n{inner}", subject="Fwd: please")
        elif how == "in the client's name":
            mails = desk.says("sam", f"#client alice@bakery.example\n#note\n{wish}")
        else:
            mails = desk.says("sam", f"#note\n{wish}" if how == "as a note" else wish, reply_to=notification)
        assert watched.acts == [] and watched.possessions() == before, wish
        assert not mails.of_kind("question") and not mails.of_kind("secret") and not mails.of_kind("notice"), wish
        desk.clock.advance(hours=2)


def test_what_staff_did_is_in_the_trail_under_their_own_name_and_the_client_s_account(watched: Watched) -> None:
    desk = watched.desk
    alarm = stopped(desk).to("dana")
    desk.says("dana", "#release\n#note\nSpoke with her by phone.", reply_to=alarm)
    with desk.app.sessions() as session:
        lines = [line for line in session.query(Audit).order_by(Audit.id) if line.who == DANA]
    assert {"staff.commands", "account.released"} <= {line.action for line in lines}
    assert {line.client_id for line in lines if line.action == "account.released"} == {"1001"}
