"""Verbs that say what a ticket waits for. They come after what is said, for that may open a ticket again."""

from __future__ import annotations

from datetime import datetime

from core import tickets
from core.staff import when
from core.staff.grammar import Argument
from core.staff.verbs import Deed, Unusable, Work, verb

MOMENT = r"\d{1,4}\s*[mhdw]|\d{4}-\d{2}-\d{2}.*|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri"


@verb("close", words=("closed", "solved", "solve", "resolved", "resolve", "done"), last=True)
def close(work: Work, argument: str) -> Deed:
    """Close the ticket."""
    return lambda: _set(work, tickets.CLOSED)


@verb("open", words=("reopen",), last=True)
def open_again(work: Work, argument: str) -> Deed:
    """Open it again, or wake it."""

    def open_() -> None:
        work.ticket.spam = False  # A person works on it; what its sender writes next is for #notspam to say.
        _set(work, tickets.OPEN)

    return open_


@verb("hold", last=True)
def hold(work: Work, argument: str) -> Deed:
    """Put it on hold: it waits for somebody else, and its clocks stand."""
    return lambda: _set(work, tickets.ON_HOLD)


@verb("pending", Argument.OPTIONAL, words=("wait", "waiting"), shape=MOMENT, last=True)
def pending(work: Work, argument: str) -> Deed:
    """Wait for the client; with a day or time it opens again then: 3d, fri, 2026-12-01 09:00."""
    until = _moment(work, argument) if argument else None
    return lambda: _set(work, tickets.PENDING, until)


@verb("snooze", Argument.VALUE, words=("sleep",), shape=MOMENT, last=True)
def snooze(work: Work, argument: str) -> Deed:
    """Hide it until then, or until the client writes: 3d, fri, 2026-12-01 09:00."""
    until = _moment(work, argument)

    def sleep() -> None:
        if work.ticket.status == tickets.CLOSED:  # What is closed never wakes.
            work.step.tickets.set_status(work.ticket, tickets.OPEN, work.who)
        work.ticket.wakes_at = until
        work.step.tickets.audit(work.ticket, work.who, "ticket.snoozed", until=until.isoformat())

    return sleep


def _moment(work: Work, written: str) -> datetime:
    found = when.moment(written, work.step.around.clock(), work.step.desk.time_zone)
    if found is None:
        raise Unusable("no_moment", written=written)
    return found


def _set(work: Work, status: str, until: datetime | None = None) -> None:
    work.step.tickets.set_status(work.ticket, status, work.who)
    work.ticket.wakes_at = until
