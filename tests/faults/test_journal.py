"""What the journal keeps of an outside act's result, for how long, and what a later walk is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import journal, queues
from core.errors import Uncertain
from core.journal import Journal
from core.models import Arrival, JournalEntry, Letter
from core.pipeline import Pipeline
from core.ports import Registrar as RegistrarPort
from core.post import Composed, Composer, Draft
from core.retention import Retention, forget_soon, purge
from tests.desk import TestDesk

QUESTION = "EPP code for bakery-shop.example please"
SECRET = "epp-secret-of-the-day"


@dataclass
class Registrar:
    """Hands out one code and counts how often it was asked for it."""

    inner: RegistrarPort
    asked: list[str] = field(default_factory=list)

    def registration(self, domain: str) -> object:
        return self.inner.registration(domain)

    def auth_code(self, domain: str) -> str:
        self.asked.append(domain)
        return SECRET


@dataclass
class BrokenTemplate:
    """The composer of a desk whose template for the transfer code is broken."""

    inner: Composer

    def compose(self, draft: Draft) -> Composed:
        if any(reply.template == "epp_code" for reply in draft.replies):
            raise ValueError("a broken template")
        return self.inner.compose(draft)


def shelved(desk: TestDesk) -> tuple[Registrar, int]:
    """A message whose code was fetched and could not be written into a letter: it waits in quarantine."""
    registrar = Registrar(desk.app.around.registrar)
    systems = replace(desk.app.around.systems, registrar=registrar)  # type: ignore[arg-type]
    broken = replace(
        desk.app.around, systems=systems, composers={"email": BrokenTemplate(desk.app.around.composers["email"])}
    )
    raw = desk.mail(
        "alice", QUESTION, to="support@desk.example", subject="Moving", cc="", reply_to=None, headers={}, attach=()
    )
    desk.accepts(raw, ["support@desk.example"], mail_from="alice@bakery.example")
    for _ in range(3):
        Pipeline(broken, "test/0").work()
        desk.clock.advance(minutes=1)
    assert desk.results() == ["shelved"] and registrar.asked == ["bakery-shop.example"]
    desk.app.around = replace(desk.app.around, systems=systems)
    with desk.app.sessions() as session:
        return registrar, session.scalars(select(Arrival.id)).one()


def entries(desk: TestDesk) -> list[tuple[str, str]]:
    with desk.app.sessions() as session:
        return [(entry.state, entry.result) for entry in session.scalars(select(JournalEntry))]


def test_a_shelved_message_is_walked_again_with_the_code_that_it_was_given(desk_on_sqlite: TestDesk) -> None:
    registrar, number = shelved(desk_on_sqlite)
    assert queues.retry(desk_on_sqlite.app.sessions, number, desk_on_sqlite.clock())
    desk_on_sqlite.walks()
    assert desk_on_sqlite.results() == ["answer"] and registrar.asked == ["bakery-shop.example"]
    (letter,) = desk_on_sqlite.letters().of_kind("secret")
    assert SECRET in letter
    assert entries(desk_on_sqlite) == [("emptied", "")]


def test_after_a_day_the_code_is_gone_and_a_retry_is_refused_with_a_clear_word(desk: TestDesk) -> None:
    registrar, number = shelved(desk)
    desk.clock.advance(hours=25)
    assert forget_soon(desk.app.sessions, desk.clock())["secrets"] == 1
    assert SECRET not in str(entries(desk))
    queues.retry(desk.app.sessions, number, desk.clock())
    desk.walks()
    assert desk.results() == ["shelved"] and registrar.asked == ["bakery-shop.example"]
    assert not desk.letters().of_kind("secret")
    with desk.app.sessions() as session:
        assert "its result is no longer kept" in session.scalars(select(Arrival.error)).one()


def test_within_the_day_nothing_is_forgotten(desk_on_sqlite: TestDesk) -> None:
    shelved(desk_on_sqlite)
    desk_on_sqlite.clock.advance(hours=23)
    forget_soon(desk_on_sqlite.app.sessions, desk_on_sqlite.clock())
    assert entries(desk_on_sqlite) == [("done", SECRET)]


def test_a_message_that_a_person_drops_leaves_no_code_behind(desk_on_sqlite: TestDesk) -> None:
    _, number = shelved(desk_on_sqlite)
    assert queues.drop(desk_on_sqlite.app.sessions, number, desk_on_sqlite.clock())
    assert entries(desk_on_sqlite) == [("emptied", "")]


def test_a_secret_letter_that_is_dropped_is_emptied(desk_on_sqlite: TestDesk) -> None:
    desk_on_sqlite.says("alice", QUESTION)
    with desk_on_sqlite.app.sessions() as session:
        letter = session.scalars(select(Letter.id).where(Letter.secret)).one()
    assert queues.drop(desk_on_sqlite.app.sessions, letter, desk_on_sqlite.clock())
    with desk_on_sqlite.app.sessions() as session:
        dropped = session.get(Letter, letter)
        assert dropped is not None and (dropped.state, dropped.payload) == ("dropped", b"")


def test_an_act_that_gave_nothing_is_answered_with_nothing_after_it_was_forgotten(desk: TestDesk) -> None:
    book = Journal(desk.app.sessions, 7, desk.clock)
    assert book.once("act lock", lambda: "") == ""
    with desk.app.sessions.begin() as session:
        journal.forget(session, 7)
    assert book.done("act lock") and book.once("act lock", pytest.fail) == ""


def test_an_emptied_result_is_never_handed_out(desk: TestDesk) -> None:
    book = Journal(desk.app.sessions, 7, desk.clock)
    assert book.once("auth_code", lambda: SECRET) == SECRET
    with desk.app.sessions.begin() as session:
        journal.forget(session, 7)
    assert book.done("auth_code")
    with pytest.raises(Uncertain, match="no longer kept"):
        book.once("auth_code", pytest.fail)


def test_what_was_done_for_a_message_in_quarantine_is_known_as_long_as_it_may_be_walked_again(desk: TestDesk) -> None:
    """Else a retry after `raw_messages` days would do it a second time."""
    registrar, number = shelved(desk)
    desk.clock.advance(days=40)
    purge(desk.app.sessions, Retention(raw_messages=1), desk.clock(), desk.app.around.tokens.mark)
    queues.retry(desk.app.sessions, number, desk.clock())
    desk.walks()
    assert desk.results() == ["shelved"] and registrar.asked == ["bakery-shop.example"]
    desk.clock.advance(days=60)
    purge(desk.app.sessions, Retention(raw_messages=1), desk.clock(), desk.app.around.tokens.mark)
    assert entries(desk) == [] and desk.results() == []


def test_results_are_kept_for_a_day() -> None:
    assert timedelta(hours=24) == journal.KEPT
