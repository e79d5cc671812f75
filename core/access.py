"""Who may do what: one table of risk against assurance, and the only door to a client's things.

`authorize` is asked before any handler runs. `Resolver` finds a domain, an invoice or a service by the words of a
message, and only among what belongs to the sender: an unknown thing and somebody else's are the same to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from core.errors import Refusal
from core.intents import Intent, Slot
from core.people import Assurance, Principal, Risk
from core.ports import Billing, Domain, Invoice, Service


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
    """

    def __init__(self, slot: str, options: tuple[str, ...], unknown: str = "") -> None:
        super().__init__(slot)
        self.slot = slot
        self.options = options
        self.unknown = unknown


class Resolver:
    """Finds what the words of a message name, among the things of this sender."""

    def __init__(self, billing: Billing, who: Principal) -> None:
        self._billing = billing
        self._who = who

    def fill(self, slots: Sequence[Slot], words: Mapping[str, Sequence[str]]) -> dict[str, object]:
        """The handler's arguments. Raises Missing."""
        return {slot.name: self._one(slot, words.get(slot.name, ())) for slot in slots}

    def _one(self, slot: Slot, words: Sequence[str]) -> object | None:
        if slot.kind not in _OF_A_CLIENT:
            return self._value(slot, words)
        things = _OF_A_CLIENT[slot.kind](self._billing, self._who.client_id)
        options = tuple(name_of(thing) for thing in things[:9])
        if words:
            wanted = _plain(words[0])
            for thing in things:
                if wanted in (_plain(name_of(thing)), _plain(str(thing.id))):  # type: ignore[attr-defined]
                    return thing
            raise Missing(slot.name, options, unknown=words[0])
        if not slot.required:
            return None
        if len(things) == 1:
            return things[0]
        raise Missing(slot.name, options)

    @staticmethod
    def _value(slot: Slot, words: Sequence[str]) -> object | None:
        """A value that is in the words themselves: a language, a list of hosts."""
        if not words and slot.required:
            raise Missing(slot.name, ())
        return slot.kind(words) if slot.kind is tuple else (words[0] if words else None)


_OF_A_CLIENT: dict[type, Callable[[Billing, str], Sequence[object]]] = {
    Domain: lambda billing, client: billing.domains(client),
    Invoice: lambda billing, client: billing.invoices(client),
    Service: lambda billing, client: billing.services(client),
}


def name_of(thing: object) -> str:
    """What people call it."""
    match thing:
        case Domain():
            return thing.name
        case Invoice():
            return thing.number
        case Service():
            return thing.domain or thing.product
        case tuple():
            return " ".join(map(str, thing))
    return str(thing)


def _plain(word: str) -> str:
    word = word.strip().lower().lstrip("#")
    return word[3:].lstrip("-# ") if word.startswith("inv") and any(c.isdigit() for c in word) else word
