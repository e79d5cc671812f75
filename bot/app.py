"""The one place where things are wired: settings become ports, channels and a pipeline; roles become tasks."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import importlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from bot import clocks, disk, encryption, life, schema
from bot.canned import CannedError, CannedReplies
from bot.channels import dkimsign, envelope
from bot.channels.authentication.proof import SenderProof
from bot.channels.imap import ImapListener
from bot.channels.mail import MailComposer, MailTranslator
from bot.channels.ports import Listener, Sender
from bot.channels.resolver import resolver
from bot.channels.smtp import SmtpListener
from bot.channels.submission import Submission
from bot.channels.terminal import TerminalComposer, TerminalTranslator
from bot.channels.webhooks import WebhookSender
from bot.documents import PdfDocuments
from bot.handlers import collect
from bot.intake import Intake
from bot.loops import (
    Posting,
    Worker,
    process_name,
    purge_every_day,
    ring_again_and_again,
    seal_and_forget,
    tidy_again_and_again,
)
from bot.mailboxes import StoredMailboxes
from bot.settings import Settings, SettingsError
from bot.settings.work import WebhookSettings
from bot.staff import Staff, member_of
from bot.templating import Templates
from bot.triggers import triggers
from bot.web.server import WebDoor
from bot.weekly import weekly
from core import blobs, chathome, onetime, webhooks
from core.backends.local.billing import LocalBilling
from core.backends.local.hosting import LocalHosting
from core.backends.local.ledger import LocalLedger
from core.backends.local.library import LocalLibrary
from core.backends.local.panel import LocalPanel
from core.backends.local.profiles import LocalProfiles
from core.backends.local.shop import LocalShop
from core.clock import Clock, system_clock
from core.database import Sessions, connect, sessions
from core.desk import Department, Desk, Rules
from core.finding.clients import ClientBook
from core.life import ring as ring_for_tickets
from core.messages import TERMINAL, StaffRoom
from core.people import STAFF_EVENTS
from core.pipeline import Pipeline
from core.ports import Systems
from core.registrars.local import LocalRegistrar
from core.reminders import KINDS
from core.retention import Retention
from core.satisfaction import ask as ask_for_ratings
from core.schedule import Hours, Schedule
from core.sentletters import SentLetters
from core.sla.escalation import escalate
from core.staff import assigning, rooms
from core.staff.canned import Shelf
from core.surroundings import Surroundings
from core.tokens import Tokens
from core.understanding import Understanding
from core.webhooks import Hook

log = logging.getLogger("helpdesk")

ROLES = ("smtp", "imap", "web", "slack", "telegram", "worker", "sender", "scheduler")
BY_THE_CLOCK: tuple[Callable[[Surroundings], int], ...] = (
    escalate,
    rooms.refresh,
)
"""What is done once a minute besides the notices to clients; each says how many letters it wrote."""
WORKERS_ON_SQLITE = 1
"""SQLite has one writer and Python one interpreter lock: a second worker only waits for the first."""
WORKERS_ELSEWHERE = 2


@dataclass(slots=True)
class App:
    """A desk, ready to run. `folder` is where relative paths of the settings start."""

    settings: Settings
    folder: Path
    engine: Engine
    sessions: Sessions
    around: Surroundings
    name: str = field(default_factory=process_name)
    arrived: threading.Event = field(default_factory=threading.Event)
    written: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    def intake(self) -> Intake:
        limits = self.settings.limits
        room = disk.under(self.engine.url, limits.min_free_mb).has_room
        return Intake(self.sessions, self.around.clock, self.arrived.set, limits.queued, room)

    def pipeline(self, number: int = 0) -> Pipeline:
        return Pipeline(self.around, f"{self.name}/{number}")


def build(settings: Settings, folder: Path, *, clock: Clock = system_clock, migrate: bool = True) -> App:
    """Wire a desk. Raises SettingsError, bot.schema.SchemaError, sqlalchemy.exc.OperationalError."""
    _insist_on_known("web.opens", settings.web.opens, onetime.KINDS)
    _insist_on_known("notices.kinds", settings.notices.kinds, KINDS)
    for hook in settings.webhooks:
        _insist_on_known("webhooks.events", hook.events, webhooks.EVENTS)
        _insist_on_good(hook)
    for member in settings.staff:
        _insist_on_known("staff.events", member.events, sorted(STAFF_EVENTS))
        member_of(member)
    _insist_on_known("departments.assignment", [d.assignment for d in settings.departments], assigning.WAYS)
    life.rules(settings), life.asking(settings), weekly(settings)
    engine = connect(_in_folder(settings.desk.database, folder))
    if migrate:
        schema.bring_up_to_date(engine)
    made = sessions(engine)
    if settings.desk.storage_key:
        made.configure(info={blobs.CIPHER: encryption.cipher(settings.desk.storage_key)})
    if settings.webhooks:
        webhooks.watch(made, [Hook(one.name, one.events, one.texts) for one in settings.webhooks], clock)
    replies = folder / settings.desk.canned if settings.desk.canned else None
    names = [department.name for department in settings.departments]
    shelf = CannedReplies(replies, settings.desk.language, made, names)
    try:
        shelf.check()
    except CannedError as error:
        raise SettingsError(f"desk.canned: {error}") from error
    desk = desk_of(settings, Staff(settings, made), _staff_rooms(settings), shelf)
    registry = collect()
    tokens = Tokens(settings.desk.secret)
    systems = local_systems(made, clock, SentLetters(made, tokens, desk.domain, clock))
    desk = dataclasses.replace(desk, policies=clocks.policies(settings, systems.billing))
    proof = SenderProof(settings.email.authentication, resolver(settings.email.authentication.dns, folder), desk.owns)
    templates, chats = Templates(), chat_channels(settings)
    around = Surroundings(
        desk=desk,
        sessions=made,
        tokens=tokens,
        systems=systems,
        documents=PdfDocuments(),
        composers={
            "email": MailComposer(templates, desk.name, lambda: {"desk": desk}),
            TERMINAL: TerminalComposer(templates, lambda: {"desk": desk}),
            **{name: chat.composer(templates, lambda: {"desk": desk}) for name, chat in chats.items()},
        },
        translators={
            "email": MailTranslator(proof, desk.domain, settings.email.attachments),
            TERMINAL: TerminalTranslator(desk.address),
            **{name: chat.translator(settings) for name, chat in chats.items()},
        },
        chat_starts=_chat_starts(settings),
        registry=registry,
        understanding=Understanding(registry, {d.name: d.words for d in desk.departments}),
        clock=clock,
        opens=frozenset(settings.web.opens),
    )
    return App(settings, folder, engine, made, around)


def chat_channels(settings: Settings) -> dict[str, ModuleType]:
    """The chats that are configured, by channel; what they need is imported for none of the others."""
    wanted = {"slack": settings.slack.bot_token, "telegram": settings.telegram.token}
    return {name: importlib.import_module(f"bot.channels.{name}") for name, token in wanted.items() if token}


def _staff_rooms(settings: Settings) -> tuple[StaffRoom, ...]:
    rooms = (chat.staff_room(settings) for chat in chat_channels(settings).values())
    return tuple(room for room in rooms if room is not None)


def _chat_starts(settings: Settings) -> dict[str, str]:
    """Where a chat with the bot is opened; Slack has no such address."""
    name = settings.telegram.bot_name.lstrip("@")
    return {"telegram": f"https://t.me/{name}?start="} if settings.telegram.token and name else {}


def local_systems(made: Sessions, clock: Clock, letters: SentLetters | None = None) -> Systems:
    """The embedded client area and registrar; `letters` are those that the desk sends for them."""
    return Systems(
        billing=LocalBilling(made),
        profiles=LocalProfiles(made, clock, letters),
        hosting=LocalHosting(made, clock),
        panel=LocalPanel(made, clock),
        ledger=LocalLedger(made, clock),
        shop=LocalShop(made, clock),
        library=LocalLibrary(made, clock),
        registrar=LocalRegistrar(made, clock),
    )


def desk_of(settings: Settings, staff: Staff, rooms: tuple[StaffRoom, ...] = (), canned: Shelf = tuple) -> Desk:
    limits = settings.limits
    return Desk(
        name=settings.desk.name,
        address=settings.desk.address,
        domain=settings.mail_domain,
        departments=tuple(
            Department(d.name, d.address, d.other_addresses, d.words, d.signature, d.assignment)
            for d in settings.departments
        ),
        staff=staff,
        language=settings.desk.language,
        time_zone=ZoneInfo(settings.desk.time_zone),
        url=settings.desk.url,
        rooms=rooms,
        canned=canned,
        fields={one.name.lower(): one.values for one in settings.fields},
        triggers=triggers(settings.triggers, [d.name for d in settings.departments]),
        rules=Rules(
            per_address_hour=limits.automatic_per_address_hour,
            per_address_day=limits.automatic_per_address_day,
            per_ticket_day=limits.automatic_per_ticket_day,
            answers_per_hour=limits.answers_per_address_hour,
            tickets_per_address_hour=limits.tickets_per_address_hour,
            to_strangers_hour=limits.automatic_to_strangers_hour,
            per_chat_hour=limits.answers_per_chat_hour,
            reopen_days=settings.life.reopen_days,
        ),
    )


def _insist_on_known(key: str, values: Sequence[str], known: Sequence[str]) -> None:
    """A mistyped kind would be left out in silence. Raises SettingsError."""
    unknown = [value for value in values if value not in known]
    if unknown:
        raise SettingsError(f"{key}: there is no {unknown[0]!r}; it may name {', '.join(known)}")


def _insist_on_good(hook: WebhookSettings) -> None:
    """Raises SettingsError for one that could not be sent to, or that nobody could believe."""
    if not hook.name or not hook.url.startswith(("https://", "http://")):
        raise SettingsError(f"webhooks: {hook.name or hook.url!r} wants a name and a url that begins with https://")
    try:
        Webhook(hook.secret)
    except (ValueError, EmptyWebhookSecretError):
        makes = "`openssl rand -base64 24` makes one"
        raise SettingsError(f"webhooks.secret of {hook.name}: wants whsec_ and base64; {makes}") from None


def _in_folder(url: str, folder: Path) -> str:
    """A relative SQLite file lies beside the configuration, wherever the command was called."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith("sqlite:////") and ":memory:" not in url:
        return f"{prefix}{(folder / url.removeprefix(prefix)).absolute()}"
    return url


