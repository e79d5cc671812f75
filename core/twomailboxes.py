"""The second half of a change of address: the new mailbox is asked, and its yes carries the change out.

What the address on file confirmed with its code is kept in the question to the new one, and worked out afresh when
that answers, like every other confirmed request (core/confirming.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import addresschange, confirming, dialogs
from core.access import Missing
from core.answers import context_of, perform, prepare
from core.context import Aside
from core.errors import Refusal, Rejected
from core.identify import principal
from core.journal import Journal
from core.messages import Address, Proposal, Reply, Request, say
from core.models import Dialog, Ticket
from core.people import Assurance, Principal
from core.ports import AccountHolder
from core.post import ASK_BACK
from core.surroundings import Step


@dataclass(frozen=True, slots=True)
class Agreed:
    """The change was made: what the new mailbox reads, and the letters that warn the old one."""

    who: Principal
    done: Reply
    letters: Sequence[Aside]


def ask(step: Step, confirmed: Dialog, who: Principal, request: Request, proposal: Proposal) -> None:
    """Ask the new address whether mails may come there. It is asked alone, and joins no ticket before it says yes.

    Raises Refusal for an address that we must not write to.
    """
    mailbox = addresschange.new_mailbox(request)
    usable = step.post.may_say(ASK_BACK, mailbox.lower()) and step.desk.staff_member(mailbox) is None
    if not usable or confirmed.ticket_id is None:
        raise Refusal("new_address_unusable", email=mailbox)
    before = addresschange.holder_of(step.around.systems, who, request).email
    question = confirming.open_mailbox(step, confirmed.ticket_id, who, request, proposal, mailbox, before)
    step.post.alone(
        Address("email", mailbox),
        say("new_address_question", email=mailbox, before=before, until=question.expires_at),
        kind="question",
        language=who.language,
        ticket=step.session.get(Ticket, confirmed.ticket_id),
        reply_token=dialogs.reply_token(question),
    )


def agreed(step: Step, question: Dialog) -> Agreed | None:
    """The new mailbox says yes. None when that comes too late, or when something else changed in between."""
    if not dialogs.use(question, "used", step.around.clock()):
        return None
    try:
        return _change(step, question)
    except (Refusal, Rejected, Missing, LookupError):
        return None


def _change(step: Step, question: Dialog) -> Agreed:
    """Raises what a handler or a port raises, and LookupError."""
    request, now = confirming.asked_for(question), step.around.clock()
    before, after = str(question.learnt["before"]), addresschange.new_mailbox(request)
    who = _who_asked(step, question)
    holder = addresschange.holder_of(step.around.systems, who, request)
    journal = Journal(step.around.sessions, question.id, step.around.clock)
    done = say("email_done", before=before, after=after)
    if not journal.done(f"act {request.intent}"):  # Else it was, and the commit that would have said so was lost.
        done = perform(journal, request, _proposal(step, question, who, request))
    addresschange.changed(step.session, holder, before, after, now)
    step.tickets.audit(None, who.email, f"done.{request.intent}", client=who.client_id, about=question.subject_key)
    notice = say("address_changed_notice", name=holder.name, before=before, after=after)
    told = dict.fromkeys((before, holder.client.email if holder.contact else before))
    back = addresschange.way_back(holder, before, after)
    return Agreed(who, done, [Aside(Address("email", email), notice, "notice", back) for email in told])


def _who_asked(step: Step, question: Dialog) -> Principal:
    """The person who asked for the change. Raises LookupError when they are no contact any more."""
    client, contact_id = step.around.billing.client(question.client_id), question.learnt["contact_id"]
    contact = None
    if contact_id:
        known = {contact.id: contact for contact in step.around.billing.contacts(client.id)}
        contact = known[contact_id]
    return principal(AccountHolder(client, contact), Assurance.POSSESSION, step.desk.language)


def _proposal(step: Step, question: Dialog, who: Principal, request: Request) -> Proposal:
    """What was confirmed, if it still is what it was. Raises Refusal, and what a handler raises."""
    now, intent = step.around.clock(), step.around.registry[request.intent]
    if confirming.held(step.session, who.client_id, now):
        raise Refusal("account_held")
    if addresschange.waits_for_a_person(step.session, who, intent, now):
        raise Refusal("address_changed_lately")
    result = prepare(step, who, intent, request.words).run(context_of(step, who, []))
    if isinstance(result, Reply) or confirming.digest(result) != question.learnt.get("facts"):
        raise Refusal("not_valid")
    return result
