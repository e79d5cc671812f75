"""The built-in mail door: SMTP and LMTP by aiosmtpd, on TCP or a unix socket.

250 after the dot means committed: a session waits for `accept` and for nothing else. Mail is taken for addresses of
ours only, so there is nothing to relay, and nothing to log in for.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import stat
from collections.abc import Callable, Collection
from contextlib import suppress

from bot.channels import bulkdata
from bot.channels.ports import Accept
from bot.channels.smtpdoor import Door
from bot.settings import Listener

log = logging.getLogger(__name__)

BACKLOG = 512


class SmtpListener:
    """`knows` says whether an address is one of ours, `ready` whether the desk keeps up with what arrives, and `room`
    whether the disk takes so many more octets.

    `domains` (lower case) are ours: an unknown mailbox elsewhere is refused as relaying, and without any given, as
    unknown. `port` is the bound TCP port (0 on a unix socket) once `started` is set.
    """

    def __init__(
        self,
        settings: Listener,
        knows: Callable[[str], bool],
        ready: Callable[[], bool],
        *,
        domains: Collection[str] = (),
        room: Callable[[int], bool] = lambda _coming: True,
    ) -> None:
        self._settings = settings
        self._knows = knows
        self._ready = ready
        self._room = room
        self._domains = frozenset(domains)
        self.port = 0
        self.started = asyncio.Event()

    async def listen(self, accept: Accept) -> None:
        """Serve until cancelled; then nothing new is taken, a running DATA may end, the others are told 421.

        Raises OSError when the address can't be bound, ssl.SSLError when the certificate can't be used.
        """
        # aiosmtpd logs every command at INFO, with addresses, and unknown ones unescaped at WARNING.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        read = await bulkdata.fastest()
        door = Door(self._settings, self._knows, self._ready, self._room, self._domains, accept, read)
        servers = await self._serve(door)
        self.started.set()
        log.info("%s door open on %s", self._settings.protocol, self._settings.listen)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            for server in servers:
                server.close()
            if self._settings.listen.startswith("unix:"):
                _remove(self._settings.listen.removeprefix("unix:"))
            await door.close()

    async def _serve(self, door: Door) -> list[asyncio.Server]:
        loop = asyncio.get_running_loop()
        if self._settings.listen.startswith("unix:"):
            path = self._settings.listen.removeprefix("unix:")
            await _refuse_to_steal(path)
            server = await loop.create_unix_server(door.session, path, backlog=BACKLOG)
            # Whoever reaches the directory may deliver, as with a TCP port; the MTA runs under another user.
            os.chmod(path, 0o666)
            return [server]
        sockets = bind(self._settings.listen)
        self.port = sockets[0].getsockname()[1]
        return [await loop.create_server(door.session, sock=each, backlog=BACKLOG) for each in sockets]


def bind(listen: str) -> list[socket.socket]:
    """A socket for each address that HOST:PORT (several: a comma between them) stands for; "*" is every address.

    With port 0 they share the one that the first was given. They are made with IPPROTO_TCP, by which asyncio decides
    on TCP_NODELAY: without it, pipelined commands stall on delayed acknowledgements.
    """
    sockets: list[socket.socket] = []
    for place in listen.split(","):
        host, _, port = place.strip().rpartition(":")
        name = host.strip("[]") if host != "*" else None
        found = socket.getaddrinfo(name, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _kind, _proto, _name, address in found:
            same = int(port) or (sockets[0].getsockname()[1] if sockets else 0)
            sockets.append(_bound(family, (address[0], same, *address[2:])))
    return sockets


def _bound(family: int, address: tuple[str | int, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


async def _refuse_to_steal(path: str) -> None:
    """A socket file that somebody still answers on is theirs; one that nobody does is asyncio's to replace."""
    if not os.path.exists(path) or not stat.S_ISSOCK(os.stat(path).st_mode):
        return
    with suppress(ConnectionError, FileNotFoundError):
        _, writer = await asyncio.open_unix_connection(path)
        writer.close()
        raise FileExistsError(f"{path}: another process listens on this socket")


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)
