"""`helpdesk chat`: the same path as every chat, from a terminal; and the whole guide of dialogues told through it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import chat
from bot.talk import Shown, Talk
from core.messages import terminal_of
from tests.desk import TestDesk

ALICE = "alice@bakery.example"


@pytest.fixture
def talk(desk_on_sqlite: TestDesk) -> Talk:
    return Talk(desk_on_sqlite.app, ALICE)


def text_of(shown: list[Shown]) -> str:
    return "\n".join(f"{one.title}\n{one.text}" for one in shown)


def test_a_line_is_answered_by_the_desk_s_own_path(talk: Talk) -> None:
    (said,) = talk.says("which invoices are open?")
    assert "INV-9004" in said.text and said.sender.startswith("Example Hosting")


def test_a_change_is_confirmed_by_typing_yes(talk: Talk) -> None:
    assert "Please confirm" in text_of(talk.says("switch auto-renew of bakery.example off"))
    assert "does not renew automatically" in text_of(talk.says("YES"))


def test_a_secret_goes_by_mail_and_not_to_the_terminal(talk: Talk, desk_on_sqlite: TestDesk) -> None:
    shown = text_of(talk.says("send me the EPP code of bakery-shop.example"))
    secret = [mail for mail in desk_on_sqlite.letters() if mail.kind == "secret"]
    assert len(secret) == 1 and "a…@bakery.example" in shown
    assert talk.mails_waiting()[0] == ALICE


def test_a_code_goes_by_mail_and_is_typed_here(talk: Talk, desk_on_sqlite: TestDesk) -> None:
    from tests.chat.chatting import code_of

    shown = text_of(talk.says("unlock bakery.example"))
    letter = desk_on_sqlite.letters().of_kind("question")[0]
    code = code_of(letter)
    assert code not in shown
    assert "is off now" in text_of(talk.says(code))


def test_a_stranger_s_terminal_gets_public_answers_and_may_open_a_ticket(desk_on_sqlite: TestDesk) -> None:
    nina = Talk(desk_on_sqlite.app, "nina@stone.example", "Nina Stone")
    assert "bakery" not in text_of(nina.says("which domains do I have?"))
    assert "ticket #" in text_of(nina.says("new ticket: somebody rang me in your name and asked for our code"))


def test_what_staff_answer_later_is_shown_once(talk: Talk, desk_on_sqlite: TestDesk) -> None:
    talk.says("our shop shows a blank page and nobody knows why")
    told = next(mail for mail in desk_on_sqlite.letters() if mail.kind == "notification")
    desk_on_sqlite.says("sam", "It was the database. Fixed.", reply_to=told)
    assert "Fixed." in text_of(list(talk.news()))
    assert not list(talk.news())


def test_two_terminals_read_their_own_answers_only(talk: Talk, desk_on_sqlite: TestDesk) -> None:
    talk.says("our shop shows a blank page and nobody knows why")
    told = next(mail for mail in desk_on_sqlite.letters() if mail.kind == "notification")
    desk_on_sqlite.says("sam", "Fixed.", reply_to=told)
    victor = Talk(desk_on_sqlite.app, "victor@hale.example")
    assert not list(victor.news()) and list(talk.news())


def test_the_terminal_is_never_taken_for_the_mailbox() -> None:
    assert terminal_of("Alice@Bakery.example").key == f"terminal:{ALICE}"


def test_lines_from_a_pipe_are_answered_one_by_one(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    shown: list[Shown] = []
    assert chat._lines(talk, io.StringIO("domains\n\nreset my password\n"), shown.append) == 0
    assert "bakery-shop.example" in shown[0].text and len(shown) == 2
    assert "wait for the sender" in capsys.readouterr().err


def test_an_address_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chat", "--as", "alice", "-c", str(tmp_path / "none.toml")]) == 1
    assert "wants a mail address" in capsys.readouterr().err
