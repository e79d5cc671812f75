"""The five things that can go wrong, by name, and where each ends (docs/architecture.md, "Errors")."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """The answer is no: `template` says why and what to do instead."""

    def __init__(self, template: str, /, **context: Any) -> None:
        super().__init__(template)
        self.template = template
        self.context = context


class Unavailable(Exception):
    """A system behind us was not reached; nothing happened there, and trying again is right."""


class Rejected(Exception):
    """A system behind us said no; the text is its reason in our words."""


class Uncertain(Exception):
    """Lost half way: the act may have happened. A person has to look before anything is repeated."""


class Unsupported(Exception):
    """This backend cannot do it at all; `feature` names what (a ticket is opened instead)."""

    def __init__(self, feature: str) -> None:
        super().__init__(feature)
        self.feature = feature
