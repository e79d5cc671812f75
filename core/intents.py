"""What people can ask for: a handler is a function, its declaration is data.

The decorator only marks the function; `bot.handlers.collect` finds it. Name, phrases, risk and permission are read
by the understanding, by the access rules, by the help text and by the tests, so a handler cannot be without them.
The signature is the form: `domain: Domain` is looked up in the sender's own account, or asked for.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from core.messages import Proposal, Reply
from core.people import Permission, Risk

Handler = Callable[..., Reply | Proposal]
F = typing.TypeVar("F", bound=Handler)
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A value the handler needs: its parameter's name and kind; optional when the parameter has a default."""

    name: str
    kind: object
    """A class of core.ports, or a kind of core.forms."""
    required: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that can be asked; `help` is what the sender reads about it."""

    name: str
    run: Handler
    says: tuple[str, ...]
    risk: Risk
    permission: Permission | None
    safe: bool
    """The safe direction (lock, switch protection on): needs no confirmation."""
    department: str
    """Who takes it over when the desk can't do it."""
    rows: tuple[str, ...]
    """The functions of a client area that it is (docs/client-area.md): "F73"."""
    slots: tuple[Slot, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Declaration:
    name: str
    says: tuple[str, ...]
    risk: Risk
    permission: Permission | None
    safe: bool
    department: str
    rows: tuple[str, ...]


_MARK = "declared_intent"


def intent(
    name: str,
    *,
    says: tuple[str, ...],
    risk: Risk,
    permission: Permission | None = None,
    safe: bool = False,
    department: str = "Support",
    rows: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Declare the function below as the handler of `name`. `says` are example phrases with {slots}."""

    def mark(function: F) -> F:
        setattr(function, _MARK, Declaration(name, says, risk, permission, safe, department, rows))
        return function

    return mark


class DeclarationError(Exception):
    """A handler is declared wrongly; raised at start, never while a message is walked."""


def declared(function: object) -> Intent | None:
    """The intent that a function was marked with, checked; None for an unmarked one. Raises DeclarationError."""
    declaration: Declaration | None = getattr(function, _MARK, None)
    if declaration is None:
        return None
    handler = typing.cast(Handler, function)
    slots = _slots(handler)
    if not (handler.__doc__ or "").strip():
        raise DeclarationError(f"{declaration.name}: the docstring is the help text, and there is none")
    if not declaration.says:
        raise DeclarationError(f"{declaration.name}: no example phrase")
    names = {slot.name for slot in slots}
    for phrase in declaration.says:
        for word in _SLOT.findall(phrase):
            if word not in names:
                raise DeclarationError(
                    f"{declaration.name}: the phrase {phrase!r} names {word}, which the handler does not take"
                )
    return Intent(
        name=declaration.name,
        run=handler,
        says=declaration.says,
        risk=declaration.risk,
        permission=declaration.permission,
        safe=declaration.safe,
        department=declaration.department,
        rows=declaration.rows,
        slots=slots,
        help=inspect.getdoc(handler).splitlines()[0],  # type: ignore[union-attr]
    )


def _slots(handler: Handler) -> tuple[Slot, ...]:
    hints = typing.get_type_hints(handler)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return tuple(Slot(p.name, _kind(hints[p.name]), p.default is inspect.Parameter.empty) for p in parameters)


def _kind(hint: object) -> object:
    """`Domain | None` is a Domain that may be missing."""
    options = [option for option in typing.get_args(hint) if option is not type(None)]
    return options[0] if options and type(None) in typing.get_args(hint) else hint


@dataclass(frozen=True, slots=True)
class Registry:
    """All intents by name, in the order of their declaration."""

    intents: Mapping[str, Intent] = field(default_factory=dict)

    @staticmethod
    def of(intents: Iterable[Intent]) -> Registry:
        """Raises DeclarationError for a name used twice."""
        found: dict[str, Intent] = {}
        for entry in intents:
            if entry.name in found:
                raise DeclarationError(f"{entry.name} is declared twice")
            found[entry.name] = entry
        return Registry(found)

    def __iter__(self) -> typing.Iterator[Intent]:
        return iter(self.intents.values())

    def __getitem__(self, name: str) -> Intent:
        return self.intents[name]
