"""What a verb is: a function that looks at its argument and returns the deed, before anything is done.

Every command of a message is planned first; what cannot be done raises `Unusable`, and then nothing of the message is
done. Deeds run in the order that a person means: first whose ticket it is and where it belongs, then what is said, and
the state last, for saying something may open a ticket again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from core.messages import Attachment, Reply
from core.models import Ticket
from core.people import StaffMember
from core.staff.grammar import Argument, Directives, Word
from core.surroundings import Step

Deed = Callable[[], None]


class Unusable(Exception):
    """The command cannot be done; `reply` says why, and what can be done instead."""

    def __init__(self, why: str, **about: Any) -> None:
        super().__init__(why)
        self.why = why
        self.about: Mapping[str, Any] = about


@dataclass(frozen=True, slots=True)
class Answer:
    """What only the person who asked reads."""

    reply: Reply
    attachments: tuple[Attachment, ...] = ()


@dataclass(slots=True)
class Work:
    """One message of a staff member on a ticket. `ticket` is another one once it was merged or split."""

    step: Step
    ticket: Ticket
    member: StaffMember
    read: Directives
    inside: bool
    """Is what they say kept inside?"""
    text: str = ""
    """What is said: what they wrote, and what macros add."""
    answers: list[Answer] = field(default_factory=list)
    given_to: StaffMember | None = None
    """The colleague who was just given the ticket, and does not know of it yet."""

    @property
    def who(self) -> str:
        return self.member.email

    def move_to(self, ticket: Ticket) -> None:
        """What is done from here on is done there."""
        self.ticket = ticket


Plan = Callable[[Work, str], Deed]


@dataclass(frozen=True, slots=True)
class Verb:
    """`words` are the ways to write it: each with the argument that it stands for, "" where one may follow."""

    name: str
    argument: Argument
    help: str
    plan: Plan
    words: Mapping[str, str]
    shape: str = ""
    last: bool = False
    """The state comes after what is said."""
    asks: bool = False
    """It is answered to its writer alone, and nothing is said to anybody else."""
    keeps: bool = False
    """What stands below it is for this verb, and is said to nobody."""


def verb(
    name: str,
    argument: Argument = Argument.NONE,
    *,
    words: Mapping[str, str] | Iterable[str] = (),
    shape: str = "",
    last: bool = False,
    asks: bool = False,
    keeps: bool = False,
) -> Callable[[Plan], Verb]:
    """Declares the function below as a verb. Its docstring is its line in the help."""
    also = dict(words) if isinstance(words, Mapping) else dict.fromkeys(words, "")

    def declare(plan: Plan) -> Verb:
        summary = (plan.__doc__ or "").partition("\n")[0].removesuffix(".")
        return Verb(name, argument, summary, plan, {name: "", **also}, shape, last, asks, keeps)

    return declare


def verbs_in(*modules: ModuleType) -> dict[str, Verb]:
    """Every verb that these modules declare, by name."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Verb)]
    return {one.name: one for one in found}


def words_of(verbs: Mapping[str, Verb]) -> dict[str, Word]:
    return {
        word: Word(one.name, one.argument, preset, one.shape)
        for one in verbs.values()
        for word, preset in one.words.items()
    }


def nothing() -> None:
    """The deed of a verb that only says how the message is meant."""
