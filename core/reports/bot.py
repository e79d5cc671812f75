"""What the desk answered by itself, and where it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from core import lessons, tickets
from core.models import Audit, Ticket
from core.reports.stories import BOT, CLIENT, STAFF, Period, Story, counted


@dataclass(frozen=True, slots=True)
class Bot:
    """Of the tickets that clients opened in the period: `alone`, `taken_over` and `people` add up to `tickets`."""

    tickets: int = 0
    alone: int = 0
    """Answered by the desk, and no person was needed until now."""
    taken_over: int = 0
    """Answered by the desk, and by a person after it or waiting for one."""
    people: int = 0
    """Not answered by the desk at all."""
    came_back: int = 0
    """Of those taken over: the client wrote again after the desk's answer, which so was not enough."""
    moved: int = 0
    """Moved by staff to another department than the desk had chosen, whoever answered."""

    @property
    def share(self) -> float:
        return self.alone / self.tickets if self.tickets else 0.0


def bot(session: Session, stories: Sequence[Story], period: Period, departments: Sequence[str] | None) -> Bot:
    opened = [story for story in stories if story.opened in period and not story.by_us]
    answered = [story for story in opened if story.spoke(BOT)]
    alone = [story for story in answered if not story.spoke(STAFF) and not _waits(story)]
    over = [story for story in answered if story.spoke(STAFF) or _waits(story)]
    return Bot(
        tickets=len(opened),
        alone=len(alone),
        taken_over=len(over),
        people=len(opened) - len(answered),
        came_back=sum(1 for story in over if _came_back(story)),
        moved=_moved(session, period, departments),
    )


def _waits(story: Story) -> bool:
    return story.status not in (tickets.ANSWERED, tickets.CLOSED)


def _came_back(story: Story) -> bool:
    """Did the client write after the desk, before any person did?"""
    spoken = [said.by for said in story.said]
    before_people = spoken[: spoken.index(STAFF)] if STAFF in spoken else spoken
    return BOT in before_people and CLIENT in before_people[before_people.index(BOT) :]


def _moved(session: Session, period: Period, departments: Sequence[str] | None) -> int:
    statement = (
        select(func.count(distinct(Audit.ticket_id)))
        .join(Ticket, Ticket.id == Audit.ticket_id)
        .where(Audit.action == lessons.MOVED, Ticket.created_at >= period.since, Ticket.created_at < period.until)
        .where(*counted(departments))
    )
    return session.scalar(statement) or 0
