"""An account locked by its own people, as after a theft: what was open is void, and Security is called.

It is the stop that "this was not me" brings about (core/confirming.py): sensitive changes and secrets wait until a lead
of Security lifts it. Here everything open goes as well, since the thief may have the mailbox in which it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import confirming
from core.messages import Address
from core.models import AccountHold, Dialog, OneTimeLink
from core.owntickets import OwnTickets
from core.people import Principal
from core.tickets import Tickets

SECURITY = "Security"
INTENT = "account.lock"
_OPEN_QUESTIONS = ("prove", "confirm", "code", "mailbox", "link", "word", "linkyes")
"""What a yes or a code would have done; warnings keep the way back that they carry."""


@dataclass(frozen=True, slots=True)
class AccountLock:
    """The lock of one person's account, in the session of the walk and committed with its answer."""

    own: OwnTickets

    @property
    def on(self) -> bool:
        """Is the account stopped already, until a person lifts that?"""
        found = self._tickets.session.get(AccountHold, self._who.client_id)
        return found is not None and found.until is None

    def switch_on(self) -> None:
        """Stop sensitive changes, and void every question and one-time page of the account."""
        questions, pages = self._void()
        reason = f"locked by {self._who.email}"
        confirming.hold(
            self._tickets, self._who.client_id, reason, who=self._who.email, questions=questions, pages=pages
        )

    def call_security(self, facts: Sequence[str]) -> str:
        """A ticket of high priority in which Security speaks with who locked it; its number."""
        who, desk = self._who, self._tickets.desk
        known = any(department.name == SECURITY for department in desk.departments)
        ticket, _ = self._tickets.open(
            self.own.message,
            who,
            department=SECURITY if known else desk.default.name,
            requester=Address("email", who.email, who.name),
            subject=f"Account locked by {who.name}",
        )
        ticket.priority = "High"
        said = [f"{who.name} ({who.email}) locked account {who.client_id}.", *facts]
        self.own.hand_over(ticket, self._tickets.add_own(ticket, "\n".join(said), kind="event"))
        return ticket.number

    def _void(self) -> tuple[int, int]:
        """How many questions and pages that were; the question whose answer this is, is used by its answer."""
        session, now = self._tickets.session, self._tickets.clock()
        questions = session.scalars(
            select(Dialog).where(
                Dialog.client_id == self._who.client_id,
                Dialog.kind.in_(_OPEN_QUESTIONS),
                Dialog.state == "pending",
                Dialog.subject_key != INTENT,
            )
        ).all()
        pages = session.scalars(
            select(OneTimeLink).where(OneTimeLink.client_id == self._who.client_id, OneTimeLink.used_at.is_(None))
        ).all()
        for question in questions:
            question.state = "superseded"
        for page in pages:
            page.used_at = now
        return len(questions), len(pages)

    @property
    def _tickets(self) -> Tickets:
        return self.own.tickets

    @property
    def _who(self) -> Principal:
        return self.own.who
