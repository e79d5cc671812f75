"""The audit trail's seals: what they find, and what they must not mistake for tampering."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select, update

from core import privacy, sealing
from core.database import Sessions
from core.ids import new_id
from core.models import Audit, AuditSeal
from core.retention import Retention, purge
from core.tokens import Tokens
from tests.desk import TestDesk

THEN = datetime(2026, 1, 1, tzinfo=UTC)
SIGN = Tokens("the secret of a desk under test").mark


def lines_of(desk: TestDesk, count: int = 3) -> list[int]:
    """Some lines that the desk itself wrote, sealed."""
    for number in range(count):
        desk.says("nina", f"Trouble number {number}", subject=f"Trouble {number}")
    assert seal(desk) >= count
    with desk.app.sessions() as session:
        return list(session.scalars(select(Audit.id).order_by(Audit.id)))


def seal(desk: TestDesk) -> int:
    return sealing.seal(desk.app.sessions, SIGN, desk.clock())


def problem(desk: TestDesk, expected: str = "") -> str:
    return sealing.verify(desk.app.sessions, SIGN, expected).problem


def test_a_trail_that_nobody_touched_fits_and_is_sealed_once(desk: TestDesk) -> None:
    lines = lines_of(desk)
    assert seal(desk) == 0
    desk.says("nina", "One more")
    found = sealing.verify(desk.app.sessions, SIGN)
    assert (found.problem, found.seals, found.lines) == ("", 1, len(lines)) and found.unsealed >= 1
    assert found.newest == sealing.newest(desk.app.sessions) and found.newest.startswith("1:")


CHANGES: dict[str, Callable[[int], object]] = {
    "who did it": lambda line: update(Audit).where(Audit.id == line).values(who="sam@desk.example"),
    "what was done": lambda line: update(Audit).where(Audit.id == line).values(action="ticket.closed"),
    "when": lambda line: update(Audit).where(Audit.id == line).values(at=THEN),
    "to whom": lambda line: update(Audit).where(Audit.id == line).values(client_id="1002"),
    "about what": lambda line: update(Audit).where(Audit.id == line).values(about="another.example"),
    "the details": lambda line: update(Audit).where(Audit.id == line).values(detail={"to": "nobody"}),
    "that it was erased": lambda line: update(Audit).where(Audit.id == line).values(who="erased@invalid", erased="f"),
    "that it is there": lambda line: delete(Audit).where(Audit.id == line),
    "that it was sealed": lambda line: update(Audit).where(Audit.id == line).values(seal=None, digest="", who="x"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_in_a_sealed_line_is_found_and_its_seal_named(
    desk_on_sqlite: TestDesk, change: str
) -> None:
    lines = lines_of(desk_on_sqlite)
    desk_on_sqlite.clock.advance(hours=1)
    desk_on_sqlite.says("nina", "Later")
    seal(desk_on_sqlite)
    with desk_on_sqlite.app.sessions.begin() as session:
        session.execute(CHANGES[change](lines[1]))  # type: ignore[call-overload]
    assert problem(desk_on_sqlite).startswith("seal 1 of 2")
    seal(desk_on_sqlite)
    assert problem(desk_on_sqlite).startswith("seal 1 of 2"), "sealing again does not heal it"


def test_a_seal_that_is_missing_or_was_made_by_others_is_found(desk: TestDesk) -> None:
    for _ in range(3):
        lines_of(desk, 1)
        desk.clock.advance(hours=1)
    head = sealing.newest(desk.app.sessions)
    assert problem(desk, head) == "" and problem(desk, "2:0123") == "seal 2 is not the one that was expected"
    with desk.app.sessions.begin() as session:
        session.execute(update(AuditSeal).where(AuditSeal.id == 2).values(digest="0" * 24))
    assert problem(desk).startswith("seal 2 of ")
    with desk.app.sessions.begin() as session:
        session.execute(delete(AuditSeal).where(AuditSeal.id == 2))
    assert problem(desk) == "seal 2 is missing"
    assert sealing.verify(desk.app.sessions, Tokens("the key of somebody else").mark).problem


def test_an_end_that_was_cut_off_is_found_by_the_seal_that_was_noted(desk: TestDesk) -> None:
    lines_of(desk, 1)
    desk.clock.advance(hours=1)
    lines_of(desk, 1)
    head = sealing.newest(desk.app.sessions)
    with desk.app.sessions.begin() as session:
        session.execute(delete(AuditSeal).where(AuditSeal.id == 2))
    assert problem(desk) == "seal 2 is missing: there are lines of it"
    with desk.app.sessions.begin() as session:
        session.execute(delete(Audit).where(Audit.seal == 2))
    assert problem(desk) == "", "the chain alone cannot show this"
    assert problem(desk, head) == "seal 2 is not the one that was expected"


def test_a_seal_from_a_past_that_was_undone_does_not_fit_the_chain(desk_on_sqlite: TestDesk) -> None:
    """Somebody restored a backup; the seal that was made before it is genuine, and yet not the one that came after."""
    sessions = desk_on_sqlite.app.sessions

    def sealed(who: str) -> None:
        with sessions.begin() as session:
            session.add(line(who))
        seal(desk_on_sqlite)

    def taken(number: int) -> list[tuple[type, dict[str, object]]]:
        with sessions.begin() as session:
            found = [*session.scalars(select(Audit).where(Audit.seal == number)), session.get(AuditSeal, number)]
            rows = [(type(row), {c.name: getattr(row, c.name) for c in type(row).__table__.columns}) for row in found]
            session.execute(delete(Audit).where(Audit.seal == number))
            session.execute(delete(AuditSeal).where(AuditSeal.id == number))
            return rows  # type: ignore[return-value]

    sealed("nina@stone.example")
    sealed("mallory@evil.example")
    undone = taken(2)
    sealed("sam@desk.example")
    sealed("dana@desk.example")
    assert problem(desk_on_sqlite) == ""
    taken(2)
    with sessions.begin() as session:
        session.add_all([kind(**values) for kind, values in undone])
    assert problem(desk_on_sqlite).startswith("seal 3 of ")


def test_a_person_who_was_erased_leaves_a_chain_that_fits(desk: TestDesk) -> None:
    desk.says("nina", "Trouble")
    desk.says("victor", "Other trouble", to="sales@desk.example")
    with desk.app.sessions.begin() as session:
        session.add(line("operator root", about="export Nina@stone.example", detail={"to": "nina@stone.example"}))
    seal(desk)
    desk.clock.advance(minutes=1)
    privacy.erase(desk.app.sessions, "nina@stone.example", desk.clock(), SIGN)
    with desk.app.sessions() as session:
        kept = str([(row.who, row.about, row.detail) for row in session.scalars(select(Audit))])
    assert "nina" not in kept.lower() and "victor@hale.example" in kept and "export (erased)" in kept
    assert problem(desk) == ""
    seal(desk)
    assert problem(desk) == ""
    with desk.app.sessions.begin() as session:
        session.execute(update(Audit).where(Audit.erased != "").values(action="ticket.closed"))
    assert "was changed" in problem(desk), "what is left is protected as well"


def test_old_lines_go_with_their_seal_and_the_rest_of_the_chain_fits(desk: TestDesk) -> None:
    old = len(lines_of(desk))
    desk.clock.advance(days=1000)
    lines_of(desk)
    desk.clock.advance(days=100)
    assert purge(desk.app.sessions, Retention(), desk.clock(), SIGN)["audit"] == old
    found = sealing.verify(desk.app.sessions, SIGN)
    assert (found.problem, found.purged, found.seals) == ("", 1, 2)
    with desk.app.sessions.begin() as session:
        session.execute(delete(Audit))
        session.execute(update(AuditSeal).where(AuditSeal.id == 2).values(purged="f" * 24))
    assert "no purge signed for it" in problem(desk)


def test_a_seal_covers_a_day_at_most(desk_on_sqlite: TestDesk) -> None:
    """Else a few lines of today would keep those of years ago."""
    for _ in range(3):
        desk_on_sqlite.says("nina", "Trouble")
        desk_on_sqlite.clock.advance(days=20)
    seal(desk_on_sqlite)
    with desk_on_sqlite.app.sessions() as session:
        assert session.scalar(select(func.count()).select_from(AuditSeal)) == 3


def line(who: str = "somebody", number: int | None = None, **values: object) -> Audit:
    return Audit(id=number or new_id(), at=THEN, who=who, action="test", **{"client_id": "", "detail": {}, **values})


def test_a_line_that_is_committed_after_later_ones_were_sealed_is_sealed_next(database_sessions: Sessions) -> None:
    """Keys are drawn when a line is written, not when it is committed."""
    with database_sessions.begin() as session:
        session.add(line(number=20))
    assert sealing.seal(database_sessions, SIGN, THEN) == 1
    with database_sessions.begin() as session:
        session.add(line(number=10))
    assert sealing.seal(database_sessions, SIGN, THEN) == 1
    found = sealing.verify(database_sessions, SIGN)
    assert (found.problem, found.seals, found.lines) == ("", 2, 2)


def test_writers_sealers_and_an_eraser_at_the_same_time_leave_a_chain_that_fits(database_sessions: Sessions) -> None:
    failed: list[Exception] = []
    stop = threading.Event()

    def keep(act: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                while not stop.is_set():
                    act()
                    stop.wait(0.01)
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(who: str) -> None:
        with database_sessions.begin() as session:
            session.add_all([line(who) for _ in range(5)])

    def erase() -> None:
        with database_sessions.begin() as session:
            sealing.erase(session, SIGN, "nina@stone.example")

    acts: list[Callable[[], object]] = [
        lambda: write("nina@stone.example"),
        lambda: write("sam@desk.example"),
        lambda: sealing.seal(database_sessions, SIGN, THEN),
        lambda: sealing.seal(database_sessions, SIGN, THEN),
        erase,
    ]
    threads = [keep(act) for act in acts]
    looks = [sealing.verify(database_sessions, SIGN).problem for _ in range(10) if not stop.wait(0.05)]
    stop.set()
    for thread in threads:
        thread.join()
    sealing.seal(database_sessions, SIGN, THEN)
    found = sealing.verify(database_sessions, SIGN)
    with database_sessions() as session:
        total = session.scalar(select(func.count()).select_from(Audit))
    assert not failed and set(looks) == {""}
    assert (found.problem, found.lines, found.unsealed) == ("", total, 0) and found.lines > 50
