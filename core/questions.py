"""The questions that the desk puts, the answers that come back, and what they bring about.

Every answer comes to the single-use address that only the mailbox on file has seen, from a person, and its first line
decides. A wrong, late or used answer changes nothing and always reads the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import addresschange, confirming, dialogs, places, tickets, twomailboxes
from core.access import Missing, Verdict, authorize
from core.answers import Asked, context_of, perform, prepare
from core.context import Aside
from core.errors import Refusal, Rejected
from core.identify import Sender
from core.journal import Journal
from core.messages import EMAIL, Address, Proposal, Refer, Reply, Request, say
from core.models import Dialog, Ticket
from core.notices import hand_to_staff
from core.people import Assurance, Principal, Risk
from core.post import ANSWER
from core.surroundings import Outcome, Step


def put(step: Step, ticket: Ticket, who: Principal, asked: Asked, *, arrival_id: int | None = None) -> None:
    """Ask whether exactly this shall be done, at the address on file; `arrival_id` wished for it, if not this one."""
    now = step.around.clock()
    if asked.with_code and not confirming.may_ask_for_code(step.session, who.client_id, now):
        _tell(step, ticket, who, (say("too_many_codes"),))
        return
    chat = places.chat_of(step, who)
    dialog, code = confirming.open_question(
        step,
        ticket.id,
        who,
        asked.request,
        asked.proposal,
        with_code=asked.with_code,
        arrival_id=arrival_id,
        place=chat,
    )
    how = say("confirm_by_code" if code else "confirm_by_word", code=code, until=dialog.expires_at, who=who)
    if chat and code:
        # The code is typed into the chat, and never shown there.
        _mail_code(step, ticket, who, (asked.proposal.question, how), dialog)
        how = say("chat_confirm_by_code", sent_to=who.email, until=dialog.expires_at)
    places.tell(
        step,
        ticket,
        places.home(step, ticket, who),
        who,
        (asked.proposal.question, how),
        kind="question",
        automatic=True,
        language=who.language,
        echo=False,
        in_reply_to=step.message.id,
        reply_token=dialogs.reply_token(dialog),
    )
    step.tickets.add_own(ticket, f"Asked for confirmation: {confirming.subject_of(asked.request)}", kind="event")
    step.tickets.set_status(ticket, tickets.ON_HOLD, step.desk.address)


def _mail_code(step: Step, ticket: Ticket, who: Principal, replies: Sequence[Reply], dialog: Dialog) -> None:
    mailbox = Address(EMAIL, who.email, who.name)
    token = dialogs.reply_token(dialog)
    step.post.alone(mailbox, *replies, kind="question", language=who.language, ticket=ticket, reply_token=token)


def answered(step: Step, sender: Sender, dialog: Dialog, ticket: Ticket) -> Outcome | None:
    """What the answer to a question of this kind brings about; None when it is no answer but a message."""
    now = step.around.clock()
    who = replace(sender.who, assurance=Assurance.POSSESSION)
    word = dialogs.first_word(step.message.text)
    if dialog.kind == "mailbox":
        return _new_mailbox(step, ticket, dialog, word)
    if dialog.kind == "undo" and who.client_id != dialog.client_id:
        who = addresschange.former(step.session, dialog.client_id, dialog.address, step.around.systems, now) or who
    if word == "stop" and dialogs.use(dialog, "refused", now):
        return _stop(step, ticket, dialog, who)
    if dialog.kind == "undo" and word == "undo" and dialogs.use(dialog, "used", now):
        return _undo(step, ticket, dialog, who)
    if word == "no" and dialogs.use(dialog, "refused", now):
        step.tickets.set_status(ticket, tickets.CLOSED, step.message.sender.value)
        return Outcome("reply", ticket)
    if dialog.kind == "code":
        return _with_code(step, ticket, dialog, who)
    if dialog.kind == "confirm" and word == "yes":
        return _confirmed(step, ticket, dialog, who)
    return None


def send_asides(step: Step, ticket: Ticket, who: Principal, asides: Sequence[Aside]) -> None:
    """The letters besides the answer; a notice carries the way back."""
    for aside in _with_former_addresses(step, who, asides):
        token = None
        if aside.kind == "notice":
            about = f"{aside.reply.template}/{ticket.id}/{aside.to.key}"
            undo = confirming.open_undo(step, ticket.id, who, aside.to.value, aside.undo, about)
            token = dialogs.reply_token(undo)
        step.post.alone(aside.to, aside.reply, kind=aside.kind, language=who.language, ticket=ticket, reply_token=token)


def _with_former_addresses(step: Step, who: Principal, asides: Sequence[Aside]) -> list[Aside]:
    """Warnings also go to the address that the same person had until lately: the present one may be a thief's."""
    every: list[Aside] = []
    for aside in asides:
        every.append(aside)
        if aside.kind == "notice":
            now = step.around.clock()
            before = addresschange.warned_as_well(step.session, who.client_id, aside.to.value, now)
            every += [replace(aside, to=replace(aside.to, value=address)) for address in before]
    return every


