"""What staff bring in by a new mail: mails of clients that they forward, and conversations that they begin.

A forwarded mail becomes a ticket of whoever wrote it. They get no mail of it: they wrote to a person, and the first
they read of the desk is that person's answer (`#reply` above the forward is one). The text proves nothing, for whoever
forwards could have written it: no robot answers it, and its sender is a suggestion, about which the member is asked
where it is in doubt. Picking the wrong person out of a text is what other desks are blamed for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from core import departments, tickets
from core.conversation import Match
from core.messages import EMAIL, Address, Forwarded, InboundMessage, Kind, say
from core.models import Ticket, TicketMessage
from core.notices import shown
from core.people import Principal, StaffMember
from core.staff import bringing, farewells, held
from core.staff.bringing import Brought, says_whose
from core.staff.classify import ADDRESS
from core.staff.grammar import parse
from core.staff.held import Problem
from core.staff.vocabulary import WORDS
from core.surroundings import Outcome, Step


def brought(step: Step, match: Match | None, member: StaffMember) -> Outcome | None:
    """What becomes of a mail of theirs that forwards or begins something, or that answers our question about one.

    None for every other mail of theirs: it goes its usual way, and so does one that nobody vouches for.
    """
    message = step.message
    if message.kind is not Kind.PERSON:
        return None
    draft = _asked_about(step, match, member)
    if match is not None and draft is not None:
        return _answered(step, match.ticket, member, draft) if _proved(step) else None
    if match is not None and (match.how == "reply address" or not _forwards(message)):
        return None
    if not _brings(message):
        return None
    return _take(Brought(step, member, message, _words(message))) if _proved(step) else None


def _forwards(message: InboundMessage) -> bool:
    return any(one.marked for one in message.forwarded)


def _brings(message: InboundMessage) -> bool:
    return _forwards(message) or _names_client(_words(message))


def _proved(step: Step) -> bool:
    step.wait_for_proof()
    return step.message.proof.verified and not step.message.proof.ambiguous


def _words(message: InboundMessage) -> str:
    return message.comment if message.forwarded else message.text


def _names_client(words: str) -> bool:
    """Does it say, or try to say, whose it is?"""
    read = parse(words, WORDS)
    return read.has("client") or any(says_whose(slip.line) for slip in read.slips)


def _take(
    mail: Brought,
    asked_on: Ticket | None = None,
    draft: TicketMessage | None = None,
    answer: str = "",
    *,
    sure: bool = False,
) -> Outcome:
    """All of it, or a question to the member. `answer` is the address that they named for what was in doubt; `sure`:
    the sender is who is meant, though it looks like a robot.
    """
    passed = mail.message.forwarded
    named = _address(mail.read.value("client"))
    doubts = [*_about_words(mail, named or answer)]
    in_doubt = [None if named else _doubt(mail.step, one, sure=sure) for one in passed]
    doubts += [doubt for doubt in in_doubt if doubt is not None and not answer]
    if doubts:
        return _ask(mail, doubts[0], asked_on, draft)
    if draft is not None:
        draft.kind = held.DROPPED
    if not passed:
        return bringing.converse(mail, Address(EMAIL, answer or named), asked_on)
    clients = [_client(one, named or (answer if doubt else "")) for one, doubt in zip(passed, in_doubt, strict=True)]
    outcomes = [
        bringing.forward(mail, one, client, None if number else asked_on)
        for number, (one, client) in enumerate(zip(passed, clients, strict=True))
    ]
    return outcomes[0]


def _address(written: str) -> str:
    return written.strip("<> ").lower()


def _client(passed: Forwarded, named: str) -> Address:
    """Whose it is: whom the member names, else its one sender."""
    sender = passed.senders[0] if len(passed.senders) == 1 else None
    return sender if sender is not None and named in ("", sender.key) else Address(EMAIL, named)


def _about_words(mail: Brought, named: str) -> Iterator[Problem]:
    """What the member's own words leave open, before anything is done."""
    desk, read = mail.step.desk, mail.read
    for slip in read.slips:
        if says_whose(slip.line):
            yield Problem("slip", slip.line, {"near": slip.near})
    if named and not re.fullmatch(ADDRESS, named):
        yield Problem("no_address", f"#client {named}")
    elif named and (desk.owns(named) or desk.staff_member(named)):
        yield Problem("no_reader", f"#client {named}")
    said_how = read.has("note") or read.has("reply") or not read.text
    if any(not one.marked for one in mail.message.forwarded) and not said_how:
        yield Problem("note_or_reply")
    if mail.message.forwarded:
        return
    if not (parse(mail.rest, WORDS).text or mail.message.attachments):
        yield Problem("nothing_said")
    department = mail.ordered_department() or mail.own_department()
    if not read.has("note") and not mail.member.works_in(department):
        yield Problem("not_your_department", about={"department": department})


