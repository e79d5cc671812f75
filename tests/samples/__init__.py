"""Samples for every reply template, a module for each room; each sentence of a template needs one that reaches it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def collect() -> dict[str, list[dict[str, Any]]]:
    """All `SAMPLES` of the modules here: template: the contexts it is rendered with."""
    found: dict[str, list[dict[str, Any]]] = {}
    for module in pkgutil.iter_modules(__path__):
        samples = getattr(importlib.import_module(f"{__name__}.{module.name}"), "SAMPLES", {})
        twice = found.keys() & samples.keys()
        assert not twice, f"{module.name}: {twice} have samples elsewhere"
        found |= samples
    return found


def secret() -> frozenset[str]:
    """The templates that `SECRET` of a module names: their letters carry a secret, and mark it."""
    return frozenset[str]().union(
        *(
            getattr(importlib.import_module(f"{__name__}.{m.name}"), "SECRET", ())
            for m in pkgutil.iter_modules(__path__)
        )
    )