def _with_code(step: Step, ticket: Ticket, dialog: Dialog, who: Principal) -> Outcome | None:
    """The first line is the code, or it is a wrong one; a longer first line is a message."""
    line = dialogs.first_line(step.message.text)
    if len(line) > 40:
        return None
    pending = dialog.state == "pending" and dialog.expires_at > step.around.clock()
    if pending and step.around.tokens.is_code(dialog.id, line, dialog.code_hash):
        return _confirmed(step, ticket, dialog, who)
    if pending:
        confirming.wrong_code(step, dialog)
    return _not_valid(step, ticket, who)


def _not_valid(step: Step, ticket: Ticket, who: Principal) -> Outcome:
    _tell(step, ticket, who, (say("not_valid"),))
    return Outcome("reply", ticket)


def _confirmed(step: Step, ticket: Ticket, dialog: Dialog, who: Principal) -> Outcome:
    """Do what was confirmed, if it still is what was asked."""
    if dialog.state != "pending" or dialog.expires_at <= step.around.clock():
        return _not_valid(step, ticket, who)
    journal = Journal(step.around.sessions, dialog.id, step.around.clock)
    request = confirming.asked_for(dialog)
    try:
        executed = _execute(step, who, dialog, journal, request)
    except _Changed as changed:
        dialogs.use(dialog, "superseded", step.around.clock())
        asked = Asked(request, changed.proposal, with_code=dialog.kind == "code")
        put(step, ticket, who, asked, arrival_id=dialog.arrival_id)
        return Outcome("asked", ticket)
    except Refusal as refusal:
        executed = _Executed((Reply(refusal.template, refusal.context),))
    except (Rejected, Missing) as refused:
        executed = _Executed((say("rejected", reason=str(refused)),))
    dialogs.use(dialog, "used", step.around.clock())
    if executed.refer is not None:
        return _done_in_part(step, ticket, dialog, who, executed, executed.refer)
    _tell(step, ticket, who, (*executed.replies, *places.closing(step, who)))
    send_asides(step, ticket, who, executed.asides)
    step.tickets.set_status(ticket, tickets.ANSWERED, step.desk.address)
    return Outcome("answer", ticket)


@dataclass(frozen=True, slots=True)
class _Executed:
    replies: tuple[Reply, ...]
    asides: Sequence[Aside] = ()
    refer: Refer | None = None


def _done_in_part(
    step: Step, ticket: Ticket, dialog: Dialog, who: Principal, executed: _Executed, refer: Refer
) -> Outcome:
    """The rest is a person's work: the ticket goes to who does it, with what was asked and what was done."""
    step.tickets.place(ticket, refer.department, "")  # Whoever they wrote to: this is where it is done.
    _tell(step, ticket, who, (*executed.replies, say("person_does_it", department=ticket.department, ticket=ticket)))
    send_asides(step, ticket, who, executed.asides)
    lines = ["Confirmed, and left to a person:", *refer.facts]
    noted = step.tickets.add_own(ticket, "\n".join(lines), kind="event")
    step.tickets.set_status(ticket, tickets.OPEN, step.desk.address)
    entry = step.tickets.said_in(ticket, dialog.arrival_id) or noted
    hand_to_staff(step, ticket, entry, who, event="work", facts=refer.facts)
    return Outcome("answer", ticket)


class _Changed(Exception):
    def __init__(self, proposal: Proposal) -> None:
        super().__init__("the facts changed")
        self.proposal = proposal


def _execute(step: Step, who: Principal, dialog: Dialog, journal: Journal, request: Request) -> _Executed:
    """Raises _Changed, and what a handler or a port raises."""
    intent = step.around.registry[request.intent]
    if authorize(who, intent) is not Verdict.DO:
        raise Refusal("account_held")
    if confirming.held(step.session, who.client_id, step.around.clock()) and intent.risk >= Risk.SENSITIVE:
        raise Refusal("account_held")
    if addresschange.waits_for_a_person(step.session, who, intent, step.around.clock()):
        raise Refusal("address_changed_lately")
    if journal.done(f"act {request.intent}"):
        # It was done, and the commit that would have said so was lost.
        return _Executed((say("done_before"),), refer=confirming.left_to_a_person(dialog))
    asides: list[Aside] = []
    result = prepare(step, who, intent, request.words).run(context_of(step, who, asides))
    if isinstance(result, Reply):
        return _Executed((result,), asides)
    if confirming.digest(result) != dialog.learnt.get("facts"):
        raise _Changed(result)
    if mailbox := addresschange.new_mailbox(request):
        twomailboxes.ask(step, dialog, who, request, result)
        until = step.around.clock() + dialogs.LIFETIME
        return _Executed((say("new_address_asked", email=mailbox, until=until),), asides)
    done = perform(journal, request, result)
    step.tickets.audit(None, who.email, f"done.{request.intent}", client=who.client_id, about=dialog.subject_key)
    if intent.risk >= Risk.SENSITIVE:
        owner = step.around.billing.client(who.client_id)
        about = confirming.in_words(intent, request)
        notice = say("change_notice", what=intent.help, about=about, who=who, undo=result.undo is not None)
        asides.append(Aside(Address("email", owner.email, owner.name), notice, "notice", result.undo))
    return _Executed((done,), asides, result.refer)


