"""The values that a handler can ask for beside the sender's own things; its parameter's kind says how they are read.

Each kind is found in the words of a message (`core.entities`), or asked for in words of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NewType

from core import ports
from core.owntickets import OwnTicket

DomainName = NewType("DomainName", str)
"""Any domain name, the sender's or not."""
DomainNames = NewType("DomainNames", tuple[str, ...])
"""Several domain names, for what is done to all of them at once."""
Hosts = NewType("Hosts", tuple[str, ...])
"""Host names of name servers."""
Email = NewType("Email", str)
Amount = NewType("Amount", Decimal)
Years = NewType("Years", int)
Cycle = NewType("Cycle", str)
"""A price key: monthly, annually, …"""
Priority = NewType("Priority", str)
"""Low, Medium or High."""
Language = NewType("Language", str)
"""ISO 639-1."""
Tool = NewType("Tool", str)
"""A page of the control panel, one of core.ports.TOOLS."""
Text = NewType("Text", str)
"""What they wrote, all of it."""

ENTITY: dict[object, str] = {
    DomainName: "domain",
    DomainNames: "domain",
    Hosts: "nameserver",
    Email: "email",
    Amount: "amount",
    Years: "years",
    Cycle: "cycle",
    Priority: "priority",
    Language: "language",
    Tool: "tool",
    ports.When: "when",
    Text: "text",
    ports.Domain: "domain",
    ports.Service: "domain",
    ports.Invoice: "invoice",
    OwnTicket: "ticket",
}
"""The kind of entity that fills a slot; the things that are not here are looked for in the text by their names."""

_READ: Mapping[object, Callable[[Sequence[str]], object]] = {
    DomainNames: tuple,
    Hosts: tuple,
    Amount: lambda words: Decimal(words[0]),
    Years: lambda words: int(words[0]),
    ports.When: lambda words: ports.When(words[0]),
}


def entity_of(kind: object) -> str:
    return ENTITY.get(kind, "text")


def read(kind: object, words: Sequence[str]) -> object:
    """The value that these words are."""
    reader = _READ.get(kind)
    return words[0] if reader is None else reader(words)


def written(value: object) -> tuple[str, ...]:
    """A value as words, so that `read` gives it again."""
    if isinstance(value, tuple):
        return tuple(str(part) for part in value)
    return (str(value),)
