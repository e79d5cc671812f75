"""An account that its people lock: what was open is void, nothing sensitive moves, and Security is called."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from core.errors import Unavailable
from core.models import AccountHold, Dialog, OneTimeLink
from core.registrars.local import LocalRegistrar
from tests.desk import Mails, Read, TestDesk

LINK = re.compile(r"https?://\S+/once/[\w-]+")


def asks(desk: TestDesk, text: str, who: str = "alice", **how: object) -> Read:
    desk.clock.advance(minutes=1)
    return desk.says(who, text, **how).to(who)  # type: ignore[arg-type]


def locks(desk: TestDesk, who: str = "alice", text: str = "My laptop was stolen, please lock my account") -> Mails:
    """Asked and confirmed; what left the desk at the confirmation."""
    question = asks(desk, text, who)
    desk.clock.advance(minutes=1)
    return desk.says(who, "YES", reply_to=question)


def held(desk: TestDesk) -> bool:
    with desk.app.sessions() as session:
        return session.get(AccountHold, "1001") is not None


def locked(desk: TestDesk) -> dict[str, bool]:
    around = desk.app.around
    names = [domain.name for domain in around.billing.domains("1001") if domain.held]
    return {name: around.systems.registrar.registration(name).locked for name in names}


def test_the_lock_stops_what_is_sensitive_locks_the_domains_and_calls_security(desk: TestDesk) -> None:
    assert not all(locked(desk).values())
    question = asks(desk, "My laptop was stolen, please lock my account")
    assert "Nothing has changed yet" in question and not held(desk) and not all(locked(desk).values())
    desk.clock.advance(minutes=1)
    mails = desk.says("alice", "YES", reply_to=question)
    assert held(desk) and all(locked(desk).values())
    alarm = mails.to("dana")
    assert "locked account 1001" in alarm and "#release" in alarm and "high priority" in alarm
    security = next(one for one in desk.tickets() if one["department"] == "Security")
    assert security["status"] == "Open"
    assert f"ticket #{security['number']}" in " ".join(text.text.replace("\n", " ") for text in mails.of_kind("answer"))
    refused = asks(desk, "Unlock bakery.example")
    assert "stopped until one of us has spoken" in refused.text.replace("\n", " ")


def test_everybody_on_the_account_is_told_and_a_stop_in_reply_calls_security_again(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = locks(desk, "bob", "Lock our account")
    assert {mail.to for mail in mails.of_kind("notice")} == {"alice@bakery.example"}
    notice = next(mail for mail in mails.of_kind("notice"))
    assert "Bob Roux" in notice
    assert "was not them" in " ".join(mail.text for mail in desk.says("alice", "STOP", reply_to=notice).all_to("dana"))
    assert held(desk)


def test_questions_and_pages_that_were_open_are_void(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert LINK.search(asks(desk, "Download the mail settings").text)
    change = asks(desk, "Switch auto-renew of bakery.example off")
    code = asks(desk, "Unlock alice-cakes.example")
    locks(desk)
    with desk.app.sessions() as session:
        assert all(row.used_at for row in session.scalars(select(OneTimeLink)))
        open_now = session.scalars(select(Dialog.kind).where(Dialog.state == "pending")).all()
        assert set(open_now) <= {"undo"}
    found = re.search(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b", code.text)
    assert found is not None
    for question, answer in ((change, "YES"), (code, found[0])):
        desk.clock.advance(minutes=1)
        desk.says("alice", answer, reply_to=question)
    assert all(locked(desk).values())
    assert next(one for one in desk.app.around.billing.domains("1001") if one.name == "bakery.example").auto_renew


def test_only_a_lead_of_security_lifts_the_lock(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    alarm = locks(desk).to("dana")
    desk.says("dana", "#release\nWe have spoken, all is well.", reply_to=alarm)
    assert not held(desk)


def test_locking_twice_opens_one_ticket_of_security(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    locks(desk)
    again = locks(desk, text="Lock my account")
    assert "stopped already" in again.to("alice") and not again.all_to("dana") and not again.of_kind("notice")
    assert len([one for one in desk.tickets() if one["department"] == "Security"]) == 1


def test_a_registrar_that_is_down_holds_up_nothing_else(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_sqlite

    def down(*_: object, **__: object) -> None:
        raise Unavailable("the registrar does not answer")

    monkeypatch.setattr(LocalRegistrar, "set_lock", down)
    mails = locks(desk)
    assert held(desk)
    assert "NOT locked" in mails.to("dana")
    assert any("did not lock" in mail.text.replace("\n", " ") for mail in mails.all_to("alice"))


def test_without_a_yes_nothing_happens_and_a_forged_mail_is_asked_about(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = asks(desk, "Lock my account")
    desk.says("alice", "NO", reply_to=question)
    forged = desk.says("alice", "Lock my account", proved=False)
    assert forged.to("alice").kind == "ask-back" and not forged.all_to("dana")
    assert not held(desk)


def test_a_stranger_locks_nothing_and_learns_nothing(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("nina", "Lock my account, alice@bakery.example")
    assert not held(desk_on_sqlite) and not mails.all_to("alice")