def _new_mailbox(step: Step, ticket: Ticket, dialog: Dialog, word: str) -> Outcome | None:
    """Only a yes from the new address itself changes the address; a no or a stop leaves all as it is."""
    now = step.around.clock()
    mailbox = Address("email", step.message.sender.value)
    if word in ("no", "stop"):
        dialogs.use(dialog, "refused", now)
        step.tickets.add_own(ticket, f"{mailbox.value} does not want to be used as this address.", kind="event")
        return Outcome("reply", ticket)
    if word != "yes":
        return None
    agreed = twomailboxes.agreed(step, dialog)
    if agreed is None:
        step.post.alone(mailbox, say("not_valid"), kind=ANSWER, language=step.desk.language, ticket=ticket)
        return Outcome("reply", ticket)
    send_asides(step, ticket, agreed.who, agreed.letters)
    step.post.alone(mailbox, agreed.done, kind=ANSWER, language=agreed.who.language, ticket=ticket)
    step.tickets.set_status(ticket, tickets.ANSWERED, step.desk.address)
    return Outcome("answer", ticket)


def _undo(step: Step, ticket: Ticket, dialog: Dialog, who: Principal) -> Outcome:
    """Restore what was, stop the account's sensitive changes, and call Security."""
    request = confirming.asked_for(dialog)
    replies: tuple[Reply, ...] = (say("stopped"),)
    if request.intent:
        intent = step.around.registry[request.intent]
        journal = Journal(step.around.sessions, dialog.id, step.around.clock)
        try:
            present = _present_address(step, who, request)
            result = prepare(step, who, intent, request.words).run(context_of(step, who, []))
            done = result if isinstance(result, Reply) else perform(journal, request, result)
            replies = (say("undone"), done)
            if present:
                replies = (say("undone"),)  # What was done says what is the case after a change, not after none.
                addresschange.taken_back(step.session, who.client_id, addresschange.new_mailbox(request), present)
        except (Refusal, Rejected, Missing, LookupError):
            replies = (say("not_undone"),)
    _alarm(step, ticket, dialog, "undone by the owner")
    _tell(step, ticket, who, replies)
    return _to_security(step, ticket, who)


def _present_address(step: Step, who: Principal, request: Request) -> str:
    """The address that going back to the former one takes off file; "" when it is about something else."""
    if not addresschange.new_mailbox(request):
        return ""
    return addresschange.holder_of(step.around.systems, who, request).email


def _stop(step: Step, ticket: Ticket, dialog: Dialog, who: Principal) -> Outcome:
    """It was not them: do the safe thing that the notice offered, stop the account's changes, call Security."""
    if dialog.kind == "undo" and dialog.learnt.get("intent"):
        return _undo(step, ticket, dialog, who)
    _alarm(step, ticket, dialog, "stopped by the owner")
    _tell(step, ticket, who, (say("stopped"),))
    return _to_security(step, ticket, who)


def _alarm(step: Step, ticket: Ticket, dialog: Dialog, reason: str) -> None:
    confirming.hold(step.tickets, dialog.client_id, reason)
    if any(department.name == "Security" for department in step.desk.departments):
        step.tickets.refer(ticket, "Security", step.message.sender.value)
    step.tickets.audit(ticket, step.message.sender.value, "sender.disowned")
    step.tickets.set_priority(ticket, "High", step.message.sender.value)


def _to_security(step: Step, ticket: Ticket, who: Principal) -> Outcome:
    entry = step.tickets.add_own(
        ticket, f"{who.name} says that this was not them. Sensitive changes of the account are stopped.", kind="event"
    )
    hand_to_staff(step, ticket, entry, who, event="alarm")
    return Outcome("reply", ticket)


def _tell(step: Step, ticket: Ticket, who: Principal, replies: tuple[Reply, ...]) -> None:
    composed = places.tell(
        step,
        ticket,
        places.home(step, ticket, who),
        who,
        replies,
        kind=ANSWER,
        automatic=True,
        language=who.language,
        echo=False,
        in_reply_to=step.message.id,
    )
    step.tickets.add_own(ticket, composed.text or "(a secret was sent)")
