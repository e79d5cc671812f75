"""A smarthost in this process that does what a test tells it: a real aiosmtpd server behind a real socket."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.channels.ports import Outbound, SendError
from bot.channels.smtpclient import Patience
from bot.channels.submission import Submission
from bot.settings import Outgoing

Answer = str | None | Callable[[], Any]
QUICK = Patience(command=60.0, answer=60.0)


@dataclass(frozen=True, slots=True)
class Taken:
    sender: str
    recipients: tuple[str, ...]
    options: tuple[str, ...]
    content: bytes
    tls: bool
    user: object


@dataclass(slots=True)
class Smarthost:
    """`answers` are used up in order, by command; None is "do as usual", a callable is awaited first."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    mails_begun: int = 0
    port: int = 0
    transports: list[asyncio.BaseTransport] = field(default_factory=list)

    async def _next(self, command: str) -> str | None:
        waiting = self.answers.get(command)
        answer = waiting.pop(0) if waiting else None
        if callable(answer):
            answer = await answer()
        return answer if isinstance(answer, str) else None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.mails_begun += 1
        if answer := await self._next("MAIL"):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self._next(f"RCPT {address}") or await self._next("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if answer := await self._next("DATA"):
            return answer
        assert isinstance(envelope.content, bytes)
        self.taken.append(
            Taken(
                envelope.mail_from or "",
                tuple(envelope.rcpt_tos),
                tuple(envelope.mail_options),
                envelope.content,
                session.ssl is not None,
                session.auth_data,
            )
        )
        return "250 OK"

    async def hang_up(self) -> None:
        for transport in self.transports:
            if isinstance(transport, asyncio.Transport):
                transport.abort()


@asynccontextmanager
async def smarthost(
    *, tls: ssl.SSLContext | None = None, implicit: bool = False, user: str = "", password: str = "", **more: Any
) -> AsyncIterator[Smarthost]:
    host = Smarthost()

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False, auth_data=data.login.decode())

    class Counted(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            if self.session is None:  # else it is the same connection, now with TLS
                host.connections += 1
                host.open += 1
            host.transports.append(transport)
            super().connection_made(transport)

        def connection_lost(self, error: Exception | None) -> None:
            host.open -= 1
            super().connection_lost(error)

    options: dict[str, Any] = {"hostname": "smarthost.test", "enable_SMTPUTF8": True, **more}
    if tls and not implicit:
        options |= {"tls_context": tls, "require_starttls": True}
    if user:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Counted(host, loop=loop, **options), "127.0.0.1", 0, ssl=tls if implicit else None
    )
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        await host.hang_up()


def outgoing(host: Smarthost, **changes: Any) -> Outgoing:
    return replace(Outgoing(host="127.0.0.1", port=host.port, connections=1), **changes)


@asynccontextmanager
async def submission(
    host: Smarthost, sign: Callable[[bytes], bytes] | None = None, patience: Patience = QUICK, **changes: Any
) -> AsyncIterator[Submission]:
    sender = Submission(outgoing(host, **changes), sign, patience=patience)
    try:
        yield sender
    finally:
        await sender.close()


def letter(number: int = 1, **changes: Any) -> Outbound:
    payload = f"Message-ID: <{number}@desk.example>\r\nSubject: {number}\r\n\r\nHi\r\n.dot\r\n".encode()
    usual = Outbound(number, "alice@bakery.example", "bounce+1@desk.example", payload)
    return replace(usual, **changes)


def kinds(answers: Sequence[SendError | None]) -> list[str]:
    return ["sent" if answer is None else "permanent" if answer.permanent else "later" for answer in answers]


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something of another thread or task; fails when it does not come."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for 127.0.0.1 and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "smarthost.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context, pem
