"""Verbs that look over the whole desk, as far as its asker works there: tickets by words, and figures."""

from __future__ import annotations

import re
from datetime import timedelta

from core.finding import tickets as finding
from core.messages import say
from core.reports.stories import Period
from core.reports.whole import departments_of, report
from core.staff.grammar import Argument
from core.staff.verbs import Answer, Deed, Work, verb

DAYS, MOST_DAYS = 7, 366


@verb("find", Argument.VALUE, words=("search",), asks=True)
def find(work: Work, argument: str) -> Deed:
    """Mail me the tickets with this: words, "a phrase", from:alice, tag:refund, or open mine, unassigned, closed."""
    return lambda: work.answers.append(_found(work, argument))


def _found(work: Work, written: str) -> Answer:
    step = work.step
    found = finding.find(step.session, step.desk, work.member, written, step.around.clock())
    return Answer(say("staff_found", found=found, written=written))


@verb("stats", Argument.OPTIONAL, words=("figures",), asks=True)
def stats(work: Work, argument: str) -> Deed:
    """Mail me the figures of my departments: of the last 7 days, or of as many as I say (#stats 30)."""
    return lambda: work.answers.append(_figures(work, argument))


def _figures(work: Work, written: str) -> Answer:
    """A number that cannot be read is 7: it is only a look."""
    number = re.search(r"\d{1,3}", written)
    days = min(MOST_DAYS, max(1, int(number[0]))) if number else DAYS
    now, desk = work.step.around.clock(), work.step.desk
    departments = departments_of(desk, work.member)
    period = Period(now - timedelta(days=days), now, desk.time_zone)
    figures = report(work.step.session, desk, period, departments)
    return Answer(say("staff_stats", report=figures, days=days, departments=departments))
