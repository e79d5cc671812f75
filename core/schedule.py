"""The clock of the desk: what ends today, and who is told what, once, at a decent hour of their own day.

It may ring as often as it likes, in any number of processes, after any pause: a notice and the note that it was sent
are one commit, and the note's key is unique. What the day does not need any more is never sent (core/reminders.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import addresses, dialogs, followups, reminders
from core.errors import Rejected, Unavailable, Unsupported
from core.messages import Address, Request, say
from core.models import SentNotice, Subscription, Ticket
from core.ports import Client, NetworkIssue
from core.post import Post
from core.reminders import KINDS, Account, Notice
from core.subscriptions import DIGEST
from core.surroundings import Surroundings
from core.tickets import CLOSED, Tickets

log = logging.getLogger("helpdesk.schedule")

T = TypeVar("T")

ANSWERABLE = timedelta(days=60)
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """Between which full hours of the reader's day notices are sent, and which kinds are."""

    start: int = 9
    end: int = 20
    kinds: frozenset[str] = frozenset(KINDS)

    def open(self, moment: datetime) -> bool:
        return self.start <= moment.hour < self.end


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a notice goes to."""

    address: str
    name: str
    language: str
    client_id: str = ""


@dataclass(slots=True)
class Schedule:
    """`looked` and `told` only save work, a restart may forget them.

    They hold which accounts were gone through today, and which troubles were held against which account.
    """

    around: Surroundings
    hours: Hours = Hours()
    looked: dict[str, date] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def ring(self) -> int:
        """End what is due and send what is due; how many letters that were."""
        self._end_services()
        clients = tuple(self.around.billing.active_clients())
        sent = sum(self._for_account(client) for client in clients) + self._of_troubles(clients)
        return sent + self._for_subscribers() + followups.remind(self.around, self._moment_in, self.hours.open)

    def _end_services(self) -> None:
        """The notice of it comes from what has ended (core/reminders.py): a crash in between leaves nobody untold."""
        now = self.around.clock().astimezone(self.around.desk.time_zone)
        try:
            ended = _or_nothing(self.around.systems.hosting.end_due, now.date()) or ()
        except (Unavailable, Rejected) as problem:
            log.warning("the services that end today wait: %s", problem)
            return
        for service in ended:
            self.looked.pop(service.client_id, None)
            with self.around.sessions.begin() as session:
                name = service.domain or service.product
                Tickets(session, self.around.desk, self.around.clock).audit(
                    None, self.around.desk.address, "service.ended", client=service.client_id, about=name
                )

    def _for_account(self, client: Client) -> int:
        now = self._moment_in(client.time_zone)
        today = now.date()
        if not self.hours.open(now) or self.looked.get(client.id) == today:
            return 0
        try:
            account = self._account(client)
        except (Unavailable, Rejected) as problem:
            log.warning("the notices of client %s wait: %s", client.id, problem)
            return 0
        notices = [notice for notice in reminders.due(account, today) if self._wanted(notice)]
        sent = sum(
            self._send(notice, reader) for notice in notices for reader in self._readers(client, notice.preference)
        )
        self.looked[client.id] = today
        return sent

    def _account(self, client: Client) -> Account:
        behind = self.around.systems
        services = behind.billing.services(client.id)
        return Account(
            client=client,
            invoices=behind.billing.invoices(client.id),
            domains=behind.billing.domains(client.id),
            services=services,
            cancellations=[
                (service, found)
                for service in services
                if service.status == "Active" and (found := _or_nothing(behind.hosting.cancellation, service))
            ],
            endings=[
                (service, ended)
                for ended in _or_nothing(behind.hosting.endings, client.id) or ()
                for service in services
                if service.id == ended.service_id
            ],
            pay_methods=_or_nothing(behind.profiles.pay_methods, client.id) or (),
            quotes=_or_nothing(behind.ledger.quotes, client.id) or (),
        )

    def _moment_in(self, time_zone: str) -> datetime:
        return self.around.clock().astimezone(_zone(time_zone, self.around.desk.time_zone))

    def _of_troubles(self, clients: Sequence[Client]) -> int:
        """What is wrong since today, to those whose services it touches: at once, or when their day begins."""
        now = self.around.clock()
        issues = _or_nothing(self.around.systems.library.network_issues) or ()
        fresh = [issue for issue in issues if "trouble" in self.hours.kinds and reminders.is_fresh_trouble(issue, now)]
        self.told = {pair for pair in self.told if pair[0] in {issue.id for issue in fresh}}
        if not fresh:
            return 0
        return sum(self._of_troubles_for(client, fresh) for client in clients)

    def _of_troubles_for(self, client: Client, issues: Sequence[NetworkIssue]) -> int:
        news = [issue for issue in issues if (issue.id, client.id) not in self.told]
        if not news or not self.hours.open(self._moment_in(client.time_zone)):
            return 0
        try:
            services = self.around.billing.services(client.id)
        except (Unavailable, Rejected) as problem:
            log.warning("the troubles of client %s wait: %s", client.id, problem)
            return 0
        notices = [notice for issue in news if (notice := reminders.of_trouble(issue, services)) is not None]
        sent = sum(self._send(notice, reader) for notice in notices for reader in self._readers(client, "product"))
        self.told.update((issue.id, client.id) for issue in news)
        return sent

    def _readers(self, client: Client, preference: str) -> Iterator[Reader]:
        if preference in client.email_preferences:
            yield Reader(client.email, client.name, client.language, client.id)
        for contact in self.around.billing.contacts(client.id):
            billing = preference == "invoice" and contact.id == client.billing_contact_id
            if preference in contact.email_preferences or billing:
                yield Reader(contact.email, contact.name, client.language, client.id)

    def _for_subscribers(self) -> int:
        """News, solved troubles and the weekly digest, to those who asked for them."""
        now = self.around.clock().astimezone(self.around.desk.time_zone)
        if not self.hours.open(now):
            return 0
        sent = 0
        for announcement in _or_nothing(self.around.systems.library.announcements) or ():
            notice = reminders.of_announcement(announcement, now.date())
            sent += self._to_topic("news", notice)
        for issue in _or_nothing(self.around.systems.library.network_issues) or ():
            if issue.over:
                topic = f"issue/{issue.id}"
                sent += self._to_topic(topic, Notice(f"{topic}/solved", "general", say("notice_solved", issue=issue)))
                self._forget(topic)
        if now.weekday() == MONDAY:
            sent += sum(self._send(self._digest(reader, now.date()), reader) for reader in self._followers(DIGEST))
        return sent

    def _to_topic(self, topic: str, notice: Notice | None) -> int:
        if notice is None or not self._wanted(notice):
            return 0
        return sum(self._send(notice, reader) for reader in self._followers(topic))

    def _digest(self, reader: Reader, today: date) -> Notice:
        billing = self.around.billing
        with self.around.sessions() as session:
            open_tickets = session.scalars(
                select(Ticket).where(Ticket.client_id == reader.client_id, Ticket.status != CLOSED).limit(20)
            ).all()
        soon = today + timedelta(days=60)
        reply = say(
            "notice_digest",
            tickets=open_tickets,
            unpaid=[invoice for invoice in billing.invoices(reader.client_id) if invoice.balance > 0],
            domains=[d for d in billing.domains(reader.client_id) if d.held and d.expires and d.expires <= soon],
            today=today,
        )
        key = f"digest/{today.isocalendar().year}-{today.isocalendar().week}"
        return Notice(key, "general", reply, {"unsubscribe": Request("digest.unsubscribe", {})})

    def _followers(self, topic: str) -> list[Reader]:
        with self.around.sessions() as session:
            rows = session.scalars(select(Subscription).where(Subscription.topic == topic)).all()
        return [Reader(row.address, row.name, row.language, row.client_id) for row in rows]

    def _forget(self, topic: str) -> None:
        with self.around.sessions.begin() as session:
            session.execute(delete(Subscription).where(Subscription.topic == topic))

    def _wanted(self, notice: Notice) -> bool:
        return notice.key.partition("/")[0] in self.hours.kinds

    def _send(self, notice: Notice, reader: Reader) -> int:
        """One letter and the note of it, in one commit; 0 when it was sent before or can't be delivered."""
        with self.around.sessions() as session:
            if session.get(SentNotice, (notice.key, reader.address)) is not None:
                return 0
            known = addresses.known(session, reader.address.lower())
            if known is not None and known.undeliverable:
                return 0
            self._write(session, notice, reader)
            try:
                session.commit()
            except IntegrityError:
                return 0  # Another process was faster.
        return 1

    def _write(self, session: Session, notice: Notice, reader: Reader) -> None:
        around, now = self.around, self.around.clock()
        session.add(SentNotice(key=notice.key, address=reader.address, client_id=reader.client_id, at=now))
        dialog = dialogs.ask(
            session,
            kind="notice",
            subject_key=f"{notice.key}/{reader.address}"[:200],
            client_id=reader.client_id,
            address=reader.address.lower(),
            arrival_id=0,
            ticket_id=None,
            now=now,
            lifetime=ANSWERABLE,
            learnt={
                "offers": {
                    word: {"intent": wanted.intent, "words": {k: list(v) for k, v in wanted.words.items()}}
                    for word, wanted in notice.offers.items()
                },
                "about": {slot: list(words) for slot, words in notice.about.items()},
            },
        )
        post = Post(session, around.desk, around.tokens, around.composers, around.clock)
        post.alone(
            Address("email", reader.address, reader.name),
            notice.reply,
            kind="notice",
            language=reader.language or around.desk.language,
            reply_token=dialogs.reply_token(dialog),
        )


def _or_nothing(ask: Callable[..., T], *arguments: object) -> T | None:
    """What a port answers; None from a backend that knows no such thing."""
    try:
        return ask(*arguments)
    except Unsupported:
        return None


def _zone(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError):
        return otherwise
