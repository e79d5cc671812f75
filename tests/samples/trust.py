"""Samples of what is said about mail that could not be taken as it was."""

from __future__ import annotations

from typing import Any

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "secret_removed": [{}],
}
