"""An answer to one member of staff: by mail, or in private in the chat that they wrote in."""

from __future__ import annotations

from core.messages import EMAIL, Address, Attachment, Reply
from core.models import Ticket
from core.people import StaffMember
from core.post import HELD
from core.surroundings import Step


def tell(
    step: Step,
    ticket: Ticket,
    member: StaffMember,
    reply: Reply,
    *,
    kind: str,
    attachments: tuple[Attachment, ...] = (),
) -> None:
    """Answering it works on the ticket as answering a notification does; from a chat that stays inside."""
    sender, mailbox = step.message.sender, Address(EMAIL, member.email, member.name)
    in_chat = sender.channel != EMAIL
    limited = sender if in_chat else mailbox
    if kind == HELD and not step.post.may_say(HELD, limited.key, channel=limited.channel):
        return
    me = step.tickets.participant(ticket, mailbox, "staff")
    to = sender if in_chat else None
    step.post.to_staff(ticket, me, (reply,), kind=kind, note=in_chat, attachments=attachments, to=to)
