"""Staff at work in their own mail client: what a reply of theirs may do.

A staff mail counts only with all of: a reply address (or letter) given to that person on that ticket, one of their own
addresses in From, the proof that they sent it, and the right to work in the ticket's department now. If anything is
missing, nothing reaches the client: the text is kept on the ticket, and the person's address on file is told.
"""

from __future__ import annotations

from core import addresses, blobs, confirming, directives, inbox, lessons, places, tickets
from core.conversation import Match
from core.desk import Department
from core.directives import Directives
from core.messages import EMAIL, Address, Attachment, Reply, say
from core.models import Participant, Ticket
from core.notices import shown, tell_staff
from core.people import Assurance, Principal, StaffMember
from core.post import HELD
from core.surroundings import Outcome, Step
from core.tokens import TokenKind

LONGEST_REPLY = 100_000


def reply(step: Step, match: Match, member: StaffMember) -> Outcome:
    ticket, read = match.ticket, directives.parse(step.message.text)
    step.wait_for_proof()
    problem = _problem(step, match, member)
    if problem:
        return _hold(step, ticket, member, (problem,))
    if read.has("help"):
        return _tell(step, ticket, match, say("staff_help", verbs=list(directives.VERBS.values())))
    if read.has("original"):
        return _original(step, ticket, match)
    problems = (*read.problems, *_unusable(step, member, read))
    if problems:
        return _hold(step, ticket, member, problems)
    note = read.has("note") or (match.kind is TokenKind.STAFF_NOTE and not read.has("reply"))
    _change_owner(step, ticket, member, read)
    _move(step, ticket, member, read)
    if read.has("release"):
        confirming.release(step, ticket.client_id, member.email)
    if read.text.strip() or step.message.attachments:
        _say(step, ticket, member, read, note=note)
    _change_status(step, ticket, member, read)
    if read.commands:
        commands = [f"{command.verb} {command.argument}".strip() for command in read.commands]
        step.tickets.audit(ticket, member.email, "staff.commands", commands=commands)
    return Outcome("note" if note else "reply", ticket)


def _problem(step: Step, match: Match, member: StaffMember) -> str:
    """Why this mail does not speak for the desk, "" when it does."""
    proof = step.message.proof
    if match.participant is None or match.participant.address != member.email.lower():
        return "it did not come with the reply address that was given to you for this ticket"
    if not proof.verified or proof.ambiguous:
        return f"we could not check that it came from you ({'; '.join(proof.reasons) or 'no proof'})"
    departments = (match.ticket.department, *match.ticket.also_departments)
    if not any(member.works_in(department) for department in departments):
        return f"you do not work in {match.ticket.department}"
    return ""


def _unusable(step: Step, member: StaffMember, read: Directives) -> tuple[str, ...]:
    if len(read.text) > LONGEST_REPLY:
        return (f"it is longer than {LONGEST_REPLY:,} characters; attach what is long as a file",)
    if read.has("release") and not (member.role in ("lead", "admin") and member.works_in("Security")):
        return ("#release: only a lead or admin of Security may lift the stop of an account",)
    department = read.value("dept")
    if department and _department(step, department) is None:
        names = ", ".join(one.name for one in step.desk.departments)
        return (f"#dept {department}: there is no such department, only {names}",)
    wanted = read.value("client")
    if read.has("client") and not step.around.billing.holders(wanted):
        return (f"#client {wanted}: no client has this address on file",)
    return ()


def _hold(step: Step, ticket: Ticket, member: StaffMember, problems: tuple[str, ...]) -> Outcome:
    step.tickets.add(ticket, step.message, kind="held", by_staff=True)
    step.tickets.audit(ticket, member.email, "staff.held", problems=list(problems))
    if step.message.may_answer and step.post.may_say(HELD, member.email.lower()):
        participant = step.tickets.participant(ticket, Address("email", member.email, member.name), "staff")
        answer = say("staff_held", ticket=ticket, problems=problems, text=shown(step.message.text))
        step.post.to_staff(ticket, participant, (answer,), kind=HELD)
    return Outcome("held", ticket)


def _tell(step: Step, ticket: Ticket, match: Match, reply: Reply, attachments: tuple[Attachment, ...] = ()) -> Outcome:
    """An answer to the staff member alone."""
    if match.participant is not None:
        step.post.to_staff(ticket, match.participant, (reply,), kind="help", attachments=attachments)
    return Outcome("note", ticket)


