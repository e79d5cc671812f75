"""What a member of staff brings in becomes a ticket: a client's mail that they forward, a conversation they begin.

A forwarded mail lies on the ticket as if it had come to the desk, with assurance NONE, whatever proved the mail around
it. What the member wrote above is an internal note; its commands are those of any staff mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import conversation, departments
from core.identify import Sender, identify, in_their_language
from core.messages import EMAIL, Address, Attachment, Forwarded, InboundMessage, Reply, say
from core.models import Ticket, TicketMessage
from core.notices import hand_to_staff, shown, tell_staff
from core.people import Assurance, Principal, Proof, StaffMember
from core.post import HELD
from core.staff import desk as staffdesk
from core.staff import held, macros
from core.staff.grammar import Directives, parse
from core.staff.held import Problem
from core.staff.verbs import Deed, Unusable, Verb, Work
from core.staff.vocabulary import VERBS, WORDS
from core.surroundings import Outcome, Step, listening
from core.understanding import for_staff

_READERS = ("requester", "cc")


@dataclass(frozen=True, slots=True)
class Brought:
    """A mail that brings something in. `step` walks the mail that is proved: this, or the answer to our question."""

    step: Step
    member: StaffMember
    message: InboundMessage
    words: str
    """What the member wrote themselves, commands and all."""
    arrival_id: int | None = None
    """When the message came, if the member was asked about it since."""

    @property
    def read(self) -> Directives:
        return parse(self.words, WORDS)

    @property
    def rest(self) -> str:
        """Their words without the line that says whose it is."""
        return "\n".join(line for line in self.words.splitlines() if not says_whose(line))

    def ordered_department(self) -> str:
        """The one that a command names: the ticket begins there, and nobody else is told."""
        wanted = [self.read.value(verb).strip().lower() for verb in ("dept", "assign")]
        return next((one.name for one in self.step.desk.departments if one.name.lower() in wanted), "")

    def own_department(self) -> str:
        """The department addressed; at the general address the default one if they work there, else one of theirs."""
        desk, to = self.step.desk, (self.message.recipient, *(one.value for one in self.message.to))
        addressed = departments.route(desk, self.message, "")
        if any(map(desk.department_at, to)) or self.member.works_in(addressed.name):
            return addressed.name
        return next((one.name for one in desk.departments if self.member.works_in(one.name)), addressed.name)


def says_whose(line: str) -> bool:
    """Does the line name the client, or try to?"""
    read = parse(line, WORDS)
    return read.has("client") or any(slip.near[1:] == "client" for slip in read.slips)


def forward(mail: Brought, passed: Forwarded, client: Address, asked_on: Ticket | None) -> Outcome:
    """One forwarded mail: its ticket, its words, then what the member says and orders. `client` is whose it is.

    `asked_on` is the ticket on which the member was asked about it.
    """
    message = _as_written(mail, passed, client)
    step = listening(replace(mail.step, message=message))
    sender = identify(step.session, step.around.billing, replace(message, sender=client), step.desk.language)
    sender = in_their_language(sender, step.heard, step.desk.language)
    ticket, event = _ticket_for(mail, passed, step, sender, asked_on)
    entry = step.tickets.add(ticket, message, assurance=Assurance.NONE)
    entry.message_id = _original_id(mail, passed)[:255]
    entry.arrival_id = mail.arrival_id or entry.arrival_id
    step.tickets.remember(ticket, mail.message.id)
    step.session.flush()
    return _act(mail, step, ticket, entry, sender.who, event=event)


def converse(mail: Brought, client: Address, asked_on: Ticket | None) -> Outcome:
    """A conversation that the member begins: what they write goes to the client as an answer does."""
    step = mail.step
    unproved = replace(mail.message, sender=client, proof=Proof())
    sender = identify(step.session, step.around.billing, unproved, step.desk.language)
    if asked_on is not None:
        _give_to(step, asked_on, mail.member, sender)
    department = mail.ordered_department() or mail.own_department()
    ticket = asked_on or opened(mail, sender.who, client, department, mail.message.subject)
    step.session.flush()
    files, page = mail.message.attachments, mail.message.html
    words = replace(step.message, text=mail.rest, full_text="", html=page, attachments=files)
    return staffdesk.work_on(replace(step, message=words), ticket, mail.member, inside=False)


def opened(mail: Brought, who: Principal, requester: Address, department: str, subject: str) -> Ticket:
    name = requester.name or (who.name if who.known else "")
    ticket, _ = mail.step.tickets.open(
        mail.step.message, who, department=department, requester=replace(requester, name=name), subject=subject
    )
    return ticket


def tell(mail: Brought, ticket: Ticket, *replies: Reply) -> None:
    """To the member alone. What they answer stays inside."""
    step, member = mail.step, mail.member
    if step.message.may_answer and step.post.may_say(HELD, member.email.lower()):
        me = step.tickets.participant(ticket, Address(EMAIL, member.email, member.name), "staff")
        step.post.to_staff(ticket, me, replies, kind=HELD, note=True)


def _as_written(mail: Brought, passed: Forwarded, client: Address) -> InboundMessage:
    """The forwarded mail as a message of its own, of which nothing is proved."""
    dated = (f"dated {passed.date}",) if passed.date else ()
    attached = bool(passed.id)
    return replace(
        mail.message,
        id=_original_id(mail, passed) or mail.message.id,
        sender=_author(mail, passed) or client,
        text=passed.text,
        full_text=passed.full_text,
        html="",
        subject=passed.subject,
        attachments=passed.attachments if attached else mail.message.attachments,
        refused=passed.refused if attached else mail.message.refused,
        proof=Proof(reasons=(f"forwarded by {mail.member.name}", *dated)),
        may_answer=False,
    )


def _author(mail: Brought, passed: Forwarded) -> Address | None:
    """Who wrote it, by itself; never one of us, whose words they would be taken for."""
    desk, found = mail.step.desk, passed.senders
    if len(found) != 1 or desk.owns(found[0].value) or desk.staff_member(found[0].value):
        return None
    return found[0]


def _original_id(mail: Brought, passed: Forwarded) -> str:
    """The client's own Message-ID, so that an answer stands below it in their mailbox; "" if it can't be told.

    A program that copies a mail into another names it in In-Reply-To.
    """
    if passed.id:
        return passed.id
    above = next(iter(mail.message.in_reply_to), "")
    return "" if mail.step.around.tokens.read_message_id(above) is not None else above


def _ticket_for(
    mail: Brought, passed: Forwarded, step: Step, sender: Sender, asked_on: Ticket | None
) -> tuple[Ticket, str]:
    """The ticket that it goes on with, the one that we asked about it on, or a new one; and what staff are told."""
    found = _named_by(mail, passed)
    if asked_on is None and found is not None and _goes_on(mail, found, sender.address):
        return found, "reply"
    department = mail.ordered_department() or departments.route(step.desk, mail.message, step.heard.department).name
    if asked_on is not None:
        asked_on.department, asked_on.subject = department, passed.subject[:255] or asked_on.subject
        _give_to(step, asked_on, mail.member, sender)
    ticket = asked_on or opened(mail, sender.who, sender.address, department, passed.subject)
    if found is not None:
        step.tickets.add_own(ticket, f"May belong to ticket #{found.number}.", kind="event")
    return ticket, "new"


def _named_by(mail: Brought, passed: Forwarded) -> Ticket | None:
    """The ticket that its ids or its subject name."""
    message = mail.message
    if passed.id:
        message = replace(message, recipient="", to=(), cc=(), in_reply_to=passed.references, references=(), marker="")
        message = replace(message, subject=passed.subject)
    found = conversation.find(mail.step.session, mail.step.around.tokens, message)
    return found.match.ticket if found.match is not None else found.hint


def _goes_on(mail: Brought, ticket: Ticket, client: Address) -> bool:
    """Is the client of that ticket, and may the member add to it?"""
    step = mail.step
    takes_part = any(p.address == client.key and p.role in _READERS for p in step.tickets.participants(ticket))
    too_old = conversation.too_old(ticket, step.around.clock(), step.desk.rules.reopen_days)
    return takes_part and not too_old and staffdesk.works_here(ticket, mail.member)


def _give_to(step: Step, ticket: Ticket, member: StaffMember, sender: Sender) -> None:
    """A ticket on which the member was asked becomes the client's."""
    for person in step.tickets.participants(ticket):
        if person.role == "requester":
            person.role = "staff"
    name = sender.address.name or (sender.who.name if sender.who.known else "")
    step.tickets.participant(ticket, replace(sender.address, name=name), "requester").role = "requester"
    ticket.client_id, ticket.contact_id = sender.who.client_id, sender.who.contact_id
    ticket.language = sender.who.language
    step.tickets.audit(ticket, member.email, "ticket.client", client=ticket.client_id)


