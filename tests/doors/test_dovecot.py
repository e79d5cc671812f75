"""The IMAP door against a real Dovecot."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels import imap
from bot.channels.ports import Delivery, NotAccepted

from .conftest import QUICK, FetchFrom
from .listening import Memory, Store, mail, subject, until
from .servers import Dovecot

_users = itertools.count()


@pytest.fixture
def user() -> Iterator[str]:
    """A mailbox that no other test uses."""
    yield f"help{next(_users)}"


@pytest.fixture
def connected(memory: Memory) -> Callable[[], None]:
    """Waits for the first connect, whose moment decides which mail is the desk's."""
    return lambda: until(lambda: memory.texts, what="the listener never connected")


def test_mail_is_taken_then_moved_and_stays_unread(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    fetch_from(dovecot.port, user)
    connected()
    raw = mail("Hello", To="sales@desk.example", body="..\r\n.\r\nümläut")
    dovecot.deliver(user, raw)
    until(lambda: dovecot.count(user, "Done") == 1)
    (kept,) = store.kept
    assert kept.raw == raw
    assert kept.recipients == ("sales@desk.example",)
    assert kept.mail_from is None
    assert kept.channel == "email"
    assert {name: kept.details[name] for name in ("host", "folder", "uid")} == {
        "host": "127.0.0.1",
        "folder": "INBOX",
        "uid": 1,
    }
    assert kept.details["uidvalidity"] > 0
    assert datetime.fromisoformat(kept.details["received"]).tzinfo
    assert dovecot.count(user) == 0
    with dovecot.client(user) as client:
        client.select_folder("Done")
        assert rb"\Seen" not in client.get_flags([1])[1]


def test_idle_announces_new_mail_at_once(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    """The listener would look by itself only after 5 minutes."""
    fetch_from(dovecot.port, user, pace=replace(QUICK, first_idle=300.0, idle=300.0))
    connected()
    for number in range(3):
        dovecot.deliver(user, mail(f"Mail {number}"))
        until(lambda number=number: len(store.kept) == number + 1)  # type: ignore[misc]
    until(lambda: dovecot.count(user, "Done") == 3)


def test_without_idle_the_mailbox_is_polled(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    fetch_from(dovecot.port, user, idle=False, poll_seconds=0.1)
    connected()
    dovecot.deliver(user, mail("Polled"))
    until(lambda: store.subjects() == ["Polled"])


def test_an_idle_is_renewed(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    listener = fetch_from(dovecot.port, user, pace=replace(QUICK, first_idle=0.1, idle=0.1))
    connected()
    time_of_ten_renewals = time.monotonic() + 1
    until(lambda: time.monotonic() > time_of_ten_renewals)
    dovecot.deliver(user, mail("Later"))
    until(lambda: store.subjects() == ["Later"])
    assert not listener.loop_errors


def test_a_first_connect_takes_no_old_mail(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    old = [mail(f"Old {number}") for number in range(300)]
    dovecot.deliver(user, *old)
    first = fetch_from(dovecot.port, user)
    connected()
    dovecot.deliver(user, mail("New"))
    until(lambda: store.subjects() == ["New"])
    first.stop()
    dovecot.deliver(user, mail("While away"))
    fetch_from(dovecot.port, user)
    until(lambda: store.subjects() == ["New", "While away"])
    until(lambda: dovecot.count(user, "Done") == 2)
    assert dovecot.count(user) == 300


def test_old_mail_is_taken_when_the_operator_says_so(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store
) -> None:
    dovecot.deliver(user, *(mail(f"Old {number}") for number in range(120)))
    fetch_from(dovecot.port, user, import_existing=True)
    until(lambda: dovecot.count(user, "Done") == 120)
    assert sorted(store.subjects()) == sorted(f"Old {number}" for number in range(120))


def test_one_bad_message_does_not_stop_the_others(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    broken = [True]

    def fail(delivery: Delivery) -> None:
        if broken[0] and subject(delivery.raw) == "Bad":
            raise RuntimeError("cannot be stored")

    store.fault = fail
    dovecot.deliver(user, mail("Older"))
    fetch_from(dovecot.port, user)
    connected()
    dovecot.deliver(user, mail("One"), mail("Bad"), mail("Two"), mail("Three"))
    until(lambda: dovecot.count(user, "Done") == 3)
    assert sorted(store.subjects()) == ["One", "Three", "Two"]
    until(lambda: sum(subject(asked.raw) == "Bad" for asked in store.asked) >= 3, what="it was not tried again")
    assert len(store.asked) < 15
    broken[0] = False
    until(lambda: dovecot.count(user, "Done") == 4)
    assert dovecot.count(user) == 1


def test_a_message_whose_recipient_cannot_be_told_stops_nobody(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    def recipient_of(raw: bytes) -> tuple[str, ...]:
        if b"Bad" in raw:
            raise ValueError("what is this?")
        return ("help@desk.example",)

    fetch_from(dovecot.port, user, recipient_of=recipient_of)
    connected()
    dovecot.deliver(user, mail("Bad"), mail("Good"))
    until(lambda: store.subjects() == ["Good"])


def test_nothing_is_moved_before_it_is_committed(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    full = [True]

    def refuse(delivery: Delivery) -> None:
        if full[0]:
            raise NotAccepted("database is locked")

    store.fault = refuse
    fetch_from(dovecot.port, user, pace=replace(QUICK, reconnect=(0.2, 0.4), message=(60.0, 60.0)))
    connected()
    dovecot.deliver(user, *(mail(f"Mail {number}") for number in range(60)))
    until(lambda: len(store.asked) > 50)
    assert len({asked.raw for asked in store.asked}) == 50, "a full desk was asked for the next batch as well"
    assert dovecot.count(user) == 60
    full[0] = False
    until(lambda: dovecot.count(user, "Done") == 60)
    assert sorted(store.subjects()) == sorted(f"Mail {number}" for number in range(60))


def test_a_crash_between_commit_and_move_loses_and_doubles_nothing(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    """The connection is cut while the commit runs; the mail is in the folder still, and only moved the next time."""

    def cut(delivery: Delivery) -> None:
        store.fault = None
        dovecot.cut(user)

    store.fault = cut
    fetch_from(dovecot.port, user)
    connected()
    dovecot.deliver(user, mail("Once"))
    until(lambda: dovecot.count(user, "Done") == 1)
    assert store.subjects() == ["Once"]
    assert len(store.asked) == 1


def test_cut_connections_are_made_again(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    listener = fetch_from(dovecot.port, user)
    connected()
    for number in range(5):
        dovecot.cut(user)
        dovecot.deliver(user, mail(f"Mail {number}"))
        until(lambda number=number: len(store.kept) == number + 1)  # type: ignore[misc]
    until(lambda: dovecot.count(user, "Done") == 5)
    assert not listener.loop_errors


def test_a_renumbered_folder_is_looked_through_without_its_old_mail(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, memory: Memory, connected: Callable[[], None]
) -> None:
    """The folder is deleted and made again with all mails: UIDVALIDITY changes, INTERNALDATE tells old from new."""
    long_ago = datetime.now(UTC) - timedelta(days=3)
    with dovecot.client(user) as client:
        client.create_folder("Help")
    dovecot.deliver(user, mail("Old"), received=long_ago, folder="Help")
    first = fetch_from(dovecot.port, user, folder="Help")
    connected()
    dovecot.deliver(user, mail("Before"), folder="Help")
    until(lambda: dovecot.count(user, "Done") == 1)
    first.stop()
    known = memory.texts.copy()
    with dovecot.client(user) as client:
        client.delete_folder("Help")
        client.create_folder("Help")
    dovecot.deliver(user, mail("Before"), mail("New"), folder="Help")
    dovecot.deliver(user, mail("Old"), received=long_ago, folder="Help")
    fetch_from(dovecot.port, user, folder="Help")
    until(lambda: dovecot.count(user, "Done") == 3)
    assert store.subjects() == ["Before", "New"]
    assert dovecot.count(user, "Help") == 1
    assert memory.texts != known
    dovecot.deliver(user, mail("Moved in by hand"), received=long_ago, folder="Help")
    until(lambda: store.subjects() == ["Before", "New", "Moved in by hand"])


def test_the_folder_may_be_renumbered_while_it_is_watched(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    """What was known of a number in the old numbering is not held against the message that has it now."""

    def fail(delivery: Delivery) -> None:
        if subject(delivery.raw) == "Bad":
            raise RuntimeError("cannot be stored")

    store.fault = fail
    with dovecot.client(user) as client:
        client.create_folder("Help")
        fetch_from(dovecot.port, user, folder="Help", pace=replace(QUICK, message=(60.0, 60.0)))
        connected()
        client.append("Help", mail("Bad"))
        until(lambda: store.asked)
        client.delete_folder("Help")
        client.create_folder("Help")
        client.append("Help", mail("New"))
    dovecot.cut(user)
    until(lambda: store.subjects() == ["New"])


def test_a_message_over_the_limit_is_put_away_unread(
    dovecot: Dovecot,
    user: str,
    fetch_from: FetchFrom,
    store: Store,
    connected: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    fetch_from(dovecot.port, user, max_message_size=1000)
    connected()
    dovecot.deliver(user, mail("Big", body="x" * 2000), mail("Small"))
    until(lambda: dovecot.count(user, "Done") == 2)
    assert store.subjects() == ["Small"]
    assert "too big" in caplog.text


def test_a_done_folder_in_a_tree_is_made(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    fetch_from(dovecot.port, user, done_folder="Erledigt & zurück")
    connected()
    dovecot.deliver(user, mail("One"))
    until(lambda: dovecot.count(user, "Erledigt & zurück") == 1)


def test_implicit_tls_with_an_own_authority(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    fetch_from(dovecot.tls_port, user, tls="implicit", ca_file=str(dovecot.certificate))
    connected()
    dovecot.deliver(user, mail("Secret", body="x" * 300_000), mail("Other"))
    until(lambda: sorted(store.subjects()) == ["Other", "Secret"])
    dovecot.deliver(user, mail("During IDLE"))
    until(lambda: len(store.kept) == 3)


def test_starttls_with_an_own_authority(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    fetch_from(dovecot.port, user, tls="starttls", ca_file=str(dovecot.certificate))
    connected()
    dovecot.deliver(user, mail("Secret"))
    until(lambda: store.subjects() == ["Secret"])


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_an_unknown_certificate_gets_no_password(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, memory: Memory, caplog: pytest.LogCaptureFixture, tls: str
) -> None:
    fetch_from(dovecot.tls_port if tls == "implicit" else dovecot.port, user, tls=tls)
    until(lambda: caplog.text.count("CERTIFICATE_VERIFY_FAILED") >= 2)
    assert not memory.texts


def test_a_wrong_password_is_an_error_in_the_log_and_tried_again(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, caplog: pytest.LogCaptureFixture
) -> None:
    fetch_from(dovecot.port, user, password="hunter2")
    until(lambda: "AUTHENTICATIONFAILED" in caplog.text)
    assert {record.levelname for record in caplog.records if "AUTHENTICATIONFAILED" in record.message} == {"ERROR"}
    assert "hunter2" not in caplog.text


def test_stopping_ends_an_idle_at_once(
    dovecot: Dovecot,
    user: str,
    fetch_from: FetchFrom,
    connected: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By itself the IDLE would end after 5 minutes and the patience with it after an hour: `stop` waits for neither."""
    monkeypatch.setattr(imap, "GRACE", 3600.0)
    pace = replace(QUICK, first_idle=300.0, idle=300.0)
    listener = fetch_from(dovecot.tls_port, user, tls="implicit", ca_file=str(dovecot.certificate), pace=pace)
    connected()
    listener.stop()
    assert listener.error is None


def test_stopping_waits_for_a_running_commit(
    dovecot: Dovecot, user: str, fetch_from: FetchFrom, store: Store, connected: Callable[[], None]
) -> None:
    committing, go_on = threading.Event(), threading.Event()

    async def slowly(delivery: Delivery) -> None:
        committing.set()
        await asyncio.to_thread(go_on.wait, 10)

    store.fault = slowly
    listener = fetch_from(dovecot.port, user)
    connected()
    dovecot.deliver(user, mail("Last"))
    assert committing.wait(60)
    listener.cancel()
    go_on.set()
    listener.stop()
    assert store.subjects() == ["Last"]
