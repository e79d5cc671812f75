"""A disk that fills up: mail is put off before it is taken, everything else goes on, and room is noticed by itself."""

from __future__ import annotations

import os
import shutil
import smtplib
import subprocess
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot import disk, intake
from bot.app import build
from bot.channels import envelope
from bot.channels.imap import ImapListener
from bot.channels.ports import Delivery
from bot.channels.smtp import SmtpListener
from bot.disk import MIB, Disk
from bot.intake import Intake, received
from bot.settings import Imap, Listener
from bot.settings import load as load_settings
from core import inbox
from tests.database import missing
from tests.doors.conftest import QUICK
from tests.doors.fakeimap import FakeImap
from tests.doors.listening import Line, Memory, Running, Store, knows, mail, until
from tests.doors.servers import PASSWORD
from tests.service import writing
from tests.service.conftest import filled_template, sink
from tests.service.running import Installation
from tests.service.sink import MailSink

__all__ = ["filled_template", "sink"]

NO_SPACE = "452 4.3.1 "


class Volume:
    """A disk whose free space the test decides."""

    def __init__(self, free: int) -> None:
        self.left = free
        self.disk = Disk(Path("/anywhere"), 256 * MIB, free=lambda _: self.left)


@pytest.fixture
def volume() -> Volume:
    return Volume(100_000 * MIB)


@pytest.fixture
def open_door(volume: Volume) -> Iterator[Callable[..., tuple[Running, Store]]]:
    """A real door above that disk."""
    running: list[Running] = []

    def open_one(**keys: object) -> tuple[Running, Store]:
        settings, store = Listener(**{"listen": "127.0.0.1:0", **keys}), Store()  # type: ignore[arg-type]
        make = lambda: SmtpListener(  # noqa: E731
            settings, knows, lambda: True, domains=("desk.example",), room=volume.disk.has_room
        )
        running.append(Running(make, store))
        return running[-1], store

    yield open_one
    for door in running:
        door.stop()


OpenDoor = Callable[..., tuple[Running, Store]]


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_a_full_disk_is_told_before_anything_is_taken_and_room_is_seen_at_once(
    open_door: OpenDoor, volume: Volume, protocol: str
) -> None:
    door, store = open_door(protocol=protocol)
    greet = "LHLO mx.test" if protocol == "lmtp" else "EHLO mx.test"
    with Line(door.listener.port, greet) as line:
        assert line.deliver(mail("Before")).startswith("250")
        volume.left = 256 * MIB - 1
        assert line.say("MAIL FROM:<alice@bakery.example>").startswith(NO_SPACE)
        assert line.say("MAIL FROM:<alice@bakery.example> SIZE=100").startswith(NO_SPACE)
        volume.left = 256 * MIB
        line.say("MAIL FROM:<alice@bakery.example> SIZE=100")
        assert line.say("RCPT TO:<support@desk.example>").startswith("250")
        volume.left = 0
        assert line.say("DATA").startswith(NO_SPACE), "it filled up since MAIL"
        assert line.say("RSET").startswith("250")
        volume.left = 100_000 * MIB
        assert line.deliver(mail("After")).startswith("250")
    assert store.subjects() == ["Before", "After"]


def test_what_is_being_received_counts_three_times(open_door: OpenDoor, volume: Volume) -> None:
    """By the size that was announced; a message of unknown size counts as the largest one."""
    door, store = open_door(max_message_size=100 * MIB)
    port = door.listener.port
    volume.left = 700 * MIB
    with Line(port) as first, Line(port) as second:
        first.envelope()
        assert first.say("DATA").startswith("354")
        assert second.say("MAIL FROM:<alice@bakery.example>").startswith("250"), "2 × 3 × 100 MiB fit into 700"
        volume.left = 599 * MIB
        second.say("RSET")
        assert second.say("MAIL FROM:<alice@bakery.example>").startswith(NO_SPACE)
        assert second.say(f"MAIL FROM:<alice@bakery.example> SIZE={50 * MIB}").startswith("250")
        second.say("RSET")
        first.send(mail("First") + b".\r\n")
        assert first.reply().startswith("250")
        assert second.say("MAIL FROM:<alice@bakery.example>").startswith("250"), "the first one is stored by now"
    assert store.subjects() == ["First"]


def test_only_a_database_file_is_watched(tmp_path: Path) -> None:
    assert disk.under(make_url(f"sqlite:///{tmp_path}/desk.db"), 1).has_room()
    assert not disk.under(make_url(f"sqlite:///{tmp_path}/desk.db"), 2**40).has_room()
    assert disk.under(make_url("postgresql+psycopg://desk@db.example/desk"), 2**40).has_room()


