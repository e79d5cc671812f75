"""Staff at work: what a message of theirs on a ticket may do, and in which order it is done.

A staff mail counts only with all of: a reply address (or letter) given to that person on that ticket, one of their own
addresses in From, the proof that they sent it, and the right to work in the ticket's department now. If anything is
missing, nothing reaches the client: the text is kept on the ticket, and the person's address on file is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core import conversation, tickets
from core.conversation import Match
from core.messages import EMAIL, Attachment, InboundMessage, say
from core.models import Ticket, TicketMessage
from core.notices import shown, tell_staff
from core.people import Assurance, Principal, StaffMember
from core.post import HELD
from core.staff import answering, classify, farewells, held, macros
from core.staff.grammar import Command, Directives, parse
from core.staff.held import Problem
from core.staff.telling import tell
from core.staff.verbs import Answer, Deed, Unusable, Verb, Work
from core.staff.vocabulary import VERBS, WORDS
from core.surroundings import Outcome, Step
from core.tokens import TokenKind

LONGEST_REPLY = 100_000
_CALLED = re.compile(r"(?<!\S)@([\w.+-]+(?:@[\w.-]+\w)?)")
_ORDER = {name: place for place, name in enumerate(VERBS)}


def reply(step: Step, match: Match, member: StaffMember) -> Outcome:
    """A mail of theirs that answers a notification."""
    step.wait_for_proof()
    distrust = _distrust(step, match, member)
    if distrust or match.participant is None:
        _tell_owner(step, match, member)
        return held.hold(step, match.ticket, member, distrust, inside=_is_note(match), kind=held.REFUSED)
    return work_on(step, match.ticket, member, inside=_is_note(match))


def _tell_owner(step: Step, match: Match, member: StaffMember) -> None:
    """Whose reply address it was reads that a colleague has it."""
    owner = step.desk.staff_member(match.participant.address) if match.participant else None
    if owner is None or owner.email == member.email or not step.message.may_answer:
        return
    problem = Problem("not_your_address", about={"sender": step.message.sender.value})
    answer = say("staff_held", ticket=match.ticket, problems=(problem,), text=shown(step.message.text), sendable=False)
    tell(step, match.ticket, owner, answer, kind=HELD, inside=_is_note(match))


def _is_note(match: Match) -> bool:
    """Does it answer an internal note?"""
    return match.kind is TokenKind.STAFF_NOTE


def foreign(step: Step, match: Match) -> Outcome:
    """A reply address of staff, in the hands of an address that is nobody's of the staff: its owner is told."""
    step.wait_for_proof()
    assert match.participant is not None
    member = step.desk.staff_member(match.participant.address)
    if member is None:
        step.tickets.add(match.ticket, step.message, kind=held.REFUSED, by_staff=True)  # No words of the client's.
        return Outcome("held", match.ticket)
    problem = Problem("not_your_address", about={"sender": step.message.sender.value})
    return held.hold(step, match.ticket, member, (problem,), inside=_is_note(match), kind=held.REFUSED)


def work_on(
    step: Step,
    ticket: Ticket,
    member: StaffMember,
    *,
    inside: bool,
    draft: TicketMessage | None = None,
    aloud: bool = True,
) -> Outcome:
    """Do what a message says, all of it or nothing. `inside`: what is said stays inside unless it says otherwise.

    `draft` is the held message whose words these are: its doubtful lines are text now. `aloud`: may it speak to the
    client at all?
    """
    text = farewells.without(step.message.text, member, WORDS)
    read = parse(text, WORDS, slips_are_text=draft is not None)
    if draft is None and [command.verb for command in read.commands] == ["send"] and not (read.text or read.slips):
        return _send(step, ticket, member, inside=inside)
    problems: list[Problem] = []
    try:
        read = macros.expanded(read, WORDS, step.desk, ticket, member, _called(step, ticket))
    except Unusable as refused:
        problems.append(Problem(refused.why, "#macro", dict(refused.about)))
    problems += _problems(read)
    inside = not aloud or read.has("note") or (inside and not read.has("reply"))
    if read.commands and farewells.only(read.text, member, named=read.has("reply")):
        read = replace(read, text="")
    says_something = bool(read.text.strip() or _files(step, read))
    if says_something and not inside:
        problems += answering.problems(step, ticket, read.text)
    work = Work(step, ticket, member, read, inside, read.text)
    planned = [(VERBS[command.verb], _planned(work, command, problems)) for command in _in_order(read.commands)]
    kept = any(verb.keeps for verb, _ in planned)
    says_something = says_something and not kept
    if says_something and any(verb.asks for verb, _ in planned):
        problems.append(Problem("answers_you_alone"))
    if problems:
        return held.hold(step, ticket, member, problems, inside=inside, draft=draft)
    _do(work, planned, says_something=says_something)
    if read.commands:
        written = [command.written or command.verb for command in read.commands]
        step.tickets.audit(work.ticket, member.email, "staff.commands", commands=written)
    return Outcome("note" if inside else "reply", work.ticket)


def _send(step: Step, ticket: Ticket, member: StaffMember, *, inside: bool) -> Outcome:
    """Let out what was held. It is this message, which is proved, that speaks; the held one lends its words."""
    draft = held.last(step, ticket, member.email, answers=step.message.in_reply_to)
    message = held.words_of(step, draft)
    if draft is None or message is None:
        return held.hold(step, ticket, member, (Problem("nothing_held", "#send"),), inside=inside)
    inside = _stays_inside(step, message)
    draft.kind = held.DROPPED
    step.tickets.audit(ticket, member.email, "staff.commands", commands=["#send"])
    words = replace(
        step.message,
        text=message.text,
        full_text=message.full_text,
        html=message.html,
        attachments=message.attachments,
        in_reply_to=message.in_reply_to,
    )
    return work_on(replace(step, message=words), ticket, member, inside=inside, draft=draft)


