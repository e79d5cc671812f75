"""How content clients are: asked once, some time after a ticket that a person answered was closed.

One word by mail, a button in a chat, or a page with two buttons says it; a comment is kept with it. A bad one alerts
the leads and stands on the ticket, which stays closed: who wants it open again says more than a word.

The row of a rating has the ticket's own key and is committed with the question, so that a ticket is asked about once,
and a note of who was asked lately lets only one of two questions to one client through.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from core import colleagues, dialogs
from core.life import AT_ONCE, Round
from core.messages import EMAIL, Address, place_of, say
from core.models import Dialog, Participant, Rating, SentNotice, Ticket, TicketMessage
from core.onetime import Links
from core.people import Principal, StaffMember
from core.post import Post
from core.ratings import BAD, GOOD
from core.redaction import without_secrets
from core.schedule import Hours
from core.surroundings import Surroundings
from core.tickets import CLOSED, Tickets

log = logging.getLogger("helpdesk.satisfaction")

KIND = "rating"
"""Of the question and of its page; of the letter it is `LETTER`."""
LETTER = "satisfaction"
ANSWERABLE = timedelta(days=30)
CHANGEABLE = timedelta(days=7)
"""After the first answer."""
LATEST = timedelta(days=3)
"""What was closed longer ago on top is not asked about: switched on today, nobody is asked of last year."""
LONGEST = 2000
"""Characters of a comment."""
RATED, CHANGED, SAME, LATE = "rated", "changed", "same", "late"
_WORDS = {BAD: "bad", GOOD: "good"}


@dataclass(frozen=True, slots=True)
class Rules:
    enabled: bool = False
    delay: timedelta = timedelta(hours=24)
    not_again: timedelta = timedelta(days=30)
    hours: Hours = Hours()


def ask(around: Surroundings, rules: Rules) -> int:
    """Put the questions that are due; how many letters that were."""
    now = around.clock()
    if not rules.enabled or not rules.hours.open(now.astimezone(around.desk.time_zone)):
        return 0
    due = _due(now, rules)
    with around.sessions() as session:
        ids = session.scalars(due.with_only_columns(Ticket.id).order_by(Ticket.closed_at).limit(AT_ONCE)).all()
    return sum(_ask(around, due.where(Ticket.id == ticket_id), now, rules) for ticket_id in ids)


def _due(now: datetime, rules: Rules) -> Select[Ticket, Participant]:
    """Tickets and who asked on them; whoever was asked lately is left out here, so that they do not fill the round."""
    by_staff = exists().where(
        TicketMessage.ticket_id == Ticket.id, TicketMessage.kind == "public", TicketMessage.by_staff
    )
    lately = exists().where(
        SentNotice.at > now - rules.not_again,
        or_(
            and_(Ticket.client_id != "", SentNotice.key == literal(f"{KIND}/").concat(Ticket.client_id)),
            and_(SentNotice.key == KIND, SentNotice.address == Participant.address),
        ),
    )
    return (
        select(Ticket, Participant)
        .join(Participant, and_(Participant.ticket_id == Ticket.id, Participant.role == "requester"))
        .where(
            Ticket.status == CLOSED,
            Ticket.closed_at <= now - rules.delay,
            Ticket.closed_at > now - rules.delay - LATEST,
            Ticket.spam.is_(False),
            Ticket.flooded.is_(False),
            Ticket.merged_into.is_(None),
            by_staff,
            ~lately,
            ~exists().where(Rating.ticket_id == Ticket.id),
        )
    )


def _ask(around: Surroundings, due: Select[Ticket, Participant], now: datetime, rules: Rules) -> int:
    try:
        with around.sessions() as session:
            row = session.execute(due).first()
            if row is None:
                return 0
            one = Round(around, session)
            ticket, person = row
            if not one.reaches(person) or not _not_lately(one, ticket, person, now - rules.not_again):
                return 0
            session.add(Rating(ticket_id=ticket.id, address=person.address, asked_at=now, score=None, comment=""))
            _put(one, ticket, person)
            session.commit()
    except (IntegrityError, StaleDataError):
        return 0  # Another process was faster, or the ticket was opened again.
    except Exception:
        log.exception("a client could not be asked; trying again")
        return 0
    return 1


def _not_lately(one: Round, ticket: Ticket, person: Participant, since: datetime) -> bool:
    """Note that this client is asked now; False when another question of the same moment was faster."""
    key, address = (f"{KIND}/{ticket.client_id}", "") if ticket.client_id else (KIND, person.address)
    now, before = one.around.clock(), one.session.get(SentNotice, (key, address))
    if before is None:
        one.session.add(SentNotice(key=key, address=address, client_id=ticket.client_id, at=now))
        return True
    taken = one.session.execute(
        update(SentNotice).where(SentNotice.key == key, SentNotice.address == address, SentNotice.at <= since),
        {"at": now},
        execution_options={"synchronize_session": False},
    )
    return bool(getattr(taken, "rowcount", 0))


def _put(one: Round, ticket: Ticket, person: Participant) -> None:
    now, chat = one.around.clock(), Address(person.channel, person.address)
    dialog = dialogs.ask(
        one.session,
        kind=KIND,
        subject_key=f"{KIND}/{ticket.id}",
        client_id=ticket.client_id,
        address=person.address,
        arrival_id=0,
        ticket_id=ticket.id,
        now=now,
        lifetime=ANSWERABLE,
        place="" if person.channel == EMAIL else place_of(chat),
    )
    one.post.to_participant(
        ticket,
        person,
        (say("satisfaction_question", ticket=ticket, page=_page(one, ticket, person)),),
        kind=LETTER,
        automatic=True,
        language=ticket.language,
        in_reply_to=one.tickets.last_message_id(ticket, person.address),
        reply_token=dialogs.reply_token(dialog),
    )
    one.tickets.add_own(ticket, f"{person.address} was asked how content they are.", kind="event")


def _page(one: Round, ticket: Ticket, person: Participant) -> str:
    """The address of the page, "" where there is none: a chat has buttons."""
    if person.channel != EMAIL or not one.around.desk.url:
        return ""
    who = Principal(person.name, ticket.client_id, ticket.contact_id)
    links = Links(one.session, who, one.around.clock, one.around.desk.url, frozenset((KIND,)))
    about = {"ticket": str(ticket.id), "number": ticket.number, "language": ticket.language}
    return links.to(KIND, ANSWERABLE, **about)


def rate(tickets: Tickets, post: Post, ticket: Ticket, score: int, comment: str) -> str:
    """Keep what they said, and alert whoever has to know; the comment of a bad one is put on the ticket by the caller.

    Returns RATED, CHANGED, SAME, or LATE when it does not count any more.
    """
    rating, now = tickets.session.get(Rating, ticket.id), tickets.clock()
    if rating is None or not _open(rating, now):
        return LATE
    before, comment = rating.score, without_secrets(comment).strip()[:LONGEST]
    rating.score, rating.rated_at = score, rating.rated_at or now
    rating.comment = comment or rating.comment
    if before != score:
        tickets.add_own(ticket, f"{rating.address} rated the ticket: {_WORDS[score]}.", kind="event")
        tickets.audit(ticket, rating.address, "ticket.rated", was=before, now=score)
    if score == BAD and (before != BAD or comment):
        _alert(tickets, post, ticket, comment)
    return RATED if before is None else SAME if before == score else CHANGED


def _open(rating: Rating, now: datetime) -> bool:
    if rating.rated_at is not None:
        return now - rating.rated_at <= CHANGEABLE
    return now - rating.asked_at <= ANSWERABLE


def _alert(tickets: Tickets, post: Post, ticket: Ticket, comment: str) -> None:
    """The leads; with a comment, whoever worked on it as well."""
    desk, now, session = tickets.desk, tickets.clock(), tickets.session
    told: dict[str, StaffMember] = {}
    working = colleagues.at_work(session, desk, ticket, now) if comment else []
    for member in (*colleagues.leads(session, desk, ticket.department, now), *working):
        told.setdefault(member.email, member)
    assignee = desk.staff_member(ticket.assignee) if ticket.assignee else None
    name = assignee.name if assignee is not None else ticket.assignee
    reply = say("satisfaction_low", ticket=ticket, comment=comment, assignee=name, department=ticket.department)
    for member in told.values():
        person = tickets.participant(ticket, Address(EMAIL, member.email, member.name), "staff")
        post.to_staff(ticket, person, (reply,), kind="notification", may_wait=True)


def asked_about(tickets: Tickets, dialog: Dialog) -> Ticket | None:
    """The ticket of a question, or the one that it was merged into since."""
    ticket = tickets.session.get(Ticket, dialog.ticket_id)
    return tickets.numbered(ticket.number) if ticket is not None else None
