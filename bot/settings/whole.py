"""The whole of helpdesk.toml."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.settings.chats import Slack, Telegram
from bot.settings.clocks import CalendarSettings, ClocksSettings, PolicySettings
from bot.settings.desk import (
    Backend,
    DepartmentSettings,
    Desk,
    Limits,
    Notices,
    Panel,
    RegistrarSettings,
    RetentionSettings,
    StaffSettings,
    Web,
)
from bot.settings.life import LifeSettings, SatisfactionSettings
from bot.settings.mail import Email
from bot.settings.reports import ReportsSettings
from bot.settings.work import FieldSettings, TriggerSettings, WebhookSettings

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
    clocks: ClocksSettings = field(default_factory=ClocksSettings)
    calendars: tuple[CalendarSettings, ...] = ()
    policies: tuple[PolicySettings, ...] = ()
    triggers: tuple[TriggerSettings, ...] = ()
    fields: tuple[FieldSettings, ...] = ()
    webhooks: tuple[WebhookSettings, ...] = ()
    life: LifeSettings = field(default_factory=LifeSettings)
    satisfaction: SatisfactionSettings = field(default_factory=SatisfactionSettings)
    reports: ReportsSettings = field(default_factory=ReportsSettings)
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