def _doubt(step: Step, passed: Forwarded, *, sure: bool) -> Problem | None:
    """Why its sender may not be the client."""
    desk, found = step.desk, passed.senders
    people = [
        one.value for one in (*found, *passed.others) if not (desk.owns(one.value) or desk.staff_member(one.value))
    ]
    if not found:
        return Problem("no_sender", about={"names": people})
    if len(found) > 1:
        return Problem("several_senders", about={"names": people})
    sender = found[0].value
    about = {"sender": sender, "names": [one for one in people if one != sender]}
    if desk.owns(sender):
        return Problem("desk_sender", about=about)
    if desk.staff_member(sender):
        return Problem("staff_sender", about=about)
    return Problem("robot_sender", about=about) if passed.automatic and not sure else None


def _ask(mail: Brought, problem: Problem, asked_on: Ticket | None, draft: TicketMessage | None) -> Outcome:
    """Nothing is done; the mail is kept on a ticket of the member's own, and they are asked there."""
    step, member, message = mail.step, mail.member, mail.message
    ticket = asked_on
    if ticket is None:
        who = Principal(member.name, language=step.desk.language)
        department = departments.route(step.desk, message, "").name
        subject = next((one.subject for one in message.forwarded), message.subject)
        ticket = bringing.opened(mail, who, Address(EMAIL, member.email, member.name), department, subject)
    if draft is None:
        step.tickets.add(ticket, message, kind=held.HELD_DRAFT, by_staff=True).author = member.email.lower()
    step.tickets.audit(ticket, member.email, "staff.held", problems=[problem.why])
    text = "\n\n".join(one.text for one in message.forwarded) or message.text
    answer = say(
        "staff_onbehalf_ask", ticket=ticket, problem=problem, text=shown(text), forwards=bool(message.forwarded)
    )
    bringing.tell(mail, ticket, answer)
    return Outcome("held", ticket)


def _asked_about(step: Step, match: Match | None, member: StaffMember) -> TicketMessage | None:
    """What we asked the member about, where this is their answer: it is held on a ticket that is theirs till then."""
    if match is None or match.participant is None or match.participant.address != member.email.lower():
        return None
    return held.last(step, match.ticket, member.email) if match.participant.role == "requester" else None


def _answered(step: Step, ticket: Ticket, member: StaffMember, draft: TicketMessage) -> Outcome | None:
    """`#client address` (or the address alone), `#send` for a sender that looked like a robot, `#cancel`.

    What else they write is added to their words above the forward, or takes their place.
    """
    message = held.words_of(step, draft)
    if message is None or not _brings(message):
        return None
    said = farewells.without(step.message.text, member, WORDS)
    mail = Brought(step, member, message, said, draft.arrival_id)
    read, rest = mail.read, mail.rest.strip()
    step.tickets.audit(ticket, member.email, "staff.commands", commands=[one.written for one in read.commands])
    verbs = [command.verb for command in read.commands]
    if verbs == ["cancel"] and not read.text:
        draft.kind = held.DROPPED
        step.tickets.set_status(ticket, tickets.CLOSED, member.email)
        return Outcome("note", ticket)
    before, answer = replace(mail, words=_words(message)), _address(read.value("client"))
    if alone := _address_alone(read.text, member):
        answer, rest = alone, ""
    sure, words = verbs == ["send"] and not read.text, before.rest
    if rest and not sure:
        words = rest if parse(rest, WORDS).text else f"{rest}\n{words}"
    if _names_client(before.words) or not message.forwarded:
        answer, words = "", f"#client {answer or before.read.value('client')}\n{words}"
    return _take(replace(mail, words=words), ticket, draft, answer, sure=sure)


def _address_alone(text: str, member: StaffMember) -> str:
    """The address if nothing else is said; below it may be a signature, behind it the link that Outlook writes."""
    first, _, below = text.strip().partition("\n")
    first = re.sub(r"\s*<mailto:[^<>]*>", "", first, flags=re.IGNORECASE).strip()
    alone = re.fullmatch(ADDRESS, first) and (not below.strip() or farewells.only(below, member))
    return _address(first) if alone else ""
