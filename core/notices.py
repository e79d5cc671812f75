"""An event on a ticket: who is told, and with what."""

from __future__ import annotations

from collections.abc import Sequence

from core import background, colleagues, tickets
from core.conversation import Match
from core.messages import EMAIL, Address, Attachment, mailbox_at, say
from core.models import Ticket, TicketMessage
from core.people import Assurance, Principal, StaffMember
from core.sla import deadlines
from core.staff import assigning
from core.surroundings import Step

SHOWN_CHARACTERS = 20_000
CARRIED_BYTES = 10 * 1024 * 1024
FIRST_SEEN = ("new", "assigned", "referred")
"""Events with which somebody sees a ticket for the first time."""
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
    also: Sequence[StaffMember] = (),
) -> int:
    """Notify whoever works on the ticket: its assignee, else the staff of its departments. Returns how many.

    `event` is new, reply, note, assigned, referred, work, alarm or failed; nobody is told of what they are proved to
    have done themselves, nor `but`. `only` names a department that has just been drawn in: the others know already.
    `facts` are what the desk understood and leaves to them, `also` colleagues who were named in a note.
    """
    told = 0
    known = {member.email for member in step.desk.staff_of(ticket.department)} if only else set()
    files = light(step.message.attachments)
    watchers = _of(step, only) if only else _assigned(step, ticket, event) or _watchers(step, ticket)
    watchers += [member for member in also if member not in watchers]
    earlier = _came_before(step, entry)
    asker = _asker(step, ticket, entry) if earlier else who
    behind = background.whole(step, ticket, asker) if event in FIRST_SEEN else background.brief(step, asker)
    due = deadlines.next_due(step.session, step.desk, ticket, step.around.clock())
    for member in watchers:
        if member.email in known or member.email == but:
            continue
        if member.email.lower() == entry.author.lower() and _wrote_it(step, entry):
            continue
        if event not in member.events and member not in also:
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
            client=behind.client,
            behind=behind,
            named=member in also,
            sender_address=entry.author if earlier else _shown_address(step.message.sender),
            sender_name=entry.author_name if earlier else step.message.sender.name,
            trust=trust_in_words(step, asker, entry),
            hint=hint,
            files=[attachment.filename for attachment in step.message.attachments if not attachment.inline],
            left_out=len(step.message.attachments) - len(files),
            member=member,
            note=note,
            facts=facts,
            department=ticket.department,
            due=due,
        )
        may_wait = event != "alarm"
        step.post.to_staff(
            ticket, participant, (reply,), kind="notification", note=note, attachments=files, may_wait=may_wait
        )
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
    """A person must read it: the ticket waits for staff, is dealt out where that is wanted, and they are told."""
    if ticket.status != tickets.OPEN:
        step.tickets.set_status(ticket, tickets.CUSTOMER_REPLY, step.message.sender.value)
    assigning.deal(step, ticket)
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


def _of(step: Step, department: str) -> list[StaffMember]:
    return colleagues.present(step.desk.staff_of(department), colleagues.away(step.session, step.around.clock()))


def _watchers(step: Step, ticket: Ticket) -> list[StaffMember]:
    return colleagues.at_work(step.session, step.desk, ticket, step.around.clock())


def _assigned(step: Step, ticket: Ticket, event: str) -> list[StaffMember]:
    """Who was given a ticket reads of it, away or not; colleagues were given nothing."""
    member = step.desk.staff_member(ticket.assignee) if event == "assigned" and ticket.assignee else None
    return [member] if member is not None else []


def _came_before(step: Step, entry: TicketMessage) -> bool:
    """Are these somebody's words of an earlier message, which a colleague's command shows to others?"""
    return not (entry.by_staff or entry.by_desk) and entry.arrival_id not in (None, step.claimed.id)


def _asker(step: Step, ticket: Ticket, entry: TicketMessage) -> Principal:
    """Whose such words are, as far as the ticket says."""
    client = step.around.billing.client(ticket.client_id) if ticket.client_id else None
    name = client.name if client is not None else entry.author_name or entry.author
    return Principal(name, client_id=ticket.client_id, assurance=Assurance(entry.assurance))


def _wrote_it(step: Step, entry: TicketMessage) -> bool:
    """Is it proved that its author wrote it? Whoever forges a staff member's address must not keep it from them."""
    proof = step.message.proof
    return entry.by_staff or (proof.verified and not proof.ambiguous and step.message.sender.key == entry.author)


def trust_in_words(step: Step, who: Principal, entry: TicketMessage) -> str:
    """How far the sender is proved, as staff read it; the reasons follow it."""
    if entry.by_staff or entry.by_desk:
        return ""
    stolen = (reason for reason in entry.evidence if reason.startswith(_ANOTHERS_REPLY_ADDRESS))
    proof = [
        one for one in entry.evidence if not one.startswith("found by ") and not one.startswith(_ANOTHERS_REPLY_ADDRESS)
    ]
    reasons = "; ".join((*stolen, *(proof if _came_before(step, entry) else step.message.proof.reasons)))
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
