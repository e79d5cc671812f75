"""One SMTP connection to the smarthost and what its answers mean (RFC 5321, 6409).

What went wrong is told apart by when it went wrong: before the message was on its way it may be tried again at once,
on a fresh connection; after the final dot only the peer knows whether it has the message, so the letter is tried
again later, with the same Message-ID.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.headers import ascii_address, clean_header
from bot.channels.ports import Outbound, SendError
from bot.settings import Outgoing


class Lost(Exception):
    """The connection ended before the message was on its way."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. RFC 5321 4.5.3.2 would wait ten minutes for the answer to a message; we try again sooner."""

    command: float = 60.0
    answer: float = 300.0
    idle: float = 60.0
    """How long a connection nobody needs stays open."""


USUAL_PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipient: str
    message: bytes
    unicode: bool
    """Something in it is beyond ASCII where only SMTPUTF8 allows it (RFC 6531)."""

    @classmethod
    def of(cls, letter: Outbound, sign: Callable[[bytes], bytes] | None) -> Envelope:
        """Raises ValueError when an address is none."""
        sender = ascii_address(letter.envelope_from) if letter.envelope_from else ""
        recipient = ascii_address(letter.recipient)
        message = sign(letter.payload) if sign else letter.payload
        head = message.partition(b"\r\n\r\n")[0]
        return cls(sender, recipient, message, not (sender + recipient).isascii() or not head.isascii())


@dataclass(slots=True)
class Session:
    """One connection to the smarthost, logged in."""

    smtp: smtplib.SMTP
    patience: Patience
    proven: bool = False
    """It has carried something before: when it breaks now, a fresh one may do better."""
    ambiguous: bool = False
    last_used: float = field(default_factory=time.monotonic)

    @property
    def open(self) -> bool:
        return self.smtp.sock is not None

    def idle_for(self) -> float:
        return time.monotonic() - self.last_used

    def hand_over(self, envelope: Envelope) -> None:
        """One mail transaction. Raises SendError, or Lost when nothing of the message was sent."""
        try:
            self._command("the sender", "MAIL", f"FROM:<{envelope.sender}>{self._options(envelope)}")
            self._command("the recipient", "RCPT", f"TO:<{envelope.recipient}>")
            self._command("the message", "DATA")
        except OSError as error:  # smtplib's own errors are of this kind, too
            raise Lost(str(error)) from error
        self._message(envelope.message)
        self.proven = True

    def _options(self, envelope: Envelope) -> str:
        options = f" SIZE={len(envelope.message)}" if self.smtp.has_extn("size") else ""
        if envelope.unicode:
            if not self.smtp.has_extn("smtputf8"):
                raise SendError("the smarthost can't carry addresses beyond ASCII (no SMTPUTF8)", permanent=True)
            self.smtp.command_encoding = "utf-8"
            options += " BODY=8BITMIME SMTPUTF8"
        return options

    def _command(self, what: str, verb: str, argument: str = "") -> None:
        code, answer = self.smtp.docmd(verb, argument)
        if code == 421:
            raise Lost(one_line(f"421 {answer.decode('utf-8', 'replace')}"))
        if code // 100 != (3 if verb == "DATA" else 2):
            self._reset()
            raise refused(what, code, answer, permanent=_final(verb, code, answer))

    def _message(self, message: bytes) -> None:
        """The message and its dot; from here on a lost connection says nothing about what the peer has."""
        stuffed = re.sub(rb"(?m)^\.", b"..", message)
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            self._wait(self.patience.answer)
            self.smtp.send(stuffed + end)
            code, answer = self.smtp.getreply()
            self._wait(self.patience.command)
        except OSError as error:
            self.ambiguous = True
            self.abandon()
            reason = f"the answer to the message was lost, it may have arrived: {error}"
            raise SendError(one_line(reason), permanent=False) from error
        if code // 100 != 2:
            if code == 421:
                self.abandon()
            raise refused("the message", code, answer, permanent=_final("DATA", code, answer))

    def _wait(self, seconds: float) -> None:
        if self.smtp.sock:
            self.smtp.sock.settimeout(seconds)

    def _reset(self) -> None:
        """RSET, so that the next letter starts clean; a peer that is gone shows with that letter."""
        try:
            if self.smtp.rset()[0] != 250:
                self.abandon()
        except OSError:
            self.abandon()
        self.proven = True

    def abandon(self) -> None:
        self.smtp.close()

    def quit(self) -> None:
        self._wait(5.0)
        try:
            self.smtp.quit()
        except OSError:
            self.abandon()


def connect(settings: Outgoing, tls: ssl.SSLContext | None, patience: Patience) -> Session:
    """Connect, with TLS where it is asked for, and log in. Raises OSError (all of smtplib's are) or ValueError."""
    name = socket.gethostname()
    helo = name if "." in name else "[127.0.0.1]"  # what smtplib does, without its DNS look-up
    if settings.tls == "implicit":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, helo, timeout=patience.command, context=tls)
    else:
        smtp = smtplib.SMTP(settings.host, settings.port, helo, timeout=patience.command)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.tls == "starttls":
            smtp.starttls(context=tls)
            smtp.ehlo_or_helo_if_needed()
        if settings.user:
            smtp.login(settings.user, settings.password)
    except BaseException:
        smtp.close()
        raise
    return Session(smtp, patience)


_NOT_THE_LETTERS_FAULT = frozenset({503, 530, 534, 535, 538})
"""Log-in or TLS is wanted: true of every letter until the operator mends it."""


def _final(verb: str, code: int, answer: bytes) -> bool:
    """Whether trying this letter again is useless.

    A refused sender is our own configuration, unless it is the size (552, 5.3.4) or the alphabet (5.6.7).
    """
    if not 500 <= code <= 599 or code in _NOT_THE_LETTERS_FAULT:
        return False
    return verb != "MAIL" or code == 552 or answer.startswith((b"5.3.4", b"5.6.7"))


def refused(what: str, code: int, answer: bytes | str, *, permanent: bool) -> SendError:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return SendError(one_line(f"{what} was refused: {code} {said}"), permanent=permanent)


def one_line(reason: str) -> str:
    return clean_header(reason)
