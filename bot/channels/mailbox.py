"""One connection to a folder of an IMAP server, in blocking calls.

Papers over what servers lack: MOVE (copy, flag, expunge), UIDPLUS (plain expunge), folders below INBOX only. Messages
are read with PEEK and moved as they are, so \\Seen stays as people set it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from bot.settings import Imap

LOST = (IMAPClientAbortError, OSError)
"""What a dead connection raises; IMAPClientError besides these is the server's "no"."""
SHORT_IDLE = 1.0
UIDS_PER_COMMAND = 500
"""Keeps a command line under 8,000 octets (RFC 2683, 3.2.1.5)."""


class LoginRefused(Exception):
    """The server was reached and did not take the password or the token."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What is known of a message before it is read; `received` is the server's INTERNALDATE, with its zone."""

    uid: int
    size: int
    received: datetime


class Mailbox:
    """A selected folder. All methods but `hang_up` belong to one thread."""

    def __init__(self, client: IMAPClient, folder: str, done_folder: str) -> None:
        self._client = client
        self._done_folder = done_folder
        client.normalise_times = False
        selected = client.select_folder(folder)
        self.uidvalidity = int(selected.get(b"UIDVALIDITY", 0))
        self.uidnext = int(selected.get(b"UIDNEXT", 0)) or max(client.search("ALL"), default=0) + 1
        self.can_idle = bool(client.has_capability("IDLE"))
        self._can_move = bool(client.has_capability("MOVE"))
        self._can_expunge_some = bool(client.has_capability("UIDPLUS"))

    def uids(self, first: int) -> list[int]:
        """All from `first` on, lowest first."""
        self._client.noop()  # New messages need not be found before the server has announced them.
        # "9:*" names the last message even if its number is lower than 9.
        return sorted(uid for uid in self._client.search(["UID", f"{first}:*"]) if uid >= first)

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Those of them that (still) exist."""
        return [listed for some in _chunks(uids) for listed in self._listed(some)]

    def _listed(self, uids: Sequence[int]) -> list[Listed]:
        try:
            answer = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            # One damaged message makes some servers refuse them all. It is listed all the same, to fail when fetched.
            if len(uids) == 1:
                return [Listed(uids[0], 0, datetime.now(UTC))]
            return [listed for uid in uids for listed in self._listed([uid])]
        return [
            Listed(uid, answer[uid].get(b"RFC822.SIZE") or 0, answer[uid].get(b"INTERNALDATE") or datetime.now(UTC))
            for uid in uids
            if uid in answer
        ]

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The messages as they are; one that vanished meanwhile is missing."""
        answer = self._client.fetch(uids, ["BODY.PEEK[]"])
        return {uid: answer[uid][b"BODY[]"] for uid in uids if answer.get(uid, {}).get(b"BODY[]") is not None}

    def put_away(self, uids: Sequence[int]) -> None:
        """Move to the done folder, which is made if it is missing."""
        for some in _chunks(uids):
            try:
                self._move(some)
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                self._make_done_folder()
                self._move(some)

    def _move(self, uids: Sequence[int]) -> None:
        if self._can_move:
            self._client.move(uids, self._done_folder)
            return
        self._client.copy(uids, self._done_folder)
        self._client.add_flags(uids, [rb"\Deleted"], silent=True)
        if self._can_expunge_some:
            self._client.uid_expunge(uids)
        else:
            self._client.expunge()

    def _make_done_folder(self) -> None:
        """Where folders live under a prefix ("INBOX."), the bare name is refused and the prefixed one is used.

        A folder that is there already, made by us a moment ago or by another desk, is what we want.
        """
        try:
            self._client.create_folder(self._done_folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            if self._client.folder_exists(self._done_folder):
                return
            prefix = self._prefix()
            if not prefix or self._done_folder.startswith(prefix):
                raise
            self._done_folder = prefix + self._done_folder
            if not self._client.folder_exists(self._done_folder):
                self._client.create_folder(self._done_folder)

    def _prefix(self) -> str:
        if not self._client.has_capability("NAMESPACE"):
            return "INBOX."
        personal = self._client.namespace().personal
        return str(personal[0][0]) if personal else ""

    def idle(self, seconds: float) -> None:
        """Return when something happened, or the time is over; raises one of LOST when the server hung up.

        What came before IDLE began is announced in the same packet as its start, and lies in a buffer that no poll of
        the socket sees; ending a short IDLE brings it out. The long one begins with nothing left to announce.
        """
        short = min(SHORT_IDLE, seconds)
        if not self._announced_within(short) and seconds > short:
            self._announced_within(seconds - short)

    def _announced_within(self, seconds: float) -> bool:
        self._client.idle()
        seen = self._client.idle_check(timeout=seconds)
        _, buffered = self._client.idle_done()
        return bool(seen or buffered)

    def hang_up(self) -> None:
        """Safe from any thread: a call that waits for the server there ends with one of LOST."""
        with suppress(OSError):
            # The TLS socket's own shutdown would take the encryption away under the reading thread.
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(Exception):
            self._client.shutdown()


def open_mailbox(settings: Imap, timeout: float) -> Mailbox:
    """Connect, encrypt, log in, select. Raises LoginRefused, ssl.SSLError, IMAPClientError or OSError."""
    client = _connected(settings, timeout)
    try:
        _log_in(client, settings)
        return Mailbox(client, settings.folder, settings.done_folder)
    except BaseException:
        with suppress(Exception):
            client.shutdown()
        raise


def _connected(settings: Imap, timeout: float) -> IMAPClient:
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    implicit: dict[str, Any] = {"ssl": True, "ssl_context": context} if settings.tls == "implicit" else {"ssl": False}
    client = IMAPClient(settings.host, settings.port, timeout=timeout, **implicit)
    if settings.tls == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise
    return client


def _log_in(client: IMAPClient, settings: Imap) -> None:
    try:
        if settings.oauth_token:
            client.oauth2_login(settings.user, settings.oauth_token)
        else:
            client.login(settings.user, settings.password)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise LoginRefused(str(error)) from None


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), UIDS_PER_COMMAND):
        yield uids[start : start + UIDS_PER_COMMAND]