def _original(step: Step, ticket: Ticket, match: Match) -> Outcome:
    """The client's last message as it arrived, headers, quotes and refused files included."""
    entry = step.tickets.last_from_client(ticket)
    try:
        if entry is None or entry.arrival_id is None:
            raise LookupError("nothing came by mail")
        raw = blobs.fetch(step.session, inbox.stored(step.session, entry.arrival_id).raw_sha256)
    except LookupError:
        return _tell(step, ticket, match, say("staff_original", text=""))
    file = Attachment(f"ticket-{ticket.number}.eml", "message/rfc822", raw)
    text = shown(entry.full_text or entry.text)
    return _tell(step, ticket, match, say("staff_original", text=text), (file,))


def _department(step: Step, name: str) -> Department | None:
    return next((one for one in step.desk.departments if one.name.lower() == name.strip().lower()), None)


def _move(step: Step, ticket: Ticket, member: StaffMember, read: Directives) -> None:
    """To the department it belongs to; its people are told. The move is a lesson (core/lessons.py)."""
    department = _department(step, read.value("dept"))
    if department is None or department.name == ticket.department:
        return
    step.tickets.audit(ticket, member.email, lessons.MOVED, was=ticket.department, now=department.name)
    ticket.department, ticket.assignee = department.name, ""
    entry = step.tickets.last_from_client(ticket) or step.tickets.add_own(ticket, "Moved.", kind="event")
    tell_staff(step, ticket, entry, Principal(member.name), event="referred", but=member.email)


def _change_owner(step: Step, ticket: Ticket, member: StaffMember, read: Directives) -> None:
    if not read.has("client"):
        return
    holder = step.around.billing.holders(read.value("client"))[0]
    ticket.client_id = holder.client.id
    ticket.contact_id = holder.contact.id if holder.contact else ""
    requester = next((p for p in step.tickets.participants(ticket) if p.role == "requester"), None)
    if requester is not None:
        _link(step, requester.address, ticket, member)
    step.tickets.audit(ticket, member.email, "ticket.client", client=ticket.client_id)


def _link(step: Step, address: str, ticket: Ticket, member: StaffMember) -> None:
    """From now on staff see whose address this is; it still proves nothing."""
    known = addresses.noted(step.session, address)
    known.client_id, known.contact_id, known.linked_by = ticket.client_id, ticket.contact_id, member.email


def _say(step: Step, ticket: Ticket, member: StaffMember, read: Directives, *, note: bool) -> None:
    kind = "note" if note else "public"
    entry = step.tickets.add(
        ticket, step.message, kind=kind, text=read.text, by_staff=True, assurance=Assurance.CONVERSATION
    )
    entry.author, entry.author_name = member.email, member.name
    if note:
        tell_staff(step, ticket, entry, Principal(member.name), event="note")
        return
    if not ticket.assignee:
        ticket.assignee = member.email
        step.tickets.audit(ticket, member.email, "ticket.assigned", to=member.email)
    people = places.readers(step, ticket)
    for person in people:
        others = [other.address for other in people if other is not person and other.channel == EMAIL]
        _send(step, ticket, member, person, read.text, others)
    step.tickets.set_status(ticket, tickets.ANSWERED, member.email)


def _send(step: Step, ticket: Ticket, member: StaffMember, person: Participant, text: str, others: list[str]) -> None:
    department = step.desk.department(ticket.department)
    signature = (department.signature or "{staff}\n{desk} {department}").format(
        staff=member.name, desk=step.desk.name, department=department.name
    )
    step.post.to_participant(
        ticket,
        person,
        (say("staff_reply", text=text, signature=signature, ticket=ticket),),
        kind="reply",
        automatic=False,
        language=ticket.language,
        in_reply_to=step.tickets.last_message_id(ticket, person.address),
        also_sent_to=tuple(others),
        attachments=step.message.attachments,
    )


def _change_status(step: Step, ticket: Ticket, member: StaffMember, read: Directives) -> None:
    # After the reply: saying something may reopen a ticket, the command has the last word.
    if read.has("close"):
        step.tickets.set_status(ticket, tickets.CLOSED, member.email)
    elif read.has("open"):
        step.tickets.set_status(ticket, tickets.OPEN, member.email)
