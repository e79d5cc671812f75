"""A day at the desk by chance: people ask in all chats at once, and everything that goes wrong there goes wrong.

Each question of a client is about a name of its own, so that its answer can be told from all others; strangers ask for
help, and their answers are counted. What goes wrong: events that
come up to four times, pauses that a platform asks for, connections that end before and after a call, workers and
senders that are killed with something in hand, doors that are killed, tokens that are no good for an hour, and people
whose chat is gone when their answer is ready.
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.channels.ports import Outbound
from bot.loops import tidy
from bot.talk import Talk
from core import inbox, outbox
from core.messages import Address
from core.models import Arrival, Letter
from tests.chat.slack.running import ALICE, BOB, MALLORY, until
from tests.chat.slack.standin import TEAM
from tests.chat.telegram.standin import Fault
from tests.chat.whole import Whole, link

DEAD = f"{socket.gethostname()}/99999999/dead"
"""A process of this machine that does not run."""
SLACK_FAULTS = ("cut before", "cut after", "cut after", "ratelimited", "http 500", "html", "internal_error")
OPEN_FAULTS = ("ratelimited", "http 500", "html", "internal_error")


@dataclass(frozen=True, slots=True)
class Person:
    channel: str
    id: str
    mailbox: str = ""
    """Where the chat is linked, or what a terminal was started with."""
    client: bool = True


PEOPLE = (
    Person("slack", ALICE, "alice@bakery.example"),
    Person("slack", BOB, "bob@bakery.example"),
    Person("slack", MALLORY, client=False),
    Person("telegram", "1001", "alice@bakery.example"),
    Person("telegram", "1002", "bob@bakery.example"),
    Person("telegram", "1003", client=False),
    Person("terminal", "", "alice@bakery.example"),
    Person("terminal", "", "nina@stone.example", client=False),
)


@dataclass(slots=True)
class Day:
    stage: Whole
    chance: random.Random
    asked: list[tuple[str, Person]] = field(default_factory=list)
    """The names that were asked for, in order."""
    was_gone: set[Person] = field(default_factory=set)
    at_terminals: list[tuple[Person, str]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    back_at: dict[str, float] = field(default_factory=dict)
    """When a channel's token is good again."""

    async def begins(self) -> None:
        for person in PEOPLE:
            if person.client and person.channel != "terminal":
                chat = f"{TEAM}/{person.id}" if person.channel == "slack" else person.id
                link(self.stage.desk, Address(person.channel, chat), person.mailbox)

    async def goes_on(self, questions: int) -> None:
        for number in range(questions):
            await self._mishap()
            await self._asks(self.chance.choice(PEOPLE), f"day{number}.example")
            if self._by_chance(0.35):
                await self._works()
            self.stage.passes(self.chance.choice((1, 20, 90, 300, 900)))
            self._tokens_return()

    async def ends(self) -> None:
        """Nothing more goes wrong, and time passes until nothing waits."""
        self.stage.slack.faults.clear()
        self.stage.telegram.faults.clear()
        self.back_at.clear()
        self.stage.slack.token_valid, self.stage.telegram.token_revoked = True, False
        await self.stage.starts_telegram()
        for _ in range(60):
            await self._works()
            if not self._waiting():
                return
            self.stage.passes(400)
        raise AssertionError(f"something waits for ever: {self._waiting()}")

    def answers(self, name: str, person: Person) -> int:
        """How often the answer about this name stands in the person's chat."""
        return sum(f"{name} is free" in text for text in self.read(person))

    def by_mail(self, name: str, person: Person) -> int:
        mails = self.stage.desk.letters().all_to(person.mailbox) if person.mailbox else []
        return sum(f"{name} is free" in mail for mail in mails)

    def in_order(self, person: Person) -> list[str]:
        """The names in the order in which the chat answered them, each once."""
        texts = self.read(person)
        found = [name for text in texts for name, who in self.asked if who == person and f"{name} is free" in text]
        return list(dict.fromkeys(found))

    def unheard(self, name: str) -> int:
        """How often Telegram had taken the answer while the sender could not know it."""
        return sum(f"{name} is free" in _visible(sent.text) for sent in self.stage.telegram.unheard)

    def unheard_by(self, person: Person) -> int:
        return sum(str(sent.chat) == person.id for sent in self.stage.telegram.unheard)

    def read(self, person: Person) -> list[str]:
        if person.channel == "slack":
            return [message["text"].replace("*", "") for message in self.stage.slack.said_to(person.id)]
        if person.channel == "telegram":
            return [_visible(sent.text) for sent in self.stage.telegram.sent if sent.chat == int(person.id)]
        return [text for who, text in self.at_terminals if who == person]

    # -- what people do -----------------------------------------------------------------------------------------------

    async def _asks(self, person: Person, name: str) -> None:
        self.asked.append((name, person))
        text = f"is {name} available?" if person.client else "help"
        times = self.chance.choice((1, 1, 2, 3, 4))
        self.happened["repeated"] += times > 1
        match person.channel:
            case "slack":
                await self._asks_in_slack(person.id, name, text, times)
            case "telegram":
                await self._asks_in_telegram(int(person.id), text, times)
            case _:
                for _ in range(times):
                    await self.stage.types(person.mailbox, "", text, name)

    async def _asks_in_slack(self, user: str, name: str, text: str, times: int) -> None:
        chat = self.stage.slack.dm(user)
        chat.archived = False
        event = {"type": "message", "user": user, "text": text, "channel_type": "im", "channel": chat.id}
        event["ts"] = self.stage.slack.ts()
        for _ in range(times):
            await self.stage.people.event(event, event_id=f"Ev {name}", times=40)

    async def _asks_in_telegram(self, chat_id: int, text: str, times: int) -> None:
        fake = self.stage.telegram
        fake.chat(chat_id).trouble = ""
        fake.write(chat_id, text)
        fake.pending += [fake.pending[-1]] * (times - 1)
        await self._telegram_heard()

    async def _telegram_heard(self) -> None:
        if self.stage.door is not None and not self.stage.telegram.token_revoked:
            await until(lambda: not self.stage.telegram.pending)

    # -- what goes wrong ----------------------------------------------------------------------------------------------

    def _by_chance(self, how_often: float) -> bool:
        return self.chance.random() < how_often

    async def _mishap(self) -> None:
        slack, fake = self.stage.slack, self.stage.telegram
        if self._by_chance(0.7):
            slack.fails("chat.postMessage", self.chance.choice(SLACK_FAULTS), seconds=self.chance.choice((1, 30)))
        if self._by_chance(0.1):
            slack.fails("conversations.open", self.chance.choice(OPEN_FAULTS))
        if self._by_chance(0.7):
            fake.faults.append(self._telegram_fault())
        for often, act in (
            (0.08, self._socket_ends),
            (0.08, self._door_is_killed),
            (0.08, self._worker_is_killed),
            (0.12, self._sender_is_killed),
            (0.05, self._token_is_revoked),
            (0.12, self._a_chat_is_gone),
        ):
            if self._by_chance(often):
                await act()
                self.happened[act.__name__.strip("_")] += 1

    def _telegram_fault(self) -> Fault:
        return self.chance.choice(
            (
                Fault("sendMessage", retry_after=self.chance.choice((1, 30))),
                Fault("sendMessage", cut="before"),
                Fault("sendMessage", cut="before"),
                Fault("sendMessage", cut="after"),
                Fault("sendMessage", status=502),
            )
        )

    async def _socket_ends(self) -> None:
        connected = self.stage.slack.connected
        await self.stage.slack.disconnect("refresh_requested", abruptly=False)
        await until(lambda: self.stage.slack.connected > connected)

    async def _door_is_killed(self) -> None:
        """What was stored and not yet confirmed comes again."""
        await self.stage.stops_telegram()
        self.stage.door = None
        await self._asks(next(self._of("telegram")), f"down{len(self.asked)}.example")
        await self.stage.starts_telegram()
        await self._telegram_heard()

    async def _worker_is_killed(self) -> None:
        """It had taken messages from the inbox, and answers none of them."""
        inbox.claim(self.stage.desk.app.sessions, DEAD, self.stage.desk.clock())

    async def _sender_is_killed(self) -> None:
        """It had letters in hand; of those to Slack some were sent. A new one begins, which remembers nothing."""
        for channel in ("slack", "telegram"):
            taken = outbox.claim(self.stage.desk.app.sessions, DEAD, channel, self.stage.desk.clock())
            if channel == "slack" and taken and self._by_chance(0.5):
                letters = [Outbound(one.id, one.recipient, "", one.payload, one.attempts) for one in taken]
                await self.stage.posting.senders[channel].send(letters)
        await self.stage.close_senders()
        self.stage.posting.senders = self.stage.new_senders()

    async def _token_is_revoked(self) -> None:
        channel = self.chance.choice(("slack", "telegram"))
        self.back_at[channel] = self.stage.clock() + self.chance.choice((600, 3600))
        if channel == "slack":
            self.stage.slack.token_valid = False
        else:
            self.stage.telegram.token_revoked = True

    def _tokens_return(self) -> None:
        for channel, at in list(self.back_at.items()):
            if at <= self.stage.clock():
                del self.back_at[channel]
                self.stage.slack.token_valid |= channel == "slack"
                self.stage.telegram.token_revoked &= channel != "telegram"

    async def _a_chat_is_gone(self) -> None:
        """Once they have asked; until they write again."""
        person = next(self._of("slack", "telegram", linked=True))
        await self._asks(person, f"gone{len(self.asked)}.example")
        self.was_gone.add(person)
        if person.channel == "slack":
            self.stage.slack.dm(person.id).archived = True
        else:
            self.stage.telegram.chat(int(person.id)).trouble = "bot was blocked by the user"
        await self._works()

    def _of(self, *channels: str, linked: bool = False) -> Iterator[Person]:
        fitting = [one for one in PEOPLE if one.channel in channels and (one.client or not linked)]
        yield self.chance.choice(fitting)

    # -- the desk -----------------------------------------------------------------------------------------------------

    async def _works(self) -> None:
        """As the service does it all the time: what the dead held is given back, and what waits is done."""
        if self.stage.door is None:
            await self.stage.starts_telegram()
        await self._telegram_heard()
        await asyncio.to_thread(tidy, self.stage.desk.app.around, self.stage.desk.app.name)
        await self.stage.walks()
        await self.stage.sends()
        for person in (one for one in PEOPLE if one.channel == "terminal"):
            talk = Talk(self.stage.desk.app, person.mailbox)
            self.at_terminals += [(person, shown.text) for shown in talk.news()]

    def _waiting(self) -> int:
        with self.stage.desk.app.sessions() as session:
            unwalked = session.scalar(select(func.count()).where(Arrival.state.in_(("new", "taken")))) or 0
            waiting = select(func.count()).where(Letter.state.in_(("new", "taken")), Letter.channel != "email")
            return unwalked + (session.scalar(waiting) or 0) + len(self.stage.telegram.pending)


def _visible(text: str) -> str:
    """Without the signs that keep Telegram from making links and names."""
    return text.replace("\u2060", "")
