"""What a wrong configuration raises."""

from __future__ import annotations


class SettingsError(Exception):
    """The configuration cannot be used; the text names the key and the next step."""
