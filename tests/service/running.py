"""`helpdesk serve` and its sisters as an operator runs them: processes, a configuration file, signals."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot import demo

START_SECONDS = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], seconds: float = 90.0, what: Callable[[], str] = lambda: "") -> None:
    """Poll until the condition holds; fail with `what` when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what() or "it did not happen in time"
        time.sleep(0.02)


def environment() -> dict[str, str]:
    """Ours, without what would override the configuration."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}


@dataclass(slots=True)
class Installation:
    """A folder with a helpdesk.toml, as an operator has it; `extra` is TOML that follows."""

    folder: Path
    sink_port: int = 1
    database: str = "sqlite:///desk.db"
    port: int = field(default_factory=free_port)
    protocol: str = "smtp"
    listen: str = ""
    extra: str = ""

    def __post_init__(self) -> None:
        (self.folder / "zone.json").write_text(json.dumps(demo.ZONE), encoding="utf-8")
        self.config.write_text(self.text(), encoding="utf-8")

    @property
    def config(self) -> Path:
        return self.folder / f"helpdesk-{self.port}.toml"

    @property
    def database_url(self) -> str:
        """The same database for a test that looks into it."""
        return self.database.replace("sqlite:///", f"sqlite:///{self.folder}/", 1)

    def text(self) -> str:
        departments = "".join(f'[[departments]]\nname = "{name}"\n' for name in demo.DEPARTMENTS)
        staff = "".join(
            f'[[staff]]\nname = "{member.name}"\nemail = "{member.email}"\nrole = "{member.role}"\n'
            f"departments = {list(member.departments)}\n"
            for member in demo.STAFF
        )
        return f"""
            [desk]
            name = "Example Hosting"
            address = "help@desk.example"
            database = "{self.database}"
            secret = "a secret that only the tests know"
            [email.listener]
            listen = "{self.listen or f"127.0.0.1:{self.port}"}"
            protocol = "{self.protocol}"
            [email.authentication]
            dns = {{ zone = "zone.json" }}
            [email.outgoing]
            host = "127.0.0.1"
            port = {self.sink_port}
            from_domain = "desk.example"
            {departments}
            {staff}
            {self.extra}
        """

    def helpdesk(self, command: str, *arguments: str, stdin: bytes = b"", patch: str = "") -> Done:
        """Run a command of this installation to its end."""
        return helpdesk(command, "-c", str(self.config), *arguments, stdin=stdin, patch=patch)

    def serve(self, *roles: str, wait: bool = True, patch: str = "") -> Service:
        service = Service(self, roles, patch)
        if wait:
            service.until_started()
        return service


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


def helpdesk(*arguments: str, stdin: bytes = b"", patch: str = "") -> Done:
    done = subprocess.run(_command(arguments, patch), input=stdin, capture_output=True, env=environment(), timeout=300)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def _command(arguments: Sequence[str], patch: str) -> list[str]:
    """`patch` is Python that runs before the command: the only way to shorten a patience of another process."""
    if patch:
        start = f"{patch}; import sys; from bot.cli import main; sys.exit(main())"
        return [sys.executable, "-c", start, *arguments]
    return [sys.executable, "-m", "bot", *arguments]


class Service:
    """A running `helpdesk serve`, leader of its own process group."""

    def __init__(self, installation: Installation, roles: Sequence[str] = (), patch: str = "") -> None:
        self.port = installation.port
        self._log = installation.folder / f"serve-{time.monotonic_ns()}.log"
        command = ["serve", "-c", str(installation.config)]
        for role in roles:
            command += ["--role", role]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                _command(command, patch), stdout=log, stderr=log, env=environment(), start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def started(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.log()[-3000:]}"
        return "helpdesk started:" in self.log()

    def until_started(self) -> None:
        until(self.started, START_SECONDS, self.log)

    def stop(self) -> int:
        """SIGTERM, as systemd does; returns the exit code."""
        self.process.terminate()
        return self.process.wait(120)

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9, the whole group."""
        self.signal(signal.SIGKILL)
        self.process.wait(60)
