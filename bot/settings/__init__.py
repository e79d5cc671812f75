"""helpdesk.toml and the environment become frozen dataclasses, room by room; whoever needs one imports it from here.

Every key has a default. A key nobody knows, a value of the wrong kind or a missing secret stops the start with the
key's path and what to write instead. `HELPDESK__EMAIL__OUTGOING__HOST` overrides `[email.outgoing] host`; a secret
may be given as `{ file = "/run/secrets/x" }`.
"""

from bot.settings.chats import Slack, Telegram
from bot.settings.clocks import CalendarSettings, ClocksSettings, HoursSettings, PolicySettings, StepSettings
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
from bot.settings.life import DepartmentLife, LifeSettings, SatisfactionSettings
from bot.settings.mail import DANGEROUS, Attachments, Authentication, Email, Imap, Listener, Outgoing
from bot.settings.problem import SettingsError
from bot.settings.reading import ENVIRONMENT_PREFIX, load
from bot.settings.reports import ReportsSettings
from bot.settings.whole import DEFAULT_DEPARTMENTS, Settings
from bot.settings.work import ConditionSettings, FieldSettings, TriggerSettings, WebhookSettings

__all__ = [
    "Attachments",
    "Authentication",
    "Backend",
    "CalendarSettings",
    "ClocksSettings",
    "ConditionSettings",
    "DANGEROUS",
    "DEFAULT_DEPARTMENTS",
    "DepartmentLife",
    "DepartmentSettings",
    "Desk",
    "ENVIRONMENT_PREFIX",
    "Email",
    "FieldSettings",
    "HoursSettings",
    "Imap",
    "LifeSettings",
    "Limits",
    "Listener",
    "Notices",
    "Outgoing",
    "Panel",
    "PolicySettings",
    "RegistrarSettings",
    "ReportsSettings",
    "RetentionSettings",
    "SatisfactionSettings",
    "Settings",
    "SettingsError",
    "Slack",
    "StaffSettings",
    "StepSettings",
    "Telegram",
    "TriggerSettings",
    "Web",
    "WebhookSettings",
    "load",
]
