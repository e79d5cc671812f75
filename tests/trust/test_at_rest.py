"""What lies in the database: encrypted where a key was given, and not for long where somebody wrote a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot import encryption
from bot.app import build
from core import blobs, queues
from core.blobs import Unreadable
from core.models import Arrival, Blob, TicketMessage
from core.retention import Retention, forget_soon, purge
from tests.desk import TestDesk

OLD, NEW = "the-first-key-of-the-storage-of-32-or-more", "the-second-key-of-the-storage-of-32-or-more"
Restart = Callable[[str], TestDesk]
CARD = "4242 4242 4242 4242"


def contents(desk: TestDesk) -> list[bytes]:
    with desk.app.sessions() as session:
        return list(session.scalars(select(Blob.content).order_by(Blob.stored_at)))


def with_key(desk: TestDesk, key: str, folder: Path) -> TestDesk:
    """The same desk after a restart with that key."""
    settings = replace(desk.app.settings, desk=replace(desk.app.settings.desk, storage_key=key))
    return replace(desk, app=build(settings, folder, clock=desk.clock))


@pytest.fixture
def restarted(desk: TestDesk, tmp_path: Path) -> Iterator[Restart]:
    made: list[TestDesk] = []

    def restart(key: str) -> TestDesk:
        made.append(with_key(desk, key, tmp_path))
        return made[-1]

    yield restart
    for one in made:
        one.app.engine.dispose()


def test_with_a_key_neither_messages_nor_files_can_be_read_in_the_table(restarted: Restart, desk: TestDesk) -> None:
    locked = restarted(NEW)
    mails = locked.says("nina", "A private matter", attach=[("recipe.txt", "text/plain", b"flour and water" * 9)])
    assert mails.to("sam").message.get_payload() and "A private matter" in mails.to("sam")
    stored = b"".join(contents(locked))
    assert len(contents(locked)) == 2 and b"private matter" not in stored and b"flour and water" not in stored
    with locked.app.sessions() as session:
        arrival = session.scalars(select(Arrival)).one()
        assert b"A private matter" in blobs.fetch(session, arrival.raw_sha256)
        assert session.scalars(select(Blob.size).where(Blob.sha256 == arrival.raw_sha256)).one() == arrival.size
    original = locked.says("sam", "#original", reply_to=mails.to("sam")).to("sam")
    assert "A private matter" in original.message.as_string()


def test_what_was_stored_before_there_was_a_key_stays_readable(restarted: Restart, desk: TestDesk) -> None:
    desk.says("nina", "From before")
    number = arrival(desk)
    assert b"From before" in shown(restarted(NEW), number)


def test_an_older_key_reads_as_long_as_it_is_listed_and_nothing_reads_without_it(
    restarted: Restart, desk: TestDesk
) -> None:
    first = restarted(OLD)
    first.says("nina", "Under the old key")
    number = arrival(first)
    assert b"Under the old key" in shown(restarted(f"{NEW}\n{OLD}"), number)
    for other in ("", NEW):
        with pytest.raises(Unreadable):
            shown(restarted(other), number)


def test_nothing_that_was_changed_is_decrypted() -> None:
    cipher = encryption.cipher(NEW)
    stored = cipher.encrypt(b"A private matter")
    assert cipher.decrypt(stored) == b"A private matter"
    with pytest.raises(Unreadable):
        cipher.decrypt(stored[:-5] + b"AAAA=")


def test_a_mail_that_only_looks_encrypted_is_read_as_it_is(restarted: Restart, desk: TestDesk) -> None:
    """The row says whether it is, not the bytes, which a stranger chooses."""
    raw = encryption.cipher("k" * 32).encrypt(b"x")
    desk.accepts(raw, ["support@desk.example"])
    locked = restarted("k" * 32)
    assert shown(locked, arrival(locked)) == raw


@pytest.mark.parametrize("where", ["text", "subject", "html"])
def test_the_bytes_of_a_mail_with_a_card_number_are_kept_for_a_day(desk: TestDesk, where: str) -> None:
    said = {"text": f"Charge {CARD} please", "html": f"<p>Charge {CARD} please</p>"}.get(where, "Charge it please")
    options = {"subject": f"Card {CARD}"} if where == "subject" else {}
    if where == "html":
        options = {"headers": {"Content-Type": "text/html; charset=utf-8"}}  # type: ignore[dict-item]
    desk.says("nina", said, **options)  # type: ignore[arg-type]
    desk.says("victor", "An invoice of 4242 is wrong", to="sales@desk.example")
    desk.clock.advance(hours=23)
    assert forget_soon(desk.app.sessions, desk.clock())["raw_with_secrets"] == 0
    desk.clock.advance(hours=2)
    assert forget_soon(desk.app.sessions, desk.clock())["raw_with_secrets"] == 1
    left = b"".join(contents(desk))
    assert b"4242 4242" not in left and b"invoice of 4242" in left
    with desk.app.sessions() as session:
        assert CARD not in str(session.execute(text("select text, full_text, html from ticket_message")).all())
        assert len(session.scalars(select(Arrival)).all()) == 2, "that it came is still known"


def test_a_redelivery_of_such_a_mail_is_still_known(desk: TestDesk) -> None:
    raw = desk.mail("nina", f"Charge {CARD}", to="support@desk.example", subject="Card", cc="", reply_to=None, headers={}, attach=())  # fmt: skip # noqa: E501
    desk.receives(raw, ["support@desk.example"])
    desk.clock.advance(hours=25)
    forget_soon(desk.app.sessions, desk.clock())
    desk.receives(raw, ["support@desk.example"])
    assert len(desk.tickets()) == 1
    desk.clock.advance(hours=25)
    forget_soon(desk.app.sessions, desk.clock())
    assert b"4242 4242" not in b"".join(contents(desk)), "nor do its bytes stay for another month"


def test_the_day_begins_when_the_mail_was_read_and_not_when_it_came(desk_on_sqlite: TestDesk) -> None:
    """A question that was asked because of it may be answered for a day, and its mail is walked again then."""
    desk = desk_on_sqlite
    raw = desk.mail("nina", f"Charge {CARD}", to="support@desk.example", subject="Card", cc="", reply_to=None, headers={}, attach=())  # fmt: skip # noqa: E501
    desk.accepts(raw, ["support@desk.example"])
    desk.clock.advance(hours=20)
    desk.walks()
    desk.clock.advance(hours=10)
    assert forget_soon(desk.app.sessions, desk.clock())["raw_with_secrets"] == 0
    desk.clock.advance(hours=15)
    assert forget_soon(desk.app.sessions, desk.clock())["raw_with_secrets"] == 1


def test_the_same_mail_for_somebody_who_is_yet_to_get_it_is_kept(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("nina", f"Charge {CARD}", to=["support@desk.example"])
    with desk.app.sessions.begin() as session:
        done = session.scalars(select(Arrival)).one()
        values = {c.name: getattr(done, c.name) for c in Arrival.__table__.columns}
        session.add(Arrival(**{**values, "id": 1, "recipient": "sales@desk.example", "state": "new"}))
    desk.clock.advance(hours=25)
    assert forget_soon(desk.app.sessions, desk.clock())["raw_with_secrets"] == 0
    desk.walks()
    assert forget_soon(desk.app.sessions, desk.clock())["raw_with_secrets"] == 1


def test_quoting_our_own_mark_is_no_secret(desk_on_sqlite: TestDesk) -> None:
    desk_on_sqlite.says("nina", "You wrote [removed: card number], why?")
    with desk_on_sqlite.app.sessions() as session:
        assert not session.scalars(select(TicketMessage.redacted).where(TicketMessage.author.like("nina%"))).one()


def test_the_daily_purge_does_it_as_well_even_where_raw_messages_are_kept_for_ever(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("nina", f"Charge {CARD}")
    desk.clock.advance(hours=25)
    counts = purge(desk.app.sessions, Retention(raw_messages=0), desk.clock(), desk.app.around.tokens.mark)
    assert counts["raw_with_secrets"] == 1


def arrival(desk: TestDesk) -> int:
    with desk.app.sessions() as session:
        return session.scalars(select(Arrival.id)).one()


def shown(desk: TestDesk, number: int) -> bytes:
    found = queues.show(desk.app.sessions, number)
    assert found is not None
    return found[1]
