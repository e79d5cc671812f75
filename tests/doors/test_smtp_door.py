"""The SMTP and LMTP door at its socket: what it takes, what it refuses, and what it says."""

from __future__ import annotations

import asyncio
import logging
import re
import smtplib
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from bot.channels import smtpdoor, smtpreplies, smtpsession
from bot.channels.ports import Delivery, NotAccepted

from .conftest import OpenDoor
from .listening import Line, Store, knows, mail, until


def test_a_mail_arrives_with_untouched_bytes_and_its_envelope(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        raw = mail(body="..dots\r\n.\r\n..\r\nümläut \x00 bare\rcr bare\nlf\t")
        assert line.deliver(raw) == "250 2.0.0 OK, stored"
    (kept,) = store.kept
    assert kept.raw == raw
    assert kept.channel == "email"
    assert kept.recipients == ("support@desk.example",)
    assert kept.mail_from == "alice@bakery.example"
    assert kept.details == {
        "protocol": "smtp",
        "peer": "127.0.0.1",
        "helo": "client.bakery.example",
        "smtputf8": False,
        "tls": "",
        "auth_user": "",
    }


def test_several_recipients_are_one_delivery(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        line.deliver(mail(), "support@desk.example", "sales@desk.example", "support@desk.example")
    assert [kept.recipients for kept in store.kept] == [("support@desk.example", "sales@desk.example")]


def test_one_session_delivers_many(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        for number in range(20):
            assert line.deliver(mail(f"Mail {number}")).startswith("250")
    assert store.subjects() == [f"Mail {number}" for number in range(20)]


def test_the_extensions_are_announced(open_door: OpenDoor) -> None:
    with Line(open_door(max_message_size=12345).listener.port) as line:
        offers = {offer[4:] for offer in line.hello.split("\r\n")[1:]}
    assert offers == {"SIZE 12345", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"}


def test_internationalized_addresses_are_taken(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        assert line.say("MAIL FROM:<ålice@bakery.example> SMTPUTF8 BODY=8BITMIME").startswith("250")
        assert line.say("RCPT TO:<help+ünï@desk.example>").startswith("250")
        assert line.data(mail()).startswith("250")
    (kept,) = store.kept
    assert kept.recipients == ("help+ünï@desk.example",)
    assert kept.mail_from == "ålice@bakery.example"
    assert kept.details["smtputf8"] is True


def test_the_null_sender_is_an_empty_address(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        line.envelope(sender="")
        line.data(mail())
    assert store.kept[0].mail_from == ""


def test_unknown_mailboxes_and_foreign_domains_are_refused_at_rcpt(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        line.envelope()
        assert line.say("RCPT TO:<nobody@desk.example>") == smtpreplies.NO_MAILBOX
        assert line.say("RCPT TO:<nobody@DESK.example>") == smtpreplies.NO_MAILBOX
        assert line.say("RCPT TO:<nina@stone.example>") == smtpreplies.NO_RELAY
        assert line.say("RCPT TO:<nina%stone.example@desk.example>") == smtpreplies.NO_MAILBOX
        assert line.say("RCPT TO:<@desk.example:nina@stone.example>") == smtpreplies.NO_RELAY
        assert line.data(mail()).startswith("250")
    assert store.kept[0].recipients == ("support@desk.example",)


def test_data_without_a_recipient_is_a_bad_sequence(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        assert line.say("DATA") == smtpreplies.BAD_SEQUENCE
        line.say("MAIL FROM:<alice@bakery.example>")
        line.say("RCPT TO:<nina@stone.example>")
        assert line.say("DATA") == smtpreplies.BAD_SEQUENCE
    assert not store.asked


def test_a_flood_of_recipients_is_cut_at_the_limit(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door(max_recipients=10).listener.port) as line:
        line.say("MAIL FROM:<alice@bakery.example>")
        line.send(b"".join(b"RCPT TO:<help+%d@desk.example>\r\n" % number for number in range(2000)))
        answers = [line.reply() for _ in range(2000)]
        assert answers == [smtpreplies.RECIPIENT_OK] * 10 + [smtpreplies.TOO_MANY_RECIPIENTS] * 1990
        assert line.data(mail()).startswith("250")
    assert len(store.kept[0].recipients) == 10


def test_mail_is_put_off_while_too_much_waits(open_door: OpenDoor, store: Store) -> None:
    room = [False]
    with Line(open_door(ready=lambda: room[0]).listener.port) as line:
        assert line.say("MAIL FROM:<alice@bakery.example>") == smtpreplies.BUSY
        assert line.say("RCPT TO:<support@desk.example>") == smtpreplies.BAD_SEQUENCE
        room[0] = True
        assert line.deliver(mail()).startswith("250")
    assert len(store.kept) == 1


def test_what_is_not_committed_is_not_acknowledged(open_door: OpenDoor, store: Store) -> None:
    def refuse(delivery: Delivery) -> None:
        raise NotAccepted("disk is full")

    store.fault = refuse
    with Line(open_door().listener.port) as line:
        assert line.deliver(mail()) == "451 4.3.0 Temporary failure, try again later"
        store.fault = None
        assert line.deliver(mail()).startswith("250")
    assert len(store.kept) == 1


def test_the_acknowledgement_waits_for_the_commit(open_door: OpenDoor, store: Store) -> None:
    committing, go_on = threading.Event(), threading.Event()

    async def slowly(delivery: Delivery) -> None:
        committing.set()
        await asyncio.to_thread(go_on.wait, 10)

    store.fault = slowly
    with Line(open_door().listener.port) as line:
        line.envelope()
        line.say("DATA")
        line.send(mail() + b".\r\n")
        assert committing.wait(60)
        line.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.sock.recv(100)
        assert not store.kept
        go_on.set()
        line.sock.settimeout(10)
        assert line.sock.recv(100).startswith(b"250")


@pytest.mark.parametrize("error", [RuntimeError("password=hunter2"), KeyError("hunter2"), OSError("hunter2")])
def test_no_word_of_an_exception_reaches_the_peer(
    open_door: OpenDoor, store: Store, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(delivery: Delivery) -> None:
        raise error

    store.fault = fail
    with caplog.at_level(logging.ERROR), Line(open_door().listener.port) as line:
        assert line.deliver(mail()) == smtpreplies.NOT_STORED
    assert re.search(r"incident [0-9a-f]{8}", caplog.text)


def test_an_exception_while_addresses_are_checked_is_temporary_too(open_door: OpenDoor) -> None:
    def fail(*_: str) -> bool:
        raise RuntimeError("password=hunter2")

    with Line(open_door(knows=fail).listener.port) as line:
        assert line.envelope()[1] == smtpreplies.NOT_STORED
    with Line(open_door(ready=fail).listener.port) as line:
        assert line.envelope()[0] == smtpreplies.NOT_STORED


def test_a_declared_size_over_the_limit_is_refused_at_once(open_door: OpenDoor) -> None:
    with Line(open_door(max_message_size=5000).listener.port) as line:
        assert line.say("MAIL FROM:<alice@bakery.example> SIZE=5001") == "552 5.3.4 Message too big"
        assert line.say("MAIL FROM:<alice@bakery.example> SIZE=5000").startswith("250")


def test_a_message_over_the_limit_is_refused_after_its_end(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door(max_message_size=5000).listener.port) as line:
        fits = mail(body="x" * (5000 - len(mail(body=""))))
        assert len(fits) == 5000
        assert line.deliver(fits[:-3] + b"xx\r\n") == smtpreplies.TOO_BIG
        assert line.deliver(fits).startswith("250")
    assert [kept.raw for kept in store.kept] == [fits]


def test_a_line_of_50_megabytes_is_refused_over_the_limit_and_taken_below_it(open_door: OpenDoor, store: Store) -> None:
    line_of_50_mb = b"x" * 50_000_000 + b"\r\n"
    with Line(open_door().listener.port) as line:
        assert line.deliver(mail() + line_of_50_mb) == smtpreplies.TOO_BIG
        assert line.deliver(mail("After")).startswith("250")
    with Line(open_door(max_message_size=60_000_000).listener.port) as line:
        assert line.deliver(mail() + line_of_50_mb).startswith("250")
    assert [len(kept.raw) for kept in store.kept] == [len(mail("After")), len(mail()) + 50_000_002]


def test_strangers_cannot_have_us_hold_more_than_there_is_room_for(
    open_door: OpenDoor, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtpdoor, "HELD", 300_000)
    door = open_door(trusted_peers=("127.0.0.9",))
    with Line(door.listener.port) as first, Line(door.listener.port) as second:
        first.envelope()
        first.say("DATA")
        first.send(mail("First") + b"x" * 200_000)
        until(lambda: second.deliver(mail("Second", body="y" * 150_000)) == smtpreplies.BUSY)
        relay = socket.create_connection(("127.0.0.1", door.listener.port), 60, source_address=("127.0.0.9", 0))
        with relay, smtplib.SMTP() as client:
            client.sock = relay
            client.getreply()
            client.sendmail("alice@bakery.example", ["help@desk.example"], mail("Relayed", body="z" * 200_000))
        first.send(b"\r\n.\r\n")
        assert first.reply() == smtpreplies.STORED
        assert second.deliver(mail("Second", body="y" * 150_000)) == smtpreplies.STORED
    assert store.subjects()[-3:] == ["Relayed", "First", "Second"]


SMUGGLED = (
    b"\r\nMAIL FROM:<mallory@evil.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\nSubject: smuggled\r\n\r\n"
)


@pytest.mark.parametrize(
    "end",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r\n", b"\r\n.\r", b"\r.\r", b"\n.\r", b"\r\n\x00.\r\n", b"\r\n.\r\r\n"],
)
def test_only_a_dot_on_a_line_of_its_own_ends_a_message(open_door: OpenDoor, store: Store, end: bytes) -> None:
    with Line(open_door().listener.port) as line:
        line.envelope()
        line.say("DATA")
        content = mail() + b"before" + end + SMUGGLED.lstrip() + b"after\r\n"
        line.send(content + b".\r\n")
        assert line.reply().startswith("250")
        assert line.say("NOOP").startswith("250")
    (kept,) = store.kept
    assert kept.raw == (b"\r\n" + content).replace(b"\r\n.", b"\r\n")[2:]


def test_commands_pipelined_after_the_dot_are_answered(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port) as line:
        line.envelope()
        line.say("DATA")
        line.send(
            mail("One") + b".\r\nMAIL FROM:<alice@bakery.example>\r\nRCPT TO:<sales@desk.example>\r\nRSET\r\nNOOP\r\n"
            b"MAIL FROM:<>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"
        )
        assert [line.reply()[:3] for _ in range(8)] == ["250"] * 7 + ["354"]
        line.send(mail("Two") + b".\r\nQUIT\r\n")
        assert [line.reply()[:3] for _ in range(2)] == ["250", "221"]
    assert store.subjects() == ["One", "Two"]


@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_it_does_not_matter_how_the_network_cuts_a_message(open_door: OpenDoor, store: Store, pieces: int) -> None:
    raw = mail(body="\r\n.\r\n..\r\n" * 3)
    with Line(open_door().listener.port) as line:
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.envelope()
        line.say("DATA")
        wire = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
        for start in range(0, len(wire), pieces):
            line.send(wire[start : start + pieces])
        assert line.reply().startswith("250")
    assert store.kept[0].raw == raw


def test_a_client_that_leaves_after_the_dot_does_not_stop_the_commit(open_door: OpenDoor, store: Store) -> None:
    committing, gone = threading.Event(), threading.Event()

    async def slowly(delivery: Delivery) -> None:
        committing.set()
        await asyncio.to_thread(gone.wait, 10)
        await asyncio.sleep(0.05)

    store.fault = slowly
    door = open_door()
    with Line(door.listener.port) as line:
        line.envelope()
        line.say("DATA")
        line.send(mail() + b".\r\n")
        assert committing.wait(60)
    gone.set()
    until(lambda: store.kept, what="the commit was cancelled with its client")
    assert not door.loop_errors


def test_half_a_message_is_not_stored(open_door: OpenDoor, store: Store) -> None:
    door = open_door()
    with Line(door.listener.port) as line:
        line.envelope()
        line.say("DATA")
        line.send(mail() + b"\r\n.")
    with Line(door.listener.port) as line:
        assert line.deliver(mail("Whole")).startswith("250")
    assert store.subjects() == ["Whole"]
    assert not door.loop_errors


def test_stopping_lets_a_running_message_end_and_turns_the_others_away(open_door: OpenDoor, store: Store) -> None:
    door = open_door()
    with Line(door.listener.port) as idle, Line(door.listener.port) as busy:
        busy.envelope()
        busy.say("DATA")
        busy.send(mail())
        door.cancel()
        assert idle.reply() == smtpreplies.SHUTTING_DOWN
        assert idle.hung_up()
        busy.send(b".\r\n")
        assert busy.reply() == smtpreplies.STORED
        assert busy.reply() == smtpreplies.SHUTTING_DOWN
        door.stop()
    assert len(store.kept) == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", door.listener.port), timeout=60)


def test_stopping_waits_for_the_commit_of_a_client_that_has_left(open_door: OpenDoor, store: Store) -> None:
    committing = threading.Event()

    async def slowly(delivery: Delivery) -> None:
        committing.set()
        await asyncio.sleep(0.5)

    store.fault = slowly
    door = open_door()
    with Line(door.listener.port) as line:
        line.envelope()
        line.say("DATA")
        line.send(mail() + b".\r\n")
        assert committing.wait(60)
    door.stop()
    assert len(store.kept) == 1


def test_stopping_does_not_wait_for_ever(open_door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtpdoor, "GRACE", 0.3)
    door = open_door()
    with Line(door.listener.port) as line:
        line.envelope()
        line.say("DATA")
        line.send(b"half")
        door.stop()
        assert line.reply() == smtpreplies.SHUTTING_DOWN


def test_200_slow_strangers_do_not_keep_a_relay_of_ours_out(open_door: OpenDoor, store: Store) -> None:
    door = open_door(max_connections=200, max_connections_per_peer=1000, trusted_peers=("127.0.0.9/32",))
    slow = [Line(door.listener.port) for _ in range(200)]
    for line in slow:
        line.send(b"MAIL FR")
    with Line(door.listener.port, greet="") as late:
        assert late.greeting == smtpreplies.TOO_MANY_CONNECTIONS
        assert late.hung_up()
    relay = socket.create_connection(("127.0.0.1", door.listener.port), 60, source_address=("127.0.0.9", 0))
    with relay, relay.makefile("rb") as answers:
        for command in (b"EHLO relay", b"MAIL FROM:<>", b"RCPT TO:<help@desk.example>", b"DATA", mail() + b"."):
            relay.sendall(command + b"\r\n")
        while not answers.readline().startswith(b"250 2.0.0 OK, stored"):
            pass
    for line in slow:
        assert line.say(b"OM:<nina@stone.example>").startswith("250")
        line.close()
    until(lambda: Line(door.listener.port).hello, what="the places were not given back")
    assert len(store.kept) == 1


def test_one_peer_gets_only_its_share_of_connections(open_door: OpenDoor) -> None:
    door = open_door(max_connections_per_peer=3, trusted_peers=())
    lines = [Line(door.listener.port) for _ in range(3)]
    with Line(door.listener.port, greet="") as fourth:
        assert fourth.greeting == smtpreplies.TOO_MANY_CONNECTIONS
    other = socket.create_connection(("127.0.0.1", door.listener.port), 60, source_address=("127.0.0.2", 0))
    assert other.recv(3) == b"220"
    other.close()
    for line in lines:
        line.close()

    def place_again() -> bool:
        with Line(door.listener.port, greet="") as line:
            return line.greeting.startswith("220")

    until(place_again, what="the places were not given back")


def test_a_silent_session_is_ended(open_door: OpenDoor) -> None:
    with Line(open_door(timeout=0.3).listener.port) as line:
        assert line.reply() == smtpreplies.TIMEOUT
        assert line.hung_up()


def test_a_message_that_dribbles_is_ended(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door(timeout=0.6).listener.port) as line:
        line.envelope()
        line.say("DATA")
        with pytest.raises(ConnectionError):
            for _ in range(3000):  # A minute; each of them alone would keep the session alive.
                line.send(b"x\r\n")
                time.sleep(0.02)
    assert not store.asked


def test_a_peer_that_never_reads_is_cut_off(open_door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtpsession, "LINGER", 0.2)
    door = open_door(timeout=0.5, max_connections=1, trusted_peers=())
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.connect(("127.0.0.1", door.listener.port))
        deaf.settimeout(0.3)
        with pytest.raises((TimeoutError, ConnectionError)):
            while True:
                deaf.send(b"NOOP\r\n" * 100)

        def place_again() -> bool:
            with Line(door.listener.port, greet="") as line:
                return line.greeting.startswith("220")

        until(place_again, what="the deaf peer still holds its place")


def test_five_unknown_commands_end_a_session(open_door: OpenDoor) -> None:
    with Line(open_door().listener.port) as line:
        answers = [line.say(f"BOGUS{number} <b>hunter2</b>") for number in range(5)]
        assert answers[:4] == ["500 5.5.1 Command not recognized"] * 4
        assert answers[4] == smtpreplies.TOO_MANY_ERRORS
        assert line.hung_up()


def test_a_stranger_that_guesses_addresses_is_hung_up_on(open_door: OpenDoor) -> None:
    with Line(open_door(trusted_peers=()).listener.port) as line:
        line.say("MAIL FROM:<mallory@evil.example>")
        answers = [line.say(f"RCPT TO:<guess{number}@desk.example>") for number in range(101)]
        assert answers == [smtpreplies.NO_MAILBOX] * 100 + [smtpreplies.TOO_MANY_ERRORS]
        assert line.hung_up()


def test_overlong_commands_are_refused_and_the_next_is_read(open_door: OpenDoor) -> None:
    port = open_door().listener.port
    with Line(port) as line:
        for _ in range(50):
            line.say("EHLO client.bakery.example")
        assert line.say("RCPT TO:<" + "x" * 600 + "@desk.example>") == "500 5.5.6 Line too long"
        assert line.say("MAIL FROM:<" + "x" * 600 + "@bakery.example>") == "500 5.5.6 Line too long"
        with Line(port, greet=""):  # Another connection changes nothing for this one.
            assert line.say("MAIL FROM:<" + "x" * 500 + "@b.example>").startswith("250")
            line.say("RSET")
        assert line.say("MAIL FROM:<" + "x" * 3_000_000 + "@bakery.example>") == "500 5.5.6 Line too long"
        assert line.say("NOOP").startswith("250")


KNOWN_REPLIES = {value for name, value in vars(smtpreplies).items() if name.isupper() and not name.startswith("_")}
KNOWN_REPLIES |= {ours for _, ours in smtpreplies._STOCK}


@pytest.mark.parametrize(
    "command",
    [
        b"HELP hunter2",
        b"HELP",
        b"VRFY hunter2",
        b"VRFY alice@bakery.example",
        b"EXPN hunter2",
        b"AUTH PLAIN AGh1bnRlcjIAeA==",
        b"STARTTLS",
        b"STARTTLS now",
        b"NOOP hunter2",
        b"RSET hunter2",
        b"QUIT hunter2",
        b"hunter2",
        b"\xff\xfe hunter2",
        b"",
        b"MAIL hunter2",
        b"MAIL FROM:hunter2",
        b"MAIL FROM:<",
        b"MAIL FROM:<>x",
        b"MAIL FROM:<a@bakery.example> SIZE=hunter2",
        b"MAIL FROM:<a@bakery.example> HUNTER2=1",
        b"MAIL FROM:<a@bakery.example> BODY=BINARYMIME",
        b"MAIL FROM:<a\x00b@bakery.example>",
        b"MAIL FROM:<\xff\xfe@bakery.example>",
        b'MAIL FROM:<"@bakery.example>',
        b"RCPT TO:<support@desk.example>",
        b"RCPT hunter2",
        b"DATA hunter2",
        b"LHLO hunter2",
    ],
)
def test_every_reply_is_on_the_list(open_door: OpenDoor, command: bytes) -> None:
    with Line(open_door().listener.port) as line:
        answer = line.say(command)
        assert answer in KNOWN_REPLIES
        assert "hunter2" not in answer.lower()


@pytest.mark.parametrize(
    "address", [b"help+\xff@desk.example", b"help+\x00@desk.example", b"help+\x1b[2J@desk.example"]
)
def test_addresses_that_no_database_could_keep_are_malformed(open_door: OpenDoor, address: bytes) -> None:
    with Line(open_door(knows=lambda _: True).listener.port) as line:
        line.say("MAIL FROM:<alice@bakery.example>")
        answer = line.say(b"RCPT TO:<" + address + b">")
        assert answer in (smtpreplies.BAD_ADDRESS, smtpreplies.BAD_ARGUMENT)


def test_a_hostile_helo_is_kept_harmless(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door().listener.port, greet="") as line:
        line.say(b"EHLO \xff\x00\x1b[2J" + b"x" * 400)
        line.deliver(mail())
    assert store.kept[0].details["helo"].isprintable()


def test_starttls_encrypts_and_forgets_what_came_before(
    open_door: OpenDoor, store: Store, certificate: tuple[Path, Path]
) -> None:
    door = open_door(tls_certificate=str(certificate[0]), tls_key=str(certificate[1]))
    with smtplib.SMTP("127.0.0.1", door.listener.port, timeout=60) as client:
        client.ehlo("client.bakery.example")
        assert client.has_extn("starttls")
        client.starttls(context=ssl.create_default_context(cafile=str(certificate[0])))
        client.ehlo("client.bakery.example")
        assert not client.has_extn("starttls")
        assert not client.has_extn("auth")
        client.sendmail("alice@bakery.example", ["support@desk.example"], mail(body="x" * 300_000))
    assert store.kept[0].details["tls"] == "TLSv1.3"
    assert len(store.kept[0].raw) > 300_000


def test_plain_commands_slipped_in_behind_starttls_are_ignored(
    open_door: OpenDoor, store: Store, certificate: tuple[Path, Path]
) -> None:
    door = open_door(tls_certificate=str(certificate[0]), tls_key=str(certificate[1]))
    with Line(door.listener.port) as line:
        line.send(b"STARTTLS\r\nMAIL FROM:<mallory@evil.example>\r\n")
        assert line.reply().startswith("220")
        context = ssl.create_default_context(cafile=str(certificate[0]))
        with context.wrap_socket(line.sock, server_hostname="127.0.0.1") as encrypted:
            encrypted.sendall(b"EHLO client\r\nRCPT TO:<support@desk.example>\r\n")
            seen = b""
            while smtpreplies.BAD_SEQUENCE.encode() not in seen:
                more = encrypted.recv(1000)
                assert more, seen
                seen += more
    assert b"2.1.0" not in seen


def test_a_failed_handshake_leaves_nothing_behind(open_door: OpenDoor, certificate: tuple[Path, Path]) -> None:
    door = open_door(
        tls_certificate=str(certificate[0]), tls_key=str(certificate[1]), max_connections=1, trusted_peers=()
    )
    with Line(door.listener.port) as line:
        line.say("STARTTLS")
        line.send(b"this is no handshake\r\n" * 50)
        assert line.hung_up()

    def free() -> bool:
        with Line(door.listener.port, greet="") as line:
            return line.greeting.startswith("220")

    until(free, what="the place was not given back")
    assert not door.loop_errors


def test_lmtp_answers_for_each_accepted_recipient(open_door: OpenDoor, store: Store) -> None:
    with Line(open_door(protocol="lmtp").listener.port, greet="LHLO relay.desk.example") as line:
        answers = line.envelope(
            "support@desk.example", "nobody@desk.example", "sales@desk.example", "support@desk.example"
        )
        assert [answer[:3] for answer in answers] == ["250", "250", "550", "250", "250"]
        assert line.data(mail()).startswith("250")
        assert [line.reply()[:3] for _ in range(2)] == ["250", "250"]
        assert line.say("NOOP").startswith("250 2.0.0 OK")
    assert store.kept[0].recipients == ("support@desk.example", "sales@desk.example")
    assert store.kept[0].details["protocol"] == "lmtp"


@pytest.mark.parametrize("fault", [NotAccepted("full"), RuntimeError("broken")])
def test_lmtp_refuses_for_each_recipient_too(open_door: OpenDoor, store: Store, fault: Exception) -> None:
    def fail(delivery: Delivery) -> None:
        raise fault

    store.fault = fail
    with Line(open_door(protocol="lmtp", max_message_size=1000).listener.port, greet="LHLO relay") as line:
        line.envelope("support@desk.example", "sales@desk.example")
        assert [line.data(mail()), line.reply()] == [smtpreplies.NOT_STORED] * 2
        line.envelope("support@desk.example", "sales@desk.example", "help@desk.example")
        assert [line.data(mail(body="x" * 2000)), line.reply(), line.reply()] == [smtpreplies.TOO_BIG] * 3
        assert line.say("NOOP").startswith("250 2.0.0 OK")


def test_lmtp_knows_no_helo(open_door: OpenDoor) -> None:
    with Line(open_door(protocol="lmtp").listener.port, greet="") as line:
        assert line.say("EHLO client") == line.say("HELO client") == "500 5.5.1 Command not recognized"
        assert line.say("MAIL FROM:<>") == smtpreplies.BAD_SEQUENCE


def test_a_unix_socket_serves_and_goes_away_with_the_listener(
    open_door: OpenDoor, store: Store, short_path: Path
) -> None:
    path = short_path / "lmtp"
    door = open_door(listen=f"unix:{path}", protocol="lmtp", max_connections_per_peer=1)
    assert path.stat().st_mode & 0o777 == 0o666
    clients = [smtplib.LMTP(str(path)) for _ in range(3)]
    clients[2].sendmail("alice@bakery.example", ["support@desk.example"], mail())
    for client in clients:
        client.close()
    assert store.kept[0].details["peer"] == ""
    second = open_door(listen=f"unix:{path}")
    assert isinstance(second.error, FileExistsError)
    door.stop()
    assert not path.exists()


def test_a_stale_unix_socket_is_replaced(open_door: OpenDoor, short_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(short_path / "lmtp"))
    door = open_door(listen=f"unix:{short_path / 'lmtp'}", protocol="lmtp")
    assert door.error is None
    with smtplib.LMTP(str(short_path / "lmtp")) as client:
        assert client.noop()[0] == 250


def test_several_local_addresses_share_a_port(open_door: OpenDoor, store: Store) -> None:
    door = open_door(listen="127.0.0.1:0,127.0.0.3:0")
    for host in ("127.0.0.1", "127.0.0.3"):
        with Line(door.listener.port, host=host) as line:
            line.deliver(mail(host))
    assert store.subjects() == ["127.0.0.1", "127.0.0.3"]


def test_an_address_in_use_says_so(open_door: OpenDoor) -> None:
    port = open_door().listener.port
    assert isinstance(open_door(listen=f"127.0.0.1:{port}").error, OSError)


def test_accepted_connections_do_not_wait_for_acknowledgements(
    open_door: OpenDoor, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without TCP_NODELAY each pipelined reply would wait 40 ms for the client's delayed ACK."""
    accepted: list[asyncio.BaseTransport] = []
    made = smtpsession.SmtpSession.connection_made

    def noted(self: smtpsession.SmtpSession, transport: asyncio.BaseTransport) -> None:
        accepted.append(transport)
        made(self, transport)

    monkeypatch.setattr(smtpsession.SmtpSession, "connection_made", noted)
    with Line(open_door().listener.port) as line:
        line.send(b"MAIL FROM:<alice@bakery.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\n")
        assert [line.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
        (connection,) = (transport.get_extra_info("socket") for transport in accepted)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        line.send(mail() + b".\r\n")
        assert line.reply().startswith("250")
    assert len(store.kept) == 1


def test_the_test_desk_knows_its_own_addresses() -> None:
    assert knows("Support+x@desk.example")
    assert not knows("supporter@desk.example")
