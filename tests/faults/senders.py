"""Mail servers that deliver to the desk as queues do: the identical bytes again and again, until they read a 250."""

from __future__ import annotations

import random
import smtplib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.service.crowd import address, key, mail

from .books import Books, Told

HANGS_UP = 0.06
"""How often a sender loses the answer to its final dot by itself (its own crash, a firewall)."""
GIVES_UP = 0.02
"""How often a failed try is the last one (its queue's lifetime was over)."""


@dataclass(slots=True)
class Senders:
    """`count` threads, each with `mails` of its own; deterministic by seed except for the machine's timing."""

    ports: Sequence[int]
    books: Books
    seed: int
    mails: int
    count: int = 6
    pause: tuple[float, float] = (0.02, 0.2)
    """Seconds between a sender's mails."""
    hangs_up: float = HANGS_UP
    stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(self.count):
            thread = threading.Thread(target=self._run, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def finish(self, seconds: float = 120.0) -> None:
        """Begin nothing new; what is begun is delivered."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(seconds)
            assert not thread.is_alive(), "a sender never read its 250"

    def _run(self, number: int) -> None:
        chance = random.Random(f"{self.seed}/{number}")
        for index in range(self.mails):
            if self.stopping.wait(chance.uniform(*self.pause)):
                return
            name = key(number * self.mails + index + 1)
            self._deliver(name, mail(name), self.books.told.setdefault(name, Told()), chance)

    def _deliver(self, name: str, raw: bytes, told: Told, chance: random.Random) -> None:
        while not told.accepted:
            told.tries += 1
            try:
                self._once(name, raw, told, chance)
            except (OSError, smtplib.SMTPException):
                if chance.random() < GIVES_UP and not self.stopping.is_set():
                    return
                self.stopping.wait(chance.uniform(0.02, 0.2))

    def _once(self, name: str, raw: bytes, told: Told, chance: random.Random) -> None:
        """One connection, one try; `told.cut` from the moment on in which the desk may have the whole message."""
        with smtplib.SMTP("127.0.0.1", chance.choice(self.ports), "mx.bakery.example", timeout=60) as smtp:
            self._say(smtp, "EHLO mx.bakery.example")
            self._say(smtp, f"MAIL FROM:<{address(name)}>")
            self._say(smtp, "RCPT TO:<support@desk.example>")
            self._say(smtp, "DATA", wanted=354)
            cut_before, told.cut = told.cut, True
            smtp.send(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b".\r\n")
            if chance.random() < self.hangs_up:
                smtp.close()
                raise smtplib.SMTPServerDisconnected("we hung up")
            code, answer = smtp.getreply()
            told.cut = cut_before
            self._judge(code, answer)
            told.accepted = True

    def _say(self, smtp: smtplib.SMTP, command: str, wanted: int = 250) -> None:
        code, answer = smtp.docmd(command)
        self._judge(code, answer, wanted)

    def _judge(self, code: int, answer: bytes, wanted: int = 250) -> None:
        """Raises SMTPException for "try again later"; a refusal for ever goes into the books."""
        if code == wanted:
            return
        told = self.books.refusals if code >= 500 else self.books.put_off
        told.append(f"{code} {answer.decode(errors='replace')}")
        raise smtplib.SMTPResponseException(code, answer)
