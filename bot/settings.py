"""helpdesk.toml and the environment become frozen dataclasses.

Every key has a default. A key nobody knows, a value of the wrong kind or a missing secret stops the start with the
key's path and what to write instead. `HELPDESK__EMAIL__OUTGOING__HOST` overrides `[email.outgoing] host`; a secret
may be given as `{ file = "/run/secrets/x" }`.
"""

from __future__ import annotations

import dataclasses
import difflib
import ipaddress
import json
import os
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.reminders import KINDS

ENVIRONMENT_PREFIX = "HELPDESK__"


class SettingsError(Exception):
    """The configuration cannot be used; the text names the key and the next step."""


@dataclass(frozen=True, slots=True)
class Desk:
    name: str = "Help Desk"
    address: str = "help@desk.example"
    database: str = "sqlite:///helpdesk.db"
    url: str = ""
    secret: str = ""
    storage_key: str = ""
    """Raw messages and attachments are encrypted with it; several, the newest first, while one replaces another."""
    time_zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class DepartmentSettings:
    name: str = ""
    address: str = ""
    other_addresses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """What a mail to the general address says when it belongs here."""
    signature: str = ""
    """Below every answer of this department's staff; {staff}, {department} and {desk} are filled in."""


@dataclass(frozen=True, slots=True)
class StaffSettings:
    name: str = ""
    email: str = ""
    other_emails: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    role: str = "agent"
    slack_id: str = ""
    """Their member id in the workspace (U…), with which they work tickets there."""
    telegram_id: str = ""
    """The number of their Telegram account."""


@dataclass(frozen=True, slots=True)
class Listener:
    listen: str = "127.0.0.1:8025"
    protocol: str = "smtp"
    max_message_size: int = 26_214_400
    tls_certificate: str = ""
    tls_key: str = ""
    max_connections: int = 200
    max_connections_per_peer: int = 20
    max_recipients: int = 100
    timeout: float = 300.0
    """Seconds a session may be silent, and a DATA may take."""
    trusted_peers: tuple[str, ...] = ("127.0.0.1", "::1")
    """Relays of our own that may open any number of connections; not a statement about who wrote a mail."""