def _stays_inside(step: Step, draft: InboundMessage) -> bool:
    """Would it have stayed inside as it came, whatever the letter that now says #send is an answer to?"""
    match = conversation.find(step.session, step.around.tokens, draft).match
    return draft.sender.channel != EMAIL or match is None or _is_note(match)


def _files(step: Step, read: Directives) -> tuple[Attachment, ...]:
    """What is attached to what they say; a picture in a mail of nothing but commands is their signature's."""
    spoken = bool(read.text.strip()) or not read.commands or read.has("note") or read.has("reply")
    return tuple(one for one in step.message.attachments if spoken or not one.inline)


def works_here(ticket: Ticket, member: StaffMember) -> bool:
    return any(member.works_in(department) for department in (ticket.department, *ticket.also_departments))


def _distrust(step: Step, match: Match, member: StaffMember) -> list[Problem]:
    """Why this mail does not speak for the desk, [] when it does."""
    proof = step.message.proof
    if match.participant is None or match.participant.address != member.email.lower():
        return [Problem("not_your_token")]
    if not proof.verified or proof.ambiguous:
        return [Problem("not_proved", about={"reasons": proof.reasons})]
    if not step.message.may_answer:
        return [Problem("automatic")]  # Nobody is told: to whom would a robot pass it on?
    if not works_here(match.ticket, member):
        return [Problem("not_your_department", about={"department": match.ticket.department})]
    return []


def _problems(read: Directives) -> list[Problem]:
    """What is wrong with the message as it is written."""
    found = [Problem(f"slip_{slip.reason}", slip.line, {"near": slip.near}) for slip in read.slips]
    if len(read.text) > LONGEST_REPLY:
        found.append(Problem("too_long", about={"most": LONGEST_REPLY}))
    if read.has("note") and read.has("reply"):
        found.append(Problem("note_or_reply"))
    states = [command.written for command in read.commands if VERBS[command.verb].last]
    if len(states) > 1:
        found.append(Problem("one_state", about={"commands": states}))
    if read.has("send"):
        found.append(Problem("send_stands_alone", "#send"))
    return found


def _in_order(commands: Sequence[Command]) -> list[Command]:
    return sorted(commands, key=lambda command: _ORDER[command.verb])


def _planned(work: Work, command: Command, problems: list[Problem]) -> Deed | None:
    try:
        return VERBS[command.verb].plan(work, command.argument)
    except Unusable as refused:
        if not any(problem.line == command.written and problem.why == refused.why for problem in problems):
            problems.append(Problem(refused.why, command.written, dict(refused.about)))
        return None


def _do(work: Work, planned: Sequence[tuple[Verb, Deed | None]], *, says_something: bool) -> None:
    """Where it belongs, then what is said, the state last: saying something may open a ticket again."""
    _run(deed for verb, deed in planned if not verb.last)
    if says_something:
        (_note if work.inside else _say)(work)
    elif work.given_to is not None:
        entry = work.step.tickets.last_from_client(work.ticket)
        entry = entry or work.step.tickets.add_own(work.ticket, "Assigned.", kind="event")
        tell_staff(work.step, work.ticket, entry, Principal(work.member.name), event="assigned", but=work.who)
    _run(deed for verb, deed in planned if verb.last)
    if work.read.has("help"):
        work.answers.append(Answer(say("staff_help", verbs=list(VERBS.values()))))
    for answer in work.answers:
        tell(
            work.step,
            work.ticket,
            work.member,
            answer.reply,
            kind="help",
            inside=work.inside,
            attachments=answer.attachments,
        )


def _run(deeds: Iterable[Deed | None]) -> None:
    for deed in deeds:
        if deed is not None:
            deed()


def _entry(work: Work, kind: str) -> TicketMessage:
    entry = work.step.tickets.add(
        work.ticket, work.step.message, kind=kind, text=work.text, by_staff=True, assurance=Assurance.CONVERSATION
    )
    entry.author, entry.author_name = work.who, work.member.name
    return entry


def _note(work: Work) -> None:
    """Colleagues read it; somebody who has just been given the ticket reads with it that it is theirs."""
    event = "assigned" if work.given_to is not None else "note"
    named = _named(work)
    tell_staff(work.step, work.ticket, _entry(work, "note"), Principal(work.member.name), event=event, also=named)


def _named(work: Work) -> list[StaffMember]:
    """Colleagues whom a note calls by @name or @address; they read it whoever the ticket belongs to."""
    words = {word.lower() for word in _CALLED.findall(work.text)}
    others = [one for one in work.step.desk.staff() if one.email != work.who and works_here(work.ticket, one)]
    return [one for one in others if words & {one.email.lower(), *one.name.lower().split(), classify.local(one)}]


def _say(work: Work) -> None:
    step, ticket = work.step, work.ticket
    _entry(work, "public")
    if not ticket.assignee and not (work.read.has("assign") or work.read.has("dept")):
        ticket.assignee = work.who
        step.tickets.audit(ticket, work.who, "ticket.assigned", to=work.who)
    answering.send(work)
    step.tickets.set_status(ticket, tickets.ANSWERED, work.who)


def _called(step: Step, ticket: Ticket) -> str:
    """What a canned reply calls the client."""
    client = step.around.billing.client(ticket.client_id) if ticket.client_id else None
    if client is not None:
        return client.name
    return next((one.name for one in step.tickets.participants(ticket) if one.role == "requester"), "")
