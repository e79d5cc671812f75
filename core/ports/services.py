"""Hosting: what a client has, what it can become, and the control panel it runs on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Service:
    """A hosting product a client has; `domain` is its main name, "" where it has none."""

    id: str
    client_id: str
    product: str
    group: str
    domain: str
    status: str
    recurring_amount: Decimal
    billing_cycle: str
    registered: dt.date | None = None
    next_due_date: dt.date | None = None
    server: str = ""
    username: str = ""
    disk_used_mb: int | None = None
    disk_limit_mb: int | None = None
    product_id: str = ""
    bandwidth_used_mb: int | None = None
    bandwidth_limit_mb: int | None = None
    hostname: str = ""
    """The server's host name, under which the panel answers."""
    ip_address: str = ""
    nameservers: tuple[str, ...] = ()
    payment_method: str = ""
    suspension_reason: str = ""
    addons: tuple[ServiceAddon, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceAddon:
    """An extra bought for a service; hours are those of a maintenance plan, None for other extras."""

    id: str
    service_id: str
    product: str
    status: str
    recurring_amount: Decimal
    billing_cycle: str
    next_due_date: dt.date | None = None
    product_id: str = ""
    hours_included: Decimal | None = None
    hours_used: Decimal | None = None


class When(StrEnum):
    """When a cancelled service ends."""

    IMMEDIATE = "immediate"
    END_OF_PERIOD = "end_of_period"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A request to end a service, open until the day it takes effect."""

    service_id: str
    when: When
    requested: dt.datetime
    effective: dt.date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UpgradeOption:
    """A plan and cycle that a service can move to. `due_now` is pro rata for the rest of the paid period and less
    than zero when credit comes back; `recurring_amount` is the price from the next due date on.
    """

    product_id: str
    product: str
    billing_cycle: str
    recurring_amount: Decimal
    due_now: Decimal


class Hosting(Protocol):
    """What billing lets a client do with a service."""

    def upgrade_options(self, service: Service) -> Sequence[UpgradeOption]:
        """Cheapest first, the same plan in other cycles among them. Raises Rejected while an upgrade is unpaid.

        Another cycle of the same plan begins after the paid period: nothing is due for it now.
        """

    def upgrade(self, service: Service, option: UpgradeOption) -> str:
        """Orders the change; the invoice's id, "" when nothing is due and it happened at once.

        Raises Rejected when the option is no longer on offer at that price.
        """

    def cancellation(self, service: Service) -> Cancellation | None:
        """The open one; None as well for a service that has ended."""

    def cancel(self, service: Service, when: When, reason: str) -> Cancellation:
        """An immediate end replaces a later one. Raises Rejected for what has ended, or ends at that time already."""

    def withdraw_cancellation(self, service: Service) -> None:
        """Raises Rejected when none is open, or the service has ended."""

    def end_due(self, today: dt.date) -> Sequence[Service]:
        """End every service whose cancellation has come into effect by that day; those that were ended now.

        The clock asks again and again. A billing system that ends them by itself does nothing here and returns none.
        """

    def endings(self, client_id: str) -> Sequence[Cancellation]:
        """The cancellations that took effect, latest first; for the news that a service has ended."""


class Panel(Protocol):
    """The control panel of a service (cPanel and its kind)."""

    def panel_url(self, service: Service) -> str:
        """The plain public address of its login page, "" without a panel."""

    def webmail_url(self, service: Service) -> str: ...

    def session_url(self, service: Service, tool: str) -> str:
        """A signed-in address, opened at `tool` ("" for its home; the names are in `TOOLS`), good for minutes.

        Called when a one-time link is opened, never for a mail.
        """

    def set_password(self, service: Service, password: str) -> None: ...

    def create_mailbox(self, service: Service, address: str, password: str) -> None:
        """Raises Rejected when the address exists, or is of a domain that the service does not carry."""


TOOLS = (
    "email_accounts",
    "forwarders",
    "autoresponders",
    "file_manager",
    "backup",
    "subdomains",
    "addon_domains",
    "cron_jobs",
    "mysql",
    "phpmyadmin",
    "awstats",
    "wordpress",
)
