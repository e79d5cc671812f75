"""An IMAP server that can do less than Dovecot, and fail where Dovecot does not."""

from __future__ import annotations

import base64
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from .servers import PASSWORD

Reply = Iterator[bytes]


class Cut(Exception):
    """Hang up, after sending these bytes."""


class FakeImap:
    """One account. `says` maps a command to what is answered instead of the truth: bytes, or a call that may raise Cut.

    `{tag}` in the bytes is the command's tag. A call returns bytes, or None for the truth after all.
    """

    def __init__(self, capabilities: str = "IMAP4rev1", prefix: str = "", announces: bool = True) -> None:
        self.capabilities = capabilities
        self.prefix = prefix
        self.announces = announces
        self.folders: dict[str, dict[int, tuple[bytes, set[str]]]] = {"INBOX": {}}
        self.uidvalidity = 7
        self.commands: list[str] = []
        self.logins = 0
        self.says: dict[str, bytes | Callable[[str], bytes | None]] = {}
        self.as_idle_begins: Callable[[], bytes] = lambda: b""
        self._next = 1
        self._lock = threading.RLock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def deliver(self, *mails: bytes) -> None:
        with self._lock:
            for raw in mails:
                self.folders["INBOX"][self._next] = (raw, set())
                self._next += 1

    def stop(self) -> None:
        self._server.close()
        for peer in list(self._open):
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._server.accept()
                self._open.add(peer)
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        file = peer.makefile("rwb")

        def send(data: bytes) -> None:
            file.write(data)
            file.flush()

        with peer, suppress(OSError, ValueError):
            send(b"* OK ready\r\n")
            while line := file.readline().decode().rstrip("\r\n"):
                tag, _, rest = line.partition(" ")
                with self._lock:
                    self.commands.append(rest)
                try:
                    for part in self._answer(tag, rest, file.readline):
                        send(part)
                except Cut as cut:
                    send(cut.args[0].replace(b"{tag}", tag.encode()) if cut.args else b"")
                    return

    def _answer(self, tag: str, rest: str, readline: Callable[[], bytes]) -> Reply:
        name = rest.split()[1].upper() if rest.upper().startswith("UID ") else rest.split()[0].upper()
        scripted = self.says.get(name)
        if callable(scripted):
            scripted = scripted(rest)
        if scripted is not None:
            yield scripted.replace(b"{tag}", tag.encode())
            return
        with self._lock:
            yield from getattr(self, f"_{name.lower()}")(tag.encode(), rest, readline)

    def _ok(self, tag: bytes) -> bytes:
        return tag + b" OK done\r\n"

    def _capability(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        yield f"* CAPABILITY {self.capabilities}\r\n".encode() + self._ok(tag)

    def _login(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        self.logins += 1
        yield self._ok(tag) if f'"{PASSWORD}"' in rest else tag + b" NO [AUTHENTICATIONFAILED] no\r\n"

    def _authenticate(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        self.logins += 1
        yield b"+ \r\n"
        given = base64.b64decode(readline()).decode()
        yield self._ok(tag) if given == "user=help\x01auth=Bearer t0ken\x01\x01" else tag + b" NO no\r\n"

    def _select(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        status = f"* {len(self.folders['INBOX'])} EXISTS\r\n"
        if self.announces:
            status += f"* OK [UIDVALIDITY {self.uidvalidity}] x\r\n* OK [UIDNEXT {self._next}] x\r\n"
        yield status.encode() + self._ok(tag)

    def _noop(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        yield self._ok(tag)

    def _namespace(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        yield f'* NAMESPACE (("{self.prefix}" ".")) NIL NIL\r\n'.encode() + self._ok(tag)

    def _list(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        wanted = rest.split()[-1].strip('"')
        found = [name for name in self.folders if name == wanted]
        yield b"".join(f'* LIST () "." "{name}"\r\n'.encode() for name in found) + self._ok(tag)

    def _create(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        name = rest.split()[-1].strip('"')
        if not name.startswith(self.prefix):
            yield tag + b" NO not there\r\n"
            return
        self.folders[name] = {}
        yield self._ok(tag)

    def _search(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        uids = sorted(self.folders["INBOX"])
        if match := re.search(r"UID (\d+):\*", rest):
            uids = [uid for uid in uids if uid >= int(match[1]) or uid == uids[-1]]
        yield f"* SEARCH {' '.join(map(str, uids))}\r\n".encode() + self._ok(tag)

    def _fetch(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        for uid in self._uids(rest):
            raw = self.folders["INBOX"][uid][0]
            if "BODY" in rest:
                yield b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, uid, len(raw), raw)
            else:
                date = b'"02-Mar-2026 10:00:00 +0000"'
                yield b"* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE %s)\r\n" % (uid, uid, len(raw), date)
        yield self._ok(tag)

    def _copy(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        target = rest.split()[-1].strip('"')
        if target not in self.folders:
            yield tag + b" NO [TRYCREATE] no such folder\r\n"
            return
        for uid in self._uids(rest):
            raw, flags = self.folders["INBOX"][uid]
            self.folders[target][len(self.folders[target]) + 1] = (raw, set(flags))
        yield self._ok(tag)

    def _move(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        (answer,) = self._copy(tag, rest, readline)
        if b" OK" in answer:
            for uid in self._uids(rest):
                del self.folders["INBOX"][uid]
        yield answer

    def _store(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        for uid in self._uids(rest):
            self.folders["INBOX"][uid][1].add(r"\Deleted")
        yield self._ok(tag)

    def _expunge(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        some = set(self._uids(rest)) if rest.upper().startswith("UID ") else None
        for uid, (_, flags) in list(self.folders["INBOX"].items()):
            if r"\Deleted" in flags and (some is None or uid in some):
                del self.folders["INBOX"][uid]
        yield self._ok(tag)

    def _idle(self, tag: bytes, rest: str, readline: Callable[[], bytes]) -> Reply:
        yield b"+ idling\r\n" + self.as_idle_begins()
        readline()
        yield self._ok(tag)

    def _uids(self, rest: str) -> list[int]:
        wanted = {int(uid) for uid in rest.split()[2].split(",")}
        return [uid for uid in sorted(self.folders["INBOX"]) if uid in wanted]
