"""Verbs that ask the desk something: the answer is for their writer alone, and nothing is said to anybody else."""

from __future__ import annotations

from core import blobs, inbox
from core.messages import Attachment, say
from core.notices import shown
from core.staff import cards
from core.staff.verbs import Answer, Deed, Work, verb


@verb("status", asks=True)
def status(work: Work, argument: str) -> Deed:
    """Mail me how the ticket stands: state, people, what happened lately."""
    billing = work.step.around.billing

    def tell() -> None:
        card = cards.card(work.step.tickets, billing, work.ticket)
        work.answers.append(Answer(say("staff_status", card=card)))

    return tell


@verb("original", asks=True)
def original(work: Work, argument: str) -> Deed:
    """Mail me the client's last message as it arrived, whole."""
    return lambda: work.answers.append(_as_it_arrived(work))


def _as_it_arrived(work: Work) -> Answer:
    """With headers, quotes and refused files."""
    step, ticket = work.step, work.ticket
    entry = step.tickets.last_from_client(ticket)
    try:
        if entry is None or entry.arrival_id is None:
            raise LookupError("nothing came by mail")
        raw = blobs.fetch(step.session, inbox.stored(step.session, entry.arrival_id).raw_sha256)
    except LookupError:
        return Answer(say("staff_original", text=""))
    file = Attachment(f"ticket-{ticket.number}.eml", "message/rfc822", raw)
    return Answer(say("staff_original", text=shown(entry.full_text or entry.text)), (file,))
