"""The triggers of the configuration, checked before the desk starts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.settings import SettingsError
from bot.settings.work import TriggerSettings
from core.desk import Trigger
from core.staff.triggers import faults

_KNOWN = {"": None, "yes": True, "no": False}


def triggers(entries: Sequence[TriggerSettings], departments: Sequence[str]) -> tuple[Trigger, ...]:
    """Raises SettingsError, with the key's path."""
    return tuple(_trigger(f"triggers[{index}]", entry, departments) for index, entry in enumerate(entries))


def _trigger(where: str, entry: TriggerSettings, departments: Sequence[str]) -> Trigger:
    condition = entry.condition
    unknown = [name for name in condition.departments if name not in departments]
    if unknown:
        raise SettingsError(f"{where}.condition.departments: there is no {unknown[0]!r}")
    if condition.client not in _KNOWN:
        raise SettingsError(f"{where}.condition.client: {condition.client!r}; write yes or no")
    made = Trigger(
        name=entry.name or where,
        when=entry.when,
        do="\n".join(entry.then),
        departments=condition.departments,
        sender=condition.sender,
        subject=condition.subject,
        text=condition.text,
        priority=condition.priority,
        tag=condition.tag,
        known=_KNOWN[condition.client],
    )
    wrong = faults(made)
    if wrong:
        raise SettingsError(f"{where}: {'; '.join(wrong)}")
    return made
