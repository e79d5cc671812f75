"""Mail of senders that staff called spam: kept as a closed ticket that nobody is told of.

A rule is made by a person and speaks of one address or one domain; nothing is learned by itself. It never touches a
client's mail, nor a reply on a ticket. Nothing is thrown away: `#notspam` on such a ticket opens it again.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clientdesk, tickets
from core.identify import Sender
from core.models import SenderRule
from core.surroundings import Outcome, Step

SPAM, WANTED = "spam", "wanted"


def unwanted(session: Session, address: str) -> bool:
    """The rule for the address itself goes before the one for its domain."""
    domain = f"@{address.rpartition('@')[2]}"
    rules = select(SenderRule.sender, SenderRule.verdict).where(SenderRule.sender.in_((address, domain)))
    verdicts = dict(session.execute(rules).all())
    return verdicts.get(address, verdicts.get(domain, WANTED)) == SPAM


def put_aside(step: Step, sender: Sender) -> Outcome:
    ticket, _ = clientdesk.opened(step, sender.who, sender.address)
    step.tickets.add(ticket, step.message, assurance=sender.who.assurance)
    ticket.spam = True
    step.tickets.set_status(ticket, tickets.CLOSED, step.desk.address)
    return Outcome("spam", ticket)