@dataclass(frozen=True, slots=True)
class Authentication:
    verify: bool = True
    trusted_authserv_ids: tuple[str, ...] = ()
    dns: str | dict[str, str] = "system"
    shared_outbound: tuple[str, ...] = ()
    """Networks of relays that send for many: SPF from there proves nothing, nor do signatures that came through."""
    enforces_sender: tuple[str, ...] = ()
    """Those of them that refuse a From which is not the tenant's own: signatures that came through them count."""
    shared_selectors: tuple[str, ...] = ()
    """Names of the keys that relays which do not enforce the sender sign with, for whatever domain."""
    trusted_arc_sealers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imap:
    host: str = ""
    port: int = 993
    tls: str = "implicit"
    """implicit, starttls or none."""
    ca_file: str = ""
    user: str = ""
    password: str = ""
    oauth_token: str = ""
    folder: str = "INBOX"
    done_folder: str = "Done"
    idle: bool = True
    poll_seconds: float = 60.0
    import_existing: bool = False
    """Take what was in the mailbox before the first connect as well."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    host: str = "127.0.0.1"
    port: int = 25
    tls: str = "none"
    """none, starttls or implicit; with TLS a failure waits for the next try, never falls back to plain text."""
    ca_file: str = ""
    user: str = ""
    password: str = ""
    from_domain: str = ""
    """Domain of our Message-IDs and bounce addresses; the domain of the desk's address if empty."""
    dkim_key: str = ""
    """Path of a PEM private key (RSA or Ed25519)."""
    dkim_selector: str = ""
    connections: int = 2
    give_up_after_hours: float = 120.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the desk says by itself; windows in whole hours."""

    automatic_per_address_hour: int = 3
    automatic_per_address_day: int = 10
    automatic_per_ticket_day: int = 5
    answers_per_address_hour: int = 20
    """Questions of one address that are answered at once; more become tickets."""
    answers_per_chat_hour: int = 200
    """The same of one chat, where nobody else can write."""
    automatic_to_strangers_hour: int = 30
    """Over all addresses that are on nobody's file."""
    tickets_per_address_hour: int = 10
    """Further mails of that address are added to its last ticket, and staff are told of the flood once."""
    queued: int = 10_000
    """Accepted but not yet walked; above it the doors say "try again later"."""
    min_free_mb: int = 256
    """Free space (MiB) on the volume of an SQLite database; below it the doors say "try again later"."""


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Days until it is thrown away; 0 keeps for ever."""

    raw_messages: int = 30
    quarantine: int = 90
    letters: int = 365
    dialogs: int = 90
    attachments: int = 365
    ticket_text: int = 1095
    audit: int = 1095


DANGEROUS = ("exe", "scr", "com", "pif", "bat", "cmd", "vbs", "js", "jse", "wsf", "hta", "lnk", "msi", "jar", "ps1")


@dataclass(frozen=True, slots=True)
class Attachments:
    """What is kept on a ticket; the sender is told what was not, and how to send it instead."""

    max_size: int = 15_728_640
    """Bytes of one file."""
    max_count: int = 40
    refused_endings: tuple[str, ...] = DANGEROUS


@dataclass(frozen=True, slots=True)
class Email:
    listener: Listener = field(default_factory=Listener)
    authentication: Authentication = field(default_factory=Authentication)
    imap: Imap = field(default_factory=Imap)
    outgoing: Outgoing = field(default_factory=Outgoing)
    attachments: Attachments = field(default_factory=Attachments)


@dataclass(frozen=True, slots=True)
class Slack:
    """The desk in Slack; off without a bot token."""

    bot_token: str = ""
    app_token: str = ""
    """Of the app, for Socket Mode."""
    signing_secret: str = ""
    """What Slack signs its HTTP requests with."""
    mode: str = "socket"
    """socket (no public address is needed) or http."""
    listen: str = "127.0.0.1:3000"
    """Where signed requests are taken in mode http, behind a reverse proxy with TLS; the path is /slack/events."""
    triage_channel: str = ""
    """The id (C…) of the channel where staff see the tickets; the bot must be a member of it."""
    api_url: str = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class Telegram:
    """The desk in Telegram; off without a token."""

    token: str = ""
    bot_name: str = ""
    """The bot's @name, for the links in mails that open a chat with it."""
    mode: str = "polling"
    """polling (no public address is needed) or webhook."""
    webhook_url: str = ""
    """Public address that Telegram brings updates to, https://…/…; its path is served at `webhook_listen`."""
    webhook_listen: str = "127.0.0.1:8081"
    webhook_secret: str = ""
    """Shown by Telegram with each update; derived from `desk.secret` if empty."""
    staff_group: str = ""
    """The id (-100…) of the group where staff see the tickets."""
    groups: bool = False
    """Answer in groups as well, when addressed."""
    api_url: str = "https://api.telegram.org/bot"
    file_url: str = "https://api.telegram.org/file/bot"


@dataclass(frozen=True, slots=True)
class Web:
    """The desk's own pages; they are served where `desk.url` says how they are reached."""

    listen: str = "127.0.0.1:8080"
    opens: tuple[str, ...] = ("download",)
    """What they open: download, sign_in, password, panel, panel_password, mailbox. What is left out becomes a ticket.

    The embedded client area and panel only note the others, no server of yours learns of them: for trials.
    """


@dataclass(frozen=True, slots=True)
class Notices:
    """What clients are told without asking. Leave out the kinds that the billing system mails itself."""

    kinds: tuple[str, ...] = KINDS
    from_hour: int = 9
    to_hour: int = 20
    """Full hours of the reader's own day between which they are sent."""


@dataclass(frozen=True, slots=True)
class Backend:
    kind: str = "local"


@dataclass(frozen=True, slots=True)
class RegistrarSettings:
    kind: str = "local"


@dataclass(frozen=True, slots=True)
class Panel:
    kind: str = "local"


DEFAULT_DEPARTMENTS = ("Sales", "Billing", "Support", "Security")


