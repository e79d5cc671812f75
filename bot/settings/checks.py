"""What no type can say: names that must exist, addresses that must differ, keys that need each other."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.settings.chats import Slack, Telegram
from bot.settings.desk import DepartmentSettings
from bot.settings.mail import Authentication
from bot.settings.problem import SettingsError
from bot.settings.whole import DEFAULT_DEPARTMENTS, Settings


def checked(settings: Settings, folder: Path) -> Settings:
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
