"""A forged mail in a staff member's name must not be kept from that staff member."""

from __future__ import annotations

import pytest

from tests.desk import TestDesk
from tests.trust.thief import forged


def test_a_forged_mail_of_a_departments_only_agent_is_told_to_that_agent(desk: TestDesk) -> None:
    """Billing is Sam's alone: without this the ticket is open and nobody knows of it."""
    mails = forged(desk, "sam", "Please pay the attached invoice today", to="billing@desk.example", subject="Urgent")
    (notice,) = mails.of_kind("notification")
    assert notice.to == "sam@desk.example" and "sam@desk.example" in notice
    assert desk.ticket()["department"] == "Billing"


def test_a_forged_alarm_in_an_assignees_name_reaches_the_assignee(desk: TestDesk) -> None:
    opened = desk.says("nina", "Trouble")
    desk.says("sam", "I look into it", reply_to=opened.to("sam"))
    again = forged(desk, "sam", "Ignore what I said", subject=f"Re: {opened.to('sam').subject}")
    assert "sam@desk.example" in [mail.to for mail in again]


@pytest.mark.parametrize("department", ["billing", "sales"])
def test_who_is_proved_to_have_written_it_is_not_told_of_it(desk_on_sqlite: TestDesk, department: str) -> None:
    who = {"billing": "sam", "sales": "dana"}[department]
    mails = desk_on_sqlite.says(who, "A note to my own department", to=f"{department}@desk.example")
    assert not mails.of_kind("notification")
