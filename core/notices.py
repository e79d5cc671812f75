"""An event on a ticket: who is told, and with what."""

from __future__ import annotations

from collections.abc import Sequence

from core import tickets
from core.conversation import Match
from core.messages import EMAIL, Address, Attachment, mailbox_at, say
from core.models import Ticket, TicketMessage
from core.people import Assurance, Principal, StaffMember
from core.surroundings import Step

SHOWN_CHARACTERS = 20_000
CARRIED_BYTES = 10 * 1024 * 1024
_ANOTHERS_REPLY_ADDRESS = "Came with the reply address of"


def tell_staff(
    step: Step,
    ticket: Ticket,
    entry: TicketMessage,
    who: Principal,
    *,
    event: str,
    hint: Ticket | None = None,
    only: str = "",
    but: str = "",
    facts: Sequence[str] = (),
) -> int:
    """Notify whoever works on the ticket: its assignee, else the staff of its departments. Returns how many.

    `event` is new, reply, note, assigned, referred, work, alarm or failed; nobody is told of what they are proved to
    have done themselves, nor `but`. `only` names a department that has just been drawn in: the others know already.
    `facts` are what the desk understood and leaves to them.
    """
    told = 0
    known = {member.email for member in step.desk.staff_of(ticket.department)} if only else set()
    files = light(step.message.attachments)
    watchers = step.desk.staff_of(only) if only else _watchers(step, ticket)
    client = step.around.billing.client(who.client_id) if who.client_id else None
    for member in watchers:
        if member.email in known or member.email == but:
            continue
        if member.email.lower() == entry.author.lower() and _wrote_it(step, entry):
            continue
        participant = step.tickets.participant(ticket, Address("email", member.email, member.name), "staff")
        note = entry.kind == "note"
        reply = say(
            "staff_notification",
            event=event,
            ticket=ticket,
            entry=entry,
            text=shown(entry.text),
            cut=len(entry.text) > SHOWN_CHARACTERS,
            who=who,
            client=client,
            sender_address=_shown_address(step.message.sender),
            sender_name=step.message.sender.name,
            trust=trust_in_words(step, who, entry),
            hint=hint,
            files=[attachment.filename for attachment in step.message.attachments if not attachment.inline],
            left_out=len(step.message.attachments) - len(files),
            member=member,
            note=note,
            facts=facts,
            department=ticket.department,
        )
        step.post.to_staff(ticket, participant, (reply,), kind="notification", note=note, attachments=files)
        told += 1
    return told


def _shown_address(sender: Address) -> str:
    """Of a chat, what nobody can choose for themselves."""
    if sender.channel == EMAIL:
        return sender.value
    return f"{sender.channel.title()} {mailbox_at(sender) or sender.value}"


def hand_to_staff(
    step: Step,
    ticket: Ticket,
    entry: TicketMessage,
    who: Principal,
    *,
    event: str,
    hint: Ticket | None = None,
    facts: Sequence[str] = (),
) -> None:
    """A person must read it: the ticket waits for staff, and they are told."""
    if ticket.status != tickets.OPEN:
        step.tickets.set_status(ticket, tickets.CUSTOMER_REPLY, step.message.sender.value)
    tell_staff(step, ticket, entry, who, event=event, hint=hint, facts=facts)


def light(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The files that a notification carries; what would make it too heavy stays on the ticket."""
    carried: list[Attachment] = []
    for attachment in attachments:
        if sum(len(other.content) for other in carried) + len(attachment.content) <= CARRIED_BYTES:
            carried.append(attachment)
    return tuple(carried)


def shown(text: str) -> str:
    """As much of a text as a notification carries; all of it is on the ticket."""
    return text[:SHOWN_CHARACTERS]


def _watchers(step: Step, ticket: Ticket) -> list[StaffMember]:
    if ticket.assignee:
        member = step.desk.staff_member(ticket.assignee)
        if member is not None:
            return [member]
    members: dict[str, StaffMember] = {}
    for department in (ticket.department, *ticket.also_departments):
        for member in step.desk.staff_of(department):
            members.setdefault(member.email.lower(), member)
    return list(members.values())


def _wrote_it(step: Step, entry: TicketMessage) -> bool:
    """Is it proved that its author wrote it? Whoever forges a staff member's address must not keep it from them."""
    proof = step.message.proof
    return entry.by_staff or (proof.verified and not proof.ambiguous and step.message.sender.key == entry.author)


def trust_in_words(step: Step, who: Principal, entry: TicketMessage) -> str:
    """How far the sender is proved, as staff read it; the reasons follow it."""
    if entry.by_staff or entry.by_desk:
        return ""
    stolen = (reason for reason in entry.evidence if reason.startswith(_ANOTHERS_REPLY_ADDRESS))
    reasons = "; ".join((*stolen, *step.message.proof.reasons))
    if not who.known:
        return f"Not a client's address on file. {reasons}".strip()
    if entry.assurance >= Assurance.ADDRESS:
        return f"Proved to be {who.name}: {reasons}" if reasons else f"Proved to be {who.name}"
    if entry.assurance == Assurance.TOKEN:
        return f"NOT proved to be {who.name}, but came with this ticket's reply address. {reasons}".strip()
    return f"NOT proved to be {who.name}: anybody can write this From line. {reasons}".strip()


def unproved_participant(match: Match, sender: Address) -> str:
    """A reply address in somebody else's hands, as staff read it."""
    given = match.participant.address if match.participant else "another participant"
    return f"{_ANOTHERS_REPLY_ADDRESS} {given}, but from {sender.value}"