def test_the_imap_door_waits_while_the_disk_is_full(volume: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail stays in its folder, and is fetched as soon as there is room."""
    monkeypatch.setattr(intake, "ROOM_LOOK_SECONDS", 0.05)
    server, store, memory = FakeImap(), Store(), Memory()
    room = Intake(None, None, lambda: None, 1, volume.disk.has_room)  # type: ignore[arg-type]
    monkeypatch.setattr(room, "accept", store)
    settings = Imap("127.0.0.1", server.port, "none", user="help", password=PASSWORD, idle=False, poll_seconds=0.05)
    recipients = lambda raw: envelope.recipients(raw, knows, "help@desk.example")  # noqa: E731
    door = Running(
        lambda: ImapListener(settings, recipients, memory, pace=QUICK), room.accept_when_there_is_room
    )  # fmt: skip
    try:
        until(lambda: memory.texts, what="the listener never connected")
        volume.left = 1
        server.deliver(mail("Later"))
        until(lambda: volume.disk.full, what="nothing was fetched")
        assert not store.kept and server.folders["INBOX"] and "Done" not in server.folders
        volume.left = 1000 * MIB
        until(lambda: store.subjects() == ["Later"] and not server.folders["INBOX"])
    finally:
        door.stop()
        server.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """64 MiB of their own, as a file system in memory."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        missing("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        missing(f"no small disk can be mounted: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path, leave: int) -> Path:
    ballast = folder / "ballast"
    size = shutil.disk_usage(folder).free - leave
    ballast.write_bytes(b"\0" * size)
    assert shutil.disk_usage(folder).free <= leave
    return ballast


def installed(folder: Path, small_disk: Path, template: Path, sink: MailSink, min_free_mb: int) -> Installation:
    """The database alone lies on the small disk."""
    shutil.copyfile(template, small_disk / "desk.db")
    extra = f"[limits]\nmin_free_mb = {min_free_mb}"
    return Installation(folder, sink.port, database=f"sqlite:///{small_disk / 'desk.db'}", extra=extra)


def trouble(subject: str) -> EmailMessage:
    return writing.mail("nina", "Nothing works", subject=subject)


def told_of(sink: MailSink, subject: str, seconds: float = 20) -> None:
    """Staff read of it."""
    sink.wait_for(lambda sent: sent.recipient == "sam@desk.example" and subject in sent.subject, seconds)


def test_a_full_disk_puts_mail_off_while_the_desk_works_on_and_goes_on_by_itself(
    tmp_path: Path, small_disk: Path, filled_template: Path, sink: MailSink
) -> None:
    """The service as an operator runs it, on a disk of 64 MiB of which 8 are to stay free."""
    installation = installed(tmp_path, small_disk, filled_template, sink, min_free_mb=8)
    service = installation.serve()
    try:
        writing.send(service.port, trouble("Before it was full"))
        told_of(sink, "Before it was full")
        ballast = fill(small_disk, leave=4 * MIB)
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            writing.send(service.port, trouble("Refused"))
        assert refused.value.smtp_code == 452 and refused.value.smtp_error.startswith(b"4.3.1")
        assert installation.helpdesk("pipe", stdin=bytes(trouble("Refused as well"))).code == 75
        store(installation, trouble("Stored by another door").as_bytes())
        told_of(sink, "Stored by another door")
        listed = installation.helpdesk("ticket", "list", "--json").out
        assert "Before it was full" in listed and "Stored by another door" in listed
        ballast.unlink()
        writing.send(service.port, trouble("There is room again"))
        told_of(sink, "There is room again")
        assert service.stop() == 0
        assert "mail is put off" in service.log() and "mail is taken again" in service.log()
    finally:
        service.kill()


def test_a_disk_without_a_single_free_block_loses_nothing(
    tmp_path: Path, small_disk: Path, filled_template: Path, sink: MailSink
) -> None:
    """Somebody else filled it to the last block: no 5xx, and what was acknowledged before is worked afterwards."""
    installation = installed(tmp_path, small_disk, filled_template, sink, min_free_mb=0)
    door = installation.serve("smtp")
    writing.send(door.port, trouble("Waits for a worker"))
    ballast = fill(small_disk, leave=0)
    desk = installation.serve("worker", "sender")
    try:
        with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refused:
            writing.send(door.port, trouble("Too late"))
        assert 400 <= refused.value.smtp_code < 500
        ballast.unlink()
        writing.send(door.port, trouble("There are blocks again"))
        told_of(sink, "Waits for a worker")
        told_of(sink, "There are blocks again")
        assert (door.stop(), desk.stop()) == (0, 0)
        assert not [sent for sent in sink.taken if "Too late" in sent.subject]
    finally:
        door.kill()
        desk.kill()


def store(installation: Installation, raw: bytes) -> None:
    """As another door does that has room left."""
    app = build(load_settings(installation.config), installation.folder)
    with app.sessions() as session:
        delivery = Delivery("email", raw, ("support@desk.example",), envelope.sender_address(raw, ""), {})
        inbox.accept(session, [received(delivery)], app.around.clock())
        session.commit()
    app.engine.dispose()