@dataclass(frozen=True, slots=True)
class Settings:
    desk: Desk = field(default_factory=Desk)
    departments: tuple[DepartmentSettings, ...] = ()
    staff: tuple[StaffSettings, ...] = ()
    email: Email = field(default_factory=Email)
    limits: Limits = field(default_factory=Limits)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    notices: Notices = field(default_factory=Notices)
    web: Web = field(default_factory=Web)
    slack: Slack = field(default_factory=Slack)
    telegram: Telegram = field(default_factory=Telegram)
    backend: Backend = field(default_factory=Backend)
    registrar: RegistrarSettings = field(default_factory=RegistrarSettings)
    panel: Panel = field(default_factory=Panel)

    @property
    def mail_domain(self) -> str:
        """The domain of the desk's own addresses, Message-IDs and bounce addresses."""
        return self.email.outgoing.from_domain or self.desk.address.rpartition("@")[2]


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the file (None: defaults only) and the environment. Raises SettingsError."""
    document: dict[str, Any] = {}
    if path is not None:
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(f"{path}: no such file; give the configuration with -c FILE") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: is not valid TOML: {error}") from None
    _override(document, environment)
    settings = _build(Settings, document, "")
    return _checked(settings, (path or Path()).parent)


def _override(document: dict[str, Any], environment: Mapping[str, str]) -> None:
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        *tables, key = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        table = document
        for name in tables:
            table = table.setdefault(name, {})
            if not isinstance(table, dict):
                raise SettingsError(f"{variable}: {name} is not a table")
        table[key] = _Text(text)


class _Text(str):
    """A value from the environment: text that stands for whatever the key wants."""

    __slots__ = ()


def _build(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _build_table(kind, value, where)
    origin = typing.get_origin(kind)
    if origin is tuple:
        (item, _) = typing.get_args(kind)
        if isinstance(value, _Text):
            value = [_Text(part.strip()) for part in value.split(",") if part.strip()]
        if not isinstance(value, list):
            raise SettingsError(f"{where}: wants a list")
        return tuple(_build(item, entry, f"{where}[{index}]") for index, entry in enumerate(value))
    if origin is types.UnionType:
        if isinstance(value, _Text) and value.startswith("{"):
            return json.loads(value)
        if isinstance(value, (str, dict)):
            return value
        raise SettingsError(f"{where}: wants text or a table")
    return _build_scalar(kind, value, where)


def _build_table(kind: type[Any], value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise SettingsError(f"{where or 'the file'}: wants a table")
    hints = typing.get_type_hints(kind)
    arguments = {}
    for key, entry in value.items():
        path = f"{where}.{key}" if where else key
        if key not in hints:
            near = difflib.get_close_matches(key, hints, 1)
            raise SettingsError(f"{path}: unknown key" + (f"; did you mean {near[0]}?" if near else ""))
        arguments[key] = _build(hints[key], entry, path)
    return kind(**arguments)


def _build_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is str and isinstance(value, dict) and set(value) == {"file"}:
        try:
            return Path(value["file"]).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{where}: {value['file']} cannot be read: {error.strerror}") from None
    if isinstance(value, _Text):
        return _from_text(kind, value, where)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
        raise SettingsError(f"{where}: wants {names.get(kind, kind)}, not {value!r}")
    return value


def _from_text(kind: Any, value: str, where: str) -> Any:
    try:
        if kind is bool:
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[value.lower()]
        return kind(str(value))
    except (KeyError, ValueError):
        raise SettingsError(f"{where}: {value!r} in the environment does not fit") from None


def _checked(settings: Settings, folder: Path) -> Settings:
    desk = settings.desk
    if not desk.secret:
        raise SettingsError('desk.secret: missing; write secret = "…" with 32 or more random characters')
    if len(desk.secret) < 16:
        raise SettingsError("desk.secret: too short; it signs every reply address, give it 32 random characters")
    if any(len(key) < 32 for key in desk.storage_key.split()):
        raise SettingsError("desk.storage_key: too short; make one with `openssl rand -base64 32`, a space between two")
    if not desk.database.startswith(("sqlite://", "postgresql+psycopg://")):
        # Not shown: it may hold a password.
        raise SettingsError("desk.database: wants sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
    _one_of("email.listener.protocol", settings.email.listener.protocol, ("smtp", "lmtp"))
    _one_of("email.outgoing.tls", settings.email.outgoing.tls, ("none", "starttls", "implicit"))
    _one_of("email.imap.tls", settings.email.imap.tls, ("none", "starttls", "implicit"))
    _slack(settings.slack)
    _telegram(settings.telegram)
    _one_of("backend.kind", settings.backend.kind, ("local",))
    _one_of("registrar.kind", settings.registrar.kind, ("local",))
    _one_of("panel.kind", settings.panel.kind, ("local",))
    try:
        ZoneInfo(desk.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"desk.time_zone: {desk.time_zone!r} is not a time zone; write one like Europe/Berlin"
        ) from None
    _host_and_port("email.listener.listen", settings.email.listener.listen)
    _networks("email.listener.trusted_peers", settings.email.listener.trusted_peers)
    _networks("email.authentication.shared_outbound", settings.email.authentication.shared_outbound)
    _enforcing(settings.email.authentication)
    domain = desk.address.rpartition("@")[2]
    if not domain or "@" not in desk.address:
        raise SettingsError(f"desk.address: {desk.address!r} is not an address")
    departments = settings.departments or tuple(DepartmentSettings(name=name) for name in DEFAULT_DEPARTMENTS)
    departments = tuple(_with_address(index, department, domain) for index, department in enumerate(departments))
    _no_address_twice(desk.address, departments)
    names = {department.name for department in departments}
    for index, member in enumerate(settings.staff):
        for name in member.departments:
            if name not in names:
                raise SettingsError(
                    f"staff[{index}].departments: there is no {name!r}, only {', '.join(sorted(names))}"
                )
    dns = settings.email.authentication.dns
    if isinstance(dns, dict) and set(dns) != {"zone"} or isinstance(dns, str) and dns != "system":
        raise SettingsError('email.authentication.dns: wants "system" or { zone = "file.json" }')
    return dataclasses.replace(settings, departments=departments)


def _with_address(index: int, department: DepartmentSettings, domain: str) -> DepartmentSettings:
    if not department.name:
        raise SettingsError(f"departments[{index}].name: missing")
    address = department.address or f"{department.name.lower().replace(' ', '-')}@{domain}"
    if len(address.rpartition("@")[0]) > 30:
        raise SettingsError(
            f"departments[{index}].address: at most 30 characters before the @ (a signed tail follows them)"
        )
    return dataclasses.replace(department, address=address)


def _no_address_twice(general: str, departments: tuple[DepartmentSettings, ...]) -> None:
    seen = {general.lower(): "desk.address"}
    for index, department in enumerate(departments):
        for address in (department.address, *department.other_addresses):
            where = f"departments[{index}]"
            if address.lower() in seen:
                raise SettingsError(f"{where}: {address} is already the address of {seen[address.lower()]}")
            seen[address.lower()] = where


def _one_of(where: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingsError(f"{where}: {value!r} is not one of {', '.join(allowed)}")


def _telegram(telegram: Telegram) -> None:
    _one_of("telegram.mode", telegram.mode, ("polling", "webhook"))
    _host_and_port("telegram.webhook_listen", telegram.webhook_listen)
    if telegram.token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", telegram.token):
        raise SettingsError("telegram.token: wants what BotFather shows, figures, a colon and letters: 123456:AbC-…")
    if telegram.webhook_secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", telegram.webhook_secret):
        raise SettingsError("telegram.webhook_secret: Telegram takes 1 to 256 of A-Z, a-z, 0-9, _ and -")
    if telegram.token and telegram.mode == "webhook" and not telegram.webhook_url.startswith("https://"):
        raise SettingsError('telegram.webhook_url: mode "webhook" wants the https address that Telegram calls')


def _slack(slack: Slack) -> None:
    """Tokens in each other's place are told here, where the line can be named; Slack would only say "invalid_auth"."""
    _one_of("slack.mode", slack.mode, ("socket", "http"))
    _one_host_and_port("slack.listen", slack.listen)
    if not slack.bot_token:
        return
    if not slack.bot_token.startswith("xoxb-"):
        raise SettingsError("slack.bot_token: wants the Bot User OAuth Token, which begins with xoxb-")
    if slack.mode == "socket" and not slack.app_token.startswith("xapp-"):
        raise SettingsError("slack.app_token: Socket Mode wants the App-Level Token, which begins with xapp-")
    if slack.mode == "http" and not slack.signing_secret:
        raise SettingsError('slack.signing_secret: mode "http" wants the Signing Secret of the app')


def _networks(where: str, networks: tuple[str, ...]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise SettingsError(f"{where}: {network!r} is no network; write one like 192.0.2.0/24") from None


def _enforcing(authentication: Authentication) -> None:
    where = "email.authentication.enforces_sender"
    _networks(where, authentication.enforces_sender)
    shared = [ipaddress.ip_network(network, strict=False) for network in authentication.shared_outbound]
    for text in authentication.enforces_sender:
        network = ipaddress.ip_network(text, strict=False)
        if not any(network.version == other.version and network.subnet_of(other) for other in shared):  # type: ignore[arg-type]
            raise SettingsError(f"{where}: {text} is in no network of shared_outbound, where signatures count anyway")


def _host_and_port(where: str, value: str) -> None:
    if value.startswith("unix:"):
        return
    for part in value.split(","):
        _one_host_and_port(where, part.strip())


def _one_host_and_port(where: str, value: str) -> None:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise SettingsError(f"{where}: {value!r} wants HOST:PORT, as in 127.0.0.1:8025")
