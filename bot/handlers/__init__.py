"""What people can ask: one file per page of the client area, one function and one template per question."""

from __future__ import annotations

import importlib
import pkgutil

from core.intents import Registry, declared


def collect() -> Registry:
    """Every function of this package that was marked with @intent. Raises core.intents.DeclarationError."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        found += [entry for member in members if callable(member) and (entry := declared(member)) is not None]
    return Registry.of(sorted(found, key=lambda entry: entry.name))
