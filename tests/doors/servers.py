"""Real servers for the tests: Dovecot and Postfix, each with all its files in one folder and on its own ports."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from .listening import until

PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
PASSWORD = "correct-horse"


def run(*command: object, check: bool = True, **options: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PATH": PATH}
    words = [str(word) for word in command]
    done = subprocess.run(words, env=environment, capture_output=True, timeout=120, **options)  # type: ignore[call-overload]
    assert not check or done.returncode == 0, f"{words}: {done.stdout!r} {done.stderr!r}"
    return done


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Dovecot:
    """An IMAP server with one user per mailbox; everybody's password is PASSWORD."""

    def __init__(self, folder: Path, certificate: tuple[Path, Path]) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.certificate = certificate[0]
        owner = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        account = pwd.getpwnam(owner)
        (folder / "mail").mkdir()
        os.chown(folder / "mail", account.pw_uid, account.pw_gid)
        (folder / "dovecot.conf").write_text(self._configuration(certificate, account))
        # In the foreground: a daemon of its own would keep the pipes of whoever started it open.
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", folder / "dovecot.conf"],
            env={**os.environ, "PATH": PATH},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: answers(self.port) and answers(self.tls_port), what=self.log())

    def _configuration(self, certificate: tuple[Path, Path], account: pwd.struct_passwd) -> str:
        # Under root Dovecot drops to users of its own (the package made them), otherwise everything runs as we do.
        as_me = (
            ""
            if os.geteuid() == 0
            else f"""
            default_internal_user = {account.pw_name}
            default_internal_group = {grp.getgrgid(account.pw_gid).gr_name}
            default_login_user = {account.pw_name}
        """
        )
        return f"""{as_me}
            base_dir = {self.folder}/run
            state_dir = {self.folder}/state
            log_path = {self.folder}/log
            protocols = imap
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <{certificate[0]}
            ssl_key = <{certificate[1]}
            disable_plaintext_auth = no
            auth_mechanisms = plain
            auth_failure_delay = 0
            first_valid_uid = 1
            first_valid_gid = 1
            mail_location = maildir:{self.folder}/mail/%u
            maildir_stat_dirs = yes
            imap_idle_notify_interval = 2 min
            service imap-login {{
              chroot =
              inet_listener imap {{
                port = {self.port}
              }}
              inet_listener imaps {{
                port = {self.tls_port}
              }}
            }}
            service anvil {{
              chroot =
              unix_listener anvil-auth-penalty {{
                mode = 0
              }}
            }}
            service stats {{
              chroot =
            }}
            passdb {{
              driver = static
              args = password={PASSWORD}
            }}
            userdb {{
              driver = static
              args = uid={account.pw_uid} gid={account.pw_gid} home={self.folder}/mail/%u-home
            }}
        """

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else "dovecot wrote no log"

    def client(self, user: str) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=60)
        client.normalise_times = False
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, *mails: bytes, received: datetime | None = None, folder: str = "INBOX") -> None:
        with self.client(user) as client:
            for raw in mails:
                client.append(folder, raw, msg_time=received)

    def count(self, user: str, folder: str = "INBOX") -> int:
        with self.client(user) as client:
            if not client.folder_exists(folder):
                return 0
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def cut(self, user: str) -> None:
        """End all connections of the user."""
        run("doveadm", "-c", self.folder / "dovecot.conf", "kick", user, check=False)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


MASTER = """
smtp      inet  n - n - -  smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0  cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - -  trivial-rewrite
bounce    unix  - - n - 0  bounce
defer     unix  - - n - 0  bounce
trace     unix  - - n - 0  bounce
verify    unix  - - n - 1  verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - -  proxymap
smtp      unix  - - n - -  smtp
relay     unix  - - n - -  smtp
lmtp      unix  - - n - -  lmtp
error     unix  - - n - -  error
retry     unix  - - n - -  error
discard   unix  - - n - -  discard
anvil     unix  - - n - 1  anvil
scache    unix  - - n - 1  scache
showq     unix  n - n - -  showq
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A relay of our own: what it takes for desk.example (and bounces to bakery.example) goes to `route`."""

    def __init__(self, folder: Path, route: str) -> None:
        self.folder = folder
        self.port = free_port()
        config, queue, state = (folder / name for name in ("config", "queue", "state"))
        for made in (config, queue, state):
            made.mkdir()
        shutil.chown(state, "postfix")
        (config / "master.cf").write_text(MASTER.replace("smtp      inet", f"127.0.0.1:{self.port} inet", 1))
        (config / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {state}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.desk.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
relay_domains = desk.example, bakery.example
transport_maps = inline:{{ desk.example={route}, bakery.example={route} }}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtp_destination_recipient_limit = 50
lmtp_destination_recipient_limit = 50
notify_classes =
alias_maps =
alias_database =
minimal_backoff_time = 300s
smtp_tls_security_level = may
""")
        self._command("postfix", "start")
        until(lambda: answers(self.port), what=self.log())

    def _command(self, program: str, *arguments: str, check: bool = True) -> bytes:
        return run(program, "-c", self.folder / "config", *arguments, check=check).stdout

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else "postfix wrote no log"

    def queued(self) -> int:
        """Mails that wait in any of the queues."""
        folders = ("incoming", "active", "deferred", "maildrop")
        return sum(
            len(files) for name in folders for _, _, files in os.walk(self.folder / "queue" / name, onerror=None)
        )

    def flush_until(self, condition: Callable[[], object]) -> None:
        """Try everything again now, also what was deferred because the destination was down.

        More than once, because a mail that is just being put into the deferred queue misses the call.
        """
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, self.log()
            self._command("postqueue", "-f")
            with contextlib.suppress(AssertionError):
                until(condition, 1)

    def stop(self) -> None:
        self._command("postfix", "stop", check=False)
        deadline = time.monotonic() + 60
        while answers(self.port) and time.monotonic() < deadline:
            time.sleep(0.05)
        self._command("postfix", "abort", check=False)


def swaks(port: int, *options: str, raw: bytes | None = None, check: bool = True) -> str:
    """Send with swaks; returns its transcript."""
    body = ["--data", "-"] if raw is not None else []
    done = run(
        "swaks", "--server", "127.0.0.1", "--port", port, "--helo", "client.bakery.example", *options, *body,
        check=check, input=raw,
    )  # fmt: skip
    return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
