"""A chat with the desk in this process: what is typed is stored, walked and answered by the desk's own path.

It may run beside the service on the same database; whoever is faster walks the line. Mails are left to the service.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from bot.app import App
from bot.channels import terminal
from bot.intake import received
from core import inbox, outbox
from core.messages import TERMINAL, terminal_of
from core.models import Arrival, Letter

LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Shown:
    """What the desk said, as it is shown."""

    sender: str
    title: str
    text: str
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class Talk:
    """One person at a terminal. `says` returns when the line was walked."""

    app: App
    mailbox: str
    name: str = ""

    def says(self, text: str, seconds: float = 60.0) -> list[Shown]:
        """What the desk answers. Raises TimeoutError when nobody has walked the line by then."""
        key = uuid.uuid4().hex
        delivery = received(terminal.delivery(self.mailbox, self.name, text, key))
        with self.app.sessions() as session:
            inbox.accept(session, [delivery], self.app.around.clock())
            session.commit()
        pipeline, deadline = self.app.pipeline(), time.monotonic() + seconds
        while not self._is_walked(delivery.fingerprint):
            if not pipeline.work():
                time.sleep(LOOK_SECONDS)
            if time.monotonic() > deadline:
                raise TimeoutError("the line was stored, but nobody has walked it; see `helpdesk queue`")
        return list(self.news())

    def news(self) -> Iterator[Shown]:
        """What was said since, a staff member's answer perhaps; each is shown once."""
        now, me = self.app.around.clock(), self.app.name
        address = terminal_of(self.mailbox).value
        while letters := outbox.claim(self.app.sessions, me, TERMINAL, now, recipient=address):
            with self.app.sessions() as session:
                outbox.sent(session, me, letters, now)
                session.commit()
            for letter in letters:
                for said in json.loads(letter.payload):
                    yield Shown(said["from"], said["title"], said["text"], tuple(said["files"]))

    def mails_waiting(self) -> list[str]:
        """The addresses to which mails wait for the service's sender."""
        with self.app.sessions() as session:
            waiting = select(Letter.recipient).where(Letter.state == "new", Letter.channel == "email")
            return list(session.scalars(waiting.order_by(Letter.id)))

    def _is_walked(self, fingerprint: str) -> bool:
        with self.app.sessions() as session:
            state = session.scalar(select(Arrival.state).where(Arrival.fingerprint == fingerprint))
            return state in ("done", "shelved")
