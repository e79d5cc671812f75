"""What all sessions of a mail listener share: who may come in, who is taken mail for, and the commits under way.

aiosmtpd cancels a running handler when the peer hangs up or the server stops. A commit must not be cancelled half
way, so it runs as a task of its own that the session merely waits for.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiosmtpd.smtp import Envelope, Session

from bot.channels import bulkdata
from bot.channels import smtpreplies as replies
from bot.channels.ports import Accept, Delivery, NotAccepted
from bot.channels.smtpsession import LmtpSession, SmtpSession, storable
from bot.settings import Listener

log = logging.getLogger(__name__)

GRACE = 10.0
"""Seconds that a running DATA and its commit get when the listener is stopped."""
HELD = 256 * 1024 * 1024
"""Octets of messages that strangers may have us hold at one time, all sessions together; more is put off."""


class Door:
    """What all sessions of a listener share; aiosmtpd calls its `handle_…` methods."""

    def __init__(
        self,
        settings: Listener,
        knows: Callable[[str], bool],
        ready: Callable[[], bool],
        room: Callable[[int], bool],
        domains: frozenset[str],
        accept: Accept,
        read: bulkdata.Read,
    ) -> None:
        self.settings = settings
        self.read = read
        self._knows = knows
        self._ready = ready
        self._room = room
        self._domains = domains
        self._accept = accept
        self._tls = _tls_context(settings)
        self._hostname = socket.gethostname()
        self._trusted = [ipaddress.ip_network(peer, strict=False) for peer in settings.trusted_peers]
        self._sessions: set[SmtpSession] = set()
        self._counted: dict[SmtpSession, str] = {}
        self._commits: set[asyncio.Task[None]] = set()
        self._receiving: set[SmtpSession] = set()
        self._held: dict[SmtpSession, int] = {}
        self._quiet = asyncio.Event()
        self.stopping = False

    def session(self) -> SmtpSession:
        kind = LmtpSession if self.settings.protocol == "lmtp" else SmtpSession
        return kind(
            self,
            data_size_limit=self.settings.max_message_size,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident=self.settings.protocol.upper().replace("SMTP", "ESMTP"),
            tls_context=self._tls,
            timeout=self.settings.timeout,
            loop=asyncio.get_running_loop(),
        )

    def admit(self, session: SmtpSession) -> str:
        """The reply that turns the peer away, or "" for one that may come in."""
        self._sessions.add(session)
        session.trusted = self._trusts(session.host)
        if self.stopping:
            return replies.SHUTTING_DOWN
        if session.trusted:
            return ""
        same = sum(host == session.host for host in self._counted.values())
        if same >= self.settings.max_connections_per_peer or len(self._counted) >= self.settings.max_connections:
            return replies.TOO_MANY_CONNECTIONS
        self._counted[session] = session.host
        return ""

    def leave(self, session: SmtpSession) -> None:
        self._sessions.discard(session)
        self._counted.pop(session, None)

    def _trusts(self, host: str) -> bool:
        """A peer on a unix socket has no host, and is as near as a relay of our own."""
        if not host:
            return True
        address = ipaddress.ip_address(host.partition("%")[0])
        return any(address in network for network in self._trusted)

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        # By SIZE and SMTPUTF8 (RFC 1870, 6531); aiosmtpd adds that with every EHLO again.
        server.command_size_limits["MAIL"] = server.command_size_limit + 36
        kept = [offer for offer in offers if not offer.startswith(("250-AUTH", "250 "))]
        return [*kept, "250-PIPELINING", "250 ENHANCEDSTATUSCODES"]

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not storable(address):
            return replies.BAD_ADDRESS
        if not self._ready():
            return replies.BUSY
        server.announced = _announced(options)
        if not self.has_room(server):
            return replies.NO_SPACE
        envelope.mail_from = address
        return replies.SENDER_OK

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not storable(address):
            return replies.BAD_ADDRESS
        if len(envelope.rcpt_tos) >= self.settings.max_recipients:
            return replies.TOO_MANY_RECIPIENTS
        if self._knows(address):
            envelope.rcpt_tos.append(address)
            return replies.RECIPIENT_OK
        foreign = self._domains and "@" in address and address.rpartition("@")[2].lower() not in self._domains
        return replies.NO_RELAY if foreign else replies.NO_MAILBOX

    async def store(self, delivery: Delivery) -> str:
        """The reply to the dot. The commit goes on to its end even if the peer or the listener goes away."""
        commit = asyncio.ensure_future(self._accept(delivery))
        self._commits.add(commit)
        commit.add_done_callback(self._commits.discard)
        try:
            await asyncio.shield(commit)
        except NotAccepted as error:
            log.warning("not stored: %s", error)
            return replies.NOT_STORED
        return replies.STORED

    def has_room(self, session: SmtpSession) -> bool:
        """Is there room on the disk for this message and for all that are being received?"""
        limit = self.settings.max_message_size
        return self._room(sum(each.announced or limit for each in self._receiving | {session}))

    def receiving(self, session: SmtpSession) -> None:
        self._receiving.add(session)

    def grow(self, session: SmtpSession, octets: int) -> bool:
        if not session.trusted and sum(self._held.values()) + octets > HELD:
            return False
        self._held[session] = self._held.get(session, 0) + octets
        return True

    def received(self, session: SmtpSession) -> None:
        self._held.pop(session, None)
        self._receiving.discard(session)
        if not self._receiving:
            self._quiet.set()

    async def close(self) -> None:
        self.stopping = True
        until = asyncio.get_running_loop().time() + GRACE
        for session in self._sessions - self._receiving:
            session.dismiss(replies.SHUTTING_DOWN)
        self._quiet.clear()
        if self._receiving:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), GRACE)
        for session in self._sessions.copy():
            session.dismiss(replies.SHUTTING_DOWN)
        if self._commits:
            await asyncio.wait(self._commits, timeout=max(0.1, until - asyncio.get_running_loop().time()))


def _announced(options: list[str]) -> int:
    """The size that the peer gave (RFC 1870), 0 if it gave none. aiosmtpd has refused what is no number or too big."""
    sizes = (option.partition("=")[2] for option in options if option.upper().startswith("SIZE="))
    return next((int(size) for size in sizes if size.isdecimal()), 0)


def _tls_context(settings: Listener) -> ssl.SSLContext | None:
    if not settings.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_certificate, settings.tls_key or None)
    return context