def _act(mail: Brought, step: Step, ticket: Ticket, entry: TicketMessage, who: Principal, *, event: str) -> Outcome:
    """Orders are done, staff read the client's mail, then the note; the state comes last. `step` has the client's mail.

    With a bad command only what the member wrote is held: the client's mail has come.
    """
    own = replace(mail.step, message=_own_message(mail))
    read = parse(mail.rest, WORDS)
    work = Work(own, ticket, mail.member, read, not read.has("reply"), read.text)
    planned, problems = _planned(work, who)
    if problems:
        _hold(mail, own, ticket, problems)
    elif not work.inside:
        staffdesk.work_on(own, ticket, mail.member, inside=True)
        tell_staff(step, ticket, entry, who, event=event, but=mail.member.email)
        return Outcome("reply", ticket)
    _run(planned, last=False)
    if not any(verb.name in ("close", "spam") for verb, _ in planned):
        event = event if work.ticket is ticket else "reply"
        hand_to_staff(step, work.ticket, entry, who, event=event, facts=for_staff(step.heard))
    if not problems and (work.text.strip() or own.message.attachments):
        _note(work)
    _run(planned, last=True)
    if planned:
        written = [command.written for command in mail.read.commands]
        step.tickets.audit(work.ticket, mail.member.email, "staff.commands", commands=written)
    return Outcome("ticket", work.ticket)


