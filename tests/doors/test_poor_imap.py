"""The IMAP door against a server that lacks extensions, cuts connections, and refuses what it should give."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels import imap, imapwatch
from bot.channels.imapwatch import batches, doubled
from bot.channels.mailbox import Listed
from bot.channels.ports import Delivery

from .conftest import QUICK, FetchFrom
from .fakeimap import Cut, FakeImap
from .listening import Memory, Store, mail, until


@pytest.fixture
def serve() -> Iterator[type[FakeImap]]:
    made: list[FakeImap] = []

    def start(capabilities: str = "IMAP4rev1", **options: object) -> FakeImap:
        made.append(FakeImap(capabilities, **options))  # type: ignore[arg-type]
        return made[-1]

    yield start  # type: ignore[misc]
    for server in made:
        server.stop()


def connected(memory: Memory) -> None:
    until(lambda: memory.texts, what="the listener never connected")


POLL = {"idle": False, "poll_seconds": 0.05}


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 UIDPLUS", "IMAP4rev1 MOVE", "IMAP4rev1 MOVE UIDPLUS"])
def test_mail_is_moved_with_what_the_server_can_do(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory, capabilities: str
) -> None:
    server = serve(capabilities)
    fetch_from(server.port, "help", poll_seconds=0.05)  # IDLE is wanted, and not there.
    connected(memory)
    server.deliver(mail("One"), mail("Two"))
    until(lambda: len(server.folders.get("Done", {})) == 2)
    until(lambda: not server.folders["INBOX"])
    assert sorted(store.subjects()) == ["One", "Two"]
    spoken = {command.split()[0 if not command.startswith("UID") else 1] for command in server.commands}
    assert ("MOVE" in spoken) == ("MOVE" in capabilities)
    assert "IDLE" not in spoken


def test_uidplus_leaves_what_others_have_marked_alone(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    server = serve("IMAP4rev1 UIDPLUS")
    server.deliver(mail("Marked by somebody"))
    server.folders["INBOX"][1][1].add(r"\Deleted")
    fetch_from(server.port, "help", **POLL)
    connected(memory)
    server.deliver(mail("One"))
    until(lambda: list(server.folders["INBOX"]) == [1])


def test_a_batch_is_moved_with_one_command(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    server = serve("IMAP4rev1 MOVE")
    server.deliver(*(mail(f"Mail {number}") for number in range(120)))
    fetch_from(server.port, "help", import_existing=True, **POLL)
    until(lambda: not server.folders["INBOX"])
    assert len(store.kept) == 120
    successful = [command for command in server.commands if command.startswith("UID MOVE")][1:]
    assert [command.count(",") + 1 for command in successful] == [50, 50, 20]
    assert sum("BODY.PEEK[]" in command for command in server.commands) == 3
    assert not any("BODY[]" in command.replace("BODY.PEEK[]", "") for command in server.commands)


def test_folders_below_inbox_only(serve: type[FakeImap], fetch_from: FetchFrom, memory: Memory) -> None:
    server = serve("IMAP4rev1 MOVE NAMESPACE", prefix="INBOX.")
    fetch_from(server.port, "help", **POLL)
    connected(memory)
    server.deliver(mail("One"))
    until(lambda: len(server.folders.get("INBOX.Done", {})) == 1)
    server.deliver(mail("Two"))
    until(lambda: len(server.folders["INBOX.Done"]) == 2)


def test_a_server_without_uidnext_takes_no_old_mail_either(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    server = serve("IMAP4rev1 MOVE", announces=False)
    server.deliver(mail("Old"), mail("Older"))
    fetch_from(server.port, "help", **POLL)
    connected(memory)
    until(lambda: sum(command.startswith("UID SEARCH UID") for command in server.commands) >= 2)
    server.deliver(mail("New"))
    until(lambda: store.subjects() == ["New"])
    until(lambda: len(server.folders["INBOX"]) == 2)


def test_what_is_announced_in_the_packet_that_begins_idle_is_not_left_for_later(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    """It lies in a buffer that no poll of the socket sees; without a look there it waits for the end of IDLE."""
    server = serve("IMAP4rev1 MOVE IDLE")
    waiting = [mail("Between")]

    def announce() -> bytes:
        if not waiting:
            return b""
        server.deliver(waiting.pop())
        return b"* 1 EXISTS\r\n"

    server.as_idle_begins = announce
    fetch_from(server.port, "help", pace=replace(QUICK, first_idle=300.0, idle=300.0))
    connected(memory)
    until(lambda: store.subjects() == ["Between"])


def test_a_goodbye_during_idle_is_followed_by_a_new_connection(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    server = serve("IMAP4rev1 MOVE IDLE")
    goodbyes = [3]

    def idle(command: str) -> bytes | None:
        if not goodbyes[0]:
            return None
        goodbyes[0] -= 1
        if not goodbyes[0]:
            server.deliver(mail("After"))
        raise Cut(b"+ idling\r\n* BYE Autologout\r\n")

    server.says["IDLE"] = idle
    fetch_from(server.port, "help")
    connected(memory)
    until(lambda: store.subjects() == ["After"])
    assert server.logins == 4


@pytest.mark.parametrize("where", ["inside the literal", "before the end", "before anything"])
def test_a_connection_cut_while_a_message_is_read_loses_nothing(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory, where: str
) -> None:
    server = serve("IMAP4rev1 MOVE")
    cuts = [2]
    raw = mail("One")
    whole = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n" % (len(raw), raw)
    sent = {"inside the literal": whole[:80], "before the end": whole, "before anything": b""}[where]

    def fetch(command: str) -> None:
        if "BODY" in command and cuts[0]:
            cuts[0] -= 1
            raise Cut(sent)

    server.says["FETCH"] = fetch
    fetch_from(server.port, "help", **POLL)
    connected(memory)
    server.deliver(raw, mail("Two"), mail("Three"))
    until(lambda: len(server.folders.get("Done", {})) == 3)
    assert sorted(store.subjects()) == ["One", "Three", "Two"]
    assert len(store.asked) == 3


@pytest.mark.parametrize("reaction", ["refuses", "hangs up", "sends nonsense", "sends nothing"])
def test_a_message_that_the_server_cannot_give_stops_nobody(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory, reaction: str
) -> None:
    server = serve("IMAP4rev1 MOVE")

    def fetch(command: str) -> bytes | None:
        if "BODY" not in command or "2" not in command.split()[2].split(","):
            return None
        if reaction == "hangs up":
            raise Cut
        return {
            "refuses": b"{tag} NO some messages could not be read\r\n",
            "sends nonsense": b"* 2 FETCH (UID two BODY[] NIL\r\n{tag} OK done\r\n",
            "sends nothing": b"{tag} OK done\r\n",
        }[reaction]

    server.says["FETCH"] = fetch
    fetch_from(server.port, "help", pace=replace(QUICK, message=(60.0, 60.0)), **POLL)
    connected(memory)
    server.deliver(mail("One"), mail("Bad"), mail("Three"))
    until(lambda: sorted(store.subjects()) == ["One", "Three"])
    until(lambda: list(server.folders["INBOX"]) == [2])
    server.deliver(mail("Four"))
    until(lambda: len(store.kept) == 3)
    assert sum("BODY" in command for command in server.commands) < 10


def test_a_message_whose_size_the_server_cannot_tell_stops_nobody(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    server = serve("IMAP4rev1 MOVE")
    server.says["FETCH"] = lambda command: b"{tag} NO damaged\r\n" if "2" in command.split()[2].split(",") else None
    fetch_from(server.port, "help", pace=replace(QUICK, message=(60.0, 60.0)), **POLL)
    connected(memory)
    server.deliver(mail("One"), mail("Bad"), mail("Three"))
    until(lambda: sorted(store.subjects()) == ["One", "Three"])
    until(lambda: list(server.folders["INBOX"]) == [2])


def test_what_cannot_be_moved_is_stored_once_and_moved_later(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("IMAP4rev1 MOVE")
    server.says["MOVE"] = b"{tag} NO [OVERQUOTA] no room\r\n"
    fetch_from(server.port, "help", **POLL)
    connected(memory)
    server.deliver(mail("One"))
    until(lambda: caplog.text.count("could not be moved") >= 3)
    assert len(store.asked) == 1
    del server.says["MOVE"]
    until(lambda: not server.folders["INBOX"])
    assert len(store.asked) == 1


def test_a_crash_before_the_move_brings_the_mail_again_and_nothing_twice(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory
) -> None:
    server = serve("IMAP4rev1 MOVE")
    server.says["MOVE"] = b"{tag} NO not now\r\n"
    first = fetch_from(server.port, "help", **POLL)
    connected(memory)
    server.deliver(mail("One"))
    until(lambda: store.kept)
    first.stop()
    del server.says["MOVE"]
    fetch_from(server.port, "help", **POLL)
    until(lambda: not server.folders["INBOX"])
    assert (len(store.asked), len(store.kept)) == (2, 1)


def test_an_oauth_token_logs_in(serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory) -> None:
    server = serve("IMAP4rev1 MOVE AUTH=XOAUTH2")
    fetch_from(server.port, "help", oauth_token="t0ken", password="", **POLL)
    connected(memory)
    server.deliver(mail("One"))
    until(lambda: store.subjects() == ["One"])


def test_a_server_without_starttls_gets_no_password(
    serve: type[FakeImap], fetch_from: FetchFrom, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("IMAP4rev1 MOVE")
    fetch_from(server.port, "help", tls="starttls")
    until(lambda: "again in" in caplog.text)
    assert server.logins == 0
    assert not memory.texts


def test_refused_logins_become_rarer(
    serve: type[FakeImap], fetch_from: FetchFrom, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    fetch_from(server.port, "help", password="wrong", pace=replace(QUICK, reconnect=(0.01, 60.0)))
    until(lambda: server.logins >= 5)
    delays = [record.args[2] for record in caplog.records if record.name == imapwatch.__name__ and record.args]  # type: ignore[index]
    assert delays[:4] == [0.01, 0.02, 0.04, 0.08]


def test_stopping_during_a_commit_that_never_ends_gives_up(
    serve: type[FakeImap], fetch_from: FetchFrom, store: Store, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "GRACE", 0.2)

    async def forever(delivery: Delivery) -> None:
        await asyncio.sleep(3600)

    store.fault = forever
    server = serve("IMAP4rev1 MOVE")
    listener = fetch_from(server.port, "help", **POLL)
    connected(memory)
    server.deliver(mail("One"))
    until(lambda: store.asked)
    listener.stop(5)
    assert list(server.folders["INBOX"]) == [1]


def test_batches_are_bounded_by_count_and_size() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    sizes = [1] * 60 + [12_000_000, 9_000_000, 30_000_000, 5]
    listed = [Listed(uid, size, now) for uid, size in enumerate(sizes)]
    assert [len(batch) for batch in batches(listed, set())] == [50, 11, 1, 1, 1]
    assert [len(batch) for batch in batches(listed[:10], {3, 4})] == [3, 1, 1, 5]
    assert [each for batch in batches(listed, {7}) for each in batch] == listed


def test_the_delay_doubles_up_to_the_most() -> None:
    assert [doubled((5.0, 300.0), times) for times in (1, 2, 3, 7, 10_000)] == [5, 10, 20, 300, 300]
