"""One SMTP or LMTP connection.

aiosmtpd speaks the protocol. Overridden is what it does line by line, what it says too freely, and what it forgets
when a connection is cut.
"""

from __future__ import annotations

import asyncio
import collections
import logging
import re
import secrets
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from bot.channels import smtpreplies as replies
from bot.channels.ports import Delivery

if TYPE_CHECKING:
    from bot.channels.smtpdoor import Door

log = logging.getLogger(__name__)

LINGER = 5.0
"""Seconds that a peer gets to read its last reply."""
ERRORS = 100
"""Refusals per session; a relay of our own may collect more."""
COMMAND_BUFFER = 64 * 1024
"""What the stream reads ahead; command lines are held to 512 octets (RFC 5321, 4.5.3.1.4) after that."""
_PLAIN_PATH = re.compile(r"<([\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>( .*)?", re.ASCII)
"""Nearly every address; the parser for all others takes a quarter of the time that a short mail costs."""


class SmtpSession(SMTP):
    """One connection. Overrides what aiosmtpd does line by line, says too freely or forgets when it is cut."""

    def __init__(self, door: Door, **options: Any) -> None:
        # The stream's limit is the class's line limit; 1,001 would pause the transport for every 2 KB of a message.
        self.line_length_limit = COMMAND_BUFFER
        super().__init__(door, **options)
        # aiosmtpd keeps one table for all sessions, which every new connection empties under the others.
        self.command_size_limits = collections.defaultdict(lambda: self.command_size_limit)
        self._door = door
        self._errors = 0
        self._no_room = False
        self.announced = 0
        self.host = ""
        self.trusted = False

    async def _handle_client(self) -> None:
        assert self.session is not None
        peer = self.session.peer
        self.host = peer[0] if isinstance(peer, tuple) else ""
        if refusal := self._door.admit(self):
            self.dismiss(refusal)
            return
        with suppress(ConnectionError):
            await super()._handle_client()

    def connection_lost(self, error: Exception | None) -> None:
        self._door.leave(self)
        super().connection_lost(error)

    def _timeout_cb(self) -> None:
        self.dismiss(replies.TIMEOUT)

    def dismiss(self, reply: str) -> None:
        """Say a last word and hang up, on a peer that does not read as well."""
        transport: Any = self.transport or self._original_transport
        if transport is None or transport.is_closing():
            return
        transport.write(reply.encode() + b"\r\n")
        transport.close()
        self.loop.call_later(LINGER, transport.abort)

    async def push(self, status: str | bytes) -> None:
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        text = replies.fixed(text)
        if text[0] in "45":
            self._errors += 1
        if self._errors > ERRORS and not self.trusted:
            self.dismiss(replies.TOO_MANY_ERRORS)
        else:
            await super().push(text)

    async def handle_exception(self, error: Exception) -> str:
        if isinstance(error, ConnectionError | ssl.SSLError | asyncio.IncompleteReadError):
            log.info("%s went away: %r", self.host or "peer", error)
        else:
            log.error("incident %s with %s", secrets.token_hex(4), self.host or "peer", exc_info=error)
        return replies.NOT_STORED

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        if plain := _PLAIN_PATH.fullmatch(arg):
            return plain[1], plain[2] or ""
        try:
            return super()._getaddr(arg)
        except Exception:  # The standard library's address parser fails in many ways on hostile text.
            return None, None

    async def smtp_AUTH(self, arg: str) -> None:
        await self.push(replies.NOT_IMPLEMENTED)

    async def smtp_EXPN(self, arg: str) -> None:
        await self.push(replies.NOT_IMPLEMENTED)

    async def smtp_VRFY(self, arg: str) -> None:
        await self.push(replies.NO_ANSWER)

    async def smtp_HELP(self, arg: str) -> None:
        await self.push(replies.HELP)

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push(replies.BAD_SEQUENCE)
        elif arg:
            await self.push(replies.BAD_ARGUMENT)
        elif not self._door.has_room(self):
            await self.push(replies.NO_SPACE)
        else:
            await self._take_message()

    async def _take_message(self) -> None:
        assert self.envelope is not None
        self._door.receiving(self)
        try:
            await self.push(replies.GO_ON)
            self._no_room = False
            raw = await self._door.read(self._reader, self._door.settings.max_message_size, self._grow)
            self._reset_timeout()  # The clock that ran was the message's; the commit gets one of its own.
            answers = self._answers(await self._outcome(raw), len(self.envelope.rcpt_tos))
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            for answer in answers:
                await self.push(answer)
            self._reset_timeout()
        finally:
            self._door.received(self)
        if self._door.stopping:
            self.dismiss(replies.SHUTTING_DOWN)

    def _grow(self, octets: int) -> bool:
        self._no_room = not self._door.grow(self, octets)
        return not self._no_room

    async def _outcome(self, raw: bytes | None) -> str:
        if raw is None:
            return replies.BUSY if self._no_room else replies.TOO_BIG
        try:
            return await self._door.store(self._delivery(raw))
        except Exception as error:
            return await self.handle_exception(error)

    def _answers(self, reply: str, accepted_recipients: int) -> list[str]:
        return [reply]

    def _delivery(self, raw: bytes) -> Delivery:
        assert self.envelope is not None
        assert self.session is not None
        mail_from = "" if self.envelope.mail_from == "<>" else str(self.envelope.mail_from)
        details = {
            "protocol": self._door.settings.protocol,
            "peer": self.host,
            "helo": _printable(str(self.session.host_name or "")),
            "smtputf8": bool(self.envelope.smtp_utf8),
            "tls": self.session.ssl["ssl_object"].version() if self.session.ssl else "",
            "auth_user": "",
        }
        recipients = tuple(dict.fromkeys(self.envelope.rcpt_tos))
        return Delivery("email", raw, recipients, mail_from, details)


class LmtpSession(SmtpSession, LMTP):
    """RFC 2033: LHLO for a greeting, and after the dot a reply for each RCPT that was accepted, in their order.

    All of them say the same, because the message is committed for all its recipients or for none.
    """

    def _answers(self, reply: str, accepted_recipients: int) -> list[str]:
        return [reply] * accepted_recipients


def storable(address: str) -> bool:
    """Without what no database takes: bytes that are no UTF-8 (lone surrogates by now) and control characters."""
    return address == _printable(address)


def _printable(text: str) -> str:
    return "".join(c for c in text[:512] if c.isprintable())
