"""What a handler is given: who asks, the systems behind the desk, and a way to write to somebody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.feedback import Feedback
from core.intents import Intent
from core.journal import Journal
from core.linking import ChatLinks
from core.messages import Address, Reply, Request
from core.onetime import Links
from core.owntickets import OwnTickets
from core.people import Principal
from core.ports import Billing, Client, Documents, Hosting, Ledger, Library, Panel, Profiles, Registrar, Shop
from core.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Aside:
    """A letter besides the answer, in the same commit."""

    to: Address
    reply: Reply
    kind: str
    undo: Request | None = None
    """Sent with a reply address that takes it back."""


@dataclass(frozen=True, slots=True)
class Context:
    who: Principal
    billing: Billing
    profiles: Profiles
    hosting: Hosting
    panel: Panel
    ledger: Ledger
    shop: Shop
    library: Library
    registrar: Registrar
    documents: Documents
    journal: Journal
    links: Links
    """One-time pages, for what no mail may carry."""
    tickets: OwnTickets
    subscriptions: Subscriptions
    feedback: Feedback
    chats: ChatLinks
    stored: Callable[[], Mapping[str, Any] | None]
    """All that the desk stores about the sender, as data; None when that is nothing."""
    now: datetime
    """UTC."""
    today: date
    """In the desk's time zone."""
    text: str
    """What the sender wrote; "" when a confirmed act is carried out."""
    abilities: Sequence[Intent]
    """What this sender may ask."""
    asides: list[Aside] = field(default_factory=list)

    def client(self) -> Client:
        return self.billing.client(self.who.client_id)

    def tell(self, email: str, name: str, reply: Reply, *, kind: str = "notice") -> None:
        """Write to somebody besides the sender, at an address from the records."""
        self.asides.append(Aside(Address("email", email, name), reply, kind))

    def tell_home(self, reply: Reply) -> None:
        """A letter of its own to the sender's address on file, whatever channel they asked in: for secrets."""
        self.tell(self.who.email, self.who.name, reply, kind="secret")

    def tell_owner(self, reply: Reply, *, undo: Request | None = None) -> None:
        """A notice to the account's owner at the address on file, also when the owner is the one who asks.

        Answered with UNDO (or STOP) it does `undo`, stops sensitive changes of the account, and calls Security.
        """
        client = self.client()
        self.asides.append(Aside(Address("email", client.email, client.name), reply, "notice", undo))
