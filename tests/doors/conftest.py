"""Fixtures of the mail doors: listeners in this process, and real servers with all their files in a temporary place."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels import envelope
from bot.channels.imap import ImapListener, MailboxMemory, Pace
from bot.channels.smtp import SmtpListener
from bot.settings import Imap, Listener

from .listening import Memory, Running, Store, knows
from .servers import PASSWORD, Dovecot, Postfix


def need(*programs: str) -> None:
    """Skip where a program is missing; where CI=true promises the programs, fail."""
    missing = [name for name in programs if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
    if missing:
        unmet(f"{', '.join(missing)} not installed")


def unmet(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def store() -> Store:
    return Store()


OpenDoor = Callable[..., Running]


@pytest.fixture
def open_door(store: Store) -> Iterator[OpenDoor]:
    """Opens SMTP doors; keywords are `[email.listener]` keys, and `knows`, `ready`, `domains` of the listener."""
    running: list[Running] = []

    def open_one(**keys: object) -> Running:
        mine = {name: keys.pop(name) for name in ("knows", "ready", "domains") if name in keys}
        settings = Listener(**{"listen": "127.0.0.1:0", **keys})  # type: ignore[arg-type]
        options = {"knows": knows, "ready": lambda: True, "domains": ("desk.example",), **mine}
        door = Running(lambda: SmtpListener(settings, **options), store)  # type: ignore[arg-type]
        running.append(door)
        return door

    yield open_one
    for door in running:
        door.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-made certificate for localhost and 127.0.0.1, and its key."""
    need("openssl")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder with a name short enough for unix sockets, that other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix="door"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


QUICK = Pace(reconnect=(0.05, 0.4), message=(0.2, 1.0), timeout=60)


@pytest.fixture
def memory() -> Memory:
    return Memory()


FetchFrom = Callable[..., Running]


@pytest.fixture
def fetch_from(store: Store, memory: Memory) -> Iterator[FetchFrom]:
    """Runs IMAP listeners; keywords are `[email.imap]` keys, and options of the listener."""
    running: list[Running] = []

    def fetch(port: int, user: str, **keys: Any) -> Running:
        options: dict[str, Any] = {"pace": keys.pop("pace", QUICK)}
        options |= {name: keys.pop(name) for name in ("max_message_size",) if name in keys}
        recipient_of = keys.pop("recipient_of", lambda raw: envelope.recipients(raw, knows, "help@desk.example"))
        kept: MailboxMemory = keys.pop("memory", memory)
        login = {"host": "127.0.0.1", "port": port, "tls": "none", "user": user, "password": PASSWORD}
        settings = Imap(**{**login, **keys})
        one = Running(lambda: ImapListener(settings, recipient_of, kept, **options), store)
        running.append(one)
        return one

    yield fetch
    for one in running:
        one.stop()


@pytest.fixture(scope="session")
def dovecot(certificate: tuple[Path, Path]) -> Iterator[Dovecot]:
    need("dovecot", "doveadm")
    folder = Path(tempfile.mkdtemp(prefix="dovecot"))
    folder.chmod(0o755)
    server = Dovecot(folder, certificate)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start_postfix() -> Iterator[Callable[[str], Postfix]]:
    """Starts a relay; the argument is its Postfix transport for our mail, as in "smtp:[127.0.0.1]:8025"."""
    need("postfix", "postqueue")
    if os.geteuid() != 0:
        unmet("postfix has to be started by root")
    running: list[Postfix] = []

    def start(route: str) -> Postfix:
        folder = Path(tempfile.mkdtemp(prefix="postfix"))
        folder.chmod(0o755)
        running.append(Postfix(folder, route))
        return running[-1]

    yield start
    for server in running:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
