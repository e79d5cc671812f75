"""The page that asks how content somebody is: a visit says nothing, a button does, and may be pressed again for a week.

Its link is not used up: nothing is given there, and a second answer only changes the first.
"""

from __future__ import annotations

from sqlalchemy.orm.exc import StaleDataError

from bot.web.opening import Gone
from core import onetime, satisfaction
from core.errors import Unavailable
from core.messages import Address
from core.models import Rating, Ticket
from core.post import Post
from core.ratings import BAD, GOOD
from core.surroundings import Surroundings
from core.tickets import Tickets

KIND = satisfaction.KIND
SCORES = {"good": GOOD, "bad": BAD}


def vote(around: Surroundings, secret: str, score: int, comment: str) -> str:
    """Take a rating; the result is that of `satisfaction.rate`.

    Raises Gone, and Unavailable when the ticket was changed at the same moment.
    """
    try:
        with around.sessions.begin() as session:
            link = onetime.find(session, secret, around.clock())
            ticket = session.get(Ticket, int(link.about["ticket"])) if link is not None and link.kind == KIND else None
            rating = session.get(Rating, ticket.id) if ticket is not None else None
            if ticket is None or rating is None:
                raise Gone
            tickets = Tickets(session, around.desk, around.clock)
            post = Post(session, around.desk, around.tokens, around.composers, around.clock)
            words = comment.strip()[: satisfaction.LONGEST]
            before = rating.comment
            result = satisfaction.rate(tickets, post, ticket, score, words)
            if score == BAD and words and words != before and result != satisfaction.LATE:
                tickets.add_words(ticket, Address("email", rating.address), words)
            return result
    except StaleDataError as error:
        raise Unavailable("the ticket was changed at the same moment") from error
