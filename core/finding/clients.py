"""What clients are called and own, kept beside the tickets so that these are found by it.

The billing system is asked little by little, for those who have tickets, and again after a while: it may be far away.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.errors import Rejected, Unavailable, Unsupported
from core.ids import new_id
from core.models import Ticket
from core.models.finding import ClientWords
from core.surroundings import Surroundings

log = logging.getLogger("helpdesk.find")

KNOWN_FOR = timedelta(days=1)
PASSED = 500
"""Clients that a round goes by."""
ASKED = 50
"""Clients that a round asks the billing system about."""


@dataclass(slots=True)
class ClientBook:
    """Rung by the clock. `last` is where the round stands; a restart begins anew."""

    last: str = ""

    def ring(self, around: Surroundings) -> int:
        """Go on with the round; writes no letter, so it returns 0."""
        wanting = self._wanting(around)
        for client_id in wanting[:ASKED]:
            try:
                _note(around, client_id)
            except Unavailable as problem:
                log.warning("what clients are found by waits: %s", problem)
                return 0
        if len(wanting) > ASKED:
            self.last = wanting[ASKED - 1]
        return 0

    def _wanting(self, around: Surroundings) -> list[str]:
        """Of the next clients with tickets, those not asked about for a while."""
        fresh = around.clock() - KNOWN_FOR
        statement = select(Ticket.client_id).where(Ticket.client_id > self.last).distinct()
        with around.sessions() as session:
            passed = list(session.scalars(statement.order_by(Ticket.client_id).limit(PASSED)))
            known = select(ClientWords.client_id).where(
                ClientWords.client_id.in_(passed), ClientWords.looked_at >= fresh
            )
            known_ids = set(session.scalars(known))
        self.last = passed[-1] if len(passed) == PASSED else ""
        return [client_id for client_id in passed if client_id not in known_ids]


def _note(around: Surroundings, client_id: str) -> None:
    words = _words(around, client_id)
    with around.sessions() as session:
        row = session.scalar(select(ClientWords).where(ClientWords.client_id == client_id))
        if row is None:
            row = ClientWords(id=new_id(), client_id=client_id)
            session.add(row)
        if row.words != words:
            row.words = words
        row.looked_at = around.clock()
        try:
            session.commit()
        except IntegrityError:
            return  # Another process was faster.


def _words(around: Surroundings, client_id: str) -> str:
    """ "" for an account that the billing system does not know any more, or tells nothing of."""
    billing = around.billing
    try:
        client = billing.client(client_id)
        names = [client.name, client.company, client.email]
        names += [f"{contact.name} {contact.email}" for contact in billing.contacts(client_id)]
        return "\n".join([*names, *(domain.name for domain in billing.domains(client_id))])
    except (Rejected, Unsupported):
        return ""