def smtp_listener(app: App, intake: Intake) -> SmtpListener:
    desk = app.around.desk
    domains = {address.rpartition("@")[2].lower() for d in desk.departments for address in d.addresses}
    domains |= {desk.domain.lower(), desk.address.rpartition("@")[2].lower()}
    return SmtpListener(app.settings.email.listener, desk.owns, intake.ready, domains=domains, room=intake.room)


def imap_listener(app: App) -> ImapListener:
    desk = app.around.desk
    return ImapListener(
        app.settings.email.imap,
        lambda raw: envelope.recipients(raw, desk.owns, desk.address),
        StoredMailboxes(app.sessions),
        max_message_size=app.settings.email.listener.max_message_size,
    )


def schedule(app: App) -> Schedule:
    own = app.settings.notices
    return Schedule(app.around, Hours(own.from_hour, own.to_hour, frozenset(own.kinds)))


def by_the_clock(app: App) -> tuple[Callable[[Surroundings], int], ...]:
    """What is done once a minute besides the notices, with the rules of this desk."""
    return (
        *BY_THE_CLOCK,
        functools.partial(ring_for_tickets, rules=life.rules(app.settings)),
        functools.partial(ask_for_ratings, rules=life.asking(app.settings)),
        ClientBook().ring,
        *(report.ring for report in weekly(app.settings)),
    )


