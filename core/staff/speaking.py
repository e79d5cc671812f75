"""The verbs that say whom a message is for: colleagues, the client, or nobody yet because help is wanted."""

from __future__ import annotations

from core.staff.grammar import Argument
from core.staff.verbs import Deed, Work, nothing, verb


@verb("note", Argument.TEXT, words=("internal",))
def note(work: Work, argument: str) -> Deed:
    """Keep this message inside."""
    return nothing


@verb("reply", Argument.TEXT, words=("public", "answer"))
def reply(work: Work, argument: str) -> Deed:
    """Send this message to the client."""
    return nothing


@verb("help", asks=True)
def help_(work: Work, argument: str) -> Deed:
    """Mail me this list."""
    return nothing
