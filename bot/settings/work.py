"""What helpdesk.toml may say about triggers, fields of tickets and webhooks (docs/staff.md, docs/operating.md)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ConditionSettings:
    """All of them hold, or nothing is done; one that is not written always does."""

    departments: tuple[str, ...] = ()
    sender: str = ""
    subject: str = ""
    text: str = ""
    priority: str = ""
    tag: str = ""
    client: str = ""
    """yes, no or "" for both: is it a client's ticket?"""


@dataclass(frozen=True, slots=True)
class TriggerSettings:
    name: str = ""
    when: str = "opened"
    """opened, client (the client wrote), staff (staff answered) or closed."""
    condition: ConditionSettings = field(default_factory=ConditionSettings)
    then: tuple[str, ...] = ()
    """Commands of staff, a line each."""


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """A field of tickets; without `values` it takes any text."""

    name: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Another system that is told what happens to tickets."""

    name: str = ""
    url: str = ""
    secret: str = ""
    """What requests are signed with: "whsec_" and base64, as Standard Webhooks has it."""
    events: tuple[str, ...] = ()
    """Of ticket.opened, ticket.status, message.public…; all if empty."""
    texts: bool = False
    """Send what was said as well; else only that something was."""
