"""Who may do what: one table of risk against assurance, and the only door to a client's things.

`authorize` is asked before any handler runs. `Resolver` finds a domain, an invoice or a service by the words of a
message, and only among what belongs to the sender: an unknown thing and somebody else's are the same to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TypeVar

from core import forms
from core.errors import Refusal
from core.intents import Intent, Slot
from core.messages import Reply
from core.owntickets import OwnTicket
from core.people import Assurance, Principal, Risk
from core.ports import (
    Announcement,
    Article,
    Contact,
    Domain,
    Download,
    Invoice,
    NetworkIssue,
    Order,
    PayMethod,
    Product,
    Quote,
    SentEmail,
    Server,
    Service,
    Systems,
)

T = TypeVar("T")
_WORD = re.compile(r"\w+")


class Verdict(Enum):
    DO = "do"
    PROVE = "prove"
    """Ask the address on file whether they wrote it (no bare refusal: the one step that suffices)."""
    CODE = "code"
    """A code to the address on file first."""
    CONFIRM = "confirm"
    HUMAN = "human"


_L0, _L0T, _L1, _L2, _L3 = Assurance
_MATRIX: dict[Risk, dict[Assurance, Verdict]] = {
    Risk.PUBLIC: dict.fromkeys(Assurance, Verdict.DO),
    Risk.READ: {_L0: Verdict.PROVE, _L0T: Verdict.PROVE, _L1: Verdict.DO, _L2: Verdict.DO, _L3: Verdict.DO},
    Risk.CHANGE: {_L0: Verdict.PROVE, _L0T: Verdict.PROVE, _L1: Verdict.CONFIRM, _L2: Verdict.CONFIRM, _L3: Verdict.DO},
    Risk.SENSITIVE: {_L0: Verdict.PROVE, _L0T: Verdict.PROVE, _L1: Verdict.CODE, _L2: Verdict.CODE, _L3: Verdict.DO},
    # The secret's mailbox is fixed by record: who asks never decides where it goes.
    Risk.SECRET: {_L0: Verdict.PROVE, _L0T: Verdict.PROVE, _L1: Verdict.DO, _L2: Verdict.DO, _L3: Verdict.DO},
    Risk.HUMAN: dict.fromkeys(Assurance, Verdict.HUMAN),
}


def authorize(who: Principal, intent: Intent) -> Verdict:
    """What the table says; raises Refusal when the sender's permissions do not cover the intent at all.

    A stranger gets HUMAN for everything that needs an account: their mail becomes a ticket, and nothing is told.
    """
    if intent.risk is Risk.PUBLIC:
        return Verdict.DO
    if not who.known:
        return Verdict.HUMAN
    verdict = _MATRIX[intent.risk][who.assurance]
    if intent.safe and who.assurance >= Assurance.TOKEN:
        verdict = Verdict.DO  # Stopping something is cheap: a wrong lock costs a mail, a wrong unlock a domain.
    # Rights are told only to those whose word we have, else the refusal would say that the account exists.
    if verdict is not Verdict.PROVE and not permitted(who, intent):
        raise Refusal("no_permission", help=intent.help, permission=intent.permission)
    return verdict


def permitted(who: Principal, intent: Intent) -> bool:
    return intent.permission is None or intent.permission in who.permissions


class Missing(Exception):
    """A value is missing or fits several things: ask which.

    `options` are at most nine, in the client's order; `unknown` is what they wrote, when it is nothing of theirs.
    `kind` is the kind of entity (core.forms) when it is a value that no list can offer; `reply` asks for it better than
    the desk could (a form to fill in).
    """

    def __init__(
        self, slot: str, options: tuple[str, ...], unknown: str = "", kind: str = "", reply: Reply | None = None
    ) -> None:
        super().__init__(slot)
        self.reply = reply
        self.slot = slot
        self.options = options
        self.unknown = unknown
        self.kind = kind


Lookup = Callable[[Sequence[str]], Sequence[object]]
"""The things that these words may mean; all of them for no words."""


class Resolver:
    """Finds what the words of a message name, among the things of this sender and what is public."""

    def __init__(self, systems: Systems, who: Principal, kept: Mapping[object, Lookup] | None = None) -> None:
        """`kept` finds what the desk itself keeps, in the session of the walk."""
        self._systems = systems
        self._who = who
        self._kept = kept or {}

    def fill(self, slots: Sequence[Slot], words: Mapping[str, Sequence[str]], text: str = "") -> dict[str, object]:
        """The handler's arguments; `text` is the whole message, in which things are looked for by name.

        Raises Missing.
        """
        return {slot.name: self._one(slot, words.get(slot.name, ()), text) for slot in slots}

    def _one(self, slot: Slot, words: Sequence[str], text: str) -> object | None:
        if slot.kind in self._kept:
            things = self._kept[slot.kind](words)
        elif slot.kind in _THINGS:
            things = _THINGS[slot.kind](self._systems, self._who.client_id)
        else:
            return self._value(slot, words)
        by_text = forms.entity_of(slot.kind) == "text"
        if words:
            wanted = _plain(words[0])
            for thing in things:
                if wanted in (_plain(name_of(thing)), _plain(str(thing.id))):  # type: ignore[attr-defined]
                    return thing
            if not by_text:
                raise Missing(slot.name, _options(things), unknown=words[0])
        near = named_in(words[0], things) if by_text and words else []
        found = near or named_in(" ".join(words) if by_text and words else text, things)
        if len(found) == 1:
            return found[0]
        if not slot.required:
            return None
        if len(things) == 1:
            return things[0]
        raise Missing(slot.name, _options(found or things))

    @staticmethod
    def _value(slot: Slot, words: Sequence[str]) -> object | None:
        """A value that is in the words themselves: a language, a list of hosts."""
        if words:
            return forms.read(slot.kind, words)
        if slot.required:
            raise Missing(slot.name, (), kind=forms.entity_of(slot.kind))
        return None


def _options(things: Sequence[object]) -> tuple[str, ...]:
    return tuple(name_of(thing) for thing in things[:9])


def named_in(text: str, things: Sequence[T]) -> list[T]:
    """The things that the text names, by the longest of the names by which people call them."""
    words = f" {' '.join(_WORD.findall(text.lower()))} "
    best = 0
    found: list[T] = []
    for thing in things:
        length = max((len(name) for name in _called(thing) if f" {name} " in words), default=0)
        if length and length >= best:
            found = [thing] if length > best else [*found, thing]
            best = length
    return found


def _called(thing: object) -> Iterator[str]:
    """What people may call it, as plain words."""
    for name in _names(thing):
        plain = " ".join(_WORD.findall(name.lower()))
        if plain:
            yield plain


def _names(thing: object) -> tuple[str, ...]:
    match thing:
        case Contact():
            return (thing.email, thing.name, thing.first_name)
        case PayMethod():
            return (thing.description, thing.description[-4:], thing.description.partition(" ")[0])
        case Quote():
            return (f"quote {thing.id}", f"q {thing.id}", thing.subject)
        case Order():
            return (thing.number, f"order {thing.id}")
        case Service():
            return (thing.domain, thing.product, f"service {thing.id}")
        case Domain():
            return (thing.name,)
        case Invoice():
            return (thing.number,)
        case OwnTicket():
            return (thing.number, thing.subject)
        case SentEmail():
            return (thing.subject, f"mail {thing.id}")
        case Product():
            return (thing.name, *_short_names(thing.name))
        case Server():
            return (thing.name,)
        case Article() | Announcement() | Download() | NetworkIssue():
            return (thing.title,)
    return ()


_SAYS_LITTLE = frozenset("addon extra plan service services website the and".split())


def _short_names(name: str) -> Iterator[str]:
    """ "Website Maintenance Silver" is also "silver", or "silver maintenance": its words, and any two of them."""
    words = [word for word in _WORD.findall(name.lower()) if len(word) > 2 and word not in _SAYS_LITTLE]
    yield from words
    yield from (f"{one} {other}" for one in words for other in words if one != other)


_THINGS: dict[object, Callable[[Systems, str], Sequence[object]]] = {
    Domain: lambda behind, client: behind.billing.domains(client),
    Invoice: lambda behind, client: behind.billing.invoices(client),
    Service: lambda behind, client: behind.billing.services(client),
    Contact: lambda behind, client: behind.billing.contacts(client),
    PayMethod: lambda behind, client: behind.profiles.pay_methods(client),
    SentEmail: lambda behind, client: behind.profiles.sent_emails(client),
    Quote: lambda behind, client: behind.ledger.quotes(client),
    Order: lambda behind, client: behind.shop.orders(client),
    Product: lambda behind, _: behind.shop.products(),
    Article: lambda behind, _: behind.library.articles(),
    Announcement: lambda behind, _: behind.library.announcements(),
    Download: lambda behind, _: behind.library.downloads(),
    NetworkIssue: lambda behind, _: behind.library.network_issues(),
    Server: lambda behind, _: behind.library.servers(),
}
"""What can be named, and where it is looked for: among the sender's own, or among what everybody may know."""


def name_of(thing: object) -> str:
    """Its exact name: what a choice shows, and what finds it again."""
    match thing:
        case Domain() | Product() | Server():
            return thing.name
        case Invoice() | Order():
            return thing.number
        case OwnTicket():
            return f"#{thing.number}: {thing.subject}" if thing.subject else f"#{thing.number}"
        case Service():
            return thing.domain or thing.product
        case Contact():
            return thing.email
        case PayMethod():
            return f"{thing.type} {thing.description}".strip()
        case Quote():
            return f"{thing.id}: {thing.subject}"
        case SentEmail():
            return f"{thing.date:%Y-%m-%d} {thing.subject}"
        case Article() | Announcement() | Download() | NetworkIssue():
            return thing.title
    return str(thing)


def words_for(thing: object) -> tuple[str, ...]:
    """A found thing or a value as words, so that the resolver finds the same again."""
    if isinstance(thing, OwnTicket):
        return (thing.number,)
    return (name_of(thing),) if type(thing) in _THINGS else forms.written(thing)


def _plain(word: str) -> str:
    word = word.strip().lower().lstrip("#")
    return word[3:].lstrip("-# ") if word.startswith("inv") and any(c.isdigit() for c in word) else word
