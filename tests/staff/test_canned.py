"""Canned replies: files and what leads keep by mail, put into an answer by their name, with what they do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import demo
from bot.app import build
from bot.canned import CannedReplies
from bot.settings import SettingsError
from core.staff.canned import faults
from core.staff.vocabulary import WORDS
from tests import desk as desks
from tests.desk import Read, TestDesk


@pytest.fixture
def desk(tmp_path: Path, sqlite_filled: Path) -> TestDesk:
    """A desk with a folder of canned replies."""
    folder = tmp_path / "canned"
    (folder / "Billing").mkdir(parents=True)
    (folder / "cache.txt").write_text("#tag +cache\nDear {first_name},\n\nplease clear your cache.\n\n#pending 3d\n")
    (folder / "cache.de.txt").write_text("Hallo {client},\n\nbitte leeren Sie den Zwischenspeicher.\n")
    (folder / "Billing" / "refund.txt").write_text("The refund for #{ticket} is on its way.\n#close\n")
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    return desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", canned="canned")


@pytest.fixture
def notice(desk: TestDesk) -> Read:
    return desk.says("alice", "My site shows an error since this morning.", subject="Site broken").to("sam")


def held(desk: TestDesk, text: str, notice: Read, who: str = "sam") -> Read:
    mail = desk.says(who, text, reply_to=notice).to(who)
    assert "NOT sent" in mail
    return mail


def test_a_canned_reply_stands_below_what_is_written_and_does_what_belongs_to_it(desk: TestDesk, notice: Read) -> None:
    answer = desk.says("sam", "#macro cache\nI have looked at it.", reply_to=notice).to("alice")
    said = answer.text.split("Sam Lee")[0]
    assert said.strip() == "I have looked at it.\n\nDear Alice,\n\nplease clear your cache."
    assert desk.ticket()["status"] == "Pending" and desk.ticket()["tags"] == ["cache"]


def test_a_canned_reply_alone_is_an_answer(desk: TestDesk, notice: Read) -> None:
    assert "clear your cache" in desk.says("sam", "#macro cache", reply_to=notice).to("alice")


def test_it_is_in_the_language_of_the_ticket(desk: TestDesk) -> None:
    text = "Hallo, meine Webseite zeigt seit heute früh nur noch einen Fehler, bitte helfen Sie mir."
    notice = desk.says("alice", text, subject="Fehler").to("sam")
    assert "Zwischenspeicher" in desk.says("sam", "#macro cache", reply_to=notice).to("alice")


def test_a_name_that_is_none_says_which_there_are(desk: TestDesk, notice: Read) -> None:
    mail = held(desk, "#macro chache\nHello", notice)
    assert "cache" in mail and "refund" not in mail


def test_a_department_s_own_is_for_its_tickets(desk: TestDesk) -> None:
    notice = desk.says("alice", "I was charged twice, please look into it.", to="billing@desk.example").to("sam")
    answer = desk.says("sam", "#macro refund", reply_to=notice).to("alice")
    assert f"#{desk.ticket()['number']} is on its way" in answer and desk.ticket()["status"] == "Closed"


def test_a_state_that_is_written_beside_that_of_the_canned_reply_is_one_too_many(desk: TestDesk, notice: Read) -> None:
    assert "only one of these" in held(desk, "#close\n#macro cache", notice)


def test_a_lead_keeps_and_drops_one_by_mail(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#assign dana", reply_to=notice)
    dana = desk.says("alice", "Still broken.", reply_to=desk.letters().all_to("alice")[0]).to("dana")
    assert len(desk.says("dana", "#learn sorry\nDear {client}, we are sorry.", reply_to=dana)) == 0
    _fresh(desk)
    assert "Dear Alice Martin, we are sorry." in desk.says("dana", "#macro sorry", reply_to=dana).to("alice")
    desk.says("dana", "#unlearn sorry", reply_to=dana)
    _fresh(desk)
    held(desk, "#macro sorry", dana, "dana")


def test_an_agent_keeps_none_and_a_field_that_is_none_is_told(desk: TestDesk, notice: Read) -> None:
    assert "leads and admins" in held(desk, "#learn sorry\nWe are sorry.", notice)
    desk.says("sam", "#assign dana", reply_to=notice)
    dana = desk.says("alice", "Still broken.", reply_to=desk.letters().all_to("alice")[0]).to("dana")
    assert "{klient}" in held(desk, "#learn sorry\nDear {klient}", dana, "dana")


@pytest.mark.parametrize("text", ["Dear {client},\n#close\nbye", "#macro other\nHi", "#clsoe\nHi", "Dear {klient}"])
def test_a_file_that_is_wrong_is_told(text: str) -> None:
    assert faults(text, WORDS)


def test_a_desk_does_not_start_with_a_wrong_file(tmp_path: Path) -> None:
    (tmp_path / "canned").mkdir()
    (tmp_path / "canned" / "bad.txt").write_text("Dear {klient}")
    settings = demo.settings(tmp_path, port=0, sink_port=1)
    with pytest.raises(SettingsError, match=r"desk\.canned.*bad\.txt.*klient"):
        build(replace(settings, desk=replace(settings.desk, canned="canned")), tmp_path)


def _fresh(desk: TestDesk) -> None:
    """The shelf is looked at anew."""
    shelf = desk.app.around.desk.canned
    assert isinstance(shelf, CannedReplies)
    shelf._until = 0.0