def _own_message(mail: Brought) -> InboundMessage:
    """What the member says: their words, and the files beside attached mails."""
    files: list[Attachment] = []
    opened_mails = [one for one in mail.message.forwarded if one.id]
    if opened_mails:
        mails = [file for file in mail.message.attachments if _is_mail(file)]
        files = [file for file in mail.message.attachments if not _is_mail(file)] + mails[len(opened_mails) :]
    return replace(mail.step.message, text=mail.rest, full_text="", html="", attachments=tuple(files), refused=())


def _is_mail(file: Attachment) -> bool:
    return file.media_type in ("message/rfc822", "message/global") or file.filename.lower().endswith(".eml")


def _planned(work: Work, who: Principal) -> tuple[list[tuple[Verb, Deed]], list[Problem]]:
    """The deeds in the order in which they are done, or what is wrong with the commands."""
    problems = list(_faults(work.read, inside=work.inside))
    if not work.inside and not staffdesk.works_here(work.ticket, work.member):
        problems.append(Problem("not_your_department", about={"department": work.ticket.department}))
    try:
        work.read = macros.expanded(work.read, WORDS, work.step.desk, work.ticket, work.member, who.name)
        work.text = work.read.text
    except Unusable as refused:
        problems.append(Problem(refused.why, "#macro", dict(refused.about)))
    planned = []
    for command in sorted(work.read.commands, key=lambda one: [*VERBS].index(one.verb)):
        try:
            planned.append((VERBS[command.verb], VERBS[command.verb].plan(work, command.argument)))
        except Unusable as refused:
            problems.append(Problem(refused.why, command.written, dict(refused.about)))
    return ([] if problems else planned), problems


def _faults(read: Directives, *, inside: bool) -> Sequence[Problem]:
    """What is wrong with the words as they are written."""
    found = [Problem(f"slip_{slip.reason}", slip.line, {"near": slip.near}) for slip in read.slips]
    states = [command.written for command in read.commands if VERBS[command.verb].last]
    if read.has("note") and not inside:
        found.append(Problem("note_or_reply"))
    if len(states) > 1:
        found.append(Problem("one_state", about={"commands": states}))
    if any(VERBS[command.verb].asks for command in read.commands):
        found.append(Problem("answers_you_alone"))
    if len(read.text) > staffdesk.LONGEST_REPLY:
        found.append(Problem("too_long", about={"most": staffdesk.LONGEST_REPLY}))
    return found


def _run(planned: Sequence[tuple[Verb, Deed]], *, last: bool) -> None:
    for verb, deed in planned:
        if verb.last is last:
            deed()


def _note(work: Work) -> None:
    entry = work.step.tickets.add(
        work.ticket, work.step.message, kind="note", text=work.text, by_staff=True, assurance=Assurance.CONVERSATION
    )
    entry.author, entry.author_name = work.who, work.member.name
    tell_staff(work.step, work.ticket, entry, Principal(work.member.name), event="note")


def _hold(mail: Brought, own: Step, ticket: Ticket, problems: Sequence[Problem]) -> None:
    own.tickets.add(ticket, own.message, kind=held.REFUSED, by_staff=True).author = mail.member.email.lower()
    why = [f"{problem.why}: {problem.line}".removesuffix(": ") for problem in problems]
    own.tickets.audit(ticket, mail.member.email, "staff.held", problems=why)
    answer = say("staff_held", ticket=ticket, problems=problems, text=shown(own.message.text), sendable=False)
    tell(mail, ticket, say("staff_onbehalf_note", ticket=ticket), answer)