def mail_sender(app: App) -> Submission:
    outgoing = app.settings.email.outgoing
    sign = None
    if outgoing.dkim_key:
        sign = dkimsign.signer(app.folder / outgoing.dkim_key, outgoing.dkim_selector, app.around.desk.domain)
    return Submission(outgoing, sign)


async def run(
    app: App,
    roles: Sequence[str],
    *,
    until: asyncio.Event,
    started: Callable[[SmtpListener | None], None] = lambda _: None,
    senders: dict[str, Sender] | None = None,
) -> None:
    """Run these roles until the event; then take nothing new, finish what is in hand, and return."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(32, thread_name_prefix="desk"))
    intake = app.intake()
    intake.start()
    tasks: list[asyncio.Task[None]] = []
    smtp: SmtpListener | None = None
    if "smtp" in roles:
        smtp = smtp_listener(app, intake)
        tasks.append(asyncio.create_task(smtp.listen(intake.accept)))
    if "imap" in roles and app.settings.email.imap.host:
        tasks.append(asyncio.create_task(imap_listener(app).listen(intake.accept_when_there_is_room)))
    if "web" in roles and app.settings.desk.url:
        tasks.append(asyncio.create_task(WebDoor(app.around, app.settings.web).serve()))
    chats = _chats(app.settings)
    if "slack" in chats:
        home = functools.partial(chathome.home, app.around)
        chat_channels(app.settings)["slack"].shows_home(*chats["slack"], app.around.composers["slack"], home)
    for name, (door, _) in chats.items():
        if name in roles:
            tasks.append(asyncio.create_task(door.listen(intake.accept)))
    tasks.append(asyncio.create_task(tidy_again_and_again(app.around, app.name)))
    if "scheduler" in roles:
        keep = Retention(**dataclasses.asdict(app.settings.retention))
        tasks.append(asyncio.create_task(purge_every_day(app.around, keep)))
        tasks.append(asyncio.create_task(ring_again_and_again(schedule(app), app.written, by_the_clock(app))))
        tasks.append(asyncio.create_task(seal_and_forget(app.around)))
    workers = [Worker(app.pipeline(n), app.arrived, app.written, app.stopping) for n in range(_workers(app, roles))]
    for worker in workers:
        worker.start()
    own: dict[str, Sender] = {} if senders else own_senders(app, chats)
    posting = _posting(app, senders or own)
    sending = [asyncio.create_task(posting.run())] if "sender" in roles else []
    if smtp is not None:
        await _until_open(smtp, tasks[0])
    started(smtp)
    await _first(until, [*tasks, *sending])
    await _stop(app, tasks, workers, posting, sending, intake)
    for sender in own.values():
        await _close(sender)


def own_senders(app: App, chats: Mapping[str, tuple[Listener, Sender]]) -> dict[str, Sender]:
    """By channel."""
    found: dict[str, Sender] = {"email": mail_sender(app), **{name: sender for name, (_, sender) in chats.items()}}
    if app.settings.webhooks:
        found[webhooks.CHANNEL] = WebhookSender(app.settings.webhooks)
    return found


def _workers(app: App, roles: Sequence[str]) -> int:
    if "worker" not in roles:
        return 0
    return WORKERS_ON_SQLITE if app.engine.dialect.name == "sqlite" else WORKERS_ELSEWHERE


def _chats(settings: Settings) -> dict[str, tuple[Listener, Sender]]:
    """The doors and senders of the chats that are configured; neither does anything before it is asked to."""
    chats = chat_channels(settings)
    return {name: (chat.listener(settings), chat.sender(settings)) for name, chat in chats.items()}


def _posting(app: App, senders: Mapping[str, Sender]) -> Posting:
    give_up = app.settings.email.outgoing.give_up_after_hours
    return Posting(app.around, senders, app.name, app.written, give_up)


async def _until_open(smtp: SmtpListener, listening: asyncio.Task[None]) -> None:
    opened = asyncio.create_task(smtp.started.wait())
    await asyncio.wait({opened, listening}, return_when=asyncio.FIRST_COMPLETED)
    opened.cancel()
    if listening.done():
        listening.result()


async def _first(until: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the end; a task that dies takes the service with it, so that its supervisor starts it anew."""
    waiting = asyncio.create_task(until.wait())
    done, _ = await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    waiting.cancel()


async def _stop(
    app: App,
    tasks: Sequence[asyncio.Task[None]],
    workers: Sequence[Worker],
    posting: Posting,
    sending: Sequence[asyncio.Task[None]],
    intake: Intake,
) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    app.stopping.set()
    posting.stopping.set()
    app.arrived.set()
    app.written.set()
    for worker in workers:
        await asyncio.to_thread(worker.join, 25)
    await asyncio.gather(*sending, return_exceptions=True)
    await asyncio.to_thread(intake.stop)


async def _close(sender: Sender) -> None:
    with contextlib.suppress(Exception):
        result = sender.close()  # type: ignore[attr-defined]
        if asyncio.iscoroutine(result):
            await result
