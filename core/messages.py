"""What passes through the desk: a message in, a reply out. No channel is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.people import Proof

EMAIL = "email"
TERMINAL = "terminal"
"""Links nothing: whoever may run the command on the desk's machine has its database anyway."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody can be reached; `value` is exact, never folded.

    `channel` is "email", "slack" (`<team>/<user>`), "telegram" (the numeric id) or "terminal". Of a chat it is the
    private one with that person.
    """

    channel: str
    value: str
    name: str = ""

    @property
    def key(self) -> str:
        """What two spellings of one address share: ASCII lower case only (Unicode folding would join people).

        The ids of a chat platform have one spelling.
        """
        if self.channel != EMAIL:
            return self.value
        return "".join(c.lower() if c.isascii() else c for c in self.value)


def place_of(chat: Address) -> str:
    """A private chat as one word."""
    return f"{chat.channel}:{chat.value}"


def terminal_of(mailbox: str, name: str = "") -> Address:
    """The chat at a terminal with whoever has that address; no mail address, so that it is never taken for one."""
    return Address(TERMINAL, f"{TERMINAL}:{mailbox.lower()}", name)


def mailbox_at(chat: Address) -> str:
    """Whose terminal it is, "" for any other chat."""
    return chat.value.removeprefix(f"{TERMINAL}:") if chat.channel == TERMINAL else ""


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    media_type: str
    content: bytes
    inline: bool = False
    picture: str = ""
    """What it shows, in words: a picture of ours that stands below the text of a mail, not beside it as a file."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that the desk does not keep on a ticket; `reason` is too_large, too_many or dangerous."""

    filename: str
    reason: str


class Kind(StrEnum):
    """Who or what wrote a message (the `kind` of `helpdesk parse`)."""

    PERSON = "person"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    RECEIPT = "receipt"
    LIST = "list"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """What a delivery report says of one recipient (RFC 3464); `status` is the enhanced code, "" if none was given."""

    recipient: str
    permanent: bool
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A bounce: who could not be reached, and the Message-ID of our mail that came back ("" if it can't be told)."""

    failed: tuple[FailedDelivery, ...]
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail that somebody passes on, in the text of theirs or attached to it.

    Nothing of it is proved: whoever forwards it could have written it.
    """

    text: str
    """What its writer wrote then, without history and signature."""
    senders: tuple[Address, ...] = ()
    """Who wrote it: one; none or several where that can't be told."""
    others: tuple[Address, ...] = ()
    """Whom it names besides: where it wants answers, and who wrote what it passes on itself."""
    subject: str = ""
    date: str = ""
    """As it stands there, in any form and language."""
    full_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    """Of an attached message; the files of one in the text are those of the mail that passes it on."""
    refused: tuple[RefusedFile, ...] = ()
    id: str = ""
    """The Message-ID of an attached one."""
    references: tuple[str, ...] = ()
    """Ids that lead from an attached one to its conversation, the nearest first, its own included."""
    automatic: bool = False
    """A robot or a list sent it, or one person for another."""
    marked: bool = True
    """The mail says that it forwards; else this may be the history of an answer."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message for one recipient of ours, as a channel translated it."""

    id: str
    """The channel's own id (Message-ID, event id); never empty."""
    sender: Address
    recipient: str
    """The address of ours that it was delivered to (SMTP RCPT); department and token live here."""
    text: str
    """What they wrote now: quotes and signature already cut."""
    received: datetime
    subject: str = ""
    full_text: str = ""
    html: str = ""
    """Sanitised HTML for the staff's copy; "" when there was none."""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    kind: Kind = Kind.PERSON
    may_answer: bool = True
    """False: an automatic answer could loop or annoy a crowd (RFC 3834)."""
    report: DeliveryReport | None = None
    attachments: tuple[Attachment, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    """Files that were left off; the raw message still holds them."""
    proof: Proof = field(default_factory=Proof)
    shared: bool = False
    """Other people read this room."""
    room: str = ""
    """The shared room, as the recipient of a letter; "" when nothing may be said there."""
    edited: bool = False
    """A message changed after it was sent, the one that `in_reply_to` names first: told, and never acted upon."""
    desk_loop: str = ""
    """The mark that a desk puts into what it sends; ours means that our own mail came back."""
    marker: str = ""
    """The reply token found in the quoted text ("Ref: …"), for clients that drop the headers."""
    defects: tuple[str, ...] = ()
    circling: bool = False
    """It passed more servers than any honest message: something sends it round and round."""
    forwarded: tuple[Forwarded, ...] = ()
    """The mails that this one passes on."""
    comment: str = ""
    """What its writer says of them, above or below; "" where nothing is passed on."""


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """A room of a chat where staff see the tickets. `{number}` is the ticket's in the two addresses of letters."""

    channel: str
    address: str
    """The platform's id of the room."""
    thread: str
    """Where what is said on a ticket goes."""
    card: str = ""
    """Where the message stands that is kept up to date, "" where messages cannot be changed afterwards."""

    @property
    def place(self) -> str:
        return f"{self.channel}:{self.address}"

    def holds(self, room: str) -> bool:
        """Is it this room, or a thread in it?"""
        return self.address in room.split("/")


@dataclass(frozen=True, slots=True)
class Reply:
    """A template and what to say in it; no channel yet."""

    template: str
    context: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Something that can be asked for, as data: the intent's name and the words that name its objects."""

    intent: str
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Refer:
    """What a person has to do once an act is done, in the department that does it.

    `facts` are for staff, a sentence each. They are read after the act, like `done`; those that are there before it are
    kept with the question, for the case that the walk is lost between the act and its answer.
    """

    department: str
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a handler is ready to make: what it would do, in words, and the act itself.

    `facts` are what the question rests on (price, lock, expiry…); when they differ at the time of the answer, it is
    asked anew. `act` is called once, outside every transaction; it may raise what a port may raise.
    """

    question: Reply
    """Repeats exactly what will happen, to what, and what it costs or risks."""
    done: Reply
    act: Callable[[], object]
    facts: Mapping[str, str]
    undo: Request | None = None
    """What restores the state of before."""
    refer: Refer | None = None
    """Who does the rest by hand. Read of what was confirmed: a safe act, done at once, leaves nothing to anybody."""


def say(template: str, /, **context: Any) -> Reply:
    return Reply(template, context)
