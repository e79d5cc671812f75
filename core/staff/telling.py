"""An answer to one member of staff: by mail, or in private in the chat that they wrote in."""

from __future__ import annotations

from core.messages import EMAIL, Address, Attachment, Reply, say
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
    inside: bool,
    attachments: tuple[Attachment, ...] = (),
) -> None:
    """Answering it works on the ticket as what they wrote did: `inside`, or to the client; from a chat it is inside."""
    sender, mailbox = step.message.sender, Address(EMAIL, member.email, member.name)
    in_chat = sender.channel != EMAIL
    limited = sender if in_chat else mailbox
    if kind == HELD and not step.post.may_say(HELD, limited.key, channel=limited.channel):
        return
    me = step.tickets.participant(ticket, mailbox, "staff")
    to, note = sender if in_chat else None, inside or in_chat
    replies = (reply, say("staff_footer", note=note))
    step.post.to_staff(ticket, me, replies, kind=kind, note=note, attachments=attachments, to=to)
